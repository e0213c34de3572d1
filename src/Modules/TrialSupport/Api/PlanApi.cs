using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Planning;
using CourtOps.Workzone.Api;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>Plans of a week or a month.</summary>
internal static class PlanApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/trial-plans", async (IMediator mediator) => Results.Ok((await mediator.Send(new ListPlans())).Select(Shown)))
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("One's plans, the newest first");

        api.MapGet(
                "/trial-plans/{id:long}",
                async (long id, IMediator mediator, Texts texts) =>
                    await mediator.Send(new ShowPlan { Id = id }) is var s
                        ? Results.Ok(
                            new
                            {
                                plan = Shown(s.Plan),
                                rows = s.Rows.Select(r => new
                                {
                                    r.CaseId,
                                    r.CaseNumber,
                                    roomId = r.RoomId,
                                    room = r.RoomName,
                                    start = r.StartsAt,
                                    why = PlanReasons.In(texts, r),
                                    r.Outcome,
                                    r.HearingId,
                                }),
                            }
                        )
                        : null
            )
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("A plan as far as it is");

        api.MapPost(
                "/trial-plans",
                async (PlanBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            planId = await mediator.Send(
                                new BeginPlan
                                {
                                    From = body.From,
                                    Until = body.To,
                                    Minutes = body.Minutes ?? 90,
                                    Seconds = body.Seconds ?? 60,
                                    ClerkId = body.ClerkId,
                                    Size = body.Size,
                                    Features = body.Features ?? [],
                                }
                            ),
                        }
                    )
            )
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("Begins a plan: every case that waits for a hearing, between the days");

        api.MapPost(
                "/trial-plans/{idAndVerb}",
                async (string idAndVerb, HttpRequest http, IMediator mediator, PlanTaking taking, Actor actor, CancellationToken ct) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    switch (parts[1])
                    {
                        case "stop":
                            return Results.Ok(Shown(await mediator.Send(new StopPlan { Id = id }, ct)));
                        case "drop":
                            return Results.Ok(Shown(await mediator.Send(new StopPlan { Id = id, Drop = true }, ct)));
                        case "take":
                            actor.Demand("trial.schedule");
                            var (booked, refused) = await taking.TakeAsync(id, IfMatch.Version(http), ct);
                            return Results.Ok(new { booked, refused });
                        default:
                            throw new RuleBroken($"没有这个动作：{parts[1]}。可用：stop、drop、take。", "verb");
                    }
                }
            )
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary(":stop with the best so far, :take it (each hearing is booked provisionally), :drop it");
    }

    private static object Shown(MonthPlan p) =>
        new
        {
            p.Id,
            p.State,
            from = p.FromOn,
            to = p.UntilOn,
            p.Minutes,
            p.Seconds,
            usedSeconds = p.UsedMs / 1000,
            p.Cases,
            p.LeftOut,
            p.Placed,
            p.Bound,
            spread = p.Spread / 1000m,
            firstFit = new { placed = p.FirstPlaced, spread = p.FirstSpread / 1000m },
            p.Reason,
            p.Version,
        };

    internal sealed record PlanBody
    {
        public DateOnly? From { get; init; }
        public DateOnly? To { get; init; }
        public int? Minutes { get; init; }
        public int? Seconds { get; init; }
        public long? ClerkId { get; init; }

        /// <summary>Seats and equipment each room must have.</summary>
        public int Size { get; init; }
        public IReadOnlyList<string>? Features { get; init; }
    }
}
