using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Papers;

/// <summary>Drafts papers of a case: notice and report order for its debtors, or the ruling and notice of assistance for a measure.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.paper.draft")]
internal sealed record DraftPaper : ICommand<IReadOnlyList<long>>
{
    /// <summary>Days to report property where nobody says otherwise; practice.</summary>
    public const int ReportDays = 10;

    public long CaseId { get; init; }

    /// <summary>notice (with the report order), report-order, renew, release or deduct.</summary>
    public string Kind { get; init; } = "";

    /// <summary>One debtor; null: each of them.</summary>
    public long? PartyId { get; init; }
    public long? MeasureId { get; init; }

    /// <summary>Yuan, of a deduction.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Days to report property.</summary>
    public int? Days { get; init; }

    internal sealed class Validator : AbstractValidator<DraftPaper>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Kind).Must(k => PaperTexts.IsOfParty(k) || PaperTexts.IsOfMeasure(k)).WithMessage("请选择文书。");
            RuleFor(c => c.MeasureId).NotNull().When(c => PaperTexts.IsOfMeasure(c.Kind)).WithMessage("请选择措施。");
            RuleFor(c => c.Amount).Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Days).InclusiveBetween(1, 60).When(c => c.Days is not null).WithMessage("报告期限从 1 到 60 日。");
        }
    }

    internal sealed class Handler(ICases cases, MeasureWork work, PaperBook papers, AuditTrail audit) : ICommandHandler<DraftPaper, IReadOnlyList<long>>
    {
        public async Task<IReadOnlyList<long>> Handle(DraftPaper c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var of = await papers.CaseAsync(card, cancellationToken);
            var made = PaperTexts.IsOfMeasure(c.Kind)
                ? [await MeasureAsync(c, card, of, cancellationToken)]
                : await DebtorsAsync(c, card, of, cancellationToken);
            audit.Note("paper", made[0], new { c.Kind, papers = made.Count }, card.Id);
            return made;
        }

        private async Task<long> MeasureAsync(DraftPaper c, CaseCard card, PaperCase of, CancellationToken ct)
        {
            var m = await work.GetAsync(c.MeasureId!.Value, ct);
            if (m.CaseId != card.Id)
                throw new NotFound("查控措施", m.Id);
            if (m.State != MeasureState.Active)
                throw new RuleBroken($"措施现在是“{MeasureState.Labels[m.State]}”，不能拟这份文书。", "MeasureId", "state");
            var cents = c.Amount is { } yuan ? CaseMoney.Cents(yuan) : (long?)null;
            if (c.Kind == PaperTexts.Deduct)
                DeductRules.Check(m, cents ?? m.Amount ?? 0);
            return await papers.AskAsync(card, c.Kind, $"measure:{m.Id}", m.PartyId, m.Id, PaperTexts.OfMeasure(of, c.Kind, m, cents), ct);
        }

        private async Task<IReadOnlyList<long>> DebtorsAsync(DraftPaper c, CaseCard card, PaperCase of, CancellationToken ct)
        {
            var debtors = (await cases.PartiesAsync(card.Id, ct)).Where(p => p.Role == "被执行人" && (c.PartyId is null || p.Id == c.PartyId)).ToList();
            if (debtors.Count == 0)
                throw new RuleBroken("请选择本案的被执行人。", "PartyId");
            var made = new List<long>();
            foreach (var d in debtors)
            {
                if (c.Kind == PaperTexts.Notice)
                    made.Add(await papers.AskAsync(card, PaperTexts.Notice, $"party:{d.Id}", d.Id, null, PaperTexts.OfNotice(of, d.Name), ct));
                // both together (CPL-I 480; 财产调查规定 3)
                made.Add(
                    await papers.AskAsync(
                        card,
                        PaperTexts.ReportOrder,
                        $"party:{d.Id}",
                        d.Id,
                        null,
                        PaperTexts.OfReportOrder(of, d.Name, c.Days ?? ReportDays),
                        ct
                    )
                );
            }
            return made;
        }
    }
}

/// <summary>The papers of a case, its reports of property, and what a paper may be drafted for.</summary>
[Permit("enforcement.read")]
internal sealed record ShowPapers : IQuery<ShowPapers.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(
        CaseCard Case,
        IReadOnlyList<PaperRow> Papers,
        IReadOnlyList<ReportRow> Reports,
        IReadOnlyList<PartyContact> Debtors,
        IReadOnlyList<MeasureRow> Measures
    );

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ShowPapers, Result>
    {
        public async Task<Result> Handle(ShowPapers request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var args = new { request.CaseId };
            var rows = await db.QueryAsync<PaperRow>(
                $"SELECT {PaperRow.Columns} FROM enforcement_paper p WHERE p.case_id = @CaseId ORDER BY p.id DESC",
                args,
                cancellationToken
            );
            reads.List("enforcement.paper.list", rows.Count, new { }, card.Id);
            return new Result(
                card,
                rows,
                await db.QueryAsync<ReportRow>(
                    $"SELECT {ReportRow.Columns} FROM enforcement_report r WHERE r.case_id = @CaseId ORDER BY r.id DESC",
                    args,
                    cancellationToken
                ),
                [.. (await cases.PartiesAsync(card.Id, cancellationToken)).Where(p => p.Role == "被执行人")],
                await db.QueryAsync<MeasureRow>(
                    MeasureRow.Columns + " WHERE m.case_id = @CaseId AND m.state = 'active' ORDER BY m.end_on, m.id",
                    args,
                    cancellationToken
                )
            );
        }
    }
}
