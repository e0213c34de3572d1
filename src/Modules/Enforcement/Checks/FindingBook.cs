using CourtOps.Kernel.Data;
using CourtOps.Kernel.States;

namespace CourtOps.Enforcement.Checks;

/// <summary>The states of a finding.</summary>
internal static class FindingState
{
    public const string Open = "open";

    /// <summary>A reason was given and waits for approval; the clock goes on.</summary>
    public const string Asked = "asked";

    /// <summary>An act mended it.</summary>
    public const string Done = "done";

    /// <summary>A reason was approved.</summary>
    public const string Excused = "excused";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Open] = "待处理",
        [Asked] = "理由待批",
        [Done] = "已处理",
        [Excused] = "理由已准",
    };
}

internal static class FindingStep
{
    public const string Mend = "mend";
    public const string Ask = "ask";
    public const string Approve = "approve";
    public const string Refuse = "refuse";
    public const string Mark = "mark";

    /// <summary>What was excused is no more; if it comes again it is found anew.</summary>
    public const string Pass = "pass";
}

internal sealed record FindingRow
{
    public const string Columns = """
        SELECT f.id, f.case_id, f.court_id, f.leak, f.subject, f.asset_id, f.measure_id, f.party_id, f.words, f.said, f.found_on, f.due_on, f.owner_id, f.level,
            f.state, f.next_date, f.reason, f.reason_by, f.decided_words, f.order_id, f.grade, f.version
        FROM enforcement_finding f
        """;

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string Leak { get; init; } = "";
    public string Subject { get; init; } = "";
    public long? AssetId { get; init; }
    public long? MeasureId { get; init; }
    public long? PartyId { get; init; }
    public string Words { get; init; } = "";
    public string Said { get; init; } = "";
    public DateOnly FoundOn { get; init; }
    public DateOnly DueOn { get; init; }
    public long? OwnerId { get; init; }

    /// <summary>0 the handler's, 1 with the centre's lead, 2 with the leaders.</summary>
    public int Level { get; init; }
    public string State { get; init; } = "";
    public DateOnly? NextDate { get; init; }
    public string? Reason { get; init; }
    public long? ReasonBy { get; init; }
    public string? DecidedWords { get; init; }
    public long? OrderId { get; init; }

    /// <summary>How bad it was when it was last looked at; see <see cref="Checks.Leak.Grade"/>.</summary>
    public long? Grade { get; init; }
    public int Version { get; init; }
}

/// <summary>The one place where findings change their state.</summary>
internal sealed class FindingBook(Db db)
{
    public static readonly StateTable Table = new(
        "enforcement_finding",
        "查漏事项",
        new(FindingStep.Mend, [FindingState.Open, FindingState.Asked], FindingState.Done),
        new(FindingStep.Ask, [FindingState.Open], FindingState.Asked),
        new(FindingStep.Approve, [FindingState.Asked], FindingState.Excused),
        new(FindingStep.Refuse, [FindingState.Asked], FindingState.Open),
        new(FindingStep.Pass, [FindingState.Excused], FindingState.Done),
        new(FindingStep.Mark, [FindingState.Open, FindingState.Asked], null)
    );

    public async Task<FindingRow> MoveAsync(FindingRow f, string step, CancellationToken ct, string set = "", object? args = null) =>
        f with
        {
            State = await Table.MoveAsync(db, step, f.State, args ?? new { f.Id, f.Version }, set, ct),
            Version = f.Version + 1,
        };
}
