using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Party;
using CourtOps.ServiceOfDocuments.Proofs;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Party;

/// <summary>Whether a proof of service is genuine, by its code.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Verify(IMediator mediator, PartySession session) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Code { get; set; }

    public VerifyProof.Result? Found { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (string.IsNullOrWhiteSpace(Code))
            return Page();
        var address = HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";
        if (session.TooManyGuesses(address, wrong: false))
            return StatusCode(429);
        Found = await mediator.Send(new VerifyProof { Code = Code });
        if (Found is null)
            session.TooManyGuesses(address, wrong: true);
        return Page();
    }
}
