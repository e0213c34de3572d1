using System.Globalization;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Recordings.Recorder;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Recorder;

/// <summary>What came from the recorders of the courtrooms, and what waits for a clerk.</summary>
[Permit("trial.hold")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = RecorderFile.Waiting;

    [BindProperty]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public long? HearingId { get; set; }

    [BindProperty]
    public DateTime? Start { get; set; }

    [BindProperty]
    public DateTime? End { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ListRecorderFiles.Result Data { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() =>
        Data = await mediator.Send(new ListRecorderFiles { State = RecorderFile.States.ContainsKey(State) ? State : RecorderFile.Waiting });

    /// <summary>Hearings of the file's day that this person may see, those of its courtroom first.</summary>
    public IReadOnlyList<Option> Hearings(RecorderFile f) =>
        [
            .. Data
                .Hearings.Where(h => h.HeldOn == Times.Day(f.StartsAt ?? f.WrittenAt))
                .OrderBy(h => h.RoomId != f.RoomId)
                .ThenBy(h => h.StartsAt)
                .Select(h => new Option(
                    h.Id.ToString(CultureInfo.InvariantCulture),
                    $"{TrialUi.Span(h.StartsAt, h.EndsAt)} {h.RoomName} {h.CaseNumber} {t[HearingState.Labels[h.State]]}"
                )),
        ];

    public string Why(RecorderFile f) =>
        string.Join(
            '；',
            new[]
            {
                f.Reason is { } r ? t[RecorderFile.Reasons[r]] : null,
                f.Detail is { } d ? t[d] : null,
                f.DecidedWords,
                f.State == RecorderFile.Watched && f.Reason is null ? t["自 {0} 起没有变化", Times.Full(f.Since)] : null,
            }.OfType<string>()
        );

    public static string Size(long bytes) =>
        bytes >= 1 << 20
            ? (bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture) + " MB"
            : (bytes / 1024.0).ToString("0.0", CultureInfo.InvariantCulture) + " KB";

    public async Task<IActionResult> OnPostAssignAsync()
    {
        var s = await mediator.Send(
            new AssignRecorderFile
            {
                Id = Id,
                Version = Version,
                HearingId = HearingId ?? 0,
                Start = Start,
                End = End,
                Words = Words ?? "",
            }
        );
        return this.Done("/trial/recorder", t["已收录第 {0} 段", s.N]);
    }

    public async Task<IActionResult> OnPostRefuseAsync()
    {
        await mediator.Send(
            new RefuseRecorderFile
            {
                Id = Id,
                Version = Version,
                Reason = Reason ?? "",
            }
        );
        return this.Done("/trial/recorder", t["已登记"]);
    }
}
