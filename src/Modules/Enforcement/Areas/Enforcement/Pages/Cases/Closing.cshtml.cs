using CourtOps.Enforcement.Checks;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Cases;

/// <summary>终本核查: what is met, what is missing and where it is done.</summary>
[Permit("enforcement.read")]
internal sealed class Closing(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    public ShowClosing.Result Show { get; private set; } = null!;

    [BindProperty]
    public List<string> Confirmed { get; set; } = [];

    [BindProperty]
    public string? Words { get; set; }

    /// <summary>Where a condition is met, after the address of the case.</summary>
    public static string Where(string code) =>
        code switch
        {
            "restrict" or "heard" or "dishonest" or "missing" => "persuade",
            "report" => "papers",
            "offline" => "offline",
            "notice" => "ledger#nodes",
            "clues" or "assets" or "disposed" => "ledger#assets",
            "findings" => "ledger#findings",
            "inquiry" => "ledger#inquiries",
            _ => "ledger",
        };

    public Task OnGetAsync() => ReloadAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new Persuade.AskRoundEnd
            {
                CaseId = CaseId,
                Confirmed = Confirmed,
                Words = Words ?? "",
            }
        );
        return this.Done($"/enforcement/cases/{CaseId}/persuade", t["已提交，等待审批"]);
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowClosing { CaseId = CaseId });
}
