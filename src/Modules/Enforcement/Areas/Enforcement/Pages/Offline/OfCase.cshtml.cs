using CourtOps.Enforcement.Offline;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Offline;

/// <summary>The inquiries on site of a case; one more is asked for.</summary>
[Permit("enforcement.read")]
internal sealed class OfCase(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ListOffline.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ListOffline { CaseId = CaseId });

    public async Task<IActionResult> OnPostAsync()
    {
        var row = await mediator.Send(
            new AskOffline
            {
                CaseId = CaseId,
                PartyId = Data.PartyId,
                Address = Data.Address,
                Categories = Data.Categories,
                Words = Data.Words ?? "",
                Due = Data.Due,
            }
        );
        return this.Done($"/enforcement/offline/{row.Id}", t["已发起"]);
    }

    internal sealed class Input
    {
        public long? PartyId { get; set; }
        public string Address { get; set; } = "";
        public List<string> Categories { get; set; } = [];
        public DateOnly? Due { get; set; }
        public string? Words { get; set; }
    }
}
