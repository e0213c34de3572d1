using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>How a filer was told, or why not, is kept with the filing; links of other centres are none of ours.</summary>
internal sealed class WhenLinkDelivered(Db db) : INotificationHandler<LinkDelivered>
{
    public Task Handle(LinkDelivered notification, CancellationToken cancellationToken)
    {
        var words = notification.Channel switch
        {
            "sms" => "已发短信",
            "mail" => "已发邮件",
            _ => $"没有通知到：{notification.Reason}，请电话告知",
        };
        return db.ExecuteAsync(
            "UPDATE triage_filing_event SET words = @words WHERE id = @LinkId AND event = 'tell'",
            new { notification.LinkId, words = words.Length > 400 ? words[..400] : words },
            cancellationToken
        );
    }
}
