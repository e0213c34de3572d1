using System.Globalization;
using CourtOps.Law;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>The clock of an order over its nodes, by tables.</summary>
public sealed class OrderTimesTests
{
    // nodes "step>state time [@person]", target, now, then minutes: waiting, handling, paused, with the asker; changes of hands; in target
    [TestCase(
        "open>queued 03-02 09:00; accept>accepted 03-02 10:00 @1; feedback>feedback 03-02 11:00; close>closed 03-02 11:30",
        7,
        "03-09 09:00",
        60,
        60,
        0,
        30,
        0,
        true,
        Description = "a morning"
    )]
    [TestCase(
        "open>queued 03-02 16:30; accept>accepted 03-03 00:10 @1; feedback>feedback 03-03 09:00; close>closed 03-03 09:00",
        7,
        "03-09 09:00",
        30,
        30,
        0,
        0,
        0,
        true,
        Description = "accepted after midnight"
    )]
    [TestCase(
        "open>queued 02-13 16:30; accept>accepted 02-14 09:00 @1; feedback>feedback 02-14 10:00; close>closed 02-14 10:00",
        2,
        "03-09 09:00",
        60,
        60,
        0,
        0,
        0,
        true,
        Description = "over a make-up working Saturday"
    )]
    [TestCase(
        "open>queued 02-14 16:00; accept>accepted 02-24 09:30 @1; feedback>feedback 02-24 10:30; close>closed 02-24 10:30",
        2,
        "03-09 09:00",
        120,
        60,
        0,
        0,
        0,
        false,
        Description = "over the Spring Festival"
    )]
    [TestCase(
        "open>queued 03-06 15:00; accept>accepted 03-06 15:30 @1; pause>paused 03-06 16:00; resume>accepted 03-09 09:30; feedback>feedback 03-09 "
            + "10:00; close>closed 03-09 10:00",
        2,
        "03-10 09:00",
        30,
        60,
        120,
        0,
        0,
        true,
        Description = "a pause across a weekend"
    )]
    [TestCase(
        "open>queued 03-02 08:30; accept>accepted 03-02 09:00 @1; pause>paused 03-02 10:00",
        2,
        "03-03 10:00",
        30,
        60,
        420,
        0,
        0,
        true,
        Description = "a pause that has not ended"
    )]
    [TestCase(
        "open>queued 03-02 08:30; accept>accepted 03-02 09:00 @1; pause>paused 03-02 10:00; cancel>cancelled 03-02 11:00",
        2,
        "03-03 10:00",
        30,
        60,
        60,
        0,
        0,
        null,
        Description = "withdrawn while paused"
    )]
    [TestCase("open>queued 03-02 08:30; accept>accepted 03-02 09:00 @1", 2, "03-02 10:30", 30, 90, 0, 0, 0, true, Description = "running, on the last minute")]
    [TestCase("open>queued 03-02 08:30; accept>accepted 03-02 09:00 @1", 2, "03-02 10:31", 30, 91, 0, 0, 0, false, Description = "running, over it")]
    [TestCase(
        "open>review 03-02 08:30; approve>queued 03-02 09:30; assign>assigned 03-02 09:40 #1; transfer>assigned 03-02 10:00 #2; accept>accepted 03-02 "
            + "10:30 @2; feedback>feedback 03-02 11:00; close>closed 03-02 11:30",
        7,
        "03-03 10:00",
        60,
        30,
        0,
        90,
        1,
        true,
        Description = "reviewed, passed on"
    )]
    [TestCase(
        "open>queued 03-02 08:30; assign>assigned 03-02 08:30 #1; release>queued 03-02 09:00; accept>accepted 03-02 09:30 @2; return>returned 03-02 "
            + "10:00; resubmit>queued 03-02 11:00; accept>accepted 03-02 11:30 @2",
        7,
        "03-02 12:00",
        90,
        60,
        0,
        60,
        1,
        true,
        Description = "released, returned, taken up again by the same"
    )]
    [TestCase(
        "open>queued 03-02 08:30; accept>accepted 03-02 08:30 @1; feedback>feedback 03-02 09:30; send-back>accepted 03-02 10:00; feedback>feedback "
            + "03-02 11:00; close>closed 03-02 16:00",
        2,
        "03-03 10:00",
        0,
        120,
        0,
        240,
        0,
        false,
        Description = "the last feedback counts, not the first"
    )]
    [TestCase(
        "open>queued 03-02 08:30; accept>accepted 03-02 08:30 @1; feedback>feedback 03-02 10:00; fact>feedback 03-02 11:00; close>closed 03-04 16:00; "
            + "fact>closed 03-05 10:00; comment>closed 03-05 11:00",
        2,
        "03-05 12:00",
        0,
        90,
        0,
        1110,
        0,
        true,
        Description = "what is written after the end adds nothing"
    )]
    public void Times_are_what_the_table_says(
        string nodes,
        int target,
        string now,
        int waiting,
        int handling,
        int paused,
        int asker,
        int reassigned,
        bool? inTarget
    )
    {
        var times = OrderTimes.Of(Nodes(nodes), target, CourtCalendar.Default, At(now));
        Assert.That(
            (Minutes(times.Waiting), Minutes(times.Handling), Minutes(times.Paused), Minutes(times.WithAsker), times.Reassigned, times.InTarget),
            Is.EqualTo((waiting, handling, paused, asker, reassigned, inTarget))
        );
        Assert.That(Minutes(times.Processing), Is.EqualTo(waiting + handling + paused + asker));
    }

    [TestCase(2, "03-02 14:00", false)]
    [TestCase(4, "03-02 16:00", true)]
    [TestCase(7, "03-03 10:30", true)]
    public void A_change_of_target_keeps_the_pauses(int target, string due, bool inTarget)
    {
        // two hours were paused, one of them before lunch
        var nodes = Nodes(
            "open>queued 03-02 08:30; accept>accepted 03-02 09:00 @1; pause>paused 03-02 10:00; resume>accepted 03-02 13:30; feedback>feedback 03-02 14:30"
        );
        var times = OrderTimes.Of(nodes, target, CourtCalendar.Default, At("03-05 09:00"));
        Assert.That((times.Due, times.InTarget, times.Paused), Is.EqualTo(((DateTimeOffset?)At(due), (bool?)inTarget, TimeSpan.FromHours(2))));
    }

    [Test]
    public void Without_nodes_there_is_no_time() => Assert.That(OrderTimes.Of([], 7, CourtCalendar.Default, At("03-02 09:00")), Is.EqualTo(new OrderTimes()));

    private static int Minutes(TimeSpan span) => (int)span.TotalMinutes;

    private static DateTimeOffset At(string text) =>
        new(DateTime.ParseExact("2026-" + text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), TimeSpan.FromHours(8));

    private static List<Node> Nodes(string text)
    {
        var nodes = new List<Node>();
        foreach (var part in text.Split("; "))
        {
            var words = part.Split(' ');
            var step = words[0].Split('>');
            var who = words.Length > 3 ? words[3] : "";
            nodes.Add(
                new Node
                {
                    N = nodes.Count + 1,
                    Step = step[0],
                    FromState = nodes.Count == 0 ? "" : nodes[^1].ToState,
                    ToState = step[1],
                    At = At($"{words[1]} {words[2]}").ToUniversalTime(),
                    ActorId = who.StartsWith('@') ? long.Parse(who[1..], CultureInfo.InvariantCulture) : 9,
                    Args = who.StartsWith('#') ? $$"""{"toId":"{{who[1..]}}"}""" : "{}",
                }
            );
        }
        return nodes;
    }
}
