using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Criminal;

/// <summary>Fines, confiscation, restitution and recovery: registered, shared out in the order of the setting, paid to the state and to victims.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CriminalTests(Engine engine) : AppTests(engine)
{
    [TestCase("fine", "state", true)]
    [TestCase("fine", "victim", false)]
    [TestCase("confiscate", "state", true)]
    [TestCase("confiscate", "victim", false)]
    [TestCase("refund", "victim", true)]
    [TestCase("refund", "state", false)]
    [TestCase("recover", "state", true)]
    [TestCase("recover", "victim", true)]
    [TestCase("medical", "state", false)]
    [TestCase("civil", "victim", true)]
    public void Fines_go_to_the_state_and_restitution_to_victims(string kind, string payee, bool may) =>
        Assert.That(CriminalRules.MayReceive(kind, payee), Is.EqualTo(may));

    [TestCase(100L, 30L, 500L, 70L)]
    [TestCase(100L, 130L, 500L, 0L)]
    [TestCase(null, 30L, 500L, 500L)]
    public void What_is_left_to_pay(long? amount, long paid, long there, long rest) => Assert.That(CriminalRules.Rest(amount, paid, there), Is.EqualTo(rest));

    [Test]
    public void The_order_is_medical_secured_victims_civil_fine_confiscation() =>
        Assert.That(
            CriminalRules.Kinds.Keys.OrderBy(new CriminalOrder().Of),
            Is.EqualTo(new[] { "medical", "secured", "refund", "recover", "civil", "fine", "confiscate" })
        );

    [Test]
    public async Task Money_goes_to_the_victims_first_in_proportion_and_the_state_waits()
    {
        var (caseId, party) = await CaseAsync();
        App.As("judge");
        await AddAsync(caseId, party, "fine", 50m, "state", "");
        var first = await AddAsync(caseId, party, "refund", 60m, "victim", "被害人甲");
        await AddAsync(caseId, party, "refund", 40m, "victim", "被害人乙");
        await AddAsync(caseId, party, "confiscate", null, "state", "");
        await App.Send(
            new ReceiveMoney
            {
                CaseId = caseId,
                Amount = 120m,
                Payer = "王某乙",
                Reference = "R1",
            }
        );
        var plan = await App.Send(new MakePlan { CaseId = caseId, Criminal = true });
        var lines = (await App.Send(new ShowCaseMoney { CaseId = caseId })).Plans.Single(p => p.Plan.Id == plan).Lines;
        Assert.That(
            lines.Select(l => (l.Name, l.Priority, l.Share)),
            Is.EqualTo(new[] { ("国库", 5, 2_000L), ("被害人甲", 3, 6_000L), ("被害人乙", 3, 4_000L), ("国库", 6, 0L) })
        );
        await App.Send(
            new StepPlan
            {
                Id = plan,
                Step = "serve",
                On = new(2026, 3, 2),
            }
        );
        App.Advance(TimeSpan.FromDays(20));
        await App.Send(new StepPlan { Id = plan, Step = "final" });
        var payouts = (await App.Send(new ShowCaseMoney { CaseId = caseId })).Payouts;
        Assert.That(payouts.Select(p => (p.Payee, p.Kind)), Is.EquivalentTo(new[] { ("国库", "state"), ("被害人甲", "creditor"), ("被害人乙", "creditor") }));
        var one = payouts.Single(p => p.Payee == "被害人甲");
        await App.Send(new SetPayeeAccount { Id = one.Id, Account = "62220000222" });
        await App.As("leader").Send(new DecidePayout { Id = one.Id, Granted = true });
        await App.As("judge")
            .Send(
                new StepPayout
                {
                    Id = one.Id,
                    Step = "pay",
                    Reference = "付1",
                }
            );
        Assert.That(await ItemAsync(caseId, first.Id), Is.EqualTo(("done", 6_000L)));
        await App.Send(
            new StepPayout
            {
                Id = one.Id,
                Step = "fail",
                Words = "账号错误",
            }
        );
        Assert.That(await ItemAsync(caseId, first.Id), Is.EqualTo(("open", 0L)), "the bank sent it back");
        Assert.That((await App.Send(new ListCriminal())).Rows, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Bad_items_are_refused_and_an_item_ends_with_words()
    {
        var (caseId, party) = await CaseAsync();
        App.As("judge");
        AddCriminalItem fine = new()
        {
            CaseId = caseId,
            PartyId = party,
            Kind = "fine",
            Amount = 50m,
            Payee = "state",
        };
        foreach (
            var bad in new[]
            {
                fine with
                {
                    Amount = null,
                },
                fine with
                {
                    Amount = -1m,
                },
                fine with
                {
                    Payee = "victim",
                    PayeeName = "某",
                },
                fine with
                {
                    Kind = "x",
                },
                fine with
                {
                    Kind = "refund",
                    Payee = "victim",
                },
            }
        )
            await Assert.ThatAsync(() => App.Send(bad), Throws.TypeOf<FluentValidation.ValidationException>());
        var creditor = await App.PartyId(caseId, "张某甲");
        App.As("judge");
        await Assert.ThatAsync(() => App.Send(fine with { PartyId = creditor }), Throws.TypeOf<RuleBroken>());
        var made = await App.Send(fine);
        await Assert.ThatAsync(() => App.Send(fine), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("there-already"));
        await Assert.ThatAsync(() => App.As("judge2").Send(new EndCriminalItem { Id = made.Id, Words = "减免" }), Throws.TypeOf<NotFound>());
        await App.As("judge").Send(new EndCriminalItem { Id = made.Id, Words = "裁定减免" });
        Assert.That((await App.Send(new ListCriminal())).Rows, Is.Empty);
        await Assert.ThatAsync(() => App.Send(new MakePlan { CaseId = caseId, Criminal = true }), Throws.TypeOf<RuleBroken>(), "there is no money");
        var judge = await App.SignedIn("judge");
        Assert.That(
            await judge.GetStringAsync(new Uri($"/enforcement/cases/{caseId}/criminal", UriKind.Relative)),
            Does.Contain("裁定减免").And.Contain("国库")
        );
        Assert.That(await judge.GetStringAsync(new Uri($"/enforcement/cases/{caseId}/panel", UriKind.Relative)), Does.Contain("罚金"));
        Assert.That(await judge.GetStringAsync(new Uri("/enforcement/criminal?state=ended", UriKind.Relative)), Does.Contain("罚金"));
    }

    private async Task<(string State, long Paid)> ItemAsync(long caseId, long id)
    {
        var i = (await App.Send(new ListCriminal { CaseId = caseId })).Rows.Single(r => r.Id == id);
        return (i.State, i.Paid);
    }

    private Task<CriminalItem> AddAsync(long caseId, long party, string kind, decimal? amount, string payee, string name) =>
        App.Send(
            new AddCriminalItem
            {
                CaseId = caseId,
                PartyId = party,
                Kind = kind,
                Amount = amount,
                Payee = payee,
                PayeeName = name,
            }
        );

    private async Task<(long CaseId, long Party)> CaseAsync()
    {
        var caseId = await App.Case(1, new SampleParty("王某乙"));
        return (caseId, await App.PartyId(caseId, "王某乙"));
    }
}
