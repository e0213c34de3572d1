using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace CourtOps.Kernel.Mail;

/// <summary>The server said no, with its code and words.</summary>
/// <param name="ofMail">The answer is about this mail, its recipient or its content; otherwise about us.</param>
internal sealed class SmtpRefusal(int code, string words, bool ofMail = false) : Exception(words.Length <= 300 ? words : words[..300])
{
    public int Code { get; } = code;

    public bool OfMail { get; } = ofMail;
}

/// <summary>
/// One conversation with a mail server (RFC 5321), step by step: System.Net.Mail does not tell at which step a server refused,
/// nor whether the message had left when the line broke.
/// </summary>
internal sealed class SmtpTalk : IAsyncDisposable
{
    private readonly TcpClient client = new();
    private string host = "";
    private Stream? stream;
    private StreamReader? reader;

    public async Task ConnectAsync(string name, int port, CancellationToken ct)
    {
        host = name;
        await client.ConnectAsync(name, port, ct);
        Over(client.GetStream());
    }

    /// <param name="tls">Goes over to TLS; a server that does not offer it is refused, not trusted.</param>
    public async Task GreetAsync(bool tls, CancellationToken ct)
    {
        await AnswerAsync(220, ct);
        await SayAsync("EHLO courtops", 250, ct);
        if (!tls)
            return;
        await SayAsync("STARTTLS", 220, ct);
        var secured = new SslStream(stream!);
        Over(secured);
        await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, ct);
        await SayAsync("EHLO courtops", 250, ct);
    }

    /// <summary>AUTH LOGIN, which every server of the last twenty years knows.</summary>
    public async Task SignInAsync(string user, string password, CancellationToken ct)
    {
        await SayAsync("AUTH LOGIN", 334, ct);
        await SayAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(user)), 334, ct);
        await SayAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(password)), 235, ct);
    }

    /// <summary>Who writes, to whom, and that a message comes. Nothing of it has left after this.</summary>
    public async Task AddressAsync(string from, string to, CancellationToken ct)
    {
        await SayAsync($"MAIL FROM:<{Plain(from)}>", 250, ct);
        await WriteAsync($"RCPT TO:<{Plain(to)}>", ct);
        var (code, words) = await HearAsync(ct);
        if (code is not (250 or 251))
            throw new SmtpRefusal(code, words, ofMail: code is not (503 or 530)); // "sign in first" is about us
        await SayAsync("DATA", 354, ct, ofMail: true);
    }

    /// <summary>From the first byte on only the server's answer says what became of the message.</summary>
    public async Task HandOverAsync(string message, CancellationToken ct)
    {
        await WriteAsync(message.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + "\r\n.", ct);
        await AnswerAsync(250, ct, ofMail: true);
        try
        {
            await WriteAsync("QUIT", ct);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // it has the message
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (stream is not null)
            await stream.DisposeAsync();
        client.Dispose();
    }

    private void Over(Stream line)
    {
        stream = line;
        reader = new StreamReader(line, new UTF8Encoding(false), false, 1024, leaveOpen: true);
    }

    private async Task SayAsync(string line, int expected, CancellationToken ct, bool ofMail = false)
    {
        await WriteAsync(line, ct);
        await AnswerAsync(expected, ct, ofMail);
    }

    private async Task WriteAsync(string line, CancellationToken ct) => await stream!.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), ct);

    private async Task AnswerAsync(int expected, CancellationToken ct, bool ofMail = false)
    {
        var (code, words) = await HearAsync(ct);
        if (code != expected)
            throw new SmtpRefusal(code, words, ofMail);
    }

    // "250-first", "250-second", "250 last"
    private async Task<(int Code, string Words)> HearAsync(CancellationToken ct)
    {
        for (var lines = 0; lines < 100; lines++)
        {
            var line = await reader!.ReadLineAsync(ct) ?? throw new IOException("The server closed the line.");
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                throw new IOException("This is no answer of a mail server.");
            if (line.Length == 3 || line[3] != '-')
                return (code, line);
        }
        throw new IOException("The answer of the server has no end.");
    }

    // no address brings a command of its own
    private static string Plain(string address) => address.Any(c => c is <= ' ' or '<' or '>' or > '~') ? throw new SmtpRefusal(553, "553 " + address) : address;
}
