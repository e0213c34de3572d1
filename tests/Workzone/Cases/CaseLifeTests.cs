using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Supervision;
using CourtOps.Workzone.Triggers;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Cases;

/// <summary>The life of a case over the face of the centres: number, judge, clock with its facts, events and what they open.</summary>
public sealed class CaseLifeTests() : AppTests(Engine.Sqlite)
{
    private static readonly DateOnly Filed = new(2026, 3, 2);

    [Test]
    public async Task A_registered_and_allotted_case_is_under_control_and_its_events_open_orders_once()
    {
        var id = await RegisterAsync("（2026）吉2424民初9001号");
        Assert.That(await App.Value<DateOnly>("SELECT clock_end FROM workzone_case WHERE id = @id", new { id }), Is.EqualTo(new DateOnly(2026, 9, 2)));
        await App.DrainAsync();
        Assert.That(await TypesAsync(id), Is.EqualTo(new[] { "affair.scan-filing" }), "before a judge is there only filing work is opened");
        await Do(c => c.AllotAsync(id, 0, Filed), expect: "不是本院在岗的法官");
        var judge = await App.IdOf("judge");
        await Do(c => c.AllotAsync(id, judge, Filed));
        await App.DrainAsync();
        Assert.That(await TypesAsync(id), Is.EqualTo(new[] { "affair.scan-filing", "affair.serve-complaint" }));
        Assert.That(await App.As("judge").In(s => s.GetRequiredService<ICases>().CanReadAsync(id)), Is.True, "the judge sees it at once");
        await App.HearAgain<CaseEventRecorded>();
        Assert.That(await TypesAsync(id), Has.Count.EqualTo(2), "the same word again opens nothing");
        var row = await App.Value<string>("SELECT trigger_row FROM workzone_case_event WHERE case_id = @id AND event = 'allotted'", new { id });
        Assert.That(row, Is.EqualTo("10"), "the row that fired stands with the event");
    }

    [Test]
    public async Task A_number_is_given_once_and_what_cannot_be_is_refused_by_name()
    {
        await RegisterAsync("（2026）吉2424民初9002号");
        Assert.That(async () => await RegisterAsync("（2026）吉2424民初9002号"), Throws.TypeOf<RuleBroken>().With.Message.Contains("已经有案件"));
        Assert.That(async () => await RegisterAsync("第9002号"), Throws.TypeOf<RuleBroken>().With.Message.Contains("不合格式"));
        Assert.That(async () => await RegisterAsync("（2026）吉2424民初9003号", parties: []), Throws.TypeOf<RuleBroken>());
    }

    // B-03: ordinary, filed 2026-03-02, base end 2026-09-02; opinion 04-10 to 05-20 = 40 days → 10-12; +6 months → 2027-04-12
    [Test]
    public async Task The_clock_of_a_case_equals_the_rule_books_example()
    {
        var id = await RegisterAsync("（2026）吉2424民初9004号");
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        await App.Hear(
            new ExpertEnded
            {
                CaseId = id,
                OpinionId = 7,
                On = new DateOnly(2026, 5, 20),
            }
        );
        await App.Hear(
            new ExpertEntrusted
            {
                CaseId = id,
                OpinionId = 7,
                On = new DateOnly(2026, 4, 10),
            }
        );
        await App.Hear(
            new ExpertEnded
            {
                CaseId = id,
                OpinionId = 7,
                On = new DateOnly(2026, 5, 20),
            }
        );
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 10, 12)));
        await Do(c => c.DeductAsync(id, "D-HJ", new DateOnly(2026, 5, 10), new DateOnly(2026, 5, 20), "overlap", null, "和解"));
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 10, 12)), "what overlaps counts once");
        await Do(c => c.ExtendAsync(id, 6, "month", new DateOnly(2026, 9, 1), "e", null, "院长批准"));
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2027, 4, 12)));
        var moved = await App.Published<ClockMoved>();
        Assert.That(moved.Select(m => m.To), Does.Contain(new DateOnly(2026, 10, 12)).And.Contain(new DateOnly(2027, 4, 12)));
    }

    // B-02: filed 2026-05-08 under the simple procedure (end 08-08), converted 07-30 → 2026-11-08
    [Test]
    public async Task A_conversion_counts_from_the_original_filing()
    {
        App.At(TestClock.Shanghai(2026, 7, 30, 9, 0));
        var id = await RegisterAsync("（2026）吉2424民初9005号", "MC-SUM", new DateOnly(2026, 5, 8));
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 8, 8)));
        await Do(c => c.ConvertAsync(id, "MC-ORD", new DateOnly(2026, 7, 30), "案情复杂"));
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 11, 8)));
        await App.RunJob<Jobs.RecomputeClocks>();
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 11, 8)), "the nightly computation uses the same facts");
    }

    [Test]
    public async Task An_extension_is_asked_in_time_decided_by_another_and_refused_late_with_the_article()
    {
        var id = await RegisterAsync("（2026）吉2424民初9006号");
        await Do(async c => await c.AllotAsync(id, await App.IdOf("judge"), Filed));
        var paper = await App.As("judge").Document(id, "延长审限报告");
        App.At(TestClock.Shanghai(2026, 8, 17, 9, 0));
        var asked = await App.As("judge")
            .Send(
                new AskExtension
                {
                    CaseId = id,
                    N = 6,
                    DocumentId = paper,
                    Reason = "需要补充鉴定",
                }
            );
        Assert.That(async () => await App.As("judge").Send(new DecideExtension { Id = asked, Granted = true }), Throws.TypeOf<Forbidden>());
        await App.As("leader").Send(new DecideExtension { Id = asked, Granted = true });
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2027, 3, 2)));
        Assert.That(async () => await App.As("leader").Send(new DecideExtension { Id = asked, Granted = true }), Throws.TypeOf<Conflict>(), "twice at once");
        App.At(TestClock.Shanghai(2027, 2, 16, 9, 0));
        Assert.That(
            async () =>
                await App.As("judge")
                    .Send(
                        new AskExtension
                        {
                            CaseId = id,
                            N = 3,
                            DocumentId = paper,
                            Reason = "还要",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("法释〔2018〕9号").And.Message.Contains("2027-02-15")
        );
    }

    [Test]
    public async Task A_deduction_needs_its_evidence()
    {
        var id = await RegisterAsync("（2026）吉2424民初9007号");
        await Do(async c => await c.AllotAsync(id, await App.IdOf("judge"), Filed));
        Assert.That(
            async () =>
                await App.As("judge")
                    .Send(
                        new DeductTime
                        {
                            CaseId = id,
                            Code = "D-GG",
                            From = Filed,
                        }
                    ),
            Throws.TypeOf<FluentValidation.ValidationException>().With.Message.Contains("证明文件")
        );
    }

    [Test]
    public async Task Events_are_recorded_once_in_any_order_and_contradictions_are_refused()
    {
        var id = await RegisterAsync("（2026）吉2424民初9008号");
        await Do(async c => await c.AllotAsync(id, await App.IdOf("judge"), Filed));
        Task<RecordCaseEvent.Result> Say(string e, DateOnly on, string detail = "") =>
            App.As("judge")
                .Send(
                    new RecordCaseEvent
                    {
                        CaseId = id,
                        Event = e,
                        On = on,
                        Detail = detail,
                    }
                );
        App.At(TestClock.Shanghai(2026, 5, 4, 9, 0));
        Assert.That((await Say("panel-formed", new DateOnly(2026, 3, 10))).Recorded, Is.True);
        Assert.That((await Say("panel-formed", new DateOnly(2026, 3, 10))).Recorded, Is.False);
        Assert.That(async () => await Say("hearing-held", new DateOnly(2026, 2, 1)), Throws.TypeOf<RuleBroken>().With.Message.Contains("早于立案日期"));
        Assert.That(async () => await Say("hearing-held", new DateOnly(2026, 6, 1)), Throws.TypeOf<RuleBroken>().With.Message.Contains("今天之后"));
        Assert.That((await Say("closed", new DateOnly(2026, 5, 1), "judgment")).Recorded, Is.True);
        Assert.That(async () => await Say("closed", new DateOnly(2026, 5, 2), "judgment"), Throws.TypeOf<RuleBroken>().With.Message.Contains("已经结案"));
        Assert.That((await App.Published<CaseClosed>()).Single(c => c.CaseId == id).How, Is.EqualTo("judgment"));
    }

    [Test]
    public async Task An_old_event_opens_nothing_and_says_so()
    {
        App.At(TestClock.Shanghai(2026, 7, 1, 9, 0));
        var id = await RegisterAsync("（2026）吉2424民初9009号");
        await App.DrainAsync();
        Assert.That(await TypesAsync(id), Is.Empty);
        Assert.That(await App.Value<string>("SELECT trigger_reason FROM workzone_case_event WHERE case_id = @id", new { id }), Is.EqualTo("old"));
    }

    [Test]
    public async Task A_slip_goes_point_to_point_and_rises_when_nobody_answers()
    {
        var id = await RegisterAsync("（2026）吉2424民初9010号");
        await Do(async c => await c.AllotAsync(id, await App.IdOf("judge"), Filed));
        var slip = await App.As("leader")
            .Send(
                new SendSlip
                {
                    Kind = "prompt",
                    CaseId = id,
                    Words = "请安排开庭",
                }
            );
        Assert.That(async () => await App.As("judge2").Send(new ActOnSlip { Id = slip, Act = "receive" }), Throws.TypeOf<NotFound>());
        await App.As("judge").Send(new ActOnSlip { Id = slip, Act = "receive" });
        Assert.That(async () => await App.As("judge").Send(new ActOnSlip { Id = slip, Act = "answer" }), Throws.TypeOf<FluentValidation.ValidationException>());
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
        App.At(TestClock.Shanghai(2026, 3, 20, 9, 0));
        await App.RunJob<RaiseSlips>();
        await App.RunJob<RaiseSlips>();
        var all = await App.Rows<Told>("SELECT kind, state FROM workzone_slip WHERE case_id = @id ORDER BY id", new { id });
        Assert.That(all.Select(s => (s.Kind, s.State)), Is.EqualTo(new[] { ("prompt", "raised"), ("urge", "sent") }));
    }

    [Test]
    public async Task A_matter_left_lying_reaches_each_leader_once_and_ends_with_its_case()
    {
        var id = await RegisterAsync("（2026）吉2424民初9020号");
        await Do(async c => await c.AllotAsync(id, await App.IdOf("judge"), Filed));
        await App.As("leader")
            .Send(
                new SendSlip
                {
                    Kind = "supervise",
                    CaseId = id,
                    Words = "请说明原因",
                }
            );
        var leaders = await App.As(null)
            .Value<int>(
                "SELECT COUNT(*) FROM workzone_role_grant r JOIN workzone_case c ON c.court_id = r.court_id WHERE c.id = @id AND r.role = 'leader'",
                new { id }
            );
        Task<int> Open() => App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_slip WHERE case_id = @id AND ended_at IS NULL", new { id });
        for (var week = 1; week <= 6; week++)
        {
            App.At(TestClock.Shanghai(2026, 3, 2, 9, 0).AddDays(14 * week));
            await App.RunJob<RaiseSlips>();
            Assert.That(await Open(), Is.LessThanOrEqualTo(1 + leaders), $"round {week}: one for the judge, one for each leader");
        }
        Assert.That(await Open(), Is.GreaterThan(0), "what nobody answers is not forgotten");
        await Do(c => c.CloseAsync(id, "judgment", new DateOnly(2026, 5, 20)));
        App.At(TestClock.Shanghai(2026, 7, 20, 9, 0));
        await App.RunJob<RaiseSlips>();
        Assert.That(await Open(), Is.Zero, "a matter that is over ends");
    }

    [Test]
    public async Task An_event_before_the_allotment_opens_its_orders_when_the_judge_is_there()
    {
        var id = await RegisterAsync("（2026）吉2424民初9021号");
        App.At(TestClock.Shanghai(2026, 3, 4, 9, 0));
        await Do(c => c.RecordAsync(id, "panel-formed", new DateOnly(2026, 3, 3), "early"));
        await App.DrainAsync();
        Assert.That(
            await App.Value<string>("SELECT trigger_reason FROM workzone_case_event WHERE case_id = @id AND event = 'panel-formed'", new { id }),
            Is.EqualTo("waits")
        );
        await Do(async c => await c.AllotAsync(id, await App.IdOf("judge"), new DateOnly(2026, 3, 4)));
        await App.DrainAsync();
        Assert.That(await TypesAsync(id), Does.Contain("affair.serve-panel").And.Contain("affair.serve-complaint"));
        Assert.That(
            await App.Value<string?>("SELECT trigger_reason FROM workzone_case_event WHERE case_id = @id AND event = 'panel-formed'", new { id }),
            Is.Null
        );
    }

    [Test]
    public async Task A_deduction_is_not_taken_twice_and_its_end_not_before_its_beginning()
    {
        var id = await RegisterAsync("（2026）吉2424民初9022号");
        await Do(async c => await c.AllotAsync(id, await App.IdOf("judge"), Filed));
        var paper = await App.As("judge").Document(id, "公告");
        Task Take(DateOnly? to) =>
            App.As("judge")
                .Send(
                    new DeductTime
                    {
                        CaseId = id,
                        Code = "D-GG",
                        From = new DateOnly(2026, 4, 1),
                        To = to,
                        DocumentId = paper,
                    }
                );
        Assert.That(() => Take(new DateOnly(2026, 3, 30)), Throws.TypeOf<RuleBroken>().With.Message.Contains("早于起日"));
        await Take(null);
        Assert.That(() => Take(null), Throws.TypeOf<RuleBroken>().With.Message.Contains("已经登记过"));
    }

    [TestCase(0.79, null)]
    [TestCase(0.8, "prompt")]
    [TestCase(1.0, "urge")]
    [TestCase(1.49, "urge")]
    [TestCase(1.5, "supervise")]
    public void A_slip_follows_from_the_share_of_the_target(double used, string? kind) => Assert.That(SlipRules.ForOrder(used), Is.EqualTo(kind));

    [TestCase("sent", "receive", true, "received")]
    [TestCase("sent", "answer", true, "answered")]
    [TestCase("sent", "accept", false, null)]
    [TestCase("answered", "accept", false, "accepted")]
    [TestCase("answered", "accept", true, null)]
    [TestCase("answered", "send-back", false, "received")]
    [TestCase("accepted", "answer", true, null)]
    [TestCase("received", "raise", false, "raised")]
    public void The_states_of_a_slip(string state, string act, bool receiver, string? after) =>
        Assert.That(SlipRules.After(state, act, receiver), Is.EqualTo(after));

    [TestCase("民初", "first")]
    [TestCase("民终", "second")]
    [TestCase("民再", "retrial")]
    [TestCase("民申", "retrial")]
    [TestCase("执", "other")]
    public void The_instance_by_the_type_of_the_number(string type, string instance) =>
        Assert.That(Reactions.WhenCaseEventRecorded.InstanceOf(type), Is.EqualTo(instance));

    [Test]
    public async Task The_leaders_figures_equal_a_recount_and_open_their_lists()
    {
        var near = await RegisterAsync("（2026）吉2424民初9011号");
        await Do(async c => await c.AllotAsync(near, await App.IdOf("judge"), Filed));
        App.At(TestClock.Shanghai(2026, 8, 20, 9, 0));
        var view = await App.As("leader").Send(new ShowLeaderView { Open = "near" });
        var counted = await App.As(null)
            .Value<int>("SELECT COUNT(*) FROM workzone_case WHERE state = 'open' AND clock_end >= '2026-08-20' AND clock_end <= '2026-09-19'");
        Assert.That(view.Figures.Single(f => f.Code == "near").Count, Is.EqualTo(counted).And.GreaterThan(0));
        Assert.That(view.Cases.Select(c => c.Id), Does.Contain(near));
        Assert.That(async () => await App.As("judge").Send(new ShowLeaderView()), Throws.TypeOf<Forbidden>());
    }

    private async Task<long> RegisterAsync(string number, string procedure = "MC-ORD", DateOnly? filed = null, IReadOnlyList<NewParty>? parties = null)
    {
        var court = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2424'");
        long id = 0;
        await Do(async c =>
            id = await c.RegisterAsync(
                new NewCase
                {
                    Number = number,
                    CourtId = court,
                    Kind = "civil",
                    Cause = "民间借贷纠纷",
                    Procedure = procedure,
                    FiledOn = filed ?? Filed,
                    Source = "triage",
                    Parties =
                        parties
                        ??
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
            )
        );
        return id;
    }

    private async Task Do(Func<ICaseRegister, Task> act, string? expect = null)
    {
        async Task Run() =>
            await App.As(null)
                .In(async s =>
                {
                    var db = s.GetRequiredService<Db>();
                    await db.BeginAsync();
                    await act(s.GetRequiredService<ICaseRegister>());
                    await db.CommitAsync();
                });
        if (expect is null)
            await Run();
        else
            Assert.That(Run, Throws.TypeOf<RuleBroken>().With.Message.Contains(expect));
    }

    private Task<DateOnly> EndAsync(long id) =>
        App.As(null).In(async s => await s.GetRequiredService<Db>().FirstAsync<DateOnly>("SELECT clock_end FROM workzone_case WHERE id = @id", new { id }));

    private async Task<IReadOnlyList<string>> TypesAsync(long id) =>
        [.. await App.As(null).Rows<string>("SELECT order_type FROM workzone_order WHERE case_id = @id ORDER BY id", new { id })];

    private sealed record Told
    {
        public string Kind { get; init; } = "";
        public string State { get; init; } = "";
    }
}
