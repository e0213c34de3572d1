using System.Globalization;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Linkage;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Enforcement.Api;

/// <summary>Money of a case: receipts, the ledger, payouts.</summary>
internal static class CaseMoneyApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/case-receipts",
                async (MoneyBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Receipt((Money.ReceiptRow)r);
                    return Receipt(
                        await mediator.Send(
                            new Money.ReceiveMoney
                            {
                                CaseId = body.CaseId,
                                Amount = body.Amount,
                                On = body.On,
                                Payer = body.Payer ?? "",
                                Reference = body.Reference ?? "",
                                Source = body.Source ?? "transfer",
                                Memo = body.Memo ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.money")
            .WithTags("enforcement")
            .WithSummary("Money that came for a case; the same reference is one receipt")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/cases/{caseId:long}/money",
                async (long caseId, IMediator mediator) =>
                {
                    var s = await mediator.Send(new Money.ShowCaseMoney { CaseId = caseId });
                    return Results.Ok(
                        new
                        {
                            held = s.Held,
                            promised = s.Promised,
                            paid = s.Paid,
                            claim = s.Claim,
                            receipts = s.Receipts.Select(r => new
                            {
                                r.Id,
                                r.Amount,
                                r.LeftOver,
                                r.ReceivedOn,
                                r.Payer,
                                r.Reference,
                                r.State,
                                r.DueOn,
                            }),
                            payouts = s.Payouts.Select(p => new
                            {
                                p.Id,
                                p.Payee,
                                p.Kind,
                                p.Amount,
                                p.State,
                                p.PaidOn,
                                p.Reference,
                                p.Version,
                            }),
                        }
                    );
                }
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("The money of a case, in cents");

        api.MapPost(
                "/payouts",
                async (PayoutBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = id => Reply.Created($"/api/v1/payouts/{id}", new { id });
                    var made = await mediator.Send(
                        new Money.AskPayout
                        {
                            CaseId = body.CaseId,
                            PartyId = body.PartyId,
                            Payee = body.Payee ?? "",
                            Account = body.Account ?? "",
                            Kind = body.Kind ?? "creditor",
                            Amount = body.Amount,
                            Words = body.Words ?? "",
                        }
                    );
                    return Reply.Created($"/api/v1/payouts/{made}", new { id = made });
                }
            )
            .Permit("enforcement.money")
            .WithTags("enforcement")
            .WithSummary("Asks for money of a case to be paid out")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/payouts/{idAndVerb}",
                async (string idAndVerb, HttpRequest http, IMediator mediator, Idempotency idempotency, PayoutStepBody? body) =>
                {
                    var (id, verb) = EnforcementApi.Parts(idAndVerb);
                    idempotency.Shape = p => Payout((Money.PayoutRow)p);
                    var version = IfMatch.Version(http);
                    return Payout(
                        verb switch
                        {
                            "approve" or "refuse" => await mediator.Send(
                                new Money.DecidePayout
                                {
                                    Id = id,
                                    Version = version,
                                    Granted = verb == "approve",
                                    Words = body?.Words ?? "",
                                }
                            ),
                            "pay" or "fail" or "cancel" => await mediator.Send(
                                new Money.StepPayout
                                {
                                    Id = id,
                                    Version = version,
                                    Step = verb,
                                    On = body?.On,
                                    Reference = body?.Reference ?? "",
                                    Words = body?.Words ?? "",
                                }
                            ),
                            _ => throw new RuleBroken($"没有这个动作：{verb}。可用：approve、refuse、pay、fail、cancel。", "verb"),
                        }
                    );
                }
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary(":approve and :refuse (another person than who asked), :pay, :fail (sent back by the bank), :cancel")
            .Repeats()
            .Versioned();
    }

    private static Reply Receipt(Money.ReceiptRow r) =>
        Reply.Created(
            $"/api/v1/cases/{r.CaseId}/money",
            new
            {
                r.Id,
                r.CaseId,
                r.Amount,
                r.ReceivedOn,
                r.State,
                r.DueOn,
            },
            r.Version
        );

    private static Reply Payout(Money.PayoutRow p) =>
        Reply.Of(
            new
            {
                p.Id,
                p.CaseId,
                p.Payee,
                p.Kind,
                p.Amount,
                p.State,
                p.PaidOn,
                p.Reference,
            },
            p.Version
        );

    internal sealed record MoneyBody
    {
        public long CaseId { get; init; }
        public decimal? Amount { get; init; }
        public DateOnly? On { get; init; }
        public string? Payer { get; init; }
        public string? Reference { get; init; }
        public string? Source { get; init; }
        public string? Memo { get; init; }
    }

    internal sealed record PayoutBody
    {
        public long CaseId { get; init; }
        public long? PartyId { get; init; }
        public string? Payee { get; init; }
        public string? Account { get; init; }
        public string? Kind { get; init; }
        public decimal? Amount { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record PayoutStepBody
    {
        public DateOnly? On { get; init; }
        public string? Reference { get; init; }
        public string? Words { get; init; }
    }
}
