using CourtOps.Kernel.Security;
using CourtOps.Triage.Allotments;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Allotments;

/// <summary>The record of allotments; those by hand are a list of their own.</summary>
[Permit("triage.filings")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string How { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    public ListAllotments.Result Data { get; private set; } = null!;

    public string? Next => Data.Next is null ? null : $"/triage/allotments?how={How}&before={Data.Next}";

    public async Task OnGetAsync()
    {
        How = AllotRules.Labels.ContainsKey(How ?? "") ? How! : "";
        Data = await mediator.Send(new ListAllotments { How = How, Before = Before });
    }
}
