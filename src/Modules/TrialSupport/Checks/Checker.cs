using CourtOps.Law;

namespace CourtOps.TrialSupport.Checks;

/// <summary>What the checks look at.</summary>
/// <param name="Today">A document dated after it is wrong.</param>
/// <param name="Laws">Null: only what is built in is known of laws.</param>
internal sealed record CheckAsk(Paper Paper, CaseFile? Case, DateOnly Today, ILawSource? Laws = null);

/// <summary>Where articles of laws are looked up.</summary>
internal interface ILawSource
{
    /// <summary>Whether the library holds any version of the law.</summary>
    bool Knows(string law);

    /// <summary>The text of an article as it was in force on the day; null where there was none.</summary>
    string? Article(string law, int article, DateOnly on);
}

/// <summary>All checks of a document (G-06): pure, deterministic, in the order of the document. No check changes anything.</summary>
internal static class Checker
{
    private static readonly Func<CheckAsk, IEnumerable<Finding>>[] Checks =
    [
        HeadChecks.Structure,
        HeadChecks.CourtName,
        HeadChecks.DocumentType,
        HeadChecks.Number,
        PartyChecks.Record,
        PartyChecks.Details,
        PartyChecks.Everywhere,
        MoneyChecks.Claims,
        MoneyChecks.Performance,
        MoneyChecks.Interest,
        MoneyChecks.Arithmetic,
        MoneyChecks.WordsAndFigures,
        MoneyChecks.Fee,
        CitationChecks.Articles,
        CitationChecks.Names,
        CitationChecks.Order,
        CitationChecks.Repealed,
        CitationChecks.ProcedureLaw,
        TailChecks.Appeal,
        TailChecks.Divorce,
        TailChecks.Mediation,
        TailChecks.Date,
        TailChecks.Numbering,
        TailChecks.Signers,
        FormChecks.Layout,
        FormChecks.Wording,
        FormChecks.Lookalikes,
        FormChecks.Changes,
        FormChecks.Blanks,
        TailChecks.Called,
    ];

    public static IReadOnlyList<Finding> Run(CheckAsk ask) =>
        [.. Checks.SelectMany(check => check(ask)).OrderBy(f => f.Paragraph).ThenBy(f => f.Check, StringComparer.Ordinal)];

    internal static Finding Error(string check, Para p, string text, string reason, string source, string fix = "") =>
        new()
        {
            Check = check,
            Severity = Finding.Error,
            Paragraph = p.N,
            Text = text,
            Reason = reason,
            Source = source,
            Fix = fix,
        };

    internal static Finding Warning(string check, Para p, string text, string reason, string source, string fix = "") =>
        Error(check, p, text, reason, source, fix) with
        {
            Severity = Finding.Warning,
        };

    /// <summary>A text without province in front, as court names are compared.</summary>
    internal static bool SameCourt(string a, string b) => a == b || a.EndsWith(b, StringComparison.Ordinal) || b.EndsWith(a, StringComparison.Ordinal);
}

/// <summary>Title, kind, number and parts of a document.</summary>
internal static class HeadChecks
{
    private static readonly string[] Provinces =
    [
        "北京市",
        "天津市",
        "上海市",
        "重庆市",
        "河北省",
        "山西省",
        "辽宁省",
        "吉林省",
        "黑龙江省",
        "江苏省",
        "浙江省",
        "安徽省",
        "福建省",
        "江西省",
        "山东省",
        "河南省",
        "湖北省",
        "湖南省",
        "广东省",
        "海南省",
        "四川省",
        "贵州省",
        "云南省",
        "陕西省",
        "甘肃省",
        "青海省",
        "内蒙古自治区",
        "广西壮族自治区",
        "西藏自治区",
        "宁夏回族自治区",
        "新疆维吾尔自治区",
    ];

    private static readonly string[] WithoutProvince = ["最高人民法院", "海事法院", "知识产权法院", "互联网法院", "金融法院", "铁路运输"];

    public static IEnumerable<Finding> Structure(CheckAsk ask)
    {
        var paper = ask.Paper;
        var last = paper.All.Count > 0 ? paper.All[^1] : default;
        if (paper.Type.Text is null)
        {
            yield return Checker.Error("structure", new Para(0, ""), "", "前几行没有文书名称（如“民事判决书”）", "法〔2016〕221号 标题");
            yield break;
        }
        if (paper.IsMediation)
            yield break;
        if (paper.Reason is null && (paper.IsJudgment || paper.IsRuling))
            yield return Checker.Error("structure", last, "", "没有以“本院认为”开头的理由部分", "民诉法第一百五十五条");
        if (paper.Order is null && (paper.IsJudgment || paper.IsRuling))
            yield return Checker.Error("structure", last, "", paper.IsJudgment ? "没有“判决如下”" : "没有“裁定如下”", "民诉法第一百五十五条");
        if (paper.Order is { } order && paper.Operative.Count == 0)
            yield return Checker.Error("structure", order, order.Text, "“如下”之后没有主文", "民诉法第一百五十五条");
        if (paper.Date is null)
            yield return Checker.Error("date", last, "", "没有落款日期，或者日期写法不能辨认", "法〔2016〕221号 落款", Numerals.Write(ask.Today));
    }

    public static IEnumerable<Finding> CourtName(CheckAsk ask)
    {
        if (ask.Paper.All.Count == 0 || ask.Paper.Type.Text is null)
            yield break;
        var title = ask.Paper.All[0];
        var name = Paper.Bare(title.Text);
        if (!name.EndsWith("法院", StringComparison.Ordinal))
            yield return Checker.Error("court-name", title, title.Text, "第一行应是法院全称", "法〔2016〕221号 标题", ask.Case?.Court ?? "");
        else if (ask.Case?.Court is { Length: > 0 } court && !name.EndsWith(court, StringComparison.Ordinal))
            yield return Checker.Error("court-name", title, name, "与案件信息的法院不一致", $"案件信息：{court}", court);
        else if (!Provinces.Any(p => name.StartsWith(p, StringComparison.Ordinal)) && !WithoutProvince.Any(w => name.Contains(w, StringComparison.Ordinal)))
            yield return Checker.Error("court-name", title, name, "法院名称前缺少省、自治区、直辖市", "法〔2016〕221号 标题");
    }

    public static IEnumerable<Finding> DocumentType(CheckAsk ask)
    {
        var p = ask.Paper;
        if (p.Type.Text is null || !CaseNumber.TryParse(ask.Case?.Number ?? p.Number.Text, out var number))
            yield break;
        var kind = number.Type[0] switch
        {
            '民' => "民事",
            '刑' => "刑事",
            '行' => "行政",
            _ => "",
        };
        var type = Paper.Bare(p.Type.Text);
        if (kind.Length > 0 && !type.StartsWith(kind, StringComparison.Ordinal))
            yield return Checker.Error(
                "document-type",
                p.Type,
                type,
                $"案号是“{number.Type}”，文书名称应以“{kind}”开头",
                "法〔2016〕221号 标题",
                kind + type[2..]
            );
    }

    public static IEnumerable<Finding> Number(CheckAsk ask)
    {
        var p = ask.Paper;
        if (p.Type.Text is null)
            yield break;
        if (p.Number.Text is null)
            yield return Checker.Error("case-number", p.Type, "", "文书名称下没有案号", "法〔2016〕221号 标题", ask.Case?.Number ?? "");
        else if (!CaseNumber.TryParse(p.Number.Text, out var number))
            yield return Checker.Error("case-number", p.Number, p.Number.Text, "案号格式不对", "法〔2015〕137号", ask.Case?.Number ?? "");
        else if (CaseNumber.TryParse(ask.Case?.Number, out var known) && (number with { Suffix = null }).Canonical != (known with { Suffix = null }).Canonical)
            yield return Checker.Error("case-number", p.Number, p.Number.Text, "案号与案件信息不一致", $"案件信息：{known.Canonical}", known.Canonical);
        else if (p.IsJudgment && number.Suffix is { Length: > 0 })
            yield return Checker.Warning("case-number", p.Number, p.Number.Text, "判决书的案号一般不加“之一”", "法〔2015〕137号");
    }
}
