namespace CourtOps.Workzone.Cases;

/// <summary>Orders that run at the same time stand in lanes of their own; a lane is used again when it is free.</summary>
public sealed class OrderLanesTests
{
    private static readonly DateTimeOffset Zero = TestClock.Shanghai(2026, 3, 2, 9, 0);

    [TestCase("0-2 2-4 4-", new[] { 0, 0, 0 })]
    [TestCase("0- 1-3 2-5 3-4", new[] { 0, 1, 2, 1 })]
    [TestCase("0-9 1- 2-3 4-5 9-", new[] { 0, 1, 2, 2, 0 })]
    public void Lanes(string spans, int[] lanes)
    {
        var items = spans.Split(' ').Select(s => s.Split('-')).Select(p => new LaneItem(1, "送达", At(p[0])!.Value, At(p[1]), null)).ToList();
        Assert.That(OrderLanes.Pack(items, Zero.AddDays(10)), Is.EqualTo(lanes));
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

    private static DateTimeOffset? At(string text) =>
        text.Length == 0 ? null : Zero.AddDays(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}
