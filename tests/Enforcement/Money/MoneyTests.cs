using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Jobs;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Money;

/// <summary>The money of a case from the bank to the creditor; the books close after each step.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class MoneyTests(Engine engine) : AppTests(engine)
{
    private long caseId;
    private long creditor;

    [SetUp]
    public async Task ACaseAsync()
    {
        caseId = await App.Case(1, new SampleParty("王某乙"));
        creditor = await App.PartyId(caseId, "张某甲");
    }

    private Task<ReceiptRow> Receive(decimal yuan, string reference) =>
        App.As("judge")
            .Send(
                new ReceiveMoney
                {
                    CaseId = caseId,
                    Amount = yuan,
                    Payer = "王某乙",
                    Reference = reference,
                }
            );

    private async Task ClosedAsync()
    {
        Assert.That(await App.As(null).Value<long>("SELECT COALESCE(SUM(amount), 0) FROM enforcement_entry"), Is.Zero, "debit and credit");
        var held = await App.As(null).Value<long>("SELECT COALESCE(-SUM(amount), 0) FROM enforcement_entry WHERE account = 'held'");
        Assert.That(
            await App.As(null).Value<long>("SELECT COALESCE(SUM(left_over), 0) FROM enforcement_receipt WHERE state = 'held'"),
            Is.EqualTo(held),
            "what is left of the receipts is what is held"
        );
    }

    [Test]
    public async Task Money_is_booked_once_asked_for_approved_by_another_paid_and_sent_back()
    {
        var one = await Receive(1000.01m, "YH1");
        Assert.That((await Receive(1000.01m, "YH1")).Id, Is.EqualTo(one.Id), "the same reference is one receipt");
        await Assert.ThatAsync(() => Receive(999m, "YH1"), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("other-payment"));
        await Receive(500m, "YH2");
        AskPayout ask = new()
        {
            CaseId = caseId,
            PartyId = creditor,
            Account = "6222 0000 1234",
            Amount = 1200m,
        };
        await Assert.ThatAsync(
            () => App.As("judge").Send(ask with { Amount = 1500.02m }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-enough")
        );
        var payout = await App.As("judge").Send(ask);
        await Assert.ThatAsync(
            () => App.As("judge").Send(ask with { Amount = 300.02m }),
            Throws.TypeOf<RuleBroken>(),
            "what is promised is not promised again"
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new StepPayout
                        {
                            Id = payout,
                            Step = "pay",
                            Reference = "F1",
                        }
                    ),
            Throws.TypeOf<RuleBroken>(),
            "not approved yet"
        );
        await App.As("leader").Send(new DecidePayout { Id = payout, Granted = true });
        var paid = await App.As("judge")
            .Send(
                new StepPayout
                {
                    Id = payout,
                    Step = "pay",
                    Reference = "F1",
                }
            );
        Assert.That((paid.State, paid.AccountHint), Is.EqualTo(("paid", "…1234")));
        await ClosedAsync();
        Assert.That(
            await App.As(null).Rows<long>("SELECT left_over FROM enforcement_receipt ORDER BY reference"),
            Is.EqualTo(new[] { 0L, 30001L }),
            "the oldest first"
        );
        await App.As("judge")
            .Send(
                new StepPayout
                {
                    Id = payout,
                    Step = "fail",
                    Words = "账号不存在",
                }
            );
        await ClosedAsync();
        var show = await App.As("judge").Send(new ShowCaseMoney { CaseId = caseId });
        Assert.That((show.Held, show.Promised, show.Paid), Is.EqualTo((150001L, 0L, 0L)));
        Assert.That(await App.As(null).Value<string>("SELECT account_enc FROM enforcement_payout"), Does.Not.Contain("62220000"), "the account is encrypted");
    }

    [Test]
    public async Task A_statement_is_read_line_by_line_and_money_without_a_case_waits_for_its_owner()
    {
        var number = (await App.As(null).Value<string>("SELECT number FROM workzone_case WHERE id = @caseId", new { caseId }))!;
        var lines = await App.As("judge")
            .Send(
                new ImportStatement
                {
                    Text =
                        $"A1,100.00,2026-03-02,王某乙,{number}执行款\nA2\t50\t2026/3/2\t李某丙\t货款\n坏行\nA3,0.001,2026-03-02,王某乙\nA4,1,2027-01-01,王某乙\nA1,"
                        + "100.00,2026-03-02,王某乙",
                }
            );
        Assert.That(lines.Select(l => l.Outcome), Is.EqualTo(new[] { "held", "suspense", "refused", "refused", "refused", "repeated" }));
        Assert.That(lines.Where(l => l.Outcome == "refused").Select(l => l.Row), Is.EqualTo(new[] { 3, 4, 5 }));
        await ClosedAsync();
        var open = (await App.As("judge").Send(new ShowMoney())).Receipts.Single();
        await Assert.ThatAsync(
            () => App.As("judge").Send(new SettleReceipt { Id = open.Id, CaseNumber = "执123" }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("CaseNumber")
        );
        await App.As("judge").Send(new SettleReceipt { Id = open.Id, CaseNumber = number });
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new SettleReceipt
                        {
                            Id = open.Id,
                            Return = true,
                            Words = "退",
                        }
                    ),
            Throws.InstanceOf<Exception>(),
            "assigned already"
        );
        await ClosedAsync();
        Assert.That((await App.As("judge").Send(new ShowMoney())).Off, Is.Zero);
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowCaseMoney { CaseId = caseId }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task Money_without_a_case_goes_back_by_two_persons()
    {
        await App.As("judge").Send(new ImportStatement { Text = "A2\t50\t2026/3/2\t李某丙\t货款" });
        var open = (await App.As("judge").Send(new ShowMoney())).Receipts.Single();
        Assert.That(open.DueOn, Is.EqualTo(new DateOnly(2026, 4, 1)), "it finds a case or goes back");
        await Assert.ThatAsync(
            () => App.As("leader").Send(new DecideReturn { Id = open.Id, Granted = true }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-asked")
        );
        var asked = await App.As("judge")
            .Send(
                new SettleReceipt
                {
                    Id = open.Id,
                    Return = true,
                    Words = "打错",
                }
            );
        Assert.That((asked.State, asked.LeftOver), Is.EqualTo(("suspense", 5000L)), "nothing has moved yet");
        await Assert.ThatAsync(() => App.As("judge").Send(new DecideReturn { Id = open.Id, Granted = true }), Throws.TypeOf<Forbidden>());
        await App.As("leader")
            .Send(
                new DecideReturn
                {
                    Id = open.Id,
                    Granted = false,
                    Words = "再查",
                }
            );
        await App.As("judge")
            .Send(
                new SettleReceipt
                {
                    Id = open.Id,
                    Return = true,
                    Words = "打错",
                }
            );
        Assert.That((await App.As("leader").Send(new DecideReturn { Id = open.Id, Granted = true })).State, Is.EqualTo("returned"));
        await ClosedAsync();
    }

    [Test]
    public async Task A_share_gets_its_account_is_shown_to_the_payer_and_matched_with_the_statement()
    {
        await Receive(100m, "P1");
        var plan = await App.As("judge").Send(new MakePlan { CaseId = caseId, Parts = [new() { PartyId = creditor, Claim = 200m }] });
        await App.As("judge")
            .Send(
                new StepPlan
                {
                    Id = plan,
                    Step = "serve",
                    On = new DateOnly(2026, 3, 2),
                }
            );
        App.Advance(TimeSpan.FromDays(16));
        await App.As("judge").Send(new StepPlan { Id = plan, Step = "final" });
        var payout = (await App.As("judge").Send(new ShowCaseMoney { CaseId = caseId })).Payouts.Single();
        await Assert.ThatAsync(
            () => App.As("leader").Send(new DecidePayout { Id = payout.Id, Granted = true }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-account")
        );
        await App.As("judge").Send(new SetPayeeAccount { Id = payout.Id, Account = "6222 0000 1234" });
        await Assert.ThatAsync(() => App.As("judge").Send(new RevealAccount { Id = payout.Id, Reason = "付款" }), Throws.TypeOf<RuleBroken>());
        await App.As("leader").Send(new DecidePayout { Id = payout.Id, Granted = true });
        Assert.That(await App.As("judge").Send(new RevealAccount { Id = payout.Id, Reason = "付款" }), Is.EqualTo("622200001234"));
        Assert.That(await App.Send(new ExportPayments { Reason = "当日付款" }), Does.Contain("\"张某甲\",\"622200001234\",100.00,"));
        await Assert.ThatAsync(() => App.As("judge2").Send(new RevealAccount { Id = payout.Id, Reason = "看" }), Throws.TypeOf<NotFound>());
        const string statement = "F1,-99,2026-03-18,张某甲\nF2,-100,2026-03-18,张某甲\nF2,-100,2026-03-18,张某甲\n余额,0,2026-03-18\n余额,5,2026-03-17";
        var lines = await App.As("judge").Send(new ImportStatement { Text = statement });
        Assert.That(lines.Select(l => l.Outcome), Is.EqualTo(new[] { "unmatched", "paid", "repeated", "balanced", "differs" }));
        Assert.That(
            (await App.As("judge").Send(new ShowCaseMoney { CaseId = caseId })).Payouts.Select(p => (p.State, p.Reference)),
            Is.EqualTo(new[] { ("paid", (string?)"F2") })
        );
        await ClosedAsync();
    }

    [Test]
    public async Task Money_pays_the_instalments_it_covers()
    {
        var settlement = await App.As("judge")
            .Send(
                new Persuade.RecordSettlement
                {
                    CaseId = caseId,
                    SignedOn = new(2026, 3, 2),
                    Words = "分两期",
                    Parts = Persuade.InstalmentLines.Read("2026-04-30，40\n2026-05-31，60"),
                }
            );
        await Receive(39.99m, "I1");
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM enforcement_instalment WHERE paid_on IS NOT NULL"), Is.Zero);
        await Receive(30m, "I2");
        Assert.That(await App.As(null).Rows<int>("SELECT n FROM enforcement_instalment WHERE paid_on IS NOT NULL"), Is.EqualTo(new[] { 1 }));
        await Receive(30.01m, "I3");
        Assert.That(
            await App.As(null).Value<string>("SELECT state FROM enforcement_settlement WHERE id = @settlement", new { settlement }),
            Is.EqualTo("performed")
        );
    }

    [Test]
    public async Task Money_that_lies_opens_an_order_and_is_escalated()
    {
        await Receive(10m, "L1");
        App.Advance(TimeSpan.FromDays(10));
        await App.RunJob<Sweep>();
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_order WHERE order_type = 'enforcement.date'"),
            Is.EqualTo(1),
            "five days before the fifteenth"
        );
        App.Advance(TimeSpan.FromDays(7));
        await App.RunJob<Sweep>();
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_order WHERE order_type = 'enforcement.date' AND escalated = 1"),
            Is.EqualTo(1)
        );
        Assert.That((await App.As("judge").Send(new ListDates())).Rows.Single().Level, Is.EqualTo(2));
        var payout = await App.As("judge")
            .Send(
                new AskPayout
                {
                    CaseId = caseId,
                    PartyId = creditor,
                    Account = "622200001234",
                    Amount = 10m,
                }
            );
        await App.As("leader").Send(new DecidePayout { Id = payout, Granted = true });
        await App.As("judge")
            .Send(
                new StepPayout
                {
                    Id = payout,
                    Step = "pay",
                    Reference = "F9",
                }
            );
        Assert.That((await App.As("judge").Send(new ListDates())).Rows, Is.Empty);
    }

    [Test]
    public async Task A_plan_waits_for_objections_and_then_asks_for_its_payouts()
    {
        await Receive(1000m, "P1");
        var plan = await App.As("judge")
            .Send(
                new MakePlan
                {
                    CaseId = caseId,
                    Costs = 100m,
                    Parts = [new() { PartyId = creditor, Claim = 2000m }, new() { Name = "李某丙", Claim = 1000m }],
                }
            );
        await App.As("judge")
            .Send(
                new StepPlan
                {
                    Id = plan,
                    Step = "serve",
                    On = new DateOnly(2026, 3, 2),
                }
            );
        await Assert.ThatAsync(
            () => App.As("judge").Send(new StepPlan { Id = plan, Step = "final" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("early")
        );
        App.Advance(TimeSpan.FromDays(16));
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new StepPlan
                        {
                            Id = plan,
                            Step = "object",
                            Words = "不同意",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("late")
        );
        await App.As("judge").Send(new StepPlan { Id = plan, Step = "final" });
        var show = await App.As("judge").Send(new ShowCaseMoney { CaseId = caseId });
        Assert.That(show.Plans.Single().Lines.All(l => l.Asked), Is.True);
        Assert.That(show.Payouts.Select(p => (p.Payee, p.Amount)), Is.EquivalentTo(new[] { ("张某甲", 60000L), ("李某丙", 30000L), ("执行费用", 10000L) }));
        Assert.That(show.Held - show.Promised, Is.Zero);
    }

    [Test]
    public async Task What_nobody_disputes_is_paid_while_the_rest_waits_for_the_suit()
    {
        await Receive(1000m, "P1");
        var plan = await App.As("judge")
            .Send(new MakePlan { CaseId = caseId, Parts = [new() { PartyId = creditor, Claim = 2000m }, new() { Name = "李某丙", Claim = 2000m }] });
        Task<PlanRow> Step(string step, DateOnly? on = null, params int[] lines) =>
            App.As("judge")
                .Send(
                    new StepPlan
                    {
                        Id = plan,
                        Step = step,
                        On = on,
                        Lines = lines,
                        Words = "情况",
                    }
                );
        await Step("serve", new DateOnly(2026, 3, 2));
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new AskPayout
                        {
                            CaseId = caseId,
                            PartyId = creditor,
                            Account = "622200001234",
                            Amount = 10m,
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-enough"),
            "what a served plan shares out is not given away beside it"
        );
        await Step("object", new DateOnly(2026, 3, 2), 2);
        await Assert.ThatAsync(() => Step("release"), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("early"));
        await Assert.ThatAsync(() => Step("oppose", new DateOnly(2026, 3, 2)), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-notified"));
        App.Advance(TimeSpan.FromDays(17));
        Assert.That((await Step("notify", new DateOnly(2026, 3, 19))).CounterUntil, Is.EqualTo(new DateOnly(2026, 4, 3)));
        await Step("release");
        await Assert.ThatAsync(() => Step("release"), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("nothing"));
        await Assert.ThatAsync(() => Step("final"), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("objected"));
        Assert.That((await Step("oppose", new DateOnly(2026, 3, 19))).SueUntil, Is.EqualTo(new DateOnly(2026, 4, 3)));
        await Assert.ThatAsync(() => Step("final"), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("early"));
        await Step("sue", new DateOnly(2026, 3, 19));
        var show = await App.As("judge").Send(new ShowCaseMoney { CaseId = caseId });
        Assert.That(show.Payouts.Select(p => (p.Payee, p.Amount)), Is.EqualTo(new[] { ("张某甲", 50000L) }));
        Assert.That(show.Held - show.Promised, Is.Zero, "the disputed share stays with the court");
        await Step("final");
        Assert.That((await App.As("judge").Send(new ShowCaseMoney { CaseId = caseId })).Payouts, Has.Count.EqualTo(2));
    }
}

/// <summary>Penalty interest by pieces.</summary>
public sealed class InterestTests
{
    [TestCase("", 0L, "10000000x90=157500")]
    [TestCase("30:4000000", 0L, "10000000x30=52500 6000000x60=63000")]
    [TestCase("30:4000000 30:1000000", 0L, "10000000x30=52500 5000000x60=52500")]
    [TestCase("-5:4000000", 0L, "6000000x90=94500")]
    [TestCase("30:4000000", 1000000L, "10000000x30=52500 7000000x60=73500")]
    [TestCase("30:4000000 60:9000000", 0L, "10000000x30=52500 6000000x30=31500")]
    [TestCase("100:4000000", 0L, "10000000x90=157500")]
    public void Each_sum_ends_the_interest_on_its_part(string came, long aside, string pieces)
    {
        var by = new DateOnly(2026, 3, 1);
        var got = InterestPieces.Of(
            10_000_000,
            by,
            by.AddDays(91),
            came.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(c => c.Split(':'))
                .Select(c =>
                    (
                        by.AddDays(1 + int.Parse(c[0], System.Globalization.CultureInfo.InvariantCulture)),
                        long.Parse(c[1], System.Globalization.CultureInfo.InvariantCulture)
                    )
                ),
            aside
        );
        Assert.That(string.Join(' ', got.Select(p => $"{p.Debt}x{p.Days}={p.Interest}")), Is.EqualTo(pieces));
    }
}

/// <summary>Shares of a distribution, and lines of statements.</summary>
public sealed class DistributionTests
{
    [TestCase(900, "1:2000 1:1000", "600 300")]
    [TestCase(100, "1:1 1:1 1:1", "1 1 1")]
    [TestCase(2, "1:1 1:1 1:1", "1 1 0")]
    [TestCase(10, "1:100 1:100 1:100", "4 3 3")]
    [TestCase(100, "2:100 1:60", "40 60")]
    [TestCase(50, "2:100 1:60", "0 50")]
    [TestCase(0, "1:100", "0")]
    [TestCase(100, "1:0 1:100", "0 100")]
    [TestCase(999999999999, "1:999999999999 1:999999999999", "500000000000 499999999999")]
    public void Shares_are_exact(long money, string claims, string shares)
    {
        var given = claims
            .Split(' ')
            .Select(c => c.Split(':'))
            .Select(c => new Claim(
                "x",
                int.Parse(c[0], System.Globalization.CultureInfo.InvariantCulture),
                long.Parse(c[1], System.Globalization.CultureInfo.InvariantCulture)
            ))
            .ToList();
        var got = Distribution.Share(money, given);
        Assert.That(string.Join(' ', got), Is.EqualTo(shares));
        Assert.That(got.Sum(), Is.EqualTo(Math.Min(money, given.Sum(c => c.Amount))));
    }

    [TestCase("A1,100.00,2026-03-02,王某乙,（2026）吉2424执12号 执行款", 10000, "（2026）吉2424执12号")]
    [TestCase("A1\t１００\t2026/3/2\t王某乙", 10000, null)]
    [TestCase("A1;1.5;20260302;王某乙;(2026)吉2424执12号", 150, "（2026）吉2424执12号")]
    [TestCase("A1，2，2026.3.2，王某乙", 200, null)]
    [TestCase("A1,1e5,2026-03-02,王某乙", 0, null)]
    [TestCase("A1,-5,2026-03-02,王某乙", -500, null)]
    [TestCase("余额,12.30,2026-03-02", 1230, null)]
    [TestCase("A1,0,2026-03-02,王某乙", 0, null)]
    [TestCase("A1,5,2026-02-30,王某乙", 0, null)]
    [TestCase(",5,2026-02-03,王某乙", 0, null)]
    [TestCase("A1,99999999999,2026-02-03,王某乙", 0, null)]
    public void A_line_is_read_or_refused(string text, long cents, string? number)
    {
        var (line, reason) = StatementLine.Read(text);
        Assert.That(line?.Cents ?? 0, Is.EqualTo(cents));
        Assert.That(line?.CaseNumber, Is.EqualTo(number));
        Assert.That(reason.Length > 0, Is.EqualTo(line is null));
    }
}
