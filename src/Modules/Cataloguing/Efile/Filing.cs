using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Documents;

namespace CourtOps.Cataloguing.Efile;

/// <summary>Gives a document its place in the e-file, once.</summary>
internal sealed class Filing(Db db, Ids ids, IDocuments documents, Outbox outbox, TimeProvider clock)
{
    public async Task FileAsync(long caseId, long documentId, string note, CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM cataloguing_item WHERE case_id = @caseId AND document_id = @documentId", new { caseId, documentId }, ct) > 0)
            return;
        var document = await documents.GetAsync(documentId, ct);
        var (heading, ordinal) = Headings.Of(document.Kind);
        var now = clock.GetUtcNow();
        await db.ExecuteAsync("INSERT INTO cataloguing_item (id, case_id, document_id, volume, heading, ordinal, title, note, filed_at) VALUES (@id, @caseId, @documentId, @Volume, @heading, @ordinal, @Title, @note, @now)",
            new { id = ids.Next(), caseId, documentId, document.Volume, heading, ordinal, document.Title, note = note.Length > 400 ? note[..400] : note, now }, ct);
        await outbox.AddAsync(Catalogue.CaseKey(caseId), new DocumentFiled { CaseId = caseId, DocumentId = documentId, Volume = document.Volume, Heading = heading, At = now }, ct);
    }
}
