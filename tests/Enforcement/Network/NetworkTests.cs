using System.Net;
using System.Text.Json;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Network;

/// <summary>Batches out and answers in: once, in other units, of somebody else, cut off.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class NetworkTests(Engine engine) : AppTests(engine)
{
    private async Task<(long Case, BatchRow Batch, IReadOnlyList<BatchItem> Items)> AskAsync()
    {
        var origin = await App.Case(1, new SampleParty("王某乙"));
        var judge = await App.IdOf("judge");
        var made = await App.As("judge")
            .Send(
                new RegisterEnforcement
                {
                    OriginId = origin,
                    JudgeId = judge,
                    EffectiveOn = new(2026, 3, 2),
                    Amount = 1000m,
                }
            );
        var batch = await App.Send(new AskNetwork { CaseId = made.CaseId });
        return (made.CaseId, batch, (await App.Send(new ShowBatch { Id = batch.Id })).Items);
    }

    private static string Line(BatchItem i, string result, string? items = null, string? name = null) =>
        $$"""{"ref":"{{i.Reference}}","name":"{{name ?? i.PartyName}}","result":"{{result}}"{{(items is null ? "" : $",\"items\":{items}")}}}""";

    [Test]
    public async Task Answers_become_inquiries_and_assets_once_and_what_is_of_others_is_kept_apart()
    {
        var (id, batch, items) = await AskAsync();
        Assert.That(items, Has.Count.EqualTo(Property.Asked.Count));
        await Assert.ThatAsync(
            () => App.Send(new AskNetwork { CaseId = id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("nothing"),
            "what waits is not asked twice"
        );
        var bank = items.Single(i => i.Category == "bank");
        var car = items.Single(i => i.Category == "vehicle");
        var text = string.Join(
            '\n',
            Line(bank, "found", """[{"description":"6222000011112222","holder":"测试银行","value":"1.5","unit":"万元"}]"""),
            Line(car, "none"),
            Line(items.Single(i => i.Category == "tax"), "found", """[{"description":"x","value":5,"unit":"美元"}]"""),
            Line(items.Single(i => i.Category == "fund"), "none", name: "李某丙"),
            """{"ref":"999-1","name":"王某乙","result":"none"}""",
            "{坏",
            ""
        );
        var taken = await App.Send(new TakeFeedback { Text = text });
        Assert.That(taken.Select(t => t.Outcome), Is.EqualTo(new[] { "taken", "none", "refused", "quarantined", "quarantined", "refused" }));
        Assert.That(await App.Value<long>("SELECT value FROM enforcement_asset WHERE case_id = @id", new { id }), Is.EqualTo(1_500_000L));
        Assert.That(
            (await App.Send(new TakeFeedback { Text = text })).Select(t => t.Outcome),
            Is.EqualTo(new[] { "repeated", "repeated", "refused", "quarantined", "quarantined", "refused" })
        );
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM enforcement_asset"), Is.EqualTo(1));
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM enforcement_inquiry WHERE case_id = @id", new { id }), Is.EqualTo(2));
        var list = await App.As("judge").Send(new ListBatches());
        Assert.That((list.Rows.Single().State, list.Rows.Single().Answered, list.Quarantine.Count), Is.EqualTo(("partial", 2, 2)));
        Assert.That(JsonSerializer.Serialize(list.Quarantine), Does.Not.Contain("李某丙"), "what is of others is not shown");
        await App.Send(new TakeFeedback { Text = string.Join('\n', items.Where(i => i != bank && i != car).Select(i => Line(i, "none"))) });
        Assert.That((await App.Send(new ListBatches())).Rows.Single().State, Is.EqualTo("answered"));
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowBatch { Id = batch.Id }), Throws.TypeOf<NotFound>());
    }
}

/// <summary>Lines of answers.</summary>
public sealed class FeedbackTests
{
    [TestCase("""{"ref":"1-1","name":"甲","result":"found","items":[{"description":"a","value":12.345}]}""", 1235L)]
    [TestCase("""{"ref":"1-1","name":"甲","result":"found","items":[{"description":"a","value":"1,000.5"}]}""", 100050L)]
    [TestCase("""{"ref":"1-1","name":"甲","result":"found","items":[{"description":"a","value":3,"unit":"分"}]}""", 3L)]
    [TestCase("""{"ref":"1-1","name":"甲","result":"found","items":[{"description":"a"}]}""", null)]
    public void A_value_is_read_in_its_unit(string text, long? cents) => Assert.That(Feedback.Read(text).Line!.Things.Single().Value, Is.EqualTo(cents));

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("""{"ref":"1-1","name":"甲"}""")]
    [TestCase("""{"ref":"1-1","name":"\ud800","result":"none"}""")]
    [TestCase("""{"name":"甲","result":"none"}""")]
    [TestCase("""{"ref":"1-1","name":"甲","result":"found"}""")]
    [TestCase("""{"ref":"1-1","name":"甲","result":"found","items":[null]}""")]
    [TestCase("""{"ref":"1-1","name":"甲","result":"found","items":[{"description":"a","value":-1}]}""")]
    [TestCase("""{"ref":"1-1","name":"甲","result":"found","items":[{"description":"a","value":1e30}]}""")]
    public void What_cannot_be_read_says_why(string text) =>
        Assert.That((Feedback.Read(text).Line, Feedback.Read(text).Reason.Length > 0), Is.EqualTo(((Feedback?)null, true)));
}
