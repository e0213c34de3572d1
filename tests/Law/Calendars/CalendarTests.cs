namespace CourtOps.Law.Tests;

public sealed class CalendarTests
{
    [Test(Description = "A-07 [T] 2026")]
    public void The_year_2026_is_as_published()
    {
        var off = CalendarYears.BuiltIn.Single(y => y.Year == 2026).Days.Where(d => d.IsOffDay).Select(d => LawDates.Text(d.Date)).ToArray();
        var expected = Range("2026-01-01", 3)
            .Concat(Range("2026-02-15", 9))
            .Concat(Range("2026-04-04", 3))
            .Concat(Range("2026-05-01", 5))
            .Concat(Range("2026-06-19", 3))
            .Concat(Range("2026-09-25", 3))
            .Concat(Range("2026-10-01", 7));
        Assert.That(off, Is.EqualTo(expected));
        foreach (var worked in new[] { "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10" })
            Assert.That(Given.Calendar.IsHoliday(Given.Day(worked)), Is.False, worked);
    }

    [Test(Description = "A-07 [T] 2025")]
    public void The_year_2025_is_as_published()
    {
        var off = CalendarYears.BuiltIn.Single(y => y.Year == 2025).Days.Where(d => d.IsOffDay).Select(d => LawDates.Text(d.Date)).ToArray();
        var expected = Range("2025-01-01", 1)
            .Concat(Range("2025-01-28", 8))
            .Concat(Range("2025-04-04", 3))
            .Concat(Range("2025-05-01", 5))
            .Concat(Range("2025-05-31", 3))
            .Concat(Range("2025-10-01", 8));
        Assert.That(off, Is.EqualTo(expected));
        foreach (var worked in new[] { "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11" })
            Assert.That(Given.Calendar.IsHoliday(Given.Day(worked)), Is.False, worked);
    }

    [TestCase("2027-01-01"), TestCase("2027-02-05"), TestCase("2027-02-06"), TestCase("2027-02-08"), TestCase("2027-04-05"), TestCase("2027-05-01")]
    [TestCase("2027-05-02"), TestCase("2027-06-09"), TestCase("2027-09-15"), TestCase("2027-10-01"), TestCase("2027-10-03"), TestCase("2033-10-01")]
    public void A_year_without_arrangement_has_the_statutory_days(string day) => Assert.That(Given.Calendar.IsHoliday(Given.Day(day)), Is.True);

    [TestCase("2027-02-09"), TestCase("2027-05-03"), TestCase("2027-10-04"), TestCase("2027-06-10")]
    public void And_no_bridge_days(string day) => Assert.That(Given.Calendar.IsHoliday(Given.Day(day)), Is.False);

    [Test(Description = "the computable days agree with the four published years")]
    public void Computed_days_are_days_off_in_the_published_years()
    {
        for (var year = 2023; year <= 2026; year++)
            foreach (var day in StatutoryHolidays.Of(year))
                Assert.That(Given.Calendar.IsHoliday(day), Is.True, LawDates.Text(day));
    }

    [Test(Description = "A-07 [P] local days")]
    public void A_local_day_closes_the_office_but_rolls_only_as_legal_holiday()
    {
        var day = Given.Day("2026-09-03");
        var closed = Given.Calendar.WithLocalDays([new LocalDay(day)]);
        Assert.That(closed.IsOfficeDay(day), Is.False);
        Assert.That(Periods.Compute(day.AddDays(-10), 10, PeriodUnit.Day, closed).LegalLastDay, Is.EqualTo(day));
        Assert.That(closed.OfficeDayNotAfter(day), Is.EqualTo(day.AddDays(-1)));
        var legal = Given.Calendar.WithLocalDays([new LocalDay(day, LocalDayEffect.LegalHoliday)]);
        Assert.That(Periods.Compute(day.AddDays(-10), 10, PeriodUnit.Day, legal).LegalLastDay, Is.EqualTo(day.AddDays(1)));
    }

    [Test]
    public void When_a_year_arrives_the_result_is_final_and_the_changed_days_are_told()
    {
        var year = CalendarYear.Parse(Year2027("{\"name\":\"春节\",\"date\":\"2027-02-10\",\"isOffDay\":true}"));
        var later = Given.Calendar.With(year);
        Assert.That(Periods.Compute(Given.Day("2027-02-01"), 9, PeriodUnit.Day, Given.Calendar), Has.Property("Provisional").True);
        Assert.That(Periods.Compute(Given.Day("2027-02-01"), 9, PeriodUnit.Day, later), Has.Property("Provisional").False.And.Property("Rolled").True);
        Assert.That(later.DaysDifferentFrom(Given.Calendar).Select(d => d.Year).Distinct(), Is.EqualTo(new[] { 2027 }));
        Assert.That(later.DaysDifferentFrom(later), Is.Empty);
    }

    [TestCase("", "json")]
    [TestCase("[]", "json")]
    [TestCase("{\"year\":\"2027\"}", "year")]
    [TestCase("{\"year\":1800}", "year")]
    [TestCase("{\"year\":2027}", "papers")]
    [TestCase("{\"year\":2027,\"papers\":[\"https://example.org/gov.cn\"]}", "papers")]
    [TestCase("{\"year\":2027,\"papers\":[\"https://www.gov.cn/x\"]}", "days")]
    [TestCase("{\"year\":2027,\"papers\":[\"https://www.gov.cn/x\"],\"days\":[{\"name\":\"x\",\"date\":\"2027-02-30\",\"isOffDay\":true}]}", "days[0].date")]
    [TestCase("{\"year\":2027,\"papers\":[\"https://www.gov.cn/x\"],\"days\":[{\"name\":\"x\",\"date\":\"2026-02-20\",\"isOffDay\":true}]}", "days[0].date")]
    [TestCase(
        "{\"year\":2027,\"papers\":[\"https://www.gov.cn/x\"],\"days\":[{\"name\":\"x\",\"date\":\"2027-02-10\",\"isOffDay\":false}]}",
        "days[0].isOffDay"
    )]
    [TestCase("{\"year\":2027,\"papers\":[\"https://www.gov.cn/x\"],\"days\":[{\"name\":\"x\",\"date\":\"2027-02-10\"}]}", "days[0].isOffDay")]
    [TestCase("{\"year\":2027,\"papers\":[\"https://www.gov.cn/x\"],\"days\":[{\"date\":\"2027-02-10\",\"isOffDay\":true}]}", "days[0].name")]
    [TestCase("{\"year\":2027,\"papers\":[\"https://www.gov.cn/x\"],\"days\":[{\"name\":\"x\",\"date\":\"2027-02-10\",\"isOffDay\":true}]}", "days")]
    public void Refuses_a_file_that_is_no_arrangement(string json, string field) =>
        Assert.That(Given.Fails(() => CalendarYear.Parse(json)).Field, Is.EqualTo(field));

    private static string Year2027(string extra)
    {
        var days = string.Join(",", StatutoryHolidays.Of(2027).Distinct().Select(d => $$"""{"name":"x","date":"{{LawDates.Text(d)}}","isOffDay":true}"""));
        return $$"""{"$schema":"ignored","year":2027,"papers":["https://www.gov.cn/test"],"days":[{{days}},{{extra}}]}""";
    }

    private static IEnumerable<string> Range(string from, int days) => Enumerable.Range(0, days).Select(i => LawDates.Text(Given.Day(from).AddDays(i)));
}
