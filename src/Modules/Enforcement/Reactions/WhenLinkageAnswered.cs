using CourtOps.Contracts;
using CourtOps.Enforcement.Linkage;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Workzone.Documents;
using MediatR;

namespace CourtOps.Enforcement.Reactions;

/// <summary>What an agency answered over its link is recorded with the request, its paper becomes a document of the case; once.</summary>
internal sealed class WhenLinkageAnswered(Db db, LinkageBook book, IDocuments documents) : INotificationHandler<LinkageAnswered>
{
    public async Task Handle(LinkageAnswered notification, CancellationToken cancellationToken)
    {
        var l = await db.FirstAsync<LinkageRow>(LinkageRow.Columns + " WHERE l.id = @LinkageId", new { notification.LinkageId }, cancellationToken);
        if (l is not { State: LinkageState.Sent })
            return;
        long? document = notification.PaperSha256 is { } sha
            ? (
                await documents.AddAsync(
                    new NewDocument
                    {
                        CaseId = l.CaseId,
                        Kind = "evidence",
                        Title = $"{l.AgencyName}反馈（{LinkageState.Acts[l.Act]}）",
                        Blob = new Blob(sha, notification.PaperSize),
                        Source = "enforcement",
                    },
                    cancellationToken
                )
            ).Id
            : null;
        await book.AnswerAsync(l, notification.Answer, notification.Receipt, notification.By, notification.At, document, cancellationToken);
    }
}
