namespace CourtOps.Workzone.Cases;

/// <summary>A party of a case that is registered. Ids and phones are in clear here and encrypted where they are stored.</summary>
public sealed record NewParty
{
    public required string Name { get; init; }

    /// <summary>诉讼地位: 原告, 被告, 第三人, 申请执行人, 被执行人 …</summary>
    public required string Role { get; init; }

    /// <summary>natural, legal or other.</summary>
    public required string Type { get; init; }
    public string IdNumber { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";

    /// <summary>confirmed, provided, obtained, refused or none.</summary>
    public string EService { get; init; } = "none";

    /// <summary>zh or ko.</summary>
    public string Language { get; init; } = "zh";
    public IReadOnlyList<NewAgent> Agents { get; init; } = [];
}

public sealed record NewAgent(string Name, string Type, string Phone);

/// <summary>A case that gets its number.</summary>
public sealed record NewCase
{
    /// <summary>Canonical form, see E-07.</summary>
    public required string Number { get; init; }
    public required long CourtId { get; init; }

    /// <summary>civil, criminal, admin, enforcement, compensation, other.</summary>
    public required string Kind { get; init; }
    public required string Cause { get; init; }

    /// <summary>Code of B-01.</summary>
    public required string Procedure { get; init; }
    public required DateOnly FiledOn { get; init; }
    public long? AmountCents { get; init; }
    public required IReadOnlyList<NewParty> Parties { get; init; }

    /// <summary>The case this one comes from: the judgment that is enforced, the first instance.</summary>
    public long? OriginId { get; init; }

    /// <summary>Last day of custody of an accused.</summary>
    public DateOnly? CustodyUntil { get; init; }

    /// <summary>Where it came from: "triage", "enforcement".</summary>
    public required string Source { get; init; }
}

/// <summary>What comes with a prosecution.</summary>
public sealed record Prosecution
{
    public string Office { get; init; } = "";

    /// <summary>Number of the indictment.</summary>
    public string Number { get; init; } = "";
    public int? Volumes { get; init; }
    public IReadOnlyList<AccusedCustody> Custody { get; init; } = [];
}

/// <summary>Custody of an accused, by name.</summary>
public sealed record AccusedCustody(string Name, DateOnly? Until, string Place);

/// <summary>A judge or clerk as allotment and scheduling see them.</summary>
public sealed record PersonCard
{
    public long Id { get; init; }
    public string Login { get; init; } = "";
    public string Name { get; init; } = "";
    public string Division { get; init; } = "";
    public string Team { get; init; } = "";

    /// <summary>Absent on the day asked about.</summary>
    public bool Absent { get; init; }

    /// <summary>Open cases as judge.</summary>
    public int OpenCases { get; init; }
}

/// <summary>
/// The life of cases, for the centres: called inside their own transaction. Everything is idempotent by its key, computes the trial limit anew where it
/// touches it, keeps an event, and publishes <see cref="Contracts.CaseEventRecorded"/>.
/// </summary>
public interface ICaseRegister
{
    /// <summary>Writes a case with its parties, clock and inspection.</summary>
    /// <exception cref="Kernel.Messaging.RuleBroken">The number is taken, or something of the case cannot be.</exception>
    Task<long> RegisterAsync(NewCase newCase, CancellationToken ct = default);

    /// <summary>What came with the prosecution of a criminal case; the custody of those accused who are parties by that name.</summary>
    Task ProsecutionAsync(long caseId, Prosecution prosecution, CancellationToken ct = default);

    /// <summary>Gives the case to a judge of its court: who sees it changes at once.</summary>
    /// <exception cref="Kernel.Messaging.RuleBroken">Nobody who judges there, or recused from the case.</exception>
    Task AllotAsync(long caseId, long judgeId, DateOnly on, CancellationToken ct = default);

    /// <summary>Another procedure from a day on (B-02); the clock is computed from the original filing, or restarts where the law says so.</summary>
    /// <param name="documentId">The ruling.</param>
    /// <exception cref="Kernel.Messaging.RuleBroken">The law knows no such conversion.</exception>
    Task ConvertAsync(long caseId, string procedure, DateOnly on, string reason, long? documentId = null, CancellationToken ct = default);

    /// <summary>Time that is not counted (B-03), from a day on; without an end it runs.</summary>
    /// <param name="key">What it comes from: the same key is one deduction.</param>
    /// <param name="documentId">The evidence.</param>
    /// <param name="pending">Its document is not there yet: it is kept and counts when the document comes.</param>
    /// <returns>False where the key has its deduction already.</returns>
    /// <exception cref="Kernel.Messaging.RuleBroken">The reason does not apply to the procedure, or its end is known and lies before its beginning.</exception>
    Task<bool> DeductAsync(
        long caseId,
        string code,
        DateOnly from,
        DateOnly? to,
        string key,
        long? documentId,
        string reason,
        bool pending = false,
        CancellationToken ct = default
    );

    /// <summary>A running deduction ends: the day is the first that counts again. An end that arrives before its deduction is kept for it.</summary>
    /// <exception cref="Kernel.Messaging.RuleBroken">Before its beginning.</exception>
    Task EndDeductionAsync(long caseId, string key, DateOnly to, CancellationToken ct = default);

    /// <summary>An extension granted (B-05).</summary>
    /// <param name="pending">Its document is not there yet: it is kept and counts when the document comes.</param>
    Task ExtendAsync(
        long caseId,
        int n,
        string unit,
        DateOnly applied,
        string key,
        long? documentId,
        string reason,
        bool pending = false,
        CancellationToken ct = default
    );

    /// <summary>Ends the case.</summary>
    /// <param name="how">A code of <see cref="CaseClosings"/>.</param>
    /// <param name="key">What it comes from, where another system says it.</param>
    /// <param name="note">Words that stand with the event.</param>
    /// <exception cref="Kernel.Messaging.RuleBroken">Closed already, before it was filed, or in the future.</exception>
    Task CloseAsync(long caseId, string how, DateOnly on, string? key = null, string? note = null, CancellationToken ct = default);

    /// <summary>Notes an event of the case. False where the key was noted before.</summary>
    Task<bool> RecordAsync(
        long caseId,
        string caseEvent,
        DateOnly on,
        string key,
        IReadOnlyDictionary<string, string>? facts = null,
        long? documentId = null,
        CancellationToken ct = default
    );

    /// <summary>The judges of a court with their open cases, by name.</summary>
    Task<IReadOnlyList<PersonCard>> JudgesAsync(long courtId, DateOnly on, CancellationToken ct = default);

    /// <summary>Those of the judges given who are recused from the case.</summary>
    Task<IReadOnlyList<long>> RecusedAsync(long caseId, CancellationToken ct = default);
}
