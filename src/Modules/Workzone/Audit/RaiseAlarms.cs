using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Workzone.Trails;

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
            for (var after = Ids.At(since.AddHours(-1)); ; )
            {
                var page = await other.PageAsync<Logged>(
                    "SELECT id, at, actor_id, actor, person_name, case_id, court_id, result, request_id FROM kernel_access WHERE id > @after AND at "
                        + ">= @since AND actor_id > 0 ORDER BY id",
                    new { after, since },
                    5000,
                    ct
                );
                entries.AddRange(page);
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
            raised.AddRange(
                AlarmRules.RepeatedRefusals(
                    [.. entries, .. tried.Commands.Where(c => c.RequestId.Length == 0 || !refused.Contains((c.ActorId, c.RequestId))).Cast<ReadEntry>()],
                    settings
                )
            );
            raised.AddRange(AlarmRules.FailedSignIns(tried.SignIns, settings));
            raised.AddRange(AlarmRules.OwnCases(entries, parties.Among));
        }
        if (raised.Count == 0)
            return;
        await db.BeginAsync(ct);
        foreach (var r in raised)
        {
            var args = new
            {
                id = ids.Next(),
                r.Kind,
                r.Key,
                r.PersonId,
                r.Login,
                r.Name,
                r.CourtId,
                r.From,
                r.To,
                r.Hits,
                evidence = JsonSerializer.Serialize(r.Evidence, Json.Stored),
                now,
            };
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM kernel_alarm WHERE kind = @Kind AND alarm_key = @Key", args, ct) == 0)
                await db.ExecuteAsync(
                    """
                    INSERT INTO kernel_alarm (id, kind, alarm_key, person_id, person_login, person_name, court_id, window_from, window_to, hits, evidence,
                        state, raised_at)
                    VALUES (@id, @Kind, @Key, @PersonId, @Login, @Name, @CourtId, @From, @To, @Hits, @evidence, 'open', @now)
                    """,
                    args,
                    ct
                );
            else // what goes on: the open alarm says how much it is by now
                await db.ExecuteAsync(
                    "UPDATE kernel_alarm SET window_to = @To, hits = @Hits, evidence = @evidence WHERE kind = @Kind AND alarm_key = @Key AND state = "
                        + "'open' AND hits < @Hits",
                    args,
                    ct
                );
        }
        await db.CommitAsync(ct);
    }

    // what was tried and is on the record of changes: commands somebody had no right to or that named what is not there, and signing in. A rule that says no,
    // or a field left
    // empty, is everyday life.
    private async Task<(List<Logged> Commands, List<ReadEntry> SignIns)> TriedAsync(DateTimeOffset since, CancellationToken ct)
    {
        var (commands, signIns) = (new List<Logged>(), new List<ReadEntry>());
        for (var after = Ids.At(since.AddHours(-1)); ; )
        {
            var page = await db.PageAsync<Logged>(
                "SELECT id, at, actor_id, actor, person_name, case_id, court_id, result, request_id, action, object_type, object_id, address, detail "
                    + "FROM kernel_audit WHERE id > @after AND at >= @since AND result IN ('refused', 'forbidden', 'not-found') ORDER BY id",
                new { after, since },
                5000,
                ct
            );
            foreach (var row in page)
                if (row.Action is "workzone.sign-in" or "workzone.second-factor.check" or "workzone.web.refused")
                    signIns.AddRange(Enumerable.Repeat(row.Tried(), row.Tries()));
                else if (row.ActorId > 0 && row.Result != "refused")
                    commands.Add(row with { Result = "refused" });
            if (page.Count < 5000)
                break;
            after = page[^1].Id;
        }
        var people = new Dictionary<long, Rights.PersonName>();
        foreach (var part in signIns.Select(e => e.ActorId).Where(p => p > 0).Distinct().Chunk(500))
        foreach (var p in await db.QueryAsync<Rights.PersonName>("SELECT id, login, name FROM workzone_person WHERE id IN @part", new { part }, ct))
            people[p.Id] = p;
        return (commands, signIns.ConvertAll(e => people.TryGetValue(e.ActorId, out var p) ? e with { Actor = p.Login, PersonName = p.Name } : e));
    }

    private sealed record Logged : ReadEntry
    {
        public string RequestId { get; init; } = "";
        public string Action { get; init; } = "";
        public string ObjectType { get; init; } = "";
        public string ObjectId { get; init; } = "";
        public string Address { get; init; } = "";
        public string Detail { get; init; } = "";

        /// <summary>Counted for whoever was tried; where that is nobody, for the address.</summary>
        public ReadEntry Tried() =>
            ObjectType == "person" && long.TryParse(ObjectId, CultureInfo.InvariantCulture, out var person) && person > 0
                ? this with
                {
                    ActorId = person,
                    CaseId = null,
                }
                : this with
                {
                    ActorId = 0,
                    Actor = Address,
                    PersonName = "",
                    CaseId = null,
                };

        /// <summary>How many tries the entry stands for: those of the web are recorded together.</summary>
        public int Tries() =>
            ObjectType == "web"
            && JsonDocument.Parse(Detail).RootElement is var root
            && root.TryGetProperty("count", out var count)
            && count.TryGetInt32(out var n)
                ? Math.Clamp(n, 1, 100)
                : 1;
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
        foreach (
            var p in await db.QueryAsync<Reader>(
                "SELECT id, id_number_enc FROM workzone_person WHERE id IN @part AND id_number_enc IS NOT NULL",
                new { part },
                ct
            )
        )
            numbers[p.Id] = secrets.BlindAll(secrets.Reveal(p.IdNumberEnc)); // while keys are changed a party's index may be of either
        foreach (var part in numbers.Values.SelectMany(n => n).Distinct().Chunk(500))
            byNumber.UnionWith(
                (await db.QueryAsync<Party>("SELECT case_id, name, id_number_idx FROM workzone_party WHERE id_number_idx IN @part", new { part }, ct)).Select(
                    p => (p.CaseId, p.IdNumberIdx!)
                )
            );
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
