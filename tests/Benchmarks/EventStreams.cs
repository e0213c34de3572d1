using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace CourtOps.Benchmarks;

/// <summary>Five hundred browsers that listen: what the host's memory grows by, and that each hears a change.</summary>
internal static class EventStreams
{
    private const int Browsers = 500;

    public static async Task<bool> RunAsync(bool full)
    {
        await using var host = await BenchHost.StartAsync();
        await host.SeedAsync(1, 0);
        await using var served = await host.ServeAsync();
        var key = await host.KeyAsync("clerk");
        var address = Loopback.AddressOf(served);
        var sockets = new List<Socket>();
        try
        {
            sockets.AddRange(await OpenAsync(address, key, 20));
            var before = Memory();
            sockets.AddRange(await OpenAsync(address, key, Browsers));
            var opened = Memory();
            var watch = Stopwatch.StartNew();
            served.Services.GetRequiredService<Kernel.Web.Changes>().Say("orders");
            await Task.WhenAll(sockets.Select(s => HearAsync(s, "data: orders")));
            var told = watch.Elapsed;
            var after = Math.Max(opened, Memory());
            Measure.Head();
            var ok = Measure.Row(
                $"{Browsers} open event streams (working set, clients in the same process included)",
                $"{(after - before) / 1048576.0:0} MB",
                "≤ 100 MB",
                after - before <= 100L << 20
            );
            Console.WriteLine($"| a change is heard by all of them within | {told.TotalMilliseconds:0} ms | | |");
            return ok;
        }
        finally
        {
            foreach (var s in sockets)
                s.Dispose();
        }
    }

    private static async Task<List<Socket>> OpenAsync(Uri address, string key, int count)
    {
        var request = Encoding.ASCII.GetBytes($"GET /events HTTP/1.1\r\nHost: {address.Authority}\r\nAccept: text/event-stream\r\nX-Api-Key: {key}\r\n\r\n");
        var sockets = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address.Host, address.Port);
            await socket.SendAsync(request);
            await HearAsync(socket, "retry:");
            sockets.Add(socket);
        }
        return sockets;
    }

    private static async Task HearAsync(Socket socket, string what)
    {
        var buffer = new byte[2048];
        var heard = "";
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!heard.Contains(what, StringComparison.Ordinal))
        {
            var n = await socket.ReceiveAsync(buffer, limit.Token);
            heard += n > 0 ? Encoding.UTF8.GetString(buffer, 0, n) : throw new InvalidOperationException("The stream was closed: " + heard);
        }
    }

    private static long Memory()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
