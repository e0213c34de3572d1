using CourtOps.Kernel.Messaging;
using CourtOps.Law;
using CourtOps.Testing;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.Jobs;

namespace CourtOps.Workzone.Tests.Calendars;

internal sealed class LoadedCalendarsTests
{
    private string folder = "";

    [SetUp]
    public void Make() => folder = Directory.CreateTempSubdirectory("courtops-calendars").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_year_in_the_data_folder_stands_over_the_shipped_one()
    {
        var shipped = CalendarYears.BuiltIn.Single(y => y.Year == 2026);
        var days = shipped
            .Days.Select(d => new
            {
                name = d.Name,
                date = d.Date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                isOffDay = d.IsOffDay,
            })
            .Append(
                new
                {
                    name = "国庆节",
                    date = "2026-11-30",
                    isOffDay = true,
                }
            );
        Write(
            "2026.json",
            System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    year = 2026,
                    papers = shipped.Papers,
                    days,
                }
            )
        );
        Assert.Multiple(() =>
        {
            Assert.That(CourtCalendar.Default.IsHoliday(new DateOnly(2026, 11, 30)), Is.False);
            Assert.That(new LoadedCalendars(folder).For(null).IsHoliday(new DateOnly(2026, 11, 30)), Is.True);
        });
    }

    [Test]
    public void A_court_has_its_own_days_and_only_that_court()
    {
        Write("local-吉24.json", """[{"date":"2026-09-03","effect":"legal-holiday"}]""");
        var loaded = new LoadedCalendars(folder);
        Assert.Multiple(() =>
        {
            Assert.That(loaded.For("吉24").IsHoliday(new DateOnly(2026, 9, 3)), Is.True);
            Assert.That(loaded.For("吉2424").IsHoliday(new DateOnly(2026, 9, 3)), Is.False);
        });
    }

    [TestCase(
        "2031.json",
        """{"year":2031,"papers":["https://www.gov.cn/x"],"days":[{"name":"元旦","date":"2031-01-02","isOffDay":true}]}""",
        Description = "statutory days are missing"
    )]
    [TestCase("2031.json", "{}")]
    [TestCase("2031.json", "not json")]
    [TestCase("local-吉24.json", """[{"date":"2026-13-01"}]""")]
    public void A_file_that_is_no_calendar_is_named(string name, string text)
    {
        Write(name, text);
        Assert.That(() => new LoadedCalendars(folder), Throws.TypeOf<RuleBroken>().With.Message.Contains(name));
    }

    [Test]
    public async Task The_nightly_job_computes_the_clocks_of_open_cases_again()
    {
        await using var app = await TestApp.StartAsync();
        var caseId = await app.Case(4711, SampleParty.Provided);
        var right = await app.Value<string>("SELECT clock_end FROM workzone_case WHERE id = @caseId", new { caseId });
        await app.Change("UPDATE workzone_case SET clock_end = '2020-01-01', clock_provisional = 1 WHERE id = @caseId", new { caseId });
        await app.RunJob<RecomputeClocks>();
        Assert.That(await app.Value<string>("SELECT clock_end FROM workzone_case WHERE id = @caseId", new { caseId }), Is.EqualTo(right));
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(folder, "calendars"));
        File.WriteAllText(Path.Combine(folder, "calendars", name), text);
    }
}
