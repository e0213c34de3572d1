using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Party;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Party;

/// <summary>The party confirms where it is served: consent for each channel, signed on the screen or by name.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Address(IMediator mediator, PartySession session, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    [BindProperty]
    public Input Form { get; set; } = new();

    public PublicNotice Notice { get; private set; } = new();

    public bool Gone { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (!session.Has(HttpContext, Token))
            return LocalRedirect("/p/" + Uri.EscapeDataString(Token));
        await ReloadAsync();
        Form.Recipient = Notice.Recipient;
        return Page();
    }

    public async Task ReloadAsync()
    {
        Notice = (await mediator.Send(new FindReleased { Token = Token })).Notice;
        if (!Request.Cookies.ContainsKey("co-lang") && Notice.Language == "ko")
            t.Language = "ko";
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!session.Has(HttpContext, Token))
            return LocalRedirect("/p/" + Uri.EscapeDataString(Token));
        await mediator.Send(
            new ConfirmOnline
            {
                Token = Token,
                Form = new ConfirmationForm
                {
                    Recipient = Form.Recipient ?? "",
                    Address = Form.Address ?? "",
                    Postcode = Form.Postcode ?? "",
                    Phone = Form.Phone ?? "",
                    Email = Form.Email ?? "",
                    EService = Form.EService == "yes",
                    Judgments = Form.Judgments,
                    Agent = Form.Agent ?? "",
                    AgentPhone = Form.AgentPhone ?? "",
                    LaterToo = true,
                    Signature = string.IsNullOrEmpty(Form.Drawing) ? "typed" : "drawn",
                    SignedName = Form.SignedName ?? "",
                    Drawing = (Form.Drawing ?? "").Replace("data:image/png;base64,", "", StringComparison.Ordinal),
                },
            }
        );
        return LocalRedirect($"/p/{Token}?said=address");
    }

    internal sealed class Input
    {
        public string? Recipient { get; set; }
        public string? Address { get; set; }
        public string? Postcode { get; set; }
        public string? Phone { get; set; }
        public string? Email { get; set; }
        public string? EService { get; set; }
        public bool Judgments { get; set; }
        public string? Agent { get; set; }
        public string? AgentPhone { get; set; }
        public string? SignedName { get; set; }
        public string? Drawing { get; set; }
    }
}
