using CourtOps.Enforcement.Checks;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Measures;

/// <summary>The ledger of a case: debtors, assets with their measures, inquiries, value against claim, findings.</summary>
[Permit("enforcement.read")]
internal sealed record ShowLedger : IQuery<ShowLedger.Result>
{
    public long CaseId { get; init; }

    /// <param name="Held">Cents under first measures.</param>
    /// <param name="Claim">Cents; null where none is known.</param>
    internal sealed record Result(
        CaseCard Case,
        IReadOnlyList<PartyContact> Debtors,
        IReadOnlyList<AssetRow> Assets,
        IReadOnlyList<MeasureRow> Measures,
        IReadOnlyList<InquiryRow> Inquiries,
        IReadOnlyList<ListFindings.Row> Findings,
        long Held,
        long? Claim,
        IReadOnlyList<Command.NodeRow> Nodes,
        string? Track
    );

    internal sealed record InquiryRow
    {
        public long PartyId { get; init; }
        public string Category { get; init; } = "";
        public DateOnly AskedOn { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases) : IQueryHandler<ShowLedger, Result>
    {
        public async Task<Result> Handle(ShowLedger request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var args = new { request.CaseId };
            var measures = await db.QueryAsync<MeasureRow>(MeasureRow.Columns + " WHERE m.case_id = @CaseId ORDER BY m.id", args, cancellationToken);
            return new Result(
                card,
                [.. (await cases.PartiesAsync(card.Id, cancellationToken)).Where(p => MeasureWork.MayOwe(p.Role))],
                await db.QueryAsync<AssetRow>(AssetRow.Columns + " WHERE a.case_id = @CaseId ORDER BY a.party_id, a.id", args, cancellationToken),
                measures,
                await db.QueryAsync<InquiryRow>(
                    "SELECT party_id, category, MAX(asked_on) AS asked_on FROM enforcement_inquiry WHERE case_id = @CaseId GROUP BY party_id, category",
                    args,
                    cancellationToken
                ),
                await db.QueryAsync<ListFindings.Row>(
                    "SELECT f.id, f.case_id, f.leak, f.words, f.said, f.found_on, f.due_on, f.level, f.state, f.reason, f.measure_id, f.asset_id, "
                        + "f.order_id, f.version FROM enforcement_finding f WHERE f.case_id = @CaseId AND f.state IN ('open', 'asked') ORDER BY f.due_on, f.id",
                    args,
                    cancellationToken
                ),
                LeakChecks.Held(measures),
                await db.FirstAsync<long?>("SELECT amount FROM workzone_case_card WHERE id = @CaseId", args, cancellationToken),
                await db.QueryAsync<Command.NodeRow>(
                    "SELECT code, due_on, done_on, words FROM enforcement_node WHERE case_id = @CaseId ORDER BY due_on, code",
                    args,
                    cancellationToken
                ),
                await db.FirstAsync<string>("SELECT track FROM enforcement_case WHERE case_id = @CaseId", args, cancellationToken)
            );
        }
    }
}

/// <summary>A measure with its dates and its journal.</summary>
[Permit("enforcement.read")]
internal sealed record ShowMeasure : IQuery<ShowMeasure.Result>
{
    public long Id { get; init; }

    internal sealed record Result(
        MeasureRow Measure,
        CaseCard Case,
        IReadOnlyList<EventRow> Events,
        IReadOnlyList<Law.Warning> Warnings,
        IReadOnlyList<string> Told,
        IReadOnlyList<Reminder> Reminders
    );

    /// <summary>What the applicants were told before the end of the present term.</summary>
    internal sealed record Reminder
    {
        public string Tier { get; init; } = "";
        public DateOnly AskedOn { get; init; }
        public DateOnly? MadeOn { get; init; }
        public long? DocumentId { get; init; }
        public DateOnly? ServedOn { get; init; }
    }

    internal sealed record EventRow
    {
        public string Kind { get; init; } = "";
        public DateOnly OnDate { get; init; }
        public DateOnly? StartOn { get; init; }
        public DateOnly? EndOn { get; init; }
        public string Words { get; init; } = "";
        public string PersonName { get; init; } = "";
        public DateTimeOffset At { get; init; }
    }

    internal sealed class Handler(Db db, MeasureWork work, ICases cases) : IQueryHandler<ShowMeasure, Result>
    {
        public async Task<Result> Handle(ShowMeasure request, CancellationToken cancellationToken)
        {
            var m = await work.GetAsync(request.Id, cancellationToken);
            return new Result(
                m,
                await cases.GetAsync(m.CaseId, cancellationToken),
                await db.QueryAsync<EventRow>(
                    "SELECT kind, on_date, start_on, end_on, words, person_name, at FROM enforcement_event WHERE measure_id = @Id ORDER BY id",
                    new { m.Id },
                    cancellationToken
                ),
                MeasureClock.Warnings(m, work.Calendar),
                await db.QueryAsync<string>(
                    "SELECT tier FROM enforcement_warning WHERE measure_id = @Id AND round = @Round",
                    new { m.Id, m.Round },
                    cancellationToken
                ),
                await db.QueryAsync<Reminder>(
                    "SELECT tier, asked_on, made_on, document_id, served_on FROM enforcement_reminder WHERE measure_id = @Id AND round = @Round ORDER BY "
                        + "asked_on, tier",
                    new { m.Id, m.Round },
                    cancellationToken
                )
            );
        }
    }
}
