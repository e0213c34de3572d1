using CourtOps.Kernel.Audit;

namespace CourtOps.Kernel.Access;

/// <summary>One entry of the access log: who read what, from where, and why where a reason was asked.</summary>
public sealed record AccessRow : Sealing.ISealedRow
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }
    public long ActorId { get; init; }

    /// <summary>The login.</summary>
    public string Actor { get; init; } = "";
    public string PersonName { get; init; } = "";
    public string Roles { get; init; } = "";
    public string Address { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Session { get; init; } = "";
    public string RequestId { get; init; } = "";

    /// <summary>The code of the activity.</summary>
    public string Action { get; init; } = "";
    public string ObjectType { get; init; } = "";
    public string ObjectId { get; init; } = "";
    public long? CaseId { get; init; }

    /// <summary>How many rows a list showed; 1 for one object.</summary>
    public int Hits { get; init; } = 1;

    /// <summary>done, refused, not-found or failed.</summary>
    public string Result { get; init; } = "done";
    public string Reason { get; init; } = "";

    /// <summary>The filter of a list, the field of a contact; never contents.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The court the person acted in; 0 for parties and the program.</summary>
    public long CourtId { get; init; }

    /// <summary>Which fields the digest covers: 1 before the court was kept, 2 all of them.</summary>
    public int Form { get; init; } = 1;
    public string Digest { get; init; } = "";

    internal const string Columns = "id, at, actor_id, actor, person_name, roles, address, agent, session, request_id, action, object_type, object_id, case_id, hits, result, reason, detail, court_id, form, digest";

    /// <summary>The digest that the content of this entry must have.</summary>
    public string Compute() => Form == 1
        ? Fields.Digest(Id, At, ActorId, Actor, PersonName, Roles, Address, Agent, Session, RequestId, Action, ObjectType, ObjectId, CaseId, Hits, Result, Reason, Detail)
        : Fields.Digest(Id, At, ActorId, Actor, PersonName, Roles, Address, Agent, Session, RequestId, Action, ObjectType, ObjectId, CaseId, Hits, Result, Reason, Detail, CourtId);
}
