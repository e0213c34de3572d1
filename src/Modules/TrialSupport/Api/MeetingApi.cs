using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Meetings;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>The papers of a meeting; its calling and voting are done by people on its page.</summary>
internal static class MeetingApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/meetings/{id:long}/papers",
                async (long id, IMediator mediator) =>
                    Results.Ok(
                        (await mediator.Send(new ShowMeeting { Id = id })).Papers.Select(p => new
                        {
                            p.Id,
                            p.Item,
                            p.Kind,
                            p.SourceId,
                            p.Title,
                            p.Revision,
                            by = p.AddedName,
                            at = p.AddedAt,
                            p.WithdrawnAt,
                        })
                    )
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Papers laid before a meeting, by item of its agenda");

        api.MapPost(
                "/meetings/{id:long}/papers",
                async (long id, PapersBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            added = await mediator.Send(
                                new AddMeetingPapers
                                {
                                    Id = id,
                                    Item = body.Item ?? 1,
                                    Documents = body.DocumentIds ?? [],
                                    Drafts = body.DraftIds ?? [],
                                }
                            ),
                        }
                    )
            )
            .Permit("trial.sign")
            .WithTags("trial")
            .WithSummary("Who called the meeting lays documents of the case and drafts before it");

        api.MapPost(
                "/meetings/{id:long}/papers/{paperId:long}/withdraw",
                async (long id, long paperId, IMediator mediator) =>
                    Results.Ok(new { (await mediator.Send(new WithdrawMeetingPaper { Id = id, PaperId = paperId })).Title })
            )
            .Permit("trial.sign")
            .WithTags("trial")
            .WithSummary("Takes a paper back before the meeting ends");
    }

    internal sealed record PapersBody
    {
        public int? Item { get; init; }
        public IReadOnlyList<long>? DocumentIds { get; init; }
        public IReadOnlyList<long>? DraftIds { get; init; }
    }
}
