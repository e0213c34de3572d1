using CourtOps.Kernel.Files;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Web;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Filings;

/// <summary>A filing at the counter: what came in, what is missing, what stands near it, the decision.</summary>
[Permit("triage.filings")]
internal sealed class Details(IMediator mediator, IPapers papers, BlobStore blobs, Actor actor, Texts t) : PageModel, IReload
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

    [BindProperty]
    public List<string> Checked { get; set; } = [];

    [BindProperty]
    public string? NewCause { get; set; }

    [BindProperty]
    public List<string> NewTicks { get; set; } = [];

    [BindProperty]
    public string? NewProcedure { get; set; }

    [BindProperty]
    public string? NewReason { get; set; }

    [BindProperty]
    public string? WithdrawReason { get; set; }

    public IReadOnlyList<Option> Procedures =>
        [.. CaseKinds.ProceduresOf(Show.Filing.Kind, Show.Filing.CaseType).Select(c => new Option(c, CaseUi.Procedure(t, c)))];

    [BindProperty]
    public string? Answer { get; set; }

    /// <summary>The last letter that the page showed.</summary>
    [BindProperty]
    public long? LastLetter { get; set; }

    /// <summary>What the filer and the court wrote to each other; of filings that came in online.</summary>
    public IReadOnlyList<Letter> Letters { get; private set; } = [];

    [BindProperty]
    public long ItemId { get; set; }

    [BindProperty]
    public string? Place { get; set; }

    public ShowTransfer.Result? Transfer { get; private set; }

    public ShowFiling.Result Show { get; private set; } = null!;

    public string Here => $"/triage/filings/{Id}";

    /// <summary>What is still missing stands first.</summary>
    public IReadOnlyList<Option> PaperOptions =>
        [.. PaperKinds.Labels.OrderByDescending(p => Show.Missing.Contains(p.Key)).Select(p => new Option(p.Key, p.Value))];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowFiling { Id = Id });
        Complaint ??= Show.Rules.Complaint;
        Transfer = await mediator.Send(new ShowTransfer { FilingId = Id });
        Letters = Show.Filing.PublicId is null ? [] : await mediator.Send(new LettersOfFiling { Id = Id });
        if (Transfer is { Missing.Count: > 0 } && Show.Filing.State == FilingState.Received)
            MissingHint = string.Join('\n', Transfer.Missing);
        if (Checked.Count == 0)
            Checked = [.. Show.Filing.Checked.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    public async Task<IActionResult> OnPostPaperAsync(IFormFile? file, List<IFormFile>? photos)
    {
        actor.Demand("triage.work");
        await mediator.Send(new ShowFiling { Id = Id });
        var paper =
            photos is { Count: > 0 } && file is null && string.IsNullOrEmpty(UploadId)
                ? await Photos.TakeAsync(blobs, photos, HttpContext.RequestAborted)
                : await papers.TakeAsync(file, UploadId, HttpContext.RequestAborted);
        await mediator.Send(
            new AddPaper
            {
                FilingId = Id,
                Kind = PaperKind ?? "",
                Title = string.IsNullOrWhiteSpace(Title) ? Path.GetFileNameWithoutExtension(paper.Name) : Title,
                Blob = paper.Blob,
                Pages = paper.Pages,
                UploadId = UploadId,
            }
        );
        return this.Done(Here, t["已收下材料"]);
    }

    public async Task<IActionResult> OnPostAnswerAsync()
    {
        await mediator.Send(
            new AnswerFiler
            {
                Id = Id,
                Words = Answer ?? "",
                Last = LastLetter,
            }
        );
        return this.Done(Here, t["已发出，申请人的页面上能看到"]);
    }

    public async Task<IActionResult> OnPostMediateAsync()
    {
        var id = await mediator.Send(new CourtOps.Triage.Mediation.BeginMediation { FilingId = Id });
        return this.Done($"/triage/mediations/{id}", t["已启动，请征询双方意愿"]);
    }

    /// <summary>What the notice of missing papers begins with.</summary>
    public string? MissingHint { get; private set; }

    public async Task<IActionResult> OnPostItemAsync()
    {
        await mediator.Send(
            new MoveTransferItem
            {
                FilingId = Id,
                ItemId = ItemId,
                Place = Place ?? "",
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostPassAsync()
    {
        await mediator.Send(
            new PassFiling
            {
                Id = Id,
                Version = Version,
                Checked = Checked,
            }
        );
        return this.Done("/triage/cross", t["已转交管辖法院"]);
    }

    public async Task<IActionResult> OnPostAmendAsync()
    {
        await mediator.Send(
            new AmendFiling
            {
                Id = Id,
                Version = Version,
                Cause = NewCause ?? "",
                Ticks = NewTicks,
                Procedure = NewProcedure ?? "",
                ProcedureReason = NewReason ?? "",
            }
        );
        return this.Done(Here, t["已更正"]);
    }

    public async Task<IActionResult> OnPostWithdrawAsync()
    {
        await mediator.Send(
            new WithdrawFiling
            {
                Id = Id,
                Version = Version,
                Reason = WithdrawReason ?? "",
            }
        );
        return this.Done(Here, t["已撤回"]);
    }

    public async Task<IActionResult> OnPostRegisterAsync()
    {
        var result = await mediator.Send(
            new RegisterFiling
            {
                Id = Id,
                Version = Version,
                Strict = true,
                Reason = Reason ?? "",
            }
        );
        return this.Done($"{Here}/allot", t["已登记为 {0}", result.CaseNumber]);
    }

    public async Task<IActionResult> OnPostReturnAsync()
    {
        await mediator.Send(
            new ReturnFiling
            {
                Id = Id,
                Version = Version,
                Missing = (MissingText ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            }
        );
        return this.Done($"{Here}/print?kind=return", t["已发出补正通知，请打印交给当事人"]);
    }

    public async Task<IActionResult> OnPostCorrectAsync()
    {
        await mediator.Send(new CorrectFiling { Id = Id, Version = Version });
        return this.Done(Here, t["已记录收到补正，期限自次日重新起算"]);
    }

    public async Task<IActionResult> OnPostLapseAsync()
    {
        await mediator.Send(
            new RefuseFiling
            {
                Id = Id,
                Version = Version,
                Reason = LapseReason ?? "",
                Lapsed = true,
            }
        );
        return this.Done(Here, t["已退回并记录"]);
    }

    public async Task<IActionResult> OnPostRefuseAsync()
    {
        await mediator.Send(
            new RefuseFiling
            {
                Id = Id,
                Version = Version,
                Reason = RefuseReason ?? "",
                Complaint = Complaint ?? "",
            }
        );
        return this.Done($"{Here}/print?kind=refusal", t["已作出决定，请打印交给当事人"]);
    }
}
