using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Documents;

namespace CourtOps.Cataloguing.Efile;

/// <summary>Makes the PDF of a confirmed document: its pages as they came, straightened by the page's matrix, with the words under them. Then it is
/// filed.</summary>
internal sealed class BindPiece(Db db, BlobStore blobs, DataFolder folder, ReaderPool readers, IDocuments documents, Filing filing) : IWorkHandler
{
    public const string Name = "cataloguing.bind";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 10;

    public TimeSpan Lease => TimeSpan.FromMinutes(5);

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var (piece, pages) = await LoadAsync(item, ct);
        if (piece.DocumentId is not null || pages.Count == 0)
            return WorkOutcome.Done();
        if (!readers.IsThere)
            return WorkOutcome.Wait("没有找到识别程序", TimeSpan.FromMinutes(1));
        var plain = new List<PlainFile>();
        var made = folder.Private();
        try
        {
            var bound = new List<BindPage>();
            foreach (var p in pages)
            {
                plain.Add(await blobs.PlainAsync(p.Image, ct));
                // a page nobody could read is bound as it came
                bound.Add(new BindPage(plain[^1].Path, p.ImageKind, p.Orientation, p.Skew / 100.0, p.Width, p.Height, p.Dpi, BatchSorter.Lines(p)));
            }
            var answer = await readers.AskAsync(
                new Ask
                {
                    Op = "bind",
                    Path = made,
                    Name = piece.Title,
                    Pages = bound,
                },
                ct
            );
            if (answer.Problem is not null)
                return WorkOutcome.Retry($"合成 PDF 没有成功：{answer.Detail}");
            await using var stream = File.OpenRead(made);
            return WorkOutcome.Done(await blobs.WriteAsync(stream, long.MaxValue, ct));
        }
        catch (ReaderLost e)
        {
            return WorkOutcome.Retry(e.Code, TimeSpan.FromSeconds(5));
        }
        finally
        {
            plain.ForEach(p => p.Dispose());
            File.Delete(made);
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.End != WorkEnd.Done || outcome.Result is not Blob blob)
            return;
        var (piece, pages) = await LoadAsync(item, ct);
        if (piece.DocumentId is not null)
            return;
        var type = PaperTypes.Of(piece.PaperType);
        var title = await TitleAsync(piece, ct);
        var twin = (await documents.OfCaseAsync(piece.CaseId, ct)).FirstOrDefault(d => d.Blob == blob.Sha256 && d.Kind == type.Kind);
        var document =
            twin
            ?? await documents.AddAsync(
                new NewDocument
                {
                    CaseId = piece.CaseId,
                    Kind = type.Kind,
                    Title = title,
                    Blob = blob,
                    Pages = pages.Count,
                    Volume = piece.Volume,
                    Source = Filing.Own,
                },
                ct
            );
        await db.ExecuteAsync(
            "UPDATE cataloguing_piece SET document_id = @document, version = version + 1 WHERE id = @Id",
            new { document = document.Id, piece.Id },
            ct
        );
        await filing.PlaceAsync(
            new Placed(piece.CaseId, document.Id, piece.Volume, type.Code, piece.Place, title, "")
            {
                Author = piece.Author,
                Date = piece.PaperDate,
                PieceId = piece.Id,
            },
            ct
        );
        await filing.WordsAsync(piece.CaseId, document.Id, piece.Volume, [.. pages.Select(p => p.PageText)], ct);
    }

    // two papers of one title in a case are told apart by their date, then by a number
    private async Task<string> TitleAsync(PieceRow piece, CancellationToken ct)
    {
        var title = piece.Title.Length > 0 ? piece.Title : PaperTypes.Of(piece.PaperType).Label;
        var others = (await db.QueryAsync<string>("SELECT title FROM cataloguing_item WHERE case_id = @CaseId", new { piece.CaseId }, ct)).ToHashSet();
        if (others.Contains(title) && piece.PaperDate is { } on)
            title = BatchBook.Cut(title, 180) + $"（{on:yyyy-MM-dd}）";
        for (var n = 2; others.Contains(title) && n < 1000; n++)
            title = BatchBook.Cut(piece.Title.Length > 0 ? piece.Title : PaperTypes.Of(piece.PaperType).Label, 180) + $"（{n}）";
        return title;
    }

    private async Task<(PieceRow Piece, IReadOnlyList<Page> Pages)> LoadAsync(WorkItem item, CancellationToken ct)
    {
        var id = item.Read<Payload>().PieceId;
        var piece = await db.FirstAsync<PieceRow>(BatchBook.PieceColumns + " WHERE p.id = @id", new { id }, ct) ?? throw new NotFound("材料", id);
        return (piece, await db.QueryAsync<Page>(BatchBook.WholePageColumns + " WHERE p.piece_id = @id AND p.removed = 0 ORDER BY p.ordinal", new { id }, ct));
    }

    internal sealed record Payload
    {
        public long PieceId { get; init; }
    }
}
