using System.Globalization;
using System.Text.Json;
using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;

namespace CourtOps.Cataloguing.Intake;

/// <summary>Reads a page in a reading process. A page that ends or hangs the process twice goes to a person; the rest goes on.</summary>
internal sealed class ReadPage(Db db, BatchBook book, BatchSorter sorter, BlobStore blobs, DataFolder folder, ReaderPool readers, ICases cases) : IWorkHandler
{
    public const string Name = "cataloguing.read";
    private const long MostView = 200L * 1024 * 1024;

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 5;

    public TimeSpan Lease => TimeSpan.FromMinutes(3);

    public int AtOnce => readers.AtOnce;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var page = await book.PageAsync(item.Read<Payload>().PageId, ct);
        if (page.State != PageState.Waiting)
            return WorkOutcome.Done(new Done(null, null, null, null));
        if (!readers.IsThere)
            return WorkOutcome.Wait("没有找到识别程序", TimeSpan.FromMinutes(1));
        var work = Directory.CreateDirectory(folder.File("private", "read-" + Guid.NewGuid().ToString("n"))).FullName;
        try
        {
            using var plain = await blobs.PlainAsync(page.Image, ct);
            var layer = page.Layer is null ? null : JsonSerializer.Deserialize<List<ReadLine>>(page.Layer, Json.Stored);
            var answer = await readers.AskAsync(
                new Ask
                {
                    Op = "read",
                    Path = plain.Path,
                    Turn = page.Turn,
                    Layer = layer,
                    Folder = work,
                    Name = page.Id.ToString(CultureInfo.InvariantCulture),
                },
                ct
            );
            if (answer.Read is not { } read)
                return WorkOutcome.Done(new Done(null, null, null, answer.Problem ?? "page"));
            return WorkOutcome.Done(
                new Done(read, await KeepAsync(read.View!, ct), await KeepAsync(read.Thumb!, ct), read.Engine == "none" ? "no-engine" : null)
            );
        }
        catch (ReaderLost e) when (item.Attempts >= 2)
        {
            return WorkOutcome.Done(new Done(null, null, null, e.Code));
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
        var page = await book.PageAsync(item.Read<Payload>().PageId, ct);
        if (page.State != PageState.Waiting)
            return;
        var done = outcome.Result as Done;
        foreach (var blob in new[] { done?.View, done?.Thumb }.OfType<Blob>())
            await blobs.KeepAsync(blob, ct);
        if (done?.Read is { } r && done.Problem is null)
        {
            var card = await cases.GetAsync(page.CaseId, ct);
            var hash = r.Hash.ToString("x16", CultureInfo.InvariantCulture);
            var flags = string.Join(' ', r.Flags.Concat(await AmongAsync(page, r, card, ct)).Distinct());
            await BatchBook.Pages.MoveAsync(
                db,
                "read",
                page.State,
                new
                {
                    page.Id,
                    page.Version,
                    view = done.View!.Sha256,
                    thumb = done.Thumb!.Sha256,
                    r.Width,
                    r.Height,
                    r.Dpi,
                    r.Orientation,
                    skew = (int)Math.Round(r.Skew * 100),
                    flags = BatchBook.Cut(flags, 200),
                    r.Text,
                    lines = JsonSerializer.Serialize(r.Lines, Json.Stored),
                    r.Language,
                    r.Engine,
                    confidence = (int)Math.Round(r.Confidence * 1000),
                    hash,
                    cpu = (int)(r.CpuSeconds * 1000),
                    wall = (int)(r.WallSeconds * 1000),
                    r.Red,
                    now = sorter.Now(),
                },
                "view_blob = @view, thumb_blob = @thumb, width = @Width, height = @Height, dpi = @Dpi, orientation = @Orientation, skew = @skew, "
                    + "flags = @flags, page_text = @Text, text_lines = @lines, language = @Language, engine = @Engine, "
                    + "confidence = @confidence, hash = @hash, cpu_ms = @cpu, wall_ms = @wall, read_at = @now, red = @Red, problem = NULL",
                ct
            );
        }
        else
        {
            // a picture that could be shown is shown; the words are a person's
            await BatchBook.Pages.MoveAsync(
                db,
                "give",
                page.State,
                new
                {
                    page.Id,
                    page.Version,
                    problem = done?.Problem ?? "page",
                    view = done?.View?.Sha256,
                    thumb = done?.Thumb?.Sha256,
                    now = sorter.Now(),
                },
                "problem = @problem, view_blob = @view, thumb_blob = @thumb, read_at = @now",
                ct
            );
        }
        await sorter.LookAsync(page.BatchId, ct);
    }

    // what a page shows only among the others
    private async Task<List<string>> AmongAsync(Page page, PageResult r, CaseCard card, CancellationToken ct)
    {
        var flags = new List<string>();
        if (r.Flags.Contains(PageQuality.Blank))
            return flags;
        var others = await db.QueryAsync<Page>(
            BatchBook.PageColumns + " WHERE p.batch_id = @BatchId AND p.id <> @Id AND p.removed = 0 AND p.ordinal < @Ordinal",
            new
            {
                page.BatchId,
                page.Id,
                page.Ordinal,
            },
            ct
        );
        if (others.Any(o => o.Image == page.Image))
            flags.Add(PageQuality.Duplicate);
        else if (
            others.Any(o => o.Hash.Length == 16 && PageQuality.Distance(ulong.Parse(o.Hash, NumberStyles.HexNumber, CultureInfo.InvariantCulture), r.Hash) <= 1)
        )
            flags.Add(PageQuality.Similar);
        if (Sorter.ForeignNumbers(Sorter.Head(r.Text), card.Number).Count > 0)
            flags.Add(PageQuality.ForeignNumber);
        return flags;
    }

    private async Task<Blob> KeepAsync(string path, CancellationToken ct)
    {
        await using var stream = File.OpenRead(path);
        return await blobs.WriteAsync(stream, MostView, ct);
    }

    internal sealed record Payload
    {
        public long PageId { get; init; }
    }

    /// <param name="Problem">crashed, hung, memory, page or no-engine.</param>
    internal sealed record Done(PageResult? Read, Blob? View, Blob? Thumb, string? Problem);
}
