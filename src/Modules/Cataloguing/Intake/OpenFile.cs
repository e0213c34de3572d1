using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Work;

namespace CourtOps.Cataloguing.Intake;

/// <summary>
/// Opens a file that came in: what it is, how many pages, each rendered to its last row. Forty pages a turn; interrupted anywhere a turn is done once more and
/// changes nothing, as pictures are kept by digest and pages are unique in their file.
/// </summary>
internal sealed class OpenFile(Db db, BatchBook book, BatchSorter sorter, BlobStore blobs, DataFolder folder, PdfInspector inspector, ReaderPool readers)
    : IWorkHandler
{
    public const string Name = "cataloguing.open";
    private const int Turn = 40;
    private const int MostPages = 3000;
    private const long MostUnpacked = 2L * 1024 * 1024 * 1024;

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 4;

    public TimeSpan Lease => TimeSpan.FromMinutes(4);

    public int AtOnce => Math.Max(1, readers.AtOnce / 2);

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        if (await FindAsync(payload.FileId, ct) is not { State: FileState.Waiting } file)
            return WorkOutcome.Done(new Opened());
        if (!readers.IsThere)
            return WorkOutcome.Wait("没有找到识别程序", TimeSpan.FromMinutes(1));
        var work = Directory.CreateDirectory(folder.File("private", "open-" + Guid.NewGuid().ToString("n"))).FullName;
        try
        {
            return WorkOutcome.Done(
                payload.From == 1 && await TwinAsync(file, ct) is { } twin ? new Opened { Problem = twin } : await OpenAsync(file, payload.From, work, ct)
            );
        }
        catch (BadPage e)
        {
            return WorkOutcome.Done(new Opened { Problem = e.Code, Detail = e.Message });
        }
        catch (ReaderLost e) when (item.Attempts >= 2)
        {
            return WorkOutcome.Done(new Opened { Problem = e.Code });
        }
        catch (ReaderLost e)
        {
            return WorkOutcome.Retry(e.Code, TimeSpan.Zero);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        if (await FindAsync(payload.FileId, ct) is not { State: FileState.Waiting } file)
            return;
        var batch = (await db.FirstAsync<Batch>(BatchBook.BatchColumns + " WHERE b.id = @BatchId", new { file.BatchId }, ct))!;
        if (outcome.End != WorkEnd.Done || outcome.Result is not Opened opened)
            await book.RefuseAsync(file, "broken", outcome.Reason ?? "", ct);
        else if (opened.Problem is { } problem)
            await book.RefuseAsync(file, problem, opened.Detail ?? "", ct);
        else if (opened.Children is { } children)
        {
            await book.UnpackAsync(file, ct);
            await book.AddFilesAsync(batch, children, file, ct);
        }
        else
        {
            await book.AddPagesAsync(file, opened.Pages, ct);
            await book.NoteFileAsync(file, opened.Kind, opened.Count, opened.WorkBlob, ct);
            file = file with { Version = file.Version + 1 };
            var next = payload.From + Turn;
            if (next <= opened.Count)
                await book.QueueFileAsync(file.Id, next, batch.Urgent, ct);
            else
                await book.AcceptAsync(file, batch.Urgent, ct);
        }
        await sorter.LookAsync(batch.Id, ct);
    }

    private Task<BatchFile?> FindAsync(long id, CancellationToken ct) => db.FirstAsync<BatchFile>(BatchBook.FileColumns + " WHERE f.id = @id", new { id }, ct);

    // the first of several that are alike is taken
    private async Task<string?> TwinAsync(BatchFile file, CancellationToken ct)
    {
        var twins = await db.QueryAsync<BatchFile>(
            BatchBook.FileColumns
                + " JOIN cataloguing_batch b ON b.id = f.batch_id WHERE f.case_id = @CaseId AND f.blob = @Blob AND f.id <> @Id AND f.state <> "
                + "'refused' AND b.state <> 'cancelled'",
            new
            {
                file.CaseId,
                file.Blob,
                file.Id,
            },
            ct
        );
        return twins.Any(t => t.BatchId == file.BatchId && t.Ordinal < file.Ordinal) ? "same-here"
            : twins.Any(t => t.BatchId < file.BatchId) ? "same-case"
            : null;
    }

    private async Task<Opened> OpenAsync(BatchFile file, int from, string work, CancellationToken ct)
    {
        if (file.Size == 0)
            throw new BadPage("empty");
        using var plain = await blobs.PlainAsync(file.WorkBlob ?? file.Blob, ct);
        var (path, kind, workBlob) = (plain.Path, file.Kind, file.WorkBlob);
        if (from == 1)
        {
            var head = new byte[1024];
            int got;
            await using (var stream = File.OpenRead(path))
                got = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
            kind = FileKinds.Of(head.AsSpan(0, got));
            var junk = head.AsSpan(0, got).IndexOf("%PDF-"u8);
            var zip = kind == "zip" ? WordFiles.KindOfZip(path) : null;
            if (zip == "zip")
                return new Opened { Children = await UnpackAsync(path, ct) };
            if (zip is not (null or "word"))
                throw new BadPage(zip);
            if (kind is "zip" or "ole")
                (path, kind) = (await ConvertAsync(path, kind == "ole", work, ct), "pdf");
            else if (kind != "pdf" && junk > 0)
                (path, kind) = (await StripAsync(path, junk, work, ct), "pdf");
            if (kind is not ("pdf" or "jpeg" or "png" or "tiff"))
                throw new BadPage("kind", kind);
            if (kind == "pdf")
                await CheckPdfAsync(path, ct);
            if (path != plain.Path)
                await using (var made = File.OpenRead(path))
                    workBlob = (await blobs.WriteAsync(made, MostUnpacked, ct)).Sha256;
        }
        var count = (
            await AskAsync(
                new Ask
                {
                    Op = "count",
                    Path = path,
                    Kind = kind,
                    Name = file.Name,
                },
                ct
            )
        ).Count;
        if (count > MostPages)
            throw new BadPage("too-many-pages", $"{count}");
        var pages = new List<Rendered>();
        for (var n = from; n < from + Turn && n <= count; n++)
        {
            var r = (
                await AskAsync(
                    new Ask
                    {
                        Op = "render",
                        Path = path,
                        Kind = kind,
                        Page = n,
                        Folder = work,
                        Name = file.Name,
                    },
                    ct
                )
            ).Rendered!;
            Blob image;
            if (r.File is null && workBlob is null)
                image = new Blob(file.Blob, file.Size);
            else
                await using (var stream = File.OpenRead(r.File ?? path))
                    image = await blobs.WriteAsync(stream, MostUnpacked, ct);
            if (r.File is not null)
                File.Delete(r.File);
            pages.Add(new Rendered(n, image, r.Kind, r.Width, r.Height, r.Dpi, r.Layer is null ? null : JsonSerializer.Serialize(r.Layer, Json.Stored)));
        }
        return new Opened
        {
            Kind = kind,
            Count = count,
            Pages = pages,
            WorkBlob = workBlob,
        };
    }

    private async Task<Answer> AskAsync(Ask ask, CancellationToken ct)
    {
        var answer = await readers.AskAsync(ask, ct);
        return answer.Problem is { } problem ? throw new BadPage(problem, answer.Detail ?? "") : answer;
    }

    private async Task CheckPdfAsync(string path, CancellationToken ct)
    {
        var facts = await inspector.InspectAsync(path, MostPages, TimeSpan.FromSeconds(60), ct);
        if (facts.Problem != PdfProblem.None)
            throw new BadPage(
                facts.Problem switch
                {
                    PdfProblem.Empty => "empty",
                    PdfProblem.NotPdf => "kind",
                    PdfProblem.Encrypted => "encrypted",
                    PdfProblem.TooManyPages => "too-many-pages",
                    PdfProblem.TimedOut => "slow",
                    PdfProblem.Xfa => "xfa",
                    PdfProblem.Launches => "launch",
                    PdfProblem.ToolMissing => "tool",
                    _ => "broken",
                },
                facts.Detail ?? ""
            );
        if (await NamesAsync(path, "/XFA", ct))
            throw new BadPage("xfa");
        if (await NamesAsync(path, "/Launch", ct))
            throw new BadPage("launch");
    }

    // a name in the open part of the file; what is in compressed object streams is seen by the renderer alone
    private static async Task<bool> NamesAsync(string path, string name, CancellationToken ct)
    {
        var wanted = Encoding.ASCII.GetBytes(name);
        var buffer = new byte[1 << 20];
        var kept = 0;
        await using var stream = File.OpenRead(path);
        for (int got; (got = await stream.ReadAsync(buffer.AsMemory(kept), ct)) > 0; )
        {
            var all = buffer.AsSpan(0, kept + got);
            for (var at = all.IndexOf(wanted); at >= 0; )
            {
                var after = at + wanted.Length < all.Length ? all[at + wanted.Length] : (byte)' ';
                if (!char.IsAsciiLetterOrDigit((char)after))
                    return true;
                var next = all[(at + 1)..].IndexOf(wanted);
                at = next < 0 ? -1 : at + 1 + next;
            }
            kept = Math.Min(wanted.Length, all.Length);
            all[^kept..].CopyTo(buffer);
        }
        return false;
    }

    private static async Task<string> StripAsync(string path, int junk, string work, CancellationToken ct)
    {
        var stripped = Path.Combine(work, "stripped.pdf");
        await using var from = File.OpenRead(path);
        from.Position = junk;
        await using var to = File.Create(stripped);
        await from.CopyToAsync(to, ct);
        return stripped;
    }

    private static async Task<string> ConvertAsync(string path, bool old, string work, CancellationToken ct)
    {
        if ((old ? WordFiles.KindOfOle(path) : "word") is not "word" and var problem)
            throw new BadPage(problem);
        return await (WordFiles.Find() ?? throw new BadPage("office")).ConvertAsync(path, old, work, ct);
    }

    private async Task<List<TakenFile>> UnpackAsync(string path, CancellationToken ct)
    {
        var into = Directory.CreateDirectory(folder.File("private", "zip-" + Guid.NewGuid().ToString("n"))).FullName;
        try
        {
            try
            {
                await using var zip = File.OpenRead(path);
                await SafeArchive.UnpackAsync(zip, into, MostUnpacked, 900, ct);
            }
            catch (RuleBroken e)
            {
                throw new BadPage(e.Code == "unsafe-path" ? "zip-unsafe" : "zip-large", e.Message);
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                throw new BadPage("broken", "zip");
            }
            var files = new List<TakenFile>();
            foreach (var file in Directory.EnumerateFiles(into, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var name = Path.GetRelativePath(into, file);
                if (Path.GetFileName(file).StartsWith('.') || name.StartsWith("__MACOSX", StringComparison.Ordinal))
                    continue;
                if (FileKinds.OfFile(file) == "zip" && WordFiles.KindOfZip(file) == "zip")
                    throw new BadPage("zip-nested", name);
                await using var stream = File.OpenRead(file);
                files.Add(new TakenFile(name, await blobs.WriteAsync(stream, MostUnpacked, ct)));
            }
            return files.Count > 0 ? files : throw new BadPage("zip-empty");
        }
        finally
        {
            Directory.Delete(into, recursive: true);
        }
    }

    internal sealed record Payload
    {
        public long FileId { get; init; }

        /// <summary>The page from which this turn goes on.</summary>
        public int From { get; init; } = 1;
    }

    internal sealed record Rendered(int N, Blob Image, string Kind, int Width, int Height, int Dpi, string? Layer);

    internal sealed record Opened
    {
        public string? Problem { get; init; }
        public string? Detail { get; init; }
        public string Kind { get; init; } = "";
        public int Count { get; init; }
        public IReadOnlyList<Rendered> Pages { get; init; } = [];
        public string? WorkBlob { get; init; }

        /// <summary>What was in an archive.</summary>
        public IReadOnlyList<TakenFile>? Children { get; init; }
    }
}
