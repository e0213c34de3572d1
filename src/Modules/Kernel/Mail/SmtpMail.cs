using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CourtOps.Kernel.Work;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Configuration;
using MimeKit;

namespace CourtOps.Kernel.Mail;

/// <param name="Connect">How long the server may take to come to the telephone.</param>
/// <param name="Talk">How long everything may take before the message is handed over.</param>
/// <param name="Answer">How long the server may take to say that it has the message.</param>
public sealed record MailLimits(TimeSpan Connect, TimeSpan Talk, TimeSpan Answer)
{
    /// <summary>Together shorter than any lease of a mail.</summary>
    public static MailLimits Usual { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(60));
}

/// <summary>The court's mail server, by setting: CourtOps:Smtp:Host, Port, User, Password, Tls, Certificate, From. Used by work handlers alone.</summary>
public sealed class SmtpMail(IConfiguration configuration, TimeProvider clock, MailLimits limits)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);

    public string? Host => configuration["CourtOps:Smtp:Host"];

    /// <summary>
    /// Sends one message. Only the server's 250 is Done. A recipient or a message that the server refuses has Failed. A server that is not there, is not
    /// set up or does not want us as a sender says nothing about the recipient: the mail waits. In doubt is only what broke off after the message was handed
    /// over.
    /// </summary>
    public async Task<WorkOutcome> SendAsync(string sender, string to, string subject, string text, string html, string messageId, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(Host))
            return WorkOutcome.Wait("没有配置邮件服务器（CourtOps:Smtp:Host）", Pause);
        var port = configuration.GetValue("CourtOps:Smtp:Port", 25);
        if (!MailboxAddress.TryParse(to, out var recipient))
            return WorkOutcome.Failed($"收件地址无效：{to}");
        using var message = Message(
            new MailboxAddress(sender, configuration["CourtOps:Smtp:From"] ?? "service@court.localhost"),
            recipient,
            subject,
            text,
            html,
            messageId
        );
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await LimitedAsync(limits.Connect, t => socket.ConnectAsync(Host, port, t).AsTask(), ct);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return WorkOutcome.Wait($"连不上邮件服务器 {Host}:{port}", Pause);
        }
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(limits.Talk);
        // from the first byte of the message on only the server's answer says what became of it
        var handing = new HandingOver(() => late.CancelAfter(limits.Answer));
        using var client = new SmtpClient { CheckCertificateRevocation = false }; // an inner network reaches no list of revoked certificates
        if (configuration["CourtOps:Smtp:Certificate"] is { Length: > 0 } known)
            client.ServerCertificateValidationCallback = (_, certificate, _, _) => IsThat(certificate, known);
        try
        {
            await client.ConnectAsync(
                socket,
                Host,
                port,
                configuration.GetValue("CourtOps:Smtp:Tls", false) ? SecureSocketOptions.StartTls : SecureSocketOptions.None,
                late.Token
            );
            if (configuration["CourtOps:Smtp:User"] is { Length: > 0 } user)
                await client.AuthenticateAsync(user, configuration["CourtOps:Smtp:Password"] ?? "", late.Token);
            await client.SendAsync(message, late.Token, handing);
        }
        catch (SmtpCommandException e) when (e.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted || handing.Begun)
        {
            // "sign in first" is about us, at whatever step it is said
            return (int)e.StatusCode is 503 or 530 ? NotUs(port, e.Message)
                : (int)e.StatusCode >= 500 ? WorkOutcome.Failed($"邮件服务器拒收：{(int)e.StatusCode} {Cut(e.Message)}")
                : WorkOutcome.Retry($"邮件服务器暂时不收：{(int)e.StatusCode} {Cut(e.Message)}");
        }
        catch (Exception e) when (e is SmtpCommandException or ServiceNotAuthenticatedException or AuthenticationException or NotSupportedException)
        {
            return NotUs(port, e is SmtpCommandException refusal ? $"{(int)refusal.StatusCode} {e.Message}" : e.Message);
        }
        catch (SslHandshakeException)
        {
            return WorkOutcome.Wait($"邮件服务器 {Host}:{port} 的 TLS 证书不可信", Pause);
        }
        catch (OperationCanceledException) when (handing.Begun && !ct.IsCancellationRequested)
        {
            return WorkOutcome.Doubt($"邮件服务器 {limits.Answer.TotalSeconds} 秒没有答复，是否收下不明");
        }
        catch (Exception e) when (handing.Begun && e is SocketException or IOException or ProtocolException)
        {
            return WorkOutcome.Doubt("与邮件服务器的连接中断，是否收下不明");
        }
        catch (Exception e) when (e is SocketException or IOException or ProtocolException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return WorkOutcome.Wait($"邮件服务器 {Host}:{port} 没有答复，邮件还没有交出", Pause);
        }
        var taken = clock.GetUtcNow();
        try
        {
            await LimitedAsync(limits.Connect, t => client.DisconnectAsync(quit: true, t), ct);
        }
        catch (Exception e) when (e is SocketException or IOException or ProtocolException or CommandException or OperationCanceledException)
        {
            // it has the message
        }
        return WorkOutcome.Done(new MailTaken { At = taken, Server = $"{Host}:{port}" });
    }

    // an inner network has servers whose certificate nobody vouches for: the court names the one it means, as openssl prints its fingerprint
    private static bool IsThat(X509Certificate? certificate, string known) =>
        string.Equals(
            certificate?.GetCertHashString(HashAlgorithmName.SHA256),
            known.Replace(":", "", StringComparison.Ordinal).Trim(),
            StringComparison.OrdinalIgnoreCase
        );

    private WorkOutcome NotUs(int port, string words) => WorkOutcome.Wait($"邮件服务器 {Host}:{port} 不接受本系统发信：{Cut(words)}", Pause);

    private MimeMessage Message(MailboxAddress from, MailboxAddress to, string subject, string text, string html, string messageId)
    {
        var message = new MimeMessage
        {
            Subject = subject,
            Date = clock.GetUtcNow(),
            MessageId = $"{messageId.Trim('<', '>').Split('@')[0]}@{from.Domain}",
        };
        // nobody's absence answers it, and no list (RFC 3834)
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        message.From.Add(from);
        message.To.Add(to);
        message.Body = new MultipartAlternative(
            new TextPart("plain") { Text = text, ContentTransferEncoding = ContentEncoding.Base64 },
            new TextPart("html") { Text = html, ContentTransferEncoding = ContentEncoding.Base64 }
        );
        return message;
    }

    private static string Cut(string words) => words.Length <= 300 ? words : words[..300];

    private static async Task LimitedAsync(TimeSpan limit, Func<CancellationToken, Task> act, CancellationToken ct)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(limit);
        await act(late.Token);
    }
}

/// <summary>Hears when the message itself begins to go out.</summary>
internal sealed class HandingOver(Action begins) : ITransferProgress
{
    public bool Begun { get; private set; }

    public void Report(long bytesTransferred, long totalSize) => Report(bytesTransferred);

    public void Report(long bytesTransferred)
    {
        if (Begun)
            return;
        Begun = true;
        begins();
    }
}

/// <summary>The server's 250, as journalled.</summary>
public sealed record MailTaken
{
    public DateTimeOffset At { get; init; }
    public string Server { get; init; } = "";
}
