using System.Diagnostics;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.Data.Sqlite;

namespace CourtOps.Benchmarks;

/// <summary>Life cycles of orders, eight commits each, against bare commits of one row on the same disk with the same settings.</summary>
internal static class OrderCycles
{
    private static readonly string[] Steps =
    [
        OrderStep.Assign,
        OrderStep.Accept,
        OrderStep.Comment,
        OrderStep.Pause,
        OrderStep.Resume,
        OrderStep.Feedback,
        OrderStep.Close,
    ];

    public static async Task<bool> RunAsync(bool full)
    {
        await using var host = await BenchHost.StartAsync();
        await host.SeedAsync(50, 0);
        var (caseId, person, stamp) = await host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            await db.BeginAsync();
            var id = await db.FirstAsync<long>("SELECT id FROM workzone_person WHERE login = 'clerk'");
            await db.ExecuteAsync(
                "INSERT INTO workzone_role_grant (id, person_id, role, centre, court_id, reach, granted_at, granted_by, confirmed_by) SELECT -x.n, "
                    + "p.id, x.role, x.centre, p.court_id, 'court', p.created_at, '', '' FROM workzone_person p JOIN (SELECT 1 AS n, 'lead' AS role, "
                    + "'trial' AS centre UNION ALL SELECT 2, 'clerk', 'trial' UNION ALL SELECT 3, 'judge', '') x ON 1 = 1 WHERE p.id = @id",
                new { id }
            );
            await db.CommitAsync();
            return (
                await db.FirstAsync<long>("SELECT MIN(id) FROM workzone_case"),
                id,
                await db.ScalarAsync<string>("SELECT stamp FROM workzone_person WHERE id = @id", new { id })
            );
        });
        async Task SendAsync(IRequest<Unit> command)
        {
            await using var scope = host.App.Services.CreateAsyncScope();
            if (!await scope.ServiceProvider.GetRequiredService<IAccounts>().ActAsync(scope.ServiceProvider.GetRequiredService<Actor>(), person, stamp))
                throw new InvalidOperationException("The person cannot act.");
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command);
        }
        var n = 0;
        async Task CycleAsync()
        {
            var id = await host.AsSystemAsync(async s =>
            {
                s.GetRequiredService<Actor>().ActAsSystem("bench");
                return await s.GetRequiredService<IMediator>().Send(new OpenOne { CaseId = caseId, Subject = $"{n++}" });
            });
            foreach (var step in Steps.Where(x => x != OrderStep.Close))
                await SendAsync(
                    new StepOne
                    {
                        Id = id,
                        Step = step,
                        PersonId = step == OrderStep.Assign ? person : null,
                        WakeAt = step == OrderStep.Pause ? DateTimeOffset.UtcNow.AddDays(1) : null,
                    }
                );
            await host.AsSystemAsync(s => s.GetRequiredService<IMediator>().Send(new CloseOne { Id = id }));
        }
        for (var i = 0; i < 30; i++)
            await CycleAsync();
        // in turns, so that a slow moment of the disk meets both
        var seconds = full ? 20 : 6;
        var (bareTime, bareCount, cycleTime, cycleCount) = (TimeSpan.Zero, 0, TimeSpan.Zero, 0);
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(host.Folder, "bare.db")}");
        await connection.OpenAsync();
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        for (var round = 0; round < seconds; round++)
        {
            var watch = Stopwatch.StartNew();
            for (; watch.ElapsedMilliseconds < 500; bareCount++)
            {
                using var t = connection.BeginTransaction(deferred: false);
                Execute(connection, $"INSERT INTO t (v) VALUES ('{bareCount}')", t);
                t.Commit();
            }
            bareTime += watch.Elapsed;
            watch.Restart();
            for (; watch.ElapsedMilliseconds < 500; cycleCount++)
                await CycleAsync();
            cycleTime += watch.Elapsed;
        }
        var bare = bareCount / bareTime.TotalSeconds;
        var cycles = cycleCount / cycleTime.TotalSeconds;
        Measure.Head();
        return Measure.Row(
            "order life cycles/s × 8 against bare commits/s",
            $"{cycles * 8 / bare:0.00}  ({cycles:0.0} cycles/s of {1 + Steps.Length} commits, {bare:0} commits/s)",
            "≥ 0.4",
            cycles * 8 / bare >= 0.4
        );
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? t = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = t;
        command.ExecuteNonQuery();
    }
}

[Permit(PermitAttribute.System)]
internal sealed record CloseOne : Kernel.Messaging.ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(IWorkOrders orders) : Kernel.Messaging.CommandHandler<CloseOne>
    {
        protected override Task RunAsync(CloseOne command, CancellationToken ct) => orders.StepAsync(command.Id, OrderStep.Close, ct: ct);
    }
}
