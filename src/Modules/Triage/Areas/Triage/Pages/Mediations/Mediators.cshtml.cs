using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Mediation;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Mediations;

/// <summary>The pool of mediators, and success by cause and mediator.</summary>
[Permit("triage.filings")]
internal sealed class Mediators(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long? Edit { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Until { get; set; }

    [BindProperty]
    public SaveMediator Data { get; set; } = new();

    [BindProperty]
    public List<string> Languages { get; set; } = ["zh"];

    public ListMediators.Result Show { get; private set; } = null!;

    public static IReadOnlyList<Option> Tongues => [new("zh", "汉语"), new("ko", "朝鲜语")];

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        if (Show.People.FirstOrDefault(p => p.Id == Edit) is not { } p)
            return;
        Data = new SaveMediator
        {
            Id = p.Id,
            Version = p.Version,
            Name = p.Name,
            Organisation = p.Organisation,
            Skills = p.Skills,
            Gold = p.Gold,
            Evaluator = p.Evaluator,
            Active = p.Active,
            MostOpen = p.MostOpen,
        };
        Languages = [.. p.Languages.Split(' ')];
    }

    public async Task ReloadAsync()
    {
        (From, Until) = CourtOps.Triage.Board.Period.Mended(From, Until);
        Show = await mediator.Send(new ListMediators { From = From, Until = Until });
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            Data with
            {
                Name = Data.Name ?? "",
                Organisation = Data.Organisation ?? "",
                Phone = Data.Phone ?? "",
                Email = Data.Email ?? "",
                Skills = Data.Skills ?? "",
                Languages = Languages,
            }
        );
        return this.Done("/triage/mediators", t["已保存"]);
    }
}
