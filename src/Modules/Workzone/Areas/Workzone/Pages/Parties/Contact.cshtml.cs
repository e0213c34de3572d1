using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Parties;

/// <summary>Asks why, then shows one field of one party whole, once.</summary>
[Permit("workzone.secrets.unmask")]
internal sealed class Contact(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string Field { get; set; } = PartyFields.Phone;

    [BindProperty]
    public string? Reason { get; set; }

    public Unmask.Result? Show { get; private set; }

    public string Label => PartyFields.Labels.GetValueOrDefault(Field, Field);

    public async Task OnGetAsync()
    {
        Response.Headers.CacheControl = "no-cache, no-store";
        await mediator.Send(new AskAboutParty { PartyId = Id });
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Response.Headers.CacheControl = "no-cache, no-store";
        Show = await mediator.Send(
            new Unmask
            {
                PartyId = Id,
                Field = Field,
                Reason = Reason ?? "",
            }
        );
        return Page();
    }

    public bool Fragment => this.IsFragment();
}
