using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace CourtOps.Testing;

/// <summary>How the server shall be. With <see cref="User"/> a client must sign in, and before that begin TLS.</summary>
public sealed record MailServerWish
{
    public bool Tls { get; init; }
    public string User { get; init; } = "";
    public string Password { get; init; } = "";

    /// <summary>PLAIN or LOGIN.</summary>
    public string Method { get; init; } = "PLAIN";

    /// <summary>Recipients that are answered with 550.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>How many messages are answered with 451 before one is taken.</summary>
    public int Busy { get; init; }
}

/// <summary>
/// A mail server that others wrote (the npm package smtp-server, run by node), on loopback, with a certificate made for it. What no real one does, such as
/// dying after the message, is for <see cref="SmtpServer"/>.
/// </summary>
public sealed class RealSmtpServer : IAsyncDisposable
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "Testing", "Smtp")); // from tests/X/bin/Release/net10.0

    private readonly Process process;
    private readonly Channel<RealMail> mails = Channel.CreateUnbounded<RealMail>();

    private RealSmtpServer(Process process, string fingerprint)
    {
        this.process = process;
        Fingerprint = fingerprint;
    }

    public int Port { get; private set; }

    /// <summary>SHA-256 of its certificate, as openssl prints it.</summary>
    public string Fingerprint { get; }

    /// <summary>Starts it; without node or its packages the test is skipped, with the reason.</summary>
    public static async Task<RealSmtpServer> StartAsync(MailServerWish wish)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "smtp-server")))
            Assert.Ignore("the npm package smtp-server is not installed; build/test does it"); // nothing to test against; reported as skipped
        using var key = RSA.Create(2048);
        using var certificate = Certify(key);
        var info = new ProcessStartInfo("node")
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        info.ArgumentList.Add("server.mjs");
        info.ArgumentList.Add(
            JsonSerializer.Serialize(
                new
                {
                    wish.User,
                    wish.Password,
                    wish.Method,
                    wish.Refused,
                    wish.Busy,
                    certificate = wish.Tls ? certificate.ExportCertificatePem() : null,
                    key = wish.Tls ? key.ExportPkcs8PrivateKeyPem() : null,
                },
                JsonSerializerOptions.Web
            )
        );
        var server = new RealSmtpServer(Begin(info), string.Join(':', certificate.GetCertHash(HashAlgorithmName.SHA256).Select(b => $"{b:X2}")));
        var first =
            await server.process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))
            ?? throw new InvalidOperationException("The mail server ended before it began.");
        server.Port = JsonNode.Parse(first)!["port"]!.GetValue<int>();
        _ = server.ReadAsync();
        return server;
    }

    /// <summary>The next mail it took.</summary>
    public async Task<RealMail> NextAsync() => await mails.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>How many mails it took that nobody looked at.</summary>
    public int Left => mails.Reader.Count;

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static Process Begin(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("node is not installed"); // the server runs in it; reported as skipped
            throw;
        }
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (JsonSerializer.Deserialize<Said>(line, JsonSerializerOptions.Web) is { Raw: { } raw } said)
                mails.Writer.TryWrite(
                    new RealMail(
                        new ReceivedMail(said.From, string.Join(',', said.To), raw.Replace("\r\n", "\n", StringComparison.Ordinal)),
                        said.Tls,
                        said.User
                    )
                );
    }

    private sealed record Said(string? Raw, string From, IReadOnlyList<string> To, bool Tls, string? User);

    private static X509Certificate2 Certify(RSA key)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=mail.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1)); // TLS compares with the real clock
    }
}

/// <param name="Tls">Whether it came over TLS.</param>
/// <param name="User">Who had signed in.</param>
public sealed record RealMail(ReceivedMail Mail, bool Tls, string? User);
