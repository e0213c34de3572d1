using CourtOps.Enforcement.Field;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Enforcement.Api;

/// <summary>Field trips: plan, stops, results without pictures (those come by the page), and the pictures themselves.</summary>
internal static class FieldApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/field-trips", async (bool? past, IMediator mediator) => Results.Ok((await mediator.Send(new ListTrips { Past = past ?? false })).Rows))
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Field trips, the next first");

        api.MapGet("/field-trips/{id:long}", async (long id, IMediator mediator) => Results.Ok((await mediator.Send(new ShowTrip { Id = id })).Stops))
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("The stops of a trip");

        api.MapPost(
                "/field-trips",
                async (TripBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = t => Planned((TripRow)t);
                    return Planned(
                        await mediator.Send(
                            new PlanTrip
                            {
                                Day = body.Day,
                                VehicleId = body.VehicleId,
                                Team = body.Team ?? "",
                                Words = body.Words ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("A day's trip of a team, with a vehicle or without")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/field-trips/{idAndVerb}",
                async (string idAndVerb, HttpRequest http, IMediator mediator, Idempotency idempotency) =>
                {
                    var (id, verb) = EnforcementApi.Parts(idAndVerb);
                    idempotency.Shape = t => Stepped((TripRow)t);
                    return Stepped(
                        await mediator.Send(
                            new StepTrip
                            {
                                Id = id,
                                Version = IfMatch.Version(http),
                                Step = verb,
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary(":go, :back, :cancel")
            .Repeats()
            .Versioned();

        api.MapPost(
                "/field-stops",
                async (StopBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = s => Added((StopRow)s);
                    return Added(
                        await mediator.Send(
                            new AddStop
                            {
                                TripId = body.TripId,
                                CaseId = body.CaseId,
                                PartyId = body.PartyId,
                                AssetId = body.AssetId,
                                Purpose = body.Purpose ?? "",
                                Address = body.Address ?? "",
                                Words = body.Words ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Puts a place on a trip")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/field-trip-measures",
                async (MeasuresBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Put((PutOnTrip.Result)r);
                    return Put(
                        await mediator.Send(
                            new PutOnTrip
                            {
                                TripId = body.TripId,
                                MeasureIds = body.MeasureIds ?? [],
                                Address = body.Address ?? "",
                                Words = body.Words ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Puts measures on a trip to the bank or registry that keeps them")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/field-stops/{idAndVerb}",
                async (string idAndVerb, ResultBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    var (id, verb) = EnforcementApi.Parts(idAndVerb);
                    idempotency.Shape = s => Recorded((StopRow)s);
                    return Recorded(
                        verb switch
                        {
                            "record" => await mediator.Send(
                                new RecordStop
                                {
                                    Id = id,
                                    Outcome = body.Outcome ?? "",
                                    Place = body.Place ?? "",
                                    Words = body.Words ?? "",
                                    PhoneTime = body.PhoneTime,
                                    Value = body.Value,
                                }
                            ),
                            "add" => await mediator.Send(new AddToStop { Id = id, Words = body.Words ?? "" }),
                            _ => throw new RuleBroken($"没有这个动作：{verb}。可用：record、add。", "verb"),
                        }
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary(":record what happened, :add words later")
            .Repeats();
    }

    /// <summary>The reception desk.</summary>
    public static void MapVisits(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/visits",
                async (string? state, long? caseId, IMediator mediator) =>
                    Results.Ok(await mediator.Send(new Reception.ListVisits { State = state ?? "open", CaseId = caseId }))
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Visits to the enforcement office, by the day of their answer");

        api.MapPost(
                "/visits",
                async (VisitBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = v => Came((Reception.VisitRow)v);
                    return Came(
                        await mediator.Send(
                            new Reception.TakeVisit
                            {
                                CaseNumber = body.CaseNumber ?? "",
                                Visitor = body.Visitor ?? "",
                                Phone = body.Phone ?? "",
                                Way = body.Way ?? "desk",
                                Topic = body.Topic ?? "",
                                Words = body.Words ?? "",
                                Due = body.Due,
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Somebody came, called or wrote about a case")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/visits/{idAndVerb}",
                async (string idAndVerb, HttpRequest http, VisitAnswerBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    var (id, verb) = EnforcementApi.Parts(idAndVerb);
                    if (verb != "answer")
                        throw new RuleBroken($"没有这个动作：{verb}。可用：answer。", "verb");
                    idempotency.Shape = v => Told((Reception.VisitRow)v);
                    return Told(
                        await mediator.Send(
                            new Reception.AnswerVisit
                            {
                                Id = id,
                                Version = IfMatch.Version(http),
                                Answer = body.Answer ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary(":answer, what the visitor was told")
            .Repeats()
            .Versioned();
    }

    private static Reply Came(Reception.VisitRow v) =>
        Reply.Created(
            $"/api/v1/visits?caseId={v.CaseId}",
            new
            {
                v.Id,
                v.CaseId,
                v.State,
                v.DueOn,
            },
            v.Version
        );

    private static Reply Told(Reception.VisitRow v) =>
        Reply.Of(
            new
            {
                v.Id,
                v.State,
                v.AnsweredAt,
            },
            v.Version
        );

    internal sealed record VisitBody
    {
        public string? CaseNumber { get; init; }
        public string? Visitor { get; init; }
        public string? Phone { get; init; }
        public string? Way { get; init; }
        public string? Topic { get; init; }
        public string? Words { get; init; }
        public DateOnly? Due { get; init; }
    }

    internal sealed record VisitAnswerBody
    {
        public string? Answer { get; init; }
    }

    /// <summary>The pictures of stops, outside the API.</summary>
    public static void MapPhotos(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet(
                "/enforcement/stop-records/{id:long}",
                async (long id, HttpContext http, IMediator mediator, BlobStore blobs) =>
                {
                    var record = await mediator.Send(new ReadStopRecord { Id = id });
                    http.Response.Headers.CacheControl = "private, no-store";
                    http.Response.Headers.ContentSecurityPolicy = "default-src 'none'";
                    return Results.File(blobs.Open(record.Blob!), record.Mime, enableRangeProcessing: true);
                }
            )
            .ExcludeFromDescription()
            .Permit("enforcement.read");

    private static Reply Planned(TripRow t) =>
        Reply.Created(
            $"/api/v1/field-trips/{t.Id}",
            new
            {
                t.Id,
                t.Number,
                t.Day,
                t.Plate,
                t.State,
            },
            t.Version
        );

    private static Reply Stepped(TripRow t) =>
        Reply.Of(
            new
            {
                t.Id,
                t.Number,
                t.State,
            },
            t.Version
        );

    private static Reply Added(StopRow s) =>
        Reply.Created(
            $"/api/v1/field-trips/{s.TripId}",
            new
            {
                s.Id,
                s.TripId,
                s.N,
                s.Purpose,
                s.State,
            },
            s.Version
        );

    private static Reply Put(PutOnTrip.Result r) =>
        Reply.Created(
            $"/api/v1/field-trips/{r.Trip.Id}",
            new
            {
                r.Trip.Id,
                r.Added,
                r.Already,
            },
            r.Trip.Version
        );

    private static Reply Recorded(StopRow s) =>
        Reply.Of(
            new
            {
                s.Id,
                s.State,
                s.Outcome,
                s.VisitedAt,
            },
            s.Version
        );

    internal sealed record TripBody
    {
        public DateOnly? Day { get; init; }
        public long? VehicleId { get; init; }
        public string? Team { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record StopBody
    {
        public long TripId { get; init; }
        public long CaseId { get; init; }
        public long? PartyId { get; init; }
        public long? AssetId { get; init; }
        public string? Purpose { get; init; }
        public string? Address { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record MeasuresBody
    {
        public long TripId { get; init; }
        public IReadOnlyList<long>? MeasureIds { get; init; }
        public string? Address { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record ResultBody
    {
        public string? Outcome { get; init; }
        public string? Place { get; init; }
        public string? Words { get; init; }
        public DateTimeOffset? PhoneTime { get; init; }
        public decimal? Value { get; init; }
    }
}
