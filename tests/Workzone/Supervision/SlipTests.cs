using System.Net;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Supervision;

/// <summary>Warnings of trial limits by tier and post, slips that rise, are passed on and end, their history, and the figures that count them.</summary>
public sealed class SlipTests() : AppTests(Engine.Sqlite)
{
    private static readonly DateOnly Filed = new(2026, 3, 2);

    // CPL 152: six months, to 2026-09-02; B-08 with delivery on the working day before
    [Test]
    public async Task Each_warning_reaches_those_whom_the_table_names_and_replaces_the_one_before()
    {
        var id = await CaseAsync(7101);
        var head = await PersonAsync("head7101", "庭长", "民事审判庭");
        var other = await PersonAsync("head7102", "庭长", "刑事审判庭");
        await App.As(null).Change("UPDATE workzone_person SET division = '民事审判庭' WHERE login = 'judge'");
        var judge = await App.IdOf("judge");
        await RoundAsync(2026, 8, 2);
        Assert.That(await SlipsAsync(id), Is.Empty, "thirty-one days before nothing is due");
        await RoundAsync(2026, 8, 3);
        Assert.That(await SlipsAsync(id), Is.EqualTo(new[] { $"D-30 prompt {judge} sent" }));
        await AnswerAllAsync(id);
        await RoundAsync(2026, 8, 11);
        Assert.That(
            await SlipsAsync(id),
            Is.EqualTo(new[] { $"D-30 prompt {judge} answered", $"D-22 prompt {judge} sent", $"D-22 prompt {head} sent" }),
            "the head of the judge's own division and no other"
        );
        await RoundAsync(2026, 8, 11);
        Assert.That(await SlipsAsync(id), Has.Count.EqualTo(3), "each once");
        await RoundAsync(2026, 8, 23);
        var tenth = await SlipsAsync(id);
        Assert.That(tenth, Does.Contain($"D-10 urge {judge} sent").And.Contain($"D-10 urge {head} sent"), "09-02 less ten is a Sunday: on the Friday before");
        Assert.That(tenth.Where(s => s.StartsWith("D-22", StringComparison.Ordinal)), Has.All.EndsWith("replaced").Or.EndsWith("raised"));
        await RoundAsync(2026, 9, 3);
        var leaders = await App.As(null).Rows<long>("SELECT person_id FROM workzone_role_grant WHERE role = 'leader' AND person_id <> @other", new { other });
        var over = await App.Rows<long>("SELECT to_id FROM workzone_slip WHERE case_id = @id AND tier = 'overdue' AND kind = 'supervise'", new { id });
        Assert.That(over, Does.Contain(judge).And.Contain(head).And.SupersetOf(leaders));
    }

    [Test]
    public async Task A_slip_not_received_within_a_working_day_rises_and_one_received_has_until_its_answer()
    {
        var id = await CaseAsync(7102);
        App.At(TestClock.Shanghai(2026, 3, 9, 9, 0));
        var slip = await SendAsync(id);
        await RoundAsync(2026, 3, 9, 16);
        Assert.That(await StateAsync(slip), Is.EqualTo("sent"));
        await App.As("judge").Send(new ActOnSlip { Id = slip, Act = "receive" });
        await RoundAsync(2026, 3, 11, 9);
        Assert.That(await StateAsync(slip), Is.EqualTo("received"), "a prompt has three working days for its answer");
        await RoundAsync(2026, 3, 12, 10);
        Assert.That(await StateAsync(slip), Is.EqualTo("raised"));
        var second = await App.As(null).Value<long>("SELECT id FROM workzone_slip WHERE raised_from = @slip", new { slip });
        await RoundAsync(2026, 3, 13, 11);
        Assert.That(await StateAsync(second), Is.EqualTo("raised"), "nobody received it within a working day");
        var shown = await App.As("leader").Send(new ShowSlip { Id = second });
        Assert.That((shown.Before!.Id, shown.After.Count), Is.EqualTo((slip, 1)), "the chain can be followed");
    }

    [Test]
    public async Task A_slip_rises_to_whoever_has_the_case_now()
    {
        var id = await CaseAsync(7103);
        App.At(TestClock.Shanghai(2026, 3, 9, 9, 0));
        var slip = await SendAsync(id);
        await Do(async c => await c.AllotAsync(id, await App.IdOf("judge2"), new DateOnly(2026, 3, 9)));
        await RoundAsync(2026, 3, 16);
        var to = await App.As(null).Value<long>("SELECT to_id FROM workzone_slip WHERE raised_from = @slip", new { slip });
        Assert.That(to, Is.EqualTo(await App.IdOf("judge2")));
    }

    [Test]
    public async Task What_somebody_who_left_did_not_answer_reaches_the_leaders()
    {
        var id = await CaseAsync(7104);
        App.At(TestClock.Shanghai(2026, 3, 9, 9, 0));
        var slip = await SendAsync(id);
        await App.As(null).Change("UPDATE workzone_person SET state = 'left' WHERE login = 'judge'");
        await RoundAsync(2026, 3, 16);
        await App.As(null).Change("UPDATE workzone_person SET state = 'active' WHERE login = 'judge'");
        var raised = await App.Rows<long>("SELECT to_id FROM workzone_slip WHERE raised_from = @slip", new { slip });
        Assert.That(raised, Does.Contain(await App.IdOf("leader")));
    }

    [Test]
    public async Task Open_slips_are_handed_over_with_the_work()
    {
        var id = await CaseAsync(7105);
        App.At(TestClock.Shanghai(2026, 3, 9, 9, 0));
        var slip = await SendAsync(id);
        var (judge, heir) = (await App.IdOf("judge"), await App.IdOf("judge2"));
        var court = await App.As(null).Value<long>("SELECT court_id FROM workzone_case WHERE id = @id", new { id });
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                foreach (var kind in s.GetServices<IOpenWork>().Where(k => k.Code is "cases" or "slips"))
                    await kind.HandOverAsync(new OpenWorkMove(judge, court, heir, "调离"), default);
                await db.CommitAsync();
            });
        var shown = await App.As("leader").Send(new ShowSlip { Id = slip });
        Assert.That((shown.Slip.ToId, shown.Slip.State), Is.EqualTo((heir, "sent")));
        Assert.That(shown.Acts[^1].Words, Does.Contain("→").And.Contain("调离"));
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_slip WHERE to_id = @judge AND state IN ('sent', 'received')", new { judge }),
            Is.Zero
        );
        await App.As("judge2").Send(new ActOnSlip { Id = slip, Act = "receive" });
    }

    [Test]
    public async Task Every_answer_and_every_return_stays_in_the_history_and_on_the_page()
    {
        var id = await CaseAsync(7106);
        App.At(TestClock.Shanghai(2026, 3, 9, 9, 0));
        var slip = await SendAsync(id);
        await App.As("judge")
            .Send(
                new ActOnSlip
                {
                    Id = slip,
                    Act = "answer",
                    Words = "下周开庭",
                }
            );
        await App.As("leader")
            .Send(
                new ActOnSlip
                {
                    Id = slip,
                    Act = "send-back",
                    Words = "写明日期",
                }
            );
        await App.As("judge")
            .Send(
                new ActOnSlip
                {
                    Id = slip,
                    Act = "answer",
                    Words = "三月二十日开庭",
                }
            );
        Assert.That(
            async () =>
                await App.As("leader")
                    .Send(
                        new ActOnSlip
                        {
                            Id = slip,
                            Act = "accept",
                            Version = 2,
                        }
                    ),
            Throws.TypeOf<Conflict>(),
            "from an old page"
        );
        await App.As("leader").Send(new ActOnSlip { Id = slip, Act = "accept" });
        var shown = await App.As("judge").Send(new ShowSlip { Id = slip });
        Assert.That(shown.Acts.Select(a => a.Act), Is.EqualTo(new[] { "send", "answer", "send-back", "answer", "accept" }));
        var page = WebUtility.HtmlDecode(await (await App.SignedIn("judge")).GetStringAsync(new Uri($"/slips/{slip}", UriKind.Relative)));
        Assert.That(page, Does.Contain("下周开庭").And.Contain("写明日期").And.Contain("三月二十日开庭"));
        var paper = WebUtility.HtmlDecode(await (await App.SignedIn("judge")).GetStringAsync(new Uri($"/slips/{slip}/paper", UriKind.Relative)));
        Assert.That(paper, Does.Contain("提示单").And.Contain("审限 2026-09-02 届满").And.Contain("请安排开庭").And.Contain(Number(7106)));
    }

    [Test]
    public async Task A_closed_case_ends_its_slips_as_over_and_not_as_unanswered()
    {
        var id = await CaseAsync(7107);
        App.At(TestClock.Shanghai(2026, 3, 9, 9, 0));
        var slip = await SendAsync(id);
        await Do(c => c.CloseAsync(id, "mediation", new DateOnly(2026, 3, 9)));
        await RoundAsync(2026, 3, 16);
        Assert.That(await StateAsync(slip), Is.EqualTo("over"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_slip WHERE raised_from = @slip", new { slip }), Is.Zero);
    }

    [Test]
    public async Task A_slip_by_hand_goes_to_those_concerned_and_to_nobody_else()
    {
        var id = await CaseAsync(7108);
        var leader = await App.IdOf("leader");
        var slip = await SendAsync(id, leader);
        Assert.That(await App.As(null).Value<long>("SELECT to_id FROM workzone_slip WHERE id = @slip", new { slip }), Is.EqualTo(leader));
        var stranger = await App.IdOf("judge2");
        Assert.That(async () => await SendAsync(id, stranger), Throws.TypeOf<RuleBroken>().With.Message.Contains("办理这件事的人"));
    }

    [Test]
    public async Task What_the_judges_side_recorded_wrongly_comes_to_the_judge_and_ends_when_it_is_mended()
    {
        var id = await CaseAsync(7110);
        App.At(TestClock.Shanghai(2026, 3, 9, 9, 0));
        foreach (var (name, day, detail) in new[] { ("document-issued", 6, "judgment"), ("appealed", 4, "") })
            await App.As("judge")
                .Send(
                    new RecordCaseEvent
                    {
                        CaseId = id,
                        Event = name,
                        On = new DateOnly(2026, 3, day),
                        Detail = detail,
                    }
                );
        await App.DrainAsync();
        var slip = await App.As(null)
            .Value<long>(
                "SELECT id FROM workzone_slip WHERE case_id = @id AND cause_key LIKE 'finding:%' AND to_id = @judge",
                new { id, judge = await App.IdOf("judge") }
            );
        Assert.That(
            (await App.As("judge").Send(new ShowSlip { Id = slip })).Slip.Words,
            Does.Contain("上诉早于裁判文书签发").And.Contain($"/cases/{id}/inspection")
        );
        var appeal = await App.As(null).Value<long>("SELECT id FROM workzone_case_event WHERE case_id = @id AND event = 'appealed'", new { id });
        await App.As("judge")
            .Send(
                new Inspections.UndoEvent
                {
                    CaseId = id,
                    EventId = appeal,
                    Reason = "登记错了日期",
                }
            );
        await App.DrainAsync();
        Assert.That(await StateAsync(slip), Is.EqualTo("over"));
    }

    [Test]
    public async Task The_figure_of_unanswered_slips_opens_as_many()
    {
        var id = await CaseAsync(7109);
        App.At(TestClock.Shanghai(2026, 3, 9, 9, 0));
        var answered = await SendAsync(id);
        await App.As("judge")
            .Send(
                new ActOnSlip
                {
                    Id = answered,
                    Act = "answer",
                    Words = "已办",
                }
            );
        App.At(TestClock.Shanghai(2026, 3, 9, 10, 0));
        await SendAsync(id);
        var view = await App.As("leader").Send(new ShowLeaderView());
        var list = await App.Send(new ListSlips { View = "court", Unanswered = true });
        Assert.That(list.Rows, Has.Count.EqualTo(view.SlipsUnanswered).And.None.Property("Id").EqualTo(answered));
    }

    [Test]
    public async Task A_list_of_the_leader_goes_on_to_its_end_and_a_division_narrows_it()
    {
        App.At(TestClock.Shanghai(2026, 8, 20, 9, 0));
        var court = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2424'");
        await App.Change("UPDATE workzone_person SET division = '民事审判庭' WHERE login = 'judge'");
        await App.Change("UPDATE workzone_person SET division = '刑事审判庭' WHERE login = 'judge2'");
        var judges = new[] { await App.IdOf("judge"), await App.IdOf("judge2") };
        await App.In(async s =>
        {
            var db = s.GetRequiredService<Db>();
            await db.BeginAsync();
            for (var n = 0; n < 230; n++)
                await db.ExecuteAsync(
                    """
                    INSERT INTO workzone_case (id, number, court_id, year, number_type, serial, kind, cause, procedure_code, filed_on, judge_id, allotted_on,
                        state, parties_text, clock_end, clock_legal_end, clock_provisional, digest, source, created_at, changed_at, moved_at, version)
                    VALUES (@id, @number, @court, 2026, '民初', @n, 'civil', '民间借贷纠纷', 'MC-ORD', '2026-03-02', @judge, '2026-03-02', 'open', '', @end, @end, 0,
                        '', 'test', @now, @now, @now, 1)
                    """,
                    new
                    {
                        id = 910_000L + n,
                        number = Number(20_000 + n),
                        court,
                        n = 20_000L + n,
                        judge = judges[n % 2],
                        end = n % 10 == 0 ? (DateOnly?)null : new DateOnly(2026, 9, 1).AddDays(n % 7),
                        now = TestClock.Shanghai(2026, 8, 1, 9, 0),
                    }
                );
            await db.CommitAsync();
            return true;
        });
        foreach (var open in new[] { "near", "open" })
        {
            var seen = new List<long>();
            string? after = null;
            do
            {
                var page = await App.As("leader")
                    .Send(
                        new ShowLeaderView
                        {
                            Open = open,
                            CourtId = court,
                            After = after,
                        }
                    );
                seen.AddRange(page.Cases.Select(c => c.Id));
                after = page.Next;
            } while (after is not null);
            Assert.That(seen, Is.Unique.And.Count.GreaterThan(200), open);
            Assert.That(seen.Count(s => s is >= 910_000 and < 911_000), Is.EqualTo(open == "near" ? 207 : 230), open);
        }
        var whole = await App.As("leader").Send(new ShowLeaderView { CourtId = court });
        var civil = whole.Divisions.Single(d => d.Name == "民事审判庭");
        var narrow = await App.Send(
            new ShowLeaderView
            {
                CourtId = court,
                Division = "民事审判庭",
                Open = "near",
            }
        );
        Assert.That(narrow.Figures.Single(f => f.Code == "near").Count, Is.EqualTo(civil.Near).And.GreaterThan(90));
        Assert.That(narrow.Cases.Select(c => c.JudgeName).Distinct().ToList(), Has.Count.EqualTo(1));
    }

    private static readonly object[] Dues =
    [
        new object?[] { new DateOnly(2026, 8, 2), null },
        new object?[] { new DateOnly(2026, 8, 3), "D-30" },
        new object?[] { new DateOnly(2026, 8, 10), "D-30" },
        new object?[] { new DateOnly(2026, 8, 11), "D-22" },
        new object?[] { new DateOnly(2026, 8, 17), "D-16" },
        new object?[] { new DateOnly(2026, 8, 21), "D-10" },
        new object?[] { new DateOnly(2026, 8, 28), "D-5" },
        new object?[] { new DateOnly(2026, 9, 2), "due" },
        new object?[] { new DateOnly(2026, 9, 3), "overdue" },
        new object?[] { new DateOnly(2027, 9, 3), "overdue" },
    ];

    [TestCaseSource(nameof(Dues))]
    public void The_warning_that_is_due(DateOnly today, string? tier)
    {
        var limit = new TrialClock { Procedure = "MC-ORD", Filed = Filed }.Compute(CourtCalendar.Default);
        Assert.That(SlipRules.DueOf(limit.Warnings, today)?.Tier, Is.EqualTo(tier));
    }

    [TestCase("D-10", true, "prompt", "handler")]
    [TestCase("D-10", false, "urge", "handler division-head")]
    [TestCase("D-30", false, "prompt", "handler")]
    [TestCase("D-1", true, "urge", "handler management vice-president")]
    [TestCase("overdue", true, "supervise", "handler division-head management vice-president president")]
    [TestCase("D-99", false, "off", "")]
    public void What_the_default_table_makes_of_a_warning(string tier, bool isShort, string kind, string to)
    {
        var outcome = WarningTable.Of(WarningTable.Table.Default, tier, isShort);
        Assert.That((outcome.Kind, string.Join(' ', outcome.To)), Is.EqualTo((kind, to)));
    }

    [TestCase("sent", "over", "over")]
    [TestCase("answered", "over", "over")]
    [TestCase("accepted", "over", null)]
    [TestCase("received", "pass", "sent")]
    [TestCase("answered", "pass", null)]
    [TestCase("received", "replace", "replaced")]
    [TestCase("raised", "raise", null)]
    public void What_rules_do_with_a_slip(string state, string act, string? after) => Assert.That(SlipRules.After(state, act, false), Is.EqualTo(after));

    private async Task<long> CaseAsync(int serial)
    {
        App.At(TestClock.Shanghai(2026, 3, 2, 9, 0));
        var court = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2424'");
        long id = 0;
        await Do(async c =>
        {
            id = await c.RegisterAsync(
                new NewCase
                {
                    Number = Number(serial),
                    CourtId = court,
                    Kind = "civil",
                    Cause = "民间借贷纠纷",
                    Procedure = "MC-ORD",
                    FiledOn = Filed,
                    Source = "triage",
                    Parties =
                    [
                        new NewParty
                        {
                            Name = "张某甲",
                            Role = "原告",
                            Type = "natural",
                        },
                        new NewParty
                        {
                            Name = "王某乙",
                            Role = "被告",
                            Type = "natural",
                        },
                    ],
                }
            );
            await c.AllotAsync(id, await App.IdOf("judge"), Filed);
        });
        return id;
    }

    private static string Number(int serial) => $"（2026）吉2424民初{serial}号";

    private async Task<long> PersonAsync(string login, string post, string division)
    {
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = login,
                    Name = $"示例{login[^2..]}",
                    Court = "吉2424",
                    Division = division,
                    Post = post,
                    Roles = [Roles.Leader],
                    Password = "Sample-2026-Sample",
                }
            );
        return await App.IdOf(login);
    }

    private Task<long> SendAsync(long id, long? to = null) =>
        App.As("leader")
            .Send(
                new SendSlip
                {
                    Kind = "prompt",
                    CaseId = id,
                    ToId = to,
                    Words = "请安排开庭",
                }
            );

    private async Task RoundAsync(int year, int month, int day, int hour = 9)
    {
        App.At(TestClock.Shanghai(year, month, day, hour, 0));
        await App.RunJob<RaiseSlips>();
    }

    private async Task<IReadOnlyList<string>> SlipsAsync(long id) =>
        await App.As(null)
            .Rows<string>("SELECT CONCAT(tier, ' ', kind, ' ', to_id, ' ', state) FROM workzone_slip WHERE case_id = @id ORDER BY id", new { id });

    private async Task AnswerAllAsync(long id)
    {
        foreach (var slip in await App.As(null).Rows<long>("SELECT id FROM workzone_slip WHERE case_id = @id AND state = 'sent'", new { id }))
            await App.As("judge")
                .Send(
                    new ActOnSlip
                    {
                        Id = slip,
                        Act = "answer",
                        Words = "正在办理",
                    }
                );
    }

    private async Task<string?> StateAsync(long slip) => await App.As(null).Value<string>("SELECT state FROM workzone_slip WHERE id = @slip", new { slip });

    private Task Do(Func<ICaseRegister, Task> act) =>
        App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await act(s.GetRequiredService<ICaseRegister>());
                await db.CommitAsync();
            });
}
