using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Announce;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Entrust;
using CourtOps.ServiceOfDocuments.Field;
using CourtOps.ServiceOfDocuments.Post;
using CourtOps.Workzone.Api;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.ServiceOfDocuments.Api;

/// <summary>Addresses, calls, letters, visits and announcements over HTTP: the same commands as the pages.</summary>
internal static class WaysApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/service-addresses",
                async (long? caseId, long? partyId, IMediator mediator) =>
                {
                    var found = await mediator.Send(new ShowAddresses { CaseId = caseId ?? 0, PartyId = partyId ?? 0 });
                    return Results.Ok(
                        new
                        {
                            chain = found.Chain.Select(Of),
                            ended = found.Others.Select(Of),
                            found.Confirmations,
                            elsewhere = found.Elsewhere,
                        }
                    );
                }
            )
            .Permit("service.read")
            .WithTags("service")
            .WithSummary("Addresses of a party in the order of C-03, masked; its confirmations");

        api.MapPost(
                "/service-addresses",
                async (AddressBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(new { id = r });
                    return Reply.Of(
                        new
                        {
                            id = await mediator.Send(
                                new AddAddress
                                {
                                    CaseId = b?.CaseId ?? 0,
                                    PartyId = b?.PartyId ?? 0,
                                    Origin = b?.Origin ?? "",
                                    Address = b?.Address ?? "",
                                    Postcode = b?.Postcode ?? "",
                                    Recipient = b?.Recipient ?? "",
                                    Phone = b?.Phone ?? "",
                                    Warned = b?.Warned ?? false,
                                    UsedOn = b?.UsedOn,
                                    EvidenceId = b?.EvidenceId,
                                    Evidence = b?.Evidence ?? "",
                                }
                            ),
                        }
                    );
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Adds an address with its origin: agreed, filed, other-case, habitual, registered")
            .Repeats();

        api.MapPost(
                "/service-confirmations",
                async (AddressBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(new { id = r });
                    return Reply.Of(
                        new
                        {
                            id = await mediator.Send(
                                new RecordConfirmation
                                {
                                    CaseId = b?.CaseId ?? 0,
                                    PartyId = b?.PartyId ?? 0,
                                    ScanId = b?.EvidenceId,
                                    Form = new ConfirmationForm
                                    {
                                        Recipient = b?.Recipient ?? "",
                                        Address = b?.Address ?? "",
                                        Postcode = b?.Postcode ?? "",
                                        Phone = b?.Phone ?? "",
                                        Email = b?.Email ?? "",
                                        EService = b?.EService ?? false,
                                        Judgments = b?.Judgments ?? false,
                                        Agent = b?.Agent ?? "",
                                        LaterToo = b?.LaterToo ?? true,
                                        SignedOn = b?.UsedOn,
                                    },
                                }
                            ),
                        }
                    );
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Records an address confirmation signed on paper (evidenceId: its scan, usedOn: the day signed)")
            .Repeats();

        api.MapPost(
                "/service-steps/{idAndVerb}",
                async (string idAndVerb, StepBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    idempotency.Shape = r => Reply.Of(r);
                    return parts[1] switch
                    {
                        "call" => Reply.Of(
                            await mediator.Send(
                                new RecordCall
                                {
                                    StepId = id,
                                    Outcome = b?.Outcome ?? "",
                                    Words = b?.Words ?? "",
                                    Email = b?.Email ?? "",
                                    At = b?.At,
                                }
                            )
                        ),
                        "letter" => Reply.Of(
                            await mediator.Send(
                                new RecordLetter
                                {
                                    StepId = id,
                                    Outcome = b?.Outcome ?? "",
                                    Signer = b?.Signer ?? "self",
                                    Opposing = b?.Opposing ?? false,
                                    On = b?.On,
                                    Words = b?.Words ?? "",
                                    EvidenceId = b?.EvidenceId,
                                }
                            )
                        ),
                        "visit" => Reply.Of(
                            await mediator.Send(
                                new RecordVisit
                                {
                                    StepId = id,
                                    Outcome = b?.Outcome ?? "",
                                    Signer = b?.Signer ?? "self",
                                    Opposing = b?.Opposing ?? false,
                                    Place = b?.Place ?? "",
                                    Witness = b?.Witness ?? "",
                                    Words = b?.Words ?? "",
                                    PhoneTime = b?.At,
                                }
                            )
                        ),
                        "tracking" => Reply.Of(await TrackingAsync(mediator, id, b?.Tracking ?? "")),
                        "entrust" => Reply.Of(
                            new
                            {
                                id = await mediator.Send(
                                    new EntrustStep
                                    {
                                        StepId = id,
                                        Court = b?.Court ?? "",
                                        Address = b?.Address ?? "",
                                        Words = b?.Words ?? "",
                                    }
                                ),
                            }
                        ),
                        _ => throw new RuleBroken($"没有这个动作：{parts[1]}。可用：call、letter、visit、tracking、entrust。", "verb"),
                    };
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary(
                "What came of a step: :call, :letter, :visit; the carrier's number of a letter: :tracking; or another court is asked to serve: :entrust"
            )
            .Repeats();

        api.MapPost(
                "/service-trips",
                async (BatchBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(new { id = r });
                    return Reply.Of(new { id = await mediator.Send(new MakeTrip { StepIds = b?.StepIds ?? [], Day = b?.Day }) });
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Puts visits of one day into a trip: {stepIds, day}")
            .Repeats();

        api.MapPost(
                "/service-calls",
                async (IncomingBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = _ => Reply.Of(new { recorded = true });
                    await mediator.Send(
                        new RecordIncoming
                        {
                            Number = b?.Number ?? "",
                            NoticeId = b?.TaskId is { } task ? await mediator.Send(new Tasks.NoticeOfTask { TaskId = task }) : null,
                            Words = b?.Words ?? "",
                            CallbackAt = b?.CallbackAt,
                        }
                    );
                    return Reply.Of(new { recorded = true });
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("A call that came in: {number, taskId, words, callbackAt}")
            .Repeats();

        api.MapGet(
                "/service-callbacks",
                async (IMediator mediator) =>
                    Results.Ok(
                        (await mediator.Send(new ListCallbacks())).Select(c => new
                        {
                            c.Id,
                            c.CallbackAt,
                            c.Recipient,
                            c.NumberTail,
                            c.Words,
                            c.ByName,
                        })
                    )
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Who is to be called back, by time");

        api.MapPost(
                "/service-callbacks/{id:long}/done",
                async (long id, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = _ => Reply.Of(new { id });
                    await mediator.Send(new DoneCallback { CallId = id });
                    return Reply.Of(new { id });
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Called back")
            .Repeats();

        api.MapPost(
                "/service-addresses/{id:long}/end",
                async (long id, EndBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = _ => Reply.Of(new { id });
                    await mediator.Send(
                        new EndAddress
                        {
                            AddressId = id,
                            CaseId = b?.CaseId ?? 0,
                            Why = b?.Why ?? "",
                        }
                    );
                    return Reply.Of(new { id });
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("An address is not used any more: {caseId, why}")
            .Repeats();

        api.MapGet(
                "/service-recordings",
                async (IMediator mediator) =>
                    Results.Ok(
                        (await mediator.Send(new ListRecordings())).Open.Select(r => new
                        {
                            r.Id,
                            r.Name,
                            r.NumberTail,
                            r.CalledAt,
                            r.TakenAt,
                        })
                    )
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Recordings of calls that belong to no call yet");

        api.MapPost(
                "/service-recordings/{id:long}/claim",
                async (long id, ClaimBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = _ => Reply.Of(new { id });
                    await mediator.Send(
                        new ClaimRecording
                        {
                            Id = id,
                            CallId = b?.CallId,
                            Words = b?.Words ?? "",
                        }
                    );
                    return Reply.Of(new { id });
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Gives a recording to a call, or to none with a reason: {callId, words}")
            .Repeats();

        api.MapGet(
                "/service-entrusted",
                async (string? direction, IMediator mediator) =>
                    Results.Ok((await mediator.Send(new ListEntrusted { Direction = direction ?? "in" })).Select(Of))
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Service between courts: asked of us (in) or by us (out), with both clocks");

        api.MapGet(
                "/service-entrusted/{id:long}",
                async (long id, IMediator mediator) =>
                {
                    var s = await mediator.Send(new ShowEntrusted { Id = id });
                    return Results.Ok(
                        new
                        {
                            entrusted = Of(s.Row),
                            s.Address,
                            s.Phone,
                            receipts = s.Evidence.Select(e => new
                            {
                                e.Id,
                                e.Name,
                                e.Kind,
                                e.SeenAt,
                                e.SeenPlace,
                            }),
                        }
                    );
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("One that is asked of us: whom to serve, where, and the receipts given in");

        api.MapPost(
                "/service-entrusted/{idAndVerb}",
                async (string idAndVerb, StepBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    idempotency.Shape = _ => Reply.Of(new { id });
                    await (
                        parts[1] switch
                        {
                            "receive" => mediator.Send(new ReceiveEntrusted { Id = id }),
                            "answer" => mediator.Send(
                                new AnswerEntrusted
                                {
                                    Id = id,
                                    Outcome = b?.Outcome ?? "",
                                    On = b?.On,
                                    Signer = b?.Signer ?? "self",
                                    Opposing = b?.Opposing ?? false,
                                    Place = b?.Place ?? "",
                                    Words = b?.Words ?? "",
                                }
                            ),
                            "withdraw" => mediator.Send(new WithdrawEntrusted { Id = id, Why = b?.Words ?? "" }),
                            _ => throw new RuleBroken($"没有这个动作：{parts[1]}。可用：receive、answer、withdraw。", "verb"),
                        }
                    );
                    return Reply.Of(new { id });
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary(
                "The entrusted court receives (:receive) and returns what cannot be served (:answer {outcome, words}), the entrusting one withdraws "
                    + "(:withdraw); a signed receipt goes to /receipt"
            )
            .Repeats();

        api.MapPost(
                "/service-entrusted/{id:long}/receipt",
                async (long id, HttpRequest request, EvidenceFiles files, IMediator mediator, CancellationToken ct) =>
                {
                    await mediator.Send(new ShowEntrusted { Id = id }, ct); // whether there is such a matter comes before what is wrong with the request
                    if (!request.HasFormContentType)
                        throw new RuleBroken("请以 multipart/form-data 提交：file、on、place、signer、opposing、words。", "file");
                    var form = await request.FormAsync(ct);
                    string Field(string name) => form[name].ToString().Trim();
                    if (
                        Field("on") is { Length: > 0 } text
                        && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                    )
                        throw new RuleBroken($"日期应写作 2026-03-02 的样子：{text}。", "on");
                    DateOnly? on = DateOnly.TryParseExact(Field("on"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                        ? day
                        : null;
                    await mediator.Send(
                        new AnswerEntrusted
                        {
                            Id = id,
                            Outcome = "signed",
                            On = on,
                            Signer = Field("signer") is { Length: > 0 } signer ? signer : "self",
                            Opposing = Field("opposing") == "true",
                            Place = Field("place"),
                            Words = Field("words"),
                            Files = await files.TakeAsync(form.Files, ct),
                        },
                        ct
                    );
                    return Reply.Created($"/api/v1/service-entrusted/{id}", new { id });
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("The entrusted court has served: the photo of the signed receipt with day and place; told to the entrusting court")
            .Produces(StatusCodes.Status201Created)
            .TakesForm(
                new ApiField("file", "A photo of the receipt (JPEG, PNG, WebP); several may be sent.", IsFile: true, Required: true),
                new ApiField("on", "The day it was signed, 2026-03-02.", Required: true),
                new ApiField("place", "Where.", Required: true),
                new ApiField("signer", "self, family, agent or unit; self without."),
                new ApiField("opposing", "true where whoever signed is the opposing party."),
                new ApiField("words", "What else is to be said.")
            );

        api.MapPost(
                "/service-batches",
                async (BatchBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(r);
                    return Reply.Of(await mediator.Send(new MakeBatch { StepIds = b?.StepIds ?? [] }));
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Puts letters that are due into a batch")
            .Repeats();

        api.MapPost(
                "/service-batches/{id:long}/hand-over",
                async (long id, HandBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = _ => Reply.Of(new { id });
                    await mediator.Send(new HandOver { BatchId = id, To = b?.To ?? "" });
                    return Reply.Of(new { id });
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("The carrier has taken the batch")
            .Repeats();

        api.MapPost(
                "/service-announcements",
                async (AnnounceBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(r);
                    return Reply.Of(
                        await mediator.Send(
                            new PublishAnnouncement
                            {
                                TaskId = b?.TaskId ?? 0,
                                Text = b?.Text ?? "",
                                Ways = b?.Ways ?? [],
                                Newspaper = b?.Newspaper ?? "",
                                Cents = b?.Cents ?? 0,
                                Foreign = b?.Foreign ?? false,
                                EvidenceId = b?.EvidenceId,
                            }
                        )
                    );
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Serves by announcement; refused with the gate that is shut")
            .Repeats();

        api.MapPost(
                "/service-announcements/{id:long}/withdraw",
                async (long id, WhyBody? b, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = _ => Reply.Of(new { id });
                    await mediator.Send(new WithdrawAnnouncement { Id = id, Why = b?.Why ?? "" });
                    return Reply.Of(new { id });
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Withdraws an announcement before its day: {why}")
            .Repeats();
    }

    private static object Of(EntrustRow e) =>
        new
        {
            e.Id,
            e.FromCourtName,
            e.ToCourtName,
            e.CaseNumber,
            e.Recipient,
            e.State,
            e.SentAt,
            e.ReceiveBy,
            e.ReceivedAt,
            e.ServeBy,
            e.Outcome,
            e.OnDay,
            e.AnswerWords,
            e.AnsweredAt,
            papers = e.PaperList.Select(p => p.Title),
        };

    private static object Of(AddressRow a) =>
        new
        {
            a.Id,
            a.Origin,
            a.Hint,
            a.Recipient,
            a.Warned,
            a.UsedOn,
            a.Evidence,
            a.EvidenceId,
            a.EndedAt,
            a.EndedWhy,
        };

    internal sealed record AddressBody
    {
        public long? CaseId { get; init; }
        public long? PartyId { get; init; }
        public string? Origin { get; init; }
        public string? Address { get; init; }
        public string? Postcode { get; init; }
        public string? Recipient { get; init; }
        public string? Phone { get; init; }
        public string? Email { get; init; }
        public bool? EService { get; init; }
        public bool? Judgments { get; init; }
        public string? Agent { get; init; }
        public bool? LaterToo { get; init; }
        public bool? Warned { get; init; }
        public DateOnly? UsedOn { get; init; }
        public long? EvidenceId { get; init; }
        public string? Evidence { get; init; }
    }

    internal sealed record StepBody
    {
        public string? Outcome { get; init; }
        public string? Words { get; init; }
        public string? Email { get; init; }

        /// <summary>Name or sign of the court that is asked to serve.</summary>
        public string? Court { get; init; }
        public string? Address { get; init; }

        /// <summary>The carrier's number of a letter.</summary>
        public string? Tracking { get; init; }
        public DateTimeOffset? At { get; init; }
        public string? Signer { get; init; }
        public bool? Opposing { get; init; }
        public DateOnly? On { get; init; }
        public string? Place { get; init; }
        public string? Witness { get; init; }
        public long? EvidenceId { get; init; }
    }

    private static async Task<object> TrackingAsync(IMediator mediator, long id, string tracking)
    {
        await mediator.Send(new SetTracking { StepId = id, Tracking = tracking });
        return new { id };
    }

    internal sealed record IncomingBody
    {
        public string? Number { get; init; }
        public long? TaskId { get; init; }
        public string? Words { get; init; }
        public DateTimeOffset? CallbackAt { get; init; }
    }

    internal sealed record EndBody
    {
        public long? CaseId { get; init; }
        public string? Why { get; init; }
    }

    internal sealed record ClaimBody
    {
        public long? CallId { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record BatchBody
    {
        public IReadOnlyList<long>? StepIds { get; init; }

        /// <summary>Of a trip: its day.</summary>
        public DateOnly? Day { get; init; }
    }

    internal sealed record HandBody
    {
        public string? To { get; init; }
    }

    internal sealed record WhyBody
    {
        public string? Why { get; init; }
    }

    internal sealed record AnnounceBody
    {
        public long? TaskId { get; init; }
        public string? Text { get; init; }
        public IReadOnlyList<string>? Ways { get; init; }
        public string? Newspaper { get; init; }
        public long? Cents { get; init; }
        public bool? Foreign { get; init; }
        public long? EvidenceId { get; init; }
    }
}
