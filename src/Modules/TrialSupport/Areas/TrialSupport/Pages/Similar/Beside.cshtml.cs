using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Laws;
using CourtOps.TrialSupport.Similar;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Similar;

/// <summary>Like cases and articles: a page of its own, or beside a draft.</summary>
[Permit("trial.read")]
internal sealed class Beside(IMediator mediator, LawShelf shelf, SimilarShelf similar, Texts t) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? DraftId { get; set; }

    public Recommend.Result Show { get; private set; } = null!;

    /// <summary>Null where no library was imported.</summary>
    public IReadOnlyList<LawHit>? Laws { get; private set; }

    public string Matched(Like like) =>
        string.Join(
            '；',
            new[]
            {
                like.SameCause ? t["案由相同"] : "",
                like.Articles.Count > 0 ? t["同引{0}", string.Join('、', like.Articles.Take(4))] : "",
                like.LikeSum ? t["金额相近"] : "",
                t["文字相近 {0}%", like.Words],
            }.Where(x => x.Length > 0)
        );

    public async Task OnGetAsync()
    {
        await similar.LoadAsync(HttpContext.RequestAborted);
        Show = await mediator.Send(new Recommend { CaseId = CaseId, DraftId = DraftId });
        Laws = await shelf.NearAsync(Show.Words, HttpContext.RequestAborted);
    }
}
