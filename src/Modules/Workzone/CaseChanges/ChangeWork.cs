using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.People;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.CaseChanges;

/// <summary>Applies a list as the person who handed it in, in the court and through the key it came by, some seconds a turn.</summary>
internal sealed class ChangeWork(Db db, IServiceScopeFactory scopes, Actor actor, IAccounts accounts, WorkQueue work, TimeProvider clock) : IWorkHandler
{
    public const string Name = "workzone.changes";
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 20;

    public TimeSpan Lease => TimeSpan.FromSeconds(30);

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        var row = await db.FirstAsync<Row>(
            """
            SELECT person_id, court_id, key_id, state
            FROM workzone_change_file
            WHERE id = @FileId
            """,
            new { payload.FileId },
            ct
        );
        if (row is null || row.State != "running")
            return WorkOutcome.Done();
        if (row.CourtId is { } court)
        {
            if (await accounts.GoOnAsync(actor, row.PersonId, court, row.KeyId) is { } why)
                return WorkOutcome.Failed(why);
        }
        else
        {
            actor.ActAsSystem(Name);
        }
        var began = clock.GetTimestamp();
        while (await OneAsync(payload.FileId, ct))
            if (clock.GetElapsedTime(began) > Turn)
                return WorkOutcome.Done(true);
        return WorkOutcome.Done();
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        if (outcome.End == WorkEnd.Failed)
            await db.ExecuteAsync(
                """
                UPDATE workzone_change_file
                SET state = 'failed', ended_at = @now
                WHERE id = @FileId AND state = 'running'
                """,
                new { payload.FileId, now = clock.GetUtcNow() },
                ct
            );
        else if (outcome.Result is true)
            await work.AddAsync(Name, $"{payload.FileId}:{Guid.NewGuid():n}", payload, null, ct);
    }

    private async Task<bool> OneAsync(long fileId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().ActLike(actor);
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ApplyChanges { Id = fileId }, ct);
    }

    internal sealed record Payload
    {
        public long FileId { get; init; }
    }

    private sealed record Row
    {
        public long PersonId { get; init; }
        public long? CourtId { get; init; }
        public long? KeyId { get; init; }
        public string State { get; init; } = "";
    }
}

/// <summary>A case has arrived for which changes wait: the lists that name it are gone through once more, as their people.</summary>
internal sealed class WaitingChanges(Db db, WorkQueue work)
{
    public async Task TakeAsync(IEnumerable<string> numbers, CancellationToken ct)
    {
        foreach (var chunk in numbers.Distinct().Chunk(500))
        foreach (
            var file in await db.QueryAsync<long>(
                """
                SELECT DISTINCT file_id
                FROM workzone_change_row
                WHERE outcome = 'waiting' AND case_number IN @chunk
                """,
                new { chunk },
                ct
            )
        )
            if (
                await db.ExecuteAsync(
                    """
                    UPDATE workzone_change_file
                    SET state = 'running', position = 0, ended_at = NULL
                    WHERE id = @file AND state = 'done'
                    """,
                    new { file },
                    ct
                ) > 0
            )
                await work.AddAsync(ChangeWork.Name, $"{file}:{Guid.NewGuid():n}", new ChangeWork.Payload { FileId = file }, null, ct);
    }
}

internal sealed class ChangesAfterImport(WaitingChanges waiting) : INotificationHandler<CaseImported>
{
    public Task Handle(CaseImported notification, CancellationToken cancellationToken) =>
        waiting.TakeAsync(notification.Cases.Where(c => !c.Updated).Select(c => c.Number), cancellationToken);
}

internal sealed class ChangesAfterFiling(Db db, WaitingChanges waiting) : INotificationHandler<CaseEventRecorded>
{
    public async Task Handle(CaseEventRecorded notification, CancellationToken cancellationToken)
    {
        if (
            notification.Event is "registered" or "allotted" or "converted"
            && await db.FirstAsync<string>(
                """
                SELECT number
                FROM workzone_case
                WHERE id = @CaseId
                """,
                new { notification.CaseId },
                cancellationToken
            )
                is { } number
        )
            await waiting.TakeAsync([number], cancellationToken);
    }
}
