using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
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

    public bool MayChange => actor.Can("workzone.cases.clock");

    public bool MayDecide => actor.Can("workzone.cases.extend");

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowCase { Id = Id });
        Extensions = await mediator.Send(new Query { CaseId = Id });
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

    public async Task<IActionResult> OnPostDecideAsync(long extension, int version, bool granted, string? words)
    {
        await mediator.Send(
            new DecideExtension
            {
                Id = extension,
                Version = version,
                Granted = granted,
                Words = words ?? "",
            }
        );
        return this.Done($"/cases/{Id}/clock", t[granted ? "已批准延长，审限已重算" : "已决定不予延长"]);
    }

    [Permit("workzone.cases.read")]
    internal sealed record Query : IQuery<IReadOnlyList<ExtensionRow>>
    {
        public long CaseId { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases) : IQueryHandler<Query, IReadOnlyList<ExtensionRow>>
    {
        public async Task<IReadOnlyList<ExtensionRow>> Handle(Query request, CancellationToken cancellationToken)
        {
            await cases.GetAsync(request.CaseId, cancellationToken);
            return await db.QueryAsync<ExtensionRow>(
                ExtensionRow.Select + " WHERE case_id = @CaseId ORDER BY id DESC",
                new { request.CaseId },
                cancellationToken
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
    }
}
