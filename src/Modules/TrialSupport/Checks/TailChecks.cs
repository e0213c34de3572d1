using System.Text.RegularExpressions;

namespace CourtOps.TrialSupport.Checks;

/// <summary>The end of a document: ways of appeal, date, numbers of the operative part, who signed.</summary>
internal static partial class TailChecks
{
    public static IEnumerable<Finding> Appeal(CheckAsk ask)
    {
        var paper = ask.Paper;
        if (paper.Order is not { } order || paper.Type.Text is null || !(paper.IsJudgment || paper.IsRuling))
            yield break;
        var type = Paper.Bare(paper.Type.Text);
        var tail = paper.All.Where(p => p.N > order.N).ToList();
        var line = tail.Find(p =>
            p.Text.Contains("如不服本", StringComparison.Ordinal)
            || (p.Text.Contains("上诉于", StringComparison.Ordinal) && p.Text.Contains('内', StringComparison.Ordinal))
        );
        var final = tail.Exists(p => p.Text.Contains("为终审", StringComparison.Ordinal));
        if (paper.IsAppeal || (ask.Case?.IsSmall ?? false))
        {
            var why = paper.IsAppeal ? "民诉法第一百八十二条" : "民诉法第一百六十五条";
            if (!final)
                yield return Checker.Error(
                    "appeal",
                    tail.Count > 0 ? tail[0] : order,
                    "",
                    paper.IsAppeal ? "二审没有写明终审" : "小额诉讼一审终审，没有写明“本判决为终审判决”",
                    why,
                    paper.IsJudgment ? "本判决为终审判决。" : "本裁定为终审裁定。"
                );
            if (line.Text is not null)
                yield return Checker.Error("appeal", line, MoneyChecks.Cut(line.Text), "一审终审或者二审的案件不得上诉，不应告知上诉", why);
            yield break;
        }
        if (!paper.IsFirst)
            yield break;
        if (line.Text is null)
        {
            var rulable = paper.IsJudgment || Regex.IsMatch(string.Concat(paper.Operative.Select(p => p.Text)), "不予受理|管辖权?异议|驳回.{0,20}起诉");
            if (rulable && !final)
                yield return Checker.Error(
                    "appeal",
                    tail.Count > 0 ? tail[^1] : order,
                    "",
                    "没有告知上诉权、上诉期限和上诉法院",
                    "民诉法第一百五十五条第一款第四项、第一百七十一条"
                );
            yield break;
        }
        var criminal = type.StartsWith("刑事", StringComparison.Ordinal);
        var days = criminal
            ? paper.IsJudgment
                ? "十"
                : "五"
            : paper.IsJudgment
                ? "十五"
                : "十";
        var source =
            criminal ? "刑诉法第二百三十条"
            : type.StartsWith("行政", StringComparison.Ordinal) ? "行诉法第八十五条"
            : "民诉法第一百七十一条";
        if (AppealDays().Match(line.Text) is { Success: true } m && m.Groups[1].Value is var said && said != days && said != "三十" && Arabic(said) != days)
            yield return Checker.Error("appeal", line, m.Value, $"上诉期限应为{days}日", source, $"{days}日");
        if (!Higher().IsMatch(line.Text))
            yield return Checker.Error("appeal", line, MoneyChecks.Cut(line.Text), "没有写明上诉于哪个上级法院", "民诉法第一百七十一条");
        else if (ask.Case?.Court is { Length: > 3 } court && line.Text.Contains("上诉于" + court, StringComparison.Ordinal))
            yield return Checker.Error("appeal", line, court, "上诉法院写成了本院", "民诉法第一百七十一条");
        if (!line.Text.Contains("副本", StringComparison.Ordinal))
            yield return Checker.Warning("appeal", line, MoneyChecks.Cut(line.Text), "没有告知按对方当事人人数提交副本", "民诉法第一百七十三条");
    }

    public static IEnumerable<Finding> Divorce(CheckAsk ask)
    {
        var granted = ask.Paper.IsJudgment ? ask.Paper.Operative.Find(p => Divorced().IsMatch(p.Text)) : default;
        if (granted.Text is not null && !ask.Paper.All.Any(p => p.Text.Contains("不得另行结婚", StringComparison.Ordinal)))
            yield return Checker.Error(
                "divorce",
                granted,
                granted.Text,
                "准予离婚的判决没有告知判决生效前不得另行结婚",
                "民诉法第一百五十一条第四款",
                "在本判决发生法律效力前，当事人不得另行结婚。"
            );
    }

    public static IEnumerable<Finding> Mediation(CheckAsk ask)
    {
        if (
            ask.Paper.IsMediation
            && !ask.Paper.All.Any(p => p.Text.Contains("签收", StringComparison.Ordinal) && p.Text.Contains("法律效力", StringComparison.Ordinal))
        )
            yield return Checker.Error(
                "mediation",
                ask.Paper.All[^1],
                "",
                "调解书没有写明经双方当事人签收后即具有法律效力",
                "民诉法第一百条第三款",
                "本调解书经各方当事人签收后，即具有法律效力。"
            );
    }

    public static IEnumerable<Finding> Date(CheckAsk ask)
    {
        if (ask.Paper.Date is not { } date)
            yield break;
        var text = Paper.Bare(date.Text);
        if (text.Any(char.IsAsciiDigit))
            yield return Checker.Error("date", date, text, "落款日期应用汉字", "法〔2016〕221号 落款");
        else if (text.Contains('零', StringComparison.Ordinal) || text.Contains('○', StringComparison.Ordinal))
            yield return Checker.Error("date", date, text, "年份的零应写作“〇”", "GB/T 15835", text.Replace('零', '〇').Replace('○', '〇'));
        else if (ask.Paper.Day is null)
            yield return Checker.Error("date", date, text, "没有这一天", "日历");
        if (ask.Paper.Day is { } day && day > ask.Today)
            yield return Checker.Error("date", date, text, "落款日期晚于今天", CourtOps.Kernel.Web.Times.Iso(ask.Today));
        if (ask is { Paper.Day: { } given, Case.HeldOn: { } held } && (ask.Paper.IsJudgment || ask.Paper.IsRuling) && given < held)
            yield return Checker.Error("date", date, text, "落款日期早于最后一次开庭", $"案件信息：{CourtOps.Kernel.Web.Times.Iso(held)} 开庭");
        if (ask.Paper.Day is { } signed && CourtOps.Law.CaseNumber.TryParse(ask.Paper.Number.Text, out var number) && signed.Year < number.Year)
            yield return Checker.Error("date", date, text, "落款日期早于案号的年份", number.Canonical);
    }

    /// <summary>A summons names the day of a hearing that is set.</summary>
    public static IEnumerable<Finding> Called(CheckAsk ask)
    {
        if (ask.Case?.CalledFor is not { } days || ask.Paper.All.Count == 0)
            yield break;
        if (days.Count == 0)
            yield return Checker.Error("hearing", ask.Paper.All[^1], "", "本案现在没有排定的庭审", "庭审安排");
        else if (!days.Any(d => ask.Paper.All.Exists(p => Hearings.SummonsRules.Names(p.Text, d))))
            yield return Checker.Error(
                "hearing",
                ask.Paper.All[^1],
                "",
                "没有写明排定的开庭日期",
                "庭审安排：" + string.Join('、', days.Select(CourtOps.Kernel.Web.Times.Iso)),
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{days[0].Year}年{days[0].Month}月{days[0].Day}日")
            );
    }

    public static IEnumerable<Finding> Numbering(CheckAsk ask)
    {
        var next = 1;
        foreach (var p in ask.Paper.Operative)
        {
            if (ArabicItem().IsMatch(p.Text))
            {
                yield return Checker.Error("numbering", p, MoneyChecks.Cut(p.Text), "主文序号应用汉字：一、二、三、", "法〔2016〕221号 主文");
                next++;
                continue;
            }
            if (Item().Match(p.Text) is not { Success: true } m)
                continue;
            if (Numerals.Read(m.Groups[1].Value) != next)
                yield return Checker.Error(
                    "numbering",
                    p,
                    m.Value,
                    $"主文序号应为“{Numerals.Write(next)}、”",
                    "法〔2016〕221号 主文",
                    Numerals.Write(next) + "、"
                );
            next++;
        }
    }

    public static IEnumerable<Finding> Signers(CheckAsk ask)
    {
        var paper = ask.Paper;
        if (paper.Type.Text is null || paper.Order is not { } order || ask.Case is not { } file)
            yield break;
        var place = paper.Date ?? order;
        var signed = paper.Signers;
        foreach (var judge in file.Judges.Where(j => !signed.Exists(s => s.Name == j)))
            yield return Checker.Error(
                "signers",
                place,
                string.Join('、', signed.Select(s => s.Post + s.Name)),
                $"审判组织成员{judge}没有署名",
                "案件信息：审判组织",
                judge
            );
        if (file.Judges.Count > 0 && file.PanelKnown)
            foreach (var (para, post, name) in signed.Where(s => s.Post is ("审判长" or "审判员" or "代理审判员") && !file.Judges.Contains(s.Name)))
                yield return Checker.Error("signers", para, post + name, "署名的人不在本案审判组织中", "案件信息：审判组织");
        if (file.Clerk is { Length: > 0 } clerk && signed.Find(s => s.Post == "书记员") is var found && found.Name != clerk)
            yield return Checker.Error("signers", found.Name is null ? place : found.Para, found.Name ?? "", $"书记员应为{clerk}", "案件信息：书记员", clerk);
        if (!signed.Exists(s => s.Post == "书记员") && file.Clerk is null)
            yield return Checker.Warning("signers", place, "", "没有书记员署名", "法〔2016〕221号 落款");
    }

    private static string Arabic(string said) => int.TryParse(said, out var n) ? Numerals.Write(n) : said;

    [GeneratedRegex(@"送达(?:之日|的第二日|次日)起\s*([一二三四五六七八九十\d]+)\s*日内")]
    private static partial Regex AppealDays();

    [GeneratedRegex("上诉于.{2,30}法院")]
    private static partial Regex Higher();

    [GeneratedRegex("(准予|准许).{2,40}离婚")]
    private static partial Regex Divorced();

    [GeneratedRegex(@"^\d{1,2}[.、．]")]
    private static partial Regex ArabicItem();

    [GeneratedRegex("^([一二三四五六七八九十]{1,3})、")]
    private static partial Regex Item();
}
