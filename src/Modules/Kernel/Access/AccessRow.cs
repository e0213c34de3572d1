using CourtOps.Kernel.Audit;

namespace CourtOps.Kernel.Access;

/// <summary>One entry of the access log: who read what, from where, and why where a reason was asked.</summary>
public sealed record AccessRow : LogEntry, Sealing.ISealedRow
{
    /// <summary>How many rows a list showed; 1 for one object.</summary>
    public int Hits { get; init; } = 1;

    /// <summary>The court the person acted in; 0 for parties and the program.</summary>
    public long CourtId { get; init; }

    /// <summary>Which fields the digest covers: 1 before the court was kept, 2 all of them.</summary>
    public int Form { get; init; } = 1;
    public string Digest { get; init; } = "";

    internal const string Columns =
        "id, at, actor_id, actor, person_name, roles, address, agent, session, request_id, action, object_type, object_id, case_id, hits, result, "
        + "reason, detail, court_id, form, digest";

    /// <summary>The digest that the content of this entry must have.</summary>
    public string Compute() =>
        Form == 1
            ? Fields.Digest(
                Id,
                At,
                ActorId,
                Actor,
                PersonName,
                Roles,
                Address,
                Agent,
                Session,
                RequestId,
                Action,
                ObjectType,
                ObjectId,
                CaseId,
                Hits,
                Result,
                Reason,
                Detail
            )
            : Fields.Digest(
                Id,
                At,
                ActorId,
                Actor,
                PersonName,
                Roles,
                Address,
                Agent,
                Session,
                RequestId,
                Action,
                ObjectType,
                ObjectId,
                CaseId,
                Hits,
                Result,
                Reason,
                Detail,
                CourtId
            );
}
