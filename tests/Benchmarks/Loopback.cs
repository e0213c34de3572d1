using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CourtOps.Benchmarks;

/// <summary>Pages through the real server over loopback, on connections that stay open: what a client of this machine gets.</summary>
internal static class Loopback
{
    public static Uri AddressOf(IHost app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Pages per second of some connections that each ask as fast as they are answered. Both pages of a ratio are asked in turns.</summary>
    public static async Task<double[]> PerSecondAsync(IReadOnlyList<(Uri Host, string Path, string? Key)> pages, int connections, int rounds)
    {
        var (counts, times) = (new long[pages.Count], new TimeSpan[pages.Count]);
        for (var round = -1; round < rounds; round++)
        for (var p = 0; p < pages.Count; p++)
        {
            var (host, path, key) = pages[p];
            var watch = Stopwatch.StartNew();
            var until = TimeSpan.FromMilliseconds(round < 0 ? 1500 : 700);
            var done = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => AskAsync(host, path, key, watch, until))));
            if (round < 0)
                continue;
            counts[p] += done.Sum();
            times[p] += watch.Elapsed;
        }
        return [.. counts.Select((c, i) => c / times[i].TotalSeconds)];
    }

    private static async Task<long> AskAsync(Uri host, string path, string? key, Stopwatch watch, TimeSpan until)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host.Host, host.Port);
        var request = Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {host.Authority}\r\nAccept: text/html\r\n{(key is null ? "" : $"X-Api-Key: {key}\r\n")}\r\n"
        );
        var buffer = new byte[256 * 1024];
        var count = 0L;
        while (watch.Elapsed < until)
        {
            await socket.SendAsync(request);
            var length = 0;
            do
            {
                var n = await socket.ReceiveAsync(buffer.AsMemory(length));
                if (n == 0)
                    throw new InvalidOperationException("The server closed the connection.");
                length += n;
            } while (!IsWhole(buffer.AsSpan(0, length)));
            if (!buffer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8))
                throw new InvalidOperationException(Encoding.UTF8.GetString(buffer, 0, Math.Min(200, length)));
            count++;
        }
        return count;
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = answer[..end];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        var digits = head[(at + 16)..];
        var line = digits.IndexOf((byte)'\r');
        return answer.Length - end - 4 >= int.Parse(line < 0 ? digits : digits[..line], CultureInfo.InvariantCulture);
    }
}
