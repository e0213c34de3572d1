using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Jobs;
using CourtOps.Workzone.Settings;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Calendars;

/// <summary>A confirmed law update: the same, on the day from which on pending cases follow it.</summary>
internal sealed class LawEffect(Db db, Ids ids, TimeProvider clock, WorkQueue work) : ISettingEffect
{
    public string Key => LawUpdates.Key;

    public async Task ConfirmedAsync(SettingVersion version, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var today = Kernel.Web.Times.Day(now);
        var later = LawUpdates.Setting.Read(version.Body) is LawUpdates updates
            ? updates.Changes().Where(c => c.Pending && c.From > today).Select(c => (DateOnly?)c.From).Min()
            : null;
        await RunAsync(now, now, ct);
        if (later is { } day)
            await RunAsync(now, Kernel.Web.Times.Start(day), ct);

        async Task RunAsync(DateTimeOffset made, DateTimeOffset at, CancellationToken ct)
        {
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_recompute (id, setting_key, version, state, after_id, seen_count, moved_count, created_at, ended_at)
                VALUES (@id, @SettingKey, @Version, 'running', 0, 0, 0, @made, NULL)
                """,
                new
                {
                    id,
                    version.SettingKey,
                    version.Version,
                    made,
                },
                ct
            );
            await work.AddAsync(RecomputeWork.Name, $"{id}:0", new RecomputeWork.Payload { RunId = id }, at > made ? at : null, ct);
        }
    }
}

/// <summary>A confirmed calendar: the dates of open cases are computed again, as a batch that goes on by itself.</summary>
internal sealed class CalendarEffect(Db db, Ids ids, TimeProvider clock, WorkQueue work) : ISettingEffect
{
    public string Key => LoadedYears.Key;

    public async Task ConfirmedAsync(SettingVersion version, CancellationToken ct)
    {
        var id = ids.Next();
        await db.ExecuteAsync(
            "INSERT INTO workzone_recompute (id, setting_key, version, state, after_id, seen_count, moved_count, created_at, ended_at) VALUES (@id, "
                + "@SettingKey, @Version, 'running', 0, 0, 0, @now, NULL)",
            new
            {
                id,
                version.SettingKey,
                version.Version,
                now = clock.GetUtcNow(),
            },
            ct
        );
        await work.AddAsync(RecomputeWork.Name, $"{id}:0", new RecomputeWork.Payload { RunId = id }, null, ct);
    }
}

/// <summary>Some seconds of cases a turn; where it stands is in the run's row, so that a killed process repeats nothing.</summary>
internal sealed class RecomputeWork(Db db, SettingStore store, IServiceScopeFactory scopes, Actor actor, WorkQueue work, TimeProvider clock) : IWorkHandler
{
    public const string Name = "workzone.recompute";
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 20;

    public TimeSpan Lease => TimeSpan.FromSeconds(60);

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        // confirmed on another host a moment ago
        await store.RefreshAsync(ct);
        var runId = item.Read<Payload>().RunId;
        var began = clock.GetTimestamp();
        for (
            var after = await db.FirstAsync<long?>("SELECT after_id FROM workzone_recompute WHERE id = @runId AND state = 'running'", new { runId }, ct);
            after is not null;

        )
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<Actor>().ActLike(actor);
            after = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new RecomputeSome { After = after.Value, RunId = runId }, ct);
            if (after is not null && clock.GetElapsedTime(began) > Long)
                return WorkOutcome.Done(true);
        }
        return WorkOutcome.Done();
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var at = item.Read<Payload>();
        if (outcome.End == WorkEnd.Failed)
            await db.ExecuteAsync(
                "UPDATE workzone_recompute SET state = 'failed', ended_at = @now WHERE id = @RunId AND state = 'running'",
                new { at.RunId, now = clock.GetUtcNow() },
                ct
            );
        else if (outcome.Result is true)
            await work.AddAsync(Name, $"{at.RunId}:{at.Turn + 1}", at with { Turn = at.Turn + 1 }, null, ct);
    }

    internal sealed record Payload
    {
        public long RunId { get; init; }
        public int Turn { get; init; }
    }
}

/// <summary>A run with the cases whose dates moved, as far as this person may see them.</summary>
[Permit(SettingRights.Read)]
internal sealed record ShowRecompute : IQuery<ShowRecompute.Result>
{
    public const int Rows = 50;

    /// <summary>Null is the newest.</summary>
    public long? Id { get; init; }
    public int After { get; init; }

    /// <summary>Only runs that this rule caused; empty for all.</summary>
    public string SettingKey { get; init; } = "";

    internal sealed record Result(Run? Run, IReadOnlyList<Line> Lines, int? Next);

    internal sealed record Run
    {
        public long Id { get; init; }
        public int Version { get; init; }
        public string State { get; init; } = "";
        public int SeenCount { get; init; }
        public int MovedCount { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
    }

    internal sealed record Line
    {
        public int N { get; init; }
        public long CaseId { get; init; }
        public string Number { get; init; } = "";
        public DateOnly? WasEnd { get; init; }
        public DateOnly? NowEnd { get; init; }
        public DateOnly? WasLegalEnd { get; init; }
        public DateOnly? NowLegalEnd { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor, CaseAccess access) : IQueryHandler<ShowRecompute, Result>
    {
        public async Task<Result> Handle(ShowRecompute request, CancellationToken cancellationToken)
        {
            var runs = await db.PageAsync<Run>(
                "SELECT r.id, r.version, r.state, r.seen_count, r.moved_count, r.created_at, r.ended_at FROM workzone_recompute r WHERE r.id >= @from "
                    + "AND r.id <= @until AND (@key = '' OR r.setting_key = @key) ORDER BY r.id DESC",
                new
                {
                    from = request.Id ?? 0,
                    until = request.Id ?? long.MaxValue,
                    key = request.SettingKey,
                },
                1,
                cancellationToken
            );
            var run = runs.Count > 0 ? runs[0] : null;
            if (run is null)
                return request.Id is null ? new Result(null, [], null) : throw new NotFound("重算", request.Id);
            if (!actor.Can("workzone.cases.read"))
                return new Result(run, [], null);
            var (me, courts, places) = access.Arguments;
            var lines = await db.PageAsync<Line>(
                """
                SELECT l.n, l.case_id, c.number, l.was_end, l.now_end, l.was_legal_end, l.now_legal_end
                FROM workzone_recompute_line l
                JOIN workzone_case c ON c.id = l.case_id
                WHERE l.run_id = @Id AND l.n > @After AND
                """
                    + " "
                    + access.IdCondition
                    + " ORDER BY l.n",
                new
                {
                    run.Id,
                    request.After,
                    me,
                    courts,
                    places,
                },
                Rows + 1,
                cancellationToken
            );
            return new Result(run, [.. lines.Take(Rows)], lines.Count > Rows ? lines[Rows - 1].N : null);
        }
    }
}
