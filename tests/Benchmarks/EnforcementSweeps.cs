using System.Diagnostics;
using System.Globalization;
using System.Text;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Jobs;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Network;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using MediatR;

namespace CourtOps.Benchmarks;

/// <summary>The daily sweep over measures at equal due: what exists beside it must not count; how long a writer waits meanwhile; answers of the network
/// inquiry a second.</summary>
internal static class EnforcementSweeps
{
    private const int Due = 200;

    public static async Task<bool> RunAsync(bool full)
    {
        var (small, large) = full ? (100_000, 1_000_000) : (10_000, 100_000);
        await using var host = await BenchHost.StartAsync();
        await host.SeedAsync(10 * Due, 0);
        var cases = await host.AsSystemAsync(s =>
            s.GetRequiredService<Db>()
                .QueryAsync<Seeded>(
                    "SELECT p.case_id, c.court_id, MIN(p.id) AS party_id, MIN(p.name) AS name FROM workzone_party p JOIN workzone_case_card c ON c.id "
                        + "= p.case_id WHERE p.role = '被告' GROUP BY p.case_id, c.court_id ORDER BY p.case_id",
                    null,
                    default
                )
        );
        if (cases.Count < 8 * Due)
            throw new InvalidOperationException($"{cases.Count} cases with a defendant were seeded.");

        await FillAsync(host, 0, small, []);
        await FillAsync(host, 10_000_000, 0, [.. cases.Take(Due)]);
        await SweepAsync(host); // compiled, indexes in memory
        var few = await LeastAsync(host, 20_000_000, cases, 1);
        await FillAsync(host, 30_000_000, large - small, []);
        var many = await LeastAsync(host, 40_000_000, cases, 4);
        Measure.Head();
        var ratio = many.Cpu / few.Cpu;
        var ok = Measure.Row(
            $"daily sweep, {Due} due of {large:N0} measures against {small:N0} (CPU)",
            $"{ratio:0.00}× ({many.Cpu:0} ms, {few.Cpu:0} ms; {many.Seconds:0.00} s, {few.Seconds:0.00} s)",
            "≤ 1.5×",
            ratio <= 1.5
        );
        ok = Measure.Row("longest wait of another writer during it", $"{many.Wait:0} ms (alone {many.Alone:0} ms)", "≤ 200 ms", many.Wait <= 200) && ok;
        await FeedbackAsync(host, 6, [.. cases.Skip(7 * Due).Take(Due / 10)]); // compiled
        var (perSecond, byClock) = await FeedbackAsync(host, 7, [.. cases.Skip(7 * Due).Skip(Due / 10).Take(Due - (Due / 10))]);
        ok =
            Measure.Row(
                "answers of the network inquiry taken in",
                $"{perSecond:0} items a second of CPU ({byClock:0} by the clock)",
                "≥ 2,000/s",
                perSecond >= 2000
            ) && ok;
        var check = await CheckAsync(host, [.. cases.Skip(7 * Due).Take(Due)]);
        return Measure.Row("one check of a case on a change (CPU)", $"{check:0.00} ms", "≤ 20 ms", check <= 20) && ok;
    }

    // what each change of a watched case costs: its facts are read and the eight checks run; the mean over the cases, once compiled
    private static Task<double> CheckAsync(BenchHost host, IReadOnlyList<Seeded> cases) =>
        host.AsSystemAsync(async s =>
        {
            var (db, lookout) = (s.GetRequiredService<Db>(), s.GetRequiredService<Lookout>());
            await db.BeginAsync();
            foreach (var c in cases)
                await db.ExecuteAsync(
                    "INSERT INTO enforcement_case (case_id, court_id, created_at) SELECT @CaseId, @CourtId, @now WHERE NOT EXISTS (SELECT 1 FROM "
                        + "enforcement_case WHERE case_id = @CaseId)",
                    new
                    {
                        c.CaseId,
                        c.CourtId,
                        now = DateTimeOffset.UtcNow,
                    },
                    default
                );
            foreach (var c in cases)
                await lookout.LookAsync(c.CaseId, default);
            var cpu = Environment.CpuUsage.TotalTime;
            foreach (var c in cases)
                await lookout.LookAsync(c.CaseId, default);
            var used = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds;
            await db.CommitAsync();
            return used / cases.Count;
        });

    // three rounds with as much due: the least processor time, what else a process does between is not in it; the longest wait of all
    private static async Task<(double Cpu, double Seconds, double Wait, double Alone)> LeastAsync(
        BenchHost host,
        long from,
        IReadOnlyList<Seeded> cases,
        int skip
    )
    {
        var rounds = new List<(double Cpu, double Seconds, double Wait, double Alone)>();
        for (var n = 0; n < 3; n++)
        {
            await FillAsync(host, from + (n * 1_000_000L), 0, [.. cases.Skip((skip + n) * Due).Take(Due)]);
            GC.Collect();
            await Task.Delay(1000); // real time: collecting and compiling of what filled the tables end first
            rounds.Add(await SweepAsync(host));
        }
        return rounds.MinBy(r => r.Cpu) with { Wait = rounds.Max(r => r.Wait) };
    }

    // measures of an asset each: those of seeded cases are due today, the others in a year
    private static Task<bool> FillAsync(BenchHost host, long from, int others, IReadOnlyList<Seeded> due) =>
        host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            var today = s.GetRequiredService<MeasureWork>().Today;
            var rows = Enumerable
                .Range(0, others)
                .Select(i =>
                    (
                        Case: 1_000_000_000L + (i / 10),
                        Court: due.Count > 0 ? due[0].CourtId : 1L,
                        Party: 1L,
                        Name: "某甲",
                        End: today.AddDays(400),
                        Next: today.AddDays(340 + (i % 60))
                    )
                )
                .Concat(due.Select(c => (Case: c.CaseId, Court: c.CourtId, Party: c.PartyId, Name: c.Name, End: today.AddDays(60), Next: today)));
            var n = from;
            foreach (var chunk in rows.Chunk(5000))
            {
                await db.BeginAsync();
                var things = chunk
                    .Select(r =>
                        (object)
                            new
                            {
                                id = 5_000_000_000 + ++n,
                                r.Case,
                                r.Court,
                                r.Party,
                                r.Name,
                                key = $"bank:{n}",
                                r.End,
                                r.Next,
                                today,
                                start = r.End.AddYears(-1),
                                tier = "D-60",
                                now = DateTimeOffset.UtcNow,
                            }
                    )
                    .ToList();
                await db.ExecuteManyAsync(
                    """
                    INSERT INTO enforcement_asset (id, case_id, court_id, party_id, party_name, category, kind, name, identity_key, holder, value, source,
                        found_on, part, state, next_date, created_by, created_at, version)
                    VALUES (@id, @Case, @Court, @Party, @Name, 'bank', 'deposit', @key, @key, '', 100000, 'network', @today, '', 'controlled', @Next, 1, @now,
                        1)
                    """,
                    things
                );
                await db.ExecuteManyAsync(
                    """
                    INSERT INTO enforcement_measure (id, case_id, court_id, asset_id, party_id, identity_key, kind, act, basis, state, place, amount, authority,
                        paper, start_on, end_on, computed_end, round, next_date, next_tier, created_by, created_at, version)
                    VALUES (@id, @Case, @Court, @id, @Party, @key, 'deposit', 'freeze', 'enforcement', 'active', 1, 100000, '', '', @start, @End, @End, 1,
                        @Next, @tier, 1, @now, 1)
                    """,
                    things
                );
                await db.CommitAsync();
            }
            return true;
        });

    private static async Task<(double Cpu, double Seconds, double Wait, double Alone)> SweepAsync(BenchHost host)
    {
        var alone = await WriteAsync(host);
        for (var i = 0; i < 20; i++)
            alone = Math.Max(alone, await WriteAsync(host));
        using var stop = new CancellationTokenSource();
        var wait = 0.0;
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        var writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                wait = Math.Max(wait, await WriteAsync(host));
                await Task.Delay(50);
            }
        });
        await host.AsSystemAsync(async s =>
        {
            await s.GetRequiredService<Sweep>().RunAsync(default);
            return true;
        });
        watch.Stop();
        var used = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds;
        await stop.CancelAsync();
        await writer;
        return (used, watch.Elapsed.TotalSeconds, wait, alone);
    }

    // the shortest change there is: what it takes is what it waited
    private static Task<double> WriteAsync(BenchHost host) =>
        host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            var watch = Stopwatch.StartNew();
            await db.BeginAsync();
            await db.ExecuteAsync("UPDATE enforcement_vehicle SET seats = seats WHERE id = 0", null, default);
            await db.CommitAsync();
            return watch.Elapsed.TotalMilliseconds;
        });

    private static async Task<(double Cpu, double Clock)> FeedbackAsync(BenchHost host, long batch, IReadOnlyList<Seeded> cases)
    {
        var text = new StringBuilder();
        var count = 0;
        await host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            await db.BeginAsync();
            await db.ExecuteAsync(
                "INSERT INTO enforcement_batch (id, court_id, channel, state, items, answered, made_by, made_at, round, polls, version) VALUES (@batch, "
                    + "@court, 'file', 'made', @items, 0, 'bench', @now, 1, 0, 1)",
                new
                {
                    court = cases[0].CourtId,
                    items = cases.Count * Property.Asked.Count,
                    batch,
                    now = DateTimeOffset.UtcNow,
                },
                default
            );
            var items = new List<object>();
            foreach (var c in cases)
            foreach (var category in Property.Asked.Keys)
            {
                var reference = string.Create(CultureInfo.InvariantCulture, $"{batch}-{++count}");
                items.Add(
                    new
                    {
                        reference,
                        batch,
                        c.CaseId,
                        c.PartyId,
                        c.Name,
                        category,
                    }
                );
                text.Append(
                        CultureInfo.InvariantCulture,
                        $$"""{"ref":"{{reference}}","name":"{{c.Name}}","result":"{{(count % 4 == 0 ? "found" : "none")}}"{{(count % 4 == 0 ? $",\"items\":[{{\"description\":\"6222{count:00000000}\",\"holder\":\"测试银行\",\"value\":{count}}}]" : "")}}}"""
                    )
                    .Append('\n');
            }
            await db.ExecuteManyAsync(
                "INSERT INTO enforcement_batch_item (reference, batch_id, case_id, party_id, party_name, id_tail, category, found, failures, note) "
                    + "VALUES (@reference, @batch, @CaseId, @PartyId, @Name, '', @category, 0, 0, '')",
                items
            );
            await db.CommitAsync();
            return true;
        });
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var taken = await host.AsSystemAsync(s => s.GetRequiredService<IMediator>().Send(new TakeFeedback { Text = text.ToString() }));
        watch.Stop();
        var used = Environment.CpuUsage.TotalTime - cpu;
        if (taken.Count != count || taken.Any(t => t.Outcome is not ("taken" or "none")))
            throw new InvalidOperationException(
                $"{taken.Count(t => t.Outcome is "taken" or "none")} of {count} answers were taken: {taken.First(t => t.Outcome is not ("taken" or "none"))}"
            );
        return (count / used.TotalSeconds, count / watch.Elapsed.TotalSeconds);
    }

    private sealed record Seeded
    {
        public long CaseId { get; init; }
        public long CourtId { get; init; }
        public long PartyId { get; init; }
        public string Name { get; init; } = "";
    }
}
