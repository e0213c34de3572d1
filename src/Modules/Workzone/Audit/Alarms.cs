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
    public long CourtId { get; init; }
    public string Result { get; init; } = "";

    /// <summary>Who it is counted for: a person, or where nobody is known the address.</summary>
    internal string Who => ActorId > 0 ? $"{ActorId}" : Actor;
}

/// <summary>What a rule found.</summary>
/// <param name="Key">The same finding gives the same key: an alarm is raised once.</param>
public sealed record Raised(string Kind, string Key, long PersonId, string Login, string Name, long CourtId, DateTimeOffset From, DateTimeOffset To, int Hits, IReadOnlyList<long> Evidence);

/// <summary>How a reader is found among the parties of the case.</summary>
public enum PartyMatch
{
    None,

    /// <summary>A party has the name, and nothing tells the two apart.</summary>
    Name,
    IdNumber,
}

/// <summary>The rules over the access log. Pure: entries in, alarms out.</summary>
public static class AlarmRules
{
    public const string Mass = "mass-reading";
    public const string Night = "night-reading";
    public const string Refusals = "repeated-refusals";
    public const string SignIn = "failed-sign-in";
    public const string OwnCase = "own-case-id";
    public const string SameName = "own-case";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Mass] = "短时间查阅大量案件",
        [Night] = "夜间查阅",
        [Refusals] = "反复被拒绝",
        [SignIn] = "反复登录失败或使用错误密钥",
        [OwnCase] = "查阅本人案件（证件号码相同）",
        [SameName] = "查阅同名当事人案件（只凭姓名，须核实）",
    };

    /// <summary>N different cases in M minutes, and what was read on in the hour after that.</summary>
    public static IEnumerable<Raised> MassReading(IEnumerable<ReadEntry> entries, AlarmSettings s) =>
        Windows(Mass, entries.Where(e => e is { Result: "done", CaseId: not null }), TimeSpan.FromMinutes(s.MassMinutes), w => w.Select(e => e.CaseId).Distinct().Count(), s.MassCases);

    public static IEnumerable<Raised> RepeatedRefusals(IEnumerable<ReadEntry> entries, AlarmSettings s) =>
        Windows(Refusals, entries.Where(e => e.Result is "refused" or "not-found"), TimeSpan.FromMinutes(s.RefusalMinutes), w => w.Count, s.Refusals);

    /// <summary>Wrong passwords, codes and keys, by the person tried or the address they came from; an entry may stand for several tries.</summary>
    public static IEnumerable<Raised> FailedSignIns(IEnumerable<ReadEntry> entries, AlarmSettings s) =>
        Windows(SignIn, entries, TimeSpan.FromMinutes(s.RefusalMinutes), w => w.Count, s.Refusals);

    /// <summary>Cases read between the hours of the night, a person and night at a time.</summary>
    public static IEnumerable<Raised> NightReading(IEnumerable<ReadEntry> entries, AlarmSettings s) =>
        from e in entries
        where e is { Result: "done", CaseId: not null } && IsNight(Times.Local(e.At).Hour, s)
        // the hours after midnight belong to the night that began the day before
        group e by (e.ActorId, Night: DateOnly.FromDateTime(Times.Local(e.At).DateTime.AddHours(-12))) into night
        let cases = night.Select(e => e.CaseId).Distinct().Count()
        where cases >= s.NightCases
        select Make(Night, night.Key.Night.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), [.. night], cases);

    /// <summary>A person opened a case to which he is a party by his id number; or one with a party of his name, which is a hint only: names are shared.</summary>
    public static IEnumerable<Raised> OwnCases(IEnumerable<ReadEntry> entries, Func<ReadEntry, PartyMatch> among) =>
        from e in entries
        where e is { Result: "done", CaseId: not null } && e.PersonName.Length > 0
        group e by (e.ActorId, CaseId: e.CaseId!.Value) into own
        let match = among(own.First())
        where match != PartyMatch.None
        select Make(match == PartyMatch.IdNumber ? OwnCase : SameName, $"{own.Key.CaseId}", [.. own], own.Count());

    public static bool IsNight(int hour, AlarmSettings s) => s.NightFrom > s.NightTo ? hour >= s.NightFrom || hour < s.NightTo : hour >= s.NightFrom && hour < s.NightTo;

    private static IEnumerable<Raised> Windows(string kind, IEnumerable<ReadEntry> entries, TimeSpan length, Func<List<ReadEntry>, int> measure, int threshold)
    {
        foreach (var person in entries.GroupBy(e => e.Who))
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
        new(kind, $"{hits[0].Who}:{key}", hits[0].ActorId, hits[^1].Actor, hits[^1].PersonName, hits[^1].CourtId, hits.Min(h => h.At), hits.Max(h => h.At), n, [.. hits.Select(h => h.Id).Take(200)]);
}

/// <summary>Looks through what was read lately and raises what the rules find; each finding once.</summary>
internal sealed class RaiseAlarms(Db db, AccessStore store, Ids ids, TimeProvider clock, IConfiguration configuration, OwnParties parties) : IJobHandler
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
            var refused = new HashSet<(long, string)>();
            for (var after = Ids.At(since.AddHours(-1)); ;)
            {
                var page = await other.PageAsync<Logged>("SELECT id, at, actor_id, actor, person_name, case_id, court_id, result, request_id FROM kernel_access WHERE id > @after AND at >= @since AND actor_id > 0 ORDER BY id", new { after, since }, 5000, ct);
                entries.AddRange(page.Select(p => p.Entry));
                refused.UnionWith(page.Where(p => p.Result is "refused" or "not-found").Select(p => (p.ActorId, p.RequestId)));
                if (page.Count < 5000)
                    break;
                after = page[^1].Id;
            }
            await parties.LoadAsync([.. entries.Where(e => e.CaseId is not null)], ct);
            raised.AddRange(AlarmRules.MassReading(entries, settings));
            raised.AddRange(AlarmRules.NightReading(entries, settings));
            var tried = await TriedAsync(since, ct);
            // one request that both logs tell of is one refusal
            raised.AddRange(AlarmRules.RepeatedRefusals([.. entries, .. tried.Commands.Where(c => c.RequestId.Length == 0 || !refused.Contains((c.ActorId, c.RequestId))).Select(c => c.Entry)], settings));
            raised.AddRange(AlarmRules.FailedSignIns(tried.SignIns, settings));
            raised.AddRange(AlarmRules.OwnCases(entries, parties.Among));
        }
        if (raised.Count == 0)
            return;
        await db.BeginAsync(ct);
        foreach (var r in raised)
        {
            var args = new { id = ids.Next(), r.Kind, r.Key, r.PersonId, r.Login, r.Name, r.CourtId, r.From, r.To, r.Hits, evidence = JsonSerializer.Serialize(r.Evidence, Json.Stored), now };
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM kernel_alarm WHERE kind = @Kind AND alarm_key = @Key", args, ct) == 0)
                await db.ExecuteAsync(
                    """
                    INSERT INTO kernel_alarm (id, kind, alarm_key, person_id, person_login, person_name, court_id, window_from, window_to, hits, evidence, state, raised_at)
                    VALUES (@id, @Kind, @Key, @PersonId, @Login, @Name, @CourtId, @From, @To, @Hits, @evidence, 'open', @now)
                    """, args, ct);
            else // what goes on: the open alarm says how much it is by now
                await db.ExecuteAsync("UPDATE kernel_alarm SET window_to = @To, hits = @Hits, evidence = @evidence WHERE kind = @Kind AND alarm_key = @Key AND state = 'open' AND hits < @Hits", args, ct);
        }
        await db.CommitAsync(ct);
    }

    // what was tried and is on the record of changes: commands somebody had no right to or that named what is not there, and signing in. A rule that says no, or a field left
    // empty, is everyday life.
    private async Task<(List<Logged> Commands, List<ReadEntry> SignIns)> TriedAsync(DateTimeOffset since, CancellationToken ct)
    {
        var (commands, signIns) = (new List<Logged>(), new List<ReadEntry>());
        for (var after = Ids.At(since.AddHours(-1)); ;)
        {
            var page = await db.PageAsync<Logged>("SELECT id, at, actor_id, actor, person_name, case_id, court_id, result, request_id, action, object_type, object_id, address, detail FROM kernel_audit WHERE id > @after AND at >= @since AND result IN ('refused', 'forbidden', 'not-found') ORDER BY id", new { after, since }, 5000, ct);
            foreach (var row in page)
                if (row.Action is "workzone.sign-in" or "workzone.second-factor.check" or "workzone.web.refused")
                    signIns.AddRange(Enumerable.Repeat(row.Tried(), row.Tries()));
                else if (row.ActorId > 0 && row.Result != "refused")
                    commands.Add(row with { Result = "refused" });
            if (page.Count < 5000)
                break;
            after = page[^1].Id;
        }
        var people = new Dictionary<long, PersonName>();
        foreach (var part in signIns.Select(e => e.ActorId).Where(p => p > 0).Distinct().Chunk(500))
            foreach (var p in await db.QueryAsync<PersonName>("SELECT id, login, name FROM workzone_person WHERE id IN @part", new { part }, ct))
                people[p.Id] = p;
        return (commands, signIns.ConvertAll(e => people.TryGetValue(e.ActorId, out var p) ? e with { Actor = p.Login, PersonName = p.Name } : e));
    }

    private sealed record PersonName
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
    }

    private sealed record Logged
    {
        public long Id { get; init; }
        public DateTimeOffset At { get; init; }
        public long ActorId { get; init; }
        public string Actor { get; init; } = "";
        public string PersonName { get; init; } = "";
        public long? CaseId { get; init; }
        public long CourtId { get; init; }
        public string Result { get; init; } = "";
        public string RequestId { get; init; } = "";
        public string Action { get; init; } = "";
        public string ObjectType { get; init; } = "";
        public string ObjectId { get; init; } = "";
        public string Address { get; init; } = "";
        public string Detail { get; init; } = "";

        public ReadEntry Entry => new() { Id = Id, At = At, ActorId = ActorId, Actor = Actor, PersonName = PersonName, CaseId = CaseId, CourtId = CourtId, Result = Result };

        /// <summary>Counted for whoever was tried; where that is nobody, for the address.</summary>
        public ReadEntry Tried() => ObjectType == "person" && long.TryParse(ObjectId, CultureInfo.InvariantCulture, out var person) && person > 0
            ? Entry with { ActorId = person, CaseId = null }
            : Entry with { ActorId = 0, Actor = Address, PersonName = "", CaseId = null };

        /// <summary>How many tries the entry stands for: those of the web are recorded together.</summary>
        public int Tries() => ObjectType == "web" && JsonDocument.Parse(Detail).RootElement is var root && root.TryGetProperty("count", out var count) && count.TryGetInt32(out var n) ? Math.Clamp(n, 1, 100) : 1;
    }
}

/// <summary>The parties that are, or may be, those who read: by id number where it is known of both, by name where it is not.</summary>
internal sealed class OwnParties(Db db, Secrets secrets)
{
    private readonly Dictionary<long, IReadOnlyList<string>> numbers = [];
    private readonly HashSet<(long CaseId, string Index)> byNumber = [];
    private ILookup<(long CaseId, string Name), string?> byName = Array.Empty<Party>().ToLookup(p => (p.CaseId, p.Name), p => p.IdNumberIdx);

    public async Task LoadAsync(IReadOnlyList<ReadEntry> entries, CancellationToken ct)
    {
        foreach (var part in entries.Select(e => e.ActorId).Distinct().Chunk(500))
            foreach (var p in await db.QueryAsync<Reader>("SELECT id, id_number_enc FROM workzone_person WHERE id IN @part AND id_number_enc IS NOT NULL", new { part }, ct))
                numbers[p.Id] = secrets.BlindAll(secrets.Reveal(p.IdNumberEnc)); // while keys are changed a party's index may be of either
        foreach (var part in numbers.Values.SelectMany(n => n).Distinct().Chunk(500))
            byNumber.UnionWith((await db.QueryAsync<Party>("SELECT case_id, name, id_number_idx FROM workzone_party WHERE id_number_idx IN @part", new { part }, ct)).Select(p => (p.CaseId, p.IdNumberIdx!)));
        var named = new List<Party>();
        foreach (var part in entries.Select(e => e.PersonName).Distinct().Chunk(500))
            named.AddRange(await db.QueryAsync<Party>("SELECT case_id, name, id_number_idx FROM workzone_party WHERE name IN @part", new { part }, ct));
        byName = named.ToLookup(p => (p.CaseId, p.Name), p => p.IdNumberIdx);
    }

    public PartyMatch Among(ReadEntry entry)
    {
        var own = numbers.GetValueOrDefault(entry.ActorId, []);
        return own.Any(n => byNumber.Contains((entry.CaseId!.Value, n))) ? PartyMatch.IdNumber
            : byName[(entry.CaseId!.Value, entry.PersonName)].Any(other => other is null || own.Count == 0) ? PartyMatch.Name
            : PartyMatch.None;
    }

    private sealed record Reader
    {
        public long Id { get; init; }
        public string? IdNumberEnc { get; init; }
    }

    private sealed record Party
    {
        public long CaseId { get; init; }
        public string Name { get; init; } = "";
        public string? IdNumberIdx { get; init; }
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

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListAlarms, IReadOnlyList<Row>>
    {
        public async Task<IReadOnlyList<Row>> Handle(ListAlarms request, CancellationToken cancellationToken)
        {
            var scope = await AuditScope.OfAsync(db, actor, cancellationToken);
            return await scope.NewestAsync<Row>(
                db, "SELECT x.id, x.kind, x.person_id, x.person_login, x.person_name, x.window_from, x.window_to, x.hits, x.state, x.raised_at, x.decided_by, x.decided_at, x.decision FROM kernel_alarm x WHERE " + scope.Condition + "x.state = @state",
                new { state = request.Closed ? "acknowledged" : "open", court = scope.Walked }, 200, r => r.Id, cancellationToken);
        }
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
            var scope = await AuditScope.OfAsync(db, actor, ct);
            if (await db.FirstAsync<long?>("SELECT court_id FROM kernel_alarm WHERE id = @Id", new { command.Id }, ct) is not { } court || !scope.Covers(court))
                throw new NotFound("告警", command.Id);
            if (await db.ExecuteAsync("UPDATE kernel_alarm SET state = 'acknowledged', decided_by = @Name, decided_at = @now, decision = @words WHERE id = @Id AND state = 'open' AND person_id <> @me",
                new { actor.Name, now = clock.GetUtcNow(), words = command.Reason.Trim(), command.Id, me = actor.Id }, ct) == 0)
                throw new RuleBroken("这条告警已经处理过，或者涉及您本人。", "Reason");
            audit.Note("alarm", command.Id);
        }
    }
}
