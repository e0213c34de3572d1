using System.Diagnostics;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;

namespace CourtOps.Benchmarks;

/// <summary>The case page and the queue page with the access log on and off, in turns in one run, by eight callers at once: a flush is shared by those who
/// wait for it.</summary>
internal static class AccessCosts
{
    private const int Callers = 8;

    public static async Task<bool> RunAsync(bool full)
    {
        await using var host = await BenchHost.StartAsync();
        await host.SeedAsync(2_000, 10_000);
        var (clerk, judge) = (await host.KeyAsync("clerk"), await host.KeyAsync("judge"));
        var cases = await host.AsSystemAsync(p =>
            p.GetRequiredService<Db>()
                .PageAsync<long>(
                    "SELECT a.case_id FROM workzone_case_access a JOIN workzone_person p ON p.id = a.person_id WHERE p.login = 'judge' ORDER BY a.case_id",
                    null,
                    50
                )
        );
        if (cases.Count == 0)
            throw new InvalidOperationException("The judge has no case.");
        var ok = true;
        Measure.Head();
        var n = 0;
        ok &= await PageAsync(
            host,
            "case page",
            () => host.Server.GetAsync($"/cases/{cases[(Interlocked.Increment(ref n) & int.MaxValue) % cases.Count]}", judge),
            full
        );
        ok &= await PageAsync(host, "queue page", () => host.Server.GetAsync("/orders?view=centre&centre=service", clerk), full);
        return ok;
    }

    private static async Task<bool> PageAsync(BenchHost host, string name, Func<Task<(int Status, byte[] Body)>> page, bool full)
    {
        var options = host.App.Services.GetRequiredService<AccessOptions>();
        var rounds = full ? 20 : 8;
        var calls = full ? 800 : 400;
        (double Cpu, double Seconds, int Count) on = default,
            off = default;
        for (var round = -2; round < rounds; round++)
            foreach (var enabled in round % 2 == 0 ? new[] { true, false } : [false, true])
            {
                options.Enabled = enabled;
                var cpu = Environment.CpuUsage.TotalTime;
                var watch = Stopwatch.StartNew();
                var left = calls;
                await Task.WhenAll(
                    Enumerable
                        .Range(0, Callers)
                        .Select(_ =>
                            Task.Run(async () =>
                            {
                                while (Interlocked.Decrement(ref left) >= 0)
                                    if ((await page()).Status is var status && status != 200)
                                        throw new InvalidOperationException($"The {name} answered {status}.");
                            })
                        )
                );
                if (round < 0)
                    continue; // warming up
                var (spent, seconds) = ((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds, watch.Elapsed.TotalSeconds);
                if (enabled)
                    on = (on.Cpu + spent, on.Seconds + seconds, on.Count + calls);
                else
                    off = (off.Cpu + spent, off.Seconds + seconds, off.Count + calls);
            }
        options.Enabled = true;
        var (cpuOn, cpuOff) = (on.Cpu / on.Count, off.Cpu / off.Count);
        var (rateOn, rateOff) = (on.Count / on.Seconds, off.Count / off.Seconds);
        var ok = Measure.Row(
            $"{name}, access log on against off: CPU",
            $"{(cpuOn / cpuOff * 100) - 100:+0.0;-0.0} %  ({cpuOn:0.00} ms, {cpuOff:0.00} ms)",
            "≤ 10 %",
            cpuOn <= cpuOff * 1.10
        );
        ok &= Measure.Row(
            $"{name}, access log on against off: pages a second, {Callers} callers",
            $"{(rateOn / rateOff * 100) - 100:+0.0;-0.0} %  ({rateOn:0}/s, {rateOff:0}/s)",
            "≥ −10 %",
            rateOn >= rateOff * 0.90
        );
        return ok;
    }
}
