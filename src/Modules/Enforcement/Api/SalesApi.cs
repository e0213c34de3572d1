using CourtOps.Enforcement.Auctions;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Enforcement.Api;

/// <summary>Sales: the list, results of a platform, deposits of bidders.</summary>
internal static class SalesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/auctions",
                async (long? caseId, string? state, IMediator mediator) =>
                    Results.Ok((await mediator.Send(new Auctions.ListAuctions { CaseId = caseId, State = state ?? "" })).Rows)
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Sales, newest first");

        api.MapPost(
                "/auction-results",
                async (ResultsBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(new { lines = (IReadOnlyList<ImportResults.Line>)r });
                    return Reply.Of(new { lines = await mediator.Send(new ImportResults { Text = body.Text ?? "" }) });
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Results of sales as CSV or JSON lines; the outcome of each line")
            .Repeats();

        api.MapPost(
                "/bid-deposits",
                async (DepositBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Deposit((DepositRow)r);
                    return Deposit(
                        await mediator.Send(
                            new TakeDeposit
                            {
                                AuctionId = body.AuctionId,
                                Bidder = body.Bidder ?? "",
                                Amount = body.Amount,
                                On = body.On,
                                Reference = body.Reference ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.money")
            .WithTags("enforcement")
            .WithSummary("A bidder's deposit that came; the same reference is one deposit")
            .Produces(StatusCodes.Status201Created)
            .Repeats();
    }

    private static Reply Deposit(DepositRow d) =>
        Reply.Created(
            $"/api/v1/auctions?deposit={d.Id}",
            new
            {
                d.Id,
                d.AuctionId,
                d.Bidder,
                d.Amount,
                d.State,
            },
            d.Version
        );

    internal sealed record ResultsBody
    {
        public string? Text { get; init; }
    }

    internal sealed record DepositBody
    {
        public long AuctionId { get; init; }
        public string? Bidder { get; init; }
        public decimal? Amount { get; init; }
        public DateOnly? On { get; init; }
        public string? Reference { get; init; }
    }
}
