namespace CourtOps.Law.Tests;

public sealed class MeasureTests
{
    [TestCase(MeasureKind.Deposit, "2026-03-10", null, "2027-03-09", TestName = "D-01 [T] deposit one year")]
    [TestCase(MeasureKind.Movable, "2026-03-10", null, "2028-03-09", TestName = "D-01 [T] movables two years")]
    [TestCase(MeasureKind.Immovable, "2026-03-10", null, "2029-03-09", TestName = "D-01 [T] immovables three years")]
    [TestCase(MeasureKind.Other, "2026-03-10", null, "2029-03-09", TestName = "D-01 [T] other rights three years")]
    [TestCase(MeasureKind.Trademark, "2026-03-10", null, "2027-03-09", TestName = "D-01 [T] trademark one year")]
    [TestCase(MeasureKind.Patent, "2026-06-01", null, "2026-11-30", TestName = "D-02 [T] patent six months")]
    [TestCase(MeasureKind.Deposit, "2024-02-29", 1, "2025-02-27", TestName = "D-02 [P] from 29 February")]
    [TestCase(MeasureKind.Immovable, "2026-03-10", 1, "2027-03-09", TestName = "D-02 [P] shorter than the longest")]
    public void Term(MeasureKind kind, string start, int? years, string end)
    {
        var term = Measure.Term(kind, Given.Day(start), Given.Calendar, years);
        Assert.That(Given.Text(term.End), Is.EqualTo(end));
        Assert.That(term.LastRenewal, Is.EqualTo(term.End.AddDays(-7)));
        Assert.That(term.Differs, Is.False);
    }

    [Test(Description = "D-03 [T] preservation / [P] enforcement")]
    public void Renewal_is_seven_days_before_in_preservation_and_the_end_in_enforcement()
    {
        Assert.That(Given.Text(Measure.Term(MeasureKind.Deposit, Given.Day("2026-03-10"), Given.Calendar).LastRenewal), Is.EqualTo("2027-03-02"));
        Assert.That(
            Given.Text(Measure.Term(MeasureKind.Deposit, Given.Day("2026-03-10"), Given.Calendar, null, MeasureBasis.Enforcement).LastRenewal),
            Is.EqualTo("2027-03-09")
        );
    }

    [Test(Description = "D-02 [P] never rolls; the court's own last day does go back")]
    public void The_end_never_rolls()
    {
        var term = Measure.Term(MeasureKind.Deposit, Given.Day("2025-10-04"), Given.Calendar);
        Assert.That(Given.Text(term.End), Is.EqualTo("2026-10-03"));
        Assert.That(Given.Text(term.CourtLastDay), Is.EqualTo("2026-09-30"));
    }

    [Test(Description = "D-02 [P] receipt wins")]
    public void A_receipt_with_another_date_wins()
    {
        var term = Measure.Term(MeasureKind.Deposit, Given.Day("2026-03-10"), Given.Calendar, receiptEnd: Given.Day("2027-03-10"));
        Assert.That(Given.Text(term.End), Is.EqualTo("2027-03-10"));
        Assert.That(term.Differs);
        Assert.That(Given.Text(term.LastRenewal), Is.EqualTo("2027-03-03"));
    }

    [Test(Description = "D-03 [P]")]
    public void A_registry_out_of_town_has_forty_five_days_too()
    {
        var end = Given.Day("2026-10-09");
        Assert.That(
            Measure.Warnings(MeasureKind.Immovable, Given.Day("2023-10-10"), end, Given.Calendar, outOfTown: true).Select(w => w.Tier),
            Is.EqualTo(new[] { "D-60", "D-45", "D-30", "D-15", "D-7", "D-3", "D-1", "due" })
        );
        Assert.That(
            Measure.Warnings(MeasureKind.Deposit, Given.Day("2026-09-01"), end, Given.Calendar, outOfTown: true).Select(w => w.Tier),
            Is.EqualTo(new[] { "D-30", "D-15", "D-7", "D-3", "D-1", "due" }),
            "not before the start"
        );
        Assert.Throws<LawError>(() => Measure.Warnings(MeasureKind.Deposit, end.AddDays(1), end, Given.Calendar));
    }

    [Test(Description = "D-03 [P]")]
    public void Warnings_have_sixty_days_only_for_immovables_and_rights()
    {
        Assert.That(
            Measure.Term(MeasureKind.Immovable, Given.Day("2023-10-10"), Given.Calendar).Warnings.Select(w => w.Tier),
            Is.EqualTo(new[] { "D-60", "D-30", "D-15", "D-7", "D-3", "D-1", "due" })
        );
        Assert.That(
            Measure.Term(MeasureKind.Deposit, Given.Day("2025-10-10"), Given.Calendar).Warnings.Select(w => w.Tier),
            Is.EqualTo(new[] { "D-30", "D-15", "D-7", "D-3", "D-1", "due" })
        );
    }

    [
        TestCase(MeasureKind.Deposit, 2),
        TestCase(MeasureKind.Movable, 3),
        TestCase(MeasureKind.Immovable, 4),
        TestCase(MeasureKind.Patent, 1),
        TestCase(MeasureKind.Deposit, 0)
    ]
    public void A_term_above_the_longest_is_an_error(MeasureKind kind, int years) =>
        Assert.That(Given.Fails(() => Measure.Term(kind, Given.Day("2026-03-10"), Given.Calendar, years)).Field, Is.EqualTo("years"), "D-02 [P]");

    [Test(Description = "D-03 [T] waiting measure")]
    public void A_waiting_measure_runs_from_its_activation() =>
        Assert.That(Given.Text(Measure.Activate(MeasureKind.Deposit, Given.Day("2026-05-01"), Given.Calendar).End), Is.EqualTo("2027-04-30"));

    [Test(Description = "D-04 [T] security")]
    public void Security_is_thirty_percent_in_a_suit_and_all_before_it()
    {
        Assert.That(Measure.Security(100_000m, beforeSuit: false), Is.EqualTo(30_000m));
        Assert.That(Measure.Security(100_000m, beforeSuit: true), Is.EqualTo(100_000m));
    }

    [TestCase(AuctionKind.Immovable, "2026-12-23", 15, TestName = "D-08 [T] immovables: notice 30 days, again 15")]
    [TestCase(AuctionKind.Other, "2026-12-23", 15, TestName = "D-08 [T] other rights: notice 30 days, again 15")]
    [TestCase(AuctionKind.Movable, "2026-12-08", 7, TestName = "D-08 [T] movables: notice 15 days, again 7")]
    public void Auction(AuctionKind kind, string earliest, int again)
    {
        var plan = AuctionPlan.For(kind, 1_000_000m, Given.Day("2026-11-23"), Given.Day("2026-12-24"));
        Assert.That(plan.StartPriceMin, Is.EqualTo(700_000m));
        Assert.That(plan.DepositMin, Is.EqualTo(35_000m));
        Assert.That(plan.DepositMax, Is.EqualTo(140_000m));
        Assert.That(Given.Text(plan.Earliest), Is.EqualTo(earliest));
        Assert.That(Given.Text(plan.ReauctionBy), Is.EqualTo("2027-01-23"));
        Assert.That(plan.ReauctionPriceMin, Is.EqualTo(560_000m));
        Assert.That(plan.ReauctionNoticeDays, Is.EqualTo(again));
    }

    [Test]
    public void Least_prices_are_rounded_up_to_the_cent()
    {
        var plan = AuctionPlan.For(AuctionKind.Movable, 99.99m, Given.Day("2026-11-23"));
        Assert.That(plan.StartPriceMin, Is.EqualTo(70.00m));
        Assert.That(plan.StartPriceMin / 99.99m, Is.GreaterThanOrEqualTo(0.7m));
        Assert.That(plan.ReauctionBy, Is.Null);
        Assert.That(Given.Fails(() => AuctionPlan.For(AuctionKind.Movable, 1m, Given.Day("2026-11-23"), Given.Day("2026-11-22"))).Field, Is.EqualTo("failed"));
        Assert.That(Given.Fails(() => AuctionPlan.For(AuctionKind.Movable, 0m, Given.Day("2026-11-23"))).Field, Is.EqualTo("valuation"));
    }

    private const string LaterLaw = """
        {"terms": [
          {"months": {"deposit": 12, "movable": 24, "immovable": 36, "other": 36, "trademark": 12, "patent": 6}},
          {"from": "2030-01-01", "months": {"deposit": 24, "movable": 12, "immovable": 36, "other": 36, "trademark": 12, "patent": 12}}
        ]}
        """;

    [TestCase(MeasureKind.Deposit, "2029-12-31", "2030-12-30")]
    [TestCase(MeasureKind.Deposit, "2030-01-01", "2031-12-31")]
    [TestCase(MeasureKind.Movable, "2029-12-31", "2031-12-30")]
    [TestCase(MeasureKind.Movable, "2030-01-01", "2030-12-31")]
    [TestCase(MeasureKind.Patent, "2030-01-01", "2030-12-31")]
    public void A_later_law_is_for_rounds_that_begin_under_it(MeasureKind kind, string start, string end)
    {
        var later = MeasureMaxima.Parse(LaterLaw);
        Assert.That(Given.Text(Measure.Term(kind, Given.Day(start), Given.Calendar, maxima: later).End), Is.EqualTo(end));
    }

    [Test]
    public void Years_are_limited_by_the_law_of_the_day_the_round_begins()
    {
        var later = MeasureMaxima.Parse(LaterLaw);
        Assert.Throws<LawError>(() => Measure.Term(MeasureKind.Deposit, Given.Day("2029-12-31"), Given.Calendar, 2, maxima: later));
        Assert.DoesNotThrow(() => Measure.Term(MeasureKind.Deposit, Given.Day("2030-01-01"), Given.Calendar, 2, maxima: later));
        Assert.DoesNotThrow(() => Measure.Term(MeasureKind.Movable, Given.Day("2029-12-31"), Given.Calendar, 2, maxima: later));
        Assert.Throws<LawError>(() => Measure.Term(MeasureKind.Movable, Given.Day("2030-01-01"), Given.Calendar, 2, maxima: later));
    }

    [TestCase("""{"terms": []}""")]
    [TestCase("""{"terms": [{"from": "2030-01-01", "months": {}}]}""")]
    [TestCase("""{"terms": [{"months": {"deposit": 12}}]}""")]
    [TestCase("""{"terms": [{"months": {"deposit": 0, "movable": 24, "immovable": 36, "other": 36, "trademark": 12, "patent": 6}}]}""")]
    public void A_table_with_gaps_is_refused(string json) => Assert.Throws<FormatException>(() => MeasureMaxima.Parse(json));
}
