using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>Answers for this centre what of a case is still open here: whoever is not served yet, each with the last of its documents.</summary>
internal sealed class WhenClosingCheckRequested(Db db, Outbox outbox) : INotificationHandler<ClosingCheckRequested>
{
    // more are counted: the case page has them all
    private const int Named = 8;

    public async Task Handle(ClosingCheckRequested notification, CancellationToken cancellationToken)
    {
        var open = (
            await db.QueryAsync<Row>(
                """
                SELECT n.recipient, n.state, (SELECT MAX(t.document_title) FROM service_task t WHERE t.notice_id = n.id) AS title
                FROM service_notice n WHERE n.case_id = @CaseId ORDER BY n.id
                """,
                new { notification.CaseId },
                cancellationToken
            )
        ).Where(n => !NoticeState.IsFinal(n.State)).ToList();
        var missing = open.Take(Named)
            .Select(n =>
                n.State is NoticeState.Doubt or NoticeState.Contested
                    ? $"{n.Recipient}的送达有疑问，待人处理（《{n.Title}》）"
                    : $"{n.Recipient}的送达没有结束（《{n.Title}》）"
            )
            .ToList();
        if (open.Count > Named)
            missing.Add($"另有 {open.Count - Named} 份送达没有结束");
        await outbox.AddAsync(
            Catalogue.CaseKey(notification.CaseId),
            new ClosingCheckAnswered
            {
                AskId = notification.AskId,
                CaseId = notification.CaseId,
                Centre = Centres.Service,
                Missing = missing,
            },
            cancellationToken
        );
    }

    private sealed record Row
    {
        public string Recipient { get; init; } = "";
        public string State { get; init; } = "";
        public string Title { get; init; } = "";
    }
}
