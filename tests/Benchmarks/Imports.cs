using System.Diagnostics;
using System.Globalization;
using System.Text;
using CourtOps.Workzone.Imports;

namespace CourtOps.Benchmarks;

/// <summary>A case list of two parties each through the whole import; memory at a tenth and at the end.</summary>
internal static class Imports
{
    public static async Task<bool> RunAsync(bool full)
    {
        var cases = full ? 100_000 : 10_000;
        await using var host = await BenchHost.StartAsync();
        await host.SeedAsync(1, 0);
        await ImportAsync(host, 500, 900_000);
        var (_, low) = await ImportAsync(host, cases / 10, 800_000);
        var (time, high) = await ImportAsync(host, cases, 1);
        Measure.Head();
        var limit = 60.0 * cases / 100_000;
        var ok = Measure.Row(
            $"import of {cases:N0} cases, {cases * 2:N0} rows",
            $"{time.TotalSeconds:0.0} s ({cases / time.TotalSeconds:0} cases/s)",
            $"≤ {limit:0} s",
            time.TotalSeconds <= limit
        );
        return Measure.Row(
                $"live memory at its peak, {cases:N0} against {cases / 10:N0} cases",
                $"{high / 1048576.0:0} MB against {low / 1048576.0:0} MB",
                "≤ 1.5× + 20 MB",
                high <= (low * 1.5) + (20 << 20)
            ) && ok;
    }

    private static async Task<(TimeSpan Time, long Peak)> ImportAsync(BenchHost host, int cases, int from)
    {
        var path = Path.Combine(host.Folder, "bench.csv");
        await using (var writer = new StreamWriter(path, false, new UTF8Encoding(false)))
        {
            await writer.WriteLineAsync("案号,法院,案由,立案日期,当事人,诉讼地位,承办法官,分案日期,标的额,电话,电子邮箱,电子送达");
            for (var i = 0; i < cases; i++)
            {
                var shared = string.Create(
                    CultureInfo.InvariantCulture,
                    $"（2026）吉2424民初{from + i + 100_000}号,汪清县人民法院,民间借贷纠纷,2026-{(i % 9) + 1:00}-{(i % 27) + 1:00}"
                );
                await writer.WriteLineAsync($"{shared},张某{i % 977},原告,judge,2026-10-08,{i % 90_000}.50,1380000{i % 10_000:0000},a{i}@party.example,同意");
                await writer.WriteLineAsync($"{shared},王某{i % 983},被告,judge,2026-10-08,{i % 90_000}.50,1590000{i % 10_000:0000},,");
            }
        }
        using var stop = new CancellationTokenSource();
        var peak = 0L;
        var watching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
                await Task.Delay(200);
            }
        });
        var watch = Stopwatch.StartNew();
        var summary = await host.AsSystemAsync(async s =>
        {
            var import = s.GetRequiredService<ICaseImport>();
            await using var file = File.OpenRead(path);
            return await import.RunAsync((await import.BeginAsync(new CaseList(file, "bench.csv", "csv"), default)).Id, default);
        });
        var time = watch.Elapsed;
        await stop.CancelAsync();
        await watching;
        if (summary.Created != cases)
            throw new InvalidOperationException($"{summary.Created} of {cases} cases were created, {summary.Refused} refused.");
        return (time, peak);
    }
}
