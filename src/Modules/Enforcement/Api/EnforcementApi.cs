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

/// <summary>Measures, auctions, dates and findings over the API: the same commands as the pages.</summary>
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
