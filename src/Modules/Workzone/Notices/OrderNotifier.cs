using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
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
        var mentions = OrderNotices.Mentions(words);
        if (mentions.Count == 0)
            return;
        var people = await MayKnowAsync(now, ct);
        foreach (var mention in mentions)
        {
            // "@钱演示请看": names are written without a blank behind them
            var person =
                people.Where(p => IsNamed(mention, p)).MaxBy(p => p.Name.Length)
                ?? throw new RuleBroken($"@{mention}：没有这个人，或此人看不到本工单。请写登录名或姓名。", "Words", "mention");
            if (person.Id != actor.Id)
                await notifier.AddAsync(
                    person.Id,
                    NoticeKinds.Mention,
                    $"{NoticeKinds.Mention}:{now.Id}:{now.NodeCount}",
                    new { by = actor.Name, now.Title },
                    now.Id,
                    ct: ct
                );
        }
    }

    // a login ends where Latin letters and digits end
    private static bool IsNamed(string mention, Person p) =>
        mention.StartsWith(p.Name, StringComparison.Ordinal)
        || (mention.StartsWith(p.Login, StringComparison.OrdinalIgnoreCase) && (mention.Length == p.Login.Length || mention[p.Login.Length] > 127));

    /// <summary>Whoever waits for a child is told that it has ended.</summary>
    public async Task ChildEndedAsync(OrderCard parent, OrderCard child, CancellationToken ct)
    {
        if ((parent.AssigneeId ?? parent.AskedBy) is > 0 and var person && person != actor.Id)
            await notifier.AddAsync(
                person,
                NoticeKinds.ChildEnded,
                $"{NoticeKinds.ChildEnded}:{child.Id}",
                new { child = child.Number, parent.Title },
                parent.Id,
                ct: ct
            );
    }

    private Task<IReadOnlyList<Person>> MayKnowAsync(OrderCard order, CancellationToken ct) =>
        db.QueryAsync<Person>(
            """
            SELECT p.id, p.login, p.name FROM workzone_person p
            WHERE p.court_id = @CourtId AND p.state = 'active'
              AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = @caseId AND x.person_id = p.id AND x.ended_at IS NULL)
              AND (p.id = @AskedBy OR p.id = @assignee OR EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.centre = @Centre AND
                  r.court_id = @CourtId AND (@Restricted = 0 OR r.role = 'lead'))
                   OR EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.person_id = p.id AND a.case_id = @caseId))
            """,
            new
            {
                order.CourtId,
                order.AskedBy,
                assignee = order.Restricted && !OrderState.IsOpen(order.State) ? 0 : order.AssigneeId ?? 0,
                order.Centre,
                order.Restricted,
                caseId = order.CaseId ?? 0,
            },
            ct
        );

    private sealed record Person
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
    }
}
