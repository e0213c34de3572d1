using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Courtroom;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Exhibits;

/// <summary>The list of evidence of a case.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Edit { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public long? PartyId { get; set; }

    [BindProperty]
    public string? Form { get; set; } = "copy";

    [BindProperty]
    public int? Pieces { get; set; } = 1;

    [BindProperty]
    public string? Purpose { get; set; }

    [BindProperty]
    public string? Opinion { get; set; }

    [BindProperty]
    public string? Finding { get; set; } = "open";

    [BindProperty]
    public string? Place { get; set; }

    [BindProperty]
    public long Id { get; set; }

    [BindProperty]
    public string? To { get; set; }

    [BindProperty]
    public DateOnly? On { get; set; }

    public ListExhibits.Result Show { get; private set; } = null!;

    private string Here => $"/trial/cases/{CaseId}/exhibits";

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        if (Show.Rows.FirstOrDefault(x => x.Id == Edit && x.State == "kept") is { } x)
            (Name, PartyId, Form, Pieces, Purpose, Opinion, Finding, Place, Version) = (
                x.Name,
                x.PartyId,
                x.Form,
                x.Pieces,
                x.Purpose,
                x.Opinion,
                x.Finding,
                x.Place,
                x.Version
            );
        else
            Edit = null;
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new ListExhibits { CaseId = CaseId });

    public async Task<IActionResult> OnPostSaveAsync()
    {
        await mediator.Send(
            new SaveExhibit
            {
                CaseId = CaseId,
                Id = Edit,
                Version = Version,
                Name = Name ?? "",
                PartyId = PartyId,
                Form = Form ?? "",
                Pieces = Pieces,
                Purpose = Purpose ?? "",
                Opinion = Opinion ?? "",
                Finding = Finding ?? "open",
                Place = Place ?? "",
            }
        );
        return this.Done(Here, t["已保存"]);
    }

    public async Task<IActionResult> OnPostReturnAsync()
    {
        await mediator.Send(
            new ReturnExhibit
            {
                CaseId = CaseId,
                Id = Id,
                To = To ?? "",
                On = On,
            }
        );
        return this.Done(Here, t["已登记"]);
    }
}
