using CourtOps.Cataloguing.Checking;
using CourtOps.Cataloguing.Efile;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages;

/// <summary>The e-file with a viewer beside its catalogue.</summary>
[Permit("cataloguing.read")]
internal sealed class Volume(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Document { get; set; }

    public ShowEfile.Result Show { get; private set; } = null!;

    [BindProperty]
    public string? Type { get; set; }

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public DateOnly? Date { get; set; }

    /// <summary>The place in the catalogue, where it is not the one of the type.</summary>
    [BindProperty]
    public int? Place { get; set; }

    /// <summary>One's own note that is being changed.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Note { get; set; }

    /// <summary>The page of the document that a note stands on.</summary>
    [BindProperty]
    public int? At { get; set; }

    [BindProperty]
    public string? Body { get; set; }

    [BindProperty]
    public bool Team { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    public IReadOnlyList<Note> Notes { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowEfile { CaseId = CaseId });
        Notes = await mediator.Send(new ListNotes { CaseId = CaseId });
    }

    public async Task<IActionResult> OnPostNoteAsync()
    {
        await mediator.Send(
            new WriteNote
            {
                Id = Note ?? 0,
                CaseId = CaseId,
                DocumentId = Document ?? 0,
                At = At ?? 1,
                Body = Body ?? "",
                Team = Team,
                Version = Version,
            }
        );
        return this.Done($"/cataloguing/cases/{CaseId}?document={Document}#page={At ?? 1}", t["已记笔记"]);
    }

    public async Task<IActionResult> OnPostUnnoteAsync()
    {
        await mediator.Send(new RemoveNote { Id = Note ?? 0 });
        return this.Done($"/cataloguing/cases/{CaseId}?document={Document}", t["已删去笔记"]);
    }

    public async Task<IActionResult> OnPostCorrectAsync()
    {
        await mediator.Send(
            new CorrectItem
            {
                CaseId = CaseId,
                DocumentId = Document ?? 0,
                Type = Type ?? "",
                Title = Title ?? "",
                Date = Date,
                Place = Place,
            }
        );
        return this.Done($"/cataloguing/cases/{CaseId}?document={Document}", t["已改正目录"]);
    }
}
