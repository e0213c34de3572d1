using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Inspections;

/// <summary>A finding in words.</summary>
internal static class InspectionWords
{
    public static string Of(Texts t, string code, string about)
    {
        var key = "inspection." + code;
        var told = t[key, about];
        if (told != key)
            return told;
        var label = t[InspectionRules.Labels.GetValueOrDefault(code, code)];
        return about.Length == 0 ? label : t["{0}：{1}", label, about];
    }
}

/// <summary>What the inspection says of one case: findings with the way to correct each, how complete the record is, what was mended or waived.</summary>
[Permit("workzone.inspection.read")]
internal sealed record ShowCaseInspection : IQuery<ShowCaseInspection.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(
        Card Case,
        Look? Look,
        IReadOnlyList<Row> Findings,
        IReadOnlyList<Past> Mended,
        IReadOnlyList<Waiver> Waivers,
        IReadOnlyList<Person> Parties,
        IReadOnlyList<HandEvent> Events
    );

    internal sealed record Card
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Cause { get; init; } = "";
        public string State { get; init; } = "";
        public int Version { get; init; }
    }

    internal sealed record Look
    {
        public int Rules { get; init; }
        public int Failed { get; init; }
        public DateTimeOffset LookedAt { get; init; }

        /// <summary>Rules that find nothing, in per cent of those that looked.</summary>
        public int Complete => Completeness.Percent(Rules, Failed);
    }

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Code { get; init; } = "";
        public string Field { get; init; } = "";
        public string Severity { get; init; } = "";
        public string Args { get; init; } = "";
        public DateOnly? DueOn { get; init; }
        public long? OrderId { get; init; }
        public string? OrderNumber { get; init; }
        public string Text { get; init; } = "";
        public string Href { get; init; } = "";
    }

    internal sealed record Past
    {
        public string Code { get; init; } = "";
        public string Args { get; init; } = "";
        public string MendedBy { get; init; } = "";
        public DateTimeOffset MendedAt { get; init; }
        public string Text { get; init; } = "";
    }

    internal sealed record Waiver
    {
        public string Code { get; init; } = "";
        public string Args { get; init; } = "";
        public string Reason { get; init; } = "";
        public string WaivedBy { get; init; } = "";
        public DateTimeOffset WaivedAt { get; init; }
        public string Text { get; init; } = "";
    }

    internal sealed record Person
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string PartyType { get; init; } = "";
        public string? Agents { get; init; }
    }

    internal sealed record HandEvent
    {
        public long Id { get; init; }
        public string Event { get; init; } = "";
        public DateOnly OnDay { get; init; }
        public string RecordedBy { get; init; } = "";
    }

    internal sealed class Handler(Db db, ICases cases, Texts texts) : IQueryHandler<ShowCaseInspection, Result>
    {
        public async Task<Result> Handle(ShowCaseInspection request, CancellationToken cancellationToken)
        {
            await cases.GetAsync(request.CaseId, cancellationToken);
            var args = new { request.CaseId };
            var card = (
                await db.FirstAsync<Card>(
                    """
                    SELECT id, number, kind, cause, state, version
                    FROM workzone_case
                    WHERE id = @CaseId
                    """,
                    args,
                    cancellationToken
                )
            )!;
            var look = await db.FirstAsync<Look>(
                """
                SELECT rules, failed, looked_at
                FROM workzone_inspection_look
                WHERE case_id = @CaseId
                """,
                args,
                cancellationToken
            );
            var parties = await db.QueryAsync<Person>(
                """
                SELECT p.id, p.name, p.role, p.party_type, (SELECT STRING_AGG(CONCAT(a.name, '（', a.agent_type, '）'),
                    '、') FROM workzone_agent a WHERE a.party_id = p.id) AS agents
                FROM workzone_party p WHERE p.case_id = @CaseId ORDER BY p.ordinal
                """,
                args,
                cancellationToken
            );
            var findings = await db.QueryAsync<Row>(
                """
                SELECT i.id, i.code, i.field, i.severity, i.args, i.due_on, i.order_id, o.number AS order_number
                FROM workzone_inspection i LEFT JOIN workzone_order o ON o.id = i.order_id
                WHERE i.case_id = @CaseId ORDER BY CASE i.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, i.id
                """,
                args,
                cancellationToken
            );
            var mended = await db.PageAsync<Past>(
                """
                SELECT code, args, mended_by, mended_at
                FROM workzone_inspection_past
                WHERE case_id = @CaseId
                ORDER BY mended_at DESC, id DESC
                """,
                args,
                20,
                cancellationToken
            );
            var waivers = await db.QueryAsync<Waiver>(
                """
                SELECT code, args, reason, waived_by, waived_at
                FROM workzone_inspection_waiver
                WHERE case_id = @CaseId
                ORDER BY id DESC
                """,
                args,
                cancellationToken
            );
            var events = await db.QueryAsync<HandEvent>(
                """
                SELECT id, event, on_day, recorded_by
                FROM workzone_case_event
                WHERE case_id = @CaseId AND undone_at IS NULL AND event IN @byHand
                ORDER BY on_day DESC, id DESC
                """,
                new { request.CaseId, byHand = CaseEvents.ByHand.Keys.Where(k => k != "closed") },
                cancellationToken
            );
            return new Result(
                card,
                look,
                [
                    .. findings.Select(f =>
                        f with
                        {
                            Text = InspectionWords.Of(texts, f.Code, f.Args),
                            Href = Ways.Href(
                                InspectionRules.ByCode.TryGetValue(f.Code, out var rule) ? rule.Way : Ways.Case,
                                card.Id,
                                parties.FirstOrDefault(p => p.Name == f.Args.Split('、')[0])?.Id
                            ),
                        }
                    ),
                ],
                [.. mended.Select(m => m with { Text = InspectionWords.Of(texts, m.Code, m.Args) })],
                [.. waivers.Select(w => w with { Text = InspectionWords.Of(texts, w.Code, w.Args) })],
                parties,
                events
            );
        }
    }
}

/// <summary>How complete a record is. Pure.</summary>
internal static class Completeness
{
    /// <summary>Rules that find nothing, in whole per cent, rounded down; a hundred only where nothing fails.</summary>
    public static int Percent(int rules, int failed) => rules <= 0 ? 100 : Math.Max(0, (rules - failed) * 100 / rules);
}

/// <summary>Rates by team, and the findings that are open.</summary>
[Permit("workzone.inspection.read")]
internal sealed record ListFindings : IQuery<ListFindings.Result>
{
    public const int Page = 50;

    /// <summary>error, warning, info; empty for all.</summary>
    public string? Severity { get; init; }

    /// <summary>Only of this team.</summary>
    public string? Team { get; init; }

    /// <summary>Only what is past its day.</summary>
    public bool Late { get; init; }
    public long After { get; init; } = long.MaxValue;

    internal sealed record Result(IReadOnlyList<Rate> Rates, IReadOnlyList<Row> Rows, long? Next);

    internal sealed record Rate
    {
        public long CourtId { get; init; }
        public string CourtName { get; init; } = "";
        public string Team { get; init; } = "";
        public int Cases { get; init; }
        public int Clean { get; init; }
        public int Rules { get; init; }
        public int Failed { get; init; }
        public int Mended { get; init; }
        public int MendedLate { get; init; }

        public int Complete => Completeness.Percent(Rules, Failed);
    }

    internal sealed record Row
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string Number { get; init; } = "";
        public string? JudgeName { get; init; }
        public string Team { get; init; } = "";
        public string Code { get; init; } = "";
        public string Severity { get; init; } = "";
        public string Args { get; init; } = "";
        public DateOnly? DueOn { get; init; }
        public string? OrderNumber { get; init; }
        public long? OrderId { get; init; }
        public string? AssigneeName { get; init; }
        public string Text { get; init; } = "";
    }

    internal sealed class Handler(Db db, CaseAccess access, TimeProvider clock, Texts texts) : IQueryHandler<ListFindings, Result>
    {
        public async Task<Result> Handle(ListFindings request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = access.Arguments;
            var today = Times.Day(clock.GetUtcNow());
            var args = new
            {
                me,
                courts,
                places,
                today,
                since = clock.GetUtcNow().AddDays(-90),
                severity = request.Severity ?? "",
                team = request.Team,
                request.After,
            };
            var rates = await db.QueryAsync<Rate>(
                $"""
                SELECT l.court_id, t.name AS court_name, l.team, COUNT(*) AS cases, SUM(CASE WHEN l.failed = 0 THEN 1 ELSE 0 END) AS clean,
                    SUM(l.rules) AS rules, SUM(l.failed) AS failed
                FROM workzone_inspection_look l JOIN workzone_case c ON c.id = l.case_id JOIN workzone_court t ON t.id = l.court_id
                WHERE {access.IdCondition} GROUP BY l.court_id, t.name, l.team ORDER BY t.name, l.team
                """,
                args,
                cancellationToken
            );
            var mended = await db.QueryAsync<Rate>(
                $"""
                SELECT l.court_id, l.team, COUNT(*) AS mended, SUM(CASE WHEN p.late = 1 THEN 1 ELSE 0 END) AS mended_late
                FROM workzone_inspection_past p JOIN workzone_inspection_look l ON l.case_id = p.case_id JOIN workzone_case c ON c.id = p.case_id
                WHERE p.mended_at >= @since AND {access.IdCondition} GROUP BY l.court_id, l.team
                """,
                args,
                cancellationToken
            );
            var where =
                (args.severity.Length > 0 ? " AND i.severity = @severity" : "")
                + (request.Team is not null ? " AND j.team = @team" : "")
                + (request.Late ? " AND i.due_on < @today" : "");
            var rows = await db.PageAsync<Row>(
                $"""
                SELECT i.id, i.case_id, c.number, j.name AS judge_name, j.team, i.code, i.severity, i.args, i.due_on, o.number AS order_number,
                    o.assignee_name, i.order_id
                FROM workzone_inspection i JOIN workzone_case c ON c.id = i.case_id LEFT JOIN workzone_person j ON j.id = c.judge_id LEFT
                    JOIN workzone_order o ON o.id = i.order_id
                WHERE i.id < @After AND {access.IdCondition}
                """
                    + where
                    + " ORDER BY i.id DESC",
                args,
                Page + 1,
                cancellationToken
            );
            return new Result(
                [
                    .. rates.Select(r =>
                        mended.FirstOrDefault(m => m.CourtId == r.CourtId && m.Team == r.Team) is { } m
                            ? r with
                            {
                                Mended = m.Mended,
                                MendedLate = m.MendedLate,
                            }
                            : r
                    ),
                ],
                [.. rows.Take(Page).Select(r => r with { Text = InspectionWords.Of(texts, r.Code, r.Args) })],
                rows.Count > Page ? rows[Page - 1].Id : null
            );
        }
    }
}
