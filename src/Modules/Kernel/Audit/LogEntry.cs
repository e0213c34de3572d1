namespace CourtOps.Kernel.Audit;

/// <summary>What the audit trail and the access log keep of every entry: who did or read what, in which role, from where, and how it ended.</summary>
public abstract record LogEntry
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }
    public long ActorId { get; init; }

    /// <summary>The login.</summary>
    public string Actor { get; init; } = "";
    public string PersonName { get; init; } = "";

    /// <summary>The roles held at the time.</summary>
    public string Roles { get; init; } = "";
    public string Address { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Session { get; init; } = "";
    public string RequestId { get; init; } = "";

    /// <summary>The code of the activity; a class name in audit entries of form 1.</summary>
    public string Action { get; init; } = "";
    public string ObjectType { get; init; } = "";
    public string ObjectId { get; init; } = "";
    public long? CaseId { get; init; }

    /// <summary>done, refused, forbidden, conflict, not-found or failed.</summary>
    public string Result { get; init; } = "done";
    public string Reason { get; init; } = "";

    /// <summary>Of a change its facts, of a list its filter, of a contact its field; never contents.</summary>
    public string Detail { get; init; } = "";
}
