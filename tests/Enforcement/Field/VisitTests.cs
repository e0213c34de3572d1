using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Jobs;
using CourtOps.Enforcement.Reception;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Field;

/// <summary>The desk: who came is answered by a day, or the day says so.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class VisitTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_visit_has_a_day_opens_an_order_and_ends_by_the_answer()
    {
        var id = await App.Case(1, new SampleParty("王某乙"));
        TakeVisit take = new()
        {
            CaseNumber = Sample.Number(1),
            Visitor = "王某乙",
            Phone = "13900000001",
            Topic = "money",
            Words = "问案款",
        };
        var visit = await App.As("judge").Send(take);
        Assert.That((visit.CaseId, visit.DueOn, visit.PartyId is not null), Is.EqualTo((id, new DateOnly(2026, 3, 9), true)));
        Assert.That(await App.As(null).Value<string>("SELECT phone_enc FROM enforcement_visit"), Does.Not.Contain("13900000001"));
        await Assert.ThatAsync(
            () => App.As("judge").Send(take with { CaseNumber = "（2026）吉2424民初999号" }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("CaseNumber")
        );
        await Assert.ThatAsync(() => App.Send(take with { Due = new(2026, 3, 1) }), Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("Due"));
        await Assert.ThatAsync(() => App.As("judge2").Send(take), Throws.TypeOf<RuleBroken>(), "a case one may not see is no case");
        App.Advance(TimeSpan.FromDays(9));
        await App.RunJob<Sweep>();
        Assert.That((await App.As("judge").Send(new ListDates { Kind = DateKinds.Visit })).Rows.Single().OrderId, Is.Not.Null);
        await Assert.ThatAsync(() => App.As("judge2").Send(new AnswerVisit { Id = visit.Id, Answer = "x" }), Throws.TypeOf<NotFound>());
        Assert.That((await App.As("judge").Send(new AnswerVisit { Id = visit.Id, Answer = "已告知到账情况" })).State, Is.EqualTo("answered"));
        await Assert.ThatAsync(() => App.Send(new AnswerVisit { Id = visit.Id, Answer = "再答" }), Throws.TypeOf<RuleBroken>());
        Assert.That((await App.Send(new ListDates { Kind = DateKinds.Visit })).Rows, Is.Empty);
        Assert.That((await App.Send(new ListVisits { State = "answered", CaseId = id })).Single().Answer, Is.EqualTo("已告知到账情况"));
    }
}
