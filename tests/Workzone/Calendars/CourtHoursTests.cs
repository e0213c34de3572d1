using CourtOps.Law;

namespace CourtOps.Workzone.Calendars;

/// <summary>Targets in court hours: 8:30 to 12:00 and 13:30 to 17:00 on office days.</summary>
public sealed class CourtHoursTests
{
    // from, hours, to
    [TestCase("2026-03-02 09:00", 2, "2026-03-02 11:00", Description = "a morning")]
    [TestCase("2026-03-02 11:00", 2, "2026-03-02 14:30", Description = "over lunch")]
    [TestCase("2026-03-02 12:30", 1, "2026-03-02 14:30", Description = "from lunch")]
    [TestCase("2026-03-02 07:00", 1, "2026-03-02 09:30", Description = "before the doors open")]
    [TestCase("2026-03-02 20:00", 1, "2026-03-03 09:30", Description = "in the evening")]
    [TestCase("2026-03-02 16:00", 7, "2026-03-03 16:00", Description = "overnight")]
    [TestCase("2026-03-06 16:00", 2, "2026-03-09 09:30", Description = "over a weekend")]
    [TestCase("2026-03-02 08:30", 7, "2026-03-02 17:00", Description = "a whole day ends with it")]
    [TestCase("2026-03-02 08:30", 3.5, "2026-03-02 12:00", Description = "a morning ends with it")]
    [TestCase("2026-02-13 16:00", 2, "2026-02-14 09:30", Description = "into a make-up Saturday")]
    [TestCase("2026-02-14 16:00", 2, "2026-02-24 09:30", Description = "over the Spring Festival")]
    [TestCase("2026-02-27 16:00", 2, "2026-02-28 09:30", Description = "into the make-up Saturday after it")]
    public void Time_passes_only_while_the_court_is_open(string from, double hours, string to) =>
        Assert.That(CourtHours.Add(At(from), TimeSpan.FromHours(hours), CourtCalendar.Default), Is.EqualTo(At(to)));

    [TestCase("2026-03-02 16:00", "2026-03-03 10:00", 2.5)]
    [TestCase("2026-03-06 16:30", "2026-03-09 08:45", 0.75)]
    [TestCase("2026-03-02 12:00", "2026-03-02 13:30", 0)]
    [TestCase("2026-02-14 17:00", "2026-02-24 08:30", 0)]
    [TestCase("2026-03-03 10:00", "2026-03-02 16:00", 0)]
    public void The_time_between_is_what_the_court_was_open(string from, string to, double hours) =>
        Assert.That(CourtHours.Between(At(from), At(to), CourtCalendar.Default), Is.EqualTo(TimeSpan.FromHours(hours)));

    [Test]
    public void Adding_what_lies_between_leads_back()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var from = At("2026-01-05 08:30").AddMinutes(random.Next(0, 200 * 24 * 60));
            var amount = TimeSpan.FromMinutes(random.Next(1, 6000));
            var to = CourtHours.Add(from, amount, CourtCalendar.Default);
            Assert.That(CourtHours.Between(from, to, CourtCalendar.Default), Is.EqualTo(amount), $"{from:u} + {amount}");
        }
    }

    private static DateTimeOffset At(string text) =>
        new DateTimeOffset(
            DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture),
            TimeSpan.FromHours(8)
        ).ToUniversalTime();
}
