using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.WorkOrders;
using MediatR;

namespace CourtOps.Workzone.Supervision;

/// <summary>Slips by rule: orders at 80, 100 and 150 per cent of their target, trial limits at 30, 10 and 0 days; slips nobody answered go up.</summary>
internal sealed class RaiseSlips(IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var of in new[] { "orders", "limits", "findings", "unanswered" })
            for (long? after = 0; after is not null; )
                after = await mediator.Send(new Chunk { Of = of, After = after.Value }, ct);
    }

    private const string Reached = """
        SELECT COUNT(*) FROM workzone_person p
        WHERE p.id = @to AND p.state = 'active'
          AND NOT EXISTS (SELECT 1 FROM workzone_recusal r WHERE r.case_id = @caseId AND r.person_id = p.id AND r.ended_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM workzone_case c WHERE c.id = @caseId AND c.sealed = 1
                          AND NOT EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = c.id AND a.person_id = p.id))
        """;

    /// <summary>Whether a slip about the case may reach a person: in office, not recused, and let in where the case is sealed.</summary>
    internal static async Task<bool> ReachedAsync(Db db, long to, long? caseId, CancellationToken ct) =>
        await db.ScalarAsync<int>(Reached, new { to, caseId }, ct) > 0;

    /// <summary>A few hundred at a time; answers the last id, or null at the end.</summary>
    [Permit(PermitAttribute.System)]
    [Audited("workzone.slip.raise")]
    internal sealed record Chunk : ICommand<long?>
    {
        public string Of { get; init; } = "";
        public long After { get; init; }

        internal sealed class Handler(Db db, SlipBook slips, OrderTypes types, WorkingTime working, TimeProvider clock, FindingSlips findings)
            : ICommandHandler<Chunk, long?>
        {
            private const int Page = 200;

            public Task<long?> Handle(Chunk request, CancellationToken cancellationToken) =>
                request.Of switch
                {
                    "orders" => OrdersAsync(request.After, cancellationToken),
                    "limits" => LimitsAsync(request.After, cancellationToken),
                    "findings" => findings.RaiseAsync(request.After, cancellationToken),
                    _ => UnansweredAsync(request.After, cancellationToken),
                };

            // an order at four fifths of its target is at most a fifth of the longest target away from it
            private async Task<long?> OrdersAsync(long after, CancellationToken ct)
            {
                var now = clock.GetUtcNow();
                var rows = await db.PageAsync<OrderRow>(
                    """
                    SELECT o.id, o.number, o.title, o.order_type, o.court_id, o.case_id, o.assignee_id, o.due_at FROM workzone_order o
                    WHERE o.is_open = 1 AND o.due_at < @soon AND o.id > @after AND o.assignee_id IS NOT NULL AND o.state IN ('assigned', 'accepted')
                    ORDER BY o.id
                    """,
                    new { soon = now.AddDays(7), after },
                    Page,
                    ct
                );
                foreach (var o in rows)
                {
                    var target = types.Find(o.OrderType)?.TargetHours ?? 0;
                    if (target <= 0)
                        continue;
                    var left =
                        o.DueAt >= now
                            ? CourtHours.Between(now, o.DueAt, working.Calendar()).TotalHours
                            : -CourtHours.Between(o.DueAt, now, working.Calendar()).TotalHours;
                    if (SlipRules.ForOrder(1 - (left / target)) is { } kind)
                        await TryAsync(
                            kind,
                            o.CourtId,
                            o.CaseId,
                            o.Id,
                            o.AssigneeId,
                            $"{o.Number} {o.Title}",
                            left < 0 ? "工单已超过目标时限，请说明原因并尽快办理。" : "工单的目标时限已用去八成，请注意办理。",
                            $"order:{o.Id}:{kind}",
                            ct
                        );
                }
                return rows.Count < Page ? null : rows[^1].Id;
            }

            private async Task<long?> LimitsAsync(long after, CancellationToken ct)
            {
                var today = Times.Day(clock.GetUtcNow());
                var rows = await db.PageAsync<CaseRow>(
                    "SELECT c.id, c.number, c.cause, c.court_id, c.judge_id, c.clock_legal_end AS ending FROM workzone_case c WHERE c.state = 'open' "
                        + "AND c.judge_id IS NOT NULL AND c.clock_end <= @soon AND c.id > @after ORDER BY c.id",
                    new { soon = today.AddDays(30), after },
                    Page,
                    ct
                );
                foreach (var c in rows)
                {
                    var left = c.Ending.DayNumber - today.DayNumber;
                    if (SlipRules.ForLimit(left) is { } kind)
                        await TryAsync(
                            kind,
                            c.CourtId,
                            c.Id,
                            null,
                            c.JudgeId,
                            $"{c.Number} {c.Cause}",
                            left < 0 ? $"审限已于 {Times.Iso(c.Ending)} 届满，请说明原因。" : $"审限 {Times.Iso(c.Ending)} 届满，请安排结案或者依法申请延长。",
                            $"limit:{c.Id}:{kind}:{Times.Iso(c.Ending)}",
                            ct
                        );
                }
                return rows.Count < Page ? null : rows[^1].Id;
            }

            // A slip not answered in time is ended as raised; the next weight goes to the same person, a supervise slip to the leaders of the court as well,
            // each once for a matter: what a leader leaves lying comes back to that leader alone. A matter that is over ends with its slip.
            private async Task<long?> UnansweredAsync(long after, CancellationToken ct)
            {
                var late = await db.PageAsync<Slip>(
                    Slip.Select + " WHERE s.ended_at IS NULL AND s.due_at < @now AND s.id > @after AND s.state IN ('sent', 'received') ORDER BY s.id",
                    new { now = clock.GetUtcNow(), after },
                    Page,
                    ct
                );
                foreach (var s in late)
                {
                    await slips.ActAsync(s, "raise", "", null, ct);
                    if (await EndedAsync(s, ct))
                        continue;
                    var above = SlipKinds.Above(s.Kind);
                    var words = $"{SlipKinds.Labels[s.Kind]} {s.Number} 未在限期内答复，现升级。原要求：{(s.Words.Length > 600 ? s.Words[..600] : s.Words)}";
                    await TryAsync(above, s.CourtId, s.CaseId, s.OrderId, s.ToId, s.Subject, words, (s.IsAbove ? Slip.AbovePrefix : "") + $"raised:{s.Id}", ct);
                    if (s.Kind == SlipKinds.Supervise && !s.IsAbove)
                        foreach (
                            var leader in await db.PageAsync<long>(
                                "SELECT r.person_id FROM workzone_role_grant r JOIN workzone_person p ON p.id = r.person_id WHERE r.role = 'leader' "
                                    + "AND r.court_id = @CourtId AND p.state = 'active' AND (r.until_at IS NULL OR r.until_at > @now) ORDER BY r.person_id",
                                new { s.CourtId, now = clock.GetUtcNow() },
                                5,
                                ct
                            )
                        )
                            await TryAsync(
                                SlipKinds.Supervise,
                                s.CourtId,
                                s.CaseId,
                                s.OrderId,
                                leader,
                                s.Subject,
                                words,
                                $"{Slip.AbovePrefix}{s.Matter}:{leader}",
                                ct
                            );
                }
                return late.Count < Page ? null : late[^1].Id;
            }

            private async Task<bool> EndedAsync(Slip s, CancellationToken ct) =>
                s.OrderId is not null
                    ? await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_order WHERE id = @OrderId AND is_open = 1", new { s.OrderId }, ct) == 0
                    : s.CaseId is not null
                        && await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case WHERE id = @CaseId AND state = 'open'", new { s.CaseId }, ct) == 0;

            // whoever has left, is recused or stands outside a sealed case keeps nobody else from a slip
            private async Task TryAsync(
                string kind,
                long courtId,
                long? caseId,
                long? orderId,
                long to,
                string subject,
                string words,
                string cause,
                CancellationToken ct
            )
            {
                if (await ReachedAsync(db, to, caseId, ct))
                    await slips.SendAsync(kind, courtId, caseId, orderId, to, subject.Length > 200 ? subject[..200] : subject, words, cause, ct);
            }
        }

        private sealed record OrderRow
        {
            public long Id { get; init; }
            public string Number { get; init; } = "";
            public string Title { get; init; } = "";
            public string OrderType { get; init; } = "";
            public long CourtId { get; init; }
            public long? CaseId { get; init; }
            public long AssigneeId { get; init; }
            public DateTimeOffset DueAt { get; init; }
        }

        private sealed record CaseRow
        {
            public long Id { get; init; }
            public string Number { get; init; } = "";
            public string Cause { get; init; } = "";
            public long CourtId { get; init; }
            public long JudgeId { get; init; }
            public DateOnly Ending { get; init; }
        }
    }
}
