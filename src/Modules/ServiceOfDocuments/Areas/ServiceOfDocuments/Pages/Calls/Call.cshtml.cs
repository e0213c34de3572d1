using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Calls;

/// <summary>One call: number, script in the person's language, outcome with what comes next.</summary>
[Permit("service.work")]
internal sealed class Call(IMediator mediator, EvidenceFiles files, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? Outcome { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public DateTime? At { get; set; }

    [BindProperty]
    public List<IFormFile> Files { get; set; } = [];

    public ShowCall.Result Show { get; private set; } = null!;

    public static IReadOnlyList<CourtOps.Web.Option> Outcomes { get; } =
    [.. AttemptRules.Outcomes["phone"].Select(o => new CourtOps.Web.Option(o.Key, o.Value))];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowCall { StepId = Id });

    public async Task<IActionResult> OnPostSpeechAsync()
    {
        await mediator.Send(new AskSpeech { StepId = Id });
        return this.Done($"/service/calls/{Id}", t["正在生成语音，稍后刷新"]);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(new ShowCall { StepId = Id });
        var taken = await files.TakeAsync(Files, HttpContext.RequestAborted);
        var result = await mediator.Send(
            new RecordCall
            {
                StepId = Id,
                Outcome = Outcome ?? "",
                Words = Words ?? "",
                Email = Email ?? "",
                At = At is { } at ? Times.At(at) : null,
                Files = taken,
            }
        );
        return this.Done(
            "/service/calls",
            result.EffectiveOn is { } on
                ? t["已登记，送达日 {0}", Times.Iso(on)]
                : t["已登记：{0}", t[CallRules.After.GetValueOrDefault(Outcome ?? "", "转下一方式")]]
        );
    }
}
