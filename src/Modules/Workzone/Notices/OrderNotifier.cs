using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Notices;

/// <summary>Tells whoever a step concerns, in the step's transaction. Mentions reach only people who may know of the order.</summary>
internal sealed class OrderNotifier(Db db, Actor actor, Notifier notifier)
{
    /// <summary>In a batch the handler is told once of all, at its end.</summary>
    public bool InBatch { get; set; }

    public async Task StepAsync(OrderCard was, OrderCard now, string step, string words, CancellationToken ct)
    {
        foreach (var (person, kind) in OrderNotices.Of(was, now, step, actor.Id))
            // the system asks for orders too, and reads no notices
            if (person > 0 && (!InBatch || kind != NoticeKinds.Assigned))
                await notifier.AddAsync(person, kind, $"{kind}:{now.Id}:{now.NodeCount}", new { by = actor.Name, now.Title }, now.Id, ct: ct);
        if (step != OrderStep.Comment || !words.Contains('@', StringComparison.Ordinal))
            return;
        foreach (var person in await MentionedAsync(now, OrderNotices.Mentions(words), ct))
            await notifier.AddAsync(person, NoticeKinds.Mention, $"{NoticeKinds.Mention}:{now.Id}:{now.NodeCount}", new { by = actor.Name, now.Title }, now.Id, ct: ct);
    }

    private async Task<IReadOnlyList<long>> MentionedAsync(OrderCard order, IReadOnlyList<string> names, CancellationToken ct) => names.Count == 0 ? [] : await db.QueryAsync<long>(
        """
        SELECT p.id FROM workzone_person p
        WHERE p.court_id = @CourtId AND p.name IN @names AND p.state = 'active' AND p.id <> @me
          AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = @caseId AND x.person_id = p.id AND x.ended_at IS NULL)
          AND (p.id = @AskedBy OR p.id = @assignee OR EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.centre = @Centre AND r.court_id = @CourtId AND (@Restricted = 0 OR r.role = 'lead'))
               OR EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.person_id = p.id AND a.case_id = @caseId))
        """, new { order.CourtId, names, me = actor.Id, order.AskedBy, assignee = order.AssigneeId ?? 0, order.Centre, order.Restricted, caseId = order.CaseId ?? 0 }, ct);
}
