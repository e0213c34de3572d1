using CourtOps.Law;
using CourtOps.TrialSupport.Hearings;

namespace CourtOps.TrialSupport.Tests.Hearings;

/// <summary>The hard constraints of G-01, one by one.</summary>
public sealed class FirstFitTests
{
    // Monday 2 March 2026, nine o'clock; Shanghai
    private static readonly DateTimeOffset Now = TestClock.Shanghai(2026, 3, 2, 9, 0);
    private static readonly FitRoom Small = new(1, "第一法庭", 12, new HashSet<string>(), false, new Dictionary<DateOnly, string>());
    private static readonly FitRoom Large = new(2, "第二法庭", 60, new HashSet<string> { "recording" }, true, new Dictionary<DateOnly, string>());

    private static FitAsk Ask =>
        new()
        {
            Minutes = 90,
            From = new(2026, 3, 2),
            Until = new(2026, 4, 30),
            NotBefore = Now,
            Earliest = new(2026, 3, 2),
            Online = false,
            Rooms = [Large, Small],
            Calendar = CourtCalendar.Default,
            People = [new("person:1", "李测试", []), new("agent:1:孙测试", "孙测试", [])],
            Busy = new Dictionary<string, IReadOnlySet<int>>(),
        };

    private static Dictionary<string, IReadOnlySet<int>> Taken(string resource, DateTimeOffset at, int minutes) =>
        new() { [resource] = Slots.Range(at, minutes).ToHashSet() };

    [Test]
    public void The_first_fit_leaves_three_clear_days_and_takes_the_smallest_room()
    {
        var fit = FirstFit.Find(Ask).Fits[0];
        Assert.That(
            (fit.Day, fit.RoomName, fit.ServeBy),
            Is.EqualTo((new DateOnly(2026, 3, 6), "第一法庭", new DateOnly(2026, 3, 2))),
            "served today at the earliest, three days between"
        );
        Assert.That(
            FirstFit.Find(Ask, 1).Refusals.Select(r => r.Day),
            Is.EqualTo(new[] { new DateOnly(2026, 3, 2), new(2026, 3, 3), new(2026, 3, 4), new(2026, 3, 5) })
        );
    }

    [Test]
    public void Example_of_the_rule_book_hearing_on_27_November_is_told_by_23_November() =>
        Assert.That(FirstFit.ServeBy(new DateOnly(2026, 11, 27), "SUMMONS"), Is.EqualTo(new DateOnly(2026, 11, 23)));

    [TestCase(2026, 3, 7, "不是工作日{0}")]
    [TestCase(2026, 3, 4, "传票最迟应于 {0} 送达，已来不及")]
    [TestCase(2026, 4, 6, "不是工作日{0}")]
    [TestCase(2026, 2, 27, "已经过去{0}")]
    public void A_day_is_refused_with_its_reason(int y, int m, int d, string reason) =>
        Assert.That(FirstFit.DayRefusal(Ask, new DateOnly(y, m, d))?.Reason, Is.EqualTo(reason));

    [Test]
    public void A_worked_weekend_is_a_working_day() =>
        Assert.That(FirstFit.DayRefusal(Ask with { Until = new(2026, 5, 30) }, new DateOnly(2026, 5, 9)), Is.Null);

    [Test]
    public void The_periods_of_the_parties_and_the_trial_limit_hold()
    {
        var ask = Ask with { Earliest = new(2026, 3, 18), Limit = new(2026, 3, 20) };
        Assert.That(FirstFit.Find(ask).Fits[0].Day, Is.EqualTo(new DateOnly(2026, 3, 18)));
        Assert.That(FirstFit.DayRefusal(ask, new(2026, 3, 17))?.Value, Is.EqualTo("2026-03-18"));
        Assert.That(FirstFit.DayRefusal(ask, new(2026, 3, 23))?.Reason, Is.EqualTo("审限 {0} 届满"));
    }

    [Test]
    public void Who_waived_is_heard_at_once() => Assert.That(FirstFit.Find(Ask with { Waived = true }).Fits[0].Start, Is.EqualTo(Now));

    [Test]
    public void Assessors_need_seven_days() =>
        Assert.That(FirstFit.DayRefusal(Ask with { Assessors = true }, new(2026, 3, 6))?.Reason, Is.EqualTo("陪审员应于 {0} 前抽取，已来不及"));

    [Test]
    public void Somebody_away_or_busy_is_named()
    {
        var away = Ask with { People = [new("person:1", "李测试", [(new(2026, 3, 6), new(2026, 3, 6))])] };
        Assert.That(FirstFit.Find(away).Fits[0].Day, Is.EqualTo(new DateOnly(2026, 3, 9)));
        var at = TestClock.Shanghai(2026, 3, 6, 9, 0);
        var busy = Ask with { Busy = Taken("agent:1:孙测试", at, 180) };
        var answer = FirstFit.Find(busy, 1);
        Assert.That(answer.Fits[0].Start, Is.EqualTo(TestClock.Shanghai(2026, 3, 6, 13, 30)));
        Assert.That(answer.Refusals[^1], Is.EqualTo(new Refusal(new(2026, 3, 6), "上午", "{0}该时段另有安排", "孙测试")));
    }

    [Test]
    public void A_quarter_of_an_hour_lies_between_two_hearings()
    {
        var ask = Ask with { Busy = Taken("person:1", TestClock.Shanghai(2026, 3, 6, 9, 0), 60) };
        Assert.That(FirstFit.Find(ask, 1).Fits[0].Start, Is.EqualTo(TestClock.Shanghai(2026, 3, 6, 10, 15)));
        Assert.That(FirstFit.Judge(ask, new(2026, 3, 6), new(10, 0), Small)?.Reason, Is.EqualTo("{0}该时段另有安排"));
    }

    [Test]
    public void A_room_must_be_open_large_and_equipped_enough()
    {
        var shut = Small with { Closed = new Dictionary<DateOnly, string> { [new(2026, 3, 6)] = "检修" } };
        Assert.That(FirstFit.Judge(Ask, new(2026, 3, 6), new(9, 0), shut)?.Reason, Is.EqualTo("{0}当日停用"));
        Assert.That(FirstFit.Judge(Ask with { Size = 20 }, new(2026, 3, 6), new(9, 0), Small)?.Reason, Is.EqualTo("{0}坐不下"));
        Assert.That(FirstFit.Judge(Ask with { Online = true }, new(2026, 3, 6), new(9, 0), Small)?.Reason, Is.EqualTo("{0}不能在线开庭"));
        Assert.That(FirstFit.Judge(Ask with { Features = ["recording"] }, new(2026, 3, 6), new(9, 0), Small)?.Reason, Is.EqualTo("{0}缺少需要的设备"));
        Assert.That(FirstFit.Find(Ask with { Features = ["recording"] }, 1).Fits[0].RoomName, Is.EqualTo("第二法庭"));
    }

    [TestCase(8, 0)]
    [TestCase(11, 0)]
    [TestCase(12, 30)]
    [TestCase(16, 0)]
    public void Outside_the_sessions_nothing_is_held(int hour, int minute) =>
        Assert.That(FirstFit.Judge(Ask, new(2026, 3, 6), new(hour, minute), Small)?.Reason, Does.StartWith("{0}不在开庭时间内"));

    [Test]
    public void First_fits_of_a_full_court_come_within_50_ms()
    {
        var rooms = Enumerable.Range(1, 30).Select(i => Small with { Id = i, Name = $"第{i}法庭" }).ToList();
        var all = Enumerable.Range(Slots.Of(TestClock.Shanghai(2026, 3, 2, 0, 0)), 4 * 24 * 55).ToHashSet();
        var ask = Ask with { Rooms = rooms, Busy = rooms.ToDictionary(r => "room:" + r.Id, IReadOnlySet<int> (_) => all) };
        FirstFit.Find(ask);
        var best = Enumerable
            .Range(0, 5)
            .Min(_ =>
            {
                var watch = System.Diagnostics.Stopwatch.StartNew();
                Assert.That(FirstFit.Find(ask).Fits.All(f => f.Day > new DateOnly(2026, 4, 24)), Is.True);
                return watch.Elapsed.TotalMilliseconds;
            });
        TestContext.Out.WriteLine($"{best:0.0} ms for 60 days and 30 full rooms");
        Assert.That(best, Is.LessThan(50));
    }
}
