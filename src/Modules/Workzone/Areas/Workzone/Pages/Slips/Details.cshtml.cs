using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Supervision;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Slips;

/// <summary>One slip: what is asked, of whom, until when; its history, where it came from and what came of it.</summary>
[Permit("workzone.slips.read")]
internal sealed class Details(IMediator mediator, Texts t, Actor actor) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public int Version { get; set; }

    public ShowSlip.Result Show { get; private set; } = null!;

    public bool Mine => Show.Slip.ToId == actor.Id;

    public bool May(string act) =>
        SlipRules.After(Show.Slip.State, act, Mine) is not null && (Mine || Show.Slip.FromId == actor.Id || actor.Can("workzone.slips.send"));

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowSlip { Id = Id });

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
}
