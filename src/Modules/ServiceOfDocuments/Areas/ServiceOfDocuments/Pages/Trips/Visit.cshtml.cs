using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Field;
using CourtOps.ServiceOfDocuments.Steward;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Trips;

/// <summary>At the door, on a phone: outcome, photos, place, witness, signature. What was recorded can only be added to.</summary>
[Permit("service.work")]
internal sealed class Visit(IMediator mediator, EvidenceFiles files, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    [BindProperty]
    public List<IFormFile> Files { get; set; } = [];

    public ShowVisit.Result Show { get; private set; } = null!;

    public bool Open => StepState.IsOpen(Show.Step.State);

    public static IReadOnlyList<CourtOps.Web.Option> Outcomes { get; } =
    [new("signed", "已签收"), new("refused", "拒绝签收"), new("left", "拒收后留置"), new("absent", "未见到人")];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowVisit { StepId = Id });

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(new ShowVisit { StepId = Id });
        var taken = await files.TakeAsync(Files, HttpContext.RequestAborted);
        var said = await mediator.Send(
            new RecordVisit
            {
                StepId = Id,
                Outcome = Data.Outcome ?? "",
                Signer = Data.Signer ?? "self",
                Opposing = Data.Opposing,
                Place = Data.Place ?? "",
                Witness = Data.Witness ?? "",
                Words = Data.Words ?? "",
                PhoneTime = Data.PhoneTime is { } at ? Times.At(at) : null,
                Signature = (Data.Signature ?? "").Replace("data:image/png;base64,", "", StringComparison.Ordinal),
                Files = taken,
            }
        );
        return this.Done(
            $"/service/visits/{Id}",
            said.EffectiveOn is { } on
                ? t["已登记，送达日 {0}", Times.Iso(on)]
                : t["已登记，未送达；下一步：{0}", t[AttemptRules.Channels.GetValueOrDefault(said.Next ?? "", said.Next ?? "")]]
        );
    }

    public async Task<IActionResult> OnPostMoreAsync()
    {
        await mediator.Send(new ShowVisit { StepId = Id });
        await mediator.Send(
            new AddEvidence
            {
                StepId = Id,
                Words = Data.More ?? "",
                Files = await files.TakeAsync(Files, HttpContext.RequestAborted),
            }
        );
        return this.Done($"/service/visits/{Id}", t["已补充"]);
    }

    internal sealed class Input
    {
        public string? Outcome { get; set; }
        public string? Signer { get; set; }
        public bool Opposing { get; set; }
        public string? Place { get; set; }
        public string? Witness { get; set; }
        public string? Words { get; set; }
        public DateTime? PhoneTime { get; set; }
        public string? Signature { get; set; }
        public string? More { get; set; }
    }
}
