using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>A document that is being served, or was served, is replaced by another: who has the old one is told to a person, once for each new
/// document.</summary>
internal sealed class WhenDocumentReplaced(Db db, Alarms alarms) : INotificationHandler<DocumentAdded>
{
    public async Task Handle(DocumentAdded notification, CancellationToken cancellationToken)
    {
        // a proof that is made anew is served to nobody
        if (notification.ReplacesId is not { } old)
            return;
        var rows = await db.QueryAsync<Row>(
            """
            SELECT t.document_title AS title, t.recipient, t.effective_on, n.sent_at, n.released_at FROM service_task t JOIN service_notice n ON n.id =
                t.notice_id
            WHERE t.document_id = @old AND n.state <> 'cancelled' AND n.state <> 'voided' ORDER BY t.id
            """,
            new { old },
            cancellationToken
        );
        if (rows.Count == 0)
            return;
        var served = rows.Where(r => r.EffectiveOn is not null).Select(r => r.Recipient).Distinct().ToList();
        var gone = rows.Where(r => r.EffectiveOn is null && (r.SentAt ?? r.ReleasedAt) is not null).Select(r => r.Recipient).Distinct().ToList();
        var left = rows.Where(r => r.EffectiveOn is null && (r.SentAt ?? r.ReleasedAt) is null).Select(r => r.Recipient).Distinct().ToList();
        var parts = new[] { ("已送达", served), ("已发出", gone), ("尚未发出", left) }
            .Where(p => p.Item2.Count > 0)
            .Select(p => $"{p.Item1}：{string.Join('、', p.Item2.Take(20))}");
        await alarms.RaiseAsync(
            "replaced",
            $"replaced:{notification.DocumentId}",
            notification.CaseId,
            null,
            notification.Title,
            $"《{rows[0].Title}》已换为《{notification.Title}》。旧文书{string.Join("；", parts)}。请决定是否撤回尚未发出的，并请法官就新文书重新请求送达。",
            cancellationToken
        );
    }

    private sealed record Row
    {
        public string Title { get; init; } = "";
        public string Recipient { get; init; } = "";
        public DateOnly? EffectiveOn { get; init; }
        public DateTimeOffset? SentAt { get; init; }
        public DateTimeOffset? ReleasedAt { get; init; }
    }
}
