namespace CourtOps.Law.Tests;

public sealed class MoneyTests
{
    private static FeeAnswer Fee(FeeKind kind, string? claim = null, bool half = false, string? property = null, string? damages = null, string? fee = null) =>
        CourtFee.Compute(
            new FeeQuestion
            {
                Kind = kind,
                Claim = Amount(claim),
                Half = half,
                Property = Amount(property),
                Damages = Amount(damages),
                Base = Amount(fee),
            }
        );

    [TestCase("8000", "50.00", "25.00", "50.00", "100.00")]
    [TestCase("10001", "50.03", "25.01", "50.02", "120.01")]
    [TestCase("100000", "2300.00", "1150.00", "1400.00", "1020.00")]
    [TestCase("123456.78", "2769.14", "1384.57", "1751.85", "1137.28")]
    [TestCase("200000", "4300.00", "2150.00", "2900.00", "1520.00")]
    [TestCase("350000", "6550.00", "3275.00", "5150.00", "2270.00")]
    [TestCase("500000", "8800.00", "4400.00", "7400.00", "3020.00")]
    [TestCase("1000000", "13800.00", "6900.00", "12400.00", "5000.00")]
    [TestCase("2000000", "22800.00", "11400.00", "22400.00", "5000.00")]
    [TestCase("5000000", "46800.00", "23400.00", "52400.00", "5000.00")]
    [TestCase("10000000", "81800.00", "40900.00", "77400.00", "5000.00")]
    [TestCase("20000000", "141800.00", "70900.00", "87400.00", "5000.00")]
    [TestCase("30000000", "191800.00", "95900.00", "97400.00", "5000.00")]
    public void G_09_T_table_of_fees(string claim, string fee, string half, string enforcement, string preservation)
    {
        var whole = Fee(FeeKind.Property, claim);
        Assert.That(Yuan.Text(whole.Case!.Value), Is.EqualTo(fee));
        Assert.That(Yuan.Text(Fee(FeeKind.Property, claim, half: true).Case!.Value), Is.EqualTo(half));
        Assert.That(Yuan.Text(whole.Enforcement!.Value), Is.EqualTo(enforcement));
        Assert.That(Yuan.Text(whole.Preservation!.Value), Is.EqualTo(preservation));
    }

    [TestCase(FeeKind.Divorce, "1000000", null, "300", "4300.00", TestName = "G-09 [T] divorce with property")]
    [TestCase(FeeKind.Divorce, "200000", null, null, "50.00", TestName = "G-09 [T] divorce, lower bound")]
    [TestCase(FeeKind.Personality, null, "80000", "500", "800.00", TestName = "G-09 [T] personality with damages")]
    [TestCase(FeeKind.Personality, null, "150000", "500", "1250.00", TestName = "G-09 [T] personality, above 100 000")]
    [TestCase(FeeKind.Personality, null, null, null, "100.00", TestName = "G-09 [T] personality, lower bound")]
    [TestCase(FeeKind.Ip, null, null, null, "500.00", TestName = "G-09 [T] ip without amount")]
    [TestCase(FeeKind.Labour, null, null, null, "10.00", TestName = "G-09 [T] labour")]
    [TestCase(FeeKind.Admin, null, null, null, "50.00", TestName = "G-09 [T] administrative")]
    [TestCase(FeeKind.Admin, null, null, "100", "100.00", TestName = "G-09 [T] administrative, trademark")]
    [TestCase(FeeKind.Jurisdiction, null, null, null, "50.00", TestName = "G-09 [T] failed objection to jurisdiction")]
    [TestCase(FeeKind.Other, null, null, null, "50.00", TestName = "G-09 [T] other")]
    public void Fees_of_other_kinds(FeeKind kind, string? property, string? damages, string? fee, string expected)
    {
        var answer = Fee(kind, null, false, property, damages, fee);
        Assert.That(Yuan.Text(answer.Case!.Value), Is.EqualTo(expected));
        Assert.That(answer.Enforcement, Is.Null);
        Assert.That(answer.Preservation, Is.Null);
    }

    [TestCase("10000", "16.67"), TestCase("100000", "766.67"), TestCase("1000000", "4600.00")]
    public void G_09_T_a_payment_order_costs_a_third(string claim, string fee) =>
        Assert.That(Yuan.Text(Fee(FeeKind.PaymentOrder, claim).Case!.Value), Is.EqualTo(fee));

    [Test(Description = "G-09 [T]")]
    public void Ip_with_an_amount_is_a_property_case() => Assert.That(Fee(FeeKind.Ip, "100000").Case, Is.EqualTo(2300m));

    [Test(Description = "G-09 [T]")]
    public void Flat_fees()
    {
        Assert.That(FeeSchedule.PublicSummons, Is.EqualTo(100m));
        Assert.That(FeeSchedule.ArbitrationSetAside, Is.EqualTo(400m));
        Assert.That(FeeSchedule.Bankruptcy(30_000_000m), Is.EqualTo(95_900m));
        Assert.That(FeeSchedule.Bankruptcy(9_000_000_000m), Is.EqualTo(300_000m));
    }

    [
        TestCase(10_000),
        TestCase(100_000),
        TestCase(200_000),
        TestCase(500_000),
        TestCase(1_000_000),
        TestCase(2_000_000),
        TestCase(5_000_000),
        TestCase(10_000_000),
        TestCase(20_000_000)
    ]
    public void Fees_are_continuous_at_the_brackets_to_the_cent(int bound)
    {
        foreach (var fee in new Func<decimal, decimal>[] { FeeSchedule.Property, FeeSchedule.Enforcement, FeeSchedule.Preservation })
            Assert.That(Yuan.Round(fee(bound + 0.01m)) - Yuan.Round(fee(bound)), Is.InRange(0m, 0.01m));
    }

    [Test]
    public void Fees_never_fall()
    {
        var random = new Random(3);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var claim = random.NextInt64(1, 4_000_000_000) / 100m;
            var more = claim + (random.Next(0, 1_000_000) / 100m);
            Assert.That(Yuan.Round(FeeSchedule.Property(more)), Is.GreaterThanOrEqualTo(Yuan.Round(FeeSchedule.Property(claim))));
            Assert.That(Yuan.Round(FeeSchedule.Enforcement(more)), Is.GreaterThanOrEqualTo(Yuan.Round(FeeSchedule.Enforcement(claim))));
            Assert.That(Yuan.Round(FeeSchedule.Preservation(more)), Is.GreaterThanOrEqualTo(Yuan.Round(FeeSchedule.Preservation(claim))));
        }
    }

    [
        TestCase("1.234"),
        TestCase("12345678901234567890"),
        TestCase("-1"),
        TestCase("1e5"),
        TestCase("1,000"),
        TestCase(""),
        TestCase("."),
        TestCase("1."),
        TestCase("１"),
        TestCase("99999999999999")
    ]
    public void Refuses_what_is_no_amount(string text) => Assert.That(Given.Fails(() => Yuan.Parse("claim", text)).Field, Is.EqualTo("claim"));

    [Test]
    public void Refuses_arguments_that_do_not_fit_the_kind()
    {
        Assert.That(Given.Fails(() => Fee(FeeKind.Property)).Field, Is.EqualTo("claim"));
        Assert.That(Given.Fails(() => Fee(FeeKind.PaymentOrder)).Field, Is.EqualTo("claim"));
        Assert.That(Given.Fails(() => Fee(FeeKind.Divorce, fee: "301")).Field, Is.EqualTo("base"));
        Assert.That(Given.Fails(() => Fee(FeeKind.Labour, fee: "50")).Field, Is.EqualTo("base"));
        Assert.That(Given.Fails(() => Fee(FeeKind.Property, "1", property: "1")).Field, Is.EqualTo("property"));
        Assert.That(Given.Fails(() => Fee(FeeKind.Divorce, damages: "1")).Field, Is.EqualTo("damages"));
    }

    [TestCase("100000", "2026-01-01", "2026-04-01", 90, "1575.00", TestName = "D-06 penalty interest [T] worked example")]
    [TestCase("0.01", "2026-01-01", "2026-01-02", 1, "0.00", TestName = "D-06 penalty interest [T] a cent")]
    [TestCase("12345.67", "2026-01-01", "2026-01-01", 0, "0.00", TestName = "D-06 penalty interest [T] no day")]
    public void Penalty_interest(string debt, string from, string to, int days, string amount)
    {
        var interest = PenaltyInterest.Compute(Amount(debt)!.Value, Given.Day(from), Given.Day(to));
        Assert.That(interest.Days, Is.EqualTo(days));
        Assert.That(Yuan.Text(interest.Amount), Is.EqualTo(amount));
    }

    [Test(Description = "D-06 penalty interest [T] stays not caused by the debtor")]
    public void Excluded_time_counts_once()
    {
        var interest = PenaltyInterest.Compute(
            100_000m,
            Given.Day("2026-01-01"),
            Given.Day("2026-04-01"),
            [(Given.Day("2026-02-01"), Given.Day("2026-02-11")), (Given.Day("2026-02-05"), Given.Day("2026-02-21"))]
        );
        Assert.That(interest.Days, Is.EqualTo(70));
    }

    [Test]
    public void Refuses_interest_backwards() =>
        Assert.That(Given.Fails(() => PenaltyInterest.Compute(1m, Given.Day("2026-02-01"), Given.Day("2026-01-01"))).Field, Is.EqualTo("to"));

    [TestCase("2020-06-01", "253"), TestCase("2023-06-01", "260"), TestCase("2024-01-01", "264")]
    public void G_06_T_the_article_follows_the_date(string on, string number) =>
        Assert.That(LawArticles.Get("CPL-264", Given.Day(on)).Number, Is.EqualTo(number));

    private static decimal? Amount(string? text) => text is null ? null : Yuan.Parse("x", text);
}
