using System.Globalization;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Speech;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Hearings;

/// <summary>What was said, line by line, and mended.</summary>
[Permit("trial.read")]
internal sealed class Transcript(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Line { get; set; }

    [BindProperty]
    public int N { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Speaker { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public ShowTranscript.Result Show { get; private set; } = null!;

    private string Here => $"/trial/hearings/{Id}/transcript";

    public string Jump(LineRow line) => string.Create(CultureInfo.InvariantCulture, $"/trial/recordings/{Show.Row!.Id}/{line.SegmentN}#t={line.FromMs / 1000}");

    public string Clock(LineRow line) =>
        Show.Segments.FirstOrDefault(s => s.N == line.SegmentN) is { } s
            ? Times.Local(s.StartsAt.AddMilliseconds(line.FromMs)).ToString("HH:mm:ss", CultureInfo.InvariantCulture)
            : "";

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        if (Show.Lines.FirstOrDefault(l => l.Id == Line) is { } line)
            (Speaker, Words, Version) = (line.Speaker, line.Words, line.Version);
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowTranscript { HearingId = Id });

    public async Task<IActionResult> OnPostAskAsync()
    {
        await mediator.Send(new AskTranscript { HearingId = Id, N = N });
        return this.Done(Here, t["已交给语音识别"]);
    }

    public async Task<IActionResult> OnPostMendAsync()
    {
        await mediator.Send(
            new MendLine
            {
                HearingId = Id,
                LineId = Line ?? 0,
                Version = Version,
                Speaker = Speaker ?? "",
                Words = Words ?? "",
            }
        );
        return this.Done(Here, t["已改正"]);
    }
}
