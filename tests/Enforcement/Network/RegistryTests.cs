using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Control;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Simulator;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Network;

/// <summary>Inquiry over HTTP against the simulated registries: partial answers, failures, repetitions, strangers, a system that is down; then control by one
/// click.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RegistryTests(Engine engine) : AppTests(engine)
{
    private async Task<long> CaseAsync(int serial)
    {
        var origin = await App.Case(serial, new SampleParty("王某乙"));
        return (
            await App.As("judge")
                .Send(
                    new RegisterEnforcement
                    {
                        OriginId = origin,
                        JudgeId = await App.IdOf("judge"),
                        EffectiveOn = new(2026, 3, 2),
                        Amount = 50_000m,
                    }
                )
        ).CaseId;
    }

    private async Task<BatchRow> BatchAsync(long id) => (await App.As("judge").Send(new ShowBatch { Id = id })).Batch;

    [Test]
    public async Task Answers_come_in_parts_failures_are_asked_again_and_nothing_is_counted_twice()
    {
        await using var registries = await RegistrySimulator.StartAsync(
            new RegistryManners
            {
                Seed = 7,
                Slow = 60,
                Errors = 30,
                Duplicates = 50,
                Strangers = 50,
                Key = "k1",
            }
        );
        App.Set("CourtOps:Enforcement:InquiryUrl", registries.Url);
        App.Set("CourtOps:Enforcement:InquiryKey", "k1");
        registries.Up = false;
        var id = await CaseAsync(1);
        var batch = await App.Send(new AskNetwork { CaseId = id });
        Assert.That(batch.Channel, Is.EqualTo("http"));
        await App.DrainAsync();
        Assert.That((await BatchAsync(batch.Id)).State, Is.EqualTo("made"), "the system is down: tried again");
        registries.Up = true;
        var seen = new HashSet<string>();
        for (var hour = 0; hour < 72 && (await BatchAsync(batch.Id)).State != "answered"; hour++)
        {
            App.Advance(TimeSpan.FromHours(1));
            await App.DrainAsync();
            seen.Add((await BatchAsync(batch.Id)).State);
        }
        var done = await App.As("judge").Send(new ShowBatch { Id = batch.Id });
        Assert.That(
            (done.Batch.State, done.Batch.Answered, done.Batch.NextPoll, done.Batch.Reason),
            Is.EqualTo(("answered", Property.Asked.Count, (DateTimeOffset?)null, (string?)null))
        );
        Assert.That(seen, Does.Contain("partial"));
        Assert.That(done.Batch.Round, Is.GreaterThan(1), "what failed was asked again by itself");
        Assert.That(done.Items.Any(i => i.Failures > 0), Is.True);
        Assert.That(
            await App.Value<int>("SELECT COUNT(*) FROM enforcement_inquiry WHERE case_id = @id", new { id }),
            Is.EqualTo(Property.Asked.Count),
            "each kind once, though answers came twice"
        );
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM enforcement_asset WHERE case_id = @id", new { id }), Is.EqualTo(done.Items.Sum(i => i.Found)));
        Assert.That((await App.Send(new ListBatches())).Quarantine, Is.Not.Empty, "what is of strangers is kept apart in the court of the batch");
        Assert.That(await App.Rows<string>("SELECT name FROM enforcement_asset"), Has.None.Contains("他人"));
    }

    [Test]
    public async Task A_wrong_key_is_refused_and_a_person_sends_again()
    {
        await using var registries = await RegistrySimulator.StartAsync(
            new RegistryManners
            {
                Slow = 0,
                Errors = 0,
                Key = "right",
            }
        );
        App.Set("CourtOps:Enforcement:InquiryUrl", registries.Url);
        App.Set("CourtOps:Enforcement:InquiryKey", "wrong");
        var batch = await App.As("judge").Send(new AskNetwork { CaseId = await CaseAsync(1) });
        await App.DrainAsync();
        Assert.That(((await BatchAsync(batch.Id)).State, registries.Sendings), Is.EqualTo(("failed", 0)));
        App.Set("CourtOps:Enforcement:InquiryKey", "right");
        await Assert.ThatAsync(() => App.As("judge2").Send(new ResendBatch { Id = batch.Id }), Throws.TypeOf<NotFound>());
        Assert.That((await App.As("judge").Send(new ResendBatch { Id = batch.Id })).Round, Is.EqualTo(2));
        await App.DrainAsync();
        Assert.That((await BatchAsync(batch.Id)).State, Is.EqualTo("answered"));
        await Assert.ThatAsync(() => App.Send(new ResendBatch { Id = batch.Id }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("answered"));
    }

    [Test]
    public async Task One_click_rules_what_covers_the_claim_and_drafts_the_papers()
    {
        var id = await CaseAsync(1);
        var party = await App.PartyId(id, "王某乙");
        SaveAsset save = new()
        {
            CaseId = id,
            PartyId = party,
            Category = "bank",
            Description = "6228000000001",
            Holder = "汪清测试银行",
            Value = 30_000m,
            Source = "network",
        };
        var rich = await App.As("judge").Send(save);
        await App.Send(save with { Description = "6228000000002", Value = 40_000m });
        await App.Send(save with { Description = "6228000000003", Value = 500m });
        var house = await App.Send(save with { Category = "immovable", Description = "不动产7号", Value = 300_000m, Holder = "汪清不动产登记中心" });
        var shown = (await App.Send(new ShowProposals { CaseId = id })).Proposals;
        Assert.That(
            shown.Select(p => (p.AssetName, p.Chosen, p.Amount)),
            Is.EqualTo(
                new (string, bool, long?)[]
                {
                    ("6228000000002", true, 4_000_000L),
                    ("6228000000001", true, 1_065_000L),
                    ("6228000000003", false, 0L),
                    ("不动产7号", false, null),
                }
            ),
            "deposits first, as far as the claim goes; the small balance and the house are left"
        );
        var made = await App.Send(new DraftControl { CaseId = id });
        Assert.That(
            made.Select(m => (m.State, m.Amount, m.Authority)),
            Is.EqualTo(new[] { ("ruled", (long?)4_000_000L, "汪清测试银行"), ("ruled", 1_065_000L, "汪清测试银行") })
        );
        await Assert.ThatAsync(
            () => App.Send(new DraftControl { CaseId = id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("nothing"),
            "what is ruled counts already"
        );
        await Assert.ThatAsync(
            () => App.Send(new DraftControl { CaseId = id, AssetIds = [rich.Id] }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-free")
        );
        await App.DrainAsync();
        Assert.That(App.Printer.Html.Count(h => h.Contains("执行裁定书</h1>", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(App.Printer.Html, Has.Some.Contains("以 10650.00 元为限"));
        var drafts = (await App.Send(new ShowProposals { CaseId = id })).Drafts;
        Assert.That(drafts.All(d => d.RulingDocumentId is not null && d.NoticeDocumentId is not null && d.MadeAt is not null), Is.True);
        Assert.That((await App.Send(new DraftControl { CaseId = id, AssetIds = [house.Id] })).Single().Act, Is.EqualTo("seal"), "a person may choose more");
        var other = await CaseAsync(2);
        await Assert.ThatAsync(() => App.Send(new DraftControl { CaseId = other, AssetIds = [house.Id] }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowProposals { CaseId = id }), Throws.TypeOf<NotFound>());
    }
}

/// <summary>When a batch is polled, sent again, given up; what the simulated registries say.</summary>
public sealed class PollRulesTests
{
    [TestCase(0, 0, 3, 1, "stop", false)]
    [TestCase(5, 0, 0, 1, "poll", false)]
    [TestCase(5, 2, 47, 1, "poll", false)]
    [TestCase(5, 2, 48, 1, "resend", false)]
    [TestCase(2, 2, 1, 1, "resend", false)]
    [TestCase(2, 2, 1, 4, "stop", true)]
    [TestCase(1, 0, 48, 4, "stop", true)]
    public void The_next_step_follows_from_what_is_open(int open, int failed, int polls, int round, string act, bool told)
    {
        var step = PollRules.Next(open, failed, polls, round);
        Assert.That((step.Act, step.Reason is not null), Is.EqualTo((act, told)));
    }

    [TestCase(0, 5)]
    [TestCase(1, 10)]
    [TestCase(6, 320)]
    [TestCase(7, 360)]
    [TestCase(40, 360)]
    public void Waits_double_up_to_six_hours(int polls, int minutes) => Assert.That(PollRules.Wait(polls), Is.EqualTo(TimeSpan.FromMinutes(minutes)));

    [Test]
    public void The_registries_say_the_same_for_the_same_seed_and_all_of_it_can_be_read()
    {
        var lines = Enumerable
            .Range(0, 400)
            .Select(i => $$"""{"ref":"1-{{i}}","name":"王某乙","idTail":"","category":"{{Property.Asked.Keys.ElementAt(i % Property.Asked.Count)}}"}""")
            .ToList();
        var manners = new RegistryManners { Errors = 20, Strangers = 20 };
        var once = lines.SelectMany(l => RegistryAnswers.Of(l, 1, manners)).ToList();
        Assert.That(lines.SelectMany(l => RegistryAnswers.Of(l, 1, manners)), Is.EqualTo(once));
        Assert.That(once.Select(l => Feedback.Read(l.Text)).Where(f => f.Line is null), Is.Empty);
        Assert.That(once.Any(l => Feedback.Read(l.Text).Line!.Failed) && once.Any(l => l.Poll > 0), Is.True);
        Assert.That(lines.SelectMany(l => RegistryAnswers.Of(l, 2, manners)).Any(l => Feedback.Read(l.Text).Line!.Failed), Is.False, "errors pass");
    }
}
