using System.Diagnostics;
using System.Globalization;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Documents;
using ZXing;
using ZXing.Common;

namespace CourtOps.ServiceOfDocuments.Post;

/// <summary>Finds the codes on a scanned page. Pure.</summary>
internal static class CodeReading
{
    /// <summary>The distinct texts of Code 128 and QR on a gray page.</summary>
    public static IReadOnlyList<string> Find(byte[] gray, int width, int height)
    {
        var reader = new MultiFormatReader
        {
            Hints = new Dictionary<DecodeHintType, object>
            {
                [DecodeHintType.POSSIBLE_FORMATS] = new List<BarcodeFormat> { BarcodeFormat.CODE_128, BarcodeFormat.QR_CODE },
                [DecodeHintType.TRY_HARDER] = true,
            },
        };
        var found = new List<string>();
        // the whole page, then its quarters: a form has one code at the top, a sheet of receipts several
        foreach (
            var (x, y, w, h) in new[]
            {
                (0, 0, width, height),
                (0, 0, width, height / 2),
                (0, height / 2, width, height - (height / 2)),
                (0, 0, width / 2, height),
                (width / 2, 0, width - (width / 2), height),
            }
        )
        {
            var part = new byte[w * h];
            for (var row = 0; row < h; row++)
                Array.Copy(gray, ((y + row) * width) + x, part, row * w, w);
            reader.reset();
            if (
                reader.decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(part, w, h, RGBLuminanceSource.BitmapFormat.Gray8))))
                    is { Text: { Length: > 0 } text }
                && !found.Contains(text)
            )
                found.Add(text);
        }
        return found;
    }

    /// <summary>A binary gray map (P5) as pdftoppm writes it.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static (byte[] Gray, int Width, int Height) Pgm(byte[] bytes)
    {
        var at = 0;
        string Word()
        {
            while (at < bytes.Length && (char.IsWhiteSpace((char)bytes[at]) || bytes[at] == '#'))
                if (bytes[at++] == '#')
                    while (at < bytes.Length && bytes[at] != '\n')
                        at++;
            var from = at;
            while (at < bytes.Length && !char.IsWhiteSpace((char)bytes[at]))
                at++;
            return System.Text.Encoding.ASCII.GetString(bytes, from, at - from);
        }
        if (
            Word() != "P5"
            || !int.TryParse(Word(), NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            || !int.TryParse(Word(), NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            || Word() != "255"
            || bytes.Length - at - 1 < (long)width * height
        )
            throw new System.FormatException("no P5 map");
        return (bytes[(at + 1)..(at + 1 + (width * height))], width, height);
    }
}

/// <summary>Takes a scan of receipts in: its codes are read by the queue, each page goes to its letter.</summary>
[Permit("service.work")]
[Audited("service.post.receipts")]
internal sealed record TakeReceipts : ICommand
{
    public required Blob Blob { get; init; }

    internal sealed class Handler(WorkQueue work, BlobStore blobs, Actor actor, AuditTrail audit) : CommandHandler<TakeReceipts>
    {
        protected override async Task RunAsync(TakeReceipts command, CancellationToken ct)
        {
            await blobs.KeepAsync(command.Blob, ct);
            if (await work.FindAsync(ReadReceipts.Name, command.Blob.Sha256, ct) is null)
                await work.AddAsync(
                    ReadReceipts.Name,
                    command.Blob.Sha256,
                    new ReadReceipts.Payload
                    {
                        Sha256 = command.Blob.Sha256,
                        By = actor.Name,
                        CourtId = actor.CourtId,
                        Courts = actor.Courts,
                    },
                    ct: ct
                );
            audit.Note("scan", 0, new { command.Blob.Sha256 });
        }
    }
}

/// <summary>Renders a scan page by page (poppler), reads the codes (ZXing), cuts the pages apart and files each with its letter's case.</summary>
internal sealed class ReadReceipts(Db db, Ids ids, BlobStore blobs, DataFolder folder, IDocuments documents, Notices notices, StepBook book, TimeProvider clock)
    : IWorkHandler
{
    public const string Name = "service.receipts";
    private const int MostPages = 200;
    private static readonly TimeSpan PerPage = TimeSpan.FromSeconds(30);

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 20;

    public TimeSpan Lease => TimeSpan.FromMinutes(30);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        if (Tools.Find("pdftoppm") is not { } render || Tools.Find("pdfseparate") is not { } cut)
            return WorkOutcome.Wait("没有读取扫描件的程序：请安装软件包 poppler-utils", TimeSpan.FromMinutes(5));
        var place = Directory.CreateDirectory(folder.Private() + "-pages").FullName;
        try
        {
            using var plain = await blobs.PlainAsync(item.Read<Payload>().Sha256, ct);
            var found = new List<Page>();
            for (var n = 1; n <= MostPages; n++)
            {
                var gray = Path.Combine(place, "page");
                await Tools.RunAsync(render, ["-r", "200", "-gray", "-f", $"{n}", "-l", $"{n}", "-singlefile", plain.Path, gray], PerPage, ct);
                if (!File.Exists(gray + ".pgm"))
                    break;
                var (bytes, width, height) = CodeReading.Pgm(await File.ReadAllBytesAsync(gray + ".pgm", ct));
                File.Delete(gray + ".pgm");
                var codes = CodeReading.Find(bytes, width, height);
                var one = Path.Combine(place, "one.pdf");
                await Tools.RunAsync(cut, ["-f", $"{n}", "-l", $"{n}", plain.Path, one], PerPage, ct);
                await using var stream = File.OpenRead(one);
                found.Add(new Page(n, codes, await blobs.WriteAsync(stream, 50 * 1024 * 1024, ct)));
            }
            return found.Count == 0 ? WorkOutcome.Failed("扫描件没有可读的页") : WorkOutcome.Done(found);
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.Result is not List<Page> pages)
            return;
        var payload = item.Read<Payload>();
        var courts = payload.Courts.Count > 0 ? payload.Courts : [payload.CourtId];
        foreach (var page in pages)
        {
            if (
                await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_receipt WHERE scan_blob = @Sha256 AND page = @N", new { payload.Sha256, page.N }, ct)
                > 0
            )
                continue;
            var letters = page.Codes.Select(Barcode.Step).OfType<long>().Distinct().ToList();
            var step =
                letters.Count == 1
                    ? await db.FirstAsync<Step>(
                        StepBook.Columns + " WHERE s.id = @id AND s.channel = 'postal' AND s.court_id IN @courts",
                        new { id = letters[0], courts },
                        ct
                    )
                    : null;
            long? document = null;
            if (step is not null)
            {
                var notice = await notices.GetAsync(step.NoticeId, ct);
                document = (
                    await documents.AddAsync(
                        new NewDocument
                        {
                            CaseId = step.CaseId,
                            Kind = "proof",
                            Title = $"邮件回执（{notice.Recipient}）",
                            Blob = page.Blob,
                            Pages = 1,
                            Source = "service",
                        },
                        ct
                    )
                ).Id;
                await book.MoveAsync(
                    step,
                    "note",
                    ct,
                    "result = @said",
                    new
                    {
                        step.Id,
                        step.Version,
                        said = "回执已扫描入卷",
                    }
                );
                await notices.NoteAsync(notice, "receipt", notices.Now(), new { documentId = document }, $"邮件回执（{notice.Recipient}）", ct);
            }
            await db.ExecuteAsync(
                "INSERT INTO service_receipt (id, scan_blob, page, step_id, document_id, state, said, by_name, at) VALUES (@id, @Sha256, @N, @step, "
                    + "@document, @state, @said, @By, @now)",
                new
                {
                    id = ids.Next(),
                    payload.Sha256,
                    page.N,
                    step = step?.Id,
                    document,
                    payload.By,
                    now = clock.GetUtcNow(),
                    state = step is not null ? "matched"
                    : letters.Count > 1 ? "several"
                    : page.Codes.Count > 0 ? "unknown"
                    : "no-code",
                    said = step is not null ? "已入卷"
                    : letters.Count > 1 ? "一页有两封邮件的条码，请分开扫描"
                    : page.Codes.Count > 0 ? Contests.Cut($"条码 {page.Codes[0]} 不是本系统的邮件", 200)
                    : "没有读出条码，请人工入卷",
                },
                ct
            );
        }
    }

    internal sealed record Page(int N, IReadOnlyList<string> Codes, Blob Blob);

    internal sealed record Payload
    {
        public string Sha256 { get; init; } = "";
        public string By { get; init; } = "";
        public long CourtId { get; init; }

        /// <summary>Courts of who scanned it: a code of another court files nothing.</summary>
        public IReadOnlyCollection<long> Courts { get; init; } = [];
    }
}

/// <summary>The last pages that were scanned here and what became of them.</summary>
[Permit("service.work")]
internal sealed record ListReceipts : IQuery<IReadOnlyList<ListReceipts.Row>>
{
    internal sealed record Row
    {
        public int Page { get; init; }
        public long? DocumentId { get; init; }
        public string State { get; init; } = "";
        public string Said { get; init; } = "";
        public string ByName { get; init; } = "";
        public DateTimeOffset At { get; init; }
        public string? Recipient { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor, CourtOps.Workzone.WorkOrders.IWorkOrders orders, Kernel.Access.AccessLog reads)
        : IQueryHandler<ListReceipts, IReadOnlyList<Row>>
    {
        public async Task<IReadOnlyList<Row>> Handle(ListReceipts request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = orders.SeenArguments;
            var rows = await db.PageAsync<Row>(
                """
                SELECT r.page, r.document_id, r.state, r.said, r.by_name, r.at, n.recipient
                FROM service_receipt r LEFT JOIN service_step s ON s.id = r.step_id LEFT JOIN service_notice n ON n.id = s.notice_id
                WHERE (r.step_id IS NULL AND r.by_name = @name) OR (r.step_id IS NOT NULL AND
                """
                    + " "
                    + orders.Seen("s.order_id")
                    + ") ORDER BY r.at DESC, r.id DESC",
                new
                {
                    name = actor.Name,
                    me,
                    courts,
                    places,
                },
                100,
                cancellationToken
            );
            reads.List("service.receipt.list", rows.Count, new { });
            return rows;
        }
    }
}

/// <summary>Programs of the system, run by the work queue alone.</summary>
internal static class Tools
{
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(f => Path.Combine(f, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Its exit code; null when it was ended because the time was up.</summary>
    public static async Task<int?> RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var a in arguments)
            start.ArgumentList.Add(a);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(limit);
        try
        {
            await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(late.Token),
                process.StandardError.ReadToEndAsync(late.Token),
                process.WaitForExitAsync(late.Token)
            );
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            return null;
        }
    }
}
