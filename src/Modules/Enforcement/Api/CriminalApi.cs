using CourtOps.Enforcement.Criminal;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Enforcement.Api;

/// <summary>What criminal judgments order to be paid.</summary>
internal static class CriminalApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/criminal-items",
                async (long? caseId, string? state, long? after, IMediator mediator) =>
                    Results.Ok(
                        (
                            await mediator.Send(
                                new ListCriminal
                                {
                                    CaseId = caseId,
                                    State = state ?? "open",
                                    After = after ?? long.MaxValue,
                                }
                            )
                        ).Rows
                    )
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Fines, confiscation, restitution, recovery: of a case in the order of payment, or the open ones of the courts");

        api.MapPost(
                "/criminal-items",
                async (ItemBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Made((CriminalItem)r);
                    return Made(
                        await mediator.Send(
                            new AddCriminalItem
                            {
                                CaseId = body.CaseId,
                                PartyId = body.PartyId,
                                Kind = body.Kind ?? "",
                                Amount = body.Amount,
                                Payee = body.Payee ?? "",
                                PayeeName = body.PayeeName ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("A sum that a criminal judgment orders to be paid")
            .Produces(StatusCodes.Status201Created)
            .Repeats();
    }

    private static Reply Made(CriminalItem i) =>
        Reply.Created(
            $"/api/v1/criminal-items?caseId={i.CaseId}",
            new
            {
                i.Id,
                i.Kind,
                i.Amount,
                i.Payee,
                i.PayeeName,
                i.Paid,
                i.State,
            },
            i.Version
        );

    internal sealed record ItemBody
    {
        public long CaseId { get; init; }
        public long PartyId { get; init; }
        public string? Kind { get; init; }
        public decimal? Amount { get; init; }
        public string? Payee { get; init; }
        public string? PayeeName { get; init; }
    }
}
