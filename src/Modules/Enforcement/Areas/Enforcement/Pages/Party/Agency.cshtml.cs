using CourtOps.Enforcement.Linkage;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Party;

/// <summary>The page of an agency: what is asked, the papers, one form to answer.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class Agency(IMediator mediator, BlobStore blobs) : PageModel, IReload
{
    private const long Most = 20 * 1024 * 1024;

    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    [BindProperty]
    public string Answer { get; set; } = "";

    [BindProperty]
    public string Receipt { get; set; } = "";

    [BindProperty]
    public string By { get; set; } = "";

    [BindProperty]
    public string Words { get; set; } = "";

    public PublicRequest Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new FindRequest { Token = Token });

    public async Task<IActionResult> OnPostAsync(IFormFile? paper)
    {
        await mediator.Send(new FindRequest { Token = Token });
        Blob? blob = null;
        if (paper is { Length: > 0 })
        {
            if (paper.Length > Most)
                throw new RuleBroken("附件最大 20 MB。", "paper");
            await using var stream = paper.OpenReadStream();
            var head = new byte[5];
            if (await stream.ReadAtLeastAsync(head, 5, false) < 5 || !head.AsSpan().SequenceEqual("%PDF-"u8))
                throw new RuleBroken("附件应是 PDF 文件。", "paper");
            stream.Position = 0;
            blob = await blobs.WriteAsync(stream, Most, HttpContext.RequestAborted);
        }
        await mediator.Send(
            new AnswerByLink
            {
                Token = Token,
                Answer = Answer,
                Receipt = Receipt,
                By = By,
                Paper = blob,
            }
        );
        return LocalRedirect("/p/agency/" + Token);
    }

    public async Task<IActionResult> OnPostReleaseAsync(bool release)
    {
        await mediator.Send(
            new ReleaseAnswer
            {
                Token = Token,
                By = By,
                Release = release,
                Words = Words,
            }
        );
        return LocalRedirect("/p/agency/" + Token);
    }
}
