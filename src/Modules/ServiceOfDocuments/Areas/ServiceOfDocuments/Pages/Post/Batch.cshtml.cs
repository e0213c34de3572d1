using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Post;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Post;

/// <summary>One batch: letters with address and number, labels, hand-over list, results by hand.</summary>
[Permit("service.work")]
internal sealed class Batch(IMediator mediator, AddressBook book, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? To { get; set; }

    [BindProperty]
    public long Letter { get; set; }

    [BindProperty]
    public string? Tracking { get; set; }

    [BindProperty]
    public ResultInput Result { get; set; } = new();

    public ShowBatch.Result Show { get; private set; } = null!;

    public string Here => $"/service/post/{Id}";

    public static IReadOnlyList<CourtOps.Web.Option> Outcomes { get; } =
    [.. AttemptRules.Outcomes["postal"].Where(o => o.Key != "posted").Select(o => new CourtOps.Web.Option(o.Key, o.Value))];

    public string Plain(string? enc) => book.Reveal(enc) ?? "";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowBatch { Id = Id });

    public async Task<IActionResult> OnPostHandAsync()
    {
        await mediator.Send(new HandOver { BatchId = Id, To = To ?? "" });
        return this.Done(Here, t["已交邮，等待回报"]);
    }

    public async Task<IActionResult> OnPostNumberAsync()
    {
        await mediator.Send(new SetTracking { StepId = Letter, Tracking = Tracking ?? "" });
        return this.Done(Here, t["邮件号码已登记"]);
    }

    public async Task<IActionResult> OnPostResultAsync()
    {
        var said = await mediator.Send(
            new RecordLetter
            {
                StepId = Letter,
                Outcome = Result.Outcome ?? "",
                Signer = Result.Signer ?? "self",
                Opposing = Result.Opposing,
                On = Result.On,
                Words = Result.Words ?? "",
            }
        );
        return this.Done(Here, said.EffectiveOn is { } on ? t["已登记，送达日 {0}", Times.Iso(on)] : t["已登记，未送达，转下一方式"]);
    }

    internal sealed class ResultInput
    {
        public string? Outcome { get; set; }
        public string? Signer { get; set; }
        public bool Opposing { get; set; }
        public DateOnly? On { get; set; }
        public string? Words { get; set; }
    }
}
