namespace CourtOps.TrialSupport.Checks;

/// <summary>Laws cited: existing, in force, by their full names, in order (法释〔2009〕14号).</summary>
internal static class CitationChecks
{
    private const string Rules = "法释〔2009〕14号第二条";
    private const string Procedure = "中华人民共和国民事诉讼法";

    // how many articles the texts now in force have; what is not here is looked up in a library alone
    private static readonly Dictionary<string, int> Lengths = new()
    {
        ["中华人民共和国民法典"] = 1260,
        [Procedure] = 306,
        ["中华人民共和国刑法"] = 452,
        ["中华人民共和国刑事诉讼法"] = 308,
        ["中华人民共和国行政诉讼法"] = 103,
        ["中华人民共和国劳动合同法"] = 98,
    };

    private static readonly string[] Short =
    [
        "民法典",
        "民事诉讼法",
        "刑法",
        "刑事诉讼法",
        "行政诉讼法",
        "劳动合同法",
        "劳动法",
        "公司法",
        "合同法",
        "物权法",
        "侵权责任法",
        "婚姻法",
        "继承法",
        "担保法",
        "民法总则",
        "民法通则",
        "消费者权益保护法",
        "道路交通安全法",
        "保险法",
    ];

    private static readonly string[] Gone = ["婚姻法", "继承法", "民法通则", "收养法", "担保法", "合同法", "物权法", "侵权责任法", "民法总则"];

    private static readonly DateOnly Code = new(2021, 1, 1);

    public static IEnumerable<Finding> Articles(CheckAsk ask)
    {
        foreach (var c in All(ask))
        {
            if (c.Arabic)
                yield return Checker.Error(
                    "citation-form",
                    c.Para,
                    c.Whole,
                    "条文序号应用汉字",
                    Rules,
                    c.Number is { } n and < 10_000
                        ? c.Whole.Replace(n.ToString(System.Globalization.CultureInfo.InvariantCulture), Numerals.Write(n), StringComparison.Ordinal)
                        : ""
                );
            if (c.Number is not { } article)
                continue;
            var day = ask.Paper.Day ?? ask.Today;
            var full = Full(c.Law);
            if (ask.Laws is { } laws && laws.Knows(full))
            {
                if (laws.Article(full, article, day) is null)
                    yield return Checker.Error(
                        "citation",
                        c.Para,
                        c.Whole,
                        "法律库中这一天没有这一条",
                        $"法律库：{full}，{CourtOps.Kernel.Web.Times.Iso(day)}"
                    );
            }
            else if (Lengths.TryGetValue(full, out var most) && article > most && day >= Code)
            {
                yield return Checker.Error("citation", c.Para, c.Whole, $"该法共 {most} 条，没有这一条", full);
            }
        }
    }

    /// <summary>The first time, and in the basis of the decision, a law stands with its full name.</summary>
    public static IEnumerable<Finding> Names(CheckAsk ask)
    {
        if (ask.Paper.Order is not { } order)
            yield break;
        foreach (var c in All(ask).Where(c => c.Para.N == order.N && Short.Contains(c.Law)).DistinctBy(c => c.Law))
            yield return Checker.Error(
                "citation-name",
                c.Para,
                c.Whole,
                "裁判依据应写法律全称",
                "法释〔2009〕14号第一条",
                c.Whole.Replace(c.Law, "中华人民共和国" + c.Law, StringComparison.Ordinal)
            );
    }

    /// <summary>Laws before regulations before interpretations; substance before procedure.</summary>
    public static IEnumerable<Finding> Order(CheckAsk ask)
    {
        if (ask.Paper.Order is not { } order)
            yield break;
        var cited = All(ask).Where(c => c.Para.N == order.N).DistinctBy(c => c.Law).OrderBy(c => c.At).ToList();
        for (var i = 1; i < cited.Count; i++)
        {
            var (a, b) = (cited[i - 1], cited[i]);
            if (IsProcedure(a.Law) && !IsProcedure(b.Law) && !b.Law.StartsWith("最高人民法院", StringComparison.Ordinal))
                yield return Checker.Error("citation-order", b.Para, $"《{a.Law}》…《{b.Law}》", "实体法应在程序法之前", Rules, $"《{b.Law}》…《{a.Law}》");
            else if (Rank(a.Law) > Rank(b.Law) && !IsProcedure(b.Law))
                yield return Checker.Error(
                    "citation-order",
                    b.Para,
                    $"《{a.Law}》…《{b.Law}》",
                    "法律应在行政法规、地方性法规和司法解释之前",
                    Rules,
                    $"《{b.Law}》…《{a.Law}》"
                );
        }
    }

    public static IEnumerable<Finding> Repealed(CheckAsk ask)
    {
        if ((ask.Paper.Day ?? ask.Today) < Code || ask.Paper.All.Any(p => p.Text.Contains("时间效力", StringComparison.Ordinal)))
            yield break;
        foreach (var c in All(ask).Where(c => Gone.Contains(c.Law.Replace("中华人民共和国", "", StringComparison.Ordinal))))
            yield return Checker.Warning(
                "repealed-law",
                c.Para,
                c.Whole,
                "该法 2021-01-01 起废止；适用旧法的，应引用时间效力规定并说明理由",
                "民法典第一千二百六十条"
            );
    }

    /// <summary>Numbers of the code of civil procedure that moved in 2022 and 2024, where the words tell which article is meant.</summary>
    public static IEnumerable<Finding> ProcedureLaw(CheckAsk ask)
    {
        var day = ask.Paper.Day ?? ask.Today;
        if (day < new DateOnly(2013, 1, 1))
            yield break;
        var late =
            day >= new DateOnly(2024, 1, 1) ? 264
            : day >= new DateOnly(2022, 1, 1) ? 260
            : 253;
        foreach (var c in All(ask).Where(c => Full(c.Law) == Procedure && c.Number is not null))
        {
            var expected =
                c.Para.Text.Contains("加倍支付迟延履行期间的债务利息", StringComparison.Ordinal) && c.Number is 229 or 253 or 260 or 264 ? late
                : day >= new DateOnly(2022, 1, 1)
                && c.Number == 144
                && ask.Paper.All.Any(p => p.Text.Contains("缺席", StringComparison.Ordinal) || p.Text.Contains("拒不到庭", StringComparison.Ordinal))
                    ? 147
                : day >= new DateOnly(2022, 1, 1) && c.Number == 170 && ask.Paper.IsAppeal ? 177
                : c.Number!.Value;
            if (expected != c.Number)
                yield return Checker.Error(
                    "cpl-article",
                    c.Para,
                    c.Whole,
                    $"裁判日期 {CourtOps.Kernel.Web.Times.Iso(day)} 时应为第{Numerals.Write(expected)}条",
                    "民事诉讼法历次修正",
                    $"第{Numerals.Write(expected)}条"
                );
        }
    }

    private static IEnumerable<Citation> All(CheckAsk ask) => ask.Paper.All.SelectMany(Paper.Citations);

    internal static string Full(string law) => Short.Contains(law) ? "中华人民共和国" + law : law;

    private static bool IsProcedure(string law) => Full(law) is Procedure or "中华人民共和国刑事诉讼法" or "中华人民共和国行政诉讼法";

    private static int Rank(string law) =>
        law.StartsWith("最高人民法院", StringComparison.Ordinal) || law.StartsWith("最高人民检察院", StringComparison.Ordinal) ? 5
        : law.EndsWith("自治条例", StringComparison.Ordinal) || law.EndsWith("单行条例", StringComparison.Ordinal) ? 4
        : law.EndsWith("条例", StringComparison.Ordinal)
            ? HeadOf(law) ? 3
                : 2
        : law.EndsWith("办法", StringComparison.Ordinal) && !law.StartsWith("中华人民共和国", StringComparison.Ordinal) ? 2
        : 1;

    // a province or city before the name: a local regulation
    private static bool HeadOf(string law) =>
        law.Length > 3
        && (
            law[..Math.Min(law.Length, 8)].Contains('省', StringComparison.Ordinal)
            || law[..Math.Min(law.Length, 8)].Contains('市', StringComparison.Ordinal)
            || law[..Math.Min(law.Length, 8)].Contains('州', StringComparison.Ordinal)
        );
}
