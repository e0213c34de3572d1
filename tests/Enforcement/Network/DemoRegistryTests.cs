using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Enforcement.Network;

/// <summary>The simulated registries inside the host: a batch goes out and comes back within a minute, nothing of it is configured.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DemoRegistryTests(Engine engine) : AppTests(engine)
{
    [TestCase("batch-12", 12L, 1)]
    [TestCase("batch-12-3", 12L, 3)]
    public void A_key_has_its_batch_and_round(string key, long batch, int round) => Assert.That(DemoRegistries.Parts(key), Is.EqualTo((batch, round)));

    [Test]
    public async Task A_batch_comes_back_by_itself()
    {
        await App.As(null)
            .In(s =>
            {
                s.GetRequiredService<DemoRegistries>().Begin();
                return Task.FromResult(true);
            });
        var origin = await App.Case(1, new SampleParty("王某乙"));
        var made = await App.As("judge")
            .Send(
                new RegisterEnforcement
                {
                    OriginId = origin,
                    JudgeId = await App.IdOf("judge"),
                    EffectiveOn = new(2026, 3, 2),
                    Amount = 1000m,
                }
            );
        var batch = await App.Send(new AskNetwork { CaseId = made.CaseId });
        Assert.That(((await App.Send(new ListBatches())).Simulated, batch.Channel), Is.EqualTo((true, "http")));
        for (var turn = 0; turn < 20; turn++)
        {
            await App.DrainAsync();
            App.Advance(DemoRegistries.Soon + TimeSpan.FromSeconds(1));
        }
        var shown = await App.As("judge").Send(new ShowBatch { Id = batch.Id });
        Assert.That((shown.Batch.State, shown.Batch.Answered), Is.EqualTo(("answered", Property.Asked.Count)));
        Assert.That((await App.Send(new ShowLedger { CaseId = made.CaseId })).Inquiries, Has.Count.EqualTo(Property.Asked.Count));
    }
}
