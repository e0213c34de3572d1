using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Cataloguing.Intake;

/// <summary>The one place where batches, their files and pages change state.</summary>
internal sealed class BatchBook(Db db, Ids ids, WorkQueue work, TimeProvider clock, ICases cases, IWorkOrders orders, BlobStore blobs, Changes changes)
{
    private const int PagesOfAFile = 10_000;

    public static readonly StateTable Batches = new(
        "cataloguing_batch",
        "材料批次",
        new Move("more", [BatchState.Reading, BatchState.Review], BatchState.Reading),
        new Move("ready", [BatchState.Reading], BatchState.Review),
        new Move("confirm", [BatchState.Review], BatchState.Confirmed),
        new Move("cancel", [BatchState.Reading, BatchState.Review], BatchState.Cancelled),
        new Move("touch", [BatchState.Review], null)
    );

    public static readonly StateTable Files = new(
        "cataloguing_file",
        "文件",
        new Move("accept", [FileState.Waiting], FileState.Accepted),
        new Move("refuse", [FileState.Waiting], FileState.Refused),
        new Move("unpack", [FileState.Waiting], FileState.Unpacked),
        new Move("note", [FileState.Waiting], null)
    );

    public static readonly StateTable Pages = new(
        "cataloguing_page",
        "页面",
        new Move("queue", [PageState.Held], PageState.Waiting),
        new Move("read", [PageState.Waiting], PageState.Ready),
        new Move("give", [PageState.Waiting], PageState.Person),
        new Move("again", [PageState.Ready, PageState.Person], PageState.Waiting)
    );

    public const string BatchColumns =
        "SELECT b.id, b.number, b.case_id, b.court_id, b.order_id, b.source, b.sender, b.announced, b.note, b.urgent, b.state, b.received_at, "
        + "b.received_by_name, b.due_at, b.ready_at, b.confirmed_at, b.confirmed_by_name, b.hand_seconds, b.machine_ms, b.changed_by_name, b.version "
        + "FROM cataloguing_batch b";
    public const string FileColumns =
        "SELECT f.id, f.batch_id, f.case_id, f.parent_id, f.ordinal, f.name, f.blob, f.work_blob, f.size, f.kind, f.state, f.reason, f.detail, "
        + "f.pages, f.version FROM cataloguing_file f";
    public const string PieceColumns =
        "SELECT p.id, p.batch_id, p.case_id, p.ordinal, p.paper_type, p.guessed_type, p.title, p.author, p.party, p.paper_date, p.volume, p.place, "
        + "p.confidence, p.border, p.reason, p.questions, p.look, p.document_id, p.version FROM cataloguing_piece p";

    // without the words: a page list does not carry them
    public const string PageColumns =
        "SELECT p.id, p.batch_id, p.case_id, p.file_id, p.n, p.ordinal, p.piece_id, p.state, p.removed, p.image, p.image_kind, p.view_blob, "
        + "p.thumb_blob, p.width, p.height, p.dpi, p.orientation, p.skew, p.turn, p.reads, p.flags, p.language, p.engine, p.confidence, p.hash, "
        + "p.problem, p.note, p.cpu_ms, p.red, p.version FROM cataloguing_page p";
    public const string WholePageColumns =
        "SELECT p.id, p.batch_id, p.case_id, p.file_id, p.n, p.ordinal, p.piece_id, p.state, p.removed, p.image, p.image_kind, p.view_blob, "
        + "p.thumb_blob, p.width, p.height, p.dpi, p.orientation, p.skew, p.turn, p.reads, p.flags, p.page_text, p.text_lines, p.layer, p.language, "
        + "p.engine, p.confidence, p.hash, p.problem, p.note, p.cpu_ms, p.red, p.version FROM cataloguing_page p";

    /// <exception cref="NotFound">No such batch, or its order is not for this actor.</exception>
    public async Task<Batch> GetAsync(long id, CancellationToken ct)
    {
        var batch = await db.FirstAsync<Batch>(BatchColumns + " WHERE b.id = @id", new { id }, ct) ?? throw new NotFound("材料批次", id);
        try
        {
            await orders.GetAsync(batch.OrderId, ct);
        }
        catch (NotFound)
        {
            throw new NotFound("材料批次", id); // nothing tells that there is one
        }
        return batch;
    }

    /// <summary>The batch with the right to see its pages: whoever sees the case.</summary>
    public async Task<(Batch Batch, CaseCard Case)> OpenAsync(long id, CancellationToken ct)
    {
        var batch = await GetAsync(id, ct);
        if (!await cases.CanReadAsync(batch.CaseId, ct))
            throw new RuleBroken("接受工单后才能看到本案的材料。", code: "not-accepted", wayOut: $"/orders/{batch.OrderId}");
        return (batch, await cases.GetAsync(batch.CaseId, ct));
    }

    public Task<IReadOnlyList<BatchFile>> FilesAsync(long batchId, CancellationToken ct) =>
        db.QueryAsync<BatchFile>(FileColumns + " WHERE f.batch_id = @batchId ORDER BY f.ordinal, f.id", new { batchId }, ct);

    public Task<IReadOnlyList<Page>> PagesAsync(long batchId, CancellationToken ct) =>
        db.QueryAsync<Page>(PageColumns + " WHERE p.batch_id = @batchId ORDER BY p.ordinal", new { batchId }, ct);

    public Task<IReadOnlyList<Page>> WholePagesAsync(long batchId, CancellationToken ct) =>
        db.QueryAsync<Page>(WholePageColumns + " WHERE p.batch_id = @batchId ORDER BY p.ordinal", new { batchId }, ct);

    public Task<IReadOnlyList<PieceRow>> PiecesAsync(long batchId, CancellationToken ct) =>
        db.QueryAsync<PieceRow>(PieceColumns + " WHERE p.batch_id = @batchId ORDER BY p.ordinal", new { batchId }, ct);

    public async Task<Page> PageAsync(long id, CancellationToken ct) =>
        await db.FirstAsync<Page>(WholePageColumns + " WHERE p.id = @id", new { id }, ct) ?? throw new NotFound("页面", id);

    /// <summary>Files of a batch, kept by digest before; each is opened as work of its own.</summary>
    public async Task AddFilesAsync(Batch batch, IReadOnlyList<TakenFile> files, BatchFile? parent, CancellationToken ct)
    {
        var at = parent is not null
            ? parent.Ordinal
            : await db.ScalarAsync<int?>("SELECT MAX(ordinal) FROM cataloguing_file WHERE batch_id = @Id AND parent_id IS NULL", new { batch.Id }, ct) ?? 0;
        foreach (var file in files)
        {
            at += parent is null ? 1000 : 1;
            await blobs.KeepAsync(file.Blob, ct);
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO cataloguing_file (id, batch_id, case_id, parent_id, ordinal, name, blob, size, kind, state, added_at, version)
                VALUES (@id, @BatchId, @CaseId, @parentId, @at, @Name, @Sha256, @Size, '', 'waiting', @now, 1)
                """,
                new
                {
                    id,
                    BatchId = batch.Id,
                    batch.CaseId,
                    parentId = parent?.Id,
                    at,
                    Name = Cut(file.Name, 255),
                    file.Blob.Sha256,
                    file.Blob.Size,
                    now = clock.GetUtcNow(),
                },
                ct
            );
            await QueueFileAsync(id, 1, batch.Urgent, ct);
        }
    }

    public Task QueueFileAsync(long fileId, int from, bool urgent, CancellationToken ct) =>
        work.AddAsync(OpenFile.Name, $"{fileId}:{from}", new OpenFile.Payload { FileId = fileId, From = from }, Due(urgent), ct);

    public async Task RefuseAsync(BatchFile file, string code, string detail, CancellationToken ct)
    {
        await db.ExecuteAsync("DELETE FROM cataloguing_page WHERE file_id = @Id AND state = 'held'", new { file.Id }, ct);
        await Files.MoveAsync(
            db,
            "refuse",
            file.State,
            new
            {
                file.Id,
                file.Version,
                code,
                detail = Cut(detail, 200),
            },
            "reason = @code, detail = @detail",
            ct
        );
    }

    public Task UnpackAsync(BatchFile file, CancellationToken ct) =>
        Files.MoveAsync(db, "unpack", file.State, new { file.Id, file.Version }, "kind = 'zip', pages = 0", ct);

    /// <summary>Pages that were rendered; known already they stay as they are, so that none is there twice.</summary>
    public async Task AddPagesAsync(BatchFile file, IReadOnlyList<OpenFile.Rendered> pages, CancellationToken ct)
    {
        var known = (await db.QueryAsync<int>("SELECT n FROM cataloguing_page WHERE file_id = @Id", new { file.Id }, ct)).ToHashSet();
        foreach (var p in pages.Where(p => !known.Contains(p.N)))
        {
            await blobs.KeepAsync(p.Image, ct);
            await db.ExecuteAsync(
                """
                INSERT INTO cataloguing_page (id, batch_id, case_id, file_id, n, ordinal, state, removed, image, image_kind, width, height, dpi, orientation,
                    skew, reads, flags, page_text, text_lines, layer, language, engine,
                  confidence, hash, note, cpu_ms, wall_ms, version)
                VALUES (@id, @BatchId, @CaseId, @fileId, @N, @ordinal, 'held', 0, @Sha256, @Kind, @Width, @Height, @Dpi, 0, 0, 0, '', '', '[]', @Layer, '', '',
                    0, '', '', 0, 0, 1)
                """,
                new
                {
                    id = ids.Next(),
                    file.BatchId,
                    file.CaseId,
                    fileId = file.Id,
                    p.N,
                    ordinal = ((long)file.Ordinal * PagesOfAFile) + p.N,
                    p.Image.Sha256,
                    p.Kind,
                    p.Width,
                    p.Height,
                    p.Dpi,
                    p.Layer,
                },
                ct
            );
        }
    }

    public Task NoteFileAsync(BatchFile file, string kind, int pages, string? workBlob, CancellationToken ct) =>
        Files.MoveAsync(
            db,
            "note",
            file.State,
            new
            {
                file.Id,
                file.Version,
                kind,
                pages,
                workBlob,
            },
            "kind = @kind, pages = @pages, work_blob = @workBlob",
            ct
        );

    /// <summary>All of its pages are there: the file is taken and its pages are read.</summary>
    public async Task AcceptAsync(BatchFile file, bool urgent, CancellationToken ct)
    {
        await Files.MoveAsync(db, "accept", file.State, new { file.Id, file.Version }, "", ct);
        foreach (var page in await db.QueryAsync<Page>(PageColumns + " WHERE p.file_id = @Id AND p.state = 'held' ORDER BY p.n", new { file.Id }, ct))
        {
            await Pages.MoveAsync(db, "queue", page.State, new { page.Id, page.Version }, "", ct);
            await QueuePageAsync(page, urgent, ct);
        }
    }

    public Task QueuePageAsync(Page page, bool urgent, CancellationToken ct) =>
        work.AddAsync(ReadPage.Name, $"{page.Id}:{page.Reads}", new ReadPage.Payload { PageId = page.Id }, Due(urgent), ct);

    /// <summary>The page is read once more, turned as a person says.</summary>
    public async Task AgainAsync(Page page, int? turn, bool urgent, CancellationToken ct)
    {
        await Pages.MoveAsync(
            db,
            "again",
            page.State,
            new
            {
                page.Id,
                page.Version,
                turn,
            },
            "reads = reads + 1, turn = @turn",
            ct
        );
        await QueuePageAsync(page with { Reads = page.Reads + 1 }, urgent, ct);
    }

    public Task StepAsync(Batch batch, string step, object args, string set, CancellationToken ct)
    {
        db.OnCommitted(() => changes.Say($"case:{batch.CaseId}"));
        return Batches.MoveAsync(db, step, batch.State, args, set, ct);
    }

    /// <summary>Urgent work stands before all that is not.</summary>
    private DateTimeOffset Due(bool urgent) => urgent ? clock.GetUtcNow().AddDays(-30) : clock.GetUtcNow();

    internal static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}

/// <summary>A file that is written down; nobody looked into it yet.</summary>
internal sealed record TakenFile(string Name, Blob Blob, string? UploadId = null);
