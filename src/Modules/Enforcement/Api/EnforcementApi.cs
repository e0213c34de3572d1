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

internal static class EnforcementApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/measures",
                async (TakeBody body, IMediator mediator, Idempotency idempotency, Law.ICalendarSource calendars) =>
                {
                    idempotency.Shape = m => Made((MeasureRow)m, calendars);
                    return Made(
                        await mediator.Send(
                            new TakeMeasure
                            {
                                CaseId = body.CaseId,
                                AssetId = body.AssetId,
                                PartyId = body.PartyId,
                                Kind = body.Kind ?? "",
                                Category = body.Category ?? "",
                                Description = body.Description ?? "",
                                RuledOn = body.RuledOn,
                                Start = body.Start,
                                Years = body.Years,
                                Basis = body.Basis ?? "",
                                Amount = body.Amount,
                                Place = body.Place ?? 1,
                                Authority = body.Authority ?? "",
                                Paper = body.Paper ?? "",
                                Receipt = body.Receipt ?? "",
                                ReceiptEnd = body.ReceiptEnd,
                                ReceiptPlace = body.ReceiptPlace,
                                HeadEnd = body.HeadEnd,
                            }
                        ),
                        calendars
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Records a measure on property; the end by law, the receipt's where it shows one")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/measures",
                async (DateOnly? dueBefore, DateOnly? on, string? authority, long? caseId, string? state, IMediator mediator) =>
                    Results.Ok(
                        (
                            await mediator.Send(
                                new ListMeasures
                                {
                                    DueBefore = dueBefore,
                                    On = on,
                                    Authority = authority ?? "",
                                    CaseId = caseId,
                                    State = state ?? MeasureState.Active,
                                    Take = 500,
                                }
                            )
                        ).Rows
                    )
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Measures by what ends next");

        api.MapGet(
                "/measure-calendar",
                async (DateOnly? month, bool? mine, IMediator mediator) =>
                    Results.Ok((await mediator.Send(new ShowCalendar { Month = month, Mine = mine ?? false })).Days)
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Days of a month on which measures end");

        api.MapGet("/measure-authorities", async (IMediator mediator) => Results.Ok(await mediator.Send(new ListAuthorities())))
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Live measures by the bank or registry that keeps them");

        api.MapPost(
                "/measures/{idAndVerb}",
                async (string idAndVerb, HttpRequest http, IMediator mediator, Idempotency idempotency, Law.ICalendarSource calendars, ActBody? body) =>
                {
                    var (id, verb) = Parts(idAndVerb);
                    idempotency.Shape = m => Answer((MeasureRow)m, calendars);
                    var version = IfMatch.Version(http);
                    body ??= new ActBody();
                    return Answer(
                        verb switch
                        {
                            "renew" => await mediator.Send(
                                new RenewMeasure
                                {
                                    Id = id,
                                    Version = version,
                                    On = body.On,
                                    From = body.From,
                                    Years = body.Years,
                                    Paper = body.Paper ?? "",
                                    Receipt = body.Receipt ?? "",
                                    ReceiptEnd = body.ReceiptEnd,
                                }
                            ),
                            "release" => await mediator.Send(
                                new ReleaseMeasure
                                {
                                    Id = id,
                                    Version = version,
                                    On = body.On,
                                    Why = body.Why ?? "",
                                    Paper = body.Paper ?? "",
                                }
                            ),
                            "receipt" => await mediator.Send(
                                new RecordReceipt
                                {
                                    Id = id,
                                    Version = version,
                                    Start = body.On,
                                    Receipt = body.Receipt ?? "",
                                    ReceiptEnd = body.ReceiptEnd,
                                    Place = body.Place,
                                    Follow = body.Follow ?? false,
                                    HeadEnd = body.HeadEnd,
                                }
                            ),
                            "note" => await mediator.Send(
                                new NoteMeasure
                                {
                                    Id = id,
                                    Version = version,
                                    Kind = body.Kind ?? "",
                                    On = body.On,
                                    HeadEnd = body.HeadEnd,
                                    Words = body.Words ?? "",
                                }
                            ),
                            _ => throw new RuleBroken($"没有这个动作：{verb}。可用：renew、release、receipt、note。", "verb"),
                        },
                        calendars
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary(":renew, :release, :receipt (what the authority answered), :note (applied or polled)")
            .Repeats()
            .Versioned();

        api.MapPost(
                "/linkage-requests",
                async (LinkageBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = l => Sent((IReadOnlyList<LinkageRow>)l);
                    return Sent(
                        await mediator.Send(
                            new SendLinkage
                            {
                                CaseId = body.CaseId,
                                Agencies = body.Agencies ?? [],
                                Act = body.Act ?? "",
                                Words = body.Words ?? "",
                                Basis = body.Basis ?? "",
                                DocumentIds = body.DocumentIds ?? [],
                                Due = body.Due,
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("The same request to several agencies, by their names or ids")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/linkage-requests/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency, AnswerBody body) =>
                {
                    var (id, verb) = Parts(idAndVerb);
                    if (verb != "answer")
                        throw new RuleBroken($"没有这个动作：{verb}。可用：answer。", "verb");
                    idempotency.Shape = l => Answered((LinkageRow)l);
                    return Answered(
                        await mediator.Send(
                            new AnswerLinkage
                            {
                                Id = id,
                                Answer = body.Answer ?? "",
                                Receipt = body.Receipt ?? "",
                                ReleasedBy = body.ReleasedBy ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.answer")
            .WithTags("enforcement")
            .WithSummary(":answer, with the key of the agency's own account")
            .Repeats();

        api.MapPost(
                "/inquiry-batches",
                async (BatchBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = b => Batch((Network.BatchRow)b);
                    return Batch(await mediator.Send(new Network.AskNetwork { CaseId = body.CaseId, Categories = body.Categories ?? [] }));
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Asks the network about the debtors of a case, or of all one's cases that are due")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/inquiry-batches/{id:long}",
                async (long id, IMediator mediator) =>
                    Results.Ok(
                        (await mediator.Send(new Network.ShowBatch { Id = id })).Items.Select(i => new
                        {
                            @ref = i.Reference,
                            name = i.PartyName,
                            i.IdTail,
                            i.Category,
                            i.AnsweredAt,
                            i.Found,
                        })
                    )
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("The lines of a batch: asked against answered");

        api.MapPost(
                "/inquiry-batches/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency) =>
                {
                    var (id, verb) = Parts(idAndVerb);
                    if (verb != "resend")
                        throw new RuleBroken($"没有这个动作：{verb}。可用：resend。", "verb");
                    idempotency.Shape = b => Resent((Network.BatchRow)b);
                    return Resent(await mediator.Send(new Network.ResendBatch { Id = id }));
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary(":resend, the lines without an answer once more")
            .Repeats();

        api.MapGet(
                "/cases/{caseId:long}/control-proposals",
                async (long caseId, IMediator mediator) =>
                    Results.Ok(
                        (await mediator.Send(new Control.ShowProposals { CaseId = caseId })).Proposals.Select(p => new
                        {
                            p.AssetId,
                            p.PartyName,
                            p.AssetName,
                            p.Category,
                            p.Act,
                            p.Authority,
                            p.Value,
                            p.Amount,
                            p.Due,
                            p.Chosen,
                            why = $"{p.Why}",
                        })
                    )
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("What was found and is free, with what to do about it; amounts in cents");

        api.MapPost(
                "/cases/{caseId:long}/control-drafts",
                async (long caseId, DraftBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = m => Drafted(caseId, (IReadOnlyList<MeasureRow>)m);
                    return Drafted(caseId, await mediator.Send(new Control.DraftControl { CaseId = caseId, AssetIds = body.AssetIds ?? [] }));
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Rules the control of what is proposed, or of the assets named, and drafts the papers")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/inquiry-feedback",
                async (FeedbackBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(r);
                    return Reply.Of(await mediator.Send(new Network.TakeFeedback { Text = body.Lines ?? "" }));
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Answers as JSON lines, an outcome each; the same line again changes nothing")
            .Repeats();

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
                    var (id, verb) = Parts(idAndVerb);
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

        api.MapGet(
                "/auctions",
                async (long? caseId, string? state, IMediator mediator) =>
                    Results.Ok((await mediator.Send(new Auctions.ListAuctions { CaseId = caseId, State = state ?? "" })).Rows)
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Sales, newest first");

        api.MapGet(
                "/enforcement-dates",
                async (long? caseId, string? kind, IMediator mediator) =>
                    Results.Ok((await mediator.Send(new Dates.ListDates { CaseId = caseId, Kind = kind ?? "" })).Rows)
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Dates on which somebody must have acted: money, instalments, means, sales, inquiries after the end of a round");

        api.MapGet(
                "/findings",
                async (string? leak, string? state, long? caseId, IMediator mediator) =>
                    Results.Ok(
                        (
                            await mediator.Send(
                                new ListFindings
                                {
                                    Leak = leak ?? "",
                                    State = state ?? "",
                                    CaseId = caseId,
                                }
                            )
                        ).Rows
                    )
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Open findings of the leak checks, by their day");
    }

    private static Reply Batch(Network.BatchRow b) =>
        Reply.Created(
            $"/api/v1/inquiry-batches/{b.Id}",
            new
            {
                b.Id,
                b.Items,
                b.Channel,
                b.State,
            },
            b.Version
        );

    private static Reply Resent(Network.BatchRow b) =>
        Reply.Of(
            new
            {
                b.Id,
                b.Items,
                b.Answered,
                b.Round,
                b.State,
            },
            b.Version
        );

    private static Reply Drafted(long caseId, IReadOnlyList<MeasureRow> made) =>
        Reply.Created(
            $"/api/v1/cases/{caseId}/control-proposals",
            made.Select(m => new
                {
                    m.Id,
                    m.AssetId,
                    m.Act,
                    m.Amount,
                    m.Place,
                    m.State,
                })
                .ToList()
        );

    internal sealed record DraftBody
    {
        public IReadOnlyList<long>? AssetIds { get; init; }
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

    internal sealed record BatchBody
    {
        public long? CaseId { get; init; }
        public IReadOnlyList<string>? Categories { get; init; }
    }

    internal sealed record FeedbackBody
    {
        public string? Lines { get; init; }
    }

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

    private static Reply Sent(IReadOnlyList<LinkageRow> sent) => Reply.Created("/api/v1/linkage-requests", sent.Select(Shape).ToList());

    private static Reply Answered(LinkageRow l) => Reply.Of(Shape(l), l.Version);

    private static object Shape(LinkageRow l) =>
        new
        {
            l.Id,
            l.CaseId,
            agency = l.AgencyName,
            l.Act,
            l.State,
            due = l.DueOn,
            l.SentAt,
            l.Digest,
            l.AnsweredAt,
            l.Answer,
            l.Receipt,
            l.Version,
        };

    internal static (long Id, string Verb) Parts(string idAndVerb)
    {
        var parts = idAndVerb.Split(':');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (id, parts[1])
            : throw new NotFound("路径", idAndVerb);
    }

    private static Reply Made(MeasureRow m, Law.ICalendarSource calendars) =>
        Reply.Created($"/api/v1/measures?caseId={m.CaseId}", Body(m, calendars), m.Version);

    private static Reply Answer(MeasureRow m, Law.ICalendarSource calendars) => Reply.Of(Body(m, calendars), m.Version);

    private static object Body(MeasureRow m, Law.ICalendarSource calendars) =>
        new
        {
            m.Id,
            m.CaseId,
            m.AssetId,
            m.State,
            m.Place,
            start = m.StartOn,
            end = m.EndOn,
            m.LastRenewal,
            courtLastDay = m.CourtLast,
            differs = m.ReceiptEnd is { } r && r != m.ComputedEnd,
            m.NextDate,
            warnings = MeasureClock
                .Warnings(m, calendars.For(null))
                .Select(w => new
                {
                    w.Date,
                    w.Tier,
                    w.To,
                }),
            m.Version,
        };

    internal sealed record TakeBody
    {
        public long CaseId { get; init; }
        public long? AssetId { get; init; }
        public long? PartyId { get; init; }
        public string? Kind { get; init; }
        public string? Category { get; init; }
        public string? Description { get; init; }
        public DateOnly? RuledOn { get; init; }
        public DateOnly? Start { get; init; }
        public int? Years { get; init; }
        public string? Basis { get; init; }
        public decimal? Amount { get; init; }
        public int? Place { get; init; }
        public string? Authority { get; init; }
        public string? Paper { get; init; }
        public string? Receipt { get; init; }
        public DateOnly? ReceiptEnd { get; init; }
        public int? ReceiptPlace { get; init; }
        public DateOnly? HeadEnd { get; init; }
    }

    internal sealed record LinkageBody
    {
        public long CaseId { get; init; }
        public IReadOnlyList<string>? Agencies { get; init; }
        public string? Act { get; init; }
        public string? Words { get; init; }
        public string? Basis { get; init; }
        public IReadOnlyList<long>? DocumentIds { get; init; }
        public DateOnly? Due { get; init; }
    }

    internal sealed record AnswerBody
    {
        public string? Answer { get; init; }
        public string? Receipt { get; init; }
        public string? ReleasedBy { get; init; }
    }

    internal sealed record ActBody
    {
        public DateOnly? On { get; init; }
        public DateOnly? From { get; init; }
        public int? Years { get; init; }
        public string? Paper { get; init; }
        public string? Receipt { get; init; }
        public DateOnly? ReceiptEnd { get; init; }
        public string? Why { get; init; }
        public int? Place { get; init; }
        public bool? Follow { get; init; }
        public DateOnly? HeadEnd { get; init; }
        public string? Kind { get; init; }
        public string? Words { get; init; }
    }
}
