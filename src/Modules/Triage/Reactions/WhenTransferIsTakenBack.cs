using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Triage.Filings;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>A transfer to another court was taken back: the filing there that is no case yet is withdrawn.</summary>
internal sealed class WhenTransferIsTakenBack(Db db, FilingBook book) : INotificationHandler<CaseClosed>
{
    public async Task Handle(CaseClosed notification, CancellationToken cancellationToken)
    {
        if (!notification.Reopened || notification.How != "transferred")
            return;
        foreach (
            var filing in await db.QueryAsync<Filing>(
                $"""
                SELECT {FilingBook.Columns} FROM triage_filing f
                JOIN triage_transfer t ON t.filing_id = f.id AND t.transfer_type = @type
                WHERE f.origin_id = @CaseId AND f.state IN ('received', 'returned')
                """,
                new { notification.CaseId, type = Moved.Type },
                cancellationToken
            )
        )
        {
            await book.MoveAsync(
                filing,
                FilingStep.Withdraw,
                new
                {
                    filing.Id,
                    filing.Version,
                    reason = "原受理法院撤回移送。",
                },
                "reason = @reason, decide_by = NULL",
                cancellationToken
            );
            await book.NoteAsync(filing.Id, FilingStep.Withdraw, "原受理法院撤回移送。", cancellationToken);
        }
    }
}
