using CourtOps.Kernel.Mail;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Tasks;
using Microsoft.Extensions.Configuration;

namespace CourtOps.ServiceOfDocuments.Sending;

/// <summary>The court's mail server, by setting: CourtOps:Smtp:Host, Port, User, Password, Tls, Certificate, From.</summary>
internal sealed class MailServer(IConfiguration configuration, SmtpMail smtp)
{
    public string? Host => configuration["CourtOps:Smtp:Host"];

    /// <summary>none, mail or sms: whether a second code is asked for besides the last digits of the id number.</summary>
    public string SecondCode =>
        configuration["CourtOps:Party:SecondCode"] is "mail" ? "mail"
        : configuration["CourtOps:Party:SecondCode"] is "sms" && configuration["CourtOps:Sms:Url"] is { Length: > 0 } ? "sms"
        : "none";

    /// <summary>Whether the second code reaches this recipient over the channel of the court.</summary>
    public bool Reaches(Notice notice) =>
        SecondCode switch
        {
            "mail" => notice.EmailEnc is not null,
            "sms" => notice.PhoneEnc is not null,
            _ => false,
        };

    /// <summary>Sends one notice of the court; see <see cref="SmtpMail.SendAsync"/>.</summary>
    public Task<WorkOutcome> SendAsync(string to, string subject, string text, string html, string messageId, CancellationToken ct) =>
        smtp.SendAsync("人民法院送达", to, subject, text, html, messageId, ct);
}

/// <summary>The address parties reach us under: CourtOps:BaseUrl.</summary>
internal sealed class PublicAddress(IConfiguration configuration)
{
    public string Link(string token) => (configuration["CourtOps:BaseUrl"] ?? "http://localhost:5080").TrimEnd('/') + "/p/" + token;
}
