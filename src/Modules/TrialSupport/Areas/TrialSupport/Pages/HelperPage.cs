using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Helpers;
using CourtOps.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages;

/// <summary>One of a list as its page shows it.</summary>
/// <param name="Extra">A figure beside it; null where the list has none.</param>
internal sealed record HelperShown(long Id, string Name, string Known, int? Extra, string Note, bool Active, int Version);

/// <summary>The page of a list of people who help at hearings: who is in it, when they are away, and the forms of the lead of the centre.</summary>
internal abstract class HelperPage(Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long? Edit { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    /// <summary>What is known of them, under the name the list has for it.</summary>
    public abstract string? Known { get; set; }

    public abstract string KnownName { get; }

    [BindProperty]
    public string? Note { get; set; }

    [BindProperty]
    public bool Active { get; set; } = true;

    [BindProperty]
    public long HelperId { get; set; }

    [BindProperty]
    public DateOnly? From { get; set; }

    [BindProperty]
    public DateOnly? Until { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public IReadOnlyList<HelperShown> Rows { get; private set; } = [];

    public IReadOnlyList<HelperAway> Away { get; private set; } = [];

    /// <summary>The page's address.</summary>
    public abstract string Here { get; }

    /// <summary>Who may change the list.</summary>
    public abstract string Right { get; }

    public abstract string Title { get; }

    public abstract string Sub { get; }

    public abstract string Empty { get; }

    public abstract string KnownLabel { get; }

    public abstract string KnownHint { get; }

    public abstract int KnownMost { get; }

    public abstract bool KnownRequired { get; }

    /// <summary>The head of the figure's column; null for none.</summary>
    public virtual string? ExtraLabel => null;

    public IReadOnlyList<Option> Options => [.. Rows.Where(r => r.Active).Select(r => new Option($"{r.Id}", r.Name))];

    public string AwayOf(long id) => string.Join('、', Away.Where(w => w.HelperId == id).Select(w => $"{Times.Iso(w.FromOn)}–{Times.Iso(w.UntilOn)}"));

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        if (Rows.FirstOrDefault(r => r.Id == Edit) is { } a)
            (Name, Known, Note, Active, Version) = (a.Name, a.Known, a.Note, a.Active, a.Version);
        else
            Edit = null;
    }

    public async Task ReloadAsync() => (Rows, Away) = await ReadAsync();

    public async Task<IActionResult> OnPostSaveAsync()
    {
        await SaveAsync(new HelperEntry(Edit, Version, Name ?? "", Known ?? "", Note ?? "", Active));
        return this.Done(Here, t["已保存"]);
    }

    public async Task<IActionResult> OnPostLeaveAsync()
    {
        await LeaveAsync();
        return this.Done(Here, t["已记下"]);
    }

    protected abstract Task<(IReadOnlyList<HelperShown> Rows, IReadOnlyList<HelperAway> Away)> ReadAsync();

    protected abstract Task SaveAsync(HelperEntry entry);

    protected abstract Task LeaveAsync();
}
