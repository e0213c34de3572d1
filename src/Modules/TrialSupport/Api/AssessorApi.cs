using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Assessors;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>The list of assessors, their absences, and the draw for a hearing.</summary>
internal static class AssessorApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/assessors",
                async (IMediator mediator) =>
                    await mediator.Send(new ListAssessors()) is var l
                        ? Results.Ok(
                            l.Rows.Select(a => new
                            {
                                a.Id,
                                a.Name,
                                a.Field,
                                a.Active,
                                casesOfYear = a.Cases,
                                a.Version,
                                away = l
                                    .Away.Where(w => w.AssessorId == a.Id)
                                    .Select(w => new
                                    {
                                        from = w.FromOn,
                                        until = w.UntilOn,
                                        w.Reason,
                                    }),
                            })
                        )
                        : null
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Assessors of the court acted in");

        api.MapPost(
                "/assessors",
                async (AssessorBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            id = await mediator.Send(
                                new SaveAssessor
                                {
                                    Id = body.Id,
                                    Version = body.Version,
                                    Name = body.Name ?? "",
                                    Field = body.Field ?? "",
                                    Note = body.Note ?? "",
                                    Active = body.Active ?? true,
                                }
                            ),
                        }
                    )
            )
            .Permit("trial.assessors")
            .WithTags("trial")
            .WithSummary("Adds an assessor, or changes the one named by id and version");

        api.MapPost(
                "/assessors/{id:long}/absences",
                async (long id, LeaveBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            id = await mediator.Send(
                                new AssessorLeave
                                {
                                    Id = id,
                                    From = body.From,
                                    Until = body.Until,
                                    Reason = body.Reason ?? "",
                                }
                            ),
                        }
                    )
            )
            .Permit("trial.assessors")
            .WithTags("trial")
            .WithSummary("Days on which an assessor cannot come");

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

    internal sealed record AssessorBody
    {
        public long? Id { get; init; }
        public int? Version { get; init; }
        public string? Name { get; init; }
        public string? Field { get; init; }
        public string? Note { get; init; }
        public bool? Active { get; init; }
    }

    internal sealed record LeaveBody
    {
        public DateOnly? From { get; init; }
        public DateOnly? Until { get; init; }
        public string? Reason { get; init; }
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
