using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Authorities;

/// <summary>Banks and registries with the measures they keep.</summary>
[Permit("enforcement.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    public IReadOnlyList<ListAuthorities.Row> Rows { get; private set; } = [];

    public async Task OnGetAsync() => Rows = await mediator.Send(new ListAuthorities());
}
