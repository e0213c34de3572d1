using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Documents;

namespace CourtOps.TrialSupport.Meetings;

/// <summary>Prints the minutes of a meeting and files them in the secondary volume, once.</summary>
internal sealed class MakeMinutes(Db db, MeetingBook book, IPrinter printer, BlobStore blobs, IDocuments documents) : IWorkHandler
{
    public const string Name = "trial.minutes";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 200;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var m = await book.GetAsync(item.Read<Payload>().MeetingId, null, ct);
        if (m.State != "held" || m.MinutesId is not null)
            return WorkOutcome.Done();
        switch (await printer.PrintAsync([Html(m, await book.MembersAsync(m.Id, ct), await book.PapersAsync(m.Id, ct))], TimeSpan.FromSeconds(60), ct))
        {
            case Printed printed:
                using (var stream = new MemoryStream(printed.Documents[0]))
                    return WorkOutcome.Done(new Made(await blobs.WriteAsync(stream, 50 << 20, ct)));
            case PrinterMissing missing:
                return WorkOutcome.Wait($"没有打印程序：请安装软件包 {missing.Package}", TimeSpan.FromMinutes(1));
            case PrintTimedOut late:
                return WorkOutcome.Retry($"打印超过 {late.Limit.TotalSeconds} 秒，已中止");
            case PrintFailed failed:
                return WorkOutcome.Retry($"打印没有成功：{failed.Reason}");
            default:
                return WorkOutcome.Retry("打印没有结果");
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.End != WorkEnd.Done || outcome.Result is not Made made)
            return;
        var m = await book.GetAsync(item.Read<Payload>().MeetingId, null, ct);
        if (m.MinutesId is not null)
            return;
        var document = await documents.AddAsync(
            new NewDocument
            {
                CaseId = m.CaseId,
                Kind = "other",
                Title = $"{MeetingRow.Kinds[m.Kind]}笔录（{Times.Iso(m.HeldOn)}）",
                Blob = made.Blob,
                Volume = "secondary",
                Source = "trial",
            },
            ct
        );
        await MeetingRow.Table.MoveAsync(
            db,
            "paper",
            m.State,
            new
            {
                m.Id,
                m.Version,
                document = document.Id,
            },
            "minutes_id = @document",
            ct
        );
    }

    internal static string Html(MeetingRow m, IReadOnlyList<MemberRow> members, IReadOnlyList<MeetingPaper> papers)
    {
        var text = new StringBuilder(
            "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><style>@page{size:A4;margin:30mm 26mm}body{font:14pt/26pt \"FangSong\","
                + "\"Noto Serif CJK SC\",serif}h1{text-align:center;font-size:22pt;font-weight:normal}p{margin:0}</style><title>"
        );
        text.Append(Encoder.Encode(m.CaseNumber)).Append("</title></head><body><h1>").Append(Encoder.Encode(MeetingRow.Kinds[m.Kind])).Append("笔录</h1>");
        void Line(string label, string words) =>
            text.Append("<p>").Append(label).Append('：').Append(Encoder.Encode(words).Replace("\n", "<br>", StringComparison.Ordinal)).Append("</p>");
        Line("案号", m.CaseNumber);
        Line("日期", Times.Iso(m.HeldOn));
        Line("地点", m.Place);
        Line("召集人", m.CalledName);
        Line("参加人", string.Join('、', members.Select(x => x.Name)));
        Line("评议的问题", m.Agenda);
        var items = PaperRules.Items(m.Agenda);
        foreach (var of in papers.GroupBy(p => p.Item).OrderBy(g => g.Key))
            Line(items.Count < 2 ? "评议的材料" : $"第 {of.Key} 个问题的材料", PaperRules.Listed(of));
        if (m.SearchReport is { } report)
            Line("类案检索报告", report);
        foreach (var x in members)
            Line($"{Encoder.Encode(x.Name)}（{MeetingRow.Votes[x.Vote!]}）", x.Opinion ?? "");
        Line("结论", m.Conclusion ?? "");
        text.Append("<p>（本笔录入副卷，不对外提供。少数意见如实记载。）</p></body></html>");
        return text.ToString();
    }

    internal sealed record Made(Blob Blob);

    internal sealed record Payload
    {
        public long MeetingId { get; init; }
    }
}
