using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Api;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.ServiceOfDocuments.Api;

internal static class ServiceApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/service-requests",
                async (ServiceRequestBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Opened((RequestService.Result)r);
                    return Opened(
                        await mediator.Send(
                            new RequestService
                            {
                                CaseId = body.CaseId,
                                DocumentIds = body.DocumentIds ?? [],
                                PartyIds = body.PartyIds ?? [],
                                Note = body.Note ?? "",
                                Reason = body.Reason ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("service.request")
            .WithTags("service")
            .WithSummary("Asks for documents to be served; opens the order")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/service-tasks",
                async (long? caseId, long? orderId, IMediator mediator) => Results.Ok(await mediator.Send(new ListTasks { CaseId = caseId, OrderId = orderId }))
            )
            .Permit("service.read")
            .WithTags("service")
            .WithSummary("State per document and recipient, with effect");

        api.MapGet("/service-board", async (int? days, IMediator mediator) => Results.Ok(await mediator.Send(new Board.ShowBoard { Days = days ?? 180 })))
            .Permit("service.read")
            .WithTags("service")
            .WithSummary("Figures of the Service centre over what the key may see");

        api.MapGet(
                "/service-steps",
                async (string? channel, bool? later, IMediator mediator) =>
                    Results.Ok((await mediator.Send(new Calls.ListSteps { Channel = channel ?? "phone", Later = later ?? false })).Rows)
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Steps that are due: phone, postal, visit, entrusted, transferred, announcement");

        api.MapPost(
                "/service-tracking",
                async (List<TrackBody?>? body, IMediator mediator, TimeProvider clock, Idempotency idempotency) =>
                {
                    var lines = (body ?? [])
                        .Select(
                            (b, i) =>
                                b is { Tracking: { Length: > 0 and <= 40 } t, Event: { Length: > 0 } e, At: { } at }
                                && at <= clock.GetUtcNow().AddMinutes(5)
                                && at.Year >= 2000
                                    ? new Post.TrackLine(i + 1, t.Trim().ToUpperInvariant(), at, e.Length > 200 ? e[..200] : e, b.Signer ?? "")
                                    : throw new RuleBroken($"第 {i + 1} 行需要 tracking、at（不在将来）和 event。", $"[{i}]")
                        )
                        .ToList();
                    idempotency.Shape = r => Reply.Of(((Post.TakeTracking.Result)r).Lines);
                    return Reply.Of((await mediator.Send(new Post.TakeTracking { Lines = lines })).Lines);
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Tracking of court express mail: [{tracking, at, event, signer}]; outcome per line")
            .Repeats();

        api.MapPost(
                "/service-contests/{orderId:long}",
                async (long orderId, ContestBody? body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(r);
                    return Reply.Of(
                        await mediator.Send(
                            new DecideContest
                            {
                                OrderId = orderId,
                                Stands = body?.Stands,
                                Again = body?.Again ?? false,
                                Words = body?.Words ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary("Decides a contested service: {stands, words, again}")
            .Repeats();

        api.MapPost(
                "/service-tasks/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency, ActBody? body) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    switch (parts[1])
                    {
                        case "send":
                            return Reply.Of(await mediator.Send(new SendNotice { TaskId = id }));
                        case "bounce":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(
                                new RecordBounce
                                {
                                    NoticeId = (await mediator.Send(new NoticeOfTask { TaskId = id })),
                                    At = body?.At,
                                    Reason = body?.Reason ?? body?.Words ?? "",
                                }
                            );
                            return Reply.Of(new { id });
                        case "attempt":
                            idempotency.Shape = r => Reply.Of(r);
                            return Reply.Of(
                                await mediator.Send(
                                    new Attempts.RecordAttempt
                                    {
                                        TaskId = id,
                                        Channel = body?.Channel ?? "",
                                        Outcome = body?.Outcome ?? "",
                                        On = body?.On ?? (body?.At is { } tried ? Kernel.Web.Times.Day(tried) : null),
                                        Address = body?.Address ?? "confirmed",
                                        Warned = body?.Warned ?? false,
                                        Signer = body?.Signer ?? "self",
                                        Opposing = body?.Opposing ?? false,
                                        Witness = body?.Witness ?? "",
                                        Place = body?.Place ?? "",
                                        Tracking = body?.Tracking ?? "",
                                        Words = body?.Words ?? "",
                                        Foreign = body?.Foreign ?? false,
                                        EvidenceId = body?.EvidenceId,
                                    }
                                )
                            );
                        case "decide":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(
                                new DecideDoubt
                                {
                                    NoticeId = (await mediator.Send(new NoticeOfTask { TaskId = id })),
                                    Went = body?.Went ?? throw new RuleBroken("请说明 went：true 或 false。", "went"),
                                    At = body.At,
                                    Words = body.Words ?? "",
                                }
                            );
                            return Reply.Of(new { id });
                        case "plan":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(
                                new Steward.ChangePlan
                                {
                                    NoticeId = await mediator.Send(new NoticeOfTask { TaskId = id }),
                                    Channel = body?.Channel ?? "",
                                    Reason = body?.Reason ?? body?.Words ?? "",
                                }
                            );
                            return Reply.Of(new { id });
                        case "contest":
                            idempotency.Shape = r => Reply.Of(new { orderId = r });
                            return Reply.Of(
                                new
                                {
                                    orderId = await mediator.Send(
                                        new Contest
                                        {
                                            NoticeId = await mediator.Send(new NoticeOfTask { TaskId = id }),
                                            Words = body?.Words ?? body?.Reason ?? "",
                                        }
                                    ),
                                }
                            );
                        case "decide-shared-address":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(
                                new DecideSharedAddress { NoticeId = await mediator.Send(new NoticeOfTask { TaskId = id }), Words = body?.Words ?? "" }
                            );
                            return Reply.Of(new { id });
                        case "new-link":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(new RenewLink { NoticeId = await mediator.Send(new NoticeOfTask { TaskId = id }) });
                            return Reply.Of(new { id });
                        case "custody":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(
                                new Field.MarkCustody
                                {
                                    NoticeId = await mediator.Send(new NoticeOfTask { TaskId = id }),
                                    Institution = body?.Place ?? body?.Words ?? "",
                                }
                            );
                            return Reply.Of(new { id });
                        case "answer":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(
                                new Party.AnswerParty { NoticeId = await mediator.Send(new NoticeOfTask { TaskId = id }), Text = body?.Words ?? "" }
                            );
                            return Reply.Of(new { id });
                        default:
                            throw new RuleBroken(
                                $"没有这个动作：{parts[1]}。可用：send、attempt、plan、bounce、decide、contest、decide-shared-address、new-link、custody、answer。",
                                "verb"
                            );
                    }
                }
            )
            .Permit("service.work")
            .WithTags("service")
            .WithSummary(
                "The clerk's acts: :send, :attempt (by phone, post, in the field, by announcement), :bounce, :decide, :plan, :contest, :new-link, "
                    + ":custody, :answer"
            )
            .Repeats();
    }

    private static Reply Opened(RequestService.Result opened) => Reply.Created($"/api/v1/work-orders/{opened.OrderId}", opened);

    internal sealed record ServiceRequestBody
    {
        public long CaseId { get; init; }
        public IReadOnlyList<long>? DocumentIds { get; init; }
        public IReadOnlyList<long>? PartyIds { get; init; }
        public string? Note { get; init; }

        /// <summary>Why something goes out again.</summary>
        public string? Reason { get; init; }
    }

    internal sealed record TrackBody
    {
        public string? Tracking { get; init; }
        public DateTimeOffset? At { get; init; }
        public string? Event { get; init; }
        public string? Signer { get; init; }
    }

    internal sealed record ContestBody
    {
        public bool? Stands { get; init; }
        public bool? Again { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record ActBody
    {
        public bool? Went { get; init; }
        public DateTimeOffset? At { get; init; }
        public string? Reason { get; init; }
        public string? Words { get; init; }

        /// <summary>Of an attempt: phone, postal, direct, leave, collected, entrusted, transferred, announcement.</summary>
        public string? Channel { get; init; }
        public string? Outcome { get; init; }
        public DateOnly? On { get; init; }
        public string? Address { get; init; }
        public bool? Warned { get; init; }
        public string? Signer { get; init; }
        public bool? Opposing { get; init; }
        public string? Witness { get; init; }
        public string? Place { get; init; }
        public string? Tracking { get; init; }
        public bool? Foreign { get; init; }
        public long? EvidenceId { get; init; }
    }
}
