using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Register;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Causes;

/// <summary>The causes in force on a day, the editions, and the import of one.</summary>
[Permit("workzone.causes.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string? Kind { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? On { get; set; }

    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public long After { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ListCauses.Result Listed { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() =>
        Listed = await mediator.Send(
            new ListCauses
            {
                Kind = Kind,
                On = On,
                Text = Q,
                After = After,
            }
        );

    public string? Next =>
        Listed.Next is { } next
            ? Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(
                "/causes",
                new Dictionary<string, string?>
                {
                    ["Kind"] = Kind,
                    ["On"] = On is { } on ? Times.Iso(on) : null,
                    ["q"] = Q,
                    ["After"] = $"{next}",
                }
            )
            : null;

    public Task<IActionResult> OnPostAsync() =>
        TakeAsync(
            new ImportCauses
            {
                Edition = Data.Edition ?? "",
                FromOn = Data.FromOn,
                Text = Data.Text ?? "",
            }
        );

    public Task<IActionResult> OnPostShippedAsync() => TakeAsync(new ImportCauses { Shipped = true });

    private async Task<IActionResult> TakeAsync(ImportCauses edition)
    {
        var done = await mediator.Send(edition);
        return this.Done("/causes", t["已导入：新增 {0}，改名 {1}，删去 {2}，不变 {3}", done.Added, done.Renamed, done.Removed, done.Same]);
    }

    internal sealed class Input
    {
        public string? Edition { get; set; }
        public DateOnly? FromOn { get; set; }
        public string? Text { get; set; }
    }
}
