using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;

namespace CourtOps.Kernel.Settings;

/// <summary>A dry run as it stands: a draft put to the real decisions of the last days.</summary>
public sealed record DryRun
{
    internal const string Select =
        "SELECT r.id, r.setting_key, r.court_id, r.decision, r.body, r.days, r.state, r.person_id, r.places, r.figures, r.total, r.done_count, "
        + "r.changed_count, r.reason, r.reason_said, r.created_at, r.ended_at FROM kernel_dry_run r";

    public long Id { get; init; }
    public string SettingKey { get; init; } = "";
    public long CourtId { get; init; }
    public string Decision { get; init; } = "";

    /// <summary>The draft.</summary>
    public string Body { get; init; } = "";
    public int Days { get; init; }

    /// <summary>running, done, failed or cancelled.</summary>
    public string State { get; init; } = "";
    public long PersonId { get; init; }
    public string Places { get; init; } = "";
    public string Figures { get; init; } = "";
    public int Total { get; init; }
    public int DoneCount { get; init; }

    /// <summary>Decisions with another outcome.</summary>
    public int ChangedCount { get; init; }
    public string? Reason { get; init; }
    public string? ReasonSaid { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    public DryRunPlan ReadPlan() => JsonSerializer.Deserialize<DryRunPlan>(Places, Json.Stored)!;

    public DryRunFigures ReadFigures() => JsonSerializer.Deserialize<DryRunFigures>(Figures, Json.Stored)!;
}

/// <summary>The courts whose value would change, each with the value that counts for it now.</summary>
public sealed record DryRunPlan
{
    public IReadOnlyList<string> Befores { get; init; } = [];
    public IReadOnlyList<Place> Courts { get; init; } = [];

    /// <summary>Courts below that keep a value of their own: nothing changes for them.</summary>
    public int Apart { get; init; }

    public sealed record Place(long CourtId, int Before);
}

/// <summary>Counts before and after.</summary>
public sealed record DryRunFigures
{
    public IReadOnlyDictionary<string, int> Before { get; init; } = new Dictionary<string, int>();
    public IReadOnlyDictionary<string, int> After { get; init; } = new Dictionary<string, int>();

    /// <summary>Per court: decisions, and how many of them come out otherwise.</summary>
    public IReadOnlyDictionary<long, Court> Courts { get; init; } = new Dictionary<long, Court>();
    public IReadOnlyList<decimal> MeasuresBefore { get; init; } = [];
    public IReadOnlyList<decimal> MeasuresAfter { get; init; } = [];

    /// <summary>Decisions that came out otherwise when they were made: rules or program were others.</summary>
    public int Otherwise { get; init; }

    /// <summary>Inputs that the function of today no longer reads.</summary>
    public int Unreadable { get; init; }

    public sealed record Court(int Total, int Changed);

    internal DryRunFigures Plus(DryRunFigures more) =>
        new()
        {
            Before = Sum(Before, more.Before),
            After = Sum(After, more.After),
            Courts = Courts
                .Concat(more.Courts)
                .GroupBy(c => c.Key)
                .ToDictionary(g => g.Key, g => new Court(g.Sum(c => c.Value.Total), g.Sum(c => c.Value.Changed))),
            MeasuresBefore = Sum(MeasuresBefore, more.MeasuresBefore),
            MeasuresAfter = Sum(MeasuresAfter, more.MeasuresAfter),
            Otherwise = Otherwise + more.Otherwise,
            Unreadable = Unreadable + more.Unreadable,
        };

    private static Dictionary<string, int> Sum(IReadOnlyDictionary<string, int> a, IReadOnlyDictionary<string, int> b) =>
        a.Concat(b).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Sum(p => p.Value));

    private static List<decimal> Sum(IReadOnlyList<decimal> a, IReadOnlyList<decimal> b) =>
        [.. Enumerable.Range(0, Math.Max(a.Count, b.Count)).Select(i => (i < a.Count ? a[i] : 0) + (i < b.Count ? b[i] : 0))];
}

/// <summary>One decision that comes out otherwise.</summary>
public sealed record DryRunChange
{
    public int N { get; init; }
    public long DecisionId { get; init; }
    public long CourtId { get; init; }
    public long? CaseId { get; init; }
    public DateTimeOffset At { get; init; }
    public string Input { get; init; } = "";
    public string BeforeGroup { get; init; } = "";
    public string AfterGroup { get; init; } = "";
    public string BeforeRule { get; init; } = "";
    public string AfterRule { get; init; } = "";
}

/// <summary>Begins dry runs and reads them. Who may is the caller's question.</summary>
public sealed class DryRuns(Db db, Ids ids, TimeProvider clock, Actor actor, SettingStore store, SettingCatalogue catalogue, WorkQueue work)
{
    /// <summary>As many changes are listed; the counts go over all.</summary>
    public const int Listed = 5_000;

    /// <summary>Queues a run of a draft over the last days. A table that is refused when saved is refused here too.</summary>
    /// <param name="value">The draft; null is the inherited value in the place of the court's own.</param>
    /// <param name="days">1 to 400.</param>
    public async Task<long> BeginAsync(DecisionDefinition decision, long courtId, object? value, int days, CancellationToken ct)
    {
        var setting = catalogue.Find(decision.Setting)!;
        var now = clock.GetUtcNow();
        var chain = store.Chain(courtId);
        var draft = value ?? store.Find(setting, chain.Count > 1 ? chain[1] : 0, now).Value;
        if (setting.Check(draft) is { Count: > 0 } faults)
            throw new FluentValidation.ValidationException(faults.Select(f => new FluentValidation.Results.ValidationFailure(f.Field, f.Why.ToString())));
        if (days is < 1 or > 400)
            throw new RuleBroken("试算的天数是 1 到 400。", "Days");
        var (plan, courts) = Plan(setting, courtId, now);
        var from = Ids.At(now.AddDays(-days));
        var until = ids.Next();
        var total = 0;
        foreach (var court in courts)
            total += await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM kernel_decision WHERE name = @Name AND court_id = @court AND id >= @from AND id < @until",
                new
                {
                    decision.Name,
                    court,
                    from,
                    until,
                },
                ct
            );
        var id = ids.Next();
        await db.ExecuteAsync(
            """
            INSERT INTO kernel_dry_run (id, setting_key, court_id, decision, body, days, from_id, until_id, state, person_id, places, figures, total,
                done_count, changed_count, reason, reason_said, created_at, ended_at)
            VALUES (@id, @Key, @courtId, @Name, @body, @days, @from, @until, 'running', @me, @places, @figures, @total, 0, 0, NULL, NULL, @now, NULL)
            """,
            new
            {
                id,
                setting.Key,
                courtId,
                decision.Name,
                body = setting.Write(draft),
                days,
                from,
                until,
                me = actor.Id,
                places = JsonSerializer.Serialize(plan, Json.Stored),
                figures = JsonSerializer.Serialize(new DryRunFigures(), Json.Stored),
                total,
                now,
            },
            ct
        );
        await work.AddAsync(DryRunWork.Name, $"{id}:0", new DryRunWork.Payload { RunId = id, After = from - 1 }, null, ct);
        return id;
    }

    public Task<DryRun?> FindAsync(long id, CancellationToken ct) =>
        db.FirstAsync<DryRun>(DryRun.Select + " WHERE r.id = @id AND r.person_id = @me", new { id, me = actor.Id }, ct);

    /// <summary>The person's runs of a setting, newest first.</summary>
    public Task<IReadOnlyList<DryRun>> ListAsync(string key, CancellationToken ct) =>
        db.PageAsync<DryRun>(DryRun.Select + " WHERE r.person_id = @me AND r.setting_key = @key ORDER BY r.id DESC", new { key, me = actor.Id }, 10, ct);

    /// <param name="court">Of one court; null of all.</param>
    public Task<IReadOnlyList<DryRunChange>> ChangesAsync(long runId, long? court, int after, int take, CancellationToken ct) =>
        db.PageAsync<DryRunChange>(
            "SELECT c.n, c.decision_id, c.court_id, c.case_id, c.at, c.input, c.before_group, c.after_group, c.before_rule, c.after_rule FROM "
                + "kernel_dry_run_change c WHERE c.run_id = @runId AND c.n > @after"
                + (court is null ? "" : " AND c.court_id = @court")
                + " ORDER BY c.n",
            new
            {
                runId,
                court,
                after,
            },
            take,
            ct
        );

    /// <summary>Why a decision comes out as it does, by the value of now and by the draft.</summary>
    public (string Before, string After) Explain(DryRun run, DryRunPlan plan, DryRunChange change, Texts t)
    {
        var decision = catalogue.Decision(run.Decision);
        var setting = catalogue.Find(run.SettingKey)!;
        var before = plan.Befores[plan.Courts.First(c => c.CourtId == change.CourtId).Before];
        return (decision.Explain(t, change.Input, setting.Read(before)), decision.Explain(t, change.Input, setting.Read(run.Body)));
    }

    public async Task CancelAsync(long id, CancellationToken ct)
    {
        if (
            await db.ExecuteAsync(
                "UPDATE kernel_dry_run SET state = 'cancelled', ended_at = @now WHERE id = @id AND person_id = @me AND state = 'running'",
                new
                {
                    id,
                    me = actor.Id,
                    now = clock.GetUtcNow(),
                },
                ct
            ) == 0
        )
            throw new RuleBroken("试算已经结束。");
    }

    // a court below with a value of its own, or one nearer than the draft's court, is not touched
    private (DryRunPlan Plan, IReadOnlyList<long> Courts) Plan(SettingDefinition setting, long courtId, DateTimeOffset now)
    {
        var befores = new List<string>();
        var courts = new List<DryRunPlan.Place>();
        var below = store.Below(courtId).Append(courtId).Distinct().ToList();
        foreach (var court in below)
        {
            var (value, source) = store.Find(setting, court, now);
            var chain = store.Chain(court);
            if (source.CourtId is { } set && set != courtId && chain.TakeWhile(c => c != courtId).Contains(set))
                continue;
            var body = setting.Write(value);
            if (!befores.Contains(body))
                befores.Add(body);
            courts.Add(new DryRunPlan.Place(court, befores.IndexOf(body)));
        }
        return (
            new DryRunPlan
            {
                Befores = befores,
                Courts = courts,
                Apart = below.Count - courts.Count,
            },
            [.. courts.Select(c => c.CourtId)]
        );
    }
}
