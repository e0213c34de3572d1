using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Workzone.Api;

internal static class OrdersApi
{
    private static readonly Dictionary<string, string> Verbs = new()
    {
        ["assign"] = OrderStep.Assign,
        ["accept"] = OrderStep.Accept,
        ["return"] = OrderStep.Return,
        ["transfer"] = OrderStep.Transfer,
        ["pause"] = OrderStep.Pause,
        ["resume"] = OrderStep.Resume,
        ["escalate"] = OrderStep.Escalate,
        ["review"] = OrderStep.Approve,
        ["feedback"] = OrderStep.Feedback,
        ["close"] = OrderStep.Close,
        ["cancel"] = OrderStep.Cancel,
        ["resubmit"] = OrderStep.Resubmit,
        ["release"] = OrderStep.Release,
        ["send-back"] = OrderStep.SendBack,
        ["comment"] = OrderStep.Comment,
        ["reopen"] = OrderStep.Reopen,
        ["rate"] = OrderStep.Rate,
    };

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/work-orders",
                async (
                    IMediator mediator,
                    string? view,
                    string? centre,
                    string? state,
                    string? due,
                    string? type,
                    long? assignee,
                    long? asker,
                    bool? escalated,
                    string? text,
                    string? sort,
                    long? caseId,
                    string? after,
                    int? take,
                    bool? closed
                ) =>
                {
                    var result = await mediator.Send(
                        new ListOrders
                        {
                            View = view ?? (caseId is null ? "mine" : "court"),
                            Centre = centre,
                            State = state,
                            Due = due,
                            Type = type,
                            Assignee = assignee,
                            Asker = asker,
                            Escalated = escalated ?? false,
                            Text = text,
                            Sort = sort,
                            CaseId = caseId,
                            After = after,
                            Closed = closed ?? false,
                            Take = take is null or (> 0 and <= 200) ? take ?? ListOrders.PageSize : throw new RuleBroken("take 应在 1 到 200 之间。", "take"),
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            items = result.Rows,
                            count = result.Count > 1000 ? null : (int?)result.Count,
                            moreThan = result.Count > 1000 ? 1000 : (int?)null,
                            next = result.Next,
                        }
                    );
                }
            )
            .Permit("workzone.orders.read")
            .WithTags("work-orders")
            .WithSummary("A queue of work orders, by keyset");

        api.MapGet(
                "/work-orders/{id:long}",
                async (long id, IMediator mediator, HttpResponse response) =>
                {
                    var r = await mediator.Send(new ShowOrder { Id = id });
                    response.Headers.ETag = $"\"{r.Order.Version}\"";
                    return Results.Ok(
                        new
                        {
                            r.Order.Id,
                            r.Order.Number,
                            type = r.Order.OrderType,
                            r.Order.Centre,
                            r.Order.CourtId,
                            r.Order.CaseId,
                            r.Order.CaseNumber,
                            r.Order.Title,
                            r.Order.Subject,
                            r.Order.State,
                            r.Order.Escalated,
                            r.Order.Round,
                            r.Order.Mark,
                            r.Order.ReopensId,
                            r.Order.ParentId,
                            askedBy = new { id = r.Order.AskedBy, name = r.Order.AskedByName },
                            r.Order.AskedAt,
                            assignee = r.Order.AssigneeId is { } a ? new { id = a, name = r.Order.AssigneeName } : null,
                            r.Order.DueAt,
                            r.Order.WakeAt,
                            r.Order.ClosedAt,
                            r.Order.Version,
                            verified = r.BrokenAt is null,
                            allowed = r.Allowed.Select(x => x.Step).Distinct(),
                            form = JsonNode.Parse(r.Order.Form),
                            guide = r.Guide is { } g
                                ? new
                                {
                                    g.Version,
                                    g.Text,
                                    g.Checklist,
                                }
                                : null,
                            times = new
                            {
                                waitingMinutes = (int)r.Times.Waiting.TotalMinutes,
                                handlingMinutes = (int)r.Times.Handling.TotalMinutes,
                                pausedMinutes = (int)r.Times.Paused.TotalMinutes,
                                withAskerMinutes = (int)r.Times.WithAsker.TotalMinutes,
                                processingMinutes = (int)r.Times.Processing.TotalMinutes,
                                r.Times.Reassigned,
                                inTarget = r.Type is null ? null : r.Times.InTarget,
                            },
                            nodes = r.Nodes.Select(n => new
                            {
                                n.N,
                                n.Step,
                                from = n.FromState,
                                to = n.ToState,
                                n.Lane,
                                by = n.ActorName,
                                n.At,
                                args = JsonNode.Parse(n.Args),
                                n.Words,
                                n.Hash,
                            }),
                        }
                    );
                }
            )
            .Permit("workzone.orders.read")
            .WithTags("work-orders")
            .WithSummary("One work order with its nodes");

        api.MapGet(
                "/order-types",
                (OrderTypes types) =>
                    Results.Ok(
                        types
                            .All.OrderBy(t => t.Code, StringComparer.Ordinal)
                            .Select(t => new
                            {
                                t.Code,
                                t.Centre,
                                t.Label,
                                duty = t.Duty.ToString().ToLowerInvariant(),
                                t.TargetHours,
                                t.Review,
                                driven = t.IsDriven,
                                t.Guide,
                                t.GuideVersion,
                                t.Checklist,
                                form = t.Form.Select(f => new
                                {
                                    f.Name,
                                    f.Label,
                                    kind = f.Kind.ToString().ToLowerInvariant(),
                                    f.Required,
                                    f.Least,
                                    f.Most,
                                    f.Help,
                                    f.Choices,
                                }),
                            })
                    )
            )
            .Permit("workzone.orders.read")
            .WithTags("work-orders")
            .WithSummary("The kinds of work order with their forms, guides and target times");

        api.MapPost(
                "/work-orders",
                async (AskBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Opened((AskOrder.Result)r);
                    var result = await mediator.Send(
                        new AskOrder
                        {
                            CaseId = body.CaseId,
                            Type = body.Type ?? "",
                            ParentId = body.ParentId,
                            Form = (body.Form ?? []).ToDictionary(f => f.Key, f => Values(f.Value)),
                            Note = body.Note ?? "",
                        }
                    );
                    return Opened(result);
                }
            )
            .Permit("workzone.orders.ask")
            .WithTags("work-orders")
            .WithSummary("Opens a generic order by the form of its type (see /order-types)")
            .WithDescription(
                "Values of the form are strings, numbers, or lists of these; dates as YYYY-MM-DD; parties and documents by their ids. With parentId "
                    + "it becomes a part of that order, which waits for it. 201 with the new order; 200 with the open order of the same content where "
                    + "there is one; 422 names each wrong field as form.NAME."
            )
            .Produces(StatusCodes.Status201Created)
            .Produces(StatusCodes.Status200OK)
            .Repeats();

        api.MapGet("/phrases", async (IMediator mediator) => Results.Ok(await mediator.Send(new ListPhrases())))
            .Permit("workzone.orders.read")
            .WithTags("work-orders")
            .WithSummary("Words for return, pause, cancel and comment: the caller's own and the court's");

        api.MapPost(
                "/phrases",
                async (PhraseBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = id => Reply.Of(new { id = (long)id });
                    return Reply.Of(
                        new
                        {
                            id = await mediator.Send(
                                new SavePhrase
                                {
                                    Id = body.Id,
                                    Step = body.Step ?? "",
                                    Words = body.Words ?? "",
                                    Shared = body.Shared,
                                }
                            ),
                        }
                    );
                }
            )
            .Permit("workzone.orders.step")
            .WithTags("work-orders")
            .WithSummary("Adds words, or changes those with the id; shared needs the right for the court's")
            .Repeats();

        api.MapDelete(
                "/phrases/{id:long}",
                async (long id, IMediator mediator) =>
                {
                    await mediator.Send(new DeletePhrase { Id = id });
                    return Results.NoContent();
                }
            )
            .Permit("workzone.orders.step")
            .WithTags("work-orders")
            .WithSummary("Takes words away");

        api.MapPost(
                "/work-orders/{idAndVerb}",
                async (string idAndVerb, HttpRequest http, IMediator mediator, Idempotency idempotency, StepBody? body) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    if (!Verbs.TryGetValue(parts[1], out var step))
                        throw new RuleBroken($"没有这个动作：{parts[1]}。可用：{string.Join("、", Verbs.Keys)}。", "verb");
                    if (parts[1] == "review" && body?.Approve == false)
                        step = OrderStep.Refuse;
                    idempotency.Shape = o => Answer((OrderCard)o);
                    var order = await mediator.Send(
                        new TakeStep
                        {
                            Id = id,
                            Step = step,
                            Version = VersionOf(http),
                            Words = body?.Words ?? body?.Reason ?? "",
                            PersonId = body?.PersonId,
                            WakeAt = body?.WakeAt,
                            Mark = body?.Mark,
                        }
                    );
                    return Answer(order);
                }
            )
            .Permit("workzone.orders.step")
            .WithTags("work-orders")
            .WithSummary(
                "A step: :assign, :accept, :return, :transfer, :pause, :resume, :escalate, :review, :feedback, :close, :cancel, :rate; :reopen "
                    + "answers with the new round"
            )
            .Repeats()
            .Versioned();
    }

    private static Reply Answer(OrderCard order) =>
        Reply.Of(
            new
            {
                order.Id,
                order.Number,
                order.State,
                order.Version,
                assignee = order.AssigneeId is { } a ? new { id = a, name = order.AssigneeName } : null,
            },
            order.Version
        );

    private static Reply Opened(AskOrder.Result result)
    {
        var body = new
        {
            result.Order.Id,
            result.Order.Number,
            result.Order.State,
            result.Order.DueAt,
            result.Order.Version,
            result.Existed,
        };
        return result.Existed
            ? Reply.Of(body, result.Order.Version) with
            {
                Location = PathOf(result.Order.Id),
            }
            : Reply.Created(PathOf(result.Order.Id), body, result.Order.Version);
    }

    private static string PathOf(long order) => $"/api/v1/work-orders/{order}";

    private static IReadOnlyList<string> Values(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().SelectMany(Values)],
            JsonValueKind.Null => [],
            JsonValueKind.String => [value.GetString()!],
            _ => [value.GetRawText()],
        };

    /// <summary>If-Match: the version the caller saw; absent means the caller did not look.</summary>
    internal static int? VersionOf(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString();
        if (text.Length == 0 || text == "*")
            return null;
        return int.TryParse(text.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new RuleBroken("If-Match 应是版本号，如 \"3\"。", "If-Match");
    }

    internal sealed record AskBody
    {
        public long CaseId { get; init; }
        public string? Type { get; init; }
        public long? ParentId { get; init; }
        public Dictionary<string, JsonElement>? Form { get; init; }
        public string? Note { get; init; }
    }

    internal sealed record PhraseBody
    {
        public long Id { get; init; }
        public string? Step { get; init; }
        public string? Words { get; init; }
        public bool Shared { get; init; }
    }

    internal sealed record StepBody
    {
        public string? Words { get; init; }
        public string? Reason { get; init; }
        public long? PersonId { get; init; }
        public DateTimeOffset? WakeAt { get; init; }
        public int? Mark { get; init; }
        public bool? Approve { get; init; }
    }
}
