using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Enforcement.Api;

/// <summary>Periods of the law that an event starts in a case.</summary>
internal static class PeriodsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/case-periods",
                async (StartBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = d => Made((DateRow)d);
                    return Made(
                        await mediator.Send(
                            new StartPeriod
                            {
                                CaseId = body.CaseId,
                                Code = body.Code ?? "",
                                On = body.On,
                                At = body.At ?? "",
                                Words = body.Words ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Starts a period of D-04 or D-06 by its event; the last day by law")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/case-periods/{idAndVerb}",
                async (string idAndVerb, EndBody? body, IMediator mediator, Idempotency idempotency) =>
                {
                    var (id, verb) = EnforcementApi.Parts(idAndVerb);
                    idempotency.Shape = d => Reply.Of(Row((DateRow)d));
                    return verb == "end"
                        ? Reply.Of(Row(await mediator.Send(new EndPeriod { Id = id, Words = body?.Words ?? "" })))
                        : throw new RuleBroken($"没有这个动作：{verb}。可用：end。", "verb");
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary(":end, with words on what was done")
            .Repeats();
    }

    private static Reply Made(DateRow d) => Reply.Created($"/api/v1/case-periods/{d.Id}", Row(d));

    private static object Row(DateRow d) =>
        new
        {
            d.Id,
            d.CaseId,
            d.Words,
            d.DueOn,
            d.DoneOn,
        };

    internal sealed record StartBody
    {
        public long CaseId { get; init; }
        public string? Code { get; init; }
        public DateOnly? On { get; init; }
        public string? At { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record EndBody
    {
        public string? Words { get; init; }
    }
}
