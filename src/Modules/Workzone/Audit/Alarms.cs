using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Workzone.Trails;

/// <summary>From when on reading is unusual. Defaults here, other values under CourtOps:Alarms.</summary>
public sealed record AlarmSettings
{
    /// <summary>So many different cases …</summary>
    public int MassCases { get; init; } = 60;

    /// <summary>… within so many minutes.</summary>
    public int MassMinutes { get; init; } = 30;

    /// <summary>Night begins at this hour in Shanghai …</summary>
    public int NightFrom { get; init; } = 22;

    /// <summary>… and ends at this one.</summary>
    public int NightTo { get; init; } = 6;

    /// <summary>Different cases read in one night before it is said.</summary>
    public int NightCases { get; init; } = 3;

    /// <summary>Refusals of one person …</summary>
    public int Refusals { get; init; } = 8;

    /// <summary>… within so many minutes.</summary>
    public int RefusalMinutes { get; init; } = 15;

    /// <exception cref="InvalidOperationException">A threshold that could never or would always raise an alarm.</exception>
    public static AlarmSettings Read(IConfiguration configuration)
    {
        var s = configuration.GetSection("CourtOps:Alarms").Get<AlarmSettings>() ?? new AlarmSettings();
        if (s.MassCases < 2 || s.MassMinutes is < 1 or > 1440 || s.NightFrom is < 0 or > 23 || s.NightTo is < 0 or > 23 || s.NightCases < 1 || s.Refusals < 2 || s.RefusalMinutes is < 1 or > 1440)
            throw new InvalidOperationException("CourtOps:Alarms holds a threshold out of range.");
        return s;
    }
}

/// <summary>One entry as the rules see it.</summary>
public sealed record ReadEntry
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }
    public long ActorId { get; init; }
    public string Actor { get; init; } = "";
    public string PersonName { get; init; } = "";
    public long? CaseId { get; init; }
    public string Result { get; init; } = "";
}

/// <summary>What a rule found.</summary>
/// <param name="Key">The same finding gives the same key: an alarm is raised once.</param>
public sealed record Raised(string Kind, string Key, long PersonId, string Login, string Name, DateTimeOffset From, DateTimeOffset To, int Hits, IReadOnlyList<long> Evidence);

/// <summary>The rules over the access log. Pure: entries in, alarms out.</summary>
public static class AlarmRules
{
    public const string Mass = "mass-reading";
    public const string Night = "night-reading";
    public const string Refusals = "repeated-refusals";
    public const string OwnCase = "own-case";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Mass] = "短时间查阅大量案件",
        [Night] = "夜间查阅",
        [Refusals] = "反复被拒绝",
        [OwnCase] = "查阅本人为当事人的案件",
    };

    /// <summary>N different cases in M minutes, and what was read on in the hour after that.</summary>
    public static IEnumerable<Raised> MassReading(IEnumerable<ReadEntry> entries, AlarmSettings s) =>
        Windows(Mass, entries.Where(e => e is { Result: "done", CaseId: not null }), TimeSpan.FromMinutes(s.MassMinutes), w => w.Select(e => e.CaseId).Distinct().Count(), s.MassCases);

    public static IEnumerable<Raised> RepeatedRefusals(IEnumerable<ReadEntry> entries, AlarmSettings s) =>
        Windows(Refusals, entries.Where(e => e.Result is "refused" or "not-found"), TimeSpan.FromMinutes(s.RefusalMinutes), w => w.Count, s.Refusals);

    /// <summary>Cases read between the hours of the night, a person and night at a time.</summary>
    public static IEnumerable<Raised> NightReading(IEnumerable<ReadEntry> entries, AlarmSettings s) =>
        from e in entries
        where e is { Result: "done", CaseId: not null } && IsNight(Times.Local(e.At).Hour, s)
        // the hours after midnight belong to the night that began the day before
        group e by (e.ActorId, Night: DateOnly.FromDateTime(Times.Local(e.At).DateTime.AddHours(-12))) into night
        let cases = night.Select(e => e.CaseId).Distinct().Count()
        where cases >= s.NightCases
        select Make(Night, night.Key.Night.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), [.. night], cases);

    /// <summary>A person opened a case in which somebody of the same name is a party. Names may be shared: a person decides.</summary>
    public static IEnumerable<Raised> OwnCases(IEnumerable<ReadEntry> entries, Func<long, string, bool> isParty) =>
        from e in entries
        where e is { Result: "done", CaseId: not null } && e.PersonName.Length > 0
        group e by (e.ActorId, CaseId: e.CaseId!.Value) into own
        where isParty(own.Key.CaseId, own.First().PersonName)
        select Make(OwnCase, $"{own.Key.CaseId}", [.. own], own.Count());

    public static bool IsNight(int hour, AlarmSettings s) => s.NightFrom > s.NightTo ? hour >= s.NightFrom || hour < s.NightTo : hour >= s.NightFrom && hour < s.NightTo;

    private static IEnumerable<Raised> Windows(string kind, IEnumerable<ReadEntry> entries, TimeSpan length, Func<List<ReadEntry>, int> measure, int threshold)
    {
        foreach (var person in entries.GroupBy(e => e.ActorId))
        {
            var window = new List<ReadEntry>();
            (DateTimeOffset Reached, List<ReadEntry> Entries)? stretch = null;
            foreach (var entry in person.OrderBy(e => e.At).ThenBy(e => e.Id))
            {
                window.Add(entry);
                window.RemoveAll(e => e.At <= entry.At - length);
                // said once for this stretch with all that belongs to it; the next hour is looked at anew
                if (stretch is { } going && entry.At < going.Reached.AddHours(1))
                {
                    going.Entries.Add(entry);
                    continue;
                }
                if (measure(window) < threshold)
                    continue;
                if (stretch is { } over)
                    yield return Say(over.Reached, over.Entries);
                stretch = (entry.At, [.. window]);
            }
            if (stretch is { } last)
                yield return Say(last.Reached, last.Entries);
        }

        Raised Say(DateTimeOffset reached, List<ReadEntry> all) => Make(kind, reached.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture), all, measure(all));
    }

    private static Raised Make(string kind, string key, List<ReadEntry> hits, int n) =>
        new(kind, $"{hits[0].ActorId}:{key}", hits[0].ActorId, hits[^1].Actor, hits[^1].PersonName, hits.Min(h => h.At), hits.Max(h => h.At), n, [.. hits.Select(h => h.Id).Take(200)]);
}

/// <summary>Looks through what was read lately and raises what the rules find; each finding once.</summary>
internal sealed class RaiseAlarms(Db db, AccessStore store, Ids ids, TimeProvider clock, IConfiguration configuration) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        var settings = AlarmSettings.Read(configuration);
        var now = clock.GetUtcNow();
        // a night and what came late: the keys keep it from being said twice
        var since = now.AddHours(-26);
        var raised = new List<Raised>();
        await using (var other = await store.OpenAsync(ct))
        {
            var entries = new List<ReadEntry>();
            for (var after = Ids.At(since.AddHours(-1)); ;)
            {
                var page = await other.PageAsync<ReadEntry>("SELECT id, at, actor_id, actor, person_name, case_id, result FROM kernel_access WHERE id > @after AND at >= @since AND actor_id > 0 ORDER BY id", new { after, since }, 5000, ct);
                entries.AddRange(page);
                if (page.Count < 5000)
                    break;
                after = page[^1].Id;
            }
            var named = await NamedAsync([.. entries.Where(e => e.CaseId is not null).Select(e => e.PersonName).Distinct()], ct);
            raised.AddRange(AlarmRules.MassReading(entries, settings));
            raised.AddRange(AlarmRules.NightReading(entries, settings));
            raised.AddRange(AlarmRules.RepeatedRefusals(entries, settings));
            raised.AddRange(AlarmRules.OwnCases(entries, (caseId, name) => named.Contains((caseId, name))));
        }
        if (raised.Count == 0)
            return;
        await db.BeginAsync(ct);
        foreach (var r in raised)
        {
            var args = new { id = ids.Next(), r.Kind, r.Key, r.PersonId, r.Login, r.Name, r.From, r.To, r.Hits, evidence = JsonSerializer.Serialize(r.Evidence, Json.Stored), now };
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM kernel_alarm WHERE kind = @Kind AND alarm_key = @Key", args, ct) == 0)
                await db.ExecuteAsync(
                    """
                    INSERT INTO kernel_alarm (id, kind, alarm_key, person_id, person_login, person_name, window_from, window_to, hits, evidence, state, raised_at)
                    VALUES (@id, @Kind, @Key, @PersonId, @Login, @Name, @From, @To, @Hits, @evidence, 'open', @now)
                    """, args, ct);
            else // what goes on: the open alarm says how much it is by now
                await db.ExecuteAsync("UPDATE kernel_alarm SET window_to = @To, hits = @Hits, evidence = @evidence WHERE kind = @Kind AND alarm_key = @Key AND state = 'open' AND hits < @Hits", args, ct);
        }
        await db.CommitAsync(ct);
    }

    private async Task<HashSet<(long, string)>> NamedAsync(List<string> names, CancellationToken ct)
    {
        var found = new HashSet<(long, string)>();
        foreach (var part in names.Chunk(500))
            foreach (var p in await db.QueryAsync<Named>("SELECT case_id, name FROM workzone_party WHERE name IN @part", new { part }, ct))
                found.Add((p.CaseId, p.Name));
        return found;
    }

    private sealed record Named
    {
        public long CaseId { get; init; }
        public string Name { get; init; } = "";
    }
}

/// <summary>The alarms for the auditor: open ones first.</summary>
[Permit("workzone.audit.read")]
internal sealed record ListAlarms : IQuery<IReadOnlyList<ListAlarms.Row>>
{
    public bool Closed { get; init; }

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Kind { get; init; } = "";
        public long PersonId { get; init; }
        public string PersonLogin { get; init; } = "";
        public string PersonName { get; init; } = "";
        public DateTimeOffset WindowFrom { get; init; }
        public DateTimeOffset WindowTo { get; init; }
        public int Hits { get; init; }
        public string State { get; init; } = "";
        public DateTimeOffset RaisedAt { get; init; }
        public string? DecidedBy { get; init; }
        public DateTimeOffset? DecidedAt { get; init; }
        public string? Decision { get; init; }
    }

    internal sealed class Handler(Db db) : IQueryHandler<ListAlarms, IReadOnlyList<Row>>
    {
        public Task<IReadOnlyList<Row>> Handle(ListAlarms request, CancellationToken cancellationToken) => db.PageAsync<Row>(
            "SELECT id, kind, person_id, person_login, person_name, window_from, window_to, hits, state, raised_at, decided_by, decided_at, decision FROM kernel_alarm WHERE state = @state ORDER BY raised_at DESC",
            new { state = request.Closed ? "acknowledged" : "open" }, 200, cancellationToken);
    }
}

/// <summary>The auditor has looked into it and says what it was. The words stay.</summary>
[Permit("workzone.audit.decide")]
[Audited("workzone.alarm.decide")]
internal sealed record AcknowledgeAlarm : ICommand
{
    public long Id { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, Actor actor, AuditTrail audit, TimeProvider clock) : CommandHandler<AcknowledgeAlarm>
    {
        protected override async Task RunAsync(AcknowledgeAlarm command, CancellationToken ct)
        {
            if (command.Reason.Trim().Length < 4)
                throw new RuleBroken("请写明核查结论，至少 4 个字。", "Reason");
            if (await db.ExecuteAsync("UPDATE kernel_alarm SET state = 'acknowledged', decided_by = @Name, decided_at = @now, decision = @words WHERE id = @Id AND state = 'open' AND person_id <> @me",
                new { actor.Name, now = clock.GetUtcNow(), words = command.Reason.Trim(), command.Id, me = actor.Id }, ct) == 0)
                throw new RuleBroken("这条告警已经处理过，或者涉及您本人。", "Reason");
            audit.Note("alarm", command.Id);
        }
    }
}
