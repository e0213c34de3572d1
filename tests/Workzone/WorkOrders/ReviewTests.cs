using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Who reviews an order: a leader of the court; of a sealed case, of which leaders know nothing, its judge.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ReviewTests(Engine engine) : AppTests(engine)
{
    protected override void Prepare(TestAppOptions options) => OrderCrew.Declare(options);

    [Test]
    public async Task Of_an_open_case_a_leader()
    {
        var order = await OpenAsync(await App.Case(1, SampleParty.Provided));
        await Assert.ThatAsync(() => ApproveAsync("judge", order), Throws.TypeOf<Forbidden>());
        Assert.That(await ApproveAsync("leader", order), Is.EqualTo(OrderState.Queued));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Of_a_sealed_case_its_judge(bool sealedFirst)
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var seal = new SealCase { CaseId = caseId, Reason = "未成年人" };
        if (sealedFirst)
            await App.As("judge").Send(seal);
        var order = await OpenAsync(caseId);
        if (!sealedFirst)
            await App.As("judge").Send(seal);
        await Assert.ThatAsync(() => ApproveAsync("leader", order), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => ApproveAsync("lead", order), Throws.TypeOf<Forbidden>(), "who hands it out does not review it");
        Assert.That(
            (await App.As("judge").Send(new ShowOrder { Id = order })).Allowed.Select(a => a.Step),
            Does.Contain(OrderStep.Approve).And.Contain(OrderStep.Refuse)
        );
        Assert.That(await ApproveAsync("judge", order), Is.EqualTo(OrderState.Queued));
    }

    private async Task<long> OpenAsync(long caseId)
    {
        var order = default(OrderCard);
        await App.As("judge")
            .In(async s =>
            {
                var db = s.GetRequiredService<Kernel.Data.Db>();
                await db.BeginAsync();
                order = await s.GetRequiredService<IWorkOrders>()
                    .OpenAsync(
                        new NewOrder
                        {
                            Type = OrderCrew.Reviewed,
                            CaseId = caseId,
                            Title = "x",
                            Subject = "x",
                            CauseSubject = "x",
                        }
                    );
                await db.CommitAsync();
            });
        return order!.Id;
    }

    private async Task<string> ApproveAsync(string who, long order) => (await App.As(who).Send(new TakeStep { Id = order, Step = OrderStep.Approve })).State;
}
