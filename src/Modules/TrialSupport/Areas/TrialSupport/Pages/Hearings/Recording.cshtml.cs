using System.Globalization;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Recordings;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Hearings;

/// <summary>The recording of a hearing: segments, marks, gaps, playback.</summary>
[Permit("trial.read")]
internal sealed class Recording(IMediator mediator, SegmentIntake intake, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Mode { get; set; } = "beside";

    [BindProperty]
    public string? Consent { get; set; }

    [BindProperty]
    public IFormFile? Upload { get; set; }

    /// <summary>Of a file that was sent in parts.</summary>
    [BindProperty]
    public string? UploadId { get; set; }

    [BindProperty]
    public DateTime? Start { get; set; }

    [BindProperty]
    public DateTime? End { get; set; }

    [BindProperty]
    public string? MarkKind { get; set; } = "speech";

    [BindProperty]
    public string? Speaker { get; set; }

    [BindProperty]
    public DateTime? At { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public ShowRecording.Result Show { get; private set; } = null!;

    private string Here => $"/trial/hearings/{Id}/recording";

    public async Task<IActionResult> OnGetAsync(bool consent = false)
    {
        await ReloadAsync();
        return consent && Show.Row is { Chain: not null } row
            ? File(
                DocxWriter.Write(ConsentForm.Of(await mediator.Send(new ConsentForm.Query { HearingId = Id }), Show, row)),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                $"{Show.Hearing.CaseNumber}录音录像替代笔录确认书.docx"
            )
            : Page();
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowRecording { HearingId = Id });

    /// <summary>The segment a moment lies in, at its second.</summary>
    public string Jump(DateTimeOffset at) =>
        RecordingRules.At(Show.Segments, at) is var (n, second) && n > 0
            ? string.Create(CultureInfo.InvariantCulture, $"/trial/recordings/{Show.Row!.Id}/{n}#t={second}")
            : "#";

    public async Task<IActionResult> OnPostOpenAsync()
    {
        await mediator.Send(
            new OpenRecording
            {
                HearingId = Id,
                Mode = Mode ?? "",
                Consent = Consent ?? "",
            }
        );
        return this.Done(Here, t["已开始收录"]);
    }

    public async Task<IActionResult> OnPostSegmentAsync()
    {
        actor.Demand("trial.hold");
        await ReloadAsync();
        var added = await intake.AddAsync(Show.Row?.Id ?? 0, Upload, UploadId, Start, End, HttpContext.RequestAborted);
        return this.Done(Here, t["已收录第 {0} 段", added.N]);
    }

    public async Task<IActionResult> OnPostMarkAsync()
    {
        await ReloadAsync();
        await mediator.Send(
            new AddMark
            {
                RecordingId = Show.Row?.Id ?? 0,
                At = At,
                Kind = MarkKind ?? "",
                Speaker = Speaker ?? "",
                Words = Words ?? "",
            }
        );
        return this.Done(Here, t["已标记"]);
    }

    public async Task<IActionResult> OnPostCloseAsync()
    {
        await ReloadAsync();
        await mediator.Send(new CloseRecording { Id = Show.Row?.Id ?? 0, Version = Version });
        return this.Done(Here, t["已封存"]);
    }
}
