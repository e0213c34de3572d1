using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Board;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Tasks;

/// <summary>One task at a time, by the keyboard: Enter opens it, n passes to the next.</summary>
[Permit("service.work")]
internal sealed class Next(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public DateTimeOffset? After { get; set; }

    [BindProperty(SupportsGet = true)]
    public long AfterId { get; set; }

    public NextTask.Result Show { get; private set; } = null!;

    public string Target =>
        Show.Step!.Channel switch
        {
            "phone" => $"/service/calls/{Show.Step.Id}",
            "postal" => "/service/post",
            "direct" or "leave" => $"/service/visits/{Show.Step.Id}",
            "announcement" => $"/service/notices/{Show.Notice!.Id}/announcement",
            _ => $"/service/orders/{Show.Notice!.OrderId}",
        };

    public async Task OnGetAsync() => Show = await mediator.Send(new NextTask { After = After, AfterId = AfterId });
}
