using CourtOps.Cataloguing.Archive;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages.Archive;

/// <summary>What was handed over against one receipt, for print and signature.</summary>
[Permit("cataloguing.archive.read")]
internal sealed class Transfer(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Receipt { get; set; } = "";

    public IReadOnlyList<ArchiveRow> Rows { get; private set; } = [];

    public async Task OnGetAsync() => Rows = await mediator.Send(new ListArchives { State = ArchiveState.Handed, Receipt = Receipt.Trim() });
}
