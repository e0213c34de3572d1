using CourtOps.Enforcement.Offline;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Enforcement.Api;

/// <summary>Inquiries on site; the photos are taken at the stop, by the page.</summary>
internal static class OfflineApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/offline-inquiries",
                async (long? caseId, string? state, IMediator mediator) =>
                    Results.Ok((await mediator.Send(new ListOffline { CaseId = caseId, State = state ?? "" })).Rows)
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Inquiries on site by their day: of a case, or what is not ended");

        api.MapPost(
                "/offline-inquiries",
                async (AskBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = o => Asked((OfflineRow)o);
                    return Asked(
                        await mediator.Send(
                            new AskOffline
                            {
                                CaseId = body.CaseId,
                                PartyId = body.PartyId,
                                Address = body.Address ?? "",
                                Categories = body.Categories ?? [],
                                Words = body.Words ?? "",
                                Due = body.Due,
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Asks for an inquiry on site")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/offline-inquiries/{idAndVerb}",
                async (string idAndVerb, HttpRequest http, StepBody? body, IMediator mediator, Idempotency idempotency) =>
                {
                    var (id, verb) = EnforcementApi.Parts(idAndVerb);
                    var version = IfMatch.Version(http);
                    idempotency.Shape = o => Stepped((OfflineRow)o);
                    return Stepped(
                        verb switch
                        {
                            "send" => await mediator.Send(
                                new SendOffline
                                {
                                    Id = id,
                                    Version = version,
                                    TripId = body?.TripId,
                                }
                            ),
                            "close" => await mediator.Send(
                                new CloseOffline
                                {
                                    Id = id,
                                    Version = version,
                                    Outcome = body?.Outcome ?? "",
                                    Category = body?.Category ?? "",
                                    Description = body?.Description ?? "",
                                    Holder = body?.Holder ?? "",
                                    Value = body?.Value,
                                    Words = body?.Words ?? "",
                                }
                            ),
                            "withdraw" => await mediator.Send(
                                new WithdrawOffline
                                {
                                    Id = id,
                                    Version = version,
                                    Words = body?.Words ?? "",
                                }
                            ),
                            _ => throw new RuleBroken($"没有这个动作：{verb}。可用：send、close、withdraw。", "verb"),
                        }
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary(":send on a trip, :close with found or none, :withdraw")
            .Repeats()
            .Versioned();
    }

    private static Reply Asked(OfflineRow o) =>
        Reply.Created(
            $"/api/v1/offline-inquiries?caseId={o.CaseId}",
            new
            {
                o.Id,
                o.CaseId,
                o.State,
                o.DueOn,
            },
            o.Version
        );

    private static Reply Stepped(OfflineRow o) =>
        Reply.Of(
            new
            {
                o.Id,
                o.State,
                o.StopId,
                o.Outcome,
                o.AssetId,
            },
            o.Version
        );

    internal sealed record AskBody
    {
        public long CaseId { get; init; }
        public long? PartyId { get; init; }
        public string? Address { get; init; }
        public IReadOnlyList<string>? Categories { get; init; }
        public string? Words { get; init; }
        public DateOnly? Due { get; init; }
    }

    internal sealed record StepBody
    {
        public long? TripId { get; init; }
        public string? Outcome { get; init; }
        public string? Category { get; init; }
        public string? Description { get; init; }
        public string? Holder { get; init; }
        public decimal? Value { get; init; }
        public string? Words { get; init; }
    }
}
