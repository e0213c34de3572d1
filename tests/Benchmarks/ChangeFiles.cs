using System.Diagnostics;
using System.Globalization;
using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.CaseChanges;
using CourtOps.Workzone.People;
using MediatR;

namespace CourtOps.Benchmarks;

/// <summary>A file of changes during working hours: what a person who reads a queue and one who writes wait for meanwhile.</summary>
internal static class ChangeFiles
{
    private const string Queue = "/orders?view=centre&centre=service";

    public static async Task<bool> RunAsync(bool full)
    {
        var lines = full ? 50_000 : 10_000;
        await using var host = await BenchHost.StartAsync();
        await host.SeedAsync(lines / 2, lines);
        var key = await host.KeyAsync("clerk");
        var text = await TextAsync(host, lines);
        var alone = await ReadAsync(host, key, 200);
        using var stop = new CancellationTokenSource();
        var (reads, writes) = (new List<double>(), new List<double>());
        var reader = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                reads.AddRange(await ReadAsync(host, key, 1));
                await Task.Delay(30); // real time: a person between two acts
            }
        });
        var writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                writes.Add(await WriteAsync(host));
                await Task.Delay(30); // real time: a person between two acts
            }
        });
        var watch = Stopwatch.StartNew();
        var file = await host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            var registrar = await db.ScalarAsync<long>("SELECT id FROM workzone_person WHERE login = 'registrar'");
            await s.GetRequiredService<IAccounts>()
                .ActAsync(
                    s.GetRequiredService<Actor>(),
                    registrar,
                    await db.ScalarAsync<string>("SELECT stamp FROM workzone_person WHERE id = @registrar", new { registrar })
                );
            return await s.GetRequiredService<IMediator>().Send(new TakeChanges { FileName = "变动.csv", Text = text });
        });
        var taken = watch.Elapsed.TotalSeconds;
        var atTaking = writes.Count == 0 ? 0 : writes.ToArray().Max();
        var pump = host.App.Services.GetRequiredService<WorkPump>();
        while (await pump.RunOneAsync(default)) { }
        var seconds = watch.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(reader, writer);
        var (done, refused) = await host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            return (
                await db.ScalarAsync<int>("SELECT done_count FROM workzone_change_file WHERE id = @file", new { file }),
                await db.ScalarAsync<int>("SELECT refused_count FROM workzone_change_file WHERE id = @file", new { file })
            );
        });
        if (done != lines)
            throw new InvalidOperationException($"{done} of {lines} lines were taken, {refused} refused.");
        Measure.Head();
        Console.WriteLine($"| file of {lines:N0} changes: taken in; applied | {taken:0.0} s; {seconds:0} s ({lines / seconds:0} lines a second) | – | – |");
        var ok = Measure.Row(
            "another writer meanwhile: the longest wait; while the file is taken in; p95",
            $"{writes.Max():0} ms; {atTaking:0} ms; {Percentile(writes, 0.95):0} ms",
            "≤ 1,000 ms",
            writes.Max() <= 1000
        );
        return Measure.Row(
                "queue page meanwhile, p95 by the clock (alone)",
                $"{Percentile(reads, 0.95):0.0} ms ({Percentile(alone, 0.95):0.0} ms)",
                "≤ 200 ms",
                Percentile(reads, 0.95) <= 200
            ) && ok;
    }

    // two lines for each case: a hearing and a paper
    private static Task<string> TextAsync(BenchHost host, int lines) =>
        host.AsSystemAsync(async s =>
        {
            var numbers = await s.GetRequiredService<Db>().PageAsync<string>("SELECT number FROM workzone_case ORDER BY id", null, lines / 2);
            var today = Kernel.Web.Times.Day(s.GetRequiredService<TimeProvider>().GetUtcNow());
            var text = new StringBuilder("案号,事件,日期,细项,标识\n");
            foreach (var (n, number) in numbers.Index())
                text.Append(CultureInfo.InvariantCulture, $"{number},开庭,{today:yyyy-MM-dd},,h{n}\n{number},文书签发,{today:yyyy-MM-dd},notice,p{n}\n");
            return text.ToString();
        });

    private static async Task<List<double>> ReadAsync(BenchHost host, string key, int times)
    {
        var took = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var watch = Stopwatch.StartNew();
            await host.Server.DropAsync(Queue, key);
            took.Add(watch.Elapsed.TotalMilliseconds);
        }
        return took;
    }

    // the shortest change there is: what it takes is what it waited
    private static Task<double> WriteAsync(BenchHost host) =>
        host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            var watch = Stopwatch.StartNew();
            await db.BeginAsync();
            await db.ExecuteAsync("UPDATE workzone_phrase SET step = step WHERE id = 0", null, default);
            await db.CommitAsync();
            return watch.Elapsed.TotalMilliseconds;
        });

    private static double Percentile(IReadOnlyList<double> values, double share) =>
        values.Count == 0 ? 0 : values.Order().ElementAt((int)((values.Count - 1) * share));
}
