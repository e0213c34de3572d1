using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;

namespace CourtOps.Workzone.Cases;

/// <summary>One fact behind a trial limit, as it is stored.</summary>
public sealed record ClockFact
{
    public long Id { get; init; }
    public long CaseId { get; init; }

    /// <summary>deduction, extension, conversion or restart.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Reason of B-03, or the procedure converted to.</summary>
    public string Code { get; init; } = "";

    /// <summary>First day; of an extension the day it was applied for.</summary>
    public DateOnly FromOn { get; init; }

    /// <summary>First day that counts again; null while it runs.</summary>
    public DateOnly? ToOn { get; init; }

    /// <summary>Of a conversion: the procedure before it.</summary>
    public string? FromCode { get; init; }
    public int? N { get; init; }

    /// <summary>month or day.</summary>
    public string? Unit { get; init; }
    public long? DocumentId { get; init; }
    public string Reason { get; init; } = "";
    public string RecordedBy { get; init; } = "";
    public DateTimeOffset RecordedAt { get; init; }
    public DateTimeOffset? UndoneAt { get; init; }
    public string? UndoneBy { get; init; }
    public string? UndoneReason { get; init; }

    /// <summary>Named by a file without its document: not counted until there is one.</summary>
    public bool Pending { get; init; }
    public int Version { get; init; }

    /// <summary>Whether the limit is computed with it.</summary>
    public bool Counts => UndoneAt is null && !Pending;
}

/// <summary>Keeps the facts of trial limits and computes the limit from them.</summary>
internal sealed class ClockBook(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    ICalendarSource calendars,
    Outbox outbox,
    Changes changes,
    Calendars.LawChanges law,
    Supervision.CaseCounts counts
)
{
    internal const string Columns =
        "SELECT id, case_id, kind, code, from_on, to_on, from_code, n, unit, document_id, reason, recorded_by, recorded_at, undone_at, undone_by, "
        + "undone_reason, pending, version FROM workzone_clock_fact";

    public Task<IReadOnlyList<ClockFact>> FactsAsync(long caseId, CancellationToken ct) =>
        db.QueryAsync<ClockFact>(Columns + " WHERE case_id = @caseId ORDER BY from_on, id", new { caseId }, ct);

    /// <summary>False where the key has a fact already.</summary>
    public async Task<bool> AddAsync(ClockFact fact, string key, CancellationToken ct)
    {
        if (
            await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_clock_fact WHERE case_id = @CaseId AND source_key = @key", new { fact.CaseId, key }, ct)
            > 0
        )
            return false;
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_clock_fact (id, case_id, kind, code, from_on, to_on, from_code, n, unit, document_id, reason, source_key, recorded_by,
                recorded_at, pending, version)
            VALUES (@id, @CaseId, @Kind, @Code, @FromOn, @ToOn, @FromCode, @N, @Unit, @DocumentId, @Reason, @key, @by, @now, @Pending, 1)
            """,
            new
            {
                id = ids.Next(),
                fact.CaseId,
                fact.Kind,
                fact.Code,
                fact.FromOn,
                fact.ToOn,
                fact.FromCode,
                fact.N,
                fact.Unit,
                fact.DocumentId,
                fact.Reason,
                fact.Pending,
                key,
                by = actor.Name,
                now = clock.GetUtcNow(),
            },
            ct
        );
        return true;
    }

    public Task<int> EndAsync(long caseId, string key, DateOnly to, CancellationToken ct) =>
        db.ExecuteAsync(
            "UPDATE workzone_clock_fact SET to_on = @to, version = version + 1 WHERE case_id = @caseId AND source_key = @key AND to_on IS NULL AND "
                + "undone_at IS NULL AND kind = 'deduction'",
            new
            {
                caseId,
                key,
                to,
            },
            ct
        );

    /// <summary>A fact by its key; null where there is none or it was taken back.</summary>
    public Task<ClockFact?> FactAsync(long caseId, string key, CancellationToken ct) =>
        db.FirstAsync<ClockFact>(Columns + " WHERE case_id = @caseId AND source_key = @key AND undone_at IS NULL", new { caseId, key }, ct);

    /// <summary>The key of a fact: what it comes from.</summary>
    public async Task<string> KeyAsync(long id, CancellationToken ct) =>
        await db.FirstAsync<string>("SELECT source_key FROM workzone_clock_fact WHERE id = @id", new { id }, ct) ?? "";

    /// <summary>The document of a fact that has none: from now on it counts. False where there is nothing to add.</summary>
    public async Task<bool> EvidenceAsync(long caseId, ClockFact fact, long? documentId, CancellationToken ct)
    {
        if (documentId is null || fact.DocumentId is not null)
            return false;
        if (
            await db.ExecuteAsync(
                "UPDATE workzone_clock_fact SET document_id = @documentId, pending = 0, version = version + 1 WHERE id = @Id AND version = @Version",
                new
                {
                    documentId,
                    fact.Id,
                    fact.Version,
                },
                ct
            ) == 0
        )
            throw new Conflict("这项登记刚被他人修改，请核对后再补证明文件。");
        await RecomputeAsync(caseId, "evidence", ct);
        return true;
    }

    /// <summary>Takes a fact back; its key becomes free. The limit is computed by the caller.</summary>
    public async Task UndoAsync(ClockFact fact, string reason, CancellationToken ct)
    {
        if (
            await db.ExecuteAsync(
                """
                UPDATE workzone_clock_fact SET undone_at = @now, undone_by = @by, undone_reason = @reason, source_key = CONCAT('undone:', id),
                    version = version + 1
                WHERE id = @Id AND version = @Version AND undone_at IS NULL
                """,
                new
                {
                    fact.Id,
                    fact.Version,
                    reason,
                    by = actor.Name,
                    now = clock.GetUtcNow(),
                },
                ct
            ) == 0
        )
            throw new Conflict("这项登记刚被他人修改，请核对后再撤销。");
    }

    /// <summary>A deduction by its key, whether or not it has ended.</summary>
    public Task<ClockFact?> DeductionAsync(long caseId, string key, CancellationToken ct) =>
        db.FirstAsync<ClockFact>(
            Columns + " WHERE case_id = @caseId AND source_key = @key AND kind = 'deduction' AND undone_at IS NULL",
            new { caseId, key },
            ct
        );

    /// <summary>Computes the limit of a case again and keeps it; says so where its end has moved.</summary>
    /// <exception cref="RuleBroken">Law computes no limit from the facts.</exception>
    public async Task RecomputeAsync(long caseId, string cause, CancellationToken ct)
    {
        var (c, facts) = await ReadAsync(caseId, ct);
        var limit = Lawful(() =>
            Compute(
                c.ProcedureCode,
                c.FiledOn,
                facts,
                c.CustodyUntil is not null,
                AsOf(Times.Day(clock.GetUtcNow()), c.ClosedOn),
                calendars.For(c.CourtCode),
                law.All
            )
        );
        await counts.ExecuteAsync(
            caseId,
            """
            UPDATE workzone_case SET clock_base_end = @BaseEnd, clock_end = @End, clock_legal_end = @LegalEnd, clock_last_apply = @LastDayToApply,
                clock_provisional = @Provisional
            WHERE id = @caseId
            """,
            new
            {
                caseId,
                limit.BaseEnd,
                limit.End,
                limit.LegalEnd,
                limit.LastDayToApply,
                limit.Provisional,
            },
            ct
        );
        db.OnCommitted(() => changes.Say($"case:{caseId}"));
        if (limit.End != c.ClockEnd)
            await outbox.AddAsync(
                Catalogue.CaseKey(caseId),
                new ClockMoved
                {
                    CaseId = caseId,
                    From = c.ClockEnd,
                    To = limit.End,
                    Cause = cause,
                },
                ct
            );
    }

    /// <summary>
    /// The procedure a case stands in after a list named one: conversions that are recorded go before a list that still has the procedure of the filing.
    /// </summary>
    /// <exception cref="RuleBroken">
    /// Neither the procedure of the filing nor the one of the last conversion, or the facts on record do not go with it.
    /// </exception>
    public async Task<string> ProcedureAsync(long caseId, string listed, DateOnly filedOn, CancellationToken ct)
    {
        var (c, facts) = await ReadAsync(caseId, ct);
        var chain = facts.Where(f => f.Kind == "conversion" && f.Counts).OrderBy(f => f.FromOn).ThenBy(f => f.Id).ToList();
        if (chain.Count > 0 && listed != chain[^1].Code && listed != (chain[0].FromCode ?? listed))
            throw new RuleBroken(
                $"案件已于 {Times.Iso(chain[^1].FromOn)} 转为{ConversionRules.Name(chain[^1].Code)}，表中的适用程序与转换记录不符；有误的请先撤销转换。",
                "procedure",
                "converted"
            );
        var procedure = chain.Count > 0 ? chain[^1].Code : listed;
        Lawful(() =>
            Compute(procedure, filedOn, facts, c.CustodyUntil is not null, AsOf(Times.Day(clock.GetUtcNow()), c.ClosedOn), calendars.For(c.CourtCode), law.All)
        );
        return procedure;
    }

    /// <summary>What Law says of an extension applied for on a day; null where the procedure of the case has no limit.</summary>
    public async Task<ExtensionOutlook?> AskAsync(long caseId, int n, PeriodUnit unit, DateOnly on, CancellationToken ct)
    {
        var (c, facts) = await ReadAsync(caseId, ct);
        return Lawful(() =>
            Facts(c.ProcedureCode, c.FiledOn, facts, c.CustodyUntil is not null, AsOf(Times.Day(clock.GetUtcNow()), c.ClosedOn), law.All) is { } trial
            && !TrialLimitTable.Get(c.ProcedureCode).None
                ? trial.Ask(n, unit, on, calendars.For(c.CourtCode))
                : null
        );
    }

    /// <summary>The limit as it is, and as it would be with a conversion on a day; nulls where there is none.</summary>
    /// <exception cref="RuleBroken">The law knows no such conversion.</exception>
    public async Task<(TrialClockResult? Now, TrialClockResult? Then)> ConvertAsync(long caseId, string to, DateOnly on, CancellationToken ct)
    {
        var (c, facts) = await ReadAsync(caseId, ct);
        var trial = Facts(c.ProcedureCode, c.FiledOn, facts, c.CustodyUntil is not null, AsOf(Times.Day(clock.GetUtcNow()), c.ClosedOn), law.All);
        var calendar = calendars.For(c.CourtCode);
        return Lawful(() =>
            (trial?.Compute(calendar), (trial is null ? null : trial with { Conversions = [.. trial.Conversions, new(to, on)] })?.Compute(calendar))
        );
    }

    private async Task<(CaseRow Case, IReadOnlyList<ClockFact> Facts)> ReadAsync(long caseId, CancellationToken ct) =>
        (
            await db.FirstAsync<CaseRow>(
                """
                SELECT c.id, t.code AS court_code, c.procedure_code, c.filed_on, c.custody_until, c.closed_on, c.clock_end
                FROM workzone_case c JOIN workzone_court t ON t.id = c.court_id
                WHERE c.id = @caseId
                """,
                new { caseId },
                ct
            ) ?? throw new NotFound("案件", caseId),
            await FactsAsync(caseId, ct)
        );

    /// <summary>The limit under the procedure the case stands in now, from the facts. A deduction that runs is counted to today.</summary>
    public static ClockCard Compute(
        string procedure,
        DateOnly filedOn,
        IReadOnlyList<ClockFact> facts,
        bool custody,
        DateOnly today,
        CourtCalendar calendar,
        IReadOnlyList<LimitChange> law
    )
    {
        if (Facts(procedure, filedOn, facts, custody, today, law) is not { } c)
            return new(null, null, null, null, false);
        var r = c.Compute(calendar);
        return new(r.BaseEnd, r.End, r.LegalEnd, r.LastDayToApply, r.Provisional);
    }

    /// <summary>Law's facts of a case; null where the procedure has no limit or is unknown.</summary>
    public static TrialClock? Facts(
        string procedure,
        DateOnly filedOn,
        IReadOnlyList<ClockFact> all,
        bool custody,
        DateOnly today,
        IReadOnlyList<LimitChange> law
    )
    {
        var facts = all.Where(f => f.Counts).ToList();
        var conversions = facts.Where(f => f.Kind == "conversion").OrderBy(f => f.FromOn).ThenBy(f => f.Id).ToList();
        var first = conversions.Count > 0 ? conversions[0].FromCode ?? procedure : procedure;
        if (!CaseClock.Knows(first))
            return null;
        return new TrialClock
        {
            Procedure = first,
            Filed = filedOn,
            Custody = custody,
            Changes = law,
            Today = today,
            Deductions = [.. facts.Where(f => f.Kind == "deduction").Select(f => new Deduction(f.FromOn, Later(f.ToOn ?? today, f.FromOn), f.Code))],
            Extensions =
            [
                .. facts
                    .Where(f => f.Kind == "extension")
                    .OrderBy(f => f.FromOn)
                    .ThenBy(f => f.Id)
                    .Select(f => new LimitExtension(f.N ?? 1, f.Unit == "day" ? PeriodUnit.Day : PeriodUnit.Month, f.FromOn)),
            ],
            Conversions = [.. conversions.Select(f => new Conversion(f.Code, f.FromOn))],
            Restart = facts.Where(f => f.Kind == "restart").Select(f => (DateOnly?)f.FromOn).Max(),
        };
    }

    /// <summary>What Law cannot compute is a broken rule of the command, at the field the person filled in.</summary>
    /// <exception cref="RuleBroken">In the place of a <see cref="LawError"/>.</exception>
    public static T Lawful<T>(Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (LawError e)
        {
            throw Broken(e);
        }
    }

    /// <summary>The refusal for an error of Law.</summary>
    public static RuleBroken Broken(LawError e) =>
        new(
            $"审限不能这样计算：{e.Reason}",
            e.Field switch
            {
                "deduct" => "Code",
                "extend" => "N",
                "convert" or "procedure" => "Procedure",
                _ => "From",
            },
            "unlawful"
        );

    /// <summary>The day a limit is computed on: today, of a closed case the day of its closing.</summary>
    public static DateOnly AsOf(DateOnly today, DateOnly? closedOn) => closedOn is { } closed && closed < today ? closed : today;

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;

    private sealed record CaseRow
    {
        public long Id { get; init; }
        public string CourtCode { get; init; } = "";
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public DateOnly? CustodyUntil { get; init; }
        public DateOnly? ClosedOn { get; init; }
        public DateOnly? ClockEnd { get; init; }
    }
}
