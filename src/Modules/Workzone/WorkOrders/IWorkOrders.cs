namespace CourtOps.Workzone.WorkOrders;

/// <summary>What a centre asks Workzone to open.</summary>
public sealed record NewOrder
{
    public required string Type { get; init; }
    public required long CaseId { get; init; }
    public required string Title { get; init; }

    /// <summary>Short text for lists: who or what it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>Part of the cause key: the same subject is not opened twice in a round.</summary>
    public required string CauseSubject { get; init; }
    public int Round { get; init; } = 1;
    public string Words { get; init; } = "";

    /// <summary>Name and value, shown on the order's page.</summary>
    public IReadOnlyDictionary<string, string> Form { get; init; } = new Dictionary<string, string>();
    public long? AskedBy { get; init; }
    public long? ParentId { get; init; }

    /// <summary>The order whose next round this is.</summary>
    internal long? ReopensId { get; init; }
}

public sealed record StepInput
{
    public string Words { get; init; } = "";
    public long? PersonId { get; init; }
    public string? Centre { get; init; }
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>One to five, of a rating.</summary>
    public int? Mark { get; init; }

    /// <summary>The version the person saw; null for the system.</summary>
    public int? Version { get; init; }

    /// <summary>Codes and arguments of a fact: "mail-sent", {"to": …}.</summary>
    public object? Args { get; init; }

    /// <summary>What is handed over is the asking, not the work.</summary>
    internal bool OfAsker { get; init; }

    /// <summary>A rule takes the step, not the person at the keyboard: recusal, handover.</summary>
    internal bool ByRule { get; init; }

    /// <summary>The system itself takes it, whoever's request caused it: the node names the system.</summary>
    internal bool Automatic { get; init; }
}

public sealed record OrderCard
{
    public long Id { get; init; }
    public string Number { get; init; } = "";
    public string OrderType { get; init; } = "";
    public string Centre { get; init; } = "";
    public long CourtId { get; init; }
    public long? CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Cause { get; init; } = "";
    public string Title { get; init; } = "";
    public string Subject { get; init; } = "";
    public string State { get; init; } = "";
    public bool Escalated { get; init; }
    public int Round { get; init; }
    public long? ParentId { get; init; }
    public long AskedBy { get; init; }
    public string AskedByName { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public long? AssigneeId { get; init; }
    public string? AssigneeName { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset? WakeAt { get; init; }
    public string? PauseReason { get; init; }
    public string LastStep { get; init; } = "";
    public DateTimeOffset ChangedAt { get; init; }
    public string ChangedBy { get; init; } = "";
    public DateTimeOffset? ClosedAt { get; init; }
    public int NodeCount { get; init; }
    public string HeadHash { get; init; } = "";
    public string Form { get; init; } = "{}";

    /// <summary>Its case is sealed.</summary>
    public bool Restricted { get; init; }

    /// <summary>The asker's satisfaction, one to five.</summary>
    public int? Mark { get; init; }

    /// <summary>The order whose next round this is.</summary>
    public long? ReopensId { get; init; }
    public int Version { get; init; }
}

/// <summary>Work orders, for the centres: called inside their own transaction.</summary>
public interface IWorkOrders
{
    /// <summary>
    /// The condition for a list of rows of orders, for a centre's over its own table: those of orders this person may see. It stands behind WHERE or
    /// AND and reads <see cref="SeenArguments"/>.
    /// </summary>
    /// <param name="column">The column with the order's id, with the alias of its table: "n.order_id".</param>
    string Seen(string column);

    /// <summary>What <see cref="Seen"/> reads: @me, @courts and @places, the same as those of the condition of cases.</summary>
    Cases.AccessArguments SeenArguments { get; }

    /// <summary>Opens an order. The same cause opens one order: a second time is a RuleBroken naming the first.</summary>
    Task<OrderCard> OpenAsync(NewOrder order, CancellationToken ct = default);

    /// <summary>Takes a step by the transition table. Refuses what the table does not allow.</summary>
    Task<OrderCard> StepAsync(long orderId, string step, StepInput? input = null, CancellationToken ct = default);

    /// <summary>The same for an order that was read a moment ago in this transaction; refused like a late version when it has moved since.</summary>
    Task<OrderCard> StepAsync(OrderCard order, string step, StepInput? input = null, CancellationToken ct = default);

    /// <exception cref="Kernel.Messaging.NotFound">No such order, or not for this actor.</exception>
    Task<OrderCard> GetAsync(long orderId, CancellationToken ct = default);

    /// <summary>What a person had in hand of an order goes to another, or back to the queue: they leave, are moved or recused.</summary>
    /// <param name="toPersonId">Null: back to the queue; feedback already given stays where it is.</param>
    Task<OrderCard> TakeFromAsync(long orderId, long fromPersonId, long? toPersonId, string words, CancellationToken ct = default);

    /// <summary>What a person asked for is from now on another's: they confirm it and may withdraw it.</summary>
    Task<OrderCard> HandAskingToAsync(long orderId, long toPersonId, string words, CancellationToken ct = default);

    /// <summary>The next round of an ended order: a new order of the same cause, linked; the old one keeps a node of it.</summary>
    Task<OrderCard> ReopenAsync(long orderId, string words, int? version = null, CancellationToken ct = default);

    /// <summary>How the actor stands to the order.</summary>
    Task<Standing> StandingAsync(OrderCard order, CancellationToken ct = default);
}
