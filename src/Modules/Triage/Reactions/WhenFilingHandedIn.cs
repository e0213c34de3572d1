using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Online;
using CourtOps.Workzone;
using CourtOps.Workzone.Documents;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>What somebody handed in online lands in the queue of the counter, once; its clock runs from the day it was handed in.</summary>
internal sealed class WhenFilingHandedIn(
    Db db,
    Ids ids,
    PublicFilings filings,
    Intake intake,
    FilingBook book,
    LetterBook letters,
    ICourts courts,
    ICalendarSource calendars,
    IDocuments documents,
    BlobStore blobs
) : INotificationHandler<FilingHandedIn>
{
    public async Task Handle(FilingHandedIn notification, CancellationToken cancellationToken)
    {
        if (await filings.GetAsync(notification.PublicId, cancellationToken) is not { } filing)
            return;
        var court = await courts.GetAsync(filing.CourtId, cancellationToken);
        if (notification.Act == "submitted")
        {
            if (filing.FilingId is not null)
                return;
            var taking = filings.AsFiling(filing);
            var checkedBy = filing.VerifiedAt is not null ? "code" : "";
            var taken = await intake.TakeAsync(
                taking,
                new Entry("online", court, null, "", filing.Id, filings.ContentOf(filing).Words, notification.At),
                cancellationToken
            );
            await db.ExecuteAsync(
                "UPDATE triage_public_filing SET filing_id = @Id, stage = 'received', filing_number = @Number, decide_by = @DecideBy WHERE id = @publicId",
                new
                {
                    taken.Id,
                    taken.Number,
                    taken.DecideBy,
                    publicId = filing.Id,
                },
                cancellationToken
            );
            await book.NoteAsync(taken.Id, checkedBy.Length > 0 ? "verified" : "unverified", filing.Name, cancellationToken);
            await PapersAsync(filing.Id, taken.Id, null, cancellationToken);
            await letters.TakeAsync(filing.Id, await book.GetAsync(taken.Id, cancellationToken), cancellationToken);
            return;
        }
        if (filing.FilingId is not { } id)
            return; // what was written before is taken in with the filing
        if (notification.Act == "written")
        {
            // the row is taken first: a registration at the same moment is before or after, and no paper falls between
            await db.ExecuteAsync("UPDATE triage_filing SET replied_at = replied_at WHERE id = @id", new { id }, cancellationToken);
            var about = await book.GetAsync(id, cancellationToken);
            await PapersAsync(filing.Id, id, notification.At, cancellationToken, about.CaseId);
            await letters.TakeAsync(filing.Id, about, cancellationToken);
            return;
        }
        var inner = await book.GetAsync(id, cancellationToken);
        if (notification.Act == "withdrawn" && inner.State is FilingState.Received or FilingState.Returned)
        {
            await book.MoveAsync(
                inner,
                FilingStep.Withdraw,
                new
                {
                    inner.Id,
                    inner.Version,
                    reason = "",
                },
                "reason = @reason, decide_by = NULL",
                cancellationToken
            );
            await book.NoteAsync(inner.Id, FilingStep.Withdraw, filing.Name, cancellationToken);
        }
        else if (notification.Act == "corrected" && inner.State == FilingState.Returned)
        {
            await PapersAsync(filing.Id, inner.Id, null, cancellationToken);
            var on = Times.Day(notification.At);
            var decideBy = FilingClock.DecideBy(inner.Kind, inner.Cause, inner.FactSet.Ticks, on, calendars.For(court.Code));
            await book.MoveAsync(
                inner,
                FilingStep.Correct,
                new
                {
                    inner.Id,
                    inner.Version,
                    on,
                    decideBy,
                },
                "clock_from = @on, decide_by = @decideBy",
                cancellationToken
            );
            await book.NoteAsync(inner.Id, FilingStep.Correct, filing.Name, cancellationToken);
        }
    }

    /// <param name="until">Papers up to this moment; null for all. What is uploaded later waits until it is handed in.</param>
    /// <param name="caseId">The case it has become meanwhile: then the paper is a document of it.</param>
    private async Task PapersAsync(long publicId, long filingId, DateTimeOffset? until, CancellationToken ct, long? caseId = null)
    {
        foreach (var p in (await filings.PapersAsync(publicId, ct)).Where(p => !p.Taken && (until is null || p.AddedAt <= until)))
        {
            await blobs.KeepAsync(new Blob(p.Blob, p.Size), ct);
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM triage_filing_paper WHERE filing_id = @filingId AND blob = @Blob AND kind = @Kind",
                    new
                    {
                        filingId,
                        p.Blob,
                        p.Kind,
                    },
                    ct
                ) == 0
            )
            {
                long? document = caseId is { } c
                    ? (
                        await documents.AddAsync(
                            new NewDocument
                            {
                                CaseId = c,
                                Kind = PaperKinds.DocumentKind(p.Kind),
                                Title = p.Title,
                                Blob = new Blob(p.Blob, p.Size),
                                Pages = p.Pages,
                                Source = "triage",
                            },
                            ct
                        )
                    ).Id
                    : null;
                await book.AddPaperAsync(
                    new FilingPaper
                    {
                        Id = ids.Next(),
                        FilingId = filingId,
                        Kind = p.Kind,
                        Title = p.Title,
                        Blob = p.Blob,
                        Size = p.Size,
                        Pages = p.Pages,
                        DocumentId = document,
                        AddedAt = p.AddedAt,
                    },
                    "网上提交",
                    ct
                );
            }
            await db.ExecuteAsync("UPDATE triage_public_paper SET taken = 1 WHERE id = @Id", new { p.Id }, ct);
        }
    }
}
