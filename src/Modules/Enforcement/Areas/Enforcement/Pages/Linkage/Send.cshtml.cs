using CourtOps.Enforcement.Linkage;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Linkage;

/// <summary>One request to several agencies.</summary>
[Permit("enforcement.work")]
internal sealed class Send(IMediator mediator, IDocuments documents, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowLedger.Result Show { get; private set; } = null!;

    public IReadOnlyList<ListAgencies.Row> Agencies { get; private set; } = [];

    public IReadOnlyList<DocumentCard> Papers { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowLedger { CaseId = CaseId });
        Agencies = [.. (await mediator.Send(new ListAgencies())).Where(a => a.Active)];
        Papers = [.. (await documents.OfCaseAsync(CaseId)).Where(d => d.Volume == "main")];
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var sent = await mediator.Send(
            new SendLinkage
            {
                CaseId = CaseId,
                Agencies = Data.Agencies,
                Act = Data.Act,
                Words = Data.Words ?? "",
                Basis = Data.Basis ?? "",
                DocumentIds = Data.DocumentIds,
                Due = Data.Due,
            }
        );
        return this.Done(sent.Count == 1 ? $"/enforcement/linkage/{sent[0].Id}" : "/enforcement/linkage", t["已发给 {0} 个单位", sent.Count]);
    }

    internal sealed class Input
    {
        public List<string> Agencies { get; set; } = [];
        public string Act { get; set; } = "";
        public string? Words { get; set; }
        public string? Basis { get; set; }
        public List<long> DocumentIds { get; set; } = [];
        public DateOnly? Due { get; set; }
    }
}
