using CourtOps.Enforcement.Jobs;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Checks;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class FindingTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_finding_is_closed_by_the_act_or_by_a_reason_that_another_approved()
    {
        var (caseId, asset) = await FoundAsync();
        var finding = await App.As(null).Value<long>("SELECT id FROM enforcement_finding WHERE leak = 'control' AND state = 'open'");
        await Assert.ThatAsync(
            () => App.As("leader").Send(new DecideFinding { Id = finding, Approve = true }),
            Throws.TypeOf<RuleBroken>(),
            "nothing was asked"
        );
        await App.As("judge").Send(new ExplainFinding { Id = finding, Reason = "保留生活必需" });
        await Assert.ThatAsync(() => App.As("judge").Send(new DecideFinding { Id = finding, Approve = true }), Throws.TypeOf<Kernel.Messaging.Forbidden>());
        await App.As("leader")
            .Send(
                new DecideFinding
                {
                    Id = finding,
                    Approve = false,
                    Words = "应冻结",
                }
            );
        await App.As("judge").Send(new ExplainFinding { Id = finding, Reason = "案外人的" });
        await App.As("leader").Send(new DecideFinding { Id = finding, Approve = true });
        Assert.That(await App.As(null).Value<string>("SELECT state FROM enforcement_asset WHERE id = @asset", new { asset }), Is.EqualTo("excused"));
        await App.As(null).Send(new LookAtCase { CaseId = caseId });
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM enforcement_finding WHERE state <> 'excused'"), Is.Zero, "it is not found anew");
    }

    [Test]
    public async Task Over_its_day_it_goes_to_the_centre_then_to_the_leaders()
    {
        var (caseId, asset) = await FoundAsync();
        Assert.That(await LevelAsync(), Is.EqualTo((0, 0)));
        App.Advance(TimeSpan.FromDays(3));
        await App.RunJob<Sweep>();
        Assert.That(await LevelAsync(), Is.EqualTo((0, 0)), "the third working day is in time");
        App.Advance(TimeSpan.FromDays(1));
        await App.RunJob<Sweep>();
        await App.RunJob<Sweep>();
        Assert.That(await LevelAsync(), Is.EqualTo((1, 1)));
        App.Advance(TimeSpan.FromDays(5));
        await App.RunJob<Sweep>();
        Assert.That(await LevelAsync(), Is.EqualTo((2, 1)));
        await App.As("judge")
            .Send(
                new TakeMeasure
                {
                    CaseId = caseId,
                    AssetId = asset,
                    Start = new DateOnly(2026, 3, 11),
                    Amount = 100,
                }
            );
        Assert.That(await App.As(null).Value<string>("SELECT ended_how FROM enforcement_finding WHERE leak = 'control'"), Is.EqualTo("act"));
    }

    [Test]
    public async Task The_daily_look_costs_what_is_due()
    {
        await FoundAsync();
        var plans = await App.As(null).Rows<string>("SELECT check_on FROM enforcement_case");
        Assert.That(plans, Has.Count.EqualTo(1));
        await App.RunJob<Sweep>();
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM enforcement_case WHERE check_on <= '2026-03-02'"), Is.Zero, "looked at, and not again today");
    }

    private async Task<(int Level, int Orders)> LevelAsync() =>
        (
            await App.As(null).Value<int>("SELECT level FROM enforcement_finding WHERE leak = 'control'"),
            await App.Value<int>("SELECT COUNT(*) FROM workzone_order WHERE order_type = 'enforcement.leak'")
        );

    private async Task<(long CaseId, long AssetId)> FoundAsync()
    {
        var caseId = await App.Case(1, new SampleParty("王某乙"));
        var party = await App.PartyId(caseId, "王某乙");
        var asset = await App.As("judge")
            .Send(
                new SaveAsset
                {
                    CaseId = caseId,
                    PartyId = party,
                    Category = "bank",
                    Description = "工行尾号0001",
                    Value = 86420.15m,
                    Source = "network",
                }
            );
        return (caseId, asset.Id);
    }
}
