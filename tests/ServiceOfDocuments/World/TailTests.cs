using CourtOps.ServiceOfDocuments.Party;

namespace CourtOps.ServiceOfDocuments.World;

/// <summary>By which four signs a party identifies itself, whatever the number looked like when it was recorded.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class TailTests(Engine engine) : AppTests(engine)
{
    private async Task<ServedOrder> SentAsync(string number)
    {
        var order = await App.Asked(1, [SampleParty.Linked with { IdNumber = number }]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        return order;
    }

    [TestCase("222424900101125", "1125", IdentifyEnd.Done, Description = "15 digits: its own last four")]
    [TestCase("222424900101125", "1251", IdentifyEnd.Done, Description = "and those of the 18 it became")]
    [TestCase("222424900101125", "1252", IdentifyEnd.Wrong)]
    [TestCase("222424199001011251", "1251", IdentifyEnd.Done)]
    [TestCase("222424199001011251", "1125", IdentifyEnd.Wrong)]
    [TestCase("２２２４２４１９９００１０１１２５１", "1251", IdentifyEnd.Done)]
    [TestCase("222424199001011251\u200B", "1251", IdentifyEnd.Done)]
    [TestCase("22242419850505105x", "105X", IdentifyEnd.Done)]
    public async Task The_right_tail_opens(string number, string typed, IdentifyEnd end)
    {
        var order = await SentAsync(number);
        Assert.That((await App.Identify(order.Notice, typed)).End, Is.EqualTo(end));
    }

    [Test]
    public async Task A_corrected_number_reaches_a_link_that_is_out()
    {
        var order = await SentAsync("222424198001011230");
        Assert.That((await App.Identify(order.Notice, "1251")).End, Is.EqualTo(IdentifyEnd.Wrong));
        await App.As("clerk").Send(new Workzone.Cases.SaveContact { PartyId = order.Parties[0], IdNumber = "222424199001011251" });
        await App.DrainAsync();
        Assert.That((await App.Identify(order.Notice, "1230")).End, Is.EqualTo(IdentifyEnd.Wrong), "the wrong one opens no more");
        Assert.That((await App.Identify(order.Notice, "1251")).End, Is.EqualTo(IdentifyEnd.Done));
    }
}
