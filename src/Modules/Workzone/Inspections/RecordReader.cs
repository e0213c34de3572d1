using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Inspections;

/// <summary>Reads what is recorded of some cases, a statement for each table whatever their number.</summary>
internal sealed class RecordReader(Db db, Secrets secrets, TimeProvider clock)
{
    /// <summary>The records of those of the ids that are cases.</summary>
    public async Task<IReadOnlyList<CaseRecord>> ReadAsync(IReadOnlyList<long> ids, CancellationToken ct)
    {
        if (ids.Count == 0)
            return [];
        var cases = await db.QueryAsync<CaseRow>(
            """
            SELECT c.id, c.court_id, c.number, c.year, c.number_type, c.kind, c.cause, c.procedure_code, c.filed_on, c.amount, c.judge_id, c.allotted_on,
                c.state, c.closed_on, c.closed_how,
                   c.custody_until, c.origin_id, o.filed_on AS origin_filed_on,
                   CASE WHEN EXISTS (SELECT 1 FROM workzone_case_link l WHERE l.case_id = c.id AND l.kind = 'origin' AND l.ended_at IS NULL)
                       THEN 1 ELSE 0 END AS has_origin,
                   c.clock_legal_end, p.name AS judge_name, p.team,
                   CASE WHEN p.state = 'active' AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.role = 'judge'
                       AND r.court_id = c.court_id
                        AND (r.until_at IS NULL OR r.until_at > @now)) THEN 1 ELSE 0 END AS judge_active
            FROM workzone_case c
            LEFT JOIN workzone_case o ON o.id = c.origin_id
            LEFT JOIN workzone_person p ON p.id = c.judge_id
            WHERE c.id IN @ids
            """,
            new { ids, now = clock.GetUtcNow() },
            ct
        );
        var parties = (
            await db.QueryAsync<PartyRow>(
                """
                SELECT id, case_id, name, role, party_type, id_number_enc, phone_enc, email_enc, e_service
                FROM workzone_party
                WHERE case_id IN @ids
                ORDER BY ordinal
                """,
                new { ids },
                ct
            )
        ).ToLookup(p => p.CaseId);
        var agents = (
            await db.QueryAsync<AgentRow>(
                """
                SELECT p.case_id, p.name AS party, a.name, a.agent_type, CASE WHEN a.phone_tail IS NULL THEN 0 ELSE 1 END AS has_phone
                FROM workzone_agent a JOIN workzone_party p ON p.id = a.party_id WHERE p.case_id IN @ids ORDER BY a.id
                """,
                new { ids },
                ct
            )
        ).ToLookup(a => a.CaseId);
        var events = (
            await db.QueryAsync<EventRow>(
                """
                SELECT case_id, event, on_day, facts
                FROM workzone_case_event
                WHERE case_id IN @ids AND undone_at IS NULL
                """,
                new { ids },
                ct
            )
        ).ToLookup(e => e.CaseId);
        var facts = (
            await db.QueryAsync<FactRow>(
                """
                SELECT case_id, kind, code, from_on, to_on, document_id
                FROM workzone_clock_fact
                WHERE case_id IN @ids AND undone_at IS NULL
                """,
                new { ids },
                ct
            )
        ).ToLookup(f => f.CaseId);
        var members = (
            await db.QueryAsync<MemberRow>(
                """
                SELECT p.case_id, m.name, m.role, m.person_id
                FROM workzone_panel p JOIN workzone_panel_member m ON m.panel_id = p.id
                WHERE p.case_id IN @ids AND NOT EXISTS (SELECT 1 FROM workzone_panel later WHERE later.case_id = p.case_id
                    AND (later.from_on > p.from_on OR (later.from_on = p.from_on AND later.id > p.id)))
                ORDER BY m.n
                """,
                new { ids },
                ct
            )
        ).ToLookup(m => m.CaseId);
        var listed = await db.QueryAsync<CauseRow>(
            """
            SELECT kind, name, from_on, until_on
            FROM workzone_cause
            WHERE name IN @names
            """,
            new { names = cases.Select(c => c.Cause).Distinct() },
            ct
        );
        var lists = await db.QueryAsync<CauseRow>(
            """
            SELECT kind, '' AS name, MIN(from_on) AS from_on,
              CASE WHEN MAX(CASE WHEN until_on IS NULL THEN 1 ELSE 0 END) = 1 THEN NULL ELSE MAX(until_on) END AS until_on
            FROM workzone_cause
            GROUP BY kind
            """,
            ct: ct
        );
        return
        [
            .. cases.Select(c => new CaseRecord
            {
                Id = c.Id,
                CourtId = c.CourtId,
                Number = c.Number,
                Year = c.Year,
                NumberType = c.NumberType,
                Kind = c.Kind,
                Cause = c.Cause,
                Procedure = c.ProcedureCode,
                FiledOn = c.FiledOn,
                Amount = c.Amount,
                JudgeId = c.JudgeId,
                JudgeName = c.JudgeName ?? "",
                JudgeActive = c.JudgeActive,
                Team = c.Team ?? "",
                AllottedOn = c.AllottedOn,
                Open = c.State == "open",
                ClosedOn = c.ClosedOn,
                ClosedHow = c.ClosedHow,
                CustodyUntil = c.CustodyUntil,
                OriginId = c.OriginId,
                OriginFiledOn = c.OriginFiledOn,
                HasOrigin = c.OriginId is not null || c.HasOrigin,
                LegalEnd = c.ClockLegalEnd,
                CauseListed = lists.Any(l => Holds(l, c)) ? listed.Any(l => l.Name == c.Cause && Holds(l, c)) : null,
                Parties =
                [
                    .. parties[c.Id]
                        .Select(p => new RecordedParty(p.Name, p.Role)
                        {
                            Id = p.Id,
                            Type = p.PartyType,
                            IdNumber = secrets.Reveal(p.IdNumberEnc) ?? "",
                            Phone = secrets.Reveal(p.PhoneEnc) ?? "",
                            Email = secrets.Reveal(p.EmailEnc) ?? "",
                            EService = p.EService,
                        }),
                ],
                Agents = [.. agents[c.Id].Select(a => new RecordedAgent(a.Party, a.Name, a.AgentType, a.HasPhone))],
                Events = [.. events[c.Id].Select(e => new RecordedEvent(e.Event, e.OnDay, Detail(e.Facts)))],
                Facts = [.. facts[c.Id].Select(f => new RecordedFact(f.Kind, f.Code, f.FromOn, f.ToOn, f.DocumentId is not null))],
                Panel = [.. members[c.Id].Select(m => new RecordedMember(m.Name, m.Role, m.PersonId))],
            }),
        ];
    }

    /// <summary>The event's own word among its facts.</summary>
    internal static string Detail(string facts)
    {
        var read = JsonSerializer.Deserialize<Dictionary<string, string>>(facts, Json.Stored) ?? [];
        return read.GetValueOrDefault("how") ?? read.GetValueOrDefault("kind") ?? read.GetValueOrDefault("code") ?? read.GetValueOrDefault("outcome") ?? "";
    }

    private static bool Holds(CauseRow l, CaseRow c) => l.Kind == c.Kind && l.FromOn <= c.FiledOn && !(l.UntilOn < c.FiledOn);

    private sealed record CaseRow
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
        public string Number { get; init; } = "";
        public int Year { get; init; }
        public string NumberType { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Cause { get; init; } = "";
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public long? Amount { get; init; }
        public long? JudgeId { get; init; }
        public DateOnly? AllottedOn { get; init; }
        public string State { get; init; } = "";
        public DateOnly? ClosedOn { get; init; }
        public string? ClosedHow { get; init; }
        public DateOnly? CustodyUntil { get; init; }
        public long? OriginId { get; init; }
        public DateOnly? OriginFiledOn { get; init; }
        public bool HasOrigin { get; init; }
        public DateOnly? ClockLegalEnd { get; init; }
        public string? JudgeName { get; init; }
        public string? Team { get; init; }
        public bool JudgeActive { get; init; }
    }

    private sealed record PartyRow
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string PartyType { get; init; } = "";
        public string? IdNumberEnc { get; init; }
        public string? PhoneEnc { get; init; }
        public string? EmailEnc { get; init; }
        public string EService { get; init; } = "";
    }

    private sealed record AgentRow
    {
        public long CaseId { get; init; }
        public string Party { get; init; } = "";
        public string Name { get; init; } = "";
        public string AgentType { get; init; } = "";
        public bool HasPhone { get; init; }
    }

    private sealed record EventRow
    {
        public long CaseId { get; init; }
        public string Event { get; init; } = "";
        public DateOnly OnDay { get; init; }
        public string Facts { get; init; } = "{}";
    }

    private sealed record FactRow
    {
        public long CaseId { get; init; }
        public string Kind { get; init; } = "";
        public string Code { get; init; } = "";
        public DateOnly FromOn { get; init; }
        public DateOnly? ToOn { get; init; }
        public long? DocumentId { get; init; }
    }

    private sealed record MemberRow
    {
        public long CaseId { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public long? PersonId { get; init; }
    }

    private sealed record CauseRow
    {
        public string Kind { get; init; } = "";
        public string Name { get; init; } = "";
        public DateOnly FromOn { get; init; }
        public DateOnly? UntilOn { get; init; }
    }
}
