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
    public int Version { get; init; }
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
        "SELECT id, case_id, kind, code, from_on, to_on, from_code, n, unit, document_id, reason, recorded_by, recorded_at, undone_at, version FROM "
        + "workzone_clock_fact";

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
                recorded_at, version)
            VALUES (@id, @CaseId, @Kind, @Code, @FromOn, @ToOn, @FromCode, @N, @Unit, @DocumentId, @Reason, @key, @by, @now, 1)
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

    /// <summary>Computes the limit of a case again and keeps it; says so where its end has moved.</summary>
    public async Task RecomputeAsync(long caseId, string cause, CancellationToken ct)
    {
        var c =
            await db.FirstAsync<CaseRow>(
                """
                SELECT c.id, t.code AS court_code, c.procedure_code, c.filed_on, c.custody_until, c.clock_end
                FROM workzone_case c JOIN workzone_court t ON t.id = c.court_id
                WHERE c.id = @caseId
                """,
                new { caseId },
                ct
            ) ?? throw new NotFound("案件", caseId);
        var limit = Compute(
            c.ProcedureCode,
            c.FiledOn,
            await FactsAsync(caseId, ct),
            c.CustodyUntil is not null,
            Times.Day(clock.GetUtcNow()),
            calendars.For(c.CourtCode),
            law.All
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
        var facts = all.Where(f => f.UndoneAt is null).ToList();
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

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;

    private sealed record CaseRow
    {
        public long Id { get; init; }
        public string CourtCode { get; init; } = "";
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public DateOnly? CustodyUntil { get; init; }
        public DateOnly? ClockEnd { get; init; }
    }
}
