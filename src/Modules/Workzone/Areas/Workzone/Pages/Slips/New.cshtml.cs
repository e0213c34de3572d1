using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Supervision;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Slips;

/// <summary>A slip to whoever has the case or the order in hand.</summary>
[Permit("workzone.slips.send")]
internal sealed class New(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long? CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? OrderId { get; set; }

    [BindProperty]
    public string Kind { get; set; } = SlipKinds.Prompt;

    [BindProperty]
    public string? Words { get; set; }

    public Result Show { get; private set; } = null!;

    /// <summary>A slip is about a case or an order; without one, to the slips there are.</summary>
    public async Task<IActionResult> OnGetAsync()
    {
        if (CaseId is null && OrderId is null)
            return Redirect("/slips");
        await ReloadAsync();
        return Page();
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new Query { CaseId = CaseId, OrderId = OrderId });

    public async Task<IActionResult> OnPostAsync()
    {
        var id = await mediator.Send(
            new SendSlip
            {
                Kind = Kind,
                CaseId = CaseId,
                OrderId = OrderId,
                Words = Words ?? "",
            }
        );
        return this.Done($"/slips/{id}", t["已发出，对方收到通知"]);
    }

    [Permit("workzone.slips.send")]
    internal sealed record Query : IQuery<Result>
    {
        public long? CaseId { get; init; }
        public long? OrderId { get; init; }
    }

    internal sealed record Result(string Subject, string? To, string Back);

    internal sealed class Handler(ICases cases, IWorkOrders orders) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            if (request.OrderId is { } o)
            {
                var order = await orders.GetAsync(o, cancellationToken);
                return new Result($"{order.Number} {order.Title}", order.AssigneeName, $"/orders/{o}");
            }
            var card = await cases.GetAsync(request.CaseId ?? throw new NotFound("案件"), cancellationToken);
            return new Result($"{card.Number} {card.Cause}", card.JudgeName, $"/cases/{card.Id}");
        }
    }
}
