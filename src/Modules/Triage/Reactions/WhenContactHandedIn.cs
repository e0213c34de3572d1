using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Triage.Contacts;
using CourtOps.Workzone;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>What was asked over the web becomes one contact; the mark over the link is kept with it.</summary>
internal sealed class WhenContactHandedIn(Db db, ContactBook book, Marking marking, ICourts courts, Secrets secrets) : INotificationHandler<ContactHandedIn>
{
    public async Task Handle(ContactHandedIn notification, CancellationToken cancellationToken)
    {
        var p = await db.FirstAsync<Row>(
            "SELECT id, court_id, service, person, phone_enc, case_number, words_enc, mark, mark_words FROM triage_public_contact WHERE id = @PublicId",
            new { notification.PublicId },
            cancellationToken
        );
        if (p is null)
            return;
        var there = await db.FirstAsync<Contact>(
            $"SELECT {ContactBook.Columns} FROM triage_contact k WHERE k.public_id = @Id",
            new { p.Id },
            cancellationToken
        );
        if (notification.Act == "asked" && there is null)
        {
            var court = await courts.GetAsync(p.CourtId, cancellationToken);
            var taken = await book.TakeAsync(
                new ContactAsked(
                    p.Service,
                    "web",
                    court,
                    court,
                    p.Person,
                    secrets.Reveal(p.PhoneEnc) ?? "",
                    p.CaseNumber,
                    secrets.Reveal(p.WordsEnc) ?? "",
                    null,
                    p.Id
                ),
                cancellationToken
            );
            await book.ReleaseAsync(taken.Id, cancellationToken);
        }
        else if (notification.Act == "marked" && there is { State: "done", Mark: null } && p.Mark is { } mark)
        {
            await marking.MarkAsync(there, mark, p.MarkWords, cancellationToken);
        }
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
        public string Service { get; init; } = "";
        public string Person { get; init; } = "";
        public string? PhoneEnc { get; init; }
        public string CaseNumber { get; init; } = "";
        public string? WordsEnc { get; init; }
        public int? Mark { get; init; }
        public string MarkWords { get; init; } = "";
    }
}

/// <summary>Papers that reached the court of the case become its documents; Cataloguing hears of them and gives them their place.</summary>
internal sealed class WhenMaterialHandedOver(
    Db db,
    ContactBook book,
    Workzone.Documents.IDocuments documents,
    Kernel.Files.BlobStore blobs,
    Kernel.Messaging.Outbox outbox
) : INotificationHandler<MaterialHandedOver>
{
    public async Task Handle(MaterialHandedOver notification, CancellationToken cancellationToken)
    {
        var contact = await book.GetAsync(notification.ContactId, null, cancellationToken);
        var papers = (await book.PapersAsync(contact.Id, cancellationToken)).Where(p => p.DocumentId is null).ToList();
        if (papers.Count == 0 || contact.State == "done")
            return;
        var ids = new List<long>();
        foreach (var p in papers)
        {
            await blobs.KeepAsync(new Kernel.Files.Blob(p.Blob, p.Size), cancellationToken);
            var document = await documents.AddAsync(
                new Workzone.Documents.NewDocument
                {
                    CaseId = notification.CaseId,
                    Kind = "evidence",
                    Title = p.Title,
                    Blob = new Kernel.Files.Blob(p.Blob, p.Size),
                    Pages = p.Pages,
                    Source = "triage",
                },
                cancellationToken
            );
            await db.ExecuteAsync(
                "UPDATE triage_contact_paper SET document_id = @document WHERE id = @Id",
                new { document = document.Id, p.Id },
                cancellationToken
            );
            ids.Add(document.Id);
        }
        await book.NoteAsync(contact.Id, "filed", contact.CaseNumber, papers.Sum(p => p.Pages ?? 0), cancellationToken, contact.ForCourtName);
        await book.MoveAsync(
            contact,
            "finish",
            new
            {
                contact.Id,
                contact.Version,
                now = book.Now,
                answer = $"材料已转入 {contact.CaseNumber}",
            },
            "finished_at = @now, accepted_at = COALESCE(accepted_at, @now), answer = @answer",
            cancellationToken
        );
        await book.ReleaseAsync(contact.Id, cancellationToken);
        await outbox.AddAsync(
            Catalogue.CaseKey(notification.CaseId),
            new MaterialReceived
            {
                MaterialId = contact.Id,
                CaseId = notification.CaseId,
                DocumentIds = ids,
                Sender = contact.Person,
                Pages = papers.Sum(p => p.Pages ?? 0),
                At = book.Now,
            },
            cancellationToken
        );
    }
}
