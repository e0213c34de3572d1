using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Addresses;

/// <summary>Where a party is served: confirmations, the chain of addresses, what other cases know.</summary>
[Permit("service.read")]
internal sealed class Index(IMediator mediator, AddressBook book, Texts t, Actor me) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public long PartyId { get; set; }

    [BindProperty]
    public PaperInput Form { get; set; } = new();

    [BindProperty]
    public long? ScanId { get; set; }

    [BindProperty]
    public AddInput Add { get; set; } = new();

    [BindProperty]
    public string? Why { get; set; }

    public ShowAddresses.Result Show { get; private set; } = null!;

    public string Here => $"/service/cases/{CaseId}/parties/{PartyId}";

    /// <summary>The whole address only for who does the work.</summary>
    public string TextOf(AddressRow a) => me.Can("service.work") ? book.Reveal(a.TextEnc) ?? a.Hint : a.Hint;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowAddresses { CaseId = CaseId, PartyId = PartyId });

    public async Task<IActionResult> OnPostConfirmAsync()
    {
        await mediator.Send(
            new RecordConfirmation
            {
                CaseId = CaseId,
                PartyId = PartyId,
                ScanId = ScanId,
                Form = new ConfirmationForm
                {
                    Recipient = Form.Recipient ?? "",
                    Address = Form.Address ?? "",
                    Postcode = Form.Postcode ?? "",
                    Phone = Form.Phone ?? "",
                    Email = Form.Email ?? "",
                    EService = Form.EService,
                    Judgments = Form.Judgments,
                    Agent = Form.Agent ?? "",
                    AgentPhone = Form.AgentPhone ?? "",
                    LaterToo = Form.LaterToo,
                    SignedOn = Form.SignedOn,
                },
            }
        );
        return this.Done(Here, t["已登记送达地址确认书"]);
    }

    public async Task<IActionResult> OnPostAddAsync()
    {
        await mediator.Send(
            new AddAddress
            {
                CaseId = CaseId,
                PartyId = PartyId,
                Origin = Add.Origin ?? "",
                Address = Add.Address ?? "",
                Postcode = Add.Postcode ?? "",
                Recipient = Add.Recipient ?? "",
                Phone = Add.Phone ?? "",
                Warned = Add.Warned,
                UsedOn = Add.UsedOn,
                EvidenceId = Add.EvidenceId,
                Evidence = Add.Evidence ?? "",
            }
        );
        return this.Done(Here, t["已登记地址"]);
    }

    public async Task<IActionResult> OnPostEndAsync(long address)
    {
        await mediator.Send(
            new EndAddress
            {
                CaseId = CaseId,
                AddressId = address,
                Why = Why ?? "",
            }
        );
        return this.Done(Here, t["该地址不再使用"]);
    }

    public async Task<IActionResult> OnPostCarryAsync(long? address, long? confirmation)
    {
        await mediator.Send(
            new CarryAddress
            {
                CaseId = CaseId,
                PartyId = PartyId,
                AddressId = address,
                ConfirmationId = confirmation,
                Reason = Why ?? "",
            }
        );
        return this.Done(Here, t["已沿用"]);
    }

    public static IReadOnlyList<CourtOps.Web.Option> OriginOptions { get; } =
    [.. Origins.Labels.Where(o => o.Key != "confirmed").Select(o => new CourtOps.Web.Option(o.Key, o.Value))];

    internal sealed class PaperInput
    {
        public string? Recipient { get; set; }
        public string? Address { get; set; }
        public string? Postcode { get; set; }
        public string? Phone { get; set; }
        public string? Email { get; set; }
        public bool EService { get; set; }
        public bool Judgments { get; set; }
        public string? Agent { get; set; }
        public string? AgentPhone { get; set; }
        public bool LaterToo { get; set; } = true;
        public DateOnly? SignedOn { get; set; }
    }

    internal sealed class AddInput
    {
        public string? Origin { get; set; }
        public string? Address { get; set; }
        public string? Postcode { get; set; }
        public string? Recipient { get; set; }
        public string? Phone { get; set; }
        public bool Warned { get; set; }
        public DateOnly? UsedOn { get; set; }
        public long? EvidenceId { get; set; }
        public string? Evidence { get; set; }
    }
}
