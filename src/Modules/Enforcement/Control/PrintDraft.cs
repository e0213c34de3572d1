using System.Globalization;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;

namespace CourtOps.Enforcement.Control;

/// <summary>Prints the draft of the ruling and of the notice of assistance of one measure as documents of the case, once.</summary>
internal sealed class PrintDraft(Db db, IPrinter printer, BlobStore blobs, IDocuments documents, ICases cases, TimeProvider clock) : IWorkHandler
{
    public const string Name = "enforcement.draft";

    private static readonly Lazy<HtmlTemplate> Ruling = new(() => HtmlTemplate.FromResource(typeof(PrintDraft).Assembly, "Templates.control-ruling.html"));
    private static readonly Lazy<HtmlTemplate> Notice = new(() => HtmlTemplate.FromResource(typeof(PrintDraft).Assembly, "Templates.assistance-notice.html"));

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 500;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        if (await FindAsync(item.Read<Payload>().MeasureId, ct) is not { } m)
            return WorkOutcome.Done();
        var form = Form.Of(m, await cases.GetAsync(m.CaseId, ct), await cases.PartiesAsync(m.CaseId, ct));
        switch (await printer.PrintAsync([Ruling.Value.Render(form), Notice.Value.Render(form)], TimeSpan.FromSeconds(60), ct))
        {
            case Printed printed:
                using (var ruling = new MemoryStream(printed.Documents[0]))
                using (var notice = new MemoryStream(printed.Documents[1]))
                    return WorkOutcome.Done(
                        new Made(await blobs.WriteAsync(ruling, 50 * 1024 * 1024, ct), await blobs.WriteAsync(notice, 50 * 1024 * 1024, ct))
                    );
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
        if (outcome.End != WorkEnd.Done || outcome.Result is not Made made || await FindAsync(item.Read<Payload>().MeasureId, ct) is not { } m)
            return;
        var ruling = await documents.AddAsync(
            new NewDocument
            {
                CaseId = m.CaseId,
                Kind = "ruling",
                Title = Cut($"{(m.Basis == "preservation" ? "民事裁定书" : "执行裁定书")}（拟稿，{m.AssetName}）"),
                Blob = made.Ruling,
                Source = "enforcement",
            },
            ct
        );
        var notice = await documents.AddAsync(
            new NewDocument
            {
                CaseId = m.CaseId,
                Kind = "notice",
                Title = Cut($"协助执行通知书（拟稿，{m.AssetName}）"),
                Blob = made.Notice,
                Source = "enforcement",
            },
            ct
        );
        await db.ExecuteAsync(
            "UPDATE enforcement_draft SET ruling_document_id = @ruling, notice_document_id = @notice, made_at = @now WHERE measure_id = @Id",
            new
            {
                m.Id,
                ruling = ruling.Id,
                notice = notice.Id,
                now = clock.StoredNow(),
            },
            ct
        );
    }

    // null where it was made already, or the measure is no longer one that is only ruled
    private Task<MeasureRow?> FindAsync(long id, CancellationToken ct) =>
        db.FirstAsync<MeasureRow>(
            MeasureRow.Columns
                + " WHERE m.id = @id AND m.state = 'ruled' AND EXISTS (SELECT 1 FROM enforcement_draft d WHERE d.measure_id = m.id AND d.made_at IS NULL)",
            new { id },
            ct
        );

    private static string Cut(string title) => title.Length <= 120 ? title : title[..118] + "…）";

    internal sealed record Payload
    {
        public long MeasureId { get; init; }
    }

    internal sealed record Made(Blob Ruling, Blob Notice);

    /// <summary>What stands on both papers; all of it from the measure and its case.</summary>
    internal sealed record Form
    {
        public required string Court { get; init; }
        public required string CaseNumber { get; init; }
        public required string Creditors { get; init; }
        public required string Debtor { get; init; }
        public required string Act { get; init; }
        public required string Asset { get; init; }
        public string? Amount { get; init; }
        public required string Term { get; init; }
        public required string Authority { get; init; }
        public required string Date { get; init; }
        public required bool Waiting { get; init; }
        public required string Place { get; init; }

        /// <summary>The measure serves a suit, and not the enforcement of a title.</summary>
        public required bool Preservation { get; init; }
        public required string ApplicantRole { get; init; }
        public required string DebtorRole { get; init; }
        public required string Title { get; init; }

        public static Form Of(MeasureRow m, CaseCard card, IReadOnlyList<PartyContact> parties) =>
            new()
            {
                Court = card.CourtName,
                CaseNumber = card.Number,
                Creditors = string.Join('、', parties.Where(p => MeasureWork.IsCreditor(p.Role)).Select(p => p.Name)) is { Length: > 0 } names ? names : "／",
                Debtor = m.PartyName,
                Act = Property.Acts[m.Act],
                Asset = m.AssetName,
                Amount = m.Amount is { } cents ? Law.Yuan.Text(cents / 100m) + " 元" : null,
                Term = Terms.Words(m.Kind, m.Years, m.StartOn ?? m.RuledOn!.Value),
                Preservation = m.Basis == "preservation",
                ApplicantRole = m.Basis == "preservation" ? "申请人" : "申请执行人",
                DebtorRole = m.Basis == "preservation" ? "被申请人" : "被执行人",
                Title = m.Basis == "preservation" ? "民事裁定书" : "执行裁定书",
                Authority = m.Authority.Length > 0 ? m.Authority : "／",
                Date = m.RuledOn!.Value.ToString("yyyy年M月d日", CultureInfo.InvariantCulture),
                Waiting = m.Place > 1,
                Place = $"{m.Place}",
            };
    }
}
