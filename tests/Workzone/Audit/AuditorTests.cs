using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Trails;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Tests.Audit;

/// <summary>What the auditor sees, and what he does not.</summary>
public sealed class AuditorTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task Follows_the_readers_of_one_document()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var paper = await App.Document(caseId);
        await App.As("judge").Send(new ReadDocument { Id = paper });
        await App.As("judge").Send(new ReadDocument { Id = paper });
        await App.As("leader").Send(new ReadDocument { Id = paper });
        await Assert.ThatAsync(() => App.As("archivist").Send(new ReadDocument { Id = paper }), Throws.TypeOf<NotFound>());
        var found = await App.As("auditor").Send(new ShowReaders { DocumentId = paper });
        Assert.That(
            found.Readers.Select(r => (r.Actor, r.Opened, r.Refused)),
            Is.EquivalentTo(new[] { ("judge", 2, 0), ("leader", 1, 0), ("archivist", 0, 1) })
        );
        var whole = await App.Send(new ShowReaders { Number = Sample.Number(1) });
        Assert.That(whole.Papers.Single().Readers, Is.EqualTo(2));
        await Assert.ThatAsync(() => App.Send(new ShowReaders { Number = "无此案号" }), Throws.TypeOf<RuleBroken>());
    }

    [Test]
    public async Task Searches_both_logs_by_every_filter_and_page()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        for (var i = 0; i < 7; i++)
            await App.As("judge").Send(new ShowCase { Id = caseId });
        async Task<int> Count(SearchTrail q) => (await App.As("auditor").Send(q)).Rows.Count;
        var access = new SearchTrail { Log = SearchTrail.Access };
        Assert.That(await Count(access with { Person = "judge" }), Is.EqualTo(7));
        Assert.That(await Count(access with { Person = "李测" }), Is.EqualTo(7), "the beginning of a name");
        Assert.That(
            await Count(
                access with
                {
                    Person = "judge",
                    Activity = "workzone.case.read",
                    Number = Sample.Number(1),
                    Outcome = "done",
                    ObjectType = "case",
                    ObjectId = $"{caseId}",
                    Category = "case",
                }
            ),
            Is.EqualTo(7)
        );
        Assert.That(await Count(access with { Person = "judge", Category = "document" }), Is.Zero);
        Assert.That(await Count(access with { Person = "judge", From = new DateOnly(2026, 2, 1), To = new DateOnly(2026, 2, 20) }), Is.Zero);
        var first = await App.As("auditor").Send(access with { Person = "judge", Take = 4 });
        var second = await App.Send(access with { Person = "judge", Take = 4, After = first.Next });
        Assert.That(first.Rows.Concat(second.Rows).Select(r => r.Id).Distinct().Count(), Is.EqualTo(7));
        Assert.That(second.Next, Is.Null);
        Assert.That(await Count(new SearchTrail { Person = "registrar", Activity = "workzone.import.begin" }), Is.EqualTo(1));
        await Assert.ThatAsync(() => App.Send(access with { From = new DateOnly(2025, 1, 1), To = new DateOnly(2026, 1, 1) }), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(() => App.Send(access with { From = new DateOnly(2026, 3, 2), To = new DateOnly(2026, 3, 1) }), Throws.TypeOf<RuleBroken>());
    }

    [Test]
    public async Task Words_about_a_case_are_a_digest_to_the_auditor_and_a_reason_given_to_him_is_not()
    {
        const string Said = "当事人情绪激动，请单独通知";
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.As("clerk")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Comment,
                    Words = Said,
                }
            );
        await App.As("judge").Send(new CourtOps.Workzone.Search.Find { Text = "张某甲" });
        await App.As("judge")
            .Send(
                new Unmask
                {
                    PartyId = order.Parties[0],
                    Field = PartyFields.Phone,
                    Reason = "电话通知开庭",
                }
            );
        foreach (var log in new[] { SearchTrail.Audit, SearchTrail.Access })
        {
            var rows = (await App.As("auditor").Send(new SearchTrail { Log = log, Take = 500 })).Rows;
            Assert.That(rows.Select(r => r.Reason + r.Detail), Has.None.Contains("情绪").And.None.Contains("张某甲"), log);
            Assert.That(rows.Select(r => r.Detail), Is.All.Matches<string>(d => System.Text.Json.Nodes.JsonNode.Parse(d!) is not null));
        }
        var kept = (await App.As("auditor").Send(new SearchTrail { Activity = "workzone.order.step" }))
            .Rows.Concat((await App.Send(new SearchTrail { Person = "clerk" })).Rows)
            .First(r => r.Reason.Contains("摘要", StringComparison.Ordinal));
        Assert.That(kept.Reason, Does.StartWith($"〔{Said.Length} 字"));
        Assert.That(
            (
                await App.Send(
                    new SearchTrail
                    {
                        Person = "judge",
                        Category = "secrets",
                        Take = 500,
                    }
                )
            )
                .Rows.Concat(
                    (
                        await App.Send(
                            new SearchTrail
                            {
                                Log = SearchTrail.Access,
                                Person = "judge",
                                Take = 500,
                            }
                        )
                    ).Rows
                )
                .Select(r => r.Reason),
            Has.Some.EqualTo("电话通知开庭")
        );
        var client = await App.SignedIn("auditor");
        Assert.That(
            await (await TestApp.PostForm(client, "/audit", "/audit?log=audit", ("Reason", "季度检查留存"))).Content.ReadAsStringAsync(),
            Does.Not.Contain("情绪")
        );
    }

    [Test]
    public async Task Export_needs_a_reason_and_is_recorded()
    {
        await App.Case(1, SampleParty.Provided);
        await Assert.ThatAsync(() => App.As("auditor").Send(new ExportTrail { Reason = "要" }), Throws.TypeOf<RuleBroken>());
        var client = await App.SignedIn("auditor");
        var answer = await TestApp.PostForm(client, "/audit", "/audit?log=audit", ("Reason", "季度检查留存"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("workzone.import.begin"));
        Assert.That(
            await App.As(null).Value<string>("SELECT reason FROM kernel_audit WHERE action = 'workzone.audit.export' AND result = 'done'"),
            Is.EqualTo("季度检查留存")
        );
    }

    [Test]
    public async Task The_session_and_the_key_stand_in_both_trails()
    {
        var id = await App.Case(1, SampleParty.Provided);
        await (await App.SignedIn("judge")).GetAsync(new Uri($"/cases/{id}", UriKind.Relative));
        await (await App.WithKey("judge")).GetAsync(new Uri($"/api/v1/cases/{id}", UriKind.Relative));
        Assert.That((await App.AccessRows("workzone.case.read")).Select(r => r.Session!.Split(':')[0]), Is.EquivalentTo(new[] { "session", "key" }));
        var browser = await App.SignedIn("auditor");
        await TestApp.PostForm(browser, "/audit", "/audit?log=audit", ("Reason", "季度检查留存"));
        var session = await App.As(null)
            .Value<long>("SELECT s.id FROM workzone_session s JOIN workzone_person p ON p.id = s.person_id WHERE p.login = 'auditor'");
        Assert.That(await App.Value<string>("SELECT session FROM kernel_audit WHERE action = 'workzone.audit.export'"), Is.EqualTo($"session:{session}"));
    }

    [Test]
    public async Task A_page_of_a_queue_is_one_entry()
    {
        await App.Asked(1, [SampleParty.Provided]);
        await (await App.SignedIn("lead")).GetAsync(new Uri("/orders?view=centre&text=13912345678", UriKind.Relative));
        var row = (await App.AccessRows("workzone.order.list")).Single();
        Assert.That(row.Detail, Does.Contain("view=centre").And.Not.Contain("13912345678"), "no number of a person in the trail");
    }

    [TestCase("judge")]
    [TestCase("sysadmin")]
    [TestCase("secadmin")]
    [TestCase("leader")]
    public async Task Nobody_else_sees_the_trails(string person)
    {
        var client = await App.SignedIn(person);
        foreach (var path in new[] { "/audit", "/audit/readers", "/audit/alarms", "/audit/integrity", "/api/v1/audit", "/api/v1/access-log" })
            Assert.That((await client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), path);
        Assert.That((await App.AccessRows("kernel.access.refused")).Count(r => r.Actor == person), Is.EqualTo(6), "each refusal is recorded");
    }

    [Test]
    public async Task Every_page_of_the_auditor_answers_and_a_case_does_not()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var client = await App.SignedIn("auditor");
        var judge = await App.IdOf("judge");
        await App.RunJob<Kernel.Sealing.SealLogs>();
        foreach (
            var path in new[]
            {
                "/audit",
                "/audit?log=access",
                "/audit/readers",
                $"/audit/readers?documentId={order.Documents[0]}",
                $"/audit/person/{judge}",
                "/audit/alarms",
                "/audit/integrity",
                "/api/v1/audit",
                "/api/v1/access-log",
            }
        )
        {
            var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("起诉状副本").And.Not.Contain("王某乙"), path);
        }
        Assert.That((await client.GetAsync(new Uri($"/cases/{order.CaseId}", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await client.GetAsync(new Uri($"/documents/{order.Documents[0]}", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }
}

/// <summary>Each auditor sees the records of the courts he is for, on pages, by the API and in files; the highest also what belongs to none.</summary>
public sealed class AuditorScopeTests() : AppTests(Engine.Sqlite)
{
    private long caseHere;
    private long paper;

    // "auditor" is for the prefecture and both county courts; the province is above, the counties below
    [SetUp]
    public async Task Auditors()
    {
        App.As(null);
        foreach (var (login, court) in new[] { ("auditor-province", "吉"), ("auditor-wangqing", "吉2424"), ("auditor-yanji", "吉2401") })
            await App.Send(
                new SavePerson
                {
                    Login = login,
                    Name = "审" + login,
                    Court = court,
                    Roles = [Roles.Auditor],
                    Password = TestApp.Password,
                }
            );
        caseHere = await App.Case(1, SampleParty.Provided);
        paper = await App.Document(caseHere);
        await App.As("judge").Send(new ReadDocument { Id = paper });
        await Assert.ThatAsync(() => App.As("judge-yanji").Send(new ReadDocument { Id = paper }), Throws.TypeOf<NotFound>());
        await App.As("judge-yanji").Send(new ListCases());
        await App.RunJob<RaiseAlarms>();
    }

    [TestCase("auditor-province", true, true, true)]
    [TestCase("auditor", true, true, false)]
    [TestCase("auditor-wangqing", true, false, false)]
    [TestCase("auditor-yanji", false, true, false)]
    public async Task Both_logs_show_the_rows_of_the_own_courts(string auditor, bool wangqing, bool yanji, bool none)
    {
        foreach (var login in new[] { "nobody-knows", "judge" })
            await TestApp.PostForm(await App.Http(), "/sign-in", "/sign-in", ("Login", login), ("Password", "wrong-Password-1"));
        foreach (var log in new[] { SearchTrail.Audit, SearchTrail.Access })
        {
            var rows = new List<TrailRow>();
            for (long? after = null; ; )
            {
                var page = await App.As(auditor)
                    .Send(
                        new SearchTrail
                        {
                            Log = log,
                            Take = 3,
                            After = after,
                        }
                    );
                rows.AddRange(page.Rows);
                if ((after = page.Next) is null)
                    break;
            }
            Assert.That(rows.Select(r => r.Id), Is.Ordered.Descending.And.Unique);
            Assert.That(rows.Exists(r => r.Actor is "judge" or "registrar"), Is.EqualTo(wangqing), log);
            Assert.That(rows.Exists(r => r.Actor == "judge-yanji"), Is.EqualTo(log == SearchTrail.Access && yanji), log);
            var whole = await App.As(null).Send(new SearchTrail { Log = log, Take = 1000 });
            var seen = (await App.As(auditor).Send(new SearchTrail { Log = log, Take = 1000 })).Rows.Select(r => r.Id).ToHashSet();
            if (none)
                Assert.That(whole.Rows.Count(r => !seen.Contains(r.Id)), Is.Zero, "the highest misses nothing");
            if (log == SearchTrail.Audit)
                Assert.That(
                    (
                        rows.Exists(r => r is { Action: "workzone.sign-in", Actor: "", ObjectId: "0" }),
                        rows.Exists(r => r is { Action: "workzone.sign-in", Actor: "", ObjectId: not "0" })
                    ),
                    Is.EqualTo((none, wangqing)),
                    "an unknown login is nobody's; a wrong password is its court's"
                );
        }
    }

    [TestCase("auditor-province", true)]
    [TestCase("auditor", true)]
    [TestCase("auditor-wangqing", true)]
    [TestCase("auditor-yanji", false)]
    public async Task A_case_its_papers_and_its_readers_belong_to_its_court(string auditor, bool sees)
    {
        var client = await App.SignedIn(auditor);
        async Task<string> Page(string path) =>
            WebUtility.HtmlDecode(await (await client.GetAsync(new Uri(path, UriKind.Relative))).Content.ReadAsStringAsync());
        var number = Uri.EscapeDataString(Sample.Number(1));
        foreach (
            var path in new[]
            {
                $"/audit/readers?number={number}",
                $"/audit?log=access&number={number}",
                $"/audit/readers?documentId={paper}",
                $"/audit/person/{await App.IdOf("judge")}",
            }
        )
            Assert.That((await Page(path)).Contains("李测试", StringComparison.Ordinal), Is.EqualTo(sees), path);
        if (sees)
            Assert.That(await Page($"/audit/readers?documentId={paper}"), Does.Contain("郑范文"), "who came from another court is among the readers");
        else
            await Assert.ThatAsync(() => App.As(auditor).Send(new ShowReaders { DocumentId = paper }), Throws.TypeOf<NotFound>());
        // an administrator has no key: the interface is read signed in
        foreach (var path in new[] { "/api/v1/audit?take=500", "/api/v1/access-log?take=500" })
            Assert.That(
                (await client.GetStringAsync(new Uri(path, UriKind.Relative))).Contains("\"actor\":\"judge\"", StringComparison.Ordinal),
                Is.EqualTo(sees),
                path
            );
    }

    [TestCase("auditor-wangqing", "judge", "judge-yanji")]
    [TestCase("auditor-yanji", "judge-yanji", "judge")]
    public async Task A_file_holds_what_the_pages_show(string auditor, string there, string missing)
    {
        var client = await App.SignedIn(auditor);
        var rows = "";
        foreach (var log in new[] { "audit", "access" })
            rows += await (await TestApp.PostForm(client, $"/audit?log={log}", $"/audit?log={log}", ("Reason", "季度检查留存"))).Content.ReadAsStringAsync();
        var logins = rows.Split('\n').Skip(1).Where(l => l.Contains(',', StringComparison.Ordinal)).Select(l => l.Split(',')[1].Trim('"')).ToHashSet();
        Assert.That(logins, Does.Contain(there).And.Not.Contain(missing));
    }

    [TestCase("auditor-province", true, true, true)]
    [TestCase("auditor", false, true, true)]
    [TestCase("auditor-wangqing", false, true, false)]
    [TestCase("auditor-yanji", false, false, true)]
    public async Task Where_a_check_found_something_is_said_to_the_auditor_of_the_place(string auditor, bool all, bool wangqing, bool yanji)
    {
        var order = await App.Asked(2, [SampleParty.Provided]);
        var number = await App.As(null).Value<string>("SELECT number FROM workzone_order WHERE id = @OrderId", new { order.OrderId });
        var entry = await App.Value<long>("SELECT MAX(id) FROM kernel_audit WHERE court_id = (SELECT id FROM workzone_court WHERE code = '吉2424')");
        var reading = (await App.AccessRows()).First(r => r.Actor == "judge-yanji").Id;
        await App.Change("UPDATE workzone_node SET words = 'x' WHERE order_id = @OrderId AND n = 1", new { order.OrderId });
        await App.Change("UPDATE kernel_audit SET detail = 'x' WHERE id = @entry", new { entry });
        await App.Change("UPDATE service_notice SET confirmed_at = created_at WHERE order_id = @OrderId", new { order.OrderId });
        await App.In(async s =>
        {
            await using var log = await s.GetRequiredService<Kernel.Access.AccessStore>().OpenAsync();
            await log.ExecuteRawAsync("UPDATE kernel_access SET detail = 'x' WHERE id = @reading", new { reading });
            return 0;
        });
        await App.Change(
            "INSERT INTO kernel_blob (sha256, size, created_at) VALUES (@sha, 1, @now)",
            new { sha = new string('0', 56) + "0badcafe", now = TestClock.Monday }
        );
        await App.RunJob<Kernel.Verifying.VerifyNightly>();
        var checks = (await App.As(auditor).Send(new ShowIntegrity())).Checks.ToDictionary(c => c.Name);
        string Places(string check) => string.Join('\n', checks[check].Found.Select(f => f.Where));
        Assert.That(
            new[] { "chains", "audit", "access-log", "service", "blobs" }.Select(c => checks[c].Findings > 0),
            Is.All.True,
            "that something is wrong is said to everybody"
        );
        Assert.That(
            (
                Places("chains").Contains(number!, StringComparison.Ordinal),
                Places("audit").Contains($"{entry}", StringComparison.Ordinal),
                Places("access-log").Contains($"{reading}", StringComparison.Ordinal),
                Places("service").Contains($"order {order.OrderId} ", StringComparison.Ordinal),
                Places("blobs").Length > 0
            ),
            Is.EqualTo((wangqing, wangqing, yanji, wangqing, all))
        );
        var page = WebUtility.HtmlDecode(
            await (await (await App.SignedIn(auditor)).GetAsync(new Uri("/audit/integrity", UriKind.Relative))).Content.ReadAsStringAsync()
        );
        Assert.That(
            (
                page.Contains(number!, StringComparison.Ordinal),
                page.Contains($"{reading}", StringComparison.Ordinal),
                page.Contains("0badcafe", StringComparison.Ordinal),
                page.Contains("有异常", StringComparison.Ordinal)
            ),
            Is.EqualTo((wangqing, yanji, all, !all))
        );
    }

    [Test]
    public async Task An_alarm_is_seen_and_closed_by_the_auditor_of_its_court()
    {
        App.Set("CourtOps:Alarms:MassCases", "2");
        await App.Case(2, SampleParty.Provided);
        foreach (var id in await App.As(null).Rows<long>("SELECT id FROM workzone_case"))
            await App.As("judge").Send(new ShowCase { Id = id });
        await App.RunJob<RaiseAlarms>();
        async Task<IReadOnlyList<ListAlarms.Row>> Of(string auditor) => await App.As(auditor).Send(new ListAlarms());
        Assert.That(await Of("auditor-yanji"), Is.Empty);
        foreach (var auditor in new[] { "auditor-province", "auditor", "auditor-wangqing" })
            Assert.That((await Of(auditor)).Select(a => a.PersonLogin), Does.Contain("judge"), auditor);
        var alarm = (await Of("auditor-wangqing")).First(a => a.PersonLogin == "judge").Id;
        await Assert.ThatAsync(() => App.As("auditor-yanji").Send(new AcknowledgeAlarm { Id = alarm, Reason = "不是我院的人" }), Throws.TypeOf<NotFound>());
        await App.As("auditor-wangqing").Send(new AcknowledgeAlarm { Id = alarm, Reason = "集中阅卷，已核实" });
    }
}

/// <summary>The rules over the access log, as tables, and the alarms they raise.</summary>
public sealed class AlarmTests() : AppTests(Engine.Sqlite)
{
    private static readonly AlarmSettings Few = new()
    {
        MassCases = 3,
        MassMinutes = 10,
        Refusals = 3,
        RefusalMinutes = 10,
        NightCases = 2,
    };

    private static ReadEntry Entry(int minute, long? caseId, string result = "done", long person = 7) =>
        new()
        {
            Id = minute + 1,
            At = TestClock.Monday.AddMinutes(minute),
            ActorId = person,
            Actor = "judge",
            PersonName = "李测试",
            CaseId = caseId,
            Result = result,
        };

    [TestCase("1 2", 0)]
    [TestCase("1 1 1 1 1", 0)]
    [TestCase("1 2 3", 1)]
    [TestCase("1 2 3 4 5 6", 1)]
    public void Mass_reading_counts_different_cases(string cases, int alarms) =>
        Assert.That(
            AlarmRules.MassReading(cases.Split(' ').Select((c, i) => Entry(i, long.Parse(c, System.Globalization.CultureInfo.InvariantCulture))), Few).Count(),
            Is.EqualTo(alarms)
        );

    [Test]
    public void Mass_reading_looks_at_the_window_and_at_each_person_alone()
    {
        Assert.That(AlarmRules.MassReading([Entry(0, 1), Entry(9, 2), Entry(19, 3)], Few), Is.Empty);
        Assert.That(AlarmRules.MassReading([Entry(0, 1), Entry(1, 2), Entry(2, 3, person: 8)], Few), Is.Empty);
        Assert.That(AlarmRules.MassReading([Entry(0, 1, "refused"), Entry(1, 2), Entry(2, 3)], Few), Is.Empty);
    }

    [Test]
    public void Refusals_count_in_their_window() =>
        Assert.That(
            (
                AlarmRules.RepeatedRefusals([Entry(0, 1, "refused"), Entry(1, 1, "refused"), Entry(2, null, "not-found")], Few).Count(),
                AlarmRules.RepeatedRefusals([Entry(0, 1, "refused"), Entry(1, 1, "refused"), Entry(12, 1, "refused")], Few).Count()
            ),
            Is.EqualTo((1, 0))
        );

    [TestCase(21, false)]
    [TestCase(22, true)]
    [TestCase(0, true)]
    [TestCase(5, true)]
    [TestCase(6, false)]
    [TestCase(12, false)]
    public void Night_goes_over_midnight(int hour, bool night) => Assert.That(AlarmRules.IsNight(hour, new AlarmSettings()), Is.EqualTo(night));

    [Test]
    public void Both_sides_of_midnight_are_one_night() =>
        Assert.That(AlarmRules.NightReading([Entry((14 * 60) + 30, 1), Entry((15 * 60) + 30, 2)], Few).Count(), Is.EqualTo(1));

    [Test]
    public async Task An_alarm_is_raised_once_and_closed_with_words_by_somebody_else()
    {
        App.Set("CourtOps:Alarms:MassCases", "3");
        var cases = new List<long>();
        for (var i = 1; i <= 4; i++)
            cases.Add(await App.Case(i, SampleParty.Provided));
        foreach (var id in cases)
            await App.As("judge").Send(new ShowCase { Id = id });
        await App.RunJob<RaiseAlarms>();
        await App.RunJob<RaiseAlarms>();
        var alarm = (await App.As("auditor").Send(new ListAlarms())).Single(a => a.PersonLogin == "judge");
        Assert.That((alarm.Kind, alarm.Hits), Is.EqualTo((AlarmRules.Mass, 4)));
        await Assert.ThatAsync(() => App.Send(new AcknowledgeAlarm { Id = alarm.Id, Reason = "可" }), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(() => App.As("judge").Send(new AcknowledgeAlarm { Id = alarm.Id, Reason = "是我自己在办案" }), Throws.TypeOf<Forbidden>());
        await App.As("auditor").Send(new AcknowledgeAlarm { Id = alarm.Id, Reason = "分案后集中阅卷，已核实" });
        await Assert.ThatAsync(() => App.Send(new AcknowledgeAlarm { Id = alarm.Id, Reason = "分案后集中阅卷，已核实" }), Throws.TypeOf<RuleBroken>());
        await App.RunJob<RaiseAlarms>();
        Assert.That((await App.As("auditor").Send(new ListAlarms())).Count(a => a.PersonLogin == "judge"), Is.Zero);
    }

    [Test]
    public async Task An_open_alarm_counts_on_and_is_no_second_one()
    {
        App.Set("CourtOps:Alarms:MassCases", "3");
        for (var i = 1; i <= 5; i++)
        {
            var id = await App.Case(i, SampleParty.Provided);
            await App.As("judge").Send(new ShowCase { Id = id });
            if (i >= 3)
                await App.RunJob<RaiseAlarms>();
        }
        var alarm = (await App.As("auditor").Send(new ListAlarms())).Single(a => a.PersonLogin == "judge");
        Assert.That((alarm.Kind, alarm.Hits), Is.EqualTo((AlarmRules.Mass, 5)));
    }

    private const string Own = "990101198001010022";

    [TestCase("李测试", null, "99010119800102001X", AlarmRules.SameName, TestName = "the name alone is a hint")]
    [TestCase("李测试", Own, "", AlarmRules.SameName, TestName = "a party without a number leaves the name")]
    [TestCase("李测试", Own, Own, AlarmRules.OwnCase, TestName = "the number is sure")]
    [TestCase("李曾用名", Own, Own, AlarmRules.OwnCase, TestName = "the number is sure under another name")]
    [TestCase("李测试", Own, "99010119800102001X", null, TestName = "another number is another person")]
    [TestCase("王某乙", null, Own, null, TestName = "without a number nothing is known")]
    public async Task A_case_of_ones_own_is_said(string party, string? own, string ofParty, string? alarm)
    {
        if (own is not null)
            await GiveAsync(own);
        var id = await App.Case(1, new SampleParty(party) { IdNumber = ofParty });
        await App.As("judge").Send(new ShowCase { Id = id });
        await App.RunJob<RaiseAlarms>();
        Assert.That((await App.As("auditor").Send(new ListAlarms())).Select(a => a.Kind), Is.EqualTo(alarm is null ? [] : new[] { alarm }));
    }

    [Test]
    public async Task A_case_of_ones_own_is_found_while_keys_are_changed()
    {
        await GiveAsync(Own);
        var id = await App.Case(1, new SampleParty("李曾用名") { IdNumber = Own });
        await App.As(null).In(s => s.GetRequiredService<Kernel.Security.KeyRotation>().RotateAsync("test", default));
        await GiveAsync(Own);
        Assert.That(
            await App.As(null).Value<string>("SELECT id_number_idx FROM workzone_person WHERE login = 'judge'"),
            Is.Not.EqualTo(await App.Value<string>("SELECT id_number_idx FROM workzone_party WHERE name = '李曾用名'"))
        );
        await App.As("judge").Send(new ShowCase { Id = id });
        await App.RunJob<RaiseAlarms>();
        Assert.That((await App.As("auditor").Send(new ListAlarms())).Select(a => a.Kind), Is.EqualTo(new[] { AlarmRules.OwnCase }));
    }

    private async Task GiveAsync(string number)
    {
        var judge = await App.IdOf("judge");
        var version = await App.As(null).Value<int>("SELECT version FROM workzone_person WHERE id = @judge", new { judge });
        await App.Send(
            new SavePerson
            {
                Id = judge,
                Version = version,
                Login = "judge",
                Name = "李测试",
                Court = "吉2424",
                Division = "民事审判庭",
                Team = "李测试团队",
                Roles = null,
                IdNumber = number,
            }
        );
    }
}
