using System.Text;
using CourtOps.Enforcement.Network;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Network;

/// <summary>One batch, asked against answered.</summary>
[Permit("enforcement.read")]
internal sealed class Details(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public ShowBatch.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowBatch { Id = Id });

    public async Task<IActionResult> OnGetFileAsync()
    {
        var batch = await mediator.Send(new ShowBatch { Id = Id });
        return File(Encoding.UTF8.GetBytes(BatchFile.Write(batch.Items)), "application/x-ndjson", $"{Id}.jsonl");
    }
}
