using CourtOps.Kernel.Security;
using CourtOps.Triage.Filings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Transfers;

/// <summary>Transfers, custody that ends first stands first.</summary>
[Permit("triage.filings")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Type { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public ListTransfers.Result Data { get; private set; } = null!;

    public string? Next => Data.Next is null ? null : $"/triage/transfers?type={Type}&after={Data.Next}";

    public async Task OnGetAsync()
    {
        Type = TransferRules.Types.ContainsKey(Type ?? "") ? Type : "";
        Data = await mediator.Send(new ListTransfers { Type = Type ?? "", After = After ?? "" });
    }
}
