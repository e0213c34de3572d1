using System.Diagnostics;
using System.Text.Json;
using CourtOps.Host;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Settings;

/// <summary>A draft put to real decisions says what really happens when the same inputs come again after the change.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DryRunTests(Engine engine) : AppTests(engine)
{
    protected override void Prepare(TestAppOptions options) => options.Modules = [.. CourtOpsApp.Modules, new SampleCapability()];

    [Test]
    public async Task A_decision_is_recorded_with_setting_version_and_row()
    {
        var court = await Court("吉2424");
        await Decide(court, new SampleFacts { Amount = 1 });
        await Put(court, "is:civil . → simple 60;. . → ordinary 100");
        await Decide(court, new SampleFacts { Kind = "criminal" }, 77);
        var rows = await App.Rows<Row>(
            "SELECT settings_version, setting_key, rule_fired, case_id, court_id, outcome FROM kernel_decision WHERE name = 'sample.track' ORDER BY id"
        );
        Assert.That(
            rows.Select(r => $"{r.SettingsVersion} {r.SettingKey} {r.RuleFired} {r.CaseId} {r.CourtId == court} {r.Outcome}"),
            Is.EqualTo(
                new[]
                {
                    "default sample.track 1  True {\"track\":\"simple\",\"days\":90}",
                    $"{court}:1 sample.track 2 77 True {{\"track\":\"ordinary\",\"days\":100}}",
                }
            )
        );
    }

    [Test]
    public async Task A_dry_run_equals_what_happens_when_the_same_inputs_come_again([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var (court, other, middle) = (await Court("吉2424"), await Court("吉2401"), await Court("吉24"));
        var facts = Enumerable
            .Range(0, 60)
            .Select(_ =>
                (
                    Court: random.Next(3) == 0 ? other : court,
                    Facts: new SampleFacts { Kind = random.Next(2) == 0 ? "civil" : "criminal", Amount = random.Next(12) }
                )
            )
            .ToList();
        foreach (var (at, fact) in facts)
            await Decide(at, fact);
        var draft = $"is:civil le:{random.Next(1, 6)} → simple 60;. ge:{random.Next(6, 11)} → ordinary 200;. . → simple 50";
        var run = await Run(middle, TableCheckTests.Rows(draft));
        var figures = run.ReadFigures();
        var changes = await App.In(s => s.GetRequiredService<DryRuns>().ChangesAsync(run.Id, null, 0, 500, default));

        await Put(middle, draft);
        var again = new List<(string Was, string Will, long Court)>();
        var before = await Outcomes();
        foreach (var (at, fact) in facts)
            await Decide(at, fact);
        var after = await Outcomes();
        again.AddRange(before.Zip(after.Skip(before.Count)).Select((p, i) => (p.First, p.Second, facts[i].Court)));

        Assert.That((run.State, run.Total, run.DoneCount), Is.EqualTo(("done", 60, 60)));
        Assert.That(run.ChangedCount, Is.EqualTo(again.Count(a => a.Was != a.Will)));
        Assert.That(
            figures.Before.OrderBy(p => p.Key),
            Is.EqualTo(again.GroupBy(a => Group(a.Was)).ToDictionary(g => g.Key, g => g.Count()).OrderBy(p => p.Key))
        );
        Assert.That(
            figures.After.OrderBy(p => p.Key),
            Is.EqualTo(again.GroupBy(a => Group(a.Will)).ToDictionary(g => g.Key, g => g.Count()).OrderBy(p => p.Key))
        );
        foreach (var at in new[] { court, other })
            Assert.That(
                figures.Courts[at],
                Is.EqualTo(new DryRunFigures.Court(again.Count(a => a.Court == at), again.Count(a => a.Court == at && a.Was != a.Will)))
            );
        Assert.That(figures.MeasuresAfter[0], Is.EqualTo(again.Sum(a => JsonSerializer.Deserialize<SampleOutcome>(a.Will, Json.Stored)!.Days)));
        Assert.That(
            changes.Select(c => c.AfterGroup),
            Is.EqualTo(
                facts
                    .Select((f, i) => (f.Court, again[i]))
                    .OrderBy(x => Place(x.Court))
                    .Where(x => x.Item2.Was != x.Item2.Will)
                    .Select(x => Group(x.Item2.Will))
            )
        );
        Assert.That(figures.Otherwise, Is.Zero);

        int Place(long id) => run.ReadPlan().Courts.ToList().FindIndex(c => c.CourtId == id);
    }

    [Test]
    public async Task A_court_with_a_value_of_its_own_is_left_out_and_both_explanations_are_there()
    {
        var (court, other, middle) = (await Court("吉2424"), await Court("吉2401"), await Court("吉24"));
        await Put(other, ". . → simple 9");
        await Decide(court, new SampleFacts { Amount = 3 });
        await Decide(other, new SampleFacts { Amount = 3 });
        var run = await Run(middle, TableCheckTests.Rows(". . → ordinary 77"));
        Assert.That((run.Total, run.ChangedCount, run.ReadPlan().Apart), Is.EqualTo((1, 1, 1)));
        var (before, after) = await App.In(async s =>
            s.GetRequiredService<DryRuns>()
                .Explain(
                    run,
                    run.ReadPlan(),
                    (await s.GetRequiredService<DryRuns>().ChangesAsync(run.Id, court, 0, 10, default)).Single(),
                    s.GetRequiredService<Texts>()
                )
        );
        Assert.That(
            (before, after),
            Is.EqualTo(("第 1 行：案件类型 民事，标的额 0.03 → 程序 简易，办理天数 90", "第 1 行：案件类型 民事，标的额 0.03 → 程序 普通，办理天数 77"))
        );
        Assert.That(await App.As("leader").In(s => s.GetRequiredService<DryRuns>().FindAsync(run.Id, default)), Is.Null, "another person's");
    }

    [Test]
    public async Task A_table_with_a_hole_is_not_tried()
    {
        var court = await Court("吉2424");
        Assert.That(async () => await Run(court, TableCheckTests.Rows("is:civil . → simple 60")), Throws.TypeOf<FluentValidation.ValidationException>());
    }

    [Test]
    public async Task A_hundred_thousand_decisions_take_less_than_half_a_minute()
    {
        var court = await Court("吉2424");
        var outcome = JsonSerializer.Serialize(new SampleOutcome { Track = "simple", Days = 90 }, Json.Stored);
        await App.In(async s =>
        {
            var (db, ids) = (s.GetRequiredService<Db>(), s.GetRequiredService<Ids>());
            await db.BeginAsync();
            for (var chunk = 0; chunk < 100; chunk++)
                await db.ExecuteManyAsync(
                    "INSERT INTO kernel_decision (id, name, settings_version, input, outcome, rule_fired, case_id, at, court_id, setting_key) VALUES "
                        + "(@id, 'sample.track', 'default', @input, @outcome, '1', NULL, @at, @court, 'sample.track')",
                    [
                        .. Enumerable
                            .Range(0, 1000)
                            .Select(i =>
                                (object)
                                    new
                                    {
                                        id = ids.Next(),
                                        input = JsonSerializer.Serialize(new SampleFacts { Amount = i * 10_000 }, Json.Stored),
                                        outcome,
                                        at = App.Clock.GetUtcNow(),
                                        court,
                                    }
                            ),
                    ]
                );
            await db.CommitAsync();
        });
        App.Advance(TimeSpan.FromMinutes(5));
        var began = Stopwatch.GetTimestamp();
        var run = await Run(court, TableCheckTests.Rows("is:civil le:3000000 → simple 60;. . → ordinary 180"));
        var took = Stopwatch.GetElapsedTime(began);
        TestContext.Out.WriteLine($"100,000 decisions in {took.TotalSeconds:0.0} s");
        Assert.That((run.State, run.DoneCount, run.ChangedCount), Is.EqualTo(("done", 100_000, 50_100)));
        Assert.That((await App.Rows<int>("SELECT n FROM kernel_dry_run_change")).Count, Is.EqualTo(DryRuns.Listed));
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    private static string Group(string outcome)
    {
        var o = JsonSerializer.Deserialize<SampleOutcome>(outcome, Json.Stored)!;
        return $"{(o.Track == "simple" ? "简易" : "普通")}，{o.Days}";
    }

    private async Task<long> Court(string code) => await App.Value<long>("SELECT id FROM workzone_court WHERE code = @code", new { code });

    private async Task<IReadOnlyList<string>> Outcomes() =>
        await App.Rows<string>("SELECT outcome FROM kernel_decision WHERE name = 'sample.track' ORDER BY id");

    private Task Decide(long court, SampleFacts facts, long? caseId = null) =>
        App.In(async s =>
        {
            var db = s.GetRequiredService<Db>();
            await db.BeginAsync();
            await s.GetRequiredService<Decisions>().DecideAsync<SampleOutcome>("sample.track", facts, court, caseId);
            await db.CommitAsync();
        });

    private async Task<DryRun> Run(long court, TableBody draft)
    {
        App.As("sysadmin");
        var id = await App.In(async s =>
        {
            var db = s.GetRequiredService<Db>();
            await db.BeginAsync();
            var began = await s.GetRequiredService<DryRuns>()
                .BeginAsync(s.GetRequiredService<SettingCatalogue>().Decision("sample.track"), court, draft, 90, default);
            await db.CommitAsync();
            return began;
        });
        await App.DrainAsync();
        return (await App.In(s => s.GetRequiredService<DryRuns>().FindAsync(id, default)))!;
    }

    private async Task Put(long court, string rows)
    {
        foreach (
            var (person, work) in new (string, Func<SettingBook, Task>)[]
            {
                ("sysadmin", b => b.SaveAsync(new SettingChange(SampleCapability.Table, court, TableCheckTests.Rows(rows), null, "试", 0), default)),
                ("leader", async b => await b.DecideAsync((await b.HistoryAsync(SampleCapability.Track, court, default))[0], true, "", default)),
            }
        )
        {
            App.As(person);
            await App.In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await work(s.GetRequiredService<SettingBook>());
                await db.CommitAsync();
            });
        }
    }

    private sealed record Row
    {
        public string SettingsVersion { get; init; } = "";
        public string? SettingKey { get; init; }
        public string RuleFired { get; init; } = "";
        public long? CaseId { get; init; }
        public long CourtId { get; init; }
        public string Outcome { get; init; } = "";
    }
}
