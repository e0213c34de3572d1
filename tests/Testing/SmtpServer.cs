using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace CourtOps.Testing;

/// <summary>A mail as the server took it.</summary>
public sealed partial record ReceivedMail(string From, string To, string Raw)
{
    /// <summary>The headers and every decoded text part.</summary>
    public string Text { get; } = Decode(Raw);

    /// <summary>The personal link of the notice.</summary>
    public string Link =>
        LinkPattern().Match(Text) is { Success: true } m ? m.Value : throw new InvalidOperationException("The mail carries no link:\n" + Text);

    public string Token => Link[(Link.LastIndexOf('/') + 1)..];

    private static string Decode(string raw)
    {
        var (head, body) = Split(raw);
        var text = new StringBuilder(
            Words()
                .Replace(
                    Between().Replace(head, "?==?"),
                    m =>
                        Encoding.UTF8.GetString(
                            m.Groups["how"].Value is "B" or "b"
                                ? Convert.FromBase64String(m.Groups["text"].Value)
                                : Quoted(m.Groups["text"].Value.Replace('_', ' '))
                        )
                )
        );
        text.Append("\n\n");
        var boundary = Boundary().Match(head);
        if (boundary.Success)
            foreach (var part in body.Split("--" + boundary.Groups["b"].Value).Skip(1).Where(p => !p.StartsWith("--", StringComparison.Ordinal)))
                text.Append(Decode(part.TrimStart('\n'))).Append('\n');
        else
            text.Append(
                Encoding.UTF8.GetString(
                    Encoded().Match(head).Groups["e"].Value.ToLowerInvariant() switch
                    {
                        "base64" => Convert.FromBase64String(string.Concat(body.Where(c => !char.IsWhiteSpace(c)))),
                        "quoted-printable" => Quoted(body),
                        _ => Encoding.UTF8.GetBytes(body),
                    }
                )
            );
        return text.ToString();
    }

    private static (string Head, string Body) Split(string raw)
    {
        var at = raw.IndexOf("\n\n", StringComparison.Ordinal);
        return at < 0 ? (raw, "") : (raw[..at].Replace("\n ", " ", StringComparison.Ordinal).Replace("\n\t", " ", StringComparison.Ordinal), raw[(at + 2)..]);
    }

    private static byte[] Quoted(string text)
    {
        var bytes = new List<byte>();
        var plain = text.Replace("=\n", "", StringComparison.Ordinal);
        for (var i = 0; i < plain.Length; i++)
            if (
                plain[i] == '='
                && i + 2 < plain.Length
                && byte.TryParse(plain.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var b)
            )
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(plain[i].ToString()));
            }
        return [.. bytes];
    }

    [GeneratedRegex(@"https?://[^\s""<>]+/p/[0-9a-f]{32}")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"=\?utf-8\?(?<how>[BQbq])\?(?<text>[^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex Words();

    // white space between two encoded words is none of the text (RFC 2047)
    [GeneratedRegex(@"\?=\s+=\?")]
    private static partial Regex Between();

    [GeneratedRegex(@"boundary=""?(?<b>[^"";\n]+)""?", RegexOptions.IgnoreCase)]
    private static partial Regex Boundary();

    [GeneratedRegex(@"Content-Transfer-Encoding:\s*(?<e>\S+)", RegexOptions.IgnoreCase)]
    private static partial Regex Encoded();
}

/// <summary>A mail server on loopback that really speaks SMTP, with the faults a court's server has.</summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedMail> taken = new();
    private readonly CancellationTokenSource stop = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task loop;
    private int connections;

    public SmtpServer()
    {
        listener.Start();
        loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public IReadOnlyList<ReceivedMail> Mails => [.. taken];

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Recipients that are answered with 550.</summary>
    public ConcurrentDictionary<string, bool> Refused { get; } = new();

    /// <summary>Takes the call and says nothing, as a machine whose program hangs.</summary>
    public bool Mute { get; set; }

    /// <summary>Does not want us as a sender: 550 to MAIL FROM, as where an account is missing.</summary>
    public bool RefusesSender { get; set; }

    /// <summary>Answers 554 to the message.</summary>
    public bool RefusesMessage { get; set; }

    /// <summary>Drops the line when the message is announced, before a byte of it.</summary>
    public bool DiesBeforeData { get; set; }

    /// <summary>Answers 451 to the message: come back later.</summary>
    public bool Busy { get; set; }

    /// <summary>How long the server thinks before it answers the message.</summary>
    public TimeSpan Slow { get; set; }

    /// <summary>Takes the whole message and drops the line instead of saying 250.</summary>
    public bool DiesAfterData { get; set; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await loop;
        stop.Dispose();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                Interlocked.Increment(ref connections);
                _ = TalkAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var line = client;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, new UTF8Encoding(false));
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            if (Mute)
            {
                await Task.Delay(Timeout.Infinite, stop.Token);
                return;
            }
            await writer.WriteLineAsync("220 loopback ESMTP");
            var (from, to) = ("", "");
            while (await reader.ReadLineAsync(stop.Token) is { } command)
            {
                var verb = command.Split(' ', ':')[0].ToUpperInvariant();
                switch (verb)
                {
                    case "EHLO":
                        await writer.WriteLineAsync("250-loopback\r\n250-8BITMIME\r\n250 SMTPUTF8");
                        break;
                    case "MAIL":
                        from = Address(command);
                        await writer.WriteLineAsync(RefusesSender ? "550 5.7.60 this client may not send as this sender" : "250 sender ok");
                        break;
                    case "RCPT":
                        to = Address(command);
                        await writer.WriteLineAsync(Refused.ContainsKey(to) ? "550 no such mailbox here" : "250 recipient ok");
                        break;
                    case "DATA":
                        if (DiesBeforeData)
                            return;
                        await writer.WriteLineAsync("354 go on");
                        var message = await MessageAsync(reader);
                        if (Slow > TimeSpan.Zero)
                            await Task.Delay(Slow, stop.Token);
                        if (DiesAfterData)
                            return;
                        if (RefusesMessage)
                        {
                            await writer.WriteLineAsync("554 refused by policy");
                            break;
                        }
                        if (Busy)
                        {
                            await writer.WriteLineAsync("451 come back later");
                            break;
                        }
                        taken.Enqueue(new ReceivedMail(from, to, message));
                        await writer.WriteLineAsync("250 taken");
                        break;
                    case "QUIT":
                        await writer.WriteLineAsync("221 bye");
                        return;
                    default:
                        await writer.WriteLineAsync("250 ok");
                        break;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // the line is gone
        }
    }

    private async Task<string> MessageAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(stop.Token) is { } line && line != ".")
            text.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
        return text.ToString();
    }

    private static string Address(string command) =>
        command[(command.IndexOf('<', StringComparison.Ordinal) + 1)..command.IndexOf('>', StringComparison.Ordinal)];
}
