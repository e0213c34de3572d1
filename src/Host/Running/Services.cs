using CourtOps.Host.Jobs;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Work;

namespace CourtOps.Host.Running;

/// <summary>
/// Leases this process its worker number, so that ids of two processes never meet. The row keeps a tick below which nobody begins: a process that was
/// killed may have gone on from the last one written for as long as a lease runs, so the next holder leaves that much room. The tick is written
/// when the number is taken, before the first id is made; after an orderly end no room is needed.
/// </summary>
internal sealed class IdLease(Database database, Ids ids, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    // as many ticks as a lease can run on beyond what was last written
    private const long Margin = 2 * 60 * 1000 / 16;
    private readonly string owner = $"{Guid.NewGuid():n}/{Environment.ProcessId}/{Environment.MachineName[..Math.Min(30, Environment.MachineName.Length)]}";
    private readonly CancellationTokenSource stop = new();
    private int? number;
    private Task? renewing;

    public string Owner => owner;

    public async Task TakeAsync(CancellationToken ct = default)
    {
        for (var round = 0; number is null; round++)
        {
            number = await TryTakeAsync(ct);
            if (number is not null)
                break;
            if (round > 120)
                throw new InvalidOperationException("All 64 worker numbers are leased. Is the database shared by more than 64 processes?");
            await Task.Delay(1000, ct);
        }
        renewing = RenewAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (number is null)
            return;
        await stop.CancelAsync();
        if (renewing is not null)
            await renewing;
        await WriteAsync(clock.GetUtcNow(), ids.HighTick - Margin);
        number = null;
        stop.Dispose();
    }

    private async Task<int?> TryTakeAsync(CancellationToken ct)
    {
        await using var db = new Db(database);
        await db.BeginAsync(ct);
        var now = clock.GetUtcNow();
        var rows = await db.QueryAsync<Row>("SELECT number, lease_until, high_tick FROM kernel_worker ORDER BY number", ct: ct);
        var free = rows.FirstOrDefault(r => r.LeaseUntil < now);
        if (free is null && rows.Count >= 64)
            return null;
        var take = free ?? new Row { Number = rows.Count };
        var from = Math.Max(Ids.TickAt(now), take.HighTick == 0 ? 0 : take.HighTick + Margin + 1);
        var args = new
        {
            take.Number,
            owner,
            until = now + Length,
            from,
            take.LeaseUntil,
        };
        if (free is null)
            await db.ExecuteAsync("INSERT INTO kernel_worker (number, owner, lease_until, high_tick) VALUES (@Number, @owner, @until, @from)", args, ct);
        else if (
            await db.ExecuteAsync(
                "UPDATE kernel_worker SET owner = @owner, lease_until = @until, high_tick = @from WHERE number = @Number AND lease_until = @LeaseUntil",
                args,
                ct
            ) == 0
        )
            return null;
        await db.CommitAsync(ct);
        ids.Lease(take.Number, from - 1);
        return take.Number;
    }

    private async Task RenewAsync()
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(20), stop.Token);
                await HoldOnAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // the process ends
        }
    }

    private async Task HoldOnAsync()
    {
        try
        {
            // asleep for longer than the lease (a suspended machine): the number is another's by now
            if (await WriteAsync(clock.GetUtcNow() + Length, ids.HighTick) == 0)
                while ((number = await TryTakeAsync(stop.Token)) is null)
                    await Task.Delay(1000, stop.Token);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
        {
            // the database is busy or away: there is time for two more tries before the lease ends
        }
    }

    private async Task<int> WriteAsync(DateTimeOffset until, long high)
    {
        await using var db = new Db(database);
        await db.BeginAsync();
        var held = await db.ExecuteAsync(
            "UPDATE kernel_worker SET lease_until = @until, high_tick = @high WHERE number = @number AND owner = @owner",
            new
            {
                until,
                high,
                number,
                owner,
            }
        );
        await db.CommitAsync();
        return held;
    }

    private sealed record Row
    {
        public int Number { get; init; }
        public DateTimeOffset LeaseUntil { get; init; }
        public long HighTick { get; init; }
    }
}

/// <summary>Delivers notifications as they are committed; looks by itself every second, for what other processes wrote.</summary>
internal sealed class RelayService(
    Relay relay,
    RelaySignal signal,
    Database database,
    IdLease lease,
    TimeProvider clock,
    Counters counters,
    ILogger<RelayService> log
) : BackgroundService
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await LoopAsync(stoppingToken);
        }
        finally
        {
            await Leases.ReleaseAsync(database, "relay", lease.Owner);
        }
    }

    private async Task LoopAsync(CancellationToken stoppingToken)
    {
        var heldUntil = DateTimeOffset.UnixEpoch;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var now = clock.GetUtcNow();
                if (now > heldUntil - (Length / 3))
                {
                    if (!await Leases.HoldAsync(database, "relay", lease.Owner, Length, clock, stoppingToken))
                    {
                        await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
                        continue;
                    }
                    heldUntil = now + Length;
                }
                var delivered = await relay.RunOnceAsync(stoppingToken);
                counters.Delivered(delivered);
                if (delivered == 0)
                    await signal.WaitAsync(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogError(e, "The relay stumbled");
                await Task.Delay(TimeSpan.FromSeconds(2), stoppingToken);
            }
        }
    }
}

/// <summary>Does queued work: one looks, up to eight act at the same time, of each queue as many as its handler says.</summary>
internal sealed class WorkService(WorkPump pump, WorkSignal signal, ILogger<WorkService> log) : BackgroundService
{
    private const int AtOnce = 8;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var acting = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                acting.RemoveAll(t => t.IsCompleted);
                if (acting.Count >= AtOnce)
                    await Task.WhenAny(acting);
                else if (await pump.ClaimAsync(stoppingToken) is { } item)
                    acting.Add(DoAsync(item, stoppingToken));
                else
                    await signal.WaitAsync(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                log.LogError(e, "The work pump stumbled");
                await Task.Delay(TimeSpan.FromSeconds(2), CancellationToken.None);
            }
        }
        await Task.WhenAll(acting);
    }

    private async Task DoAsync(ClaimedWork item, CancellationToken ct)
    {
        try
        {
            await Task.Run(() => pump.DoAsync(item, ct), CancellationToken.None);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // interrupted by the stop: the lease runs out and decides
        }
        catch (Exception e)
        {
            log.LogError(e, "Work {Queue} {Key} could not be finished", item.Queue, item.WorkKey);
        }
        signal.Wake(); // its queue has room again
    }
}
