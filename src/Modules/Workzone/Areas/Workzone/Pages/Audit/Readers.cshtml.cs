using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Trails;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Audit;

/// <summary>谁看过这个案件、这份文书: by case number, then a document of it.</summary>
[Permit("workzone.audit.read")]
internal sealed class Readers(IMediator mediator, ActivityCatalogue activities, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string? Number { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? DocumentId { get; set; }

    public ShowReaders.Result? Show { get; private set; }

    public string Words(string code) => activities.Words(t, code);

    public async Task OnGetAsync()
    {
        if (DocumentId is not null || !string.IsNullOrWhiteSpace(Number))
            Show = await mediator.Send(new ShowReaders { Number = Number, DocumentId = DocumentId });
    }

    public Task ReloadAsync() => Task.CompletedTask;
}
