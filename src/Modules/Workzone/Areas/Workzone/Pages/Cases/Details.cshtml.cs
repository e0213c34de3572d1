using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Cases;

/// <summary>A case: number, parties, clock and why; below it a panel from each centre, fetched by URL.</summary>
[Permit("workzone.cases.read")]
internal sealed class Details(IMediator mediator, ModuleList modules, Actor actor, DocumentIntake intake, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowCase.Result Show { get; private set; } = null!;

    public IReadOnlyList<CasePanel> Panels => [.. modules.Declared.SelectMany(d => d.Declaration.Panels).Where(p => actor.Can(p.Action)).OrderBy(p => p.Order)];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowCase { Id = Id });

    public async Task<IActionResult> OnPostAsync()
    {
        actor.Demand("workzone.documents.add");
        var card = await intake.AddAsync(Id, Data.File, Data.UploadId, Data.Kind, Data.Title, Data.Volume, Data.ReplacesId, HttpContext.RequestAborted);
        return this.Done(
            $"/cases/{Id}#documents",
            t["已收下《{0}》，{1} 页", card.Title, card.Pages?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"]
        );
    }

    public string Timeline(DateOnly today) => CaseTimeline.Render(Show, today, t);

    public string ProcedureName => Web.CaseUi.Procedure(t, Show.Case.ProcedureCode);

    internal sealed class Input
    {
        public IFormFile? File { get; set; }
        public string? UploadId { get; set; }
        public string? Kind { get; set; }
        public string? Title { get; set; }
        public string? Volume { get; set; }
        public long? ReplacesId { get; set; }
    }
}
