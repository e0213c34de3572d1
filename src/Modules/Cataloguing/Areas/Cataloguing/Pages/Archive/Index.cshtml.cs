using CourtOps.Cataloguing.Archive;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages.Archive;

/// <summary>Files of closed cases; packed ones are handed over together against a receipt.</summary>
[Permit("cataloguing.archive.read")]
internal sealed class Index(IMediator mediator, Shell shell, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "";

    [BindProperty]
    public List<long> CaseIds { get; set; } = [];

    [BindProperty]
    public string? ReceiptNumber { get; set; }

    public string Csrf => shell.Csrf;

    public IReadOnlyList<ArchiveRow> Rows { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        if (Request.Method == "POST")
            State = ArchiveState.Packed;
        Rows = await mediator.Send(new ListArchives { State = State });
    }

    public async Task<IActionResult> OnPostHandAsync()
    {
        var count = await mediator.Send(new HandOver { CaseIds = CaseIds, Receipt = ReceiptNumber ?? "" });
        return this.Done($"/cataloguing/archive?state={ArchiveState.Handed}", t["已移交 {0} 件", count]);
    }
}
