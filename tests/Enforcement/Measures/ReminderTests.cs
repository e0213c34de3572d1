using CourtOps.Contracts;
using CourtOps.Enforcement.Field;
using CourtOps.Enforcement.Jobs;
using CourtOps.Enforcement.Linkage;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Measures;

/// <summary>Who is told before an end, where one travels, and which day what ends.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ReminderTests(Engine engine) : AppTests(engine)
{
    private static readonly DateOnly Today = new(2026, 3, 2);

    private async Task<(long Case, MeasureRow Measure)> TakeAsync(DateOnly start, string thing = "工行尾号0001", int n = 1)
    {
        var caseId = await App.Case(n, new SampleParty("王某乙"));
        var m = await App.As("judge")
            .Send(
                new TakeMeasure
                {
                    CaseId = caseId,
                    PartyId = await App.PartyId(caseId, "王某乙"),
                    Kind = "deposit",
                    Description = thing,
                    Amount = 600m,
                    Authority = "延边测试银行",
                    Start = start,
                }
            );
        return (caseId, m);
    }

    private async Task SweepAsync(MeasureRow m)
    {
        await App.As(null).Send(new SweepMeasure { Id = m.Id });
        await App.DrainAsync();
    }

    [Test]
    public async Task Applicants_are_reminded_in_writing_thirty_and_seven_days_before_the_end()
    {
        // ends on 31 March: the thirtieth day before is 1 March, a Sunday
        var (caseId, m) = await TakeAsync(new(2025, 4, 1));
        await App.DrainAsync();
        await SweepAsync(m);
        var first = (await App.As("judge").Send(new ShowMeasure { Id = m.Id })).Reminders.Single();
        Assert.That((first.Tier, first.AskedOn, first.MadeOn, first.ServedOn), Is.EqualTo(("D-30", Today, (DateOnly?)Today, (DateOnly?)null)));
        Assert.That(App.Printer.Html, Has.Some.Contains("财产查控期限届满提示书").And.Contains("2026年3月31日"));
        Assert.That((await App.Published<ServiceRequested>()).Select(r => r.RequestId), Does.Contain($"enforcement:{m.Id}:1:D-30"));
        await SweepAsync(m);
        Assert.That((await App.As("judge").Send(new ShowMeasure { Id = m.Id })).Reminders, Has.Count.EqualTo(1), "once for a tier");
        await App.Hear(
            new DocumentServed
            {
                CaseId = caseId,
                DocumentId = first.DocumentId!.Value,
                PartyId = await App.PartyId(caseId, "张某甲"),
                EffectiveOn = new DateOnly(2026, 3, 4),
            }
        );
        Assert.That((await App.As("judge").Send(new ShowMeasure { Id = m.Id })).Reminders.Single().ServedOn, Is.EqualTo(new DateOnly(2026, 3, 4)));
        App.Advance(TimeSpan.FromDays(22));
        await SweepAsync(m);
        var shown = await App.As("judge").Send(new ShowMeasure { Id = m.Id });
        Assert.That(shown.Reminders.Select(r => r.Tier), Is.EqualTo(new[] { "D-30", "D-7" }));
        Assert.That(shown.Measure.ToldOn, Is.Null, "the notice of the term is another paper");
    }

    [Test]
    public async Task An_agency_out_of_town_is_warned_of_forty_five_days_before()
    {
        var (_, m) = await TakeAsync(new(2025, 4, 30));
        Assert.That(m.NextTier, Is.EqualTo("D-30"));
        SaveAgency save = new()
        {
            Name = "延边测试银行",
            Kind = "bank",
            OutOfTown = true,
        };
        await App.As("leader").Send(save);
        var marked = (await App.As("judge").Send(new ShowMeasure { Id = m.Id })).Measure;
        Assert.That((marked.OutOfTown, marked.NextTier, marked.NextDate), Is.EqualTo((true, "D-45", (DateOnly?)new DateOnly(2026, 3, 13))), "a Sunday: Friday");
        var (_, second) = await TakeAsync(new(2025, 4, 30), "工行尾号0002", 2);
        Assert.That(second.NextTier, Is.EqualTo("D-45"), "a new one is warned of too");
        await App.As("leader").Send(save with { OutOfTown = false });
        Assert.That((await App.As("judge").Send(new ShowMeasure { Id = m.Id })).Measure.NextTier, Is.EqualTo("D-30"));
    }

    [Test]
    public async Task A_tier_before_one_that_was_told_is_not_told_afterwards()
    {
        var (_, m) = await TakeAsync(new(2025, 4, 1));
        await SweepAsync(m);
        await App.As("leader")
            .Send(
                new SaveAgency
                {
                    Name = "延边测试银行",
                    Kind = "bank",
                    OutOfTown = true,
                }
            );
        Assert.That((await App.As("judge").Send(new ShowMeasure { Id = m.Id })).Measure.NextTier, Is.EqualTo("D-15"));
    }

    [Test]
    public async Task A_day_of_the_calendar_opens_its_list_and_a_bank_its_measures_for_a_trip()
    {
        var (caseId, m) = await TakeAsync(new(2025, 4, 1));
        var calendar = await App.As("judge").Send(new ShowCalendar { Month = new DateOnly(2026, 3, 15) });
        Assert.That((calendar.First, calendar.Days.Single().Day, calendar.Days.Single().Active), Is.EqualTo((new DateOnly(2026, 3, 1), m.EndOn!.Value, 1)));
        Assert.That((await App.Send(new ListMeasures { On = m.EndOn })).Rows.Single().Id, Is.EqualTo(m.Id));
        Assert.That((await App.Send(new ListMeasures { On = m.EndOn!.Value.AddDays(1) })).Rows, Is.Empty);
        Assert.That((await App.As("judge2").Send(new ShowCalendar { Month = new DateOnly(2026, 3, 15) })).Days, Is.Empty);
        var bank = (await App.As("judge").Send(new ListAuthorities())).Single();
        Assert.That((bank.Authority, bank.Active, bank.Soon, bank.FirstEnd), Is.EqualTo(("延边测试银行", 1, 1, m.EndOn)));

        var trip = await App.Send(new PlanTrip { Day = Today, Team = "金某、朴某" });
        PutOnTrip put = new() { TripId = trip.Id, MeasureIds = [m.Id, m.Id] };
        await Assert.ThatAsync(() => App.Send(put with { MeasureIds = [] }), Throws.TypeOf<FluentValidation.ValidationException>());
        await Assert.ThatAsync(() => App.As("judge2").Send(put), Throws.TypeOf<NotFound>());
        var done = await App.As("judge").Send(put);
        Assert.That((done.Added, done.Already), Is.EqualTo((1, 0)));
        await Assert.ThatAsync(() => App.As("judge").Send(put), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("twice"));
        var stop = (await App.As("judge").Send(new ListStops { CaseId = caseId })).Stops.Single();
        Assert.That((stop.Purpose, stop.Address), Is.EqualTo(("assist", "延边测试银行")));
    }
}

/// <summary>Weeks as they stand on the page.</summary>
public sealed class MonthGridTests
{
    [TestCase("2026-02-01", 5, 6, "2026-02-28")]
    [TestCase("2026-06-01", 5, 0, "2026-06-30")]
    [TestCase("2027-02-01", 4, 0, "2027-02-28")]
    [TestCase("2028-02-01", 5, 1, "2028-02-29")]
    [TestCase("2026-08-01", 6, 5, "2026-08-31")]
    public void A_month_has_its_weeks(string first, int weeks, int at, string last)
    {
        var day = DateOnly.Parse(first, System.Globalization.CultureInfo.InvariantCulture);
        var grid = MonthGrid.Weeks(day);
        Assert.That((grid.Count, grid[0].ToList().IndexOf(day)), Is.EqualTo((weeks, at)));
        Assert.That(grid.All(w => w.Count == 7), Is.True);
        Assert.That(grid.SelectMany(w => w).Last(d => d is not null), Is.EqualTo(DateOnly.Parse(last, System.Globalization.CultureInfo.InvariantCulture)));
    }
}
