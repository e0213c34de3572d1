using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Elements;
using CourtOps.TrialSupport.Seals;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Party;

/// <summary>Anybody holds a paper against the court's seal.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Seal(IMediator mediator, Guesses guesses) : PageModel
{
    /// <summary>Larger than any document of a court.</summary>
    public const int MostBytes = 50 << 20;

    [BindProperty(SupportsGet = true)]
    public string? Code { get; set; }

    [BindProperty]
    public IFormFile? Upload { get; set; }

    public VerifySeal.Row? Found { get; private set; }

    public bool Unknown { get; private set; }

    /// <summary>Null where no file was given.</summary>
    public bool? Fits { get; private set; }

    public Task<IActionResult> OnGetAsync() => LookAsync();

    public Task<IActionResult> OnPostAsync() => LookAsync();

    private async Task<IActionResult> LookAsync()
    {
        if (string.IsNullOrWhiteSpace(Code))
            return Page();
        var address = HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";
        if (guesses.TooMany(address, wrong: false))
            return StatusCode(429);
        try
        {
            Found = await mediator.Send(new VerifySeal { Code = Code });
        }
        catch (NotFound)
        {
            guesses.TooMany(address, wrong: true);
            Unknown = true;
            Response.StatusCode = 404;
            return Page();
        }
        if (Upload is { Length: > 0 and <= MostBytes })
        {
            using var bytes = new MemoryStream();
            await Upload.CopyToAsync(bytes, HttpContext.RequestAborted);
            Fits = SealKeeper.Fits(bytes.ToArray(), Found.Signature);
        }
        else if (Upload is not null)
        {
            Fits = false;
        }
        return Page();
    }
}
