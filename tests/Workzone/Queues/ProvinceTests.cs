using CourtOps.Kernel.Data;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Seeding;
using CourtOps.Workzone.Trails;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Queues;

/// <summary>The leader and the auditor of many courts: what a plain reckoning over all of them gives, in a handful of statements.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ProvinceTests(Engine engine) : AppTests(engine)
{
    private sealed record Plain
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
        public string State { get; init; } = "";
        public DateTimeOffset DueAt { get; init; }
        public DateTimeOffset AskedAt { get; init; }
        public long? AssigneeId { get; init; }
        public bool Escalated { get; init; }
    }

    // more walks than one statement takes: 124 courts, 620 with the centres
    private const int More = 120;

    private async Task<IReadOnlyList<Plain>> Seed()
    {
        await App.As(null).In(s => s.GetRequiredService<ISeeder>().FillAsync(60, 800, 5, _ => { }, default));
        await App.Send(
            new SavePerson
            {
                Login = "leader-jl",
                Name = "省院领导",
                Court = "吉",
                Roles = [Roles.Leader],
                Password = TestApp.Password,
            }
        );
        await App.Send(
            new SavePerson
            {
                Login = "auditor-jl",
                Name = "省院审计",
                Court = "吉",
                Roles = [Roles.Auditor],
                Password = TestApp.Password,
            }
        );
        await App.In(async s =>
        {
            var db = s.GetRequiredService<Db>();
            await db.BeginAsync();
            var above = await db.ScalarAsync<long>("SELECT id FROM workzone_court WHERE code = '吉24'");
            for (var i = 0; i < More; i++)
                await db.ExecuteAsync(
                    "INSERT INTO workzone_court (id, code, name, level, parent_id, version) VALUES (@id, @code, @code, 'basic', @above, 1)",
                    new
                    {
                        id = 1000 + i,
                        code = $"吉24x{i:000}",
                        above,
                    }
                );
            // a court of nobody, so that the auditor's courts are not all there are
            await db.ExecuteAsync("INSERT INTO workzone_court (id, code, name, level, parent_id, version) VALUES (999, '辽', '辽', 'high', NULL, 1)");
            await db.ExecuteAsync(
                "UPDATE workzone_role_grant SET reach = 'below' WHERE person_id = (SELECT id FROM workzone_person WHERE login = 'leader-jl')"
            );
            var n = 0;
            foreach (var id in await db.QueryAsync<long>("SELECT id FROM workzone_order ORDER BY id"))
                await db.ExecuteAsync(
                    "UPDATE workzone_order SET court_id = @court, centre = @centre, state = CASE WHEN is_open = 1 AND @n % 7 = 0 THEN 'review' ELSE "
                        + "state END, escalated = CASE WHEN @n % 11 = 0 THEN is_open ELSE 0 END WHERE id = @id",
                    new
                    {
                        id,
                        n,
                        court = 1000 + (++n % More),
                        centre = Centres.Labels.Keys.ElementAt(n % 5),
                    }
                );
            foreach (var id in await db.QueryAsync<long>("SELECT id FROM workzone_case ORDER BY id"))
                await db.ExecuteAsync("UPDATE workzone_case SET court_id = @court WHERE id = @id", new { id, court = 1000 + (++n % More) });
            await db.CommitAsync();
            s.GetRequiredService<PersonCache>().DropAll();
        });
        return await App.Rows<Plain>("SELECT id, court_id, state, due_at, asked_at, assignee_id, escalated FROM workzone_order WHERE is_open = 1");
    }

    private static async Task<int> Statements(Func<Task> work)
    {
        var (before, n) = (Database.Watch, 0);
        Database.Watch = sql =>
        {
            before?.Invoke(sql);
            // the access log makes its database and writes in its own time
            if (!sql.Contains("kernel_access", StringComparison.Ordinal) && !sql.Contains("sqlite_master", StringComparison.Ordinal))
                n++;
        };
        try
        {
            await work();
        }
        finally
        {
            Database.Watch = before;
        }
        return n;
    }

    [Test]
    public async Task The_leaders_queues_are_those_of_every_court()
    {
        var open = await Seed();
        var now = TestClock.Monday;
        var cases = new (ListOrders Query, IEnumerable<Plain> Expected)[]
        {
            (new() { View = "court" }, open.OrderBy(o => o.DueAt).ThenBy(o => o.Id)),
            (new() { View = "court", Sort = "-asked" }, open.OrderByDescending(o => o.AskedAt).ThenByDescending(o => o.Id)),
            (new() { View = "court", State = "review" }, open.Where(o => o.State == "review").OrderBy(o => o.DueAt).ThenBy(o => o.Id)),
            (new() { View = "court", Escalated = true }, open.Where(o => o.Escalated).OrderBy(o => o.DueAt).ThenBy(o => o.Id)),
            (
                new() { View = "court", Due = "overdue" },
                open.Where(o => o.DueAt < now && o.State is not ("feedback" or "paused")).OrderBy(o => o.DueAt).ThenBy(o => o.Id)
            ),
        };
        foreach (var (query, expected) in cases)
        {
            var ids = new List<long>();
            ListOrders.Result page = ListOrders.Result.Empty;
            for (string? after = null; ; )
            {
                var statements = await Statements(async () => page = await App.As("leader-jl").Send(query with { After = after, Take = 23 }));
                Assert.That(statements, Is.LessThan(25), $"{query}");
                ids.AddRange(page.Rows.Select(r => r.Id));
                if ((after = page.Next) is null)
                    break;
            }
            Assert.That(ids, Is.EqualTo(expected.Select(o => o.Id)), $"{query}");
            Assert.That(page.Counts.Total, Is.EqualTo(ids.Count), $"{query}");
        }
    }

    [Test]
    public async Task The_leaders_desk_and_board_are_those_of_every_court()
    {
        var open = await Seed();
        var limits = await App.As(null).Rows<long>("SELECT id FROM workzone_case WHERE state = 'open' AND clock_end IS NOT NULL ORDER BY clock_end, id");
        Pages.Index.Result desk = null!;
        Assert.That(await Statements(async () => desk = await App.As("leader-jl").Send(new Pages.Index.Query())), Is.LessThan(25));
        var reviews = open.Where(o => o.State == "review").OrderBy(o => o.DueAt).ThenBy(o => o.Id).Select(o => o.Id).ToList();
        Assert.That(reviews, Has.Count.InRange(1, 30), "the sample fits on the desk");
        Assert.That(desk.Todo.Select(t => t.Id), Is.EqualTo(reviews));
        Assert.That(desk.Cases.Select(c => c.Id), Is.EqualTo(limits.Take(6)));

        Pages.Board.Index.Result board = null!;
        Assert.That(await Statements(async () => board = await App.As("leader-jl").Send(new Pages.Board.Index.Query { Centre = "service" })), Is.LessThan(25));
        var service = await App.As(null).Rows<Plain>("SELECT id, state FROM workzone_order WHERE is_open = 1 AND centre = 'service'");
        Assert.That((board.Counts.Total, board.Waiting), Is.EqualTo((service.Count, service.Count(o => o.State == "queued"))));
    }

    [Test]
    public async Task A_board_counts_what_each_has_in_hand()
    {
        await App.As(null).In(s => s.GetRequiredService<ISeeder>().FillAsync(20, 400, 5, _ => { }, default));
        var open = await App.Rows<Plain>("SELECT id, state, due_at, asked_at, assignee_id FROM workzone_order WHERE is_open = 1");
        var board = await App.As("lead").Send(new Pages.Board.Index.Query());
        foreach (var person in board.People)
        {
            var own = open.Where(o => o.AssigneeId == person.Id).ToList();
            Assert.That(
                (person.Open, person.Overdue, person.Oldest),
                Is.EqualTo(
                    (
                        own.Count,
                        own.Count(o => o.DueAt < TestClock.Monday && o.State is not ("feedback" or "paused")),
                        own.Count == 0 ? (DateTimeOffset?)null : own.Min(o => o.AskedAt)
                    )
                ),
                person.Name
            );
        }
        Assert.That(board.People.Sum(p => p.Open), Is.Positive);
    }

    [Test]
    public async Task The_auditors_trails_are_those_of_every_court_in_order()
    {
        await Seed();
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                for (var i = 0; i < 500; i++)
                    await db.ExecuteAsync(
                        """
                        INSERT INTO kernel_alarm (id, kind, alarm_key, person_id, person_login, person_name, court_id, window_from, window_to, hits, evidence,
                            state, raised_at)
                        VALUES (@i, 'night-reading', @key, 7, 'x', 'x', @court, @now, @now, 1, '[]', 'open', @now)
                        """,
                        new
                        {
                            i,
                            key = $"{i}",
                            court = i % 3 == 0 ? 999 : 1000 + (i * 37 % More),
                            now = TestClock.Monday,
                        }
                    );
                // entries that the sign-ins and commands above left, spread over the courts
                await db.ExecuteAsync("UPDATE kernel_audit SET court_id = 1000 + id % 120");
                await db.ExecuteAsync("UPDATE kernel_audit SET court_id = 999 WHERE id % 5 = 0");
                await db.CommitAsync();
            });
        IReadOnlyList<ListAlarms.Row> alarms = [];
        Assert.That(
            await Statements(async () => alarms = await App.As("auditor-jl").Send(new ListAlarms())),
            Is.LessThan(25),
            "of them the person, the courts and the scope"
        );
        Assert.That(alarms.Select(a => a.Id), Is.EqualTo(Enumerable.Range(0, 500).Where(i => i % 3 != 0).Select(i => (long)i).Reverse().Take(200)));
        // a year of entries of the template is further back than a trail looks
        var audit = await App.As(null).Rows<long>("SELECT id FROM kernel_audit WHERE id % 5 <> 0 ORDER BY id DESC");
        var seen = new List<long>();
        SearchTrail.Result page = null!;
        for (long? after = null; ; )
        {
            Assert.That(
                await Statements(async () =>
                    page = await App.As("auditor-jl")
                        .Send(
                            new SearchTrail
                            {
                                Take = 7,
                                After = after,
                                From = new DateOnly(2026, 1, 1),
                                To = new DateOnly(2026, 3, 31),
                            }
                        )
                ),
                Is.LessThan(25)
            );
            seen.AddRange(page.Rows.Select(r => r.Id));
            if ((after = page.Next) is null)
                break;
        }
        Assert.That(seen, Is.EqualTo(audit));
        Assert.That(audit, Has.Count.GreaterThan(20));
    }
}
