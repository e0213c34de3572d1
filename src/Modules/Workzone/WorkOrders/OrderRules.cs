namespace CourtOps.Workzone.WorkOrders;

/// <summary>The states of a work order; escalated and overdue are marks, not states.</summary>
public static class OrderState
{
    public const string Review = "review";
    public const string Queued = "queued";
    public const string Assigned = "assigned";
    public const string Accepted = "accepted";
    public const string Paused = "paused";
    public const string Returned = "returned";
    public const string Feedback = "feedback";
    public const string Closed = "closed";
    public const string Cancelled = "cancelled";

    public static bool IsOpen(string state) => state is not (Closed or Cancelled);
}

/// <summary>The steps of a work order. Each is a node.</summary>
public static class OrderStep
{
    public const string Open = "open";
    public const string Approve = "approve";
    public const string Refuse = "refuse";
    public const string Assign = "assign";
    public const string Accept = "accept";
    public const string Return = "return";
    public const string Resubmit = "resubmit";
    public const string Transfer = "transfer";
    public const string Release = "release";
    public const string Pause = "pause";
    public const string Resume = "resume";
    public const string Feedback = "feedback";
    public const string SendBack = "send-back";
    public const string Close = "close";
    public const string Cancel = "cancel";
    public const string Escalate = "escalate";
    public const string Comment = "comment";

    /// <summary>The asker wants it done once more: a new order, the next round of the same cause.</summary>
    public const string Reopen = "reopen";

    /// <summary>The asker's mark, one to five, once.</summary>
    public const string Rate = "rate";

    /// <summary>Who has it in hand, or who asked for it, is another from now on; the state stays.</summary>
    public const string HandOver = "hand-over";

    /// <summary>A fact of the centre's own work: mail sent, document read, served.</summary>
    public const string Fact = "fact";
}

/// <summary>How a person stands to an order.</summary>
[Flags]
public enum Standing
{
    None = 0,
    Asker = 1,
    Assignee = 2,

    /// <summary>Leads the centre in the order's court.</summary>
    Lead = 4,

    /// <summary>Works in the centre, in the order's court.</summary>
    Member = 8,

    /// <summary>Reviews orders of the asker's division: the court's leaders; of a sealed case its judge.</summary>
    Reviewer = 16,
    System = 32,
}

/// <param name="To">The next state; null keeps it.</param>
/// <param name="NeedsWords">The person must say why.</param>
public sealed record Transition(string Step, string From, string? To, Standing Who, bool NeedsWords = false);

/// <summary>One table says what is allowed, to whom, from which state.</summary>
public static class OrderRules
{
    private static readonly string[] Live =
    [
        OrderState.Review,
        OrderState.Queued,
        OrderState.Assigned,
        OrderState.Accepted,
        OrderState.Paused,
        OrderState.Returned,
        OrderState.Feedback,
    ];

    /// <summary>The whole table, in the order buttons are shown.</summary>
    public static IReadOnlyList<Transition> Table { get; } =
    [
        new(OrderStep.Approve, OrderState.Review, OrderState.Queued, Standing.Reviewer),
        new(OrderStep.Refuse, OrderState.Review, OrderState.Returned, Standing.Reviewer, NeedsWords: true),
        new(OrderStep.Accept, OrderState.Queued, OrderState.Accepted, Standing.Member | Standing.Lead),
        new(OrderStep.Accept, OrderState.Assigned, OrderState.Accepted, Standing.Assignee),
        new(OrderStep.Assign, OrderState.Queued, OrderState.Assigned, Standing.Lead | Standing.System),
        new(OrderStep.Assign, OrderState.Assigned, OrderState.Assigned, Standing.Lead | Standing.System),
        new(OrderStep.Feedback, OrderState.Accepted, OrderState.Feedback, Standing.Assignee | Standing.System),
        new(OrderStep.Return, OrderState.Queued, OrderState.Returned, Standing.Lead, NeedsWords: true),
        new(OrderStep.Return, OrderState.Assigned, OrderState.Returned, Standing.Assignee | Standing.Lead, NeedsWords: true),
        new(OrderStep.Return, OrderState.Accepted, OrderState.Returned, Standing.Assignee, NeedsWords: true),
        new(OrderStep.Resubmit, OrderState.Returned, OrderState.Queued, Standing.Asker, NeedsWords: true),
        new(OrderStep.Transfer, OrderState.Assigned, OrderState.Assigned, Standing.Assignee | Standing.Lead, NeedsWords: true),
        new(OrderStep.Transfer, OrderState.Accepted, OrderState.Assigned, Standing.Assignee | Standing.Lead, NeedsWords: true),
        new(OrderStep.Release, OrderState.Assigned, OrderState.Queued, Standing.Assignee | Standing.Lead | Standing.System),
        new(OrderStep.Release, OrderState.Accepted, OrderState.Queued, Standing.System),
        new(OrderStep.Release, OrderState.Paused, OrderState.Queued, Standing.System),
        new(OrderStep.Pause, OrderState.Accepted, OrderState.Paused, Standing.Assignee | Standing.Lead, NeedsWords: true),
        new(OrderStep.Resume, OrderState.Paused, OrderState.Accepted, Standing.Assignee | Standing.Lead | Standing.System),
        new(OrderStep.Close, OrderState.Feedback, OrderState.Closed, Standing.Asker | Standing.System),
        new(OrderStep.SendBack, OrderState.Feedback, OrderState.Accepted, Standing.Asker, NeedsWords: true),
        .. Live.Select(s => new Transition(
            OrderStep.Escalate,
            s,
            null,
            Standing.Asker | Standing.Assignee | Standing.Lead | Standing.System,
            NeedsWords: true
        )),
        .. Live.Select(s => new Transition(OrderStep.Cancel, s, OrderState.Cancelled, Standing.Asker | Standing.System, NeedsWords: true)),
        .. Live.Select(s => new Transition(
            OrderStep.Comment,
            s,
            null,
            Standing.Asker | Standing.Assignee | Standing.Lead | Standing.Member | Standing.Reviewer | Standing.System,
            NeedsWords: true
        )),
        .. Live.Select(s => new Transition(OrderStep.HandOver, s, null, Standing.System, NeedsWords: true)),
        .. Live.Select(s => new Transition(OrderStep.Fact, s, null, Standing.System)),
        new(OrderStep.Fact, OrderState.Closed, null, Standing.System),
        // what was under way when the order was withdrawn still happens, and is still written down
        new(OrderStep.Fact, OrderState.Cancelled, null, Standing.System),
        new(OrderStep.Reopen, OrderState.Closed, null, Standing.Asker, NeedsWords: true),
        new(OrderStep.Reopen, OrderState.Cancelled, null, Standing.Asker, NeedsWords: true),
        new(OrderStep.Rate, OrderState.Closed, null, Standing.Asker),
        new(OrderStep.Comment, OrderState.Closed, null, Standing.Asker | Standing.Assignee | Standing.Lead, NeedsWords: true),
    ];

    /// <summary>The transition, or null when the state does not allow the step.</summary>
    public static Transition? Find(string step, string from) => Table.FirstOrDefault(t => t.Step == step && t.From == from);

    /// <summary>What this person may do now.</summary>
    public static IEnumerable<Transition> Allowed(string from, Standing standing) => Table.Where(t => t.From == from && (t.Who & standing) != 0);

    /// <summary>
    /// Whether an order is seen for what the person is to it. Of a sealed case only by who asked, by the centre's lead, who hands it out, and by
    /// whoever has it in hand, until it ends; by no other of the centre and no leader of the court.
    /// </summary>
    public static bool Opens(Standing standing, string state, bool restricted) =>
        restricted
            ? (standing & (Standing.Asker | Standing.Lead | Standing.System)) != 0 || ((standing & Standing.Assignee) != 0 && OrderState.IsOpen(state))
            : standing != Standing.None;

    /// <summary>Six dots of progress: open, review, assign, accept, feedback, close.</summary>
    public static int Progress(string state) =>
        state switch
        {
            OrderState.Review => 1,
            OrderState.Returned => 1,
            OrderState.Queued => 2,
            OrderState.Assigned => 3,
            OrderState.Accepted or OrderState.Paused => 4,
            OrderState.Feedback => 5,
            OrderState.Closed or OrderState.Cancelled => 6,
            _ => 0,
        };
}
