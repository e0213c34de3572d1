using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Interpreters;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Interpreters;

/// <summary>The interpreters of the court, kept by the lead of the centre.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long? Edit { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Languages { get; set; }

    [BindProperty]
    public string? Note { get; set; }

    [BindProperty]
    public bool Active { get; set; } = true;

    [BindProperty]
    public long InterpreterId { get; set; }

    [BindProperty]
    public DateOnly? From { get; set; }

    [BindProperty]
    public DateOnly? Until { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ListInterpreters.Result Data { get; private set; } = new([], []);

    public IReadOnlyList<Option> Options => [.. Data.Rows.Where(r => r.Active).Select(r => new Option($"{r.Id}", r.Name))];

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        if (Data.Rows.FirstOrDefault(r => r.Id == Edit) is { } a)
            (Name, Languages, Note, Active, Version) = (a.Name, a.Languages, a.Note, a.Active, a.Version);
        else
            Edit = null;
    }

    public async Task ReloadAsync() => Data = await mediator.Send(new ListInterpreters());

    public async Task<IActionResult> OnPostSaveAsync()
    {
        await mediator.Send(
            new SaveInterpreter
            {
                Id = Edit,
                Version = Version,
                Name = Name ?? "",
                Languages = Languages ?? "",
                Note = Note ?? "",
                Active = Active,
            }
        );
        return this.Done("/trial/interpreters", t["已保存"]);
    }

    public async Task<IActionResult> OnPostLeaveAsync()
    {
        await mediator.Send(
            new InterpreterLeave
            {
                Id = InterpreterId,
                From = From,
                Until = Until,
                Reason = Reason ?? "",
            }
        );
        return this.Done("/trial/interpreters", t["已记下"]);
    }
}
