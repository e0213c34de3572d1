using System.Globalization;
using System.Text;
using CourtOps.ServiceOfDocuments.Addresses;

namespace CourtOps.ServiceOfDocuments.Post;

/// <param name="Number">The file's own line.</param>
internal sealed record TrackLine(int Number, string Tracking, DateTimeOffset At, string Words, string Signer);

/// <param name="Outcome">An outcome of the postal channel, "news" for what is on its way, "ask" where a person must find out who signed.</param>
internal sealed record TrackMeaning(string Outcome, string Signer = "self");

/// <summary>What the words of a carrier mean by C-05, and how its files are read. Pure.</summary>
internal static class PostRules
{
    // the first that fits; words of EMS, of the court express form and of other carriers
    private static readonly (string[] All, TrackMeaning Meaning)[] Meanings =
    [
        (["内容不符"], new("mismatch")),
        (["退回", "拒"], new("refused")),
        (["拒收"], new("refused")),
        (["拒签"], new("refused")),
        (["退回", "迁"], new("moved")),
        (["迁移"], new("moved")),
        (["搬迁"], new("moved")),
        (["原址", "不在"], new("moved")),
        (["查无此人"], new("wrong-address")),
        (["查无此单位"], new("wrong-address")),
        (["地址不详"], new("wrong-address")),
        (["地址不准确"], new("wrong-address")),
        (["地址错误"], new("wrong-address")),
        (["退回", "无人"], new("absent")),
        (["多次", "无人"], new("absent")),
        (["逾期", "退"], new("absent")),
        (["无法联系", "退"], new("absent")),
        (["退回", "电话"], new("absent")),
        (["退回"], new("ask")),
        (["投递不成功"], new("news")),
        (["未妥投"], new("news")),
        (["无人", "再投"], new("news")),
        (["本人签收"], new("delivered")),
        (["本人", "签收"], new("delivered")),
        (["家人", "签收"], new("delivered", "family")),
        (["家属", "签收"], new("delivered", "family")),
        (["收发", "签收"], new("delivered", "unit")),
        (["单位", "签收"], new("delivered", "unit")),
        (["前台", "签收"], new("delivered", "unit")),
        (["代收人", "签收"], new("delivered", "agent")),
        (["他人", "收"], new("ask")),
        (["代收"], new("ask")),
        (["快递柜"], new("ask")),
        (["驿站"], new("ask")),
        (["物业"], new("ask")),
        (["签收"], new("ask")),
        (["妥投"], new("ask")),
    ];

    /// <summary>What a line means. Who signed decides service, so "signed" alone is asked; a locker or the neighbour is not the person (专递规定 7).</summary>
    public static TrackMeaning Meaning(string words, string signer)
    {
        var text = ConfirmationRules.Fold(words);
        var found = Meanings.FirstOrDefault(m => m.All.All(w => text.Contains(w, StringComparison.Ordinal))).Meaning ?? new TrackMeaning("news");
        if (found.Outcome == "ask" && !text.Contains('退', StringComparison.Ordinal))
            return ConfirmationRules.Fold(signer) switch
            {
                "本人" => new("delivered"),
                "家属" or "同住成年家属" or "家人" => new("delivered", "family"),
                "单位" or "单位收发" or "收发室" => new("delivered", "unit"),
                "代收人" => new("delivered", "agent"),
                _ => found,
            };
        return found;
    }

    /// <summary>Reads a carrier's file: comma, tab or semicolon; columns by name in any order. Faulty lines are named and left aside.</summary>
    public static (IReadOnlyList<TrackLine> Lines, IReadOnlyList<(int Line, string Fault)> Faults) Read(string text, DateTimeOffset now)
    {
        var lines = new List<TrackLine>();
        var faults = new List<(int, string)>();
        var all = text.TrimStart('\uFEFF').Split('\n');
        var start = Array.FindIndex(all, l => l.Trim().Length > 0);
        if (start < 0)
            return ([], [(1, "文件是空的。")]);
        var separator = new[] { ',', '\t', ';' }.MaxBy(c => all[start].Count(x => x == c));
        var heads = Cells(all[start], separator).Select(h => ConfirmationRules.Fold(h).ToLowerInvariant()).ToList();
        int Column(params string[] names) => heads.FindIndex(h => names.Contains(h));
        var (tracking, at, words, signer) = (
            Column("邮件号码", "邮件号", "运单号", "单号", "tracking"),
            Column("时间", "处理时间", "time", "at"),
            Column("状态", "轨迹", "处理说明", "事件", "event", "status"),
            Column("签收人", "signer")
        );
        if (tracking < 0 || at < 0 || words < 0)
            return ([], [(start + 1, "表头须有：邮件号码、时间、状态（可有：签收人）。分隔符可以是逗号、制表符或分号。")]);
        for (var i = start + 1; i < all.Length; i++)
        {
            if (all[i].Trim().Length == 0)
                continue;
            var cells = Cells(all[i], separator);
            string At(int n) => n >= 0 && n < cells.Count ? ConfirmationRules.Fold(cells[n]) : "";
            if (At(tracking).Length is 0 or > 40)
                faults.Add((i + 1, "邮件号码为空或者超过 40 个字符。"));
            else if (!Time(At(at), out var time))
                faults.Add((i + 1, $"时间“{Cut(At(at))}”看不懂，请写成 2026-03-05 14:30。"));
            else if (time > now.AddMinutes(5))
                faults.Add((i + 1, $"时间 {At(at)} 在现在之后。"));
            else if (At(words).Length == 0)
                faults.Add((i + 1, "状态为空。"));
            else
                lines.Add(
                    new TrackLine(
                        i + 1,
                        At(tracking).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant(),
                        time,
                        At(words).Length > 200 ? At(words)[..200] : At(words),
                        At(signer)
                    )
                );
        }
        return (lines, faults);
    }

    private static readonly string[] TimeForms =
    [
        "yyyy-M-d H:m:s",
        "yyyy-M-d H:m",
        "yyyy/M/d H:m:s",
        "yyyy/M/d H:m",
        "yyyy-M-d",
        "yyyy/M/d",
        "yyyyMMddHHmmss",
        "yyyyMMdd",
        "yyyy年M月d日 H:m",
        "yyyy年M月d日",
        "yyyy-MM-ddTHH:mm:ss",
        "yyyy-MM-ddTHH:mm",
    ];

    private static bool Time(string text, out DateTimeOffset at)
    {
        at = default;
        if (DateTime.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is >= 2000 and < 2100)
        {
            at = Kernel.Web.Times.At(local);
            return true;
        }
        return false;
    }

    // quoted cells may hold the separator; a quote is doubled
    private static List<string> Cells(string line, char separator)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"')
            {
                cell.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == separator && !quoted)
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else if (c != '\r')
            {
                cell.Append(c);
            }
        }
        cells.Add(cell.ToString().Trim());
        return cells;
    }

    private static string Cut(string text) => text.Length <= 30 ? text : text[..30] + "…";
}
