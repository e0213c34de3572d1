using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Web;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>The one place where orders and nodes are written.</summary>
internal sealed class WorkOrderBook(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    OrderTypes types,
    CaseAccess access,
    Outbox outbox,
    AuditTrail audit,
    Sequences sequences,
    Changes changes,
    WorkingTime working,
    Kernel.Settings.ISettings settings,
    Kernel.Access.AccessLog reads,
    Kernel.Search.SearchChanges search,
    Notices.OrderNotifier notices,
    Dispatching.Dispatcher dispatcher,
    StepEffects effects,
    Guides guides,
    DrivenOrders driven
) : IWorkOrders
{
    private const string SystemName = "系统";

    private const string Columns = """
        SELECT o.id, o.number, o.order_type, o.centre, o.court_id, o.case_id, o.case_number, o.cause, o.title, o.subject, o.state, o.escalated, o.round,
            o.parent_id,
               o.asked_by, o.asked_by_name, o.asked_at, o.assignee_id, o.assignee_name, o.due_at, o.wake_at, o.pause_reason, o.last_step, o.changed_at,
                   o.changed_by,
               o.closed_at, o.node_count, o.head_hash, o.form, o.restricted, o.mark, o.reopens_id, o.version
        FROM workzone_order o
        """;

    public async Task<OrderCard> OpenAsync(NewOrder order, CancellationToken ct = default)
    {
        var type = types[order.Type];
        var subject =
            await db.FirstAsync<CaseRow>("SELECT id, number, court_id, cause, sealed FROM workzone_case WHERE id = @CaseId", new { order.CaseId }, ct)
            ?? throw new NotFound("案件", order.CaseId);
        var causeKey = OrderTypes.CauseKey(type.Code, order.CaseId, order.CauseSubject, order.Round);
        var parent = order.ParentId is { } p ? await FindAsync(p, ct) : null;
        if (parent is not null && (!OrderState.IsOpen(parent.State) || parent.CaseId != subject.Id))
            throw new RuleBroken($"上级工单 {parent.Number} 已办结，或不属于本案，不能再加子单。", code: "parent");
        var now = clock.StoredNow();
        var day = Times.Day(now);
        var asker =
            order.AskedBy is { } by && by != actor.Id
                ? (by, await db.FirstAsync<string>("SELECT name FROM workzone_person WHERE id = @by", new { by }, ct) ?? "")
                : (actor.Id, actor.Name);
        var card = new OrderCard
        {
            Id = ids.Next(),
            Number = $"GD-{day:yyyyMMdd}-{await sequences.NextAsync($"order:{day:yyyyMMdd}", ct):0000}",
            OrderType = type.Code,
            Centre = type.Centre,
            CourtId = subject.CourtId,
            CaseId = subject.Id,
            CaseNumber = subject.Number,
            Cause = subject.Cause,
            Title = order.Title,
            Subject = order.Subject,
            State = type.Review ? OrderState.Review : OrderState.Queued,
            Round = order.Round,
            ParentId = order.ParentId,
            ReopensId = order.ReopensId,
            AskedBy = asker.Item1,
            AskedByName = asker.Item2,
            AskedAt = now,
            DueAt = working.AddHours(now, settings.Current<Settings.OrderTarget>(Settings.OrderTargets.KeyOf(type.Code), subject.CourtId).TargetHours),
            Form = JsonSerializer.Serialize(order.Form, Json.Stored),
            Restricted = subject.Sealed,
            Version = 1,
        };
        var node = Next(
            card,
            OrderStep.Open,
            "",
            card.State,
            "asker",
            new
            {
                type = type.Code,
                cause = causeKey,
                guide = type.GuideVersion,
                form = Kernel.Security.Secrets.Digest(card.Form),
            },
            order.Words,
            now
        );
        card = card with { NodeCount = 1, HeadHash = node.Hash, LastStep = node.Step, ChangedAt = now, ChangedBy = actor.Name };
        try
        {
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_order (id, number, order_type, centre, court_id, case_id, case_number, cause, title, subject, state, is_open, escalated,
                    round, cause_key, parent_id,
                    asked_by, asked_by_name, asked_at, assignee_id, assignee_name, due_at, wake_at, pause_reason, last_step, last_words, changed_at, changed_by,
                        closed_at, node_count, head_hash, form, restricted, reopens_id, version)
                VALUES (@Id, @Number, @OrderType, @Centre, @CourtId, @CaseId, @CaseNumber, @Cause, @Title, @Subject, @State, 1, 0, @Round, @causeKey, @ParentId,
                    @AskedBy, @AskedByName, @AskedAt, NULL, NULL, @DueAt, NULL, NULL, @LastStep, @words, @ChangedAt, @ChangedBy, NULL, 1, @HeadHash, @Form,
                        @Restricted, @ReopensId, 1)
                """,
                new
                {
                    card.Id,
                    card.Number,
                    card.OrderType,
                    card.Centre,
                    card.CourtId,
                    card.CaseId,
                    card.CaseNumber,
                    card.Cause,
                    card.Title,
                    card.Subject,
                    card.State,
                    card.Round,
                    causeKey,
                    card.ParentId,
                    card.AskedBy,
                    card.AskedByName,
                    card.AskedAt,
                    card.DueAt,
                    card.LastStep,
                    words = StepEffects.Short(order.Words),
                    card.ChangedAt,
                    card.ChangedBy,
                    card.HeadHash,
                    card.Form,
                    card.Restricted,
                    card.ReopensId,
                },
                ct
            );
        }
        catch (Exception e) when (db.Dialect.IsDuplicate(e))
        {
            var first = await db.FirstAsync<string>("SELECT number FROM workzone_order WHERE cause_key = @causeKey", new { causeKey }, ct);
            throw new RuleBroken($"同一事由的工单已经存在：{first}。", code: AskOrder.SameCause);
        }
        await InsertAsync(node, ct);
        await guides.KeepAsync(type, ct);
        await search.AddAsync(Search.OrderSource.Name, card.Id, ct);
        audit.Note(
            "order",
            card.Id,
            new
            {
                card.Number,
                type = type.Code,
                causeKey,
            },
            card.CaseId
        );
        Tell(card);
        if (parent is not null)
            await StepAsync(
                parent.Id,
                OrderStep.Fact,
                new StepInput
                {
                    Automatic = true,
                    Args = new
                    {
                        fact = "child-opened",
                        who = card.Number,
                        what = card.Title,
                    },
                },
                ct
            );
        return await DispatchAsync(card, ct);
    }

    public async Task<OrderCard> StepAsync(long orderId, string step, StepInput? input = null, CancellationToken ct = default) =>
        await StepAsync(await FindAsync(orderId, ct), step, input, ct);

    public async Task<OrderCard> StepAsync(OrderCard order, string step, StepInput? input = null, CancellationToken ct = default)
    {
        input ??= new StepInput();
        if (input.Version is { } seen && seen != order.Version)
            throw new Conflict(Describe(order), order.ChangedBy, order.ChangedAt);
        var standing = await StandingAsync(order, ct) | (input.ByRule || input.Automatic ? Standing.System : Standing.None);
        var transition = OrderRules.Find(step, order.State);
        if (transition is null)
        {
            // two people at once: the second is told who was first
            if (
                OrderRules.Table.Any(t => t.Step == step && (t.Who & standing) != 0)
                && order.ChangedBy.Length > 0
                && OrderRules.Table.Any(t => t.Step == step && t.To == order.State)
            )
                throw new Conflict(Describe(order), order.ChangedBy, order.ChangedAt);
            throw new RuleBroken($"工单现在是“{OrderUi.StateLabel(order.State)}”，这一步不能办。请刷新后再看可办的步骤。", code: "state");
        }
        // a fact is written by the centre's own code in the name of whoever caused it; no page or API can ask for one
        if ((transition.Who & standing) == 0 && step != OrderStep.Fact)
        {
            if (step == OrderStep.Accept && order.State == OrderState.Assigned && (standing & (Standing.Member | Standing.Lead)) != 0)
                throw new Conflict($"工单已派给{order.AssigneeName}。", order.ChangedBy, order.ChangedAt);
            throw new Forbidden("workzone.orders." + step, "这一步不由您办理。");
        }
        var own = driven.Find(order.OrderType);
        if (own is not null)
            input = step == OrderStep.Fact ? input : await own.BeforeAsync(order, step, input, ct);
        if (transition.NeedsWords && string.IsNullOrWhiteSpace(input.Words))
            throw new RuleBroken("请写明原因或内容。", "Words");
        if (input.Words.Length > 4000)
            throw new RuleBroken("内容最长 4000 个字符。", "Words");
        var now = clock.StoredNow();
        var next = order with
        {
            State = transition.To ?? order.State,
            LastStep = step,
            ChangedAt = now,
            ChangedBy = input.Automatic ? SystemName : actor.Name,
            Version = step is OrderStep.Fact or OrderStep.Comment ? order.Version : order.Version + 1,
        };
        next = await effects.ApplyAsync(order, next, step, input, now, ct);
        var node = Next(
            order,
            step,
            order.State,
            next.State,
            StepEffects.Lane(order, standing, step),
            StepEffects.Arguments(order, next, step, input),
            input.Words,
            now,
            input.Automatic
        );
        next = next with { NodeCount = order.NodeCount + 1, HeadHash = node.Hash };
        var open = OrderState.IsOpen(next.State);
        var changed = await db.ExecuteAsync(
            OrderUpdate.Text(order, next),
            new
            {
                next.State,
                open,
                next.Escalated,
                next.Centre,
                next.AskedBy,
                next.AskedByName,
                next.AssigneeId,
                next.AssigneeName,
                next.DueAt,
                next.WakeAt,
                next.PauseReason,
                next.LastStep,
                words = StepEffects.Short(input.Words),
                next.ChangedAt,
                next.ChangedBy,
                next.ClosedAt,
                next.NodeCount,
                next.HeadHash,
                next.Mark,
                next.Version,
                next.Id,
                was = order.Version,
                count = order.NodeCount,
            },
            ct
        );
        if (changed == 0)
        {
            var other = await FindAsync(order.Id, ct);
            throw new Conflict(Describe(other), other.ChangedBy, other.ChangedAt);
        }
        await InsertAsync(node, ct);
        await MoveAccessAsync(order, next, ct);
        await PublishAsync(order, next, step, input, now, ct);
        await notices.StepAsync(order, next, step, input.Words, ct);
        audit.Note(
            "order",
            next.Id,
            new
            {
                step,
                from = order.State,
                to = next.State,
            },
            order.CaseId
        );
        Tell(next);
        if (next.ParentId is { } above && step is OrderStep.Close or OrderStep.Cancel)
        {
            var parent = await StepAsync(
                above,
                OrderStep.Fact,
                new StepInput
                {
                    Automatic = true,
                    Args = new
                    {
                        fact = step == OrderStep.Close ? "child-closed" : "child-cancelled",
                        who = next.Number,
                        what = next.Title,
                    },
                },
                ct
            );
            await notices.ChildEndedAsync(parent, next, ct);
        }
        if (own is not null && step != OrderStep.Fact)
        {
            await own.AfterAsync(next, order.State, step, input, ct);
            next = await FindAsync(next.Id, ct);
        }
        return step is OrderStep.Approve or OrderStep.Resubmit ? await DispatchAsync(next, ct, order.AssigneeId) : next;
    }

    public async Task<OrderCard> GetAsync(long orderId, CancellationToken ct = default)
    {
        var asked = changes.Said;
        var order = await FindAsync(orderId, ct);
        if (actor.IsSystem)
            return order;
        var standing = await StandingAsync(order, ct);
        // whoever sees all of a court reads its orders too; what they may do with one is said by their standing
        var byOrder =
            (OrderRules.Opens(standing, order.State, order.Restricted) || (!order.Restricted && actor.CourtWide && actor.Reaches(order.CourtId)))
            && !(order.CaseId is { } subject && actor.HasRecusals && await access.IsRecusedAsync(subject, ct));
        if (byOrder || (order.CaseId is { } c && await access.CanReadAsync(c, ct)))
        {
            reads.Passed("workzone.order.read", "order", orderId, order.CaseId);
            changes.Allow(actor.Id, $"order:{orderId}", asked);
            return order;
        }
        reads.Refused("order", orderId, order.CaseId);
        throw new NotFound("工单", orderId);
    }

    public async Task<OrderCard> TakeFromAsync(long orderId, long fromPersonId, long? toPersonId, string words, CancellationToken ct = default)
    {
        var order = await FindAsync(orderId, ct);
        if (order.AssigneeId != fromPersonId)
            throw new Conflict(Describe(order), order.ChangedBy, order.ChangedAt);
        return toPersonId is null && order.State is OrderState.Assigned or OrderState.Accepted or OrderState.Paused
            ? await StepAsync(orderId, OrderStep.Release, new StepInput { Words = words, ByRule = true }, ct)
            : await StepAsync(
                orderId,
                OrderStep.HandOver,
                new StepInput
                {
                    Words = words,
                    PersonId = toPersonId,
                    ByRule = true,
                },
                ct
            );
    }

    public Task<OrderCard> HandAskingToAsync(long orderId, long toPersonId, string words, CancellationToken ct = default) =>
        StepAsync(
            orderId,
            OrderStep.HandOver,
            new StepInput
            {
                Words = words,
                PersonId = toPersonId,
                OfAsker = true,
                ByRule = true,
            },
            ct
        );

    public async Task<OrderCard> ReopenAsync(long orderId, string words, int? version = null, CancellationToken ct = default)
    {
        var old = await StepAsync(orderId, OrderStep.Reopen, new StepInput { Words = words, Version = version }, ct);
        var cause = await db.FirstAsync<string>("SELECT cause_key FROM workzone_order WHERE id = @orderId", new { orderId }, ct) ?? "";
        var (head, tail) = (OrderTypes.CauseKey(old.OrderType, old.CaseId, "", old.Round), $":{old.Round}");
        return await OpenAsync(
            new NewOrder
            {
                Type = old.OrderType,
                CaseId = old.CaseId ?? 0,
                Title = old.Title,
                Subject = old.Subject,
                CauseSubject = cause[(head.Length - tail.Length)..^tail.Length],
                Round = old.Round + 1,
                Words = words,
                Form = JsonSerializer.Deserialize<Dictionary<string, string>>(old.Form, Json.Stored) ?? [],
                AskedBy = old.AskedBy,
                ReopensId = old.Id,
            },
            ct
        );
    }

    public string Seen(string column) => access.Seeing.OfOrder(column);

    public Cases.AccessArguments SeenArguments => access.Arguments;

    public async Task<Standing> StandingAsync(OrderCard order, CancellationToken ct = default)
    {
        var standing = Standing.None;
        if (actor.IsSystem)
            return Standing.System;
        if (actor.Is(order.AskedBy, order.CourtId, StandIn.Asks, order.Restricted))
            standing |= Standing.Asker;
        if (actor.Is(order.AssigneeId, order.CourtId, order.Centre, order.Restricted))
            standing |= Standing.Assignee;
        if (actor.Holds(Roles.Lead + ":" + order.Centre, order.CourtId))
            standing |= Standing.Lead;
        if (actor.Holds(Roles.Clerk + ":" + order.Centre, order.CourtId) || actor.Holds(Roles.Robot + ":" + order.Centre, order.CourtId))
            standing |= Standing.Member;
        // of a sealed case the court's leaders know nothing: its judge reviews what others ask for
        if (
            order.Restricted
                ? order.State == OrderState.Review && actor.Is(await JudgeAsync(order.CaseId, ct), order.CourtId, Roles.JudgePlace, closed: true)
                : actor.Holds(Roles.Leader, order.CourtId)
        )
            standing |= Standing.Reviewer;
        return standing;
    }

    private Task<long?> JudgeAsync(long? caseId, CancellationToken ct) =>
        db.FirstAsync<long?>("SELECT judge_id FROM workzone_case WHERE id = @caseId", new { caseId }, ct);

    // by the centre's setting, as soon as it stands in the queue
    private async Task<OrderCard> DispatchAsync(OrderCard order, CancellationToken ct, long? former = null)
    {
        if (order.State != OrderState.Queued || await dispatcher.DecideAsync(order, former, ct) is not { PersonId: { } person } choice)
            return order;
        return await StepAsync(
            order.Id,
            OrderStep.Assign,
            new StepInput
            {
                PersonId = person,
                Automatic = true,
                Args = choice.Rule,
            },
            ct
        );
    }

    private async Task<OrderCard> FindAsync(long id, CancellationToken ct) =>
        await db.FirstAsync<OrderCard>(Columns + " WHERE o.id = @id", new { id }, ct) ?? throw new NotFound("工单", id);

    private async Task MoveAccessAsync(OrderCard was, OrderCard now, CancellationToken ct)
    {
        if (was.CaseId is not { } caseId)
            return;
        var before = HasAccess(was) ? was.AssigneeId : null;
        var after = HasAccess(now) ? now.AssigneeId : null;
        if (before == after)
            return;
        if (before is { } old)
            await access.RevokeAsync(caseId, old, was.Id, ct);
        if (after is { } fresh)
            await access.GrantAsync(caseId, fresh, was.Id, was.Centre, ct);
    }

    // 权随事走: who has the order in hand sees its case, for as long.
    private static bool HasAccess(OrderCard order) => order.State is OrderState.Assigned or OrderState.Accepted or OrderState.Paused or OrderState.Feedback;

    private async Task PublishAsync(OrderCard order, OrderCard next, string step, StepInput input, DateTimeOffset now, CancellationToken ct)
    {
        var key = order.CaseId is { } c ? Catalogue.CaseKey(c) : $"order:{order.Id}";
        if (step == OrderStep.Cancel)
            await outbox.AddAsync(
                key,
                new WorkOrderCancelled
                {
                    OrderId = order.Id,
                    Type = order.OrderType,
                    CaseId = order.CaseId,
                    Reason = StepEffects.Short(input.Words),
                    At = now,
                },
                ct
            );
        if (step is OrderStep.Transfer or OrderStep.Release || (step == OrderStep.HandOver && next.AssigneeId != order.AssigneeId))
            await outbox.AddAsync(
                key,
                new WorkOrderTransferred
                {
                    OrderId = order.Id,
                    Type = order.OrderType,
                    CaseId = order.CaseId,
                    FromPersonId = order.AssigneeId,
                    ToPersonId = next.AssigneeId,
                    At = now,
                },
                ct
            );
    }

    private Node Next(OrderCard order, string step, string from, string to, string lane, object args, string words, DateTimeOffset at, bool automatic = false)
    {
        var node = new Node
        {
            OrderId = order.Id,
            N = order.NodeCount + 1,
            Step = step,
            FromState = from,
            ToState = to,
            Lane = lane,
            ActorId = automatic ? 0 : actor.Id,
            ActorName = automatic ? SystemName : actor.Name,
            At = at,
            Args = JsonSerializer.Serialize(args, args.GetType(), Json.Stored),
            Words = words,
        };
        return node with { Hash = Chain.Hash(node, order.HeadHash) };
    }

    private Task InsertAsync(Node node, CancellationToken ct) =>
        db.ExecuteAsync(
            """
            INSERT INTO workzone_node (order_id, n, step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash)
            VALUES (@OrderId, @N, @Step, @FromState, @ToState, @Lane, @ActorId, @ActorName, @At, @Args, @Words, @Hash)
            """,
            node,
            ct
        );

    private void Tell(OrderCard order) =>
        db.OnCommitted(() =>
        {
            changes.Say($"order:{order.Id}");
            changes.Say("orders");
            if (order.CaseId is { } c)
                changes.Say($"case:{c}");
        });

    private static string Describe(OrderCard order) => $"工单 {order.Number} 已被他人办理，现在是“{OrderUi.StateLabel(order.State)}”。";

    private sealed record CaseRow
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public long CourtId { get; init; }
        public string Cause { get; init; } = "";
        public bool Sealed { get; init; }
    }
}
