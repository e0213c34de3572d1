using System.Globalization;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Recordings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Hearings;

/// <summary>Notes while the hearing goes on: speakers and phrases by key; each line has the second in which it was begun.</summary>
[Permit("trial.read")]
internal sealed class Live(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Speaker { get; set; }

    [BindProperty]
    public string? MarkKind { get; set; } = "speech";

    [BindProperty]
    public DateTime? At { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    /// <summary>The key of a phrase; in the place of kind and words.</summary>
    [BindProperty]
    public string? Phrase { get; set; }

    public ShowRecording.Result Show { get; private set; } = null!;

    /// <summary>Judge and panel first, then the parties and their agents.</summary>
    public IReadOnlyList<string> Speakers { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowRecording { HearingId = Id });
        string[] order = ["judge", "panel", "assessor", "party", "agent"];
        Speakers =
        [
            .. (await mediator.Send(new ShowHearing { Id = Id }))
                .People.Where(p => order.Contains(p.Part))
                .OrderBy(p => Array.IndexOf(order, p.Part))
                .Select(p => p.Name)
                .Distinct(),
        ];
    }

    /// <summary>Where the recording page plays a moment from.</summary>
    public string Hash(DateTimeOffset at) =>
        RecordingRules.At(Show.Segments, at) is var (n, second) && n > 0 ? string.Create(CultureInfo.InvariantCulture, $"#seg-{n}={second}") : "";

    public async Task<IActionResult> OnPostMarkAsync()
    {
        await ReloadAsync();
        var phrase = NotePhrases.Find(Phrase);
        await mediator.Send(
            new AddMark
            {
                RecordingId = Show.Row?.Id ?? 0,
                At = At,
                Kind = phrase?.Kind ?? MarkKind ?? "",
                Speaker = Speaker ?? "",
                Words = phrase?.Words ?? Words ?? "",
            }
        );
        return this.Done($"/trial/hearings/{Id}/live?speaker={Uri.EscapeDataString(Speaker ?? "")}", t["已标记"]);
    }
}
