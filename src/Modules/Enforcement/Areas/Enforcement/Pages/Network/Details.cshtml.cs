using System.Text;
using CourtOps.Enforcement.Network;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Network;

/// <summary>One batch, asked against answered.</summary>
[Permit("enforcement.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public ShowBatch.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowBatch { Id = Id });

    public async Task<IActionResult> OnPostResendAsync()
    {
        var batch = await mediator.Send(new ResendBatch { Id = Id });
        return this.Done($"/enforcement/network/{Id}", t["已再次发出 {0} 项查询", batch.Items - batch.Answered]);
    }

    public async Task<IActionResult> OnGetFileAsync()
    {
        var batch = await mediator.Send(new ShowBatch { Id = Id });
        return File(Encoding.UTF8.GetBytes(BatchFile.Write(batch.Items)), "application/x-ndjson", $"{Id}.jsonl");
    }
}
