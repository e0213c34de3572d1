using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;

namespace CourtOps.Cataloguing.Efile;

/// <summary>A document with its place in the e-file.</summary>
internal sealed record Placed(long CaseId, long DocumentId, string Volume, string Type, int Place, string Title, string Note)
{
    public string Author { get; init; } = "";
    public DateOnly? Date { get; init; }
    public long? PieceId { get; init; }
    public string? Heading { get; init; }
}

/// <summary>Gives a document its place in the e-file, once.</summary>
internal sealed class Filing(
    Db db,
    Ids ids,
    IDocuments documents,
    ICases cases,
    ISettings settings,
    Outbox outbox,
    SearchChanges search,
    WorkQueue work,
    TimeProvider clock
)
{
    /// <summary>The source of documents this centre made.</summary>
    public const string Own = "cataloguing";

    /// <summary>A paper that another module made or took in goes straight to its place; a note that comes later is kept with it.</summary>
    public async Task FileAsync(long caseId, long documentId, string note, CancellationToken ct)
    {
        note = BatchBook.Cut(note, 400);
        if (
            await db.FirstAsync<long?>(
                "SELECT id FROM cataloguing_item WHERE case_id = @caseId AND document_id = @documentId",
                new { caseId, documentId },
                ct
            ) is
            { } known
        )
        {
            if (note.Length > 0)
                await db.ExecuteAsync("UPDATE cataloguing_item SET note = @note WHERE id = @known AND note = ''", new { note, known }, ct);
            return;
        }
        var document = await documents.GetAsync(documentId, ct);
        var card = await cases.GetAsync(caseId, ct);
        var (heading, type) = Headings.Of(document.Kind, document.Title, settings.Current<TableBody>(SortingTables.Types.Key, card.CourtId));
        var place = SortingTables
            .Places.Decide(
                new PlaceFacts(SortingTables.Kinds.ContainsKey(card.Kind) ? card.Kind : "other", type),
                settings.Current<TableBody>(SortingTables.Places.Key, card.CourtId)
            )
            .Outcome.Place;
        await PlaceAsync(new Placed(caseId, documentId, document.Volume, type, place, document.Title, note) { Heading = heading }, ct);
        // not pressing: what a person waits for goes first
        await work.AddAsync(
            ReadDocumentWords.Name,
            $"{documentId}",
            new ReadDocumentWords.Payload { DocumentId = documentId, CaseId = caseId },
            clock.GetUtcNow().AddMinutes(1),
            ct
        );
    }

    public async Task PlaceAsync(Placed p, CancellationToken ct)
    {
        if (
            await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM cataloguing_item WHERE case_id = @CaseId AND document_id = @DocumentId",
                new { p.CaseId, p.DocumentId },
                ct
            ) > 0
        )
            return;
        var now = clock.GetUtcNow();
        var type = PaperTypes.Of(p.Type);
        var heading = p.Heading ?? type.Label;
        await db.ExecuteAsync(
            """
            INSERT INTO cataloguing_item (id, case_id, document_id, volume, heading, ordinal, title, note, filed_at, paper_type, author, paper_date, piece_id,
                source, leak)
            VALUES (@id, @CaseId, @DocumentId, @Volume, @heading, @Place, @Title, @Note, @now, @Type, @Author, @Date, @PieceId, @source, @leak)
            """,
            new
            {
                id = ids.Next(),
                p.CaseId,
                p.DocumentId,
                p.Volume,
                heading,
                p.Place,
                p.Title,
                p.Note,
                now,
                Type = type.Code,
                p.Author,
                p.Date,
                p.PieceId,
                source = p.PieceId is null ? "system" : "scan",
                leak = type.Secondary && p.Volume == "main",
            },
            ct
        );
        await outbox.AddAsync(
            Catalogue.CaseKey(p.CaseId),
            new DocumentFiled
            {
                CaseId = p.CaseId,
                DocumentId = p.DocumentId,
                Volume = p.Volume,
                Heading = heading,
                At = now,
            },
            ct
        );
    }

    /// <summary>The words of a document, page by page, for the search.</summary>
    public async Task WordsAsync(long caseId, long documentId, string volume, IReadOnlyList<string> pages, CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM cataloguing_text WHERE document_id = @documentId", new { documentId }, ct) > 0)
            return;
        var rows = pages.Select((text, i) => (Id: ids.Next(), N: i + 1, Text: text)).Where(r => r.Text.Length > 0).ToList();
        foreach (var r in rows)
            await db.ExecuteAsync(
                "INSERT INTO cataloguing_text (id, case_id, document_id, volume, n, page_text) VALUES (@Id, @caseId, @documentId, @volume, @N, @Text)",
                new
                {
                    r.Id,
                    caseId,
                    documentId,
                    volume,
                    r.N,
                    r.Text,
                },
                ct
            );
        await search.AddManyAsync(PageSearch.AreaName, [.. rows.Select(r => r.Id)], ct);
    }
}

/// <summary>Reads the words of a document another module made: its text layer; a scan by recognition stays without words until it is catalogued.</summary>
internal sealed class ReadDocumentWords(Db db, IDocuments documents, Kernel.Files.BlobStore blobs, ReaderPool readers, Filing filing) : IWorkHandler
{
    public const string Name = "cataloguing.words";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 3;

    public TimeSpan Lease => TimeSpan.FromMinutes(3);

    public int AtOnce => 1;

    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        if (!readers.IsThere)
            return WorkOutcome.Wait("没有找到识别程序", TimeSpan.FromMinutes(5));
        var document = await documents.GetAsync(item.Read<Payload>().DocumentId, ct);
        using var plain = await blobs.PlainAsync(document.Blob, ct);
        try
        {
            var answer = await readers.AskAsync(
                new Ask
                {
                    Op = "words",
                    Path = plain.Path,
                    Name = "words",
                },
                ct
            );
            return WorkOutcome.Done(new Words(answer.Words ?? []));
        }
        catch (ReaderLost e)
        {
            return WorkOutcome.Retry(e.Code);
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.Result is not Words words)
            return;
        var payload = item.Read<Payload>();
        var volume = await db.FirstAsync<string>("SELECT volume FROM cataloguing_item WHERE case_id = @CaseId AND document_id = @DocumentId", payload, ct);
        if (volume is not null)
            await filing.WordsAsync(payload.CaseId, payload.DocumentId, volume, words.Pages, ct);
    }

    internal sealed record Payload
    {
        public long DocumentId { get; init; }
        public long CaseId { get; init; }
    }

    internal sealed record Words(IReadOnlyList<string> Pages);
}
