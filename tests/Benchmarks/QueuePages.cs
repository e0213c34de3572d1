using System.IO.Compression;
using System.Text.RegularExpressions;
using CourtOps.Benchmarks.Pages;
using CourtOps.Kernel.Data;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CourtOps.Benchmarks;

/// <summary>The queue page over many orders against few, and against a bare Razor page that lists the same fifty rows.</summary>
internal static partial class QueuePages
{
    private const string Path = "/orders?view=centre&centre=service";

    // what is asked for, the wanted CPU, and who asks; each is also held against the bare page of as many rows
    private static readonly (string Name, string Path, string Who, double Cpu)[] Others =
    [
        ("search", "/search?q=2424%E6%B0%91%E5%88%9D12", "leader", 2),
        ("desk of a clerk", "/", "clerk", 4),
        ("desk of a judge", "/", "judge", 4),
        ("board", "/board", "lead", 4),
    ];

    /// <param name="folder">A folder seeded at full size, kept by the caller; null makes both here.</param>
    public static async Task<bool> RunAsync(bool full, string? folder)
    {
        var (few, many) = full ? (10_000, 1_000_000) : (10_000, 100_000);
        await using var small = await BenchHost.StartAsync();
        await small.SeedAsync(2_000, few);
        await using var large = await BenchHost.StartAsync(folder: folder);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        if (folder is null || !File.Exists(System.IO.Path.Combine(folder, "seeded")))
            await large.SeedAsync(full ? 50_000 : 10_000, many);
        var seeded = watch.Elapsed;
        foreach (var host in new[] { small, large })
            await host.App.Services.GetRequiredService<Kernel.Search.SearchFeeder>().RunOnceAsync(default);
        Console.WriteLine(
            $"Seeded {many:N0} orders in {seeded.TotalSeconds:0} s, indexed in {(watch.Elapsed - seeded).TotalSeconds:0} s; {large.Folder}: "
                + $"{new DirectoryInfo(large.Folder).GetFiles("*.db*").Sum(f => f.Length) / 1048576} MB"
        );
        var (smallKey, largeKey) = (await small.KeyAsync("clerk"), await large.KeyAsync("clerk"));
        var (status, body) = await large.Server.GetAsync(Path, largeKey);
        var rows = Rows().Count(System.Text.Encoding.UTF8.GetString(body));
        if (status != 200 || rows != 50)
            throw new InvalidOperationException($"The queue page answered {status} with {rows} rows.");
        await using var bare = await BareAsync(large, inProcess: true);
        await using var bareServed = await BareAsync(large, inProcess: false);
        await using var served = await large.ServeAsync();
        var server = (DirectServer)bare.Services.GetRequiredService<IServer>();
        var count = full ? 2_000 : 600;
        Func<Task> onSmall = () => small.Server.GetAsync(Path, smallKey),
            onLarge = () => large.Server.GetAsync(Path, largeKey),
            onBare = () => server.GetAsync("/bare", null);
        // every page is compiled to its last tier before the first is measured, and they are measured in turns
        foreach (var one in new[] { onSmall, onLarge, onBare })
            await Measure.LoopAsync(one, 1500, 1);
        await Task.Delay(500);
        var (s, l, b) = (
            await Measure.LoopAsync(onSmall, 300, count),
            await Measure.LoopAsync(onLarge, 300, count),
            await Measure.LoopAsync(onBare, 300, count)
        );
        var changes = large.App.Services.GetRequiredService<Kernel.Web.Changes>();
        var cold = await Measure.LoopAsync(
            () =>
            {
                changes.Say("orders");
                return large.Server.GetAsync(Path, largeKey);
            },
            100,
            count
        );
        var bareAddress = Loopback.AddressOf(bareServed);
        var wire = await Loopback.PerSecondAsync([(Loopback.AddressOf(served), Path, largeKey), (bareAddress, "/bare", null)], 2, full ? 8 : 4);
        var desk = await large.Server.GetAsync("/", largeKey);
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(desk.Body);
        Measure.Head();
        var ok = Measure.Row(
            $"queue page, {many:N0} orders against {few:N0} (CPU)",
            $"{l.CpuMs / s.CpuMs:0.00}×  ({l.CpuMs:0.00} ms, {s.CpuMs:0.00} ms)",
            "≤ 1.5×",
            l.CpuMs / s.CpuMs <= 1.5
        );
        ok &= Measure.Row("CPU of the queue page, counts kept", $"{l.CpuMs:0.00} ms", "≤ 2 ms", l.CpuMs <= 2);
        ok &= Measure.Row("CPU of the queue page, counted anew at each request", $"{cold.CpuMs:0.00} ms", "≤ 2 ms", cold.CpuMs <= 2);
        ok &= Measure.Row(
            "queue page against a bare page with the same rows, through the server",
            $"{wire[0] / wire[1]:0.00}  ({wire[0]:0}/s, {wire[1]:0}/s)",
            "≥ 0.2",
            wire[0] / wire[1] >= 0.2
        );
        Console.WriteLine(
            $"| the same without a network, for comparison | {l.PerSecond / b.PerSecond:0.00}  ({l.PerSecond:0}/s, {b.PerSecond:0}/s; {b.CpuMs:0.00} "
                + "ms CPU) | | |"
        );
        foreach (var (name, path, who, cpu) in Others)
        {
            var (fewKey, manyKey) = (await small.KeyAsync(who), await large.KeyAsync(who));
            if ((await large.Server.GetAsync(path, manyKey)).Status != 200)
                throw new InvalidOperationException($"{name} answered otherwise than 200.");
            await Measure.LoopAsync(() => large.Server.GetAsync(path, manyKey), 600, 1);
            await Measure.LoopAsync(() => small.Server.GetAsync(path, fewKey), 300, 1);
            var at = (
                Few: await Measure.LoopAsync(() => small.Server.GetAsync(path, fewKey), 100, count / 2),
                Many: await Measure.LoopAsync(() => large.Server.GetAsync(path, manyKey), 100, count / 2)
            );
            var pair = await Loopback.PerSecondAsync([(Loopback.AddressOf(served), path, manyKey), (bareAddress, "/bare", null)], 2, 3);
            ok &= Measure.Row($"{name}: CPU", $"{at.Many.CpuMs:0.00} ms", $"≤ {cpu:0} ms", at.Many.CpuMs <= cpu);
            ok &= Measure.Row($"{name}: growth {few:N0} → {many:N0}", $"{at.Many.CpuMs / at.Few.CpuMs:0.00}×", "≤ 1.5×", at.Many.CpuMs / at.Few.CpuMs <= 1.5);
            ok &= Measure.Row(
                $"{name}: against the bare page of fifty rows",
                $"{pair[0] / pair[1]:0.00}  ({pair[0]:0}/s, {pair[1]:0}/s)",
                "≥ 0.2",
                pair[0] / pair[1] >= 0.2
            );
        }
        ok &= Measure.Row(
            "layout and desk, gzip",
            $"{packed.Length / 1024.0:0.0} kB of {desk.Body.Length / 1024.0:0.0} kB",
            "≤ 30 kB",
            packed.Length <= 30 * 1024
        );
        return ok;
    }

    /// <summary>For a profiler: asks for one page over a folder that is there, for half a minute.</summary>
    public static async Task<bool> LoopAsync(string folder, string? path, string? who)
    {
        await using var host = await BenchHost.StartAsync(folder: folder);
        if (!File.Exists(System.IO.Path.Combine(folder, "seeded")))
        {
            await host.SeedAsync(10_000, 100_000);
            await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "seeded"), "");
        }
        var key = await host.KeyAsync(who ?? "clerk");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var count = 0;
        for (; watch.Elapsed < TimeSpan.FromSeconds(12); count++)
            await host.Server.DropAsync(path ?? Path, key);
        Console.WriteLine($"{watch.Elapsed.TotalMilliseconds / count:0.000} ms, {(await host.Server.GetAsync(path ?? Path, key)).Body.Length} bytes");
        return true;
    }

    private static async Task<WebApplication> BareAsync(BenchHost data, bool inProcess)
    {
        var rows = await data.AsSystemAsync(p =>
            p.GetRequiredService<Db>()
                .PageAsync<BareRow>(
                    "SELECT o.id, o.title, o.number, o.case_number, o.cause, o.subject, o.asked_by_name, o.assignee_name, o.state, o.last_step, "
                        + "o.due_at, o.changed_at FROM workzone_order o WHERE o.is_open = 1 AND o.centre = 'service' ORDER BY o.due_at",
                    null,
                    50
                )
        );
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "CourtOps.Benchmarks" }
        );
        builder.Logging.ClearProviders();
        builder.Services.AddRazorPages();
        builder.Services.AddSingleton(rows);
        builder.Services.Configure<Microsoft.Extensions.WebEncoders.WebEncoderOptions>(w =>
            w.TextEncoderSettings = new System.Text.Encodings.Web.TextEncoderSettings(System.Text.Unicode.UnicodeRanges.All)
        );
        if (inProcess)
            builder.Services.Replace(ServiceDescriptor.Singleton<IServer>(new DirectServer()));
        else
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapRazorPages();
        await app.StartAsync();
        return app;
    }

    [GeneratedRegex("<tr data-row")]
    private static partial Regex Rows();
}
