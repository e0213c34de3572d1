using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Dispatching;

/// <summary>Decides by the settings of court and centre who gets an order that has come into the queue, and records why.</summary>
internal sealed class Dispatcher(Db db, Ids ids, TimeProvider clock, Decisions decisions, OrderTypes types)
{
    public const string Name = "workzone.dispatch";

    /// <summary>Null while the centre assigns by hand: nothing was decided.</summary>
    /// <param name="former">Who had it before it was returned.</param>
    public async Task<DispatchChoice?> DecideAsync(OrderCard order, long? former, CancellationToken ct)
    {
        var setting = await db.FirstAsync<Setting>(
            "SELECT strategy, last_given, version FROM workzone_dispatch WHERE court_id = @CourtId AND centre = @Centre",
            new { order.CourtId, order.Centre },
            ct
        );
        if (setting is null || setting.Strategy == DispatchStrategy.Manual)
            return null;
        var input = new DispatchInput
        {
            OrderId = order.Id,
            OrderNumber = order.Number,
            Strategy = setting.Strategy,
            Needed = types.Find(order.OrderType)?.Skills ?? [],
            LastGiven = setting.LastGiven,
            FormerId = former,
            Sealed = order.Restricted,
            Candidates = await CandidatesAsync(order, ct),
        };
        var choice = Dispatch.Choose(input);
        await decisions.RecordAsync(Name, setting.Version.ToString(CultureInfo.InvariantCulture), input, choice, choice.Rule, order.CaseId, ct);
        await db.ExecuteAsync(
            "INSERT INTO workzone_dispatched (id, court_id, centre, order_id, case_id) VALUES (@id, @CourtId, @Centre, @order, @CaseId)",
            new
            {
                id = ids.Next(),
                order.CourtId,
                order.Centre,
                order = order.Id,
                order.CaseId,
            },
            ct
        );
        // an order that comes back takes nobody's turn
        if (choice is { PersonId: { } given, Rule: not DispatchStrategy.Former })
            await db.ExecuteAsync(
                "UPDATE workzone_dispatch SET last_given = @given, given_at = @now WHERE court_id = @CourtId AND centre = @Centre",
                new
                {
                    given,
                    now = clock.GetUtcNow(),
                    order.CourtId,
                    order.Centre,
                },
                ct
            );
        return choice;
    }

    /// <summary>Why the order went where it went; null where a person decided.</summary>
    public async Task<DispatchChoice?> ExplainAsync(OrderCard order, CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_dispatched WHERE order_id = @Id", new { order.Id }, ct) == 0)
            return null;
        var rows = await db.QueryAsync<Decided>(
            "SELECT input, outcome FROM kernel_decision WHERE case_id = @CaseId AND name = @Name ORDER BY id DESC",
            new { order.CaseId, Name },
            ct
        );
        return rows.FirstOrDefault(r => r.Read().OrderId == order.Id)?.Choice();
    }

    private async Task<IReadOnlyList<DispatchCandidate>> CandidatesAsync(OrderCard order, CancellationToken ct)
    {
        var people = await db.QueryAsync<DispatchCandidate>(
            """
            SELECT p.id, p.name,
                   CASE WHEN EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.centre = @Centre AND r.court_id = @CourtId AND r.role =
                       'robot') THEN 1 ELSE 0 END AS robot,
                   (SELECT COUNT(*) FROM workzone_order o WHERE o.assignee_id = p.id AND o.is_open = 1) AS load,
                   CASE WHEN EXISTS (SELECT 1 FROM workzone_absence a WHERE a.person_id = p.id AND a.active = 1) THEN 1 ELSE 0 END AS absent,
                   (SELECT MAX(a.deputy_id) FROM workzone_absence a WHERE a.person_id = p.id AND a.active = 1) AS deputy_id,
                   CASE WHEN EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = @CaseId AND x.person_id = p.id AND x.ended_at IS NULL) THEN 1 ELSE 0 END
                       AS recused
            FROM workzone_person p
            WHERE p.state = 'active' AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.centre = @Centre AND r.court_id = @CourtId
                AND r.role IN ('clerk', 'robot'))
            ORDER BY p.id
            """,
            new
            {
                order.CourtId,
                order.Centre,
                order.CaseId,
            },
            ct
        );
        if (people.Count == 0)
            return people;
        var skills = (
            await db.QueryAsync<Skill>(
                "SELECT person_id, skill AS name FROM workzone_centre_skill WHERE person_id IN @who AND court_id = @CourtId AND centre = @Centre "
                    + "ORDER BY skill",
                new
                {
                    order.CourtId,
                    order.Centre,
                    who = people.Select(p => p.Id).ToList(),
                },
                ct
            )
        ).ToLookup(s => s.PersonId, s => s.Name);
        return [.. people.Select(p => p with { Skills = [.. skills[p.Id]] })];
    }

    internal sealed record Decided
    {
        public string Input { get; init; } = "{}";
        public string Outcome { get; init; } = "{}";

        public DispatchInput Read() => JsonSerializer.Deserialize<DispatchInput>(Input, Json.Stored)!;

        public DispatchChoice Choice() => JsonSerializer.Deserialize<DispatchChoice>(Outcome, Json.Stored)!;
    }

    private sealed record Setting
    {
        public string Strategy { get; init; } = DispatchStrategy.Manual;
        public long LastGiven { get; init; }
        public int Version { get; init; }
    }

    private sealed record Skill
    {
        public long PersonId { get; init; }
        public string Name { get; init; } = "";
    }
}
