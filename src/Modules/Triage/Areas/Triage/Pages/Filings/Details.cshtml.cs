using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Web;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Filings;

/// <summary>A filing at the counter: what came in, what is missing, what stands near it, the decision.</summary>
[Permit("triage.filings")]
internal sealed class Details(IMediator mediator, IPapers papers, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? PaperKind { get; set; }

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? UploadId { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public string? MissingText { get; set; }

    [BindProperty]
    public string? LapseReason { get; set; }

    [BindProperty]
    public string? RefuseReason { get; set; }

    [BindProperty]
    public string? Complaint { get; set; }

    public ShowFiling.Result Show { get; private set; } = null!;

    public string Here => $"/triage/filings/{Id}";

    /// <summary>What is still missing stands first.</summary>
    public IReadOnlyList<Option> PaperOptions => [.. PaperKinds.Labels.OrderByDescending(p => Show.Missing.Contains(p.Key)).Select(p => new Option(p.Key, p.Value))];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowFiling { Id = Id });
        Complaint ??= Show.Rules.Complaint;
    }

    public async Task<IActionResult> OnPostPaperAsync(IFormFile? file)
    {
        actor.Demand("triage.work");
        await mediator.Send(new ShowFiling { Id = Id });
        var paper = await papers.TakeAsync(file, UploadId, HttpContext.RequestAborted);
        await mediator.Send(new AddPaper
        {
            FilingId = Id, Kind = PaperKind ?? "", Title = string.IsNullOrWhiteSpace(Title) ? Path.GetFileNameWithoutExtension(paper.Name) : Title, Blob = paper.Blob, Pages = paper.Pages, UploadId = UploadId,
        });
        return this.Done(Here, t["已收下材料"]);
    }

    public async Task<IActionResult> OnPostRegisterAsync()
    {
        var result = await mediator.Send(new RegisterFiling { Id = Id, Version = Version, Strict = true, Reason = Reason ?? "" });
        return this.Done($"{Here}/allot", t["已登记为 {0}", result.CaseNumber]);
    }

    public async Task<IActionResult> OnPostReturnAsync()
    {
        await mediator.Send(new ReturnFiling { Id = Id, Version = Version, Missing = (MissingText ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) });
        return this.Done($"{Here}/print?kind=return", t["已发出补正通知，请打印交给当事人"]);
    }

    public async Task<IActionResult> OnPostCorrectAsync()
    {
        await mediator.Send(new CorrectFiling { Id = Id, Version = Version });
        return this.Done(Here, t["已记录收到补正，期限自次日重新起算"]);
    }

    public async Task<IActionResult> OnPostLapseAsync()
    {
        await mediator.Send(new RefuseFiling { Id = Id, Version = Version, Reason = LapseReason ?? "", Lapsed = true });
        return this.Done(Here, t["已退回并记录"]);
    }

    public async Task<IActionResult> OnPostRefuseAsync()
    {
        await mediator.Send(new RefuseFiling { Id = Id, Version = Version, Reason = RefuseReason ?? "", Complaint = Complaint ?? "" });
        return this.Done($"{Here}/print?kind=refusal", t["已作出决定，请打印交给当事人"]);
    }
}
