namespace CourtOps.Workzone.Cases;

public sealed record CaseCard
{
    public long Id { get; init; }
    public string Number { get; init; } = "";
    public long CourtId { get; init; }
    public string CourtName { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Cause { get; init; } = "";
    public string ProcedureCode { get; init; } = "";
    public DateOnly FiledOn { get; init; }
    public long? JudgeId { get; init; }
    public string? JudgeName { get; init; }
    public string State { get; init; } = "";
    public string PartiesText { get; init; } = "";
}

/// <summary>A party with what is needed to reach it; secrets are revealed to the centre's own code only.</summary>
public sealed record PartyContact
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public string Name { get; init; } = "";
    public string Role { get; init; } = "";
    public string PartyType { get; init; } = "";

    /// <summary>confirmed, provided, obtained, refused or none.</summary>
    public string EService { get; init; } = "";
    public string Language { get; init; } = "zh";
    public string? Email { get; init; }
    public string? EmailHint { get; init; }
    public string? Phone { get; init; }
    public string? IdNumberTail { get; init; }

    /// <summary>Whole; for the person's blind index, never for a page.</summary>
    public string? IdNumber { get; init; }
}

/// <summary>Who represents a party.</summary>
public sealed record AgentCard
{
    public long PartyId { get; init; }
    public string Name { get; init; } = "";
    public string AgentType { get; init; } = "";

    /// <summary>The last four of the phone, which tell people of one name apart; null where none is known.</summary>
    public string? PhoneTail { get; init; }
}

/// <summary>One fact of a trial limit as parties are told of it (G-08).</summary>
/// <param name="Kind">deduction, extension or conversion.</param>
/// <param name="Code">Of a deduction its reason (B-03), of an extension month or day, of a conversion the procedure (B-01).</param>
/// <param name="Label">The Chinese of the reason or procedure.</param>
/// <param name="From">First day; of an extension the day it was applied for.</param>
/// <param name="To">First day that counts again; null while it runs.</param>
/// <param name="Days">Of a deduction its whole days, of an extension how many months or days.</param>
public sealed record LimitItem(string Kind, string Code, string Label, DateOnly From, DateOnly? To, int? Days, string Reason);

/// <summary>The trial limit of a case with what moved it. What was taken back, or waits for its document, is not in it.</summary>
public sealed record LimitHistory
{
    /// <summary>Code of B-01 in force.</summary>
    public string Procedure { get; init; } = "";
    public DateOnly FiledOn { get; init; }

    /// <summary>Raw end; null where the procedure has no limit.</summary>
    public DateOnly? End { get; init; }
    public DateOnly? ClosedOn { get; init; }
    public IReadOnlyList<LimitItem> Items { get; init; } = [];
}

/// <summary>Cases, for the centres.</summary>
public interface ICases
{
    /// <summary>The agents of the parties of a case.</summary>
    /// <exception cref="Kernel.Messaging.NotFound">No such case, or not for this actor.</exception>
    Task<IReadOnlyList<AgentCard>> AgentsAsync(long caseId, CancellationToken ct = default);

    /// <exception cref="Kernel.Messaging.NotFound">No such case, or not for this actor.</exception>
    Task<CaseCard> GetAsync(long caseId, CancellationToken ct = default);

    Task<IReadOnlyList<PartyContact>> PartiesAsync(long caseId, CancellationToken ct = default);

    /// <summary>The limit of a case and its deductions, extensions and conversions with their reasons, in order of their days.</summary>
    /// <exception cref="Kernel.Messaging.NotFound">No such case, or not for this actor.</exception>
    Task<LimitHistory> LimitHistoryAsync(long caseId, CancellationToken ct = default);

    Task<bool> CanReadAsync(long caseId, CancellationToken ct = default);

    /// <summary>Whether the actor sees the secondary volume (副卷) of a case.</summary>
    Task<bool> CanReadSecondaryAsync(long caseId, CancellationToken ct = default);

    /// <summary>
    /// The condition for a list of rows of cases: those of cases this person may see. It stands behind WHERE or AND and reads <see cref="Arguments"/>.
    /// </summary>
    /// <param name="column">The column with the case's id, with the alias of its table: "n.case_id".</param>
    string Seen(string column);

    /// <summary>The condition for a page that anybody may read: rows of cases of which anything at all may be announced. It reads no arguments.</summary>
    /// <param name="column">The column with the case's id, with the alias of its table.</param>
    string Announceable(string column);

    /// <summary>What <see cref="Seen"/> and the condition of orders read: @me, @courts and @places.</summary>
    AccessArguments Arguments { get; }
}
