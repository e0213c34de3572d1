using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CourtOps.Law;

namespace CourtOps.TrialSupport.Checks;

/// <summary>Sums, claims and fees.</summary>
internal static partial class MoneyChecks
{
    private static readonly string[] Keys =
    [
        "利息",
        "违约金",
        "保全费",
        "律师费",
        "租金",
        "离婚",
        "抚养费",
        "抚养",
        "解除",
        "赔偿",
        "返还",
        "精神损害",
        "物业费",
        "工资",
        "货款",
        "借款",
        "工程款",
        "赡养",
        "腾退",
        "过户",
        "继续履行",
        "赔礼道歉",
        "鉴定费",
    ];

    /// <summary>Every claim is granted or rejected in the operative part (CPL 211(11): a claim left out is a ground of retrial).</summary>
    public static IEnumerable<Finding> Claims(CheckAsk ask)
    {
        if (!ask.Paper.IsJudgment || ask.Paper.Operative.Count == 0)
            yield break;
        // the claims as the judgment states them; where it states none, as they were filed
        var stated = ask.Paper.Claims;
        var items = stated is { } c ? Paper.ItemsOf(c.Text) : ask.Case?.ClaimWords ?? [];
        if (items.Count == 0)
            yield break;
        var claims = stated ?? ask.Paper.Operative[0];
        var operative = string.Concat(ask.Paper.Operative.Select(p => p.Text));
        if (operative.Contains("驳回", StringComparison.Ordinal) && operative.Contains("请求", StringComparison.Ordinal))
            yield break;
        foreach (var (claim, i) in items.Select((c, i) => (c, i)))
        {
            if (claim.Contains("诉讼费", StringComparison.Ordinal) || claim.Contains("受理费", StringComparison.Ordinal))
                continue;
            var sums = Paper.Sums(claim).Select(s => s.Yuan).ToList();
            var words = Keys.Where(k => claim.Contains(k, StringComparison.Ordinal)).ToList();
            var answered =
                words.Exists(k => operative.Contains(k, StringComparison.Ordinal))
                || (words.Count == 0 && (sums.Count == 0 || Paper.Sums(operative).Any(s => sums.Contains(s.Yuan))));
            if (!answered)
                yield return Checker.Error(
                    "claims",
                    claims,
                    claim,
                    $"第 {i + 1} 项诉讼请求主文没有回应",
                    "民诉法第二百一十一条第十一项",
                    "补一项判决，或写明“驳回其他诉讼请求”"
                );
        }
    }

    /// <summary>A judgment to pay says by when, and what delay costs (CPL 264).</summary>
    public static IEnumerable<Finding> Performance(CheckAsk ask)
    {
        if (!ask.Paper.IsJudgment || ask.Paper.Order is not { } order)
            yield break;
        var pays = ask.Paper.Operative.Where(p => Pays().IsMatch(p.Text) && Paper.Sums(p.Text).Any()).ToList();
        foreach (var p in pays.Where(p => !By().IsMatch(p.Text)))
            yield return Checker.Error("performance", p, Cut(p.Text), "给付没有写明履行期限", "法〔2016〕221号 主文", "于本判决生效之日起十日内");
        if (pays.Count > 0 && !ask.Paper.All.Any(p => p.N > order.N && p.Text.Contains("加倍支付迟延履行期间的债务利息", StringComparison.Ordinal)))
            yield return Checker.Error(
                "penalty-interest",
                pays[^1],
                "",
                "金钱判决没有告知加倍支付迟延履行期间的债务利息",
                "民诉法第二百六十四条；法〔2007〕19号",
                "如果未按本判决指定的期间履行给付金钱义务，应当依照《中华人民共和国民事诉讼法》第二百六十四条规定，加倍支付迟延履行期间的债务利息。"
            );
    }

    /// <summary>Interest granted from a base has a rate, a beginning and an end.</summary>
    public static IEnumerable<Finding> Interest(CheckAsk ask)
    {
        foreach (
            var p in ask.Paper.Operative.Where(p => p.Text.Contains("利息", StringComparison.Ordinal) && p.Text.Contains("基数", StringComparison.Ordinal))
        )
        {
            var missing = string.Join(
                '、',
                new[] { Rate().IsMatch(p.Text) ? "" : "利率", Since().IsMatch(p.Text) ? "" : "起算日", Until().IsMatch(p.Text) ? "" : "截止日" }.Where(m =>
                    m.Length > 0
                )
            );
            if (missing.Length > 0)
                yield return Checker.Error("interest", p, Cut(p.Text), $"利息缺少{missing}", "法〔2016〕221号 主文");
        }
    }

    /// <summary>"A元、B元，合计C元": C is the sum of what stands before it. Only a near miss is an error; far off, other sums were meant.</summary>
    public static IEnumerable<Finding> Arithmetic(CheckAsk ask)
    {
        foreach (var p in ask.Paper.All)
        foreach (Match total in Totals().Matches(p.Text))
        {
            var from = p.Text.LastIndexOfAny(['。', '；', ';'], total.Index) + 1;
            var parts = Paper.Sums(p.Text[from..total.Index]).Select(s => s.Yuan).ToList();
            var said = Paper.Sums(total.Value).First().Yuan;
            var suffixes = Enumerable.Range(0, Math.Max(0, parts.Count - 1)).Select(i => parts.Skip(i).Sum()).ToList();
            if (suffixes.Count == 0 || suffixes.Contains(said))
                continue;
            var near = suffixes.MinBy(s => Math.Abs(s - said));
            if (Math.Abs(near - said) > said * 0.25m)
                continue;
            yield return Checker.Error(
                "arithmetic",
                p,
                total.Value,
                $"各项相加为 {Yuan.Text(near)} 元，文中写 {Yuan.Text(said)} 元，差 {Yuan.Text(Math.Abs(near - said))} 元",
                "重新相加",
                $"{near.ToString("0.##", CultureInfo.InvariantCulture)}元"
            );
        }
    }

    public static IEnumerable<Finding> WordsAndFigures(CheckAsk ask)
    {
        foreach (var p in ask.Paper.All)
        foreach (Match m in Words().Matches(p.Text))
        {
            var words = m.Groups[1].Success ? m.Groups[1].Value : m.Groups[4].Value;
            var figures = (m.Groups[2].Success ? m.Groups[2].Value : m.Groups[3].Value).Replace(",", "", StringComparison.Ordinal);
            if (
                Numerals.ReadSum(words) is { } sum
                && decimal.TryParse(figures, NumberStyles.Number, CultureInfo.InvariantCulture, out var figure)
                && sum != figure
            )
                yield return Checker.Error("words-figures", p, m.Value, $"大写为 {Yuan.Text(sum)} 元，小写为 {Yuan.Text(figure)} 元", "大小写核对");
        }
    }

    /// <summary>The fee as it is in the record or by the schedule, who bears it, and that the shares add up (G-09).</summary>
    public static IEnumerable<Finding> Fee(CheckAsk ask)
    {
        var paper = ask.Paper;
        if (!paper.IsJudgment || paper.Order is not { } order || Paper.Bare(paper.Type.Text).StartsWith("刑事", StringComparison.Ordinal))
            yield break;
        var line = paper.All.Find(p => p.N > order.N && p.Text.Contains("案件受理费", StringComparison.Ordinal));
        if (line.Text is null)
        {
            yield return Checker.Error("fee", order, "", "没有写明案件受理费的负担", "诉讼费用交纳办法第二十九条");
            yield break;
        }
        var stop = line.Text.IndexOf('。', line.Text.IndexOf("案件受理费", StringComparison.Ordinal));
        var clause = line.Text[line.Text.IndexOf("案件受理费", StringComparison.Ordinal)..(stop < 0 ? line.Text.Length : stop)];
        var main = OtherFee().Split(clause)[0];
        var sums = Paper.Sums(main).Select(s => s.Yuan).ToList();
        if (sums.Count == 0)
            yield break;
        var due = main.Contains("减半", StringComparison.Ordinal) && sums.Count > 1 ? sums[1] : sums[0];
        if (main.Contains("减半", StringComparison.Ordinal) && sums.Count > 1 && sums[0] <= 9_000_000 && Yuan.Round(sums[0] / 2) != sums[1])
            yield return Checker.Error(
                "fee",
                line,
                main,
                $"{Yuan.Text(sums[0])} 元减半应为 {Yuan.Text(Yuan.Round(sums[0] / 2))} 元",
                "诉讼费用交纳办法第十六条",
                $"{Yuan.Round(sums[0] / 2):0.##}元"
            );
        if (Expected(ask.Case) is { } fee && !sums.Take(2).Contains(fee.Yuan))
            yield return Checker.Error(
                "fee",
                line,
                main,
                $"案件受理费应为 {Yuan.Text(fee.Yuan)} 元，文中为 {Yuan.Text(due)} 元",
                fee.Source,
                $"{fee.Yuan:0.##}元"
            );
        var shares = Shares().Matches(main).SelectMany(m => Paper.Sums(m.Value).Select(s => s.Yuan)).ToList();
        if (
            !clause.Contains("负担", StringComparison.Ordinal)
            && !clause.Contains("承担", StringComparison.Ordinal)
            && !clause.Contains('免', StringComparison.Ordinal)
        )
            yield return Checker.Error("fee", line, Cut(clause), "没有写明受理费由谁负担", "诉讼费用交纳办法第二十九条");
        else if (shares.Count > 1 && shares.Sum() != due)
            yield return Checker.Error("fee-split", line, main, $"各方负担相加为 {Yuan.Text(shares.Sum())} 元，受理费为 {Yuan.Text(due)} 元", "重新相加");
    }

    // by the record; else by the schedule where all claims of the case have their sums
    private static (decimal Yuan, string Source)? Expected(CaseFile? file)
    {
        if (file?.FeeYuan is { } known)
            return (known, "案件信息：诉讼费");
        if (file is null || file.Claims.Count == 0)
            return null;
        decimal total = 0;
        foreach (var claim in file.Claims)
        {
            if (claim.ValueKind != JsonValueKind.Object || !claim.TryGetProperty("amount", out var amount))
                return null;
            var text = amount.ValueKind == JsonValueKind.Number ? amount.GetRawText() : amount.GetString();
            if (!decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var yuan))
                return null;
            total += yuan;
        }
        var half = file.IsSmall || file.Procedure is "SIMPLE" or "MC-SUM";
        return
            CourtFee
                .Compute(
                    new FeeQuestion
                    {
                        Kind = FeeKind.Property,
                        Claim = total,
                        Half = half,
                    }
                )
                .Case
                is { } fee
            ? (fee, $"诉讼费用交纳办法第十三条：标的 {Yuan.Text(total)} 元{(half ? "，减半" : "")}")
            : null;
    }

    internal static string Cut(string text) => text.Length <= 60 ? text : text[..59] + "…";

    [GeneratedRegex("(支付|偿还|返还|给付|赔偿|归还|退还|补偿|清偿)")]
    private static partial Regex Pays();

    [GeneratedRegex(@"(日内|个月内|年内|之前|日前|前付清|前履行|立即|每月|每年|前给付|前支付|至.{0,12}止)")]
    private static partial Regex By();

    [GeneratedRegex(@"(利率|%|％|百分之|报价|月息|年息)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"(自|从).{2,24}(起|开始)")]
    private static partial Regex Since();

    [GeneratedRegex(@"(至|到).{2,24}(止|之日)|止")]
    private static partial Regex Until();

    [GeneratedRegex(@"(合计|共计|总计|两项共|本息共)(?:为|人民币)?\s*[\d,]+(?:\.\d+)?\s*万?元")]
    private static partial Regex Totals();

    [GeneratedRegex(
        @"([零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[元圆][零壹贰叁肆伍陆柒捌玖角分整正]*)\s*[（(](?:小写|人民币|[¥￥：:])*\s*([\d,]+(?:\.\d+)?)\s*元?[）)]|(?<![\d,.])([\d,]+(?:\.\d+)?)元\s*[（(](?:大写|人民币|[：:])*\s*([零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[元圆][零壹贰叁肆伍陆柒捌玖角分整正]*)[）)]"
    )]
    private static partial Regex Words();

    [GeneratedRegex("[，,；、](?=(?:财产)?保全(?:申请)?费|鉴定费|公告费|保险费)")]
    private static partial Regex OtherFee();

    [GeneratedRegex(@"(负担|承担)[\d,]+(?:\.\d+)?元")]
    private static partial Regex Shares();
}
