using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Assessors;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>The draw of assessors for a hearing.</summary>
internal static class AssessorApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/hearings/{id:long}/assessors",
                async (long id, IMediator mediator) =>
                    Results.Ok(
                        (await mediator.Send(new ShowDraws { HearingId = id })).Draws.Select(d => new
                        {
                            d.Row.Id,
                            d.Row.State,
                            d.Row.Field,
                            d.Row.Seed,
                            d.Row.Reason,
                            drawnAt = d.Row.DrawnAt,
                            reproducible = d.Same,
                            picks = d.Picks.Select(p => new
                            {
                                p.N,
                                p.AssessorId,
                                p.Name,
                                p.State,
                                p.Ground,
                                p.Words,
                            }),
                            candidates = d.Candidates,
                        })
                    )
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Draws of a hearing with seed, pool and order");

        api.MapPost(
                "/hearings/{id:long}/assessors",
                async (long id, DrawBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            drawId = await mediator.Send(
                                new DrawAssessors
                                {
                                    HearingId = id,
                                    Seats = body.Seats ?? 2,
                                    Spares = body.Spares ?? 2,
                                    Field = body.Field ?? "",
                                    Reason = body.Reason ?? "",
                                }
                            ),
                        }
                    )
            )
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("Draws assessors by lot; again with a reason");

        api.MapPost(
                "/hearings/{id:long}/assessors/replace",
                async (long id, ReplaceBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            drawId = await mediator.Send(
                                new ReplaceAssessor
                                {
                                    HearingId = id,
                                    N = body.N ?? 0,
                                    Ground = body.Ground ?? "",
                                    Words = body.Words ?? "",
                                }
                            ),
                        }
                    )
            )
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("Somebody drawn does not sit; the next spare takes the place");
    }

    internal sealed record DrawBody
    {
        public int? Seats { get; init; }
        public int? Spares { get; init; }
        public string? Field { get; init; }
        public string? Reason { get; init; }
    }

    internal sealed record ReplaceBody
    {
        public int? N { get; init; }
        public string? Ground { get; init; }
        public string? Words { get; init; }
    }
}
