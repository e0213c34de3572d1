using CourtOps.Kernel.Files;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Contacts;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Contacts;

/// <summary>One contact: answer, passing on, material with its chain of hands, mark.</summary>
[Permit("triage.filings")]
internal sealed class Details(IMediator mediator, IPapers papers, BlobStore blobs, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Answer { get; set; }

    [BindProperty]
    public string? Court { get; set; }

    [BindProperty]
    public string? PassWords { get; set; }

    [BindProperty]
    public int? Mark { get; set; }

    [BindProperty]
    public string? MarkWords { get; set; }

    [BindProperty]
    public string? To { get; set; }

    [BindProperty]
    public int? Pages { get; set; }

    [BindProperty]
    public string? HandWords { get; set; }

    [BindProperty]
    public bool IntoFile { get; set; }

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? UploadId { get; set; }

    public ShowContact.Result Show { get; private set; } = null!;

    public string Here => $"/triage/contacts/{Id}";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowContact { Id = Id });
        if (Pages is null && Show.Papers.Count > 0)
            Pages = Show.Papers.Sum(p => p.Pages ?? 0) is > 0 and var n ? n : Show.Contact.DeclaredPages;
    }

    public async Task<IActionResult> OnPostAcceptAsync()
    {
        await mediator.Send(new AcceptContact { Id = Id, Version = Version });
        return this.Done(Here, t["已签收"]);
    }

    public async Task<IActionResult> OnPostPassAsync()
    {
        await mediator.Send(
            new PassContact
            {
                Id = Id,
                Version = Version,
                Court = Court ?? "",
                Words = PassWords ?? "",
            }
        );
        return this.Done("/triage/contacts", t["已转交"]);
    }

    public async Task<IActionResult> OnPostFinishAsync()
    {
        await mediator.Send(
            new FinishContact
            {
                Id = Id,
                Version = Version,
                Answer = Answer ?? "",
            }
        );
        return this.Done(Here, t["已答复"]);
    }

    public async Task<IActionResult> OnPostMarkAsync()
    {
        await mediator.Send(
            new MarkContact
            {
                Id = Id,
                Mark = Mark,
                Words = MarkWords ?? "",
            }
        );
        return this.Done(Here, t["已登记评价"]);
    }

    public async Task<IActionResult> OnPostPaperAsync(IFormFile? file, List<IFormFile>? photos)
    {
        actor.Demand("triage.work");
        await mediator.Send(new ShowContact { Id = Id });
        var paper =
            photos is { Count: > 0 } && file is null && string.IsNullOrEmpty(UploadId)
                ? await Photos.TakeAsync(blobs, photos, HttpContext.RequestAborted)
                : await papers.TakeAsync(file, UploadId, HttpContext.RequestAborted);
        await mediator.Send(
            new AddContactPaper
            {
                ContactId = Id,
                Title = string.IsNullOrWhiteSpace(Title) ? Path.GetFileNameWithoutExtension(paper.Name) : Title,
                Blob = paper.Blob,
                Pages = paper.Pages,
                UploadId = UploadId,
            }
        );
        return this.Done(Here, t["已收下材料"]);
    }

    public async Task<IActionResult> OnPostHandAsync()
    {
        await mediator.Send(
            new HandOver
            {
                Id = Id,
                Version = Version,
                To = To ?? "",
                Pages = Pages,
                Words = HandWords ?? "",
                IntoFile = IntoFile,
            }
        );
        return this.Done(Here, IntoFile ? t["已交入卷，稍后在案件页可见"] : t["已登记交接"]);
    }
}
