using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using QRCoder;

namespace CourtOps.Host.Pages;

/// <summary>The second factor: set up at first, then its code at every sign-in.</summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed class SecondFactor(ISecondFactor factor) : PageModel, IReload
{
    [BindProperty]
    public string? Code { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Next { get; set; }

    public SecondFactorState State { get; private set; } = new(true, null, null, 0);

    public IReadOnlyList<string> Codes { get; private set; } = [];

    public string Target => Pages.SignIn.Target(Next);

    public async Task<IActionResult> OnGetAsync()
    {
        await ReloadAsync();
        // nothing to ask: the session is open already
        return State.Confirmed && HttpContext.Items["step"] is null ? LocalRedirect(Target) : Page();
    }

    public async Task ReloadAsync() => State = await factor.ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        await ReloadAsync();
        if (State.Confirmed)
        {
            await factor.CheckAsync(Code ?? "");
            return LocalRedirect(Target);
        }
        Codes = await factor.ConfirmAsync(Code ?? "");
        return Page();
    }

    /// <summary>The key as a drawing; no image leaves the page.</summary>
    public string Qr()
    {
        using var data = QRCodeGenerator.GenerateQrCode(State.Uri!, QRCodeGenerator.ECCLevel.M);
        return new SvgQRCode(data).GetGraphic(new System.Drawing.Size(200, 200), sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
