using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Cases;

internal sealed class CaseBook(Db db, CaseAccess access, Secrets secrets) : ICases
{
    public async Task<CaseCard> GetAsync(long caseId, CancellationToken ct = default)
    {
        await access.DemandAsync(caseId, ct);
        return await db.FirstAsync<CaseCard>(
                "SELECT id, number, court_id, court_name, kind, cause, procedure_code, filed_on, judge_id, judge_name, state, parties_text FROM "
                    + "workzone_case_card WHERE id = @caseId",
                new { caseId },
                ct
            ) ?? throw new NotFound("案件", caseId);
    }

    public async Task<IReadOnlyList<PartyContact>> PartiesAsync(long caseId, CancellationToken ct = default)
    {
        await access.DemandAsync(caseId, ct);
        var rows = await db.QueryAsync<Row>(
            """
            SELECT id, case_id, name, role, party_type, e_service, language, email_enc, email_hint, phone_enc, id_number_enc, id_number_tail
            FROM workzone_party WHERE case_id = @caseId ORDER BY ordinal
            """,
            new { caseId },
            ct
        );
        return
        [
            .. rows.Select(r => new PartyContact
            {
                Id = r.Id,
                CaseId = r.CaseId,
                Name = r.Name,
                Role = r.Role,
                PartyType = r.PartyType,
                EService = r.EService,
                Language = r.Language,
                Email = secrets.Reveal(r.EmailEnc),
                EmailHint = r.EmailHint,
                Phone = secrets.Reveal(r.PhoneEnc),
                IdNumberTail = r.IdNumberTail,
                IdNumber = secrets.Reveal(r.IdNumberEnc),
            }),
        ];
    }

    public async Task<IReadOnlyList<AgentCard>> AgentsAsync(long caseId, CancellationToken ct = default)
    {
        await access.DemandAsync(caseId, ct);
        return await db.QueryAsync<AgentCard>(
            "SELECT a.party_id, a.name, a.agent_type, a.phone_tail FROM workzone_agent a JOIN workzone_party p ON p.id = a.party_id WHERE p.case_id = "
                + "@caseId ORDER BY p.ordinal, a.name",
            new { caseId },
            ct
        );
    }

    public async Task<LimitHistory> LimitHistoryAsync(long caseId, CancellationToken ct = default)
    {
        await access.DemandAsync(caseId, ct);
        var c =
            await db.FirstAsync<LimitRow>("SELECT procedure_code, filed_on, clock_end, closed_on FROM workzone_case WHERE id = @caseId", new { caseId }, ct)
            ?? throw new NotFound("案件", caseId);
        var facts = await db.QueryAsync<ClockFact>(ClockBook.Columns + " WHERE case_id = @caseId ORDER BY from_on, id", new { caseId }, ct);
        return new LimitHistory
        {
            Procedure = c.ProcedureCode,
            FiledOn = c.FiledOn,
            End = c.ClockEnd,
            ClosedOn = c.ClosedOn,
            Items =
            [
                .. facts
                    .Where(f => f.Counts && f.Kind is ("deduction" or "extension" or "conversion"))
                    .Select(f => new LimitItem(
                        f.Kind,
                        f.Kind == "extension" ? f.Unit ?? "month" : f.Code,
                        f.Kind switch
                        {
                            "deduction" => DeductionReasons.Labels.GetValueOrDefault(f.Code, f.Code),
                            "conversion" => ConversionRules.Name(f.Code),
                            _ => "延长",
                        },
                        f.FromOn,
                        f.ToOn,
                        f.Kind == "extension" ? f.N : f.ToOn?.DayNumber - f.FromOn.DayNumber,
                        f.Reason
                    )),
            ],
        };
    }

    public Task<bool> CanReadAsync(long caseId, CancellationToken ct = default) => access.CanReadAsync(caseId, ct);

    public Task<bool> CanReadSecondaryAsync(long caseId, CancellationToken ct = default) => access.CanReadSecondaryAsync(caseId, ct);

    public string Seen(string column) => access.Seeing.OfCase(column);

    public string Announceable(string column) => $"EXISTS (SELECT 1 FROM workzone_case told_c WHERE told_c.id = {column} AND told_c.sealed = 0)";

    public AccessArguments Arguments => access.Arguments;

    private sealed record LimitRow
    {
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public DateOnly? ClockEnd { get; init; }
        public DateOnly? ClosedOn { get; init; }
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string PartyType { get; init; } = "";
        public string EService { get; init; } = "";
        public string Language { get; init; } = "";
        public string? EmailEnc { get; init; }
        public string? EmailHint { get; init; }
        public string? PhoneEnc { get; init; }
        public string? IdNumberTail { get; init; }
        public string? IdNumberEnc { get; init; }
    }
}
