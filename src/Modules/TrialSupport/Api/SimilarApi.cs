using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Laws;
using CourtOps.TrialSupport.Similar;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>Like cases, articles, and the search that the law asks for.</summary>
internal static class SimilarApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/cases/{id:long}/similar",
                async (long id, IMediator mediator, LawShelf shelf, SimilarShelf similar, CancellationToken ct) =>
                    await LikeAsync(similar, mediator, id, ct) is var s
                        ? Results.Ok(
                            new
                            {
                                draftId = s.Draft?.Id,
                                own = s.Own.ToString(),
                                departs = s.Departs is { } d
                                    ? new
                                    {
                                        most = d.Most.ToString(),
                                        d.Count,
                                        d.Of,
                                    }
                                    : null,
                                cases = s.Cases.Select(c => new
                                {
                                    c.DraftId,
                                    c.LibraryId,
                                    c.CaseId,
                                    c.CaseNumber,
                                    c.Title,
                                    c.IssuedOn,
                                    ended = c.Ended.ToString(),
                                    score = Math.Round(c.Like.Score, 2),
                                    c.Like.SameCause,
                                    c.Like.Articles,
                                    c.Like.LikeSum,
                                    c.Like.Words,
                                }),
                                laws = (await shelf.NearAsync(s.Words, ct))?.Select(l => new
                                {
                                    l.Law,
                                    l.Article,
                                    l.Text,
                                    from = l.From,
                                    to = l.To,
                                }),
                            }
                        )
                        : null
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Like cases and articles for the last draft of a case, with what matched");

        api.MapGet("/cases/{id:long}/searches", async (long id, IMediator mediator) => Results.Ok((await mediator.Send(new ListSearches { CaseId = id })).Rows))
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Searches for like cases that were filed");

        api.MapPost(
                "/cases/{id:long}/searches",
                async (long id, SearchBody body, SearchReports reports, Actor actor, CancellationToken ct) =>
                {
                    actor.Demand("trial.draft");
                    return Results.Ok(
                        new
                        {
                            searchId = await reports.FileAsync(
                                new FileSearch
                                {
                                    CaseId = id,
                                    Places = body.Places ?? [],
                                    Words = body.Words ?? "",
                                    Results = body.Results ?? "",
                                    Follow = body.Follow ?? "",
                                    Reason = body.Reason ?? "",
                                },
                                ct
                            ),
                        }
                    );
                }
            )
            .OfCase()
            .Permit("trial.draft")
            .WithTags("trial")
            .WithSummary("Files the report on a search: a document of the secondary volume");
    }

    // the index is read from its file before the query runs
    private static async Task<Recommend.Result> LikeAsync(SimilarShelf similar, IMediator mediator, long caseId, CancellationToken ct)
    {
        await similar.LoadAsync(ct);
        return await mediator.Send(new Recommend { CaseId = caseId }, ct);
    }

    internal sealed record SearchBody
    {
        public IReadOnlyList<string>? Places { get; init; }
        public string? Words { get; init; }
        public string? Results { get; init; }
        public string? Follow { get; init; }
        public string? Reason { get; init; }
    }
}
