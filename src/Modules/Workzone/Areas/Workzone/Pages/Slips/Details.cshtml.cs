using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Supervision;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Slips;

/// <summary>One slip as paper: what is asked, of whom, until when; receipt, answer and what came of it.</summary>
[Permit("workzone.slips.read")]
internal sealed class Details(IMediator mediator, Texts t, Actor actor) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public int Version { get; set; }

    public Slip Show { get; private set; } = null!;

    public bool Mine => Show.ToId == actor.Id;

    public bool May(string act) => SlipRules.After(Show.State, act, Mine) is not null && (Mine || Show.FromId == actor.Id || actor.Can("workzone.slips.send"));

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new Query { Id = Id });

    public async Task<IActionResult> OnPostAsync(string act)
    {
        await mediator.Send(
            new ActOnSlip
            {
                Id = Id,
                Act = act,
                Words = Words ?? "",
                Version = Version,
            }
        );
        return this.Done(
            $"/slips/{Id}",
            t[
                act switch
                {
                    "receive" => "已签收",
                    "answer" => "已答复",
                    "accept" => "已认可",
                    _ => "已退回",
                }
            ]
        );
    }

    [Permit("workzone.slips.read")]
    internal sealed record Query : IQuery<Slip>
    {
        public long Id { get; init; }
    }

    internal sealed class Handler(SlipBook slips) : IQueryHandler<Query, Slip>
    {
        public Task<Slip> Handle(Query request, CancellationToken cancellationToken) => slips.FindAsync(request.Id, cancellationToken);
    }
}
