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

    /// <summary>confirmed, provided, obtained or none.</summary>
    public string EService { get; init; } = "";
    public string Language { get; init; } = "zh";
    public string? Email { get; init; }
    public string? EmailHint { get; init; }
    public string? Phone { get; init; }
    public string? IdNumberTail { get; init; }
}

/// <summary>Cases, for the centres.</summary>
public interface ICases
{
    /// <exception cref="Kernel.Messaging.NotFound">No such case, or not for this actor.</exception>
    Task<CaseCard> GetAsync(long caseId, CancellationToken ct = default);

    Task<IReadOnlyList<PartyContact>> PartiesAsync(long caseId, CancellationToken ct = default);

    Task<bool> CanReadAsync(long caseId, CancellationToken ct = default);

    /// <summary>Whether the actor sees the secondary volume (副卷) of a case.</summary>
    Task<bool> CanReadSecondaryAsync(long caseId, CancellationToken ct = default);

    /// <summary>The condition for a list over workzone_case_card aliased c; parameters @me and @courts from <see cref="Parameters"/>.</summary>
    string Condition { get; }

    (long Me, IReadOnlyList<long> Courts) Parameters { get; }
}
