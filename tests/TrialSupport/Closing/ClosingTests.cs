using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Law;
using CourtOps.TrialSupport.Closing;
using CourtOps.TrialSupport.Experts;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Closing;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ClosingTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_case_with_an_open_hearing_is_not_closed_and_silent_centres_are_waited_for()
    {
        await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var caseId = await App.Case(1, SampleParty.Provided);
        var hearing = await App.As("judge").Send(new BookHearing { CaseId = caseId, Minutes = 60 });
        var close = new CloseCase
        {
            CaseId = caseId,
            How = "withdrawn",
            On = new DateOnly(2026, 3, 2),
        };
        await Assert.ThatAsync(() => App.As("judge").Send(close), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-asked"));
        await App.As("judge").Send(new AskClosing { CaseId = caseId });
        await App.DrainAsync();
        await Assert.ThatAsync(() => App.As("judge").Send(close), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("missing"));
        await App.As("judge").Send(new CancelHearing { Id = hearing.Id, Reason = "撤诉" });
        var ask = await App.As("judge").Send(new AskClosing { CaseId = caseId });
        await App.DrainAsync();
        // the other centres of this host that have not answered by themselves
        foreach (var centre in Centres.Labels.Keys.Where(c => c is Centres.Service))
            await App.Hear(
                new ClosingCheckAnswered
                {
                    AskId = ask,
                    CaseId = caseId,
                    Centre = centre,
                },
                Catalogue.CaseKey(caseId)
            );
        App.Advance(AskClosing.Wait + TimeSpan.FromMinutes(1));
        await App.As("judge").Send(close);
        Assert.That((await App.Published<CaseClosed>()).Single().How, Is.EqualTo("withdrawn"));
        await Assert.ThatAsync(() => App.As("judge").Send(new AskClosing { CaseId = caseId }), Throws.TypeOf<RuleBroken>());
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task An_answer_is_kept_once_and_one_to_nobodys_question_not_at_all()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var ask = await App.As("judge").Send(new AskClosing { CaseId = caseId });
        await App.DrainAsync();
        await App.HearAgain<ClosingCheckAnswered>();
        await App.Hear(
            new ClosingCheckAnswered
            {
                AskId = ask + 1,
                CaseId = caseId,
                Centre = "service",
            },
            Catalogue.CaseKey(caseId)
        );
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM trial_closing_answer WHERE centre = 'trial'"), Is.EqualTo(1));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM trial_closing_answer WHERE ask_id = @id", new { id = ask + 1 }), Is.Zero);
    }

    [TestCase("judgment", null, "2026-03-02 2026-03-05", "2026-03-05 最后送达{0}之日 乙1")]
    [TestCase("judgment", "2026-03-01", "2026-03-02 2026-03-05", "2026-03-01 宣判日{0} ")]
    [TestCase("mediation", "2026-03-01", "2026-03-05 2026-03-02", "2026-03-05 最后送达{0}之日 乙0")]
    [TestCase("judgment", "2026-03-01", "2026-03-02 -", " 还没有送达：{0} 乙1")]
    [TestCase("ruling", null, "", " 还没有送达：{0} ")]
    public void The_day_of_closing_comes_from_pronouncement_or_the_last_service(string paper, string? pronounced, string served, string day)
    {
        var parties = served.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((d, i) => new PaperServed($"乙{i}", d == "-" ? null : Day(d))).ToList();
        var of = ClosingRules.DayOf(paper, pronounced is null ? null : Day(pronounced), parties);
        Assert.That($"{of.On:yyyy-MM-dd} {of.Basis} {of.Value}", Is.EqualTo(day));
        static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Test]
    public async Task A_judgment_closes_the_case_when_it_is_issued_and_served_on_all_and_on_that_day()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        await App.As("judge").Send(new AskClosing { CaseId = caseId });
        CloseCase close = new() { CaseId = caseId, How = "judgment" };
        await Assert.ThatAsync(() => App.As("judge").Send(close), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-paper"));
        var held = await App.Document(caseId, "判决书", "judgment", held: true);
        await Assert.ThatAsync(() => App.As("judge").Send(close), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-paper"), "not let out");
        await App.Change("UPDATE workzone_document SET released_at = created_at WHERE id = @held", new { held });
        async Task Serve(string name, int day, DateOnly? counts = null) =>
            await App.Hear(
                new DocumentServed
                {
                    CaseId = caseId,
                    DocumentId = held,
                    PartyId = await App.PartyId(caseId, name),
                    RecipientName = name,
                    EffectiveOn = new(2026, 3, day),
                    CountsOn = counts,
                },
                Catalogue.CaseKey(caseId)
            );
        await Serve("张某甲", 3);
        await Assert.ThatAsync(() => App.As("judge").Send(close), Throws.TypeOf<RuleBroken>().With.Message.Contains("王某乙"));
        await Serve("王某乙", 9, new(2026, 3, 6));
        App.At(new DateTimeOffset(2026, 3, 10, 1, 0, 0, TimeSpan.Zero));
        await App.As("judge").Send(new AskClosing { CaseId = caseId });
        await App.DrainAsync();
        App.Advance(AskClosing.Wait + TimeSpan.FromMinutes(1));
        await Assert.ThatAsync(
            () => App.As("judge").Send(close with { On = new(2026, 3, 9) }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("day"),
            "posted on the sixth"
        );
        var http = await App.SignedIn("judge");
        Assert.That(
            System.Net.WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/cases/{caseId}/closing")),
            Does.Contain("2026-03-06").And.Contain("最后送达王某乙之日")
        );
        await App.As("judge").Send(close);
        Assert.That((await App.Published<CaseClosed>()).Single().On, Is.EqualTo(new DateOnly(2026, 3, 6)));
    }

    [Test]
    public void Periods_of_experts_are_working_days()
    {
        // 2026-03-02 is a Monday; Qingming is off on 6 April
        Assert.That(Opinion.Due(new(2026, 3, 2), complex: false, CourtCalendar.Default), Is.EqualTo(new DateOnly(2026, 4, 14)));
        Assert.That(Opinion.Due(new(2026, 3, 2), complex: true, CourtCalendar.Default), Is.GreaterThan(new DateOnly(2026, 5, 20)));
    }

    [Test]
    public async Task An_institution_is_drawn_the_period_extended_once_and_the_opinion_checked_before_it_is_sent_out()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        EntrustExpert lot = new()
        {
            CaseId = caseId,
            Matter = "笔迹",
            Chosen = "lot",
            Candidates = ["甲所"],
        };
        await Assert.ThatAsync(() => App.As("judge").Send(lot), Throws.TypeOf<FluentValidation.ValidationException>());
        var id = await App.As("judge").Send(lot with { Candidates = ["甲所", "乙所", " 丙所 ", ""] });
        var drawn = await App.As("judge").In(s => s.GetRequiredService<OpinionBook>().OpenAsync(id, null, default));
        Assert.That(ExpertRules.Draw(["甲所", "乙所", "丙所"], drawn.Seed!), Is.EqualTo(drawn.Institution), "anybody can draw it again");
        ExtendExpert extend = new()
        {
            Id = id,
            Until = new(2026, 5, 6),
            Reason = "材料补充",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(extend with { Until = drawn.DueOn }), Throws.TypeOf<RuleBroken>());
        await App.As("judge").Send(extend);
        await Assert.ThatAsync(
            () => App.As("judge").Send(extend with { Until = new(2026, 5, 8) }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("again")
        );
        StepExpert step = new()
        {
            Id = id,
            Step = "copy",
            On = new(2026, 3, 2),
            Items = [.. ExpertRules.Items.Keys],
        };
        await Assert.ThatAsync(() => App.As("judge").Send(step), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-received"));
        await App.As("judge").Send(new EndExpert { Id = id, Outcome = "received" });
        await Assert.ThatAsync(
            () => App.As("judge").Send(step with { Items = ["court"] }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("content")
        );
        await Assert.ThatAsync(() => App.As("judge").Send(step with { Step = "object" }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("order"));
        await App.As("judge").Send(step);
        await App.As("judge").Send(step with { Step = "object" });
        var http = await App.SignedIn("judge");
        Assert.That(
            System.Net.WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/cases/{caseId}/closing")),
            Does.Contain("内容核对").And.Contain("2026-03-09")
        );
        await Assert.ThatAsync(() => App.As("judge2").Send(step), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task An_entrusted_expert_stops_the_clock_until_the_opinion_has_come()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var id = await App.As("judge")
            .Send(
                new EntrustExpert
                {
                    CaseId = caseId,
                    Matter = "笔迹",
                    Institution = "测试鉴定所",
                }
            );
        await App.DrainAsync();
        Assert.That((await App.Published<ExpertEntrusted>()).Single().OpinionId, Is.EqualTo(id));
        Assert.That(await App.As(null).Value<string>("SELECT code FROM workzone_clock_fact WHERE case_id = @caseId", new { caseId }), Is.EqualTo("D-JD"));
        await Assert.ThatAsync(
            () => App.As("judge").Send(new UrgeExpert { Id = id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-due"),
            "the period still runs"
        );
        App.At(new DateTimeOffset(2026, 4, 15, 1, 0, 0, TimeSpan.Zero));
        await App.As("judge").Send(new UrgeExpert { Id = id });
        await Assert.ThatAsync(() => App.As("judge").Send(new UrgeExpert { Id = id }), Throws.TypeOf<RuleBroken>(), "once a day");
        App.Advance(TimeSpan.FromDays(10));
        await App.As("judge").Send(new EndExpert { Id = id, Outcome = "received" });
        await App.DrainAsync();
        Assert.That(
            await App.As(null).Value<DateOnly?>("SELECT to_on FROM workzone_clock_fact WHERE case_id = @caseId", new { caseId }),
            Is.EqualTo(new DateOnly(2026, 4, 25))
        );
        await Assert.ThatAsync(() => App.As("judge").Send(new EndExpert { Id = id, Outcome = "received" }), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(() => App.As("judge2").Send(new UrgeExpert { Id = id }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task An_entrusting_opens_an_order_of_the_centre_that_goes_with_it()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        EntrustExpert entrust = new()
        {
            CaseId = caseId,
            Matter = "笔迹",
            Institution = "测试鉴定所",
        };
        var id = await App.As("judge").Send(entrust);
        var order = (await OpinionAsync(id)).OrderId!.Value;
        Assert.That((await OrderAsync(order)).OrderType, Is.EqualTo(ExpertOrders.Ordinary));
        Assert.That(await App.As(null).Value<string>("SELECT form FROM workzone_order WHERE id = @order", new { order }), Does.Contain("2026-04-14"));
        await StepAsync("scheduler", order, OrderStep.Accept);
        await Assert.ThatAsync(
            () => StepAsync("scheduler", order, OrderStep.Feedback),
            Throws.InstanceOf<Conflict>().Or.InstanceOf<RuleBroken>(),
            "the opinion has not come"
        );
        await Assert.ThatAsync(
            () => StepAsync("judge", order, OrderStep.Cancel),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("鉴定还没有结束"),
            "it is withdrawn by the result"
        );
        // the centre's clerk works on it: the period is extended, the order rests as long and its day moves
        var before = (await OrderAsync(order)).DueAt;
        await App.As("scheduler")
            .Send(
                new ExtendExpert
                {
                    Id = id,
                    Until = new(2026, 4, 21),
                    Reason = "材料补充",
                }
            );
        Assert.That((await OrderAsync(order)).State, Is.EqualTo(OrderState.Paused));
        App.At(new DateTimeOffset(2026, 3, 20, 1, 0, 0, TimeSpan.Zero));
        await App.As("scheduler").Send(new EndExpert { Id = id, Outcome = "received" });
        await App.DrainAsync();
        await App.HearAgain<ExpertEnded>();
        var ended = await OrderAsync(order);
        Assert.That((ended.State, ended.DueAt > before), Is.EqualTo((OrderState.Closed, true)));
        await App.As("judge")
            .Send(
                new StepExpert
                {
                    Id = id,
                    Step = "copy",
                    On = new(2026, 3, 20),
                    Items = [.. ExpertRules.Items.Keys],
                }
            );
        // handed from one to another like any order
        var second = await App.As("judge").Send(entrust with { Complex = true });
        var other = (await OpinionAsync(second)).OrderId!.Value;
        Assert.That((await OrderAsync(other)).OrderType, Is.EqualTo(ExpertOrders.Complex));
        await App.As("judge").Send(new EndExpert { Id = second, Outcome = "withdrawn" });
        await App.DrainAsync();
        Assert.That((await OrderAsync(other)).State, Is.EqualTo(OrderState.Cancelled), "nobody had taken it");
        // one from before there were orders
        await App.As(null)
            .Change("UPDATE trial_opinion SET state = 'open', order_id = NULL, outcome = NULL, ended_on = NULL WHERE id = @second", new { second });
        await App.As("judge").Send(new EndExpert { Id = second, Outcome = "withdrawn" });
        var http = await App.SignedIn("judge");
        Assert.That(await http.GetStringAsync($"/trial/cases/{caseId}/closing"), Does.Contain($"/orders/{order}"));
        Assert.That(
            (await http.GetAsync($"/trial/expert-orders/{order}")).StatusCode,
            Is.AnyOf(System.Net.HttpStatusCode.OK, System.Net.HttpStatusCode.Redirect)
        );
    }

    private Task<Opinion> OpinionAsync(long id) => App.As("judge").In(s => s.GetRequiredService<OpinionBook>().OpenAsync(id, null, default));

    private Task<OrderCard> OrderAsync(long id) => App.As(null).In(s => s.GetRequiredService<IWorkOrders>().GetAsync(id));

    private Task StepAsync(string who, long order, string step) =>
        App.As(who)
            .Send(
                new TakeStep
                {
                    Id = order,
                    Step = step,
                    Words = "办",
                }
            );
}
