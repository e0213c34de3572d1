using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Entrust;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Entrust;

/// <summary>What another court asks us to serve: papers, address, receipt and answer.</summary>
[Permit("service.work")]
internal sealed class Details(IMediator mediator, EvidenceFiles files, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    [BindProperty]
    public List<IFormFile> Files { get; set; } = [];

    public ShowEntrusted.Result Show { get; private set; } = null!;

    public IReadOnlyList<CourtOps.Web.Option> Signers { get; } =
    [new("self", "本人"), new("family", "同住成年家属"), new("agent", "代收人"), new("unit", "单位收发")];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowEntrusted { Id = Id });

    public async Task<IActionResult> OnPostReceiveAsync()
    {
        await mediator.Send(new ReceiveEntrusted { Id = Id });
        return this.Done($"/service/entrusted/{Id}", t["已签收委托"]);
    }

    public async Task<IActionResult> OnPostAnswerAsync()
    {
        await mediator.Send(new ShowEntrusted { Id = Id });
        await mediator.Send(
            new AnswerEntrusted
            {
                Id = Id,
                Outcome = Data.Outcome ?? "",
                On = Data.On,
                Signer = Data.Signer ?? "self",
                Opposing = Data.Opposing,
                Place = Data.Place ?? "",
                Words = Data.Words ?? "",
                Files = await files.TakeAsync(Files, HttpContext.RequestAborted),
            }
        );
        return this.Done($"/service/entrusted/{Id}", t["已回复委托法院"]);
    }

    internal sealed class Input
    {
        public string? Outcome { get; set; }
        public DateOnly? On { get; set; }
        public string? Signer { get; set; }
        public bool Opposing { get; set; }
        public string? Place { get; set; }
        public string? Words { get; set; }
    }
}
