namespace CourtOps.Workzone.Inspections;

/// <summary>A party as it is recorded, in clear: an inspection compares numbers and never keeps them.</summary>
internal sealed record RecordedParty(string Name, string Role)
{
    public long Id { get; init; }

    /// <summary>natural, legal or other.</summary>
    public string Type { get; init; } = "natural";
    public string IdNumber { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";
    public string EService { get; init; } = "none";
}

/// <summary>An agent of a party.</summary>
internal sealed record RecordedAgent(string Party, string Name, string Type, bool HasPhone);

/// <summary>Something that happened.</summary>
/// <param name="Detail">The event's own word: how a case was closed, the kind of a document.</param>
internal sealed record RecordedEvent(string Event, DateOnly On, string Detail = "");

/// <summary>A deduction or extension of the trial limit.</summary>
internal sealed record RecordedFact(string Kind, string Code, DateOnly From, DateOnly? To, bool Evidence);

/// <summary>A member of the panel: presider, member or assessor.</summary>
internal sealed record RecordedMember(string Name, string Role, long? PersonId);

/// <summary>All that is recorded of a case, as the rules look at it. Pure data.</summary>
internal sealed record CaseRecord
{
    public long Id { get; init; }
    public long CourtId { get; init; }
    public string Number { get; init; } = "";
    public int Year { get; init; }
    public string NumberType { get; init; } = "";

    /// <summary>civil, criminal, admin, enforcement, compensation, other.</summary>
    public string Kind { get; init; } = "";
    public string Cause { get; init; } = "";

    /// <summary>Code of B-01; empty where none is recorded.</summary>
    public string Procedure { get; init; } = "";
    public DateOnly FiledOn { get; init; }

    /// <summary>Cents.</summary>
    public long? Amount { get; init; }
    public long? JudgeId { get; init; }
    public string JudgeName { get; init; } = "";

    /// <summary>False for a judge who has left the court or the office.</summary>
    public bool JudgeActive { get; init; } = true;
    public string Team { get; init; } = "";
    public DateOnly? AllottedOn { get; init; }
    public bool Open { get; init; } = true;
    public DateOnly? ClosedOn { get; init; }
    public string? ClosedHow { get; init; }
    public DateOnly? CustodyUntil { get; init; }
    public long? OriginId { get; init; }
    public DateOnly? OriginFiledOn { get; init; }

    /// <summary>An origin is recorded, whether or not that case is kept here.</summary>
    public bool HasOrigin { get; init; }
    public DateOnly? LegalEnd { get; init; }

    /// <summary>Whether the cause stands in the list of the day of filing; null where the court has no list.</summary>
    public bool? CauseListed { get; init; }
    public IReadOnlyList<RecordedParty> Parties { get; init; } = [];
    public IReadOnlyList<RecordedAgent> Agents { get; init; } = [];
    public IReadOnlyList<RecordedEvent> Events { get; init; } = [];
    public IReadOnlyList<RecordedFact> Facts { get; init; } = [];
    public IReadOnlyList<RecordedMember> Panel { get; init; } = [];

    public DateOnly? First(string caseEvent, string? detail = null) =>
        Events.Where(e => e.Event == caseEvent && (detail is null || e.Detail == detail)).Select(e => (DateOnly?)e.On).Min();

    public DateOnly? Last(string caseEvent) => Events.Where(e => e.Event == caseEvent).Select(e => (DateOnly?)e.On).Max();

    public bool Has(string caseEvent) => Events.Any(e => e.Event == caseEvent);

    /// <summary>The first day a judgment, ruling or mediation paper was issued.</summary>
    public DateOnly? Judged =>
        Events.Where(e => e.Event == "document-issued" && e.Detail is "judgment" or "ruling" or "mediation").Select(e => (DateOnly?)e.On).Min();

    /// <summary>Second instance by the sign of the number.</summary>
    public bool IsSecond => NumberType.Contains('终', StringComparison.Ordinal);

    public bool IsRetrial => NumberType.Contains('再', StringComparison.Ordinal) || NumberType.Contains('申', StringComparison.Ordinal);

    /// <summary>One of <see cref="Stages"/>: how far the case has come.</summary>
    public string Stage =>
        !Open ? Stages.Closed
        : Judged is not null ? Stages.Judged
        : Has("hearing-scheduled") || Has("hearing-held") ? Stages.Hearing
        : JudgeId is not null ? Stages.Allotted
        : Stages.Filed;
}

/// <summary>The stages of a case, in order.</summary>
internal static class Stages
{
    public const string Filed = "filed";
    public const string Allotted = "allotted";
    public const string Hearing = "hearing";
    public const string Judged = "judged";
    public const string Closed = "closed";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Filed] = "立案",
        [Allotted] = "分案送达",
        [Hearing] = "开庭",
        [Judged] = "裁判",
        [Closed] = "结案",
    };

    /// <summary>Whether a case of this stage has reached the other.</summary>
    public static bool Reached(string stage, string wanted) => Place(stage) >= Place(wanted);

    private static int Place(string stage) => Labels.Keys.TakeWhile(k => k != stage).Count();
}
