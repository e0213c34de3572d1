using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Calendars;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>What each step does to an order: whom it goes to, its times, what its node keeps. Writes nothing.</summary>
internal sealed class StepEffects(Db db, Actor actor, WorkingTime working)
{
    /// <summary>The order after the step; the state was set by the rules already.</summary>
    /// <exception cref="RuleBroken">What the step needs is missing or not allowed.</exception>
    public async Task<OrderCard> ApplyAsync(OrderCard order, OrderCard next, string step, StepInput input, DateTimeOffset now, CancellationToken ct)
    {
        if (
            step is OrderStep.Feedback or OrderStep.Close
            && await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_order WHERE parent_id = @Id AND is_open = 1", new { order.Id }, ct)
                is > 0
                    and var children
        )
            throw new RuleBroken($"还有 {children} 张子单没有办结，全部办结后才能反馈或确认。", code: "children");
        switch (step)
        {
            case OrderStep.Rate when order.Mark is not null:
                throw new RuleBroken("已经评价过。", "Mark");
            case OrderStep.Rate when input.Mark is not (>= 1 and <= 5):
                throw new RuleBroken("请选择 1 到 5 分。", "Mark");
            case OrderStep.Rate:
                return next with { Mark = input.Mark };
            case OrderStep.Reopen
                when await db.FirstAsync<string>("SELECT number FROM workzone_order WHERE reopens_id = @Id", new { order.Id }, ct) is { } later:
                throw new RuleBroken($"已经重新发起：{later}。", code: "reopened");
            case OrderStep.Accept:
                return next with { AssigneeId = actor.Id, AssigneeName = actor.Name };
            case OrderStep.Assign or OrderStep.Transfer:
                if (input.PersonId is not { } person)
                    throw new RuleBroken("请选择办理人。", "PersonId");
                if (person == order.AssigneeId && step == OrderStep.Transfer)
                    throw new RuleBroken("工单已经在此人手上。", "PersonId");
                var name =
                    await db.FirstAsync<string>(
                        """
                        SELECT p.name FROM workzone_person p
                        WHERE p.id = @person AND p.state = 'active'
                          AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.centre = @Centre AND r.court_id = @CourtId AND
                              (r.until_at IS NULL OR r.until_at > @now))
                          AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = @CaseId AND x.person_id = p.id AND x.ended_at IS NULL)
                        """,
                        new
                        {
                            person,
                            order.CourtId,
                            order.Centre,
                            order.CaseId,
                            now,
                        },
                        ct
                    ) ?? throw new RuleBroken("此人不在本院该中心，或对本案须回避，不能办理。", "PersonId");
                return next with { AssigneeId = person, AssigneeName = name };
            case OrderStep.Release or OrderStep.Resubmit or OrderStep.Approve:
                return next with
                {
                    AssigneeId = null,
                    AssigneeName = null,
                    WakeAt = null,
                    PauseReason = null,
                    DueAt = order.State == OrderState.Paused ? await DueAfterPauseAsync(order, now, ct) : order.DueAt,
                };
            case OrderStep.HandOver:
                return input.OfAsker
                    ? next with
                    {
                        AskedBy = input.PersonId ?? order.AskedBy,
                        AskedByName = await HeirAsync(order, input, ct) ?? order.AskedByName,
                    }
                    : next with
                    {
                        AssigneeId = input.PersonId,
                        AssigneeName = await HeirAsync(order, input, ct),
                    };
            case OrderStep.Pause:
                if (input.WakeAt is not { } wake || wake <= now)
                    throw new RuleBroken("挂起要写明醒来的时间，且在现在之后。", "WakeAt");
                if (wake > now.AddDays(180))
                    throw new RuleBroken("挂起最长 180 天。", "WakeAt");
                return next with { WakeAt = wake, PauseReason = Short(input.Words) };
            case OrderStep.Resume:
                return next with { WakeAt = null, PauseReason = null, DueAt = await DueAfterPauseAsync(order, now, ct) };
            case OrderStep.Escalate:
                return next with { Escalated = true };
            case OrderStep.Close or OrderStep.Cancel:
                return next with { ClosedAt = now, WakeAt = null };
            default:
                return next;
        }
    }

    // null hands it to nobody; whoever is shut out of the case can take nothing of it over
    private async Task<string?> HeirAsync(OrderCard order, StepInput input, CancellationToken ct) =>
        input.PersonId is not { } to
            ? null
            : await db.FirstAsync<string>(
                """
                SELECT p.name FROM workzone_person p
                WHERE p.id = @to AND p.state = 'active' AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = @CaseId AND x.person_id = p.id AND
                    x.ended_at IS NULL)
                """,
                new { to, order.CaseId },
                ct
            ) ?? throw new RuleBroken($"接手的人不在用，或对工单 {order.Number} 的案件须回避。请另选一位，或先把这张工单转给他人。", "PersonId");

    // whoever ends a pause: the target moves by the court time it took
    private async Task<DateTimeOffset?> DueAfterPauseAsync(OrderCard order, DateTimeOffset now, CancellationToken ct)
    {
        var paused = await db.FirstAsync<DateTimeOffset?>("SELECT MAX(at) FROM workzone_node WHERE order_id = @Id AND step = 'pause'", new { order.Id }, ct);
        return order.DueAt is { } due && paused is { } from ? working.Shift(due, from, now) : order.DueAt;
    }

    /// <summary>What the node keeps of it.</summary>
    public static object Arguments(OrderCard order, OrderCard next, string step, StepInput input) =>
        step switch
        {
            OrderStep.Assign when input.Automatic => new
            {
                from = order.AssigneeName,
                to = next.AssigneeName,
                toId = next.AssigneeId,
                rule = input.Args,
            },
            OrderStep.Assign or OrderStep.Transfer => new
            {
                from = order.AssigneeName,
                to = next.AssigneeName,
                toId = next.AssigneeId,
            },
            OrderStep.HandOver when next.AskedBy != order.AskedBy => new
            {
                part = "asker",
                from = order.AskedByName,
                to = next.AskedByName,
                toId = (long?)next.AskedBy,
            },
            OrderStep.HandOver => new
            {
                part = "assignee",
                from = order.AssigneeName,
                to = next.AssigneeName,
                toId = next.AssigneeId,
            },
            OrderStep.Pause => new { wake = input.WakeAt },
            OrderStep.Return => new { missing = Missing(input.Words) },
            OrderStep.Rate => new { mark = input.Mark },
            OrderStep.Reopen => new { round = order.Round + 1 },
            _ => input.Args ?? new { },
        };

    // what has to be put right, one thing a line
    private static IReadOnlyList<string> Missing(string words) =>
        [.. words.Split(['\n', '；', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(50)];

    /// <summary>The lane of the node in the picture: the asker's, or the centre's.</summary>
    public static string Lane(OrderCard order, Standing standing, string step) =>
        step switch
        {
            OrderStep.Open or OrderStep.Resubmit or OrderStep.SendBack or OrderStep.Cancel or OrderStep.Reopen or OrderStep.Rate => "asker",
            OrderStep.Close when (standing & Standing.Asker) != 0 => "asker",
            OrderStep.Approve or OrderStep.Refuse => "asker",
            OrderStep.Comment or OrderStep.Escalate when (standing & Standing.Asker) != 0 && (standing & (Standing.Assignee | Standing.Lead)) == 0 => "asker",
            _ => order.Centre,
        };

    /// <summary>The beginning of words, for lists.</summary>
    public static string Short(string words) => words.Length <= 200 ? words : words[..(char.IsHighSurrogate(words[199]) ? 199 : 200)];
}
