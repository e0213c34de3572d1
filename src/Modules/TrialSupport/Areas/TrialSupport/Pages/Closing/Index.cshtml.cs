using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Closing;
using CourtOps.TrialSupport.Experts;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Closing;

/// <summary>Expert opinions of a case and the report of its closing.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Matter { get; set; }

    [BindProperty]
    public string? Institution { get; set; }

    [BindProperty]
    public bool Complex { get; set; }

    [BindProperty]
    public string? Chosen { get; set; }

    [BindProperty]
    public string? Candidates { get; set; }

    [BindProperty]
    public DateOnly? FeeOn { get; set; }

    [BindProperty]
    public DateOnly? Until { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public string? Step { get; set; }

    [BindProperty]
    public string[]? Items { get; set; }

    [BindProperty]
    public DateOnly? EntrustedOn { get; set; }

    [BindProperty]
    public DateOnly? EndedOn { get; set; }

    [BindProperty]
    public string? Outcome { get; set; }

    [BindProperty]
    public string? How { get; set; }

    [BindProperty]
    public DateOnly? ClosedOn { get; set; }

    public Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new Query { CaseId = CaseId });

    public async Task<IActionResult> OnPostEntrustAsync()
    {
        await mediator.Send(
            new EntrustExpert
            {
                CaseId = CaseId,
                Matter = Matter?.Trim() ?? "",
                Institution = Institution?.Trim() ?? "",
                Chosen = Chosen ?? "agreed",
                Candidates = (Candidates ?? "").ReplaceLineEndings("\n").Split(['\n', '、'], StringSplitOptions.RemoveEmptyEntries),
                FeeOn = FeeOn,
                Complex = Complex,
                On = EntrustedOn,
            }
        );
        return Back(t["已委托，审限停止计算"]);
    }

    public async Task<IActionResult> OnPostEndAsync()
    {
        await mediator.Send(
            new EndExpert
            {
                Id = Id,
                Version = Version,
                On = EndedOn,
                Outcome = Outcome ?? "",
            }
        );
        return Back(t["已登记"]);
    }

    public async Task<IActionResult> OnPostUrgeAsync()
    {
        await mediator.Send(new UrgeExpert { Id = Id, Version = Version });
        return Back(t["已记下"]);
    }

    public async Task<IActionResult> OnPostExtendAsync()
    {
        await mediator.Send(
            new ExtendExpert
            {
                Id = Id,
                Version = Version,
                Until = Until,
                Reason = Reason ?? "",
            }
        );
        return Back(t["已延长"]);
    }

    public async Task<IActionResult> OnPostStepAsync()
    {
        await mediator.Send(
            new StepExpert
            {
                Id = Id,
                Version = Version,
                Step = Step ?? "",
                On = EndedOn,
                Items = Items ?? [],
            }
        );
        return Back(t["已登记"]);
    }

    public async Task<IActionResult> OnPostAskAsync()
    {
        await mediator.Send(new AskClosing { CaseId = CaseId });
        return Back(t["已向各中心核对"]);
    }

    public async Task<IActionResult> OnPostCloseAsync()
    {
        await mediator.Send(
            new CloseCase
            {
                CaseId = CaseId,
                How = How ?? "",
                On = ClosedOn,
            }
        );
        return Back(t["已报结"]);
    }

    private IActionResult Back(string words) => this.Done($"/trial/cases/{CaseId}/closing", words);

    [Permit("trial.read")]
    internal sealed record Query : IQuery<Result>
    {
        public long CaseId { get; init; }
    }

    internal sealed record Result(CaseCard Case, IReadOnlyList<Opinion> Opinions, ClosingAsk? Ask, IReadOnlyList<(DocumentCard Paper, ClosingDay Day)> Papers);

    internal sealed class Handler(Db db, ICases cases, ClosingBook book, ClosingDays days) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var papers = new List<(DocumentCard, ClosingDay)>();
            foreach (var kind in CloseCase.Ways.Keys.Select(ClosingRules.PaperOf).OfType<string>())
                if (await days.PaperAsync(card.Id, kind, cancellationToken) is { } paper)
                    papers.Add((paper, await days.DayAsync(paper, cancellationToken)));
            return new Result(
                card,
                await db.QueryAsync<Opinion>(OpinionBook.Columns + " WHERE o.case_id = @Id ORDER BY o.entrusted_on, o.id", new { card.Id }, cancellationToken),
                await book.LastAsync(card.Id, cancellationToken),
                papers
            );
        }
    }
}
