using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Workbench;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages;

/// <summary>The workbench: what is unsure is asked in order, each act by one key; the page, the catalogue and what the machine thought stand beside
/// it.</summary>
[Permit("cataloguing.read")]
internal sealed class Work(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true, Name = "piece")]
    public long? PieceId { get; set; }

    [BindProperty(SupportsGet = true, Name = "leaf")]
    public long? PageId { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool All { get; set; }

    [BindProperty]
    public string? Do { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Type { get; set; }

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? Author { get; set; }

    [BindProperty]
    public DateOnly? Date { get; set; }

    [BindProperty]
    public string? Volume { get; set; }

    [BindProperty]
    public int? Place { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    /// <summary>The page beside which one is put.</summary>
    [BindProperty]
    public long? Target { get; set; }

    [BindProperty]
    public bool After { get; set; }

    public ShowBatch.Result Show { get; private set; } = null!;

    public PieceRow? Current { get; private set; }

    public CourtOps.Cataloguing.Intake.Page? Leaf { get; private set; }

    public PieceRow? NextUnsure { get; private set; }

    public string Here => $"/cataloguing/batches/{Id}/work";

    public static IReadOnlyList<Option> Volumes => [new("main", "正卷"), new("secondary", "副卷")];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowBatch { Id = Id });
        var piece = PieceId ?? Show.Pages.FirstOrDefault(p => p.Id == PageId)?.PieceId;
        Current =
            Show.Pieces.FirstOrDefault(p => p.Id == piece)
            ?? Show.Pieces.FirstOrDefault(p => p.Look == "unsure")
            ?? (Show.Pieces is [var first, ..] ? first : null);
        if (Current is null)
            return;
        var own = Show.Pages.Where(p => p.PieceId == Current.Id).ToList();
        // what is asked of a page is shown first
        Leaf =
            own.FirstOrDefault(p => p.Id == PageId)
            ?? own.FirstOrDefault(p =>
                Current.Look == "unsure" && (p.State == PageState.Person || p.FlagList.Any(f => Reading.PageQuality.Stopping.Contains(f)))
            )
            ?? own.FirstOrDefault();
        NextUnsure =
            Show.Pieces.FirstOrDefault(p => p.Look == "unsure" && p.Ordinal > Current.Ordinal)
            ?? Show.Pieces.FirstOrDefault(p => p.Look == "unsure" && p.Id != Current.Id);
    }

    public async Task<IActionResult> OnPostActAsync()
    {
        var result = await mediator.Send(
            new ActOnPiece
            {
                BatchId = Id,
                Act = Do ?? "",
                PieceId = PieceId ?? 0,
                PageId = PageId,
                Version = Version,
                Type = Type ?? "",
                Title = Title ?? "",
                Author = Author ?? "",
                Date = Date,
                Volume = Volume ?? "",
                Place = Place,
                Words = Words ?? "",
                TargetId = Target,
                After = After,
            }
        );
        var there =
            Do == BenchAct.Confirm && result.Next is { } next ? $"{Here}?piece={next}"
            : Do is BenchAct.Earlier or BenchAct.Later or BenchAct.Move or BenchAct.Note or BenchAct.Remove or BenchAct.Restore
                ? $"{Here}?piece={result.PieceId}&leaf={PageId}"
            : $"{Here}?piece={result.PieceId}";
        return this.Done(Do == BenchAct.Turn ? $"/cataloguing/batches/{Id}" : there, t["已{0}", t[BenchAct.Labels[Do!]]]);
    }

    public async Task<IActionResult> OnPostUndoAsync()
    {
        var act = await mediator.Send(new UndoAct { BatchId = Id });
        return this.Done($"{Here}{(PieceId is { } p ? $"?piece={p}" : "")}", t["已撤销：{0}", t[BenchAct.Labels[act]]]);
    }

    public async Task<IActionResult> OnPostAllAsync()
    {
        var count = await mediator.Send(
            new ConfirmBatch
            {
                Id = Id,
                Version = Version,
                Difference = Words ?? "",
            }
        );
        return this.Done($"/cataloguing/batches/{Id}", t["已确认 {0} 件，正在入卷", count]);
    }
}
