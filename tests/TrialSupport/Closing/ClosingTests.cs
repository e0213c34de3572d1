using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Law;
using CourtOps.TrialSupport.Closing;
using CourtOps.TrialSupport.Experts;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone;

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

    [Test]
    public void Periods_of_experts_are_working_days()
    {
        // 2026-03-02 is a Monday; Qingming is off on 6 April
        Assert.That(Opinion.Due(new(2026, 3, 2), complex: false, CourtCalendar.Default), Is.EqualTo(new DateOnly(2026, 4, 14)));
        Assert.That(Opinion.Due(new(2026, 3, 2), complex: true, CourtCalendar.Default), Is.GreaterThan(new DateOnly(2026, 5, 20)));
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
        await App.As("judge").Send(new UrgeExpert { Id = id });
        await Assert.ThatAsync(() => App.As("judge").Send(new UrgeExpert { Id = id }), Throws.TypeOf<RuleBroken>(), "once a day");
        App.Advance(TimeSpan.FromDays(10));
        await App.As("judge").Send(new EndExpert { Id = id, Outcome = "received" });
        await App.DrainAsync();
        Assert.That(
            await App.As(null).Value<DateOnly?>("SELECT to_on FROM workzone_clock_fact WHERE case_id = @caseId", new { caseId }),
            Is.EqualTo(new DateOnly(2026, 3, 12))
        );
        await Assert.ThatAsync(() => App.As("judge").Send(new EndExpert { Id = id, Outcome = "received" }), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(() => App.As("judge2").Send(new UrgeExpert { Id = id }), Throws.TypeOf<NotFound>());
    }
}
