using System.Text.Json;
using CourtOps.Law;
using CourtOps.Workzone.Calendars;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>
/// The times of an order, in court working time, computed from its nodes and stored nowhere. A node's state runs until the next node;
/// <see cref="Waiting"/>, <see cref="Handling"/>, <see cref="Paused"/> and <see cref="WithAsker"/> add up to <see cref="Processing"/>.
/// </summary>
public sealed record OrderTimes
{
    /// <summary>Queued or assigned, until somebody accepted.</summary>
    public TimeSpan Waiting { get; init; }

    /// <summary>Accepted and running.</summary>
    public TimeSpan Handling { get; init; }

    public TimeSpan Paused { get; init; }

    /// <summary>Under review, returned for completion, or waiting for the confirmation.</summary>
    public TimeSpan WithAsker { get; init; }

    /// <summary>From opening to the end, or until now.</summary>
    public TimeSpan Processing { get; init; }

    /// <summary>How often it came into the hands of another person.</summary>
    public int Reassigned { get; init; }

    /// <summary>The end of the target: opening, plus target, plus what was paused up to the last feedback or, without one, up to now.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Whether the feedback came, or now still lies, within the target. Null for a withdrawn order and for one without nodes.</summary>
    public bool? InTarget { get; init; }

    /// <param name="nodes">In the order they were written.</param>
    /// <param name="targetHours">Court hours from opening; pauses prolong it whatever it is.</param>
    /// <param name="calendar">The calendar of the order's court.</param>
    /// <param name="now">Where a segment that has not ended is cut.</param>
    public static OrderTimes Of(IReadOnlyList<Node> nodes, int targetHours, CourtCalendar calendar, DateTimeOffset now)
    {
        if (nodes.Count == 0)
            return new OrderTimes();
        var (waiting, handling, paused, asker) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        var pausedAtFeedback = TimeSpan.Zero;
        DateTimeOffset? feedback = null;
        var holder = 0L;
        var reassigned = 0;
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            if (HolderAfter(node) is { } fresh && fresh != holder)
            {
                reassigned += holder == 0 ? 0 : 1;
                holder = fresh;
            }
            if (node.ToState == OrderState.Feedback && node.FromState != OrderState.Feedback)
                (feedback, pausedAtFeedback) = (node.At, paused);
            else if (node.ToState is not (OrderState.Feedback or OrderState.Closed))
                feedback = null;
            if (!OrderState.IsOpen(node.ToState))
                continue;
            var span = CourtHours.Between(node.At, i + 1 < nodes.Count ? nodes[i + 1].At : now, calendar);
            switch (node.ToState)
            {
                case OrderState.Queued or OrderState.Assigned:
                    waiting += span;
                    break;
                case OrderState.Accepted:
                    handling += span;
                    break;
                case OrderState.Paused:
                    paused += span;
                    break;
                default:
                    asker += span;
                    break;
            }
        }
        var due = CourtHours.Add(nodes[0].At, TimeSpan.FromHours(targetHours) + (feedback is null ? paused : pausedAtFeedback), calendar);
        return new OrderTimes
        {
            Waiting = waiting,
            Handling = handling,
            Paused = paused,
            WithAsker = asker,
            Processing = waiting + handling + paused + asker,
            Reassigned = reassigned,
            Due = due,
            InTarget = nodes[^1].ToState == OrderState.Cancelled ? null : (feedback ?? now) <= due,
        };
    }

    private static long? HolderAfter(Node node)
    {
        if (node.Step == OrderStep.Accept)
            return node.ActorId;
        if (node.Step is not (OrderStep.Assign or OrderStep.Transfer or OrderStep.HandOver))
            return null;
        using var args = JsonDocument.Parse(node.Args);
        var root = args.RootElement;
        if (node.Step == OrderStep.HandOver && root.TryGetProperty("part", out var part) && part.GetString() == "asker")
            return null;
        return root.TryGetProperty("toId", out var to) && to.ValueKind is JsonValueKind.Number or JsonValueKind.String
            ? to.ValueKind == JsonValueKind.Number
                ? to.GetInt64()
                : long.Parse(to.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            : null;
    }
}
