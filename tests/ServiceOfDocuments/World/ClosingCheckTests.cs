using CourtOps.Contracts;
using CourtOps.Workzone;

namespace CourtOps.ServiceOfDocuments.World;

/// <summary>Before a case is closed this centre says who is not served yet.</summary>
public sealed class ClosingCheckTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task Who_is_not_served_yet_is_named_and_nobody_once_all_are()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided]);
        Assert.That(await AskAsync(1, order.CaseId), Has.One.StartsWith("王某乙的送达没有结束（《"));
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        Assert.That(await AskAsync(2, order.CaseId), Is.Empty);
    }

    private async Task<IReadOnlyList<string>> AskAsync(long ask, long caseId)
    {
        await App.Hear(new ClosingCheckRequested { AskId = ask, CaseId = caseId }, Catalogue.CaseKey(caseId));
        await App.DrainAsync();
        return (await App.Published<ClosingCheckAnswered>()).Single(a => a.AskId == ask && a.Centre == Centres.Service).Missing;
    }
}
