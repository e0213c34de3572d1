using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>A mail server on loopback that takes everything and keeps it.</summary>
internal sealed partial class Mailbox : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<(string To, string Data)> mails = new();
    private readonly Task accepting;

    public Mailbox()
    {
        listener.Start();
        accepting = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Count(string to) => mails.Count(m => m.To == to);

    /// <summary>The personal link of the last mail to this address; waits for it.</summary>
    public async Task<string> LinkAsync(string to)
    {
        for (var until = DateTime.UtcNow.AddSeconds(90); DateTime.UtcNow < until; await Task.Delay(100))
            if (mails.LastOrDefault(m => m.To == to).Data is { } data && Link().Match(Plain(data)) is { Success: true } found)
                return found.Value;
        throw new AssertionException($"No mail with a link came for {to}; {mails.Count} mails in all.");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // stopped
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var c = client;
            await using var stream = c.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            Task Say(string line) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop.Token).AsTask();
            await Say("220 mailbox");
            var to = "";
            while (await reader.ReadLineAsync(stop.Token) is { } line)
            {
                var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                if (verb == "QUIT")
                {
                    await Say("221 bye");
                    return;
                }
                if (verb == "EHLO")
                    await Say("250-mailbox\r\n250 SMTPUTF8");
                else if (verb == "DATA")
                {
                    await Say("354 go on");
                    var data = new StringBuilder();
                    while (await reader.ReadLineAsync(stop.Token) is { } text && text != ".")
                        data.Append(text.StartsWith("..", StringComparison.Ordinal) ? text[1..] : text).Append("\r\n");
                    mails.Enqueue((to, data.ToString()));
                    await Say("250 taken");
                }
                else
                {
                    if (verb == "RCPT")
                        to = Address().Match(line).Groups[1].Value;
                    await Say("250 ok");
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // the other side has gone
        }
    }

    // quoted-printable breaks lines; base64 parts are decoded
    private static string Plain(string data)
    {
        var all = new StringBuilder(data.Replace("=\r\n", "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal));
        foreach (Match block in Base64().Matches(data))
            all.Append('\n').Append(Encoding.UTF8.GetString(Convert.FromBase64String(block.Groups[1].Value.Replace("\r\n", "", StringComparison.Ordinal))));
        return all.ToString();
    }

    [GeneratedRegex("http://[^/\\s]+/p/[0-9a-f]{32}")]
    private static partial Regex Link();

    [GeneratedRegex("<([^>]*)>")]
    private static partial Regex Address();

    [GeneratedRegex("base64\\r\\n(?:[^\\r\\n]+\\r\\n)*\\r\\n((?:[A-Za-z0-9+/=]+\\r\\n)+)")]
    private static partial Regex Base64();
}
