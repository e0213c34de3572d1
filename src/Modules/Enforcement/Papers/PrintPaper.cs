using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;

namespace CourtOps.Enforcement.Papers;

/// <summary>Prints a drafted paper as a document of its case, once.</summary>
internal sealed class PrintPaper(Db db, IPrinter printer, BlobStore blobs, IDocuments documents, ICases cases, TimeProvider clock) : IWorkHandler
{
    public const string Name = "enforcement.paper";

    private static readonly Lazy<HtmlTemplate> Template = new(() => HtmlTemplate.FromResource(typeof(PrintPaper).Assembly, "Templates.enforcement-paper.html"));

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 500;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        if (await FindAsync(item.Read<Payload>().PaperId, ct) is not { } p)
            return WorkOutcome.Done();
        var card = await cases.GetAsync(p.CaseId, ct);
        switch (await printer.PrintAsync([Template.Value.Render(Form.Of(p, card))], TimeSpan.FromSeconds(60), ct))
        {
            case Printed printed:
                using (var stream = new MemoryStream(printed.Documents[0]))
                    return WorkOutcome.Done(new Made(await blobs.WriteAsync(stream, 50 * 1024 * 1024, ct)));
            case PrinterMissing missing:
                return WorkOutcome.Wait($"没有打印程序：请安装软件包 {missing.Package}", TimeSpan.FromMinutes(1));
            case PrintTimedOut late:
                return WorkOutcome.Retry($"打印超过 {late.Limit.TotalSeconds} 秒，已中止");
            case PrintFailed failed:
                return WorkOutcome.Retry($"打印没有成功：{failed.Reason}");
            default:
                return WorkOutcome.Retry("打印没有成功");
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var work = item.Read<Payload>();
        if (outcome.End != WorkEnd.Done || outcome.Result is not Made made || await FindAsync(work.PaperId, ct) is not { } p)
            return;
        var document = await documents.AddAsync(
            new NewDocument
            {
                CaseId = p.CaseId,
                Kind = work.Kind,
                Title = Cut(p.Addressee.Length > 0 ? $"{p.Title}（拟稿，{p.Addressee}）" : $"{p.Title}（拟稿）"),
                Blob = made.Blob,
                Source = "enforcement",
            },
            ct
        );
        await db.ExecuteAsync(
            "UPDATE enforcement_paper SET document_id = @document, made_at = @now WHERE id = @Id",
            new
            {
                p.Id,
                document = document.Id,
                now = clock.StoredNow(),
            },
            ct
        );
    }

    private Task<PaperRow?> FindAsync(long id, CancellationToken ct) =>
        db.FirstAsync<PaperRow>($"SELECT {PaperRow.Columns} FROM enforcement_paper p WHERE p.id = @id AND p.made_at IS NULL", new { id }, ct);

    private static string Cut(string title) => title.Length <= 120 ? title : title[..118] + "…）";

    internal sealed record Payload
    {
        public long PaperId { get; init; }

        /// <summary>Kind of the document.</summary>
        public string Kind { get; init; } = "";
    }

    internal sealed record Made(Blob Blob);

    internal sealed record Form
    {
        public required string Court { get; init; }
        public required string CaseNumber { get; init; }
        public required string Title { get; init; }
        public string? To { get; init; }
        public required IReadOnlyList<Line> Paragraphs { get; init; }
        public required string Signer { get; init; }
        public required string Date { get; init; }

        internal sealed record Line(string Text);

        public static Form Of(PaperRow p, CaseCard card) =>
            new()
            {
                Court = card.CourtName,
                CaseNumber = card.Number,
                Title = p.Title,
                To = p.Addressee.Length > 0 ? p.Addressee : null,
                Paragraphs = [.. JsonSerializer.Deserialize<List<string>>(p.Paragraphs, Json.Stored)!.Select(t => new Line(t))],
                Signer = p.Signer,
                Date = p.DatedOn.ToString("yyyy年M月d日", CultureInfo.InvariantCulture),
            };
    }
}
