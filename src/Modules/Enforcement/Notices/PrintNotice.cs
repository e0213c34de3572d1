using System.Globalization;
using CourtOps.Contracts;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;

namespace CourtOps.Enforcement.Notices;

/// <summary>Prints the written notice of the term (保全规定 18) as a document of the case, once for each term, and the reminder before its end (D-03), and asks for
/// their service on the applicants.</summary>
internal sealed class PrintNotice(Db db, IPrinter printer, BlobStore blobs, IDocuments documents, ICases cases, Outbox outbox, TimeProvider clock)
    : IWorkHandler
{
    public const string Name = "enforcement.notice";

    private static readonly Lazy<HtmlTemplate> Template = new(() => HtmlTemplate.FromResource(typeof(PrintNotice).Assembly, "Templates.measure-notice.html"));

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 500;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var work = item.Read<Payload>();
        if (await FindAsync(work, ct) is not { } m)
            return WorkOutcome.Done();
        var card = await cases.GetAsync(m.CaseId, ct);
        switch (await printer.PrintAsync([Form.Of(m, card, work.Tier).ToHtml()], TimeSpan.FromSeconds(60), ct))
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
        if (outcome.End != WorkEnd.Done || outcome.Result is not Made made || await FindAsync(work, ct) is not { } m)
            return;
        var document = await documents.AddAsync(
            new NewDocument
            {
                CaseId = m.CaseId,
                Kind = "notice",
                Title = work.Tier is null ? $"查控期限告知书（{m.AssetName}）" : $"查控期限届满提示书（{m.AssetName}）",
                Blob = made.Blob,
                Source = "enforcement",
            },
            ct
        );
        await db.ExecuteAsync(
            work.Tier is null
                ? "UPDATE enforcement_measure SET notice_document_id = @document WHERE id = @Id"
                : "UPDATE enforcement_reminder SET document_id = @document, made_on = @today WHERE measure_id = @Id AND round = @Round AND tier = @Tier",
            new
            {
                m.Id,
                work.Round,
                work.Tier,
                document = document.Id,
                today = Times.Day(clock.GetUtcNow()),
            },
            ct
        );
        var applicants = (await cases.PartiesAsync(m.CaseId, ct)).Where(p => MeasureWork.IsCreditor(p.Role)).Select(p => p.Id).ToList();
        if (applicants.Count > 0)
            await outbox.AddAsync(
                Catalogue.CaseKey(m.CaseId),
                new ServiceRequested
                {
                    RequestId = string.Create(CultureInfo.InvariantCulture, $"enforcement:{m.Id}:{m.Round}{(work.Tier is null ? "" : ":" + work.Tier)}"),
                    CaseId = m.CaseId,
                    DocumentIds = [document.Id],
                    PartyIds = applicants,
                    AskedBy = m.CreatedBy,
                    Note = work.Tier is null ? "查控期限告知" : "查控期限届满提示",
                },
                ct
            );
    }

    // null where the term it was to tell of is not the present one any more
    private async Task<MeasureRow?> FindAsync(Payload work, CancellationToken ct) =>
        await db.FirstAsync<MeasureRow>(
            MeasureRow.Columns + " WHERE m.id = @MeasureId AND m.round = @Round AND m.state = 'active'",
            new { work.MeasureId, work.Round },
            ct
        );

    internal sealed record Made(Blob Blob);

    internal sealed record Payload
    {
        public long MeasureId { get; init; }
        public int Round { get; init; }

        /// <summary>The tier on which the reminder is due; null: the notice of the term.</summary>
        public string? Tier { get; init; }
    }

    /// <summary>What stands on the notice; all of it from the measure.</summary>
    internal sealed record Form
    {
        public required string Court { get; init; }
        public required string CaseNumber { get; init; }
        public required string Debtor { get; init; }
        public required string Asset { get; init; }
        public required string Act { get; init; }
        public string? Amount { get; init; }
        public required string Authority { get; init; }
        public required string Start { get; init; }
        public required string End { get; init; }
        public required string LastDay { get; init; }
        public required bool Preservation { get; init; }

        /// <summary>It is the reminder before the end.</summary>
        public bool Reminder { get; init; }

        /// <param name="tier">Of a reminder; null for the notice of the term.</param>
        public static Form Of(MeasureRow m, CaseCard card, string? tier) =>
            new()
            {
                Court = card.CourtName,
                CaseNumber = card.Number,
                Debtor = m.PartyName,
                Asset = m.AssetName,
                Act = Property.Acts[m.Act],
                Amount = m.Amount is { } cents ? Law.Yuan.Text(cents / 100m) + " 元" : null,
                Authority = m.Authority.Length > 0 ? m.Authority : "／",
                Start = Date(m.StartOn!.Value),
                End = Date(m.EndOn!.Value),
                LastDay = Date(m.LastRenewal!.Value),
                Preservation = m.Basis == "preservation",
                Reminder = tier is not null,
            };

        public string ToHtml() => Template.Value.Render(this);

        private static string Date(DateOnly day) => day.ToString("yyyy年M月d日", CultureInfo.InvariantCulture);
    }
}
