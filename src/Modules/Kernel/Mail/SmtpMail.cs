using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text;
using CourtOps.Kernel.Work;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Kernel.Mail;

/// <summary>The court's mail server, by setting: CourtOps:Smtp:Host, Port, User, Password, Tls, From. Used by work handlers alone.</summary>
public sealed class SmtpMail(IConfiguration configuration, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public string? Host => configuration["CourtOps:Smtp:Host"];

    /// <summary>
    /// Sends one message. Only the server's 250 is Done. What the server refused or what never reached it is certain;
    /// anything that broke in between is in doubt.
    /// </summary>
    public async Task<WorkOutcome> SendAsync(string sender, string to, string subject, string text, string html, string messageId, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(Host))
            return WorkOutcome.Retry("没有配置邮件服务器（CourtOps:Smtp:Host）", TimeSpan.FromMinutes(2));
        var port = configuration.GetValue("CourtOps:Smtp:Port", 25);
        using var client = new SmtpClient(Host, port) { EnableSsl = configuration.GetValue("CourtOps:Smtp:Tls", false), DeliveryFormat = SmtpDeliveryFormat.International };
        if (configuration["CourtOps:Smtp:User"] is { Length: > 0 } user)
            client.Credentials = new NetworkCredential(user, configuration["CourtOps:Smtp:Password"]);
        using var message = new MailMessage { From = new MailAddress(configuration["CourtOps:Smtp:From"] ?? "service@court.localhost", sender), Subject = subject, SubjectEncoding = Encoding.UTF8, Body = text, BodyEncoding = Encoding.UTF8 };
        message.To.Add(new MailAddress(to));
        message.Headers.Add("Message-ID", messageId);
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(html, Encoding.UTF8, "text/html"));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            await client.SendMailAsync(message, limit.Token);
            return WorkOutcome.Done(new MailTaken { At = clock.GetUtcNow(), Server = $"{Host}:{port}" });
        }
        catch (SmtpFailedRecipientException e)
        {
            return Refused(e.StatusCode, e.Message);
        }
        catch (SmtpException e) when (e.StatusCode != SmtpStatusCode.GeneralFailure)
        {
            return Refused(e.StatusCode, e.Message);
        }
        catch (SmtpException e) when (Socket(e) is { } s && s.SocketErrorCode is SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TryAgain or SocketError.NoData)
        {
            return WorkOutcome.Retry($"连不上邮件服务器 {Host}:{port}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return WorkOutcome.Doubt($"邮件服务器 {Limit.TotalSeconds:0} 秒没有答复，是否收下不明");
        }
        catch (Exception e) when (e is SmtpException or System.IO.IOException or SocketException)
        {
            return WorkOutcome.Doubt("与邮件服务器的连接中断，是否收下不明：" + e.Message);
        }
    }

    private static WorkOutcome Refused(SmtpStatusCode status, string message) =>
        (int)status is >= 500 and < 600 ? WorkOutcome.Failed($"邮件服务器拒收（{(int)status}）：{message}") : WorkOutcome.Retry($"邮件服务器暂时不收（{(int)status}）：{message}");

    private static SocketException? Socket(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            if (e is SocketException s)
                return s;
        return null;
    }
}

/// <summary>The server's 250, as journalled.</summary>
public sealed record MailTaken
{
    public DateTimeOffset At { get; init; }
    public string Server { get; init; } = "";
}
