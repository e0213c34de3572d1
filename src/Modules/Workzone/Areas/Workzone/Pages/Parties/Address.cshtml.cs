using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Parties;

/// <summary>The form of a party's address: what it provided or confirmed, where and when.</summary>
[Permit("workzone.parties.contact")]
internal sealed class Address(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    /// <summary>Where the person came from.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Back { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowContact.Result Show { get; private set; } = new();

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        Data = new Input
        {
            Version = Show.Version,
            Consent = Show.EService == "none" ? null : Show.EService,
            Source = Show.Source,
            On = Show.EnteredOn,
        };
    }

    public async Task ReloadAsync()
    {
        Response.Headers.CacheControl = "no-cache, no-store";
        Show = await mediator.Send(new ShowContact { PartyId = Id });
        if (Data.Overtaken)
            Data.Version = Show.Version; // they see now what was changed, and may save over it
    }

    public async Task<IActionResult> OnPostAsync()
    {
        SaveContact.Result saved;
        try
        {
            saved = await mediator.Send(
                new SaveContact
                {
                    PartyId = Id,
                    Version = Data.Version,
                    Email = Said(Data.Email, "email"),
                    Phone = Said(Data.Phone, "phone"),
                    IdNumber = Said(Data.IdNumber, "id-number"),
                    Consent = Data.Consent,
                    Source = Data.Source,
                    On = Data.On,
                }
            );
        }
        catch (Conflict)
        {
            Data.Overtaken = true;
            throw;
        }
        return this.Done(Back is null ? $"/cases/{saved.CaseId}" : PageExtensions.LocalTarget(Back), t["已登记送达地址"]);
    }

    // what is left empty stays as it is, unless it is to go
    private string? Said(string? typed, string field) =>
        Data.Drop.Contains(field) ? ""
        : typed?.Trim() is { Length: > 0 } text ? text
        : null;

    internal sealed class Input
    {
        public int Version { get; set; }
        public string? Email { get; set; }
        public string? Phone { get; set; }
        public string? IdNumber { get; set; }
        public string? Consent { get; set; }
        public string? Source { get; set; }
        public DateOnly? On { get; set; }
        public List<string> Drop { get; set; } = [];
        internal bool Overtaken { get; set; }
    }
}
