using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Mediation;

/// <summary>Begins mediation of a registered case: whether it may be, and what the parties say (E-02, E-03).</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.begin")]
internal sealed record BeginMediation : ICommand<long>
{
    /// <summary>The filing, for the clerk; or the case, for its judge.</summary>
    public long? FilingId { get; init; }
    public long? CaseId { get; init; }

    internal sealed class Handler(Db db, Ids ids, MediationBook book, FilingBook filings, ICases cases, AuditTrail audit)
        : ICommandHandler<BeginMediation, long>
    {
        public async Task<long> Handle(BeginMediation request, CancellationToken cancellationToken)
        {
            var filing = request.FilingId is { } f ? await filings.GetAsync(f, null, cancellationToken) : null;
            if (filing is not null && filing.CaseId is null)
                throw new RuleBroken("先登记立案、编立案号，再开始调解（2025 年起不再编“诉前调”字号）。", code: "not-registered");
            var caseId = filing?.CaseId ?? request.CaseId ?? throw new RuleBroken("请指明案件。", "CaseId");
            if (filing is null)
                await cases.GetAsync(caseId, cancellationToken);
            var card =
                await db.FirstAsync<Card>(
                    "SELECT number, court_id, kind, cause, procedure_code, state, parties_text FROM workzone_case_card WHERE id = @caseId",
                    new { caseId },
                    cancellationToken
                ) ?? throw new NotFound("案件", caseId);
            if (card.State != "open")
                throw new RuleBroken("案件已经结案。", code: "closed");
            var type = Law.CaseNumber.TryParse(card.Number, out var number) ? number.Type : "";
            if (Suitability.IsBarred(card.Kind, type, card.Cause))
                throw new RuleBroken("特别程序、督促程序、公示催告程序和确认婚姻关系的案件不得调解（民诉法解释 143）。", code: "barred");
            if (await book.RunsAsync(caseId, cancellationToken))
                throw new RuleBroken("本案的调解还在进行。", code: "runs");
            var parties = await db.QueryAsync<PartyConsent>(
                "SELECT name AS party, role FROM workzone_party_card WHERE case_id = @caseId ORDER BY ordinal",
                new { caseId },
                cancellationToken
            );
            var languages = string.Join(
                ' ',
                (
                    await db.QueryAsync<string>("SELECT DISTINCT language FROM workzone_party_card WHERE case_id = @caseId", new { caseId }, cancellationToken)
                ).Order()
            );
            var round = 1 + await db.ScalarAsync<int>("SELECT COUNT(*) FROM triage_mediation WHERE case_id = @caseId", new { caseId }, cancellationToken);
            var rules = book.Rules(card.CourtId);
            var consentBy = MediationRules.Workdays(book.Today, rules.ConsentDays, await book.CalendarAsync(card.CourtId, cancellationToken));
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO triage_mediation (id, case_id, court_id, filing_id, case_number, cause, parties_text, procedure_code, languages, round, consents,
                    consent_by, mediator_name, chosen_by, passed_over, extended, outcome, reason, confirmed,
                    escalated_why, next_on, started_at, state, is_open, version)
                VALUES (@id, @caseId, @CourtId, @filingId, @Number, @Cause, @PartiesText, @ProcedureCode, @languages, @round, @consents, @consentBy, '', '', '',
                    0, '', '', '', '', @consentBy, @now, 'asking', 1, 1)
                """,
                new
                {
                    id,
                    caseId,
                    card.CourtId,
                    filingId = filing?.Id,
                    card.Number,
                    card.Cause,
                    card.PartiesText,
                    card.ProcedureCode,
                    languages,
                    round,
                    consents = JsonSerializer.Serialize(parties, Json.Stored),
                    consentBy,
                    now = book.Now,
                },
                cancellationToken
            );
            await book.NoteAsync(id, "begin", "", cancellationToken);
            audit.Note("mediation", id, new { round, suited = Suitability.IsSuitable(card.Kind, type, card.Cause) }, caseId);
            return id;
        }

        private sealed record Card
        {
            public string Number { get; init; } = "";
            public long CourtId { get; init; }
            public string Kind { get; init; } = "";
            public string Cause { get; init; } = "";
            public string ProcedureCode { get; init; } = "";
            public string State { get; init; } = "";
            public string PartiesText { get; init; } = "";
        }
    }
}

/// <summary>What a party says. One no ends it (民诉法 125); when all sides say yes a mediator is named.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.consent")]
internal sealed record RecordConsent : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>Name of the party; blank for all that have not spoken.</summary>
    public string Party { get; init; } = "";
    public bool? Agrees { get; init; }

    internal sealed class Validator : AbstractValidator<RecordConsent>
    {
        public Validator() => RuleFor(c => c.Agrees).NotNull().WithMessage("请登记同意还是不同意。");
    }

    internal sealed class Handler(MediationBook book, AuditTrail audit) : CommandHandler<RecordConsent>
    {
        protected override async Task RunAsync(RecordConsent command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, command.Version, ct);
            if (row.State != MediationState.Asking)
                throw new RuleBroken("征询已经结束。", code: "state");
            var list = row
                .ConsentList.Select(c =>
                    (command.Party.Length == 0 ? c.Says.Length == 0 : c.Party == command.Party)
                        ? c with
                        {
                            Says = command.Agrees!.Value ? "yes" : "no",
                            On = book.Today,
                        }
                        : c
                )
                .ToList();
            if (command.Party.Length > 0 && list.All(c => c.Party != command.Party))
                throw new RuleBroken($"本案没有“{command.Party}”这名当事人。", "Party");
            var stored = JsonSerializer.Serialize(list, Json.Stored);
            await book.NoteAsync(
                row.Id,
                "consent",
                $"{(command.Party.Length == 0 ? "全部" : command.Party)}：{(command.Agrees!.Value ? "同意" : "不同意")}",
                ct
            );
            if (list.Any(c => c.Says == "no"))
            {
                await book.MoveAsync(
                    row,
                    "note",
                    new
                    {
                        row.Id,
                        row.Version,
                        stored,
                    },
                    "consents = @stored",
                    ct
                );
                await book.EndAsync(
                    row with
                    {
                        Version = row.Version + 1,
                        Consents = stored,
                    },
                    "refused",
                    $"{list.First(c => c.Says == "no").Party}不同意调解",
                    null,
                    ct
                );
            }
            else if (list.All(c => c.Says == "yes"))
            {
                var by = MediationRules.Workdays(book.Today, book.Rules(row.CourtId).AssignDays, await book.CalendarAsync(row.CourtId, ct));
                await book.MoveAsync(
                    row,
                    "agree",
                    new
                    {
                        row.Id,
                        row.Version,
                        stored,
                        by,
                    },
                    "consents = @stored, assign_by = @by, next_on = @by, escalated_at = NULL, escalated_why = ''",
                    ct
                );
            }
            else
            {
                await book.MoveAsync(
                    row,
                    "note",
                    new
                    {
                        row.Id,
                        row.Version,
                        stored,
                    },
                    "consents = @stored",
                    ct
                );
            }
            audit.Note("mediation", row.Id, new { agrees = command.Agrees }, row.CaseId);
        }
    }
}
