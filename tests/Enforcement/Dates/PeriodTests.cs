using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Dates;

/// <summary>Periods of preservation and enforcement: started by an event, ended by the act (D-04, D-06).</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class PeriodTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_period_is_computed_told_and_ended()
    {
        var id = await App.Case(1, new SampleParty("王某乙"));
        StartPeriod start = new()
        {
            CaseId = id,
            Code = "PRES-SUE",
            On = new DateOnly(2026, 3, 2),
        };
        var made = await App.As("judge").Send(start);
        Assert.That((made.DueOn, made.DoneOn), Is.EqualTo((new DateOnly(2026, 4, 1), (DateOnly?)null)));
        await Assert.ThatAsync(() => App.As("judge").Send(start), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("there-already"));
        await Assert.ThatAsync(
            () => App.As("judge").Send(start with { On = new DateOnly(2026, 3, 3) }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("On")
        );
        await Assert.ThatAsync(
            () => App.As("judge").Send(start with { Code = "PRES-LIFT-URGENT" }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("At")
        );
        var urgent = await App.As("judge").Send(start with { Code = "PRES-LIFT-URGENT", At = "１０:20" });
        Assert.That((urgent.DueOn, urgent.Words), Is.EqualTo((new DateOnly(2026, 3, 4), "紧急解除保全（2026-03-02 收到申请，至 11:00）")));
        Assert.That((await App.As("judge").Send(new ListDates { Kind = DateKinds.Period })).Rows, Has.Count.EqualTo(2));
        await Assert.ThatAsync(() => App.As("judge2").Send(new EndPeriod { Id = made.Id, Words = "已起诉" }), Throws.TypeOf<NotFound>());
        Assert.That((await App.As("judge").Send(new EndPeriod { Id = made.Id, Words = "已起诉" })).DoneOn, Is.EqualTo(new DateOnly(2026, 3, 2)));
        await Assert.ThatAsync(
            () => App.As("judge").Send(new EndPeriod { Id = made.Id, Words = "已起诉" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("done")
        );
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowPeriods { CaseId = id }), Throws.TypeOf<NotFound>());
    }
}

/// <summary>The lengths of the periods.</summary>
public sealed class PeriodKindTests
{
    [TestCase("PRES-SUE", "2026-10-20", "", "2026-11-19")]
    [TestCase("PRES-BEGIN", "2026-03-02", "", "2026-03-09")]
    [TestCase("PRES-LIFT", "2026-03-02", "", "2026-03-09")]
    [TestCase("PRES-URGENT", "2026-11-20", "10:20", "2026-11-22")]
    [TestCase("debt-notice", "2026-03-02", "", "2026-03-17")]
    [TestCase("entrust-report", "2026-03-02", "", "2026-04-01")]
    [TestCase("price-start", "2026-03-02", "", "2026-04-01")]
    public void Lengths_are_the_laws(string code, string on, string at, string due) =>
        Assert.That(
            Kernel.Web.Times.Iso(
                CasePeriods.Due(CasePeriods.All[code], DateOnly.Parse(on, System.Globalization.CultureInfo.InvariantCulture), at, Law.CourtCalendar.Default).Day
            ),
            Is.EqualTo(due)
        );
}
