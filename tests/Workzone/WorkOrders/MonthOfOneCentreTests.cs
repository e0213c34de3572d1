using CourtOps.Law;
using CourtOps.Workzone.People;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>A month of one centre, over the Spring Festival and its make-up days: 3,000 orders, 60,000 at full size.</summary>
public sealed class MonthOfOneCentreTests() : AppTests(Engine.Sqlite)
{
    private const int Target = 14;

    private static readonly DateTimeOffset Begin = TestClock.Shanghai(2026, 2, 9, 8, 30);
    private static readonly DateTimeOffset End = TestClock.Shanghai(2026, 3, 11, 17, 0);

    private readonly Random random = new(20260209);

    private OrderCrew crew = null!;
    private bool clerkAway;

    protected override void Prepare(TestAppOptions options) => OrderCrew.Declare(options, Target);

    [Test]
    public async Task A_month_of_one_centre()
    {
        var count = OrderCrew.Long ? 60_000 : 3_000;
        App.At(Begin.AddDays(-3));
        crew = new OrderCrew(App, ["judge", "lead", "clerk", "clerk2", "leader"]);
        var cases = new List<long>();
        for (var i = 0; i < 10; i++)
            cases.Add(await App.Case(i + 1, SampleParty.Provided));
        await App.As("clerk")
            .Send(
                new SaveAbsence
                {
                    From = new DateOnly(2026, 2, 25),
                    Until = new DateOnly(2026, 2, 27),
                    Deputy = "clerk2",
                    Reason = "年假",
                }
            );
        var events = new PriorityQueue<(int Index, OrderCard? Order), (DateTimeOffset At, int Index)>();
        for (var i = 0; i < count; i++)
            events.Enqueue((i, null), (Begin.AddMinutes(random.Next(0, 24 * 24 * 60)), i));
        var ids = new long[count];
        var day = default(DateOnly);
        while (events.TryPeek(out _, out var first) && first.At <= End)
        {
            App.At(first.At);
            if (Kernel.Web.Times.Day(first.At) is var today && today != day)
            {
                day = today;
                await App.As(null).RunJob<TurnAbsences>();
                clerkAway = today >= new DateOnly(2026, 2, 25) && today <= new DateOnly(2026, 2, 27);
                await crew.MeetAsync();
            }
            await crew.WorkAsync(async shift =>
            {
                for (var n = 0; n < 500 && events.TryPeek(out var e, out var at) && at.At <= End && Kernel.Web.Times.Day(at.At) == day; n++)
                {
                    events.Dequeue();
                    App.At(at.At);
                    var order = e.Order is null ? await OpenAsync(shift, e.Index, cases[e.Index % cases.Count]) : await StepAsync(shift, e.Order);
                    ids[e.Index] = order.Id;
                    if (OrderState.IsOpen(order.State))
                        events.Enqueue(
                            (e.Index, order),
                            (
                                order.State == OrderState.Paused && order.WakeAt is { } wake && random.Next(3) == 0
                                    ? wake
                                    : at.At.AddMinutes(random.Next(1, 1700)),
                                e.Index
                            )
                        );
                }
            });
        }
        App.At(End);
        await CompareAsync(ids);
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    private Task<OrderCard> OpenAsync(OrderCrew.Shift shift, int index, long caseId)
    {
        shift.As("judge");
        return shift.Book.OpenAsync(
            new NewOrder
            {
                Type = index % 5 == 0 ? OrderCrew.Reviewed : OrderCrew.Plain,
                CaseId = caseId,
                Title = $"第{index}件",
                Subject = "x",
                CauseSubject = $"{index}",
            }
        );
    }

    private async Task<OrderCard> StepAsync(OrderCrew.Shift shift, OrderCard order)
    {
        var dice = random.Next(100);
        var clerk = random.Next(2) == 0 && !clerkAway ? "clerk" : "clerk2";
        var other = clerk == "clerk" ? "clerk2" : "clerk";
        var holder =
            order.AssigneeId == crew.Ids["clerk"]
                ? clerkAway
                    ? "clerk2"
                    : "clerk"
                : order.AssigneeId == crew.Ids["lead"]
                    ? "lead"
                    : "clerk2";
        var (who, step, to) = order.State switch
        {
            OrderState.Review => ("leader", dice < 90 ? OrderStep.Approve : OrderStep.Refuse, ""),
            OrderState.Queued => dice < 50 ? (clerk, OrderStep.Accept, "")
            : dice < 90 ? ("lead", OrderStep.Assign, clerk)
            : dice < 95 ? ("lead", OrderStep.Return, "")
            : ("judge", OrderStep.Escalate, ""),
            OrderState.Assigned => dice < 75 ? (holder, OrderStep.Accept, "")
            : dice < 85 ? ("lead", OrderStep.Transfer, order.AssigneeId == crew.Ids[clerk] ? other : clerk)
            : dice < 90 ? (holder, OrderStep.Release, "")
            : (holder, OrderStep.Return, ""),
            OrderState.Accepted => dice < 55 ? (holder, OrderStep.Feedback, "")
            : dice < 75 ? (holder, OrderStep.Pause, "")
            : dice < 85 ? ("lead", OrderStep.Transfer, order.AssigneeId == crew.Ids[clerk] ? other : clerk)
            : dice < 93 ? (holder, OrderStep.Return, "")
            : (holder, OrderStep.Comment, ""),
            OrderState.Paused => order.WakeAt <= App.Clock.GetUtcNow() ? (null, OrderStep.Resume, "")
            : dice < 20 ? (null, OrderStep.Release, "")
            : (holder, OrderStep.Resume, ""),
            OrderState.Returned => ("judge", dice < 85 ? OrderStep.Resubmit : OrderStep.Cancel, ""),
            _ => ("judge", dice < 85 ? OrderStep.Close : OrderStep.SendBack, ""),
        };
        shift.As(who);
        return await shift.Book.StepAsync(
            order.Id,
            step,
            new StepInput
            {
                Words = "按规定办理",
                PersonId = to.Length > 0 ? crew.Ids[to] : null,
                WakeAt = step == OrderStep.Pause ? App.Clock.GetUtcNow().AddMinutes(random.Next(60, 72 * 60)) : null,
            }
        );
    }

    private async Task CompareAsync(long[] ids)
    {
        var seen = new HashSet<string>();
        foreach (var id in ids.Where((_, i) => i % (ids.Length / 150) == 0))
        {
            var nodes = await App.As(null)
                .Rows<Node>(
                    "SELECT order_id, n, step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash FROM workzone_node WHERE "
                        + "order_id = @id ORDER BY n",
                    new { id }
                );
            var times = OrderTimes.Of(nodes, Target, CourtCalendar.Default, End);
            var slow = Slow(nodes);
            Assert.That(
                (
                    times.Waiting.TotalMinutes,
                    times.Handling.TotalMinutes,
                    times.Paused.TotalMinutes,
                    times.WithAsker.TotalMinutes,
                    times.Processing.TotalMinutes,
                    times.Reassigned,
                    times.InTarget
                ),
                Is.EqualTo(slow),
                string.Join("; ", nodes.Select(n => $"{n.Step}>{n.ToState} {n.At:O}"))
            );
            if (nodes[^1].ToState is not (OrderState.Paused or OrderState.Cancelled))
                Assert.That(
                    await App.Value<DateTimeOffset>("SELECT due_at FROM workzone_order WHERE id = @id", new { id }),
                    Is.EqualTo(times.Due),
                    "the row's target is the one of the nodes"
                );
            seen.UnionWith(nodes.Select(n => n.Step));
            seen.Add(times.InTarget == false ? "late" : "in time");
        }
        Assert.That(
            seen,
            Is.SupersetOf(new[] { "return", "pause", "resume", "release", "transfer", "send-back", "cancel", "late", "in time" }),
            "the month held everything"
        );
        var away = await App.Value<int>(
            "SELECT COUNT(*) FROM workzone_node n JOIN workzone_order o ON o.id = n.order_id WHERE n.at >= @from AND n.at < @to AND n.actor_id = @clerk",
            new
            {
                from = TestClock.Shanghai(2026, 2, 25, 0, 0),
                to = TestClock.Shanghai(2026, 2, 28, 0, 0),
                clerk = crew.Ids["clerk"],
            }
        );
        Assert.That(away, Is.Zero, "who is away does nothing");
    }

    // minute by minute, with a calendar of its own
    private static (double Waiting, double Handling, double Paused, double Asker, double All, int Reassigned, bool? InTarget) Slow(IReadOnlyList<Node> nodes)
    {
        var sums = new Dictionary<string, int>();
        var (i, counted, pausedSoFar) = (0, 0, 0);
        var last = nodes[^1].ToState is OrderState.Closed or OrderState.Cancelled ? nodes[^1].At : End;
        DateTimeOffset? feedback = nodes[^1].ToState is OrderState.Feedback or OrderState.Closed ? nodes.Last(n => n.Step == OrderStep.Feedback).At : null;
        DateTimeOffset? due = null;
        var pausedUntil = feedback ?? last;
        for (var minute = nodes[0].At; minute < End.AddDays(60) && (minute < last || due is null); minute = minute.AddMinutes(1))
        {
            while (i + 1 < nodes.Count && nodes[i + 1].At <= minute)
                i++;
            if (!Working(minute))
                continue;
            var state = minute < last ? nodes[i].ToState : "";
            if (state.Length > 0)
                sums[state] = sums.GetValueOrDefault(state) + 1;
            if (state == OrderState.Paused && minute < pausedUntil)
                pausedSoFar++;
            counted++;
            if (due is null && counted - pausedSoFar == Target * 60 && state != OrderState.Paused)
                due = minute.AddMinutes(1);
        }
        int Of(params string[] states) => states.Sum(s => sums.GetValueOrDefault(s));
        var holders = new List<long>();
        foreach (var n in nodes)
        {
            var holder =
                n.Step == OrderStep.Accept ? n.ActorId
                : n.Step is OrderStep.Assign or OrderStep.Transfer
                    ? long.Parse(
                        System.Text.RegularExpressions.Regex.Match(n.Args, "\"toId\":\"?(\\d+)").Groups[1].Value,
                        System.Globalization.CultureInfo.InvariantCulture
                    )
                : 0;
            if (holder != 0 && (holders.Count == 0 || holders[^1] != holder))
                holders.Add(holder);
        }
        return (
            Of("queued", "assigned"),
            Of("accepted"),
            Of("paused"),
            Of("review", "returned", "feedback"),
            sums.Values.Sum(),
            Math.Max(0, holders.Count - 1),
            nodes[^1].ToState == OrderState.Cancelled ? null : (feedback ?? End) <= due
        );
    }

    private static bool Working(DateTimeOffset minute)
    {
        var local = minute.ToOffset(TimeSpan.FromHours(8));
        var date = DateOnly.FromDateTime(local.DateTime);
        var makeUp = date == new DateOnly(2026, 2, 14) || date == new DateOnly(2026, 2, 28);
        if (
            date >= new DateOnly(2026, 2, 15) && date <= new DateOnly(2026, 2, 23)
            || (local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday && !makeUp)
            || (date >= new DateOnly(2026, 4, 4) && date <= new DateOnly(2026, 4, 6))
        )
            return false;
        var clock = (local.Hour * 60) + local.Minute;
        return clock is >= 510 and < 720 or >= 810 and < 1020;
    }
}
