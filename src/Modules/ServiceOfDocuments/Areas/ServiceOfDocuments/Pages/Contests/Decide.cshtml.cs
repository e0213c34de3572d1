using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Contests;

/// <summary>One contested service: what is recorded, what speaks against it, the decision.</summary>
[Permit("service.read")]
internal sealed class Decide(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? Outcome { get; set; }

    [BindProperty]
    public bool Again { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    public ShowContest.Result Show { get; private set; } = null!;

    public bool CanDecide => Show.Standing.HasFlag(Standing.Assignee) && Show.Order.State == OrderState.Accepted && Show.Notice.State == NoticeState.Contested;

    public bool CanAccept =>
        (Show.Standing.HasFlag(Standing.Assignee) && Show.Order.State == OrderState.Assigned)
        || (Show.Order.State == OrderState.Queued && (Show.Standing & (Standing.Member | Standing.Lead)) != 0);

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowContest { OrderId = Id });

    public async Task<IActionResult> OnPostAcceptAsync()
    {
        await mediator.Send(
            new TakeStep
            {
                Id = Id,
                Step = OrderStep.Accept,
                Version = Version,
            }
        );
        return this.Done($"/service/contests/{Id}", t["已接受"]);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var done = await mediator.Send(
            new DecideContest
            {
                OrderId = Id,
                Stands = Outcome switch
                {
                    "stands" => true,
                    "void" => false,
                    _ => null,
                },
                Again = Again,
                Words = Words ?? "",
            }
        );
        return this.Done(
            done.NewOrderId is { } next ? $"/orders/{next}" : $"/orders/{Id}",
            done.NewOrderId is null ? t["已认定"] : t["已认定，并发起新一轮送达"]
        );
    }

    public static IReadOnlyList<CourtOps.Web.Option> Outcomes { get; } = [new("stands", "送达有效（还没有生效的，继续送达）"), new("void", "送达无效")];
}
