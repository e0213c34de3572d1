namespace CourtOps.Law;

/// <summary>The properties of the answers with their labels.</summary>
internal static class CalculatorResults
{
    private static readonly CalculatorResult Explanation = R("explanation", "计算说明", "Explanation", ResultType.Lines);
    private static readonly CalculatorResult Provisional = R("provisional", "暂定", "Provisional", ResultType.Flag);
    private static readonly CalculatorResult Warnings = R("warnings", "预警", "Warnings", ResultType.Warnings);

    private static readonly Dictionary<string, CalculatorResult[]> ByName = new(StringComparer.Ordinal)
    {
        ["period"] =
        [
            R("firstDay", "起算日", "First day", ResultType.Date),
            R("rawLastDay", "原始届满日", "Raw last day", ResultType.Date),
            R("legalLastDay", "法定届满日", "Legal last day", ResultType.Date),
            R("rolled", "已顺延", "Rolled", ResultType.Flag),
            Provisional,
            Explanation,
        ],
        ["trial-limit"] =
        [
            R("baseEnd", "基本审限届满", "Base end", ResultType.Date),
            R("end", "审限届满（原始）", "End (raw)", ResultType.Date),
            R("legalEnd", "审限届满（顺延后）", "End (rolled)", ResultType.Date),
            R("lastDayToApply", "最迟申请延长", "Last day to apply", ResultType.Date),
            R("internalLastDayToApply", "最迟申请延长（内部）", "Last day to apply (internal)", ResultType.Date),
            R("decisionDue", "最迟决定延长", "Decision due", ResultType.Date),
            R("internalDecisionDue", "最迟决定延长（内部）", "Decision due (internal)", ResultType.Date),
            R("approver", "批准人", "Approver", ResultType.Text),
            Warnings,
            R("breaches", "不合规事项", "Breaches", ResultType.Lines),
            Provisional,
            Explanation,
        ],
        ["service"] =
        [
            R("effective", "已送达", "Served", ResultType.Flag),
            R("effectiveOn", "送达日", "Served on", ResultType.Date),
            R("rawEffectiveOn", "送达日（未顺延）", "Served on (raw)", ResultType.Date),
            R("presumed", "推定送达", "Presumed", ResultType.Flag),
            R("basis", "依据", "Basis", ResultType.Text),
            R("defenceEnds", "答辩期届满", "Time to answer ends", ResultType.Date),
            R("appealEnds", "上诉期届满", "Time to appeal ends", ResultType.Date),
            R("next", "下一步", "Next", ResultType.Text),
            Provisional,
            Explanation,
        ],
        ["fee"] =
        [
            R("case", "案件受理费（元）", "Case fee (yuan)", ResultType.Money),
            R("enforcement", "申请执行费（元）", "Enforcement fee (yuan)", ResultType.Money),
            R("preservation", "申请保全费（元）", "Preservation fee (yuan)", ResultType.Money),
            Explanation,
        ],
        ["procedure"] =
        [
            R("procedure", "适用程序", "Procedure", ResultType.Text),
            R("mandatory", "应当适用", "Mandatory", ResultType.Flag),
            R("row", "规则行", "Row of the table", ResultType.Text),
            R("why", "理由", "Reasons", ResultType.Lines),
            R("limit", "审限代码", "Code of the limit", ResultType.Text),
            Provisional,
        ],
        ["measure"] =
        [
            R("end", "届满日", "End", ResultType.Date),
            R("lastRenewal", "最迟申请续行", "Last day to renew", ResultType.Date),
            R("courtLastDay", "届满前最后工作日", "Court's last day", ResultType.Date),
            Warnings,
            R("differs", "与回执不一致", "Differs from the receipt", ResultType.Flag),
            Explanation,
        ],
        ["auction"] =
        [
            R("startPriceMin", "最低起拍价（元）", "Least starting price (yuan)", ResultType.Money),
            R("depositMin", "最低保证金（元）", "Least deposit (yuan)", ResultType.Money),
            R("depositMax", "最高保证金（元）", "Largest deposit (yuan)", ResultType.Money),
            R("earliest", "最早拍卖日", "Earliest auction", ResultType.Date),
            R("reauctionBy", "最迟再次拍卖", "Second auction by", ResultType.Date),
            R("reauctionPriceMin", "再次拍卖最低起拍价（元）", "Least starting price of the second (yuan)", ResultType.Money),
            R("reauctionNoticeDays", "再次拍卖公告天数", "Days of notice of the second", ResultType.Count),
            Explanation,
        ],
        ["penalty-interest"] =
        [
            R("days", "天数", "Days", ResultType.Count),
            R("amount", "加倍部分利息（元）", "Doubled part of the interest (yuan)", ResultType.Money),
            Explanation,
        ],
        ["parse-case-number"] =
        [
            R("year", "年份", "Year", ResultType.Count),
            R("court", "法院代字", "Court sign", ResultType.Text),
            R("special", "专门审判代字", "Special sign", ResultType.Text),
            R("type", "类型代字", "Type sign", ResultType.Text),
            R("serial", "编号", "Serial", ResultType.Count),
            R("suffix", "后缀", "Suffix", ResultType.Text),
            R("canonical", "规范写法", "Canonical form", ResultType.Text),
            R("legacy", "2016年前格式", "Form before 2016", ResultType.Flag),
        ],
    };

    internal static IReadOnlyList<CalculatorResult> Of(string name) => ByName[name];

    private static CalculatorResult R(string name, string zh, string en, ResultType type) => new(name, new LawText(zh, en), type);
}
