using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.CaseChanges;
using CourtOps.Workzone.Inspections;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Register;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Cases;

/// <summary>
/// What is recorded for trial limits: unlawful, contradicting, out of order, without evidence, taken back; applications and who decides them.
/// </summary>
public sealed class ClockTests() : AppTests(Engine.Sqlite)
{
    private static readonly DateOnly Filed = new(2026, 3, 2);

    [Test]
    public async Task What_the_law_does_not_compute_is_refused_by_name_and_keeps_no_other_line_of_a_file_back()
    {
        var id = await CaseAsync(9201);
        var paper = await App.As("judge").Document(id, "退查函");
        Assert.That(
            async () =>
                await App.As("judge")
                    .Send(
                        new DeductTime
                        {
                            CaseId = id,
                            Code = "D-BC",
                            From = new DateOnly(2026, 3, 10),
                            DocumentId = paper,
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("补充侦查").And.Message.Contains("民事一审普通程序")
        );
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        var n = Sample.Number(9201);
        var outcomes = await TakeAsync(
            $"{n},审限扣除开始,2026-03-10,D-BC,bc,,",
            $"{n},程序转换,2026-03-12,EX,,,",
            $"{n},审限延长,2026-03-13,200 month,,,",
            $"{n},审限延长,2026-03-13,月,,,",
            $"{n},开庭,2026-04-02,,h1,,"
        );
        Assert.That(outcomes.Select(o => o.Outcome), Is.EqualTo(new[] { "refused", "refused", "refused", "refused", "done" }));
        Assert.That(outcomes[0].Reason, Does.Contain("不适用于"));
        Assert.That(outcomes[1].Reason, Does.Contain("不能转为").And.Contain("简易程序"));
        Assert.That(outcomes[2].Reason, Does.Contain("120 个月"));
    }

    [Test]
    public async Task A_deduction_and_its_end_come_in_any_order_and_what_contradicts_is_refused()
    {
        await CaseAsync(9202);
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        var n = Sample.Number(9202);
        var first = await TakeAsync($"{n},审限扣除结束,2026-05-20,,a,,", $"{n},审限扣除开始,2026-04-10,D-GG,a,,", $"{n},审限扣除结束,2026-05-01,,b,,");
        Assert.That(first.Select(o => o.Outcome), Is.All.EqualTo("done"));
        var second = await TakeAsync(
            $"{n},审限扣除开始,2026-05-10,D-GG,b,,",
            $"{n},审限扣除开始,2026-05-25,D-GX,c,,",
            $"{n},审限扣除结束,2026-05-22,,c,,",
            $"{n},审限扣除结束,2026-05-21,,a,,",
            $"{n},审限扣除开始,2026-04-11,D-GG,a,,",
            $"{n},审限扣除开始,2026-04-10,D-GG,a,,"
        );
        Assert.That(second.Select(o => o.Outcome), Is.EqualTo(new[] { "refused", "done", "refused", "refused", "refused", "same" }));
        Assert.That(second[0].Reason, Does.Contain("2026-05-01"));
        Assert.That(second[2].Reason, Does.Contain("早于扣除的起日"));
        Assert.That(second[3].Reason, Does.Contain("2026-05-20"));
        var facts = await App.As(null).Rows<ClockFact>(ClockBook.Columns + " ORDER BY from_on");
        Assert.That(
            facts.Select(f => (f.Code, f.FromOn, f.ToOn)),
            Is.EqualTo(new[] { ("D-GG", new DateOnly(2026, 4, 10), (DateOnly?)new DateOnly(2026, 5, 20)), ("D-GX", new DateOnly(2026, 5, 25), null) })
        );
    }

    [Test]
    public async Task What_a_file_brings_without_its_document_waits_for_it()
    {
        var id = await CaseAsync(9203);
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        var n = Sample.Number(9203);
        await TakeAsync($"{n},审限扣除开始,2026-04-10,D-GG,a,,", $"{n},审限扣除结束,2026-05-20,,a,,");
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 9, 2)), "not counted yet");
        var none = await TakeAsync($"{n},审限扣除开始,2026-04-10,D-GG,a,,没有的文书");
        Assert.That(none.Single().Reason, Does.Contain("没有的文书"));
        var fact = (await App.As(null).Rows<ClockFact>(ClockBook.Columns)).Single();
        Assert.That(fact.Pending, Is.True);
        var paper = await App.As("judge").Document(id, "公告单");
        await App.As("judge")
            .Send(
                new AttachEvidence
                {
                    CaseId = id,
                    FactId = fact.Id,
                    DocumentId = paper,
                }
            );
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 10, 12)));
        var with = await TakeAsync($"{n},审限扣除开始,2026-05-10,D-GX,b,,公告单", $"{n},审限扣除结束,2026-05-25,,b,,");
        Assert.That(with.Select(o => o.Outcome), Is.All.EqualTo("done"));
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 10, 17)), "the overlap of ten days counts once");
        var show = await App.As("judge").Send(new ShowCase { Id = id });
        Assert.That(show.Deducted.Single().Days, Is.EqualTo(45));
        Assert.That(show.UsedDays, Is.EqualTo(91 - 45));
        Assert.That(show.Total, Is.EqualTo(184));
    }

    [Test]
    public async Task A_closed_case_is_counted_to_its_closing_and_a_service_is_drawn_only_where_one_was()
    {
        var id = await CaseAsync(9204);
        await Do(c => c.CloseAsync(id, "judgment", new DateOnly(2026, 3, 1).AddDays(1)));
        App.At(TestClock.Shanghai(2026, 12, 1, 9, 0));
        var show = await App.As("judge").Send(new ShowCase { Id = id });
        Assert.That((show.Over, show.UsedDays, show.LeftDays), Is.EqualTo((false, 0, 184)));
        Assert.That(CaseTimeline.Served(show.Lived), Is.Null);
        await App.Hear(
            new DocumentServed
            {
                CaseId = id,
                TaskId = 5,
                DocumentId = 6,
                RecipientName = "王某乙",
                Method = "post",
                EffectiveOn = new DateOnly(2026, 3, 20),
            }
        );
        show = await App.As("judge").Send(new ShowCase { Id = id });
        Assert.That(CaseTimeline.Served(show.Lived), Is.EqualTo(new DateOnly(2026, 3, 20)));
    }

    [Test]
    public async Task What_happened_before_a_closing_is_recorded_late_and_what_came_after_is_refused()
    {
        var id = await CaseAsync(9205);
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        await Do(c => c.CloseAsync(id, "judgment", new DateOnly(2026, 5, 10)));
        Task Say(DateOnly on) =>
            App.As("judge")
                .Send(
                    new RecordCaseEvent
                    {
                        CaseId = id,
                        Event = "hearing-held",
                        On = on,
                    }
                );
        await Say(new DateOnly(2026, 5, 8));
        Assert.That(() => Say(new DateOnly(2026, 5, 11)), Throws.TypeOf<RuleBroken>().With.Message.Contains("2026-05-10"));
        var lines = await TakeAsync($"{Sample.Number(9205)},开庭,2026-05-12,,x,,", $"{Sample.Number(9205)},开庭,2026-05-09,,y,,");
        Assert.That(lines.Select(l => l.Outcome), Is.EqualTo(new[] { "refused", "done" }));
    }

    [Test]
    public async Task A_changed_list_does_not_take_a_conversion_back()
    {
        App.At(TestClock.Shanghai(2026, 3, 2, 9, 0));
        await App.Import(Sample.Csv(Sample.Row(Sample.Number(9206), SampleParty.Provided, "judge", filed: "2026-02-10")));
        await App.DrainAsync();
        var id = await App.Value<long>("SELECT id FROM workzone_case WHERE number = @n", new { n = Sample.Number(9206) });
        await Do(c => c.ConvertAsync(id, "MC-SUM", new DateOnly(2026, 2, 20), "双方同意"));
        var end = await EndAsync(id);
        var (summary, _) = await App.Import(Sample.Csv(Sample.Row(Sample.Number(9206), SampleParty.Provided, "judge", filed: "2026-02-10", cause: "离婚纠纷")));
        Assert.That(summary.Updated, Is.EqualTo(1));
        Assert.That(await App.Value<string>("SELECT procedure_code FROM workzone_case WHERE id = @id", new { id }), Is.EqualTo("MC-SUM"));
        Assert.That(await EndAsync(id), Is.EqualTo(end));
        var csv = Sample.Csv(Sample.Row(Sample.Number(9206), SampleParty.Provided, "judge", filed: "2026-02-10", cause: "离婚纠纷"));
        var (refused, outcomes) = await App.Import(csv.Replace("MC-ORD", "MC-SML", StringComparison.Ordinal));
        Assert.That(refused.Refused, Is.EqualTo(1), "neither the one of the filing nor the present one");
        Assert.That(outcomes.Single().Errors.Single().Reason, Does.Contain("转换记录"));
    }

    [Test]
    public async Task A_judge_given_by_hand_lets_what_waited_be_opened()
    {
        var id = await CaseAsync(9207, allot: false);
        await Do(c => c.RecordAsync(id, "panel-formed", Filed, "early"));
        await App.DrainAsync();
        Assert.That(await TypesAsync(id), Does.Not.Contain("affair.serve-panel"));
        await Do(async c => await c.AllotAsync(id, await App.IdOf("judge"), Filed));
        await App.DrainAsync();
        var before = (await TypesAsync(id)).Count;
        await App.As("leader")
            .Send(
                new ChangeJudge
                {
                    CaseId = id,
                    Judge = "judge2",
                    Reason = "工作调整",
                }
            );
        await App.DrainAsync();
        Assert.That(await TypesAsync(id), Has.Count.EqualTo(before), "the work of a case that changes hands is not asked for anew");
        Assert.That(
            await App.As(null)
                .Rows<string>(
                    "SELECT COALESCE(trigger_reason, '') FROM workzone_case_event WHERE case_id = @id AND event = 'allotted' ORDER BY id",
                    new { id }
                ),
            Is.EqualTo(new[] { "", "changed" })
        );
    }

    [Test]
    public async Task An_event_taken_back_withdraws_its_orders_and_recorded_again_opens_them_once()
    {
        var id = await CaseAsync(9208);
        await App.DrainAsync();
        Task Say(int day) =>
            App.As("judge")
                .Send(
                    new RecordCaseEvent
                    {
                        CaseId = id,
                        Event = "panel-formed",
                        On = new DateOnly(2026, 3, day),
                    }
                );
        App.At(TestClock.Shanghai(2026, 3, 20, 9, 0));
        await Say(5);
        await App.DrainAsync();
        var wrong = await App.As(null).Value<long>("SELECT id FROM workzone_case_event WHERE case_id = @id AND event = 'panel-formed'", new { id });
        await App.As("judge")
            .Send(
                new UndoEvent
                {
                    CaseId = id,
                    EventId = wrong,
                    Reason = "日期登记错误",
                }
            );
        var orders = await OrdersAsync(id, "affair.serve-panel");
        Assert.That(orders, Is.EqualTo(new[] { "1:cancelled" }));
        await Say(6);
        await App.DrainAsync();
        await App.HearAgain<CaseEventRecorded>();
        Assert.That(await OrdersAsync(id, "affair.serve-panel"), Is.EqualTo(new[] { "1:cancelled", "2:queued" }));
        // recorded on the same day again after it was taken back, with the work done meanwhile
        var right = await App.As(null)
            .Value<long>("SELECT id FROM workzone_case_event WHERE case_id = @id AND event = 'panel-formed' AND undone_at IS NULL", new { id });
        await App.As(null)
            .Change("UPDATE workzone_order SET state = 'closed', is_open = 0 WHERE case_id = @id AND order_type LIKE 'affair.%panel%'", new { id });
        await App.As("judge")
            .Send(
                new UndoEvent
                {
                    CaseId = id,
                    EventId = right,
                    Reason = "再核对",
                }
            );
        await Say(6);
        await App.DrainAsync();
        Assert.That(await OrdersAsync(id, "affair.serve-panel"), Has.Count.EqualTo(2), "what was done is not asked for again");
    }

    [Test]
    public async Task A_fact_recorded_wrongly_is_taken_back_and_the_limit_is_as_before()
    {
        var id = await CaseAsync(9209);
        var paper = await App.As("judge").Document(id, "公告单");
        App.At(TestClock.Shanghai(2026, 6, 1, 9, 0));
        Task Deduct() =>
            App.As("judge")
                .Send(
                    new DeductTime
                    {
                        CaseId = id,
                        Code = "D-GG",
                        From = new DateOnly(2026, 4, 1),
                        To = new DateOnly(2026, 5, 1),
                        DocumentId = paper,
                    }
                );
        await Deduct();
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 10, 2)));
        var fact = await App.As(null).Value<long>("SELECT id FROM workzone_clock_fact WHERE case_id = @id", new { id });
        UndoClockFact Undo(long f, string reason = "登记错误") =>
            new()
            {
                CaseId = id,
                FactId = f,
                Reason = reason,
            };
        Assert.That(async () => await App.As("judge").Send(Undo(fact, "")), Throws.TypeOf<FluentValidation.ValidationException>());
        Assert.That(async () => await App.As("clerk").Send(Undo(fact)), Throws.Exception);
        await App.As("judge").Send(Undo(fact));
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 9, 2)));
        Assert.That(async () => await App.As("judge").Send(Undo(fact)), Throws.TypeOf<NotFound>(), "twice");
        await Deduct();
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 10, 2)), "the right one can be recorded");
        // conversions: the middle one of two is taken back, then the last
        await Do(c => c.ConvertAsync(id, "MC-SUM", new DateOnly(2026, 3, 20), "双方同意"));
        await Do(c => c.ConvertAsync(id, "MC-ORD", new DateOnly(2026, 4, 20), "案情复杂"));
        var conversions = await App.As(null).Rows<ClockFact>(ClockBook.Columns + " WHERE case_id = @id AND kind = 'conversion' ORDER BY from_on", new { id });
        Assert.That(async () => await App.As("judge").Send(Undo(conversions[1].Id)), Throws.TypeOf<Forbidden>());
        Assert.That(
            async () => await App.As("leader").Send(Undo(conversions[0].Id)),
            Throws.TypeOf<RuleBroken>(),
            "the second would come from its own procedure"
        );
        await App.As("leader").Send(Undo(conversions[1].Id));
        await App.As("leader").Send(Undo(conversions[0].Id));
        Assert.That(await App.As(null).Value<string>("SELECT procedure_code FROM workzone_case WHERE id = @id", new { id }), Is.EqualTo("MC-ORD"));
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 10, 2)));
    }

    [Test]
    public async Task A_closing_is_taken_back_with_what_it_opened_and_everybody_hears_of_it()
    {
        var id = await CaseAsync(9210);
        App.At(TestClock.Shanghai(2026, 5, 11, 9, 0));
        await Do(c => c.CloseAsync(id, "withdrawn", new DateOnly(2026, 5, 10)));
        await App.DrainAsync();
        Assert.That(await OrdersAsync(id, "affair.archive"), Is.EqualTo(new[] { "1:queued" }));
        ReopenCase Reopen() => new() { CaseId = id, Reason = "误报结案" };
        Assert.That(async () => await App.As("judge").Send(Reopen()), Throws.TypeOf<Forbidden>());
        await App.As("leader").Send(Reopen());
        await App.DrainAsync();
        Assert.That(await OrdersAsync(id, "affair.archive"), Is.EqualTo(new[] { "1:cancelled" }));
        Assert.That(await App.As(null).Value<string>("SELECT state FROM workzone_case WHERE id = @id", new { id }), Is.EqualTo("open"));
        Assert.That((await App.Published<CaseClosed>()).Where(c => c.CaseId == id).Select(c => c.Reopened), Is.EqualTo(new[] { false, true }));
        Assert.That(async () => await App.As("leader").Send(Reopen()), Throws.TypeOf<RuleBroken>().With.Message.Contains("没有结案"));
        await Do(c => c.CloseAsync(id, "withdrawn", new DateOnly(2026, 5, 11)));
        await App.DrainAsync();
        Assert.That(await OrdersAsync(id, "affair.archive"), Is.EqualTo(new[] { "1:cancelled", "2:queued" }));
        await Do(c => c.RecordAsync(id, "effective", new DateOnly(2026, 5, 11), "effective"));
        Assert.That(async () => await App.As("leader").Send(Reopen()), Throws.TypeOf<RuleBroken>().With.Message.Contains("生效"));
        await App.RunJob<Supervision.RecountCases>();
        Assert.That(await App.As(null).Value<int>("SELECT SUM(wrong) FROM workzone_case_counted"), Is.Zero);
    }

    [Test]
    public async Task An_application_reaches_those_who_decide_and_its_outcome_whoever_applied()
    {
        var id = await CaseAsync(9211);
        var paper = await App.As("judge").Document(id, "延长审限报告");
        App.At(TestClock.Shanghai(2026, 8, 17, 9, 0));
        AskExtension Ask(int n) =>
            new()
            {
                CaseId = id,
                N = n,
                DocumentId = paper,
                Reason = "需要补充鉴定",
            };
        Assert.That(async () => await App.As("judge").Send(Ask(7)), Throws.TypeOf<RuleBroken>().With.Message.Contains("6 个月"));
        var asked = await App.As("judge").Send(Ask(3));
        Assert.That((await App.As("leader").Send(new ListExtensions())).Rows.Select(r => r.Id), Does.Contain(asked));
        Assert.That(await NoticesAsync("leader"), Has.Some.Contains("申请").And.Some.Contains("审限延长"));
        App.At(TestClock.Shanghai(2026, 8, 27, 9, 0));
        await App.RunJob<RemindExtensions>();
        await App.RunJob<RemindExtensions>();
        Assert.That((await NoticesAsync("leader")).Count(w => w.Contains("应在 2026-08-28 前决定", StringComparison.Ordinal)), Is.EqualTo(2), "asked and due");
        App.At(TestClock.Shanghai(2026, 9, 3, 9, 0));
        await App.RunJob<RemindExtensions>();
        Assert.That(await NoticesAsync("judge"), Has.Some.Contains("仍未决定"));
        Assert.That(
            async () => await App.As("leader").Send(new DecideExtension { Id = asked, Granted = true }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("届满")
        );
        await App.As("leader")
            .Send(
                new DecideExtension
                {
                    Id = asked,
                    Granted = false,
                    Words = "已过期限",
                }
            );
        Assert.That(await NoticesAsync("judge"), Has.Some.Contains("未获批准"));
        Assert.That((await App.As("leader").Send(new ListExtensions())).Rows, Is.Empty);
    }

    [Test]
    public async Task A_conversion_is_asked_with_its_ruling_and_decided_before_the_limit_expires()
    {
        var id = await CaseAsync(9212, "MC-SUM");
        var ruling = await App.As("judge").Document(id, "转换程序裁定书");
        App.At(TestClock.Shanghai(2026, 5, 29, 9, 0));
        AskConversion Ask(string to) =>
            new()
            {
                CaseId = id,
                Procedure = to,
                DocumentId = ruling,
                Reason = "案情复杂",
            };
        Assert.That(async () => await App.As("judge").Send(Ask("AD-1")), Throws.TypeOf<RuleBroken>().With.Message.Contains("不能转为"));
        Assert.That(async () => await App.As("judge").Send(Ask("MC-SUM")), Throws.TypeOf<RuleBroken>());
        var asked = await App.As("judge").Send(Ask("MC-ORD"));
        Assert.That(async () => await App.As("judge").Send(Ask("MC-ORD")), Throws.TypeOf<RuleBroken>().With.Message.Contains("已有一份"));
        await App.As("leader").Send(new DecideExtension { Id = asked, Granted = true });
        Assert.That(await EndAsync(id), Is.EqualTo(new DateOnly(2026, 9, 2)));
        Assert.That(await NoticesAsync("judge"), Has.Some.Contains("程序转换申请已批准"));
        // a day after expiry: neither asked nor granted
        var late = await CaseAsync(9213, "MC-SUM");
        var paper = await App.As("judge").Document(late, "裁定书");
        var waiting = await App.As("judge").Send(Ask("MC-ORD") with { CaseId = late, DocumentId = paper });
        App.At(TestClock.Shanghai(2026, 6, 3, 9, 0));
        Assert.That(
            async () => await App.As("leader").Send(new DecideExtension { Id = waiting, Granted = true }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("届满前")
        );
        var other = await CaseAsync(9214, "MC-ORD");
        await Do(c => c.RecordAsync(other, "hearing-held", new DateOnly(2026, 4, 1), "h"));
        var another = await App.As("judge").Document(other, "裁定书");
        Assert.That(
            async () => await App.As("judge").Send(Ask("MC-SUM") with { CaseId = other, DocumentId = another }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("已经开庭")
        );
    }

    [Test]
    public async Task What_comes_with_a_prosecution_is_registered_and_custody_is_of_each_accused()
    {
        var id = await App.Case(9216, new SampleParty("王某乙", "被告人"), new SampleParty("赵某丙", "被告人") { IdNumber = "" });
        Assert.That(
            async () => await App.As("judge").Send(new SaveProsecution { CaseId = id, Office = "县检察院" }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("刑事")
        );
        await App.As(null).Change("UPDATE workzone_case SET kind = 'criminal', procedure_code = 'CR-1' WHERE id = @id", new { id });
        await Do(c =>
            c.ProsecutionAsync(
                id,
                new Prosecution
                {
                    Office = "县人民检察院",
                    Number = "检刑诉〔2026〕1号",
                    Volumes = 3,
                    Custody = [new("王某乙", new DateOnly(2026, 5, 20), "看守所")],
                }
            )
        );
        var show = await App.As("judge").Send(new ShowRegister { CaseId = id });
        Assert.That((show.Prosecution.Office, show.Prosecution.Volumes), Is.EqualTo(("县人民检察院", 3)));
        Assert.That(show.Parties.Single(p => p.Name == "王某乙").CustodyUntil, Is.EqualTo(new DateOnly(2026, 5, 20)));
        Task Held(string name, DateOnly? until) =>
            App.As("judge")
                .Send(
                    new SavePartyRegister
                    {
                        PartyId = show.Parties.Single(p => p.Name == name).Id,
                        CustodyUntil = until,
                        CustodyPlace = "看守所",
                    }
                );
        await Held("赵某丙", new DateOnly(2026, 4, 10));
        Assert.That(await CustodyAsync(id), Is.EqualTo(new DateOnly(2026, 4, 10)), "the earliest of them");
        await Held("赵某丙", null);
        Assert.That(await CustodyAsync(id), Is.EqualTo(new DateOnly(2026, 5, 20)));
        Assert.That(() => Held("张某甲", new DateOnly(2026, 4, 10)), Throws.TypeOf<RuleBroken>().With.Message.Contains("被告人"));
    }

    private Task<DateOnly?> CustodyAsync(long id) => App.As(null).Value<DateOnly?>("SELECT custody_until FROM workzone_case WHERE id = @id", new { id });

    [Test]
    public async Task A_case_goes_to_another_court_with_its_open_orders_withdrawn()
    {
        var id = await CaseAsync(9215);
        await App.DrainAsync();
        var open = await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_order WHERE case_id = @id AND is_open = 1", new { id });
        Assert.That(open, Is.GreaterThan(0));
        var ruling = await App.As("judge").Document(id, "移送裁定书");
        var courts = await App.As(null).Rows<long>("SELECT id FROM workzone_court WHERE code <> '吉2424' ORDER BY code");
        TransferCase Go(long court) =>
            new()
            {
                CaseId = id,
                CourtId = court,
                DocumentId = ruling,
                Reason = "有管辖权的是被告住所地法院",
            };
        var own = await App.As(null).Value<long>("SELECT court_id FROM workzone_case WHERE id = @id", new { id });
        Assert.That(async () => await App.As("judge").Send(Go(own)), Throws.TypeOf<RuleBroken>());
        Assert.That(async () => await App.As("judge").Send(Go(courts[0]) with { DocumentId = null }), Throws.TypeOf<FluentValidation.ValidationException>());
        Assert.That((await App.As("judge").Send(Go(courts[0]))).Withdrawn, Has.Count.EqualTo(open));
        await App.DrainAsync();
        Assert.That(
            await App.As(null).Value<string>("SELECT CONCAT(state, ' ', closed_how) FROM workzone_case WHERE id = @id", new { id }),
            Is.EqualTo("closed transferred")
        );
        Assert.That(
            await App.As(null).Rows<string>("SELECT order_type FROM workzone_order WHERE case_id = @id AND is_open = 1", new { id }),
            Is.EqualTo(new[] { "affair.send-file" })
        );
        Assert.That(async () => await App.As("judge").Send(Go(courts[0])), Throws.TypeOf<RuleBroken>().With.Message.Contains("已经结案"), "twice");
    }

    private async Task<IReadOnlyList<string>> NoticesAsync(string person) =>
        await App.As(person)
            .In(async s =>
            {
                var t = s.GetRequiredService<Kernel.Web.Texts>();
                var list = await s.GetRequiredService<MediatR.IMediator>().Send(new ListNotices());
                return (IReadOnlyList<string>)[.. list.Notices.Where(n => n.Kind == NoticeKinds.Extension).Select(n => n.Words(t))];
            });

    private async Task<IReadOnlyList<ShowChanges.Row>> TakeAsync(params string[] lines)
    {
        var id = await App.As("registrar")
            .Send(new TakeChanges { FileName = "变动.csv", Text = "案号,事件,日期,细项,标识,法官,证明文件\n" + string.Join('\n', lines) });
        await App.DrainAsync();
        return (await App.As("registrar").Send(new ShowChanges { Id = id })).Rows;
    }

    private async Task<long> CaseAsync(int serial, string procedure = "MC-ORD", bool allot = true)
    {
        var court = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2424'");
        long id = 0;
        await Do(async c =>
        {
            id = await c.RegisterAsync(
                new NewCase
                {
                    Number = Sample.Number(serial),
                    CourtId = court,
                    Kind = "civil",
                    Cause = "民间借贷纠纷",
                    Procedure = procedure,
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
            if (allot)
                await c.AllotAsync(id, await App.IdOf("judge"), Filed);
        });
        return id;
    }

    private async Task Do(Func<ICaseRegister, Task> act) =>
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await act(s.GetRequiredService<ICaseRegister>());
                await db.CommitAsync();
            });

    private Task<DateOnly> EndAsync(long id) => App.As(null).Value<DateOnly>("SELECT clock_end FROM workzone_case WHERE id = @id", new { id });

    private Task<IReadOnlyList<string>> TypesAsync(long id) =>
        App.As(null).Rows<string>("SELECT order_type FROM workzone_order WHERE case_id = @id ORDER BY id", new { id });

    private Task<IReadOnlyList<string>> OrdersAsync(long id, string type) =>
        App.As(null)
            .Rows<string>("SELECT CONCAT(round, ':', state) FROM workzone_order WHERE case_id = @id AND order_type = @type ORDER BY round", new { id, type });
}
