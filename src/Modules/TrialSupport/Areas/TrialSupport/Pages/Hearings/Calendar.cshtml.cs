using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Hearings;

/// <summary>A week of the court by courtroom or judge, and one day of it as lanes.</summary>
[Permit("trial.read")]
internal sealed class Calendar(IMediator mediator, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public DateOnly? Day { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? By { get; set; }

    public ShowWeek.Result Data { get; private set; } = null!;

    /// <summary>The day drawn as lanes.</summary>
    public DateOnly Shown => Day ?? Times.Day(clock.GetUtcNow());

    public async Task OnGetAsync() => Data = await mediator.Send(new ShowWeek { Day = Day });

    public IReadOnlyList<(string Name, string Note, IReadOnlyList<ShowWeek.Block> Blocks)> Lanes(Texts t)
    {
        var today = Data.Blocks.Where(b => b.HeldOn == Shown).ToList();
        return By == "judge"
            ? [.. Data.Judges.Select(j => (j.Name, "", (IReadOnlyList<ShowWeek.Block>)[.. today.Where(b => b.JudgeId == j.Id)]))]
            : [.. Data.Rooms.Select(r => (r.Name, t["{0} 座", r.Size], (IReadOnlyList<ShowWeek.Block>)[.. today.Where(b => b.RoomId == r.Id)]))];
    }
}
