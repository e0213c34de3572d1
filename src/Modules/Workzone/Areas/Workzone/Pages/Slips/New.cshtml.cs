using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Supervision;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Slips;

/// <summary>A slip to whoever has the case or the order in hand, or to who leads them.</summary>
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
    public long? ToId { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    /// <summary>Whom it may go to; the first is chosen.</summary>
    public IReadOnlyList<Option> Persons =>
        [
            .. Show.About.Persons.Select(p => new Option(
                $"{p.Id}",
                p.Post == SlipPosts.Person ? p.Name : $"{p.Name} · {t[p.Post == SlipPosts.Lead ? "中心组长" : "承办人"]}"
            )),
        ];

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
                ToId = ToId,
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

    internal sealed record Result(SlipTargets.About About, string Back);

    internal sealed class Handler(SlipTargets targets) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken) =>
            new(
                await targets.OfAsync(request.CaseId, request.OrderId, cancellationToken),
                request.OrderId is { } o ? $"/orders/{o}" : $"/cases/{request.CaseId}"
            );
    }
}
