using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Fees;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Triage.Api;

internal static class FeesApi
{
    private static readonly string[] BillStates = ["open", "overdue", "relief", "settled", "deemed"];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/payments",
                async (PaymentBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(r);
                    return Reply.Of(
                        await mediator.Send(
                            new ReceivePayment
                            {
                                Code = body.Code ?? "",
                                Amount = body.Amount,
                                Reference = body.Reference ?? "",
                                On = body.On,
                                Source = "gateway",
                            }
                        )
                    );
                }
            )
            .Permit("triage.fees")
            .WithTags("triage")
            .WithSummary("The return of a payment gateway: {code, amount in yuan, reference, on}; one reference is one payment")
            .Repeats();

        api.MapPost(
                "/payments:import",
                async (ImportBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(new { items = ((ImportPayments.Result)r).Lines });
                    return Reply.Of(new { items = (await mediator.Send(new ImportPayments { Lines = body.Lines ?? "" })).Lines });
                }
            )
            .Permit("triage.fees")
            .WithTags("triage")
            .WithSummary("A bank's file: {lines}, each code, yuan, day, reference; an outcome per line")
            .Repeats();

        api.MapGet(
                "/fee-bills",
                async (string? state, string? after, DateOnly? day, IMediator mediator) =>
                {
                    if (state is { Length: > 0 } && !BillStates.Contains(state))
                        throw new RuleBroken($"没有这个状态：{state}。", "state");
                    var r = await mediator.Send(
                        new ListBills
                        {
                            State = state is { Length: > 0 } ? state : "open",
                            After = after ?? "",
                            Day = day,
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            items = r.Rows.Select(Shown),
                            next = r.Next,
                            suspense = r.Suspense,
                            day = new
                            {
                                r.Day,
                                balanced = r.Off == 0,
                                sums = r.Sums.Select(s => new
                                {
                                    s.Source,
                                    s.Account,
                                    amount = FilingsApi.Yuan(s.Cents),
                                    s.N,
                                }),
                            },
                        }
                    );
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("Bills by their day (state open, overdue, relief, settled, deemed) and the reconciliation of one day");

        api.MapGet(
                "/fee-bills/{id:long}",
                async (long id, IMediator mediator, HttpContext http) =>
                {
                    var r = await mediator.Send(new ShowBill { Id = id });
                    http.Response.Headers.ETag = $"\"{r.Bill.Version}\"";
                    return Results.Ok(
                        new
                        {
                            bill = Shown(r.Bill),
                            entries = r.Entries.Select(e => new
                            {
                                on = e.OnDay,
                                e.Source,
                                e.Account,
                                amount = FilingsApi.Yuan(e.Amount),
                                e.Words,
                                e.ByName,
                            }),
                        }
                    );
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("A bill with its entries");

        api.MapPost(
                "/fee-bills/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency, HttpContext http, FeeActBody? body) =>
                {
                    var (id, verb) = Split(idAndVerb);
                    idempotency.Shape = _ => Reply.Of(new { id });
                    var version = await VersionAsync(http, body?.Version, async () => (await mediator.Send(new ShowBill { Id = id })).Bill.Version);
                    ICommand act = verb switch
                    {
                        "relief" => new AskRelief
                        {
                            BillId = id,
                            Amount = body?.Amount,
                            Until = body?.Until,
                            Reason = body?.Reason ?? "",
                        },
                        "decide" => new DecideRelief
                        {
                            BillId = id,
                            Version = version,
                            Grant = body?.Grant ?? throw new RuleBroken("请写明批准（true）还是不批准（false）。", "grant"),
                        },
                        "refund" => new RefundFee
                        {
                            BillId = id,
                            Version = version,
                            Amount = body?.Amount,
                            Reason = body?.Reason ?? "",
                        },
                        "deem" => new DeemWithdrawn
                        {
                            BillId = id,
                            Version = version,
                            Reason = body?.Reason ?? "",
                        },
                        _ => throw new RuleBroken($"没有这个动作：{verb}。可用：relief、decide、refund、deem。", "verb"),
                    };
                    await mediator.Send(act);
                    return Reply.Of(new { id });
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("The acts on a bill: :relief {amount, until, reason}, :decide {grant}, :refund {amount, reason}, :deem {reason} once it is overdue")
            .Repeats()
            .Versioned();

        api.MapGet(
                "/fee-suspense",
                async (string? state, string? after, IMediator mediator) =>
                {
                    if (state is { Length: > 0 } && !SuspenseBook.Labels.ContainsKey(state))
                        throw new RuleBroken($"没有这个状态：{state}。", "state");
                    var r = await mediator.Send(new ListSuspense { State = state is { Length: > 0 } ? state : "open", After = after ?? "" });
                    return Results.Ok(
                        new
                        {
                            items = r.Rows.Select(s => new
                            {
                                s.Id,
                                s.Reference,
                                s.Code,
                                amount = FilingsApi.Yuan(s.Amount),
                                on = s.OnDay,
                                s.State,
                                s.BillId,
                                s.Reason,
                                s.Version,
                            }),
                            next = r.Next,
                        }
                    );
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("Money of unknown payment codes: open, assigned, returned");

        api.MapPost(
                "/fee-suspense/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency, HttpContext http, FeeActBody? body) =>
                {
                    var (id, verb) = Split(idAndVerb);
                    idempotency.Shape = _ => Reply.Of(new { id });
                    var version = await VersionAsync(http, body?.Version, () => Task.FromResult(1));
                    ICommand act = verb switch
                    {
                        "assign" => new AssignSuspense
                        {
                            Id = id,
                            Version = version,
                            Code = body?.Code ?? "",
                            Reason = body?.Reason ?? "",
                        },
                        "return" => new ReturnSuspense
                        {
                            Id = id,
                            Version = version,
                            Reason = body?.Reason ?? "",
                        },
                        _ => throw new RuleBroken($"没有这个动作：{verb}。可用：assign、return。", "verb"),
                    };
                    await mediator.Send(act);
                    return Reply.Of(new { id });
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("The ways out of suspense: :assign {code, reason} to a bill, :return {reason}")
            .Repeats()
            .Versioned();
    }

    internal static (long Id, string Verb) Split(string idAndVerb)
    {
        var parts = idAndVerb.Split(':');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (id, parts[1])
            : throw new NotFound("路径", idAndVerb);
    }

    /// <summary>The version of If-Match or of the body; without either what is there now.</summary>
    internal static async Task<int> VersionAsync(HttpContext http, int? body, Func<Task<int>> now) =>
        int.TryParse(http.Request.Headers.IfMatch.ToString().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seen)
            ? seen
            : body ?? await now();

    private static object Shown(Bill b) =>
        new
        {
            b.Id,
            b.Code,
            b.CaseId,
            b.CaseNumber,
            b.State,
            b.Kind,
            amount = FilingsApi.Yuan(b.Amount),
            paid = FilingsApi.Yuan(b.Paid),
            owed = FilingsApi.Yuan(b.Owed),
            credit = FilingsApi.Yuan(b.Credit),
            b.IssuedOn,
            b.DueOn,
            b.Version,
        };

    internal sealed record ImportBody
    {
        public string? Lines { get; init; }
    }

    internal sealed record FeeActBody
    {
        public decimal? Amount { get; init; }
        public DateOnly? Until { get; init; }
        public string? Reason { get; init; }
        public string? Code { get; init; }
        public bool? Grant { get; init; }
        public int? Version { get; init; }
    }

    internal sealed record PaymentBody
    {
        public string? Code { get; init; }
        public decimal? Amount { get; init; }
        public string? Reference { get; init; }
        public DateOnly? On { get; init; }
    }
}
