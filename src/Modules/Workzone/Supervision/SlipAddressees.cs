using CourtOps.Kernel.Data;
using CourtOps.Kernel.Settings;

namespace CourtOps.Workzone.Supervision;

/// <summary>Finds the persons behind the posts of a slip, and whom a slip can reach.</summary>
internal sealed class SlipAddressees(Db db, ISettings settings, TimeProvider clock)
{
    private const int Most = 5;

    private const string Reached = """
        SELECT COUNT(*) FROM workzone_person p
        WHERE p.id = @to AND p.state = 'active'
          AND NOT EXISTS (SELECT 1 FROM workzone_recusal r WHERE r.case_id = @caseId AND r.person_id = p.id AND r.ended_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM workzone_case c WHERE c.id = @caseId AND c.sealed = 1
                          AND NOT EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = c.id AND a.person_id = p.id))
        """;

    private readonly Dictionary<long, IReadOnlyList<Leading>> leaders = [];

    /// <summary>Whether a slip about the case may reach a person: in office, not recused, and let in where the case is sealed.</summary>
    public async Task<bool> ReachedAsync(long to, long? caseId, CancellationToken ct) => await db.ScalarAsync<int>(Reached, new { to, caseId }, ct) > 0;

    /// <summary>
    /// Who is reached by these posts, each person once with the first post that names them. A post that nobody holds, or whose holder may not see the case,
    /// falls to the handler where it is the head's and to the leaders of the court otherwise; a case without a handler falls to the head, then to them.
    /// </summary>
    /// <param name="handler">Who has the case in hand; null for nobody.</param>
    public async Task<IReadOnlyList<(long Id, string Post)>> OfAsync(IReadOnlyList<string> posts, long court, long? handler, long? caseId, CancellationToken ct)
    {
        var found = new List<(long Id, string Post)>();
        async Task<bool> AddAsync(IEnumerable<long> ids, string post)
        {
            var any = false;
            foreach (var id in ids)
                if (found.Any(f => f.Id == id))
                    any = true;
                else if (await ReachedAsync(id, caseId, ct))
                {
                    found.Add((id, post));
                    any = true;
                }
            return any;
        }
        var own = handler is { } h ? new[] { h } : [];
        foreach (var post in posts)
        {
            var holders = post == SlipPosts.Handler ? own : await HoldersAsync(post, court, handler, ct);
            if (await AddAsync(holders, post))
                continue;
            if (post != SlipPosts.Handler && post != SlipPosts.Head)
                await AddAsync(await LeadersAsync(court, ct), post);
            else if (post == SlipPosts.Head && await AddAsync(own, SlipPosts.Handler))
                continue;
            else if (post == SlipPosts.Head || !await AddAsync(await HoldersAsync(SlipPosts.Head, court, handler, ct), SlipPosts.Head))
                await AddAsync(await LeadersAsync(court, ct), SlipPosts.Head);
        }
        return found;
    }

    /// <summary>Everybody who leads the court, a few at most.</summary>
    public async Task<IReadOnlyList<long>> LeadersAsync(long court, CancellationToken ct) => [.. (await AllAsync(court, ct)).Select(l => l.Id).Take(Most)];

    /// <summary>Leads of a centre in a court, a few at most.</summary>
    public Task<IReadOnlyList<long>> LeadsAsync(long court, string centre, CancellationToken ct) =>
        db.PageAsync<long>(
            "SELECT r.person_id FROM workzone_role_grant r JOIN workzone_person p ON p.id = r.person_id WHERE r.role = 'lead' AND r.centre = @centre AND "
                + "r.court_id = @court AND p.state = 'active' AND (r.until_at IS NULL OR r.until_at > @now) ORDER BY r.person_id",
            new
            {
                court,
                centre,
                now = clock.GetUtcNow(),
            },
            Most,
            ct
        );

    /// <summary>Whoever has the case, or the order, in hand now; null for nobody.</summary>
    public Task<long?> HandlerAsync(long? caseId, long? orderId, CancellationToken ct) =>
        orderId is not null
            ? db.FirstAsync<long?>("SELECT assignee_id FROM workzone_order WHERE id = @orderId", new { orderId }, ct)
            : db.FirstAsync<long?>("SELECT judge_id FROM workzone_case WHERE id = @caseId", new { caseId }, ct);

    // the head of the handler's own division; the other posts are of the court
    private async Task<IReadOnlyList<long>> HoldersAsync(string post, long court, long? handler, CancellationToken ct)
    {
        var times = settings.Current<SlipTimes>(WarningTable.TimesKey, court);
        var named = post switch
        {
            SlipPosts.Head => times.HeadDuties,
            SlipPosts.Management => times.ManagementDuties,
            SlipPosts.Vice => times.ViceDuties,
            _ => times.PresidentDuties,
        };
        var duties = named.Split('、', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var holders = (await AllAsync(court, ct)).Where(l => duties.Contains(l.Post, StringComparer.Ordinal));
        if (post == SlipPosts.Head)
        {
            var division = handler is null
                ? ""
                : await db.FirstAsync<string>("SELECT division FROM workzone_person WHERE id = @handler", new { handler }, ct) ?? "";
            holders = holders.Where(l => division.Length > 0 && l.Division == division && l.Id != handler);
        }
        return [.. holders.Select(l => l.Id).Take(Most)];
    }

    private async Task<IReadOnlyList<Leading>> AllAsync(long court, CancellationToken ct)
    {
        if (leaders.TryGetValue(court, out var known))
            return known;
        return leaders[court] = await db.PageAsync<Leading>(
            "SELECT p.id, p.division, p.post FROM workzone_role_grant r JOIN workzone_person p ON p.id = r.person_id WHERE r.role = 'leader' AND "
                + "r.court_id = @court AND p.state = 'active' AND (r.until_at IS NULL OR r.until_at > @now) ORDER BY p.id",
            new { court, now = clock.GetUtcNow() },
            100,
            ct
        );
    }

    private sealed record Leading
    {
        public long Id { get; init; }
        public string Division { get; init; } = "";
        public string Post { get; init; } = "";
    }
}
