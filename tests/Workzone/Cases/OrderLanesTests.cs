namespace CourtOps.Workzone.Cases;

/// <summary>Bars of orders with their labels stand in lanes in which nothing else lies; a lane is used again where it is free.</summary>
public sealed class OrderLanesTests
{
    private static readonly DateTimeOffset Zero = TestClock.Shanghai(2026, 3, 2, 9, 0);

    [TestCase("0-2 2-4 4-9", new[] { 0, 0, 0 })]
    [TestCase("0-9 1-3 2-5 3-4", new[] { 0, 1, 2, 1 })]
    [TestCase("0-9 1-9 2-3 4-5 9-10", new[] { 0, 1, 2, 2, 0 })]
    [TestCase("5-9 0-6", new[] { 1, 0 })]
    public void Lanes(string reaches, int[] lanes)
    {
        var items = reaches
            .Split(' ')
            .Select(s => s.Split('-').Select(n => double.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).ToArray())
            .Select(p => (p[0], p[1]))
            .ToList();
        Assert.That(OrderLanes.Lanes(items), Is.EqualTo(lanes));
    }

    [Test]
    public void The_next_hearing_is_the_latest_version_that_was_not_cancelled()
    {
        ShowCase.LivedRow Row(string what, string key, string start = "", string room = "") =>
            new()
            {
                Event = what,
                SourceKey = key,
                Facts = $$"""{"start":"{{start}}","room":"{{room}}"}""",
            };
        ShowCase.LivedRow[] lived =
        [
            Row("hearing-scheduled", "hearing:1:1", "2026-03-05 09:00", "一庭"),
            Row("hearing-scheduled", "hearing:1:2", "2026-03-09 09:00", "二庭"),
            Row("hearing-scheduled", "hearing:2:1", "2026-03-06 09:00", "三庭"),
            Row("hearing-scheduled", "hearing:3:1", "2026-02-06 09:00", "四庭"),
            Row("hearing-cancelled", "hearing-cancelled:2"),
        ];
        Assert.That(ShowCase.NextHearing(lived, Zero), Is.EqualTo(("2026-03-09 09:00", "二庭")));
        Assert.That(ShowCase.NextHearing([], Zero), Is.Null);
    }
}
