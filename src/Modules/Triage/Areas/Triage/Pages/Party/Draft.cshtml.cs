using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Fees;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Online;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CourtOps.Triage.Pages.Party;

/// <summary>One online filing: confirm who it is, fill in, add papers, hand in; then its status, messages and what is missing.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Draft(IMediator mediator, FilerSession session, IPapers papers, BlobStore blobs, PayPlatform platform, Texts t) : LinkPage(session)
{
    public const int PartyRows = 4;
    public const int ClaimRows = 3;

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public string? Cause { get; set; }

    [BindProperty]
    public List<PartyIn> Parties { get; set; } = [];

    [BindProperty]
    public List<ClaimIn> Claims { get; set; } = [];

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public string? Origin { get; set; }

    /// <summary>What is written to the court.</summary>
    [BindProperty]
    public string? Letter { get; set; }

    [BindProperty]
    public bool Vouched { get; set; }

    public FindDraft.Result Show { get; private set; } = null!;

    public bool Known { get; private set; }

    public string? Problem { get; private set; }

    public string Here => Guide.Path + Token;

    /// <summary>Where the fee is paid online; null where the court has no platform or nothing is owed.</summary>
    public string? PayAddress => Show.Filing is { Fee: { } fee } f ? platform.AddressOf(f.FeeCode, fee - (f.FeePaid ?? 0)) : null;

    public override async Task ReloadAsync()
    {
        Known = Identified;
        Show = await mediator.Send(new FindDraft { Token = Token, Known = Known });
        if (Show.Content is not { } content)
            return;
        // what was typed a moment ago stays
        if (Parties.Count == 0 && Claims.Count == 0)
            (Cause, Parties, Claims, Words, Origin) = (content.Cause, [.. content.Parties], [.. content.Claims], content.Words, content.Origin);
        while (Parties.Count < PartyRows)
            Parties.Add(new PartyIn { Role = Parties.Count == 0 ? CaseKinds.UsualRoles(content.Kind).Claimant : CaseKinds.UsualRoles(content.Kind).Other });
        while (Claims.Count < ClaimRows)
            Claims.Add(new ClaimIn());
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var answer = await mediator.Send(new IdentifyFiler { Token = Token, Code = Code ?? "" });
        if (answer.Done)
        {
            session.Begin(HttpContext, Guide.Path, Token);
            return LocalRedirect(Here);
        }
        await ReloadAsync();
        Problem = answer.LockedUntil is { } until
            ? t["输错次数过多，请在 {0} 之后再试，或拨打 12368。", Times.Full(until)]
            : t["验证码不对或已过期。还可以试 {0} 次。", answer.Left];
        Response.StatusCode = 422;
        return Page();
    }

    public async Task<IActionResult> OnPostCodeAsync()
    {
        await mediator.Send(new AskFilerCode { Token = Token });
        return LocalRedirect(Here);
    }

    public Task<IActionResult> OnPostSaveAsync() => ActAsync(SaveAsync);

    public Task<IActionResult> OnPostPaperAsync(string? kind, string? title, IFormFile? paper, List<IFormFile>? photos) =>
        ActAsync(async () =>
        {
            await mediator.Send(new FindDraft { Token = Token });
            var taken = photos is { Count: > 0 }
                ? await Photos.TakeAsync(blobs, photos, HttpContext.RequestAborted)
                : await papers.TakeAsync(paper, null, HttpContext.RequestAborted);
            await mediator.Send(
                new AddDraftPaper
                {
                    Token = Token,
                    Kind = kind ?? "",
                    Title = title ?? "",
                    Blob = taken.Blob,
                    Pages = taken.Pages,
                }
            );
        });

    public Task<IActionResult> OnPostRemoveAsync(long paperId) => ActAsync(() => mediator.Send(new RemoveDraftPaper { Token = Token, PaperId = paperId }));

    public Task<IActionResult> OnPostWriteAsync(IFormFile? paper, List<IFormFile>? photos) =>
        ActAsync(async () =>
        {
            await mediator.Send(new FindDraft { Token = Token });
            var (blob, pages) =
                photos is { Count: > 0 } ? await PhotosAsync(photos)
                : paper is not null ? await PaperAsync(paper)
                : (null, null);
            await mediator.Send(
                new WriteToCourt
                {
                    Token = Token,
                    Words = Letter ?? "",
                    Blob = blob,
                    Pages = pages,
                }
            );
        });

    private async Task<(Blob? Blob, int? Pages)> PhotosAsync(List<IFormFile> photos) =>
        await Photos.TakeAsync(blobs, photos, HttpContext.RequestAborted) is var taken ? (taken.Blob, taken.Pages) : default;

    private async Task<(Blob? Blob, int? Pages)> PaperAsync(IFormFile paper) =>
        await papers.TakeAsync(paper, null, HttpContext.RequestAborted) is var taken ? (taken.Blob, taken.Pages) : default;

    public Task<IActionResult> OnPostSubmitAsync() => ActAsync(() => mediator.Send(new SubmitDraft { Token = Token, Vouched = Vouched }));

    public Task<IActionResult> OnPostCorrectedAsync() => ActAsync(() => mediator.Send(new AnswerFiling { Token = Token }));

    public async Task<IActionResult> OnPostWithdrawAsync()
    {
        if (!Identified)
            return LocalRedirect(Here);
        await mediator.Send(new AnswerFiling { Token = Token, Act = "withdrawn" });
        return LocalRedirect("/p/file");
    }

    private Task SaveAsync() =>
        mediator.Send(
            new SaveDraft
            {
                Token = Token,
                Cause = Cause ?? "",
                Parties = Parties,
                Claims = Claims,
                Words = Words ?? "",
                Origin = Origin ?? "",
            }
        );

    private async Task<IActionResult> ActAsync(Func<Task> act)
    {
        if (Identified)
            await act();
        return LocalRedirect(Here);
    }
}
