using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>New times for all hearings of a judge who cannot come; each is moved by :move of its own.</summary>
internal static class ProposalApi
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet(
                "/hearing-proposals",
                async (long? judgeId, DateOnly? from, DateOnly? until, DateOnly? back, IMediator mediator) =>
                    await mediator.Send(
                        new ProposeMoves
                        {
                            JudgeId = judgeId ?? 0,
                            From = from,
                            Until = until,
                            Back = back,
                        }
                    )
                        is var s
                        ? Results.Ok(
                            new
                            {
                                hidden = s.Hidden,
                                hearings = s.Rows.Select(r => new
                                {
                                    r.Hearing.Id,
                                    r.Hearing.CaseNumber,
                                    r.Hearing.Version,
                                    was = r.Hearing.StartsAt,
                                    start = r.Fit?.Start,
                                    roomId = r.Fit?.RoomId,
                                    room = r.Fit?.RoomName,
                                    why = r.Why is { } no ? string.Format(System.Globalization.CultureInfo.InvariantCulture, no.Reason, no.Value) : r.Stopped,
                                }),
                            }
                        )
                        : null
            )
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("A time that fits for each hearing of a judge between two days, none in the way of another");
}
