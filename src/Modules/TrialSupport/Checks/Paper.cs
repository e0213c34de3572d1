using System.Globalization;
using System.Text.RegularExpressions;
using CourtOps.Law;

namespace CourtOps.TrialSupport.Checks;

/// <summary>A line of the document that says something; its number counts all paragraphs.</summary>
internal readonly record struct Para(int N, string Text);

/// <summary>A law as it is cited.</summary>
internal sealed record Citation(Para Para, string Law, string Article, int? Number, bool Arabic, string Whole, int At);

/// <summary>A document with its parts told apart.</summary>
internal sealed partial class Paper
{
    private static readonly string[] Roles =
    [
        "原审原告",
        "原审被告",
        "原审第三人",
        "再审申请人",
        "被申请人",
        "申请执行人",
        "被执行人",
        "被上诉人",
        "上诉人",
        "申请人",
        "公诉机关",
        "自诉人",
        "被告人",
        "附带民事诉讼原告人",
        "附带民事诉讼被告人",
        "原告",
        "被告",
        "第三人",
        "起诉人",
    ];

    private const decimal MostYuan = 1_000_000_000_000_000;

    public Paper(DocxText docx)
    {
        Docx = docx;
        All = [.. docx.Paragraphs.Select((t, i) => new Para(i + 1, t.Trim())).Where(p => p.Text.Length > 0)];
        Type = All.Take(4).FirstOrDefault(p => TypeLine().IsMatch(Bare(p.Text)));
        Number = All.Take(5)
            .FirstOrDefault(p => p.Text.Contains('号', StringComparison.Ordinal) && p.Text.Length < 40 && (p.Text[0] is '（' or '(' or '〔' or '['));
        var reason = Index(p => p.Text.StartsWith("本院认为", StringComparison.Ordinal) || p.Text.StartsWith("本院经审查认为", StringComparison.Ordinal));
        var order = Index(p => OrderLine().IsMatch(p.Text));
        var date = All.FindLastIndex(p => DateLine().IsMatch(Bare(p.Text)));
        Reason = reason < 0 ? null : All[reason];
        Order = order < 0 ? null : All[order];
        var after = order < 0 ? [] : All[(order + 1)..(date > order ? date : All.Count)];
        // the operative part ends where the duties of paying fees and the way of appeal begin
        var end = after.FindIndex(p =>
            p.Text.StartsWith("如果未按", StringComparison.Ordinal)
            || p.Text.StartsWith("如未按", StringComparison.Ordinal)
            || p.Text.Contains("案件受理费", StringComparison.Ordinal)
            || p.Text.StartsWith("如不服", StringComparison.Ordinal)
            || SignLine().IsMatch(Bare(p.Text))
        );
        Operative = end < 0 ? after : after[..end];
        Tail = end < 0 ? [] : after[end..];
        Date = date < 0 ? null : All[date];
        Signers =
        [
            .. All.Skip(Math.Max(order, 0))
                .Select(p => (Para: p, Match: SignLine().Match(Bare(p.Text))))
                .Where(x => x.Match.Success)
                .Select(x => (x.Para, x.Match.Groups[1].Value, x.Match.Groups[2].Value)),
        ];
        var head = Index(p => Opening().IsMatch(p.Text));
        Head = head < 0 ? [.. All.Take(reason < 0 ? All.Count : reason)] : All[..head];
        Parties = [.. Head.Select(p => (p, PartyOf(p.Text))).Where(x => x.Item2 is not null).Select(x => (x.p, x.Item2!.Value.Role, x.Item2.Value.Name))];
        Claims = All.Find(p => p.Text.Contains("诉讼请求", StringComparison.Ordinal) && ClaimItems().Count(p.Text) > 0) is { Text: not null } c ? c : null;
        Day = Date is { } d && SignedDay(d.Text) is { } day ? day : null;
    }

    public DocxText Docx { get; }

    public List<Para> All { get; }

    /// <summary>民事判决书 and its like.</summary>
    public Para Type { get; }

    /// <summary>The line of the case number.</summary>
    public Para Number { get; }

    /// <summary>What stands before the course of the case.</summary>
    public List<Para> Head { get; }

    public List<(Para Para, string Role, string Name)> Parties { get; }

    /// <summary>The paragraph with the numbered claims.</summary>
    public Para? Claims { get; }

    public Para? Reason { get; }

    /// <summary>The line that ends with 判决如下.</summary>
    public Para? Order { get; }

    public List<Para> Operative { get; }

    public List<Para> Tail { get; }

    public Para? Date { get; }

    /// <summary>The day it is dated; null where it cannot be read.</summary>
    public DateOnly? Day { get; }

    public List<(Para Para, string Post, string Name)> Signers { get; }

    public bool IsJudgment => Bare(Type.Text ?? "").EndsWith("判决书", StringComparison.Ordinal);

    public bool IsRuling => Bare(Type.Text ?? "").EndsWith("裁定书", StringComparison.Ordinal);

    public bool IsMediation => Bare(Type.Text ?? "").EndsWith("调解书", StringComparison.Ordinal);

    /// <summary>Second instance by the number: 民终, 刑终, 行终.</summary>
    public bool IsAppeal => CaseNumber.TryParse(Number.Text, out var n) && n.Type.EndsWith('终');

    public bool IsFirst => CaseNumber.TryParse(Number.Text, out var n) && n.Type.EndsWith('初');

    public static string Bare(string text) => Blank().Replace(text, "");

    /// <summary>The laws a paragraph cites; several articles of one law are several citations.</summary>
    public static IEnumerable<Citation> Citations(Para p)
    {
        foreach (Match law in Cited().Matches(p.Text))
        foreach (Match article in Articles().Matches(law.Groups[2].Value))
        {
            var number = article.Groups[1].Value;
            var arabic = char.IsAsciiDigit(number[0]);
            yield return new Citation(
                p,
                law.Groups[1].Value,
                article.Value,
                Numerals.ReadArticle(number),
                arabic,
                $"《{law.Groups[1].Value}》{article.Value}",
                law.Index
            );
        }
    }

    /// <summary>The sums of a text in yuan, 万元 too, with their places.</summary>
    public static IEnumerable<(decimal Yuan, int At, int Length)> Sums(string text) =>
        Money()
            .Matches(text)
            .Select(m =>
                (
                    Yuan: decimal.TryParse(
                        m.Groups[1].Value.Replace(",", "", StringComparison.Ordinal).Replace("，", "", StringComparison.Ordinal),
                        NumberStyles.AllowDecimalPoint,
                        CultureInfo.InvariantCulture,
                        out var yuan
                    )
                    && yuan < MostYuan
                        ? yuan * (m.Groups[2].Success ? 10_000 : 1)
                        : -1,
                    m.Index,
                    m.Length
                )
            )
            // digits of other scripts and numbers beyond any sum are none
            .Where(s => s.Yuan >= 0);

    /// <summary>The single claims of the paragraph of claims.</summary>
    public static IReadOnlyList<string> ItemsOf(string text)
    {
        var at = text.IndexOf("诉讼请求", StringComparison.Ordinal);
        var marks = ClaimItems().Matches(text).Where(m => m.Index > at).ToList();
        return
        [
            .. marks.Select((m, i) => text[(m.Index + m.Length)..(i + 1 < marks.Count ? marks[i + 1].Index : End(text, m.Index))].Trim('；', ';', '。', ' ')),
        ];
    }

    private static int End(string text, int from) => text.IndexOf('。', from) is >= 0 and var stop ? stop : text.Length;

    private static DateOnly? SignedDay(string text) =>
        DateLine().Match(Bare(text)) is { Success: true } m ? Numerals.ReadDay(m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value) : null;

    private static (string Role, string Name)? PartyOf(string text)
    {
        var role = Roles.FirstOrDefault(r => text.StartsWith(r, StringComparison.Ordinal));
        if (role is null)
            return null;
        var rest = text[role.Length..];
        var m = PartyName().Match(rest);
        return m.Success ? (role, m.Groups[1].Value) : null;
    }

    private int Index(Predicate<Para> of) => All.FindIndex(of);

    [GeneratedRegex(@"^(民事|刑事|行政|执行|国家赔偿|行政赔偿|刑事附带民事)(判决书|裁定书|调解书|决定书|通知书)$")]
    internal static partial Regex TypeLine();

    [GeneratedRegex(@"(判决|裁定|决定|协议)如下[：:]?$")]
    private static partial Regex OrderLine();

    [GeneratedRegex(@"^([〇○零一二三四五六七八九\d]{4})年([一二三四五六七八九十\d]{1,3})月([一二三四五六七八九十\d]{1,3})日$")]
    private static partial Regex DateLine();

    [GeneratedRegex(@"^(审判长|人民陪审员|代理审判员|审判员|法官助理|书记员|执行员)(.{2,20})$")]
    private static partial Regex SignLine();

    [GeneratedRegex(@"(一案[，,。]|向本院(提出|提起)诉讼|本院.{0,40}(立案|受理))")]
    private static partial Regex Opening();

    [GeneratedRegex(@"^(?:[（(][^）)]*[）)])?[：:]?\s*([^，。,、；：:（(\s]{2,40}(?:[（(][^）)]{1,20}[）)][^，。,；：:]{0,30})?)[，。,（(]")]
    private static partial Regex PartyName();

    [GeneratedRegex(@"(?<![\d.])([1-9])[.．、](?=[^\d])")]
    private static partial Regex ClaimItems();

    [GeneratedRegex(
        @"《([^》]{2,60})》((?:[、，和及]?第[零一二三四五六七八九十百千两\d]+条(?:之[一二三四五六七八九])?(?:第[零一二三四五六七八九十\d]+款)?(?:[、]?第?[（(]?[零一二三四五六七八九十\d]+[）)]?项)*)+)"
    )]
    private static partial Regex Cited();

    [GeneratedRegex(@"第([零一二三四五六七八九十百千两]+|\d+)条(?:之[一二三四五六七八九])?(?:第[零一二三四五六七八九十\d]+款)?")]
    private static partial Regex Articles();

    [GeneratedRegex(@"(?<![\d.])(\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(万)?元")]
    private static partial Regex Money();

    [GeneratedRegex(@"[\s\u3000]+")]
    private static partial Regex Blank();
}
