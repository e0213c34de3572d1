using CourtOps.Enforcement.Measures;
using CourtOps.Law;

namespace CourtOps.Enforcement.Checks;

/// <summary>The checks of D-05 as rules over facts.</summary>
public sealed class LeakTests
{
    private static readonly DateOnly Today = new(2026, 3, 16);

    private static CaseFacts Facts(params MeasureRow[] measures) =>
        new()
        {
            Today = Today,
            Calendar = CourtCalendar.Default,
            FiledOn = new DateOnly(2026, 3, 1),
            Claim = 10_000_000,
            Inquires = true,
            Debtors = [new CaseFacts.Debtor(7, "王某乙")],
            Measures = measures,
            Inquiries =
            [
                .. Property.Asked.Keys.Select(c => new CaseFacts.Inquired
                {
                    PartyId = 7,
                    Category = c,
                    AskedOn = new DateOnly(2026, 3, 4),
                }),
            ],
        };

    private static MeasureRow Active(DateOnly end) =>
        new()
        {
            Id = 1,
            AssetId = 5,
            Kind = "deposit",
            Basis = "enforcement",
            State = "active",
            Place = 1,
            Round = 1,
            Amount = 1_000_000,
            StartOn = end.AddYears(-1).AddDays(1),
            EndOn = end,
            ComputedEnd = end,
            LastRenewal = end,
            CourtLast = end,
            AssetName = "工行",
            PartyName = "王某乙",
        };

    private static IEnumerable<string> Codes(CaseFacts facts) => LeakChecks.Run(facts, new LeakRules()).Leaks.Select(l => l.Code);

    [Test]
    public void A_case_in_order_has_none() => Assert.That(Codes(Facts(Active(Today.AddDays(16)))), Is.Empty);

    [Test]
    public void Not_inquired_counts_after_the_first_days_and_when_an_inquiry_has_aged()
    {
        Assert.That(Codes(Facts() with { Inquiries = [], FiledOn = Today.AddDays(-10) }), Is.Empty, "the tenth day is in time");
        Assert.That(Codes(Facts() with { Inquiries = [], FiledOn = Today.AddDays(-11) }), Is.EqualTo(new[] { LeakChecks.Inquiry }));
        Assert.That(Codes(Facts() with { Today = new DateOnly(2026, 6, 2) }), Is.Empty, "ninety days count");
        Assert.That(Codes(Facts() with { Today = new DateOnly(2026, 6, 3) }), Is.EqualTo(new[] { LeakChecks.Inquiry }));
        Assert.That(Codes(Facts() with { Inquiries = [], Inquires = false }), Is.Empty, "preservation is on named property");
    }

    [TestCase(99_999L, 10_000_000L, false)]
    [TestCase(100_000L, 10_000_000L, true)]
    [TestCase(99_999L, 1_000_000L, true)]
    [TestCase(null, 10_000_000L, true)]
    public void Found_and_not_controlled_counts_unless_small(long? value, long claim, bool leaks)
    {
        var asset = new AssetRow
        {
            Id = 5,
            State = "found",
            FoundOn = Today,
            Name = "工行",
            PartyName = "王某乙",
            Value = value,
        };
        Assert.That(Codes(Facts() with { Assets = [asset], Claim = claim }), leaks ? Is.EqualTo(new[] { LeakChecks.Control }) : Is.Empty);
        Assert.That(Codes(Facts() with { Assets = [asset with { State = "excused" }], Claim = claim }), Is.Empty);
    }

    [Test]
    public void Control_is_due_in_three_working_days()
    {
        var asset = new AssetRow
        {
            Id = 5,
            State = "found",
            FoundOn = new DateOnly(2026, 3, 13),
            Name = "工行",
            Value = 8_642_015,
        };
        Assert.That(
            LeakChecks.Run(Facts() with { Assets = [asset] }, new LeakRules()).Leaks.Single().Due,
            Is.EqualTo(new DateOnly(2026, 3, 18)),
            "a weekend lies between"
        );
    }

    [Test]
    public void Building_and_land_are_sealed_together()
    {
        var house = new AssetRow
        {
            Id = 5,
            State = "controlled",
            Part = "building",
            Name = "房",
        };
        var land = new AssetRow
        {
            Id = 6,
            State = "found",
            Part = "land",
            Name = "地",
            PairAssetId = 5,
            Value = 1,
            FoundOn = Today,
        };
        Assert.That(Codes(Facts() with { Assets = [house] }), Is.EqualTo(new[] { LeakChecks.Pair }), "the other half is not even known");
        Assert.That(Codes(Facts() with { Assets = [house, land] }), Is.EqualTo(new[] { LeakChecks.Pair }));
        Assert.That(Codes(Facts() with { Assets = [house, land with { State = "controlled" }] }), Is.Empty);
    }

    [TestCase(16, false)]
    [TestCase(15, true)]
    [TestCase(0, true)]
    public void Near_its_end_it_must_be_renewed(int days, bool leaks) =>
        Assert.That(Codes(Facts(Active(Today.AddDays(days)))), leaks ? Is.EqualTo(new[] { LeakChecks.Renew }) : Is.Empty);

    [TestCase("performed", true)]
    [TestCase("settled", false)]
    [TestCase("withdrawn", true)]
    [TestCase("dismissed", true)]
    [TestCase("terminated", false)]
    public void After_some_closings_nothing_stays_controlled(string how, bool leaks)
    {
        var facts = Facts(Active(Today.AddDays(100))) with { ClosedOn = Today, ClosedHow = how };
        Assert.That(Codes(facts), leaks ? Is.EqualTo(new[] { LeakChecks.Release }) : Is.Empty);
        if (leaks)
            Assert.That(LeakChecks.Run(facts, new LeakRules()).Leaks.Single().Due, Is.EqualTo(Today.AddDays(5)));
    }

    [Test]
    public void A_settlement_releases_when_it_is_performed_closed_or_open()
    {
        var facts = Facts(Active(Today.AddDays(100)));
        Assert.That(Codes(facts with { ClosedOn = Today, ClosedHow = "settled" }), Is.Empty, "instalments are to come");
        Assert.That(Codes(facts with { SettledOn = Today.AddDays(-2) }), Is.EqualTo(new[] { LeakChecks.Release }));
        Assert.That(
            LeakChecks.Run(facts with { SettledOn = Today.AddDays(-2), Inquiries = [] }, new LeakRules()).Leaks.Single().Due,
            Is.EqualTo(Today.AddDays(3))
        );
    }

    [Test]
    public void After_the_end_of_a_round_what_is_found_and_what_lapses_counts_as_before()
    {
        var facts = Facts(Active(Today.AddDays(-1)) with { State = "lapsed" }) with
        {
            ClosedOn = Today.AddDays(-200),
            ClosedHow = "terminated",
            Assets =
            [
                new AssetRow
                {
                    Id = 6,
                    State = "found",
                    FoundOn = Today,
                    Name = "建行",
                    Value = 500_000,
                },
                new AssetRow
                {
                    Id = 8,
                    State = "clue",
                    Name = "车",
                },
            ],
        };
        Assert.That(Codes(facts), Is.EquivalentTo(new[] { LeakChecks.Lapsed, LeakChecks.Control, LeakChecks.Clue }));
        Assert.That(Codes(facts with { ClosedHow = "performed" }), Is.Empty);
    }

    [TestCase(10_000_000L, 0L, 0L, 12_000_000L, false)]
    [TestCase(10_000_000L, 4_000_000L, 0L, 7_200_000L, false)]
    [TestCase(10_000_000L, 4_000_000L, 0L, 7_200_001L, true)]
    [TestCase(10_000_000L, 4_000_000L, 1_000_000L, 6_000_001L, true)]
    [TestCase(10_000_000L, 12_000_000L, 0L, 1L, true)]
    public void Too_much_is_measured_by_what_is_still_owed(long claim, long paid, long money, long held, bool leaks) =>
        Assert.That(
            Codes(Facts(Active(Today.AddDays(100)) with { Amount = held }) with { Claim = claim, Paid = paid, HeldMoney = money }),
            leaks ? Is.EqualTo(new[] { LeakChecks.Over }) : Is.Empty
        );

    [Test]
    public void The_fee_of_enforcement_may_be_covered_too() =>
        Assert.That(Codes(Facts(Active(Today.AddDays(100)) with { Amount = 12_120_000 }) with { Costs = 100_000 }), Is.Empty);

    [TestCase(null, "", true)]
    [TestCase(5L, "", true)]
    [TestCase(5L, "5", false)]
    [TestCase(6L, "5", true)]
    [TestCase(6L, "5 7", false)]
    [TestCase(null, "5", false)]
    [TestCase(6L, "?", false)]
    public void What_was_excused_is_found_anew_when_it_is_worse(long? grade, string excused, bool found) =>
        Assert.That(
            FindingRules.IsNew(
                grade,
                [
                    .. excused
                        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        .Select(e => e == "?" ? (long?)null : long.Parse(e, System.Globalization.CultureInfo.InvariantCulture)),
                ]
            ),
            Is.EqualTo(found)
        );

    [Test]
    public void After_the_end_of_a_round_renewals_go_on() =>
        Assert.That(Codes(Facts(Active(Today.AddDays(3))) with { ClosedOn = Today, ClosedHow = "terminated" }), Is.EqualTo(new[] { LeakChecks.Renew }));

    [Test]
    public void Ruled_and_not_served_is_not_registered() =>
        Assert.That(
            Codes(
                Facts(
                    new MeasureRow
                    {
                        Id = 1,
                        State = "ruled",
                        RuledOn = Today,
                        Place = 1,
                        AssetName = "房",
                    }
                )
            ),
            Is.EqualTo(new[] { LeakChecks.Register })
        );

    [TestCase(12_000_000, false)]
    [TestCase(12_000_001, true)]
    public void More_than_the_claim_and_a_fifth_is_too_much(long amount, bool leaks) =>
        Assert.That(Codes(Facts(Active(Today.AddDays(100)) with { Amount = amount })), leaks ? Is.EqualTo(new[] { LeakChecks.Over }) : Is.Empty);

    [Test]
    public void What_counts_is_the_lower_of_amount_and_value() =>
        Assert.That(
            LeakChecks.Held([
                Active(Today) with
                {
                    Amount = 500,
                    AssetValue = 300,
                },
                Active(Today) with
                {
                    Amount = null,
                    AssetValue = 40,
                },
                Active(Today) with
                {
                    State = "waiting",
                },
            ]),
            Is.EqualTo(340)
        );

    [Test]
    public void Another_place_than_the_registrys_is_found() =>
        Assert.That(Codes(Facts(Active(Today.AddDays(100)) with { ReceiptPlace = 2 })), Is.EqualTo(new[] { LeakChecks.Rank }));

    [Test]
    public void A_waiting_one_is_confirmed_the_day_after_its_head_ends()
    {
        var waiting = new MeasureRow
        {
            Id = 1,
            State = "waiting",
            Place = 2,
            HeadEnd = Today,
            AssetName = "房",
        };
        Assert.That(Codes(Facts(waiting)), Is.Empty);
        Assert.That(LeakChecks.Run(Facts(waiting), new LeakRules()).NextLook, Is.EqualTo(Today.AddDays(1)));
        Assert.That(Codes(Facts(waiting) with { Today = Today.AddDays(1) }), Is.EqualTo(new[] { LeakChecks.Head }));
    }

    [Test]
    public void The_next_look_is_the_first_day_on_which_time_alone_changes_something()
    {
        foreach (var days in Enumerable.Range(0, 400))
        {
            var facts = Facts(Active(new DateOnly(2026, 9, 30))) with { Today = Today.AddDays(days) };
            var (leaks, next) = LeakChecks.Run(facts, new LeakRules());
            for (var day = facts.Today.AddDays(1); day < next && day <= new DateOnly(2026, 9, 30); day = day.AddDays(1))
                Assert.That(Codes(facts with { Today = day }), Is.EquivalentTo(leaks.Select(l => l.Code)), $"{facts.Today} → {day}");
        }
    }
}
