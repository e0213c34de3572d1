namespace CourtOps.Law.Tests;

public sealed class PeriodTests
{
    [TestCase("2026-03-02/2026-03-17 2026-03-05/2026-03-20", false, "2026-03-21", TestName = "A-05 [P] two parties: the day after the later period")]
    [TestCase("2026-02-05/2026-02-28 2026-02-05/2026-02-28", false, "2026-03-01", TestName = "A-05 [P] over the end of February")]
    [TestCase("2026-12-16/2026-12-31", false, "2027-01-01", TestName = "A-05 [P] over the end of the year")]
    [TestCase("2026-03-02/2026-03-17 -/", false, null, TestName = "A-05 [P] a party is not served")]
    [TestCase("2026-03-02/2026-03-17 2026-03-05/", false, null, TestName = "A-05 [P] a party's period is not known: no day is said")]
    [TestCase("2026-03-02/ 2026-03-06/", true, "2026-03-06", TestName = "A-05 [P] final: the last service")]
    [TestCase("2026-03-02/2026-03-17 -/", true, null, TestName = "A-05 [P] final, a party is not served")]
    [TestCase("", true, null, TestName = "A-05 [P] nobody")]
    public void A_paper_that_nobody_appeals_against_takes_effect(string services, bool final, string? on)
    {
        static DateOnly? Day(string text) => text is "" or "-" ? null : DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var parties = services
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(s => s.Split('/'))
            .Select(p => new PartyService(Day(p[0]), Day(p[1])))
            .ToList();
        Assert.That(PartyClocks.Effect(parties, final), Is.EqualTo(Day(on ?? "")));
    }

    [TestCase("2026-09-16", 15, PeriodUnit.Day, "2026-10-01", "2026-10-08", TestName = "A-01 [T] appeal against a judgment ends in the National Day holiday")]
    [TestCase("2026-09-25", 15, PeriodUnit.Day, "2026-10-10", "2026-10-10", TestName = "A-01 [T] last day is a worked Saturday: no roll")]
    [TestCase("2026-02-05", 10, PeriodUnit.Day, "2026-02-15", "2026-02-24", TestName = "A-01 [T] appeal against a ruling over Spring Festival")]
    [TestCase("2026-09-24", 7, PeriodUnit.Day, "2026-10-01", "2026-10-08", TestName = "A-01 [T] seven days for filing")]
    [TestCase("2026-08-31", 6, PeriodUnit.Month, "2027-02-28", "2027-03-01", TestName = "A-01 [T] six months without corresponding day")]
    [TestCase("2026-03-31", 6, PeriodUnit.Month, "2026-09-30", "2026-09-30", TestName = "A-01 [T] six months")]
    [TestCase("2026-09-28", 7, PeriodUnit.Workday, "2026-10-13", "2026-10-13", TestName = "A-01 [T] seven working days over National Day")]
    [TestCase("2024-02-29", 1, PeriodUnit.Year, "2025-02-28", "2025-02-28", TestName = "A-01 [T] a year from 29 February")]
    public void Worked_examples(string trigger, int n, PeriodUnit unit, string raw, string legal)
    {
        var result = Periods.Compute(Given.Day(trigger), n, unit, Given.Calendar);
        Assert.That(Given.Text(result.FirstDay), Is.EqualTo(LawDates.Text(Given.Day(trigger).AddDays(1))));
        Assert.That(Given.Text(result.RawLastDay), Is.EqualTo(raw));
        Assert.That(Given.Text(result.LegalLastDay), Is.EqualTo(legal));
        Assert.That(result.Rolled, Is.EqualTo(raw != legal));
    }

    [TestCase("2026-11-20T10:20", TestName = "A-01 [T] 48 h from 10:20 start at 11:00")]
    [TestCase("2026-11-20T10:00", TestName = "A-01 [T] 48 h from 10:00 sharp start at 11:00")]
    public void Hours(string trigger)
    {
        var result = Periods.Hours(Given.Time(trigger), 48, Given.Calendar);
        Assert.That(LawDates.Text(result.FirstHour), Is.EqualTo("2026-11-20T11:00"));
        Assert.That(LawDates.Text(result.Last), Is.EqualTo("2026-11-22T11:00"));
    }

    [Test(Description = "A-01 (5) [T]")]
    public void Criminal_custody_does_not_roll_and_only_there()
    {
        var day = Given.Day("2026-09-21");
        Assert.That(Given.Text(Periods.Compute(day, 10, PeriodUnit.Day, Given.Calendar, ProcedureKind.Criminal, true).LegalLastDay), Is.EqualTo("2026-10-01"));
        Assert.That(Given.Text(Periods.Compute(day, 10, PeriodUnit.Day, Given.Calendar, ProcedureKind.Criminal).LegalLastDay), Is.EqualTo("2026-10-08"));
        Assert.That(Given.Text(Periods.Compute(day, 10, PeriodUnit.Day, Given.Calendar, ProcedureKind.Civil, true).LegalLastDay), Is.EqualTo("2026-10-08"));
    }

    [TestCase("2026-02-28", 1, "2026-03-31", TestName = "B-01 criminal months [T] from a month's end to the next month's end")]
    [TestCase("2026-01-31", 1, "2026-02-28", TestName = "B-01 criminal months [T] missing day")]
    [TestCase("2026-01-30", 1, "2026-02-28", TestName = "B-01 criminal months [T] missing day, not from month end")]
    [TestCase("2026-01-15", 2, "2026-03-15", TestName = "B-01 criminal months [T] same day")]
    public void Criminal_months(string trigger, int n, string raw) =>
        Assert.That(Given.Text(Periods.Compute(Given.Day(trigger), n, PeriodUnit.Month, Given.Calendar, ProcedureKind.Criminal).RawLastDay), Is.EqualTo(raw));

    [Test(Description = "A-04 [P]")]
    public void Notice_before_a_hearing_needs_three_clear_days()
    {
        var notice = BackwardNotice.For(Given.Day("2026-11-27"), 3);
        Assert.That(Given.Text(notice.Latest), Is.EqualTo("2026-11-23"));
        Assert.That(Given.Text(notice.LenientLatest), Is.EqualTo("2026-11-24"));
        Assert.That(Given.Text(BackwardNotice.For(Given.Day("2026-11-27"), 3, clearDays: false).Latest), Is.EqualTo("2026-11-24"));
        Assert.That(notice.Judge(Given.Day("2026-11-23")), Is.EqualTo(NoticeVerdict.InTime));
        Assert.That(notice.Judge(Given.Day("2026-11-24")), Is.EqualTo(NoticeVerdict.OnlyLenient));
        Assert.That(notice.Judge(Given.Day("2026-11-25")), Is.EqualTo(NoticeVerdict.TooLate));
    }

    [TestCase("2026-10-12", 15, "2026-09-27", "2026-09-24", TestName = "A-04 / B-05 [P] fifteen days before, inside a holiday")]
    [TestCase("2026-10-12", 5, "2026-10-07", "2026-09-30", TestName = "A-04 / B-05 [P] five days before, inside a holiday")]
    public void Deadline_towards_the_court(string date, int n, string limit, string due)
    {
        var deadline = CourtDeadline.Before(Given.Day(date), n, Given.Calendar);
        Assert.That(Given.Text(deadline.Limit), Is.EqualTo(limit));
        Assert.That(Given.Text(deadline.Internal), Is.EqualTo(due));
    }

    [TestCase("2026-10-08", "2026-10-12", LodgingState.InTime, TestName = "A-02 [T] posted on the last day")]
    [TestCase("2026-10-09", "2026-10-12", LodgingState.Late, TestName = "A-02 [T] posted after the last day")]
    [TestCase(null, "2026-10-08", LodgingState.InTime, TestName = "A-02 [P] received on the last day")]
    [TestCase(null, "2026-10-09", LodgingState.Late, TestName = "A-02 [T] received late, no postmark")]
    [TestCase(null, null, LodgingState.Open, TestName = "A-02 [P] nothing yet, grace runs")]
    public void Posting(string? posted, string? received, LodgingState state) =>
        Assert.That(
            Lodging.Judge(
                Given.Day("2026-10-08"),
                posted is null ? null : Given.Day(posted),
                received is null ? null : Given.Day(received),
                Given.Day("2026-10-15")
            ),
            Is.EqualTo(state)
        );

    [Test(Description = "A-02 [P]")]
    public void After_the_grace_window_nothing_came() =>
        Assert.That(Lodging.Judge(Given.Day("2026-10-08"), null, null, Given.Day("2026-10-16")), Is.EqualTo(LodgingState.NothingCame));

    [TestCase(ProcedureKind.Civil, "2026-11-30", TestName = "A-03 [T] civil 10 days (CPL 86)")]
    [TestCase(ProcedureKind.Criminal, "2026-11-25", TestName = "A-03 [T] criminal 5 days (CrPL 106)")]
    [TestCase(ProcedureKind.Admin, "2026-11-30", TestName = "A-03 [T] administrative 10 days (ALL 48)")]
    public void Restoring_a_missed_period(ProcedureKind procedure, string last) =>
        Assert.That(Given.Text(Restoration.ApplyBy(Given.Day("2026-11-20"), procedure, Given.Calendar).LegalLastDay), Is.EqualTo(last));

    [Test(Description = "A-05 [T]")]
    public void Each_party_has_its_own_clock()
    {
        var clocks = PartyClocks.Run(
            [("a", Given.Day("2026-09-16"), 15), ("b", Given.Day("2026-11-02"), 15), ("c", Given.Day("2026-09-16"), 30)],
            ProcedureKind.Civil,
            Given.Calendar
        );
        Assert.That(clocks.Parties.Select(p => Given.Text(p.LegalLastDay)), Is.EqualTo(new[] { "2026-10-08", "2026-11-17", "2026-10-16" }));
        Assert.That(Given.Text(clocks.Latest), Is.EqualTo("2026-11-17"));
        Assert.That(Given.Text(clocks.EffectiveOn), Is.EqualTo("2026-11-18"));
    }

    [Test(Description = "A-06 [T]")]
    public void Fixed_periods_are_six_months_and_one_year()
    {
        Assert.That(
            Given.Text(FixedPeriods.Compute(FixedPeriod.RetrialApplication, Given.Day("2026-03-31"), Given.Calendar).RawLastDay),
            Is.EqualTo("2026-09-30")
        );
        Assert.That(
            Given.Text(FixedPeriods.Compute(FixedPeriod.InterestedPartySuit, Given.Day("2025-03-31"), Given.Calendar).RawLastDay),
            Is.EqualTo("2026-03-31")
        );
    }

    [Test(Description = "A-07 [T]")]
    public void A_year_without_arrangement_makes_the_result_provisional()
    {
        Assert.That(Periods.Compute(Given.Day("2026-12-01"), 15, PeriodUnit.Day, Given.Calendar).Provisional, Is.False);
        Assert.That(Periods.Compute(Given.Day("2026-12-20"), 15, PeriodUnit.Day, Given.Calendar).Provisional, Is.True);
        Assert.That(Periods.Compute(Given.Day("2022-06-01"), 15, PeriodUnit.Day, Given.Calendar).Provisional, Is.True);
    }

    [TestCase(0), TestCase(-1), TestCase(999_999)]
    public void Refuses_impossible_counts(int n) =>
        Assert.That(Given.Fails(() => Periods.Compute(Given.Day("2026-01-01"), n, PeriodUnit.Day, Given.Calendar)).Field, Is.EqualTo("n"));

    [Test]
    public void Refuses_a_result_beyond_the_last_computable_day() =>
        Assert.That(Given.Fails(() => Periods.Compute(Given.Day("2095-01-01"), 10, PeriodUnit.Year, Given.Calendar)).Field, Is.EqualTo("n"));

    [
        TestCase("2026-02-30"),
        TestCase("2026-13-01"),
        TestCase("26-01-01"),
        TestCase("2026-1-1"),
        TestCase(""),
        TestCase("1990-12-31"),
        TestCase("2101-01-01"),
        TestCase("２０２６-01-01")
    ]
    public void Refuses_impossible_dates(string text) => Assert.That(Given.Fails(() => LawDates.Parse("trigger", text)).Field, Is.EqualTo("trigger"));

    [Test]
    public void A_time_with_offset_is_turned_into_china_time() =>
        Assert.That(LawDates.ParseMoment("t", "2026-11-20T20:00:00Z", out _), Is.EqualTo(Given.Time("2026-11-21T04:00")));

    [Test]
    public void The_period_path_allocates_nothing_without_explanation()
    {
        var trigger = Given.Day("2026-09-16");
        long sum = 0;
        for (var i = 0; i < 1_000; i++)
            sum += Periods.Compute(trigger, 15, PeriodUnit.Day, Given.Calendar).LegalLastDay.DayNumber;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            sum += Periods.Compute(trigger, 15, PeriodUnit.Day, Given.Calendar).LegalLastDay.DayNumber;
            sum += Periods.Compute(trigger, 3, PeriodUnit.Month, Given.Calendar, ProcedureKind.Criminal).LegalLastDay.DayNumber;
            sum += Periods.Compute(trigger, 7, PeriodUnit.Workday, Given.Calendar).LegalLastDay.DayNumber;
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sum, Is.Positive);
    }
}
