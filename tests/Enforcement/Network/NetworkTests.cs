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

    private static string Line(BatchItem i, string result, string? items = null, string? name = null, string? tail = null)
    {
        var found = items is null ? "" : $",\"items\":{items}";
        return $$"""{"ref":"{{i.Reference}}","name":"{{name ?? i.PartyName}}","idTail":"{{tail ?? i.IdTail}}","result":"{{result}}"{{found}}}""";
    }

    [Test]
    public async Task A_namesakes_property_is_kept_apart_and_a_larger_balance_is_taken_over()
    {
        var (id, _, items) = await AskAsync();
        var bank = items.Single(i => i.Category == "bank");
        Assert.That(bank.IdTail, Is.Not.Empty, "the number came with the party from the case that was judged");
        string Found(string value, string? tail = null) =>
            Line(bank, "found", $$"""[{"description":"6222000011112222","holder":"测试银行","value":"{{value}}"}]""", tail: tail);
        Assert.That((await App.Send(new TakeFeedback { Text = Found("100", "0000") })).Single().Outcome, Is.EqualTo("quarantined"));
        Assert.That((await App.Send(new TakeFeedback { Text = Found("100", "") })).Single().Outcome, Is.EqualTo("quarantined"), "of whom is not said");
        Assert.That((await App.Send(new TakeFeedback { Text = Found("2000") })).Single().Outcome, Is.EqualTo("taken"));
        Assert.That((await App.Send(new TakeFeedback { Text = Found("100") })).Single().Outcome, Is.EqualTo("repeated"), "an older answer comes again");
        Assert.That((await App.Send(new TakeFeedback { Text = Found("3000") })).Single().Outcome, Is.EqualTo("taken"));
        Assert.That(await App.Value<long>("SELECT value FROM enforcement_asset WHERE case_id = @id", new { id }), Is.EqualTo(300_000L));
    }

    [Test]
    public async Task What_was_gone_or_excused_is_there_again_when_it_is_found_and_may_be_controlled()
    {
        var (id, _, _) = await AskAsync();
        var party = await App.PartyId(id, "王某乙");
        SaveAsset report = new()
        {
            CaseId = id,
            PartyId = party,
            Category = "vehicle",
            Description = "吉H00001",
            Clue = true,
        };
        var car = await App.As("judge").Send(report);
        await App.Send(
            new SettleClue
            {
                Id = car.Id,
                Exists = false,
                Words = "登记机关没有",
            }
        );
        Assert.That((await App.Send(report with { Clue = false, Value = 5000m, Source = "offline" })).State, Is.EqualTo("found"));
        await App.As(null).Send(new Jobs.LookAtCase { CaseId = id });
        var finding = await App.Value<long>("SELECT id FROM enforcement_finding WHERE leak = 'control' AND state = 'open'");
        await App.As("judge").Send(new Checks.ExplainFinding { Id = finding, Reason = "生活必需" });
        await App.As("leader").Send(new Checks.DecideFinding { Id = finding, Approve = true });
        Assert.That((await App.As("judge").Send(report with { Clue = false, Value = 5000m })).State, Is.EqualTo("excused"), "the same as before");
        Assert.That((await App.Send(report with { Clue = false, Value = 90_000m })).State, Is.EqualTo("found"), "more than what was excused");
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM enforcement_finding WHERE leak = 'control' AND state = 'open'"), Is.EqualTo(1));
        var gone = await App.As("judge").Send(report with { Description = "吉H00002" });
        await App.Send(
            new SettleClue
            {
                Id = gone.Id,
                Exists = false,
                Words = "没有",
            }
        );
        var taken = await App.Send(
            new TakeMeasure
            {
                CaseId = id,
                AssetId = gone.Id,
                Start = new DateOnly(2026, 3, 2),
            }
        );
        Assert.That(taken.State, Is.EqualTo("active"));
    }

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
