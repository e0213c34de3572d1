using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Cases;

/// <summary>The clock of a case: what it is computed from, deductions with their evidence, extensions applied for and decided.</summary>
[Permit("workzone.cases.read")]
internal sealed class Clock(IMediator mediator, Texts t, Actor actor) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowCase.Result Show { get; private set; } = null!;

    public IReadOnlyList<ExtensionRow> Extensions { get; private set; } = [];

    /// <summary>The procedures the law lets the case go over to today, each with the end of its limit.</summary>
    public IReadOnlyList<Way> Ways { get; private set; } = [];

    public bool MayChange => actor.Can("workzone.cases.clock");

    public bool MayDecide => actor.Can("workzone.cases.extend");

    /// <summary>A fact in one line.</summary>
    public string Words(ClockFact f) =>
        f.Kind switch
        {
            "deduction" => t["{0} 自 {1} 起", t[DeductionReasons.Labels.GetValueOrDefault(f.Code, f.Code)], Times.Iso(f.FromOn)],
            "extension" => t["延长 {0}，{1} 申请", t[f.Unit == "month" ? "{0} 个月" : "{0} 日", f.N ?? 0], Times.Iso(f.FromOn)],
            "conversion" => t["{0} 转为{1}", Times.Iso(f.FromOn), Web.CaseUi.Procedure(t, f.Code)],
            _ => t["{0} 起重新计算", Times.Iso(f.FromOn)],
        };

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowCase { Id = Id });
        (Extensions, Ways) = await mediator.Send(new Query { CaseId = Id });
    }

    public async Task<IActionResult> OnPostDeductAsync()
    {
        await mediator.Send(
            new DeductTime
            {
                CaseId = Id,
                Code = Data.Code ?? "",
                From = Data.From,
                To = Data.To,
                DocumentId = Data.DocumentId,
                Reason = Data.Reason ?? "",
            }
        );
        return this.Done($"/cases/{Id}/clock", t["已登记扣除，审限已重算"]);
    }

    public async Task<IActionResult> OnPostEndAsync(long fact, DateOnly? to)
    {
        await mediator.Send(
            new EndDeduction
            {
                CaseId = Id,
                FactId = fact,
                To = to,
            }
        );
        return this.Done($"/cases/{Id}/clock", t["已恢复计算，审限已重算"]);
    }

    public async Task<IActionResult> OnPostExtendAsync()
    {
        await mediator.Send(
            new AskExtension
            {
                CaseId = Id,
                N = Data.N ?? 0,
                Unit = Data.Unit ?? "month",
                DocumentId = Data.DocumentId,
                Reason = Data.Reason ?? "",
            }
        );
        return this.Done($"/cases/{Id}/clock", t["已提出申请，等待批准"]);
    }

    public async Task<IActionResult> OnPostConvertAsync()
    {
        await mediator.Send(
            new AskConversion
            {
                CaseId = Id,
                Procedure = Data.Procedure ?? "",
                DocumentId = Data.DocumentId,
                Reason = Data.Reason ?? "",
            }
        );
        return this.Done($"/cases/{Id}/clock", t["已提出申请，等待批准"]);
    }

    public async Task<IActionResult> OnPostEvidenceAsync(long fact, long? document)
    {
        await mediator.Send(
            new AttachEvidence
            {
                CaseId = Id,
                FactId = fact,
                DocumentId = document,
            }
        );
        return this.Done($"/cases/{Id}/clock", t["已补证明文件，审限已重算"]);
    }

    public async Task<IActionResult> OnPostUndoAsync(long fact, string? why)
    {
        await mediator.Send(
            new UndoClockFact
            {
                CaseId = Id,
                FactId = fact,
                Reason = why ?? "",
            }
        );
        return this.Done($"/cases/{Id}/clock", t["已撤销，审限已重算"]);
    }

    public async Task<IActionResult> OnPostDecideAsync(long extension, int version, bool granted, string? words, long? answer)
    {
        await mediator.Send(
            new DecideExtension
            {
                Id = extension,
                Version = version,
                Granted = granted,
                DocumentId = answer,
                Words = words ?? "",
            }
        );
        return this.Done($"/cases/{Id}/clock", t[granted ? "已批准，审限已重算" : "已决定不予批准"]);
    }

    [Permit("workzone.cases.read")]
    internal sealed record Query : IQuery<Result>
    {
        public long CaseId { get; init; }
    }

    internal sealed record Result(IReadOnlyList<ExtensionRow> Extensions, IReadOnlyList<Way> Ways);

    /// <param name="End">Raw end of the limit under it; null where it has none.</param>
    /// <param name="Source">The article.</param>
    internal sealed record Way(string Code, DateOnly? End, string Source);

    internal sealed class Handler(Db db, ICases cases, ClockBook clocks, TimeProvider clock, Texts texts) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var ways = new List<Way>();
            if (card.State == "open")
                foreach (var to in ConversionRules.From(card.ProcedureCode))
                    try
                    {
                        var (_, then) = await clocks.ConvertAsync(card.Id, to, Times.Day(clock.GetUtcNow()), cancellationToken);
                        var rule = TrialLimitTable.Conversions.First(c => c.From == card.ProcedureCode && c.To.Contains(to));
                        var source = LawArticles.Get(rule.Article).Source(texts.Language == "en" ? LawLanguage.English : LawLanguage.Chinese);
                        ways.Add(new(to, then?.End, source));
                    }
                    catch (RuleBroken)
                    {
                        // facts that Law computes nothing from: the steps above say what is wrong
                    }
            return new(
                await db.QueryAsync<ExtensionRow>(
                    ExtensionRow.Select + " WHERE e.case_id = @CaseId ORDER BY e.id DESC",
                    new { request.CaseId },
                    cancellationToken
                ),
                ways
            );
        }
    }

    internal sealed class Input
    {
        public string? Code { get; set; }
        public DateOnly? From { get; set; }
        public DateOnly? To { get; set; }
        public long? DocumentId { get; set; }
        public string? Reason { get; set; }
        public int? N { get; set; }
        public string? Unit { get; set; }
        public string? Procedure { get; set; }
    }
}
