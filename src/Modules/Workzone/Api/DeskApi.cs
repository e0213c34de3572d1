using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Batches;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Workzone.Api;

/// <summary>Batches, notices and search for programs; the workbook of a queue for browsers.</summary>
internal static class DeskApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/work-orders:batch",
                async (BatchBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = id => Begun((long)id);
                    var id = await mediator.Send(
                        new CreateBatch
                        {
                            Step = body.Step ?? "",
                            OrderIds = body.OrderIds ?? [],
                            Filter = body.Filter is null
                                ? null
                                : QueueUrl.Filter(new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(body.Filter))),
                            Words = body.Words ?? body.Reason ?? "",
                            PersonId = body.PersonId,
                            WakeAt = body.WakeAt,
                        }
                    );
                    return Begun(id);
                }
            )
            .Permit("workzone.orders.step")
            .WithTags("work-orders")
            .WithSummary("One step on many orders: orderIds, or filter as in the address of a queue; runs in the background")
            .Produces(StatusCodes.Status202Accepted)
            .Repeats();

        api.MapGet(
                "/batches/{id:long}",
                async (long id, string? outcome, int? after, IMediator mediator) =>
                {
                    var r = await mediator.Send(
                        new ShowBatch
                        {
                            Id = id,
                            Outcome = outcome,
                            After = after ?? 0,
                            Take = 200,
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            r.Batch.Id,
                            r.Batch.Step,
                            r.Batch.State,
                            r.Batch.Total,
                            done = r.Batch.DoneCount,
                            refused = r.Batch.RefusedCount,
                            r.Batch.Position,
                            r.Batch.CreatedAt,
                            r.Batch.EndedAt,
                            items = r.Items.Select(i => new
                            {
                                i.N,
                                i.OrderId,
                                i.Number,
                                i.Outcome,
                                i.Reason,
                            }),
                            next = r.Next,
                        }
                    );
                }
            )
            .Permit("workzone.orders.read")
            .WithTags("work-orders")
            .WithSummary("A batch of the caller with an outcome per order");

        api.MapPost(
                "/batches/{id:long}:cancel",
                async (long id, IMediator mediator) =>
                {
                    await mediator.Send(new CancelBatch { Id = id });
                    return Results.Ok(new { id });
                }
            )
            .Permit("workzone.orders.step")
            .WithTags("work-orders")
            .WithSummary("What is not done yet will not be done");

        api.MapGet(
                "/notices",
                async (bool? unread, long? before, IMediator mediator, Texts texts) =>
                {
                    var r = await mediator.Send(new ListNotices { UnreadOnly = unread ?? false, Before = before ?? long.MaxValue });
                    return Results.Ok(
                        new
                        {
                            unread = r.Unread,
                            items = r.Notices.Select(n => new
                            {
                                n.Id,
                                n.Kind,
                                text = n.Words(texts),
                                link = n.Link,
                                n.CreatedAt,
                                n.ReadAt,
                            }),
                            next = r.Next,
                        }
                    );
                }
            )
            .Permit(PermitAttribute.SignedIn)
            .WithTags("people")
            .WithSummary("The caller's notices, newest first");
    }

    private static Reply Begun(long id) => Reply.Accepted($"/api/v1/batches/{id}", new { id });

    public static void MapPages(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet(
                "/orders/export.xlsx",
                async (HttpContext http, IMediator mediator, Texts texts, OrderTypes types, TimeProvider clock) =>
                {
                    var data = await mediator.Send(new ExportOrders { Filter = QueueUrl.Filter(http.Request.Query) });
                    var columns = QueueColumns.Of(http.Request.Query["cols"]);
                    var now = clock.GetUtcNow();
                    using var memory = new MemoryStream();
                    OrderWorkbook.Write(memory, data, columns, texts, types, now);
                    http.Response.Headers.CacheControl = "private, no-store";
                    return Results.File(
                        memory.ToArray(),
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                        string.Create(CultureInfo.InvariantCulture, $"orders-{Times.Local(now):yyyyMMdd-HHmm}.xlsx")
                    );
                }
            )
            .Permit("workzone.orders.export")
            .ExcludeFromDescription();

    internal sealed record BatchBody
    {
        public string? Step { get; init; }
        public IReadOnlyList<long>? OrderIds { get; init; }
        public string? Filter { get; init; }
        public string? Words { get; init; }
        public string? Reason { get; init; }
        public long? PersonId { get; init; }
        public DateTimeOffset? WakeAt { get; init; }
    }
}
