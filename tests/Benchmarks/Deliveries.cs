using System.Collections.Concurrent;
using System.Diagnostics;
using CourtOps.Kernel.Messaging;
using MediatR;

namespace CourtOps.Benchmarks;

/// <summary>How long from commit to the reaction's commit when nothing else goes on, and how many deliveries a second in bulk.</summary>
internal static class Deliveries
{
    public static async Task<bool> RunAsync(bool full)
    {
        var latencies = await LatencyAsync(full ? 2_000 : 400);
        var perSecond = await BulkAsync(full ? 50_000 : 10_000);
        Measure.Head();
        var p99 = latencies[(int)(latencies.Count * 0.99)];
        var ok = Measure.Row("commit → reaction, p99 idle", $"{p99:0.0} ms (median {latencies[latencies.Count / 2]:0.0} ms)", "≤ 50 ms", p99 <= 50);
        return Measure.Row("relay in bulk", $"{perSecond:0} deliveries/s", "≥ 2,000/s", perSecond >= 2000) && ok;
    }

    private static async Task<List<double>> LatencyAsync(int count)
    {
        await using var host = await BenchHost.StartAsync(pumps: true);
        var waiting = new ConcurrentDictionary<long, TaskCompletionSource<long>>();
        WhenFiled.Committed = id =>
        {
            if (waiting.TryGetValue(id, out var t))
                t.TrySetResult(Stopwatch.GetTimestamp());
        };
        var latencies = new List<double>();
        for (var i = 0; i < count + 50; i++)
        {
            var done = waiting[i] = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            await host.AsSystemAsync(s => s.GetRequiredService<IMediator>().Send(new PublishOne { Key = "latency", Ids = [i] }));
            var committed = Stopwatch.GetTimestamp();
            var reacted = await done.Task.WaitAsync(TimeSpan.FromSeconds(10));
            if (i >= 50)
                latencies.Add(Math.Max(0, Stopwatch.GetElapsedTime(committed, reacted).TotalMilliseconds));
        }
        WhenFiled.Committed = null;
        latencies.Sort();
        return latencies;
    }

    private static async Task<double> BulkAsync(int count)
    {
        await using var host = await BenchHost.StartAsync();
        for (var i = 0; i < count; i += 500)
            await host.AsSystemAsync(s =>
                s.GetRequiredService<IMediator>().Send(new PublishOne { Key = "bulk", Ids = [.. Enumerable.Range(i, 500).Select(x => (long)x)] })
            );
        var relay = host.App.Services.GetRequiredService<Relay>();
        var watch = Stopwatch.StartNew();
        var delivered = 0;
        for (int n; (n = await relay.RunOnceAsync(default)) > 0; )
            delivered += n;
        if (delivered != count)
            throw new InvalidOperationException($"{delivered} of {count} were delivered.");
        return delivered / watch.Elapsed.TotalSeconds;
    }
}
