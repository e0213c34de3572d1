using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Meetings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Meetings;

/// <summary>One meeting: votes, conclusion, minutes.</summary>
[Permit("trial.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Vote { get; set; }

    [BindProperty]
    public string? Opinion { get; set; }

    [BindProperty]
    public string? Conclusion { get; set; }

    public ShowMeeting.Result Show { get; private set; } = null!;

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        (Vote, Opinion) = (Show.Mine?.Vote, Show.Mine?.Opinion);
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowMeeting { Id = Id });

    public async Task<IActionResult> OnPostVoteAsync()
    {
        await mediator.Send(
            new VoteInMeeting
            {
                Id = Id,
                Vote = Vote ?? "",
                Opinion = Opinion ?? "",
            }
        );
        return this.Done($"/trial/meetings/{Id}", t["已表决"]);
    }

    public async Task<IActionResult> OnPostCloseAsync(bool cancel)
    {
        await mediator.Send(
            new CloseMeeting
            {
                Id = Id,
                Version = Version,
                Cancel = cancel,
                Conclusion = Conclusion ?? "",
            }
        );
        return this.Done($"/trial/meetings/{Id}", t[cancel ? "已取消" : "已形成结论"]);
    }
}
