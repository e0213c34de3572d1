using System.Net.Sockets;
using System.Security.Authentication;
using CourtOps.Kernel.Work;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Kernel.Mail;

/// <param name="Connect">How long the server may take to come to the telephone.</param>
/// <param name="Talk">How long everything may take before the message is handed over.</param>
/// <param name="Answer">How long the server may take to say that it has the message.</param>
public sealed record MailLimits(TimeSpan Connect, TimeSpan Talk, TimeSpan Answer)
{
    /// <summary>Together shorter than any lease of a mail.</summary>
    public static MailLimits Usual { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(60));
}

/// <summary>The court's mail server, by setting: CourtOps:Smtp:Host, Port, User, Password, Tls, From. Used by work handlers alone.</summary>
public sealed class SmtpMail(IConfiguration configuration, TimeProvider clock, MailLimits limits)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);

    public string? Host => configuration["CourtOps:Smtp:Host"];

    /// <summary>
    /// Sends one message. Only the server's 250 is Done. A recipient or a message that the server refuses has Failed. A server that is not there, is not
    /// set up or does not want us as a sender says nothing about the recipient: the mail waits. In doubt is only what broke off after the message was handed over.
    /// </summary>
    public async Task<WorkOutcome> SendAsync(string sender, string to, string subject, string text, string html, string messageId, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(Host))
            return WorkOutcome.Wait("没有配置邮件服务器（CourtOps:Smtp:Host）", Pause);
        var port = configuration.GetValue("CourtOps:Smtp:Port", 25);
        var from = configuration["CourtOps:Smtp:From"] ?? "service@court.localhost";
        var message = MimeText.Of(sender, from, to, subject, text, html, messageId, clock.GetUtcNow());
        await using var talk = new SmtpTalk();
        try
        {
            await LimitedAsync(limits.Connect, t => talk.ConnectAsync(Host, port, t), ct);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return WorkOutcome.Wait($"连不上邮件服务器 {Host}:{port}", Pause);
        }
        try
        {
            await LimitedAsync(limits.Talk, async t =>
            {
                await talk.GreetAsync(configuration.GetValue("CourtOps:Smtp:Tls", false), t);
                if (configuration["CourtOps:Smtp:User"] is { Length: > 0 } user)
                    await talk.SignInAsync(user, configuration["CourtOps:Smtp:Password"] ?? "", t);
                await talk.AddressAsync(from, to, t);
            }, ct);
        }
        catch (SmtpRefusal e) when (e.OfMail)
        {
            return Refused(e);
        }
        catch (SmtpRefusal e)
        {
            return WorkOutcome.Wait($"邮件服务器 {Host}:{port} 不接受本系统发信：{e.Message}", Pause);
        }
        catch (AuthenticationException)
        {
            return WorkOutcome.Wait($"邮件服务器 {Host}:{port} 的 TLS 证书不可信", Pause);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return WorkOutcome.Wait($"邮件服务器 {Host}:{port} 没有答复，邮件还没有交出", Pause);
        }
        try
        {
            await LimitedAsync(limits.Answer, t => talk.HandOverAsync(message, t), ct);
            return WorkOutcome.Done(new MailTaken { At = clock.GetUtcNow(), Server = $"{Host}:{port}" });
        }
        catch (SmtpRefusal e)
        {
            return Refused(e);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return WorkOutcome.Doubt($"邮件服务器 {limits.Answer.TotalSeconds} 秒没有答复，是否收下不明");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return WorkOutcome.Doubt("与邮件服务器的连接中断，是否收下不明");
        }
    }

    private static WorkOutcome Refused(SmtpRefusal e) =>
        e.Code >= 500 ? WorkOutcome.Failed($"邮件服务器拒收：{e.Message}") : WorkOutcome.Retry($"邮件服务器暂时不收：{e.Message}");

    private static async Task LimitedAsync(TimeSpan limit, Func<CancellationToken, Task> act, CancellationToken ct)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(limit);
        await act(late.Token);
    }
}

/// <summary>The server's 250, as journalled.</summary>
public sealed record MailTaken
{
    public DateTimeOffset At { get; init; }
    public string Server { get; init; } = "";
}
