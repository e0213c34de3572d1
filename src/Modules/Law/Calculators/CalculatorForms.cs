namespace CourtOps.Law;

/// <summary>The arguments of the calculators, for forms and usage messages.</summary>
internal static class CalculatorForms
{
    internal static readonly CalculatorDescription Period = new(
        "period",
        new("期间计算器", "Period"),
        new("按日、月、年、小时或工作日计算期间的届满日", "When a period of days, months, years, hours or working days ends"),
        [
            new("trigger", new("起算事由发生日（时）", "Day (time) of the event"), ArgumentType.Moment)
            {
                Required = true,
                Help = new("当日不计入；按小时计算须给出时刻", "Not counted itself; hours need a time of day"),
            },
            new("n", new("数量", "Number"), ArgumentType.Count) { Required = true },
            new("unit", new("单位", "Unit"), ArgumentType.Choice)
            {
                Required = true,
                Choices =
                [
                    C("hour", "小时", "hour"),
                    C("day", "日", "day"),
                    C("month", "月", "month"),
                    C("year", "年", "year"),
                    C("workday", "工作日", "working day"),
                ],
            },
            ProcedureKinds(),
            Custody(),
        ]
    );

    internal static readonly CalculatorDescription TrialLimit = new(
        "trial-limit",
        new("审限计算器", "Trial limit"),
        new("计算审限届满日、延长申请期限和预警", "End of the trial limit, deadlines for extension, warnings"),
        [
            new("procedure", new("程序", "Procedure"), ArgumentType.Choice) { Required = true, Choices = Limits },
            new("filed", new("立案日", "Filed on"), ArgumentType.Date)
            {
                Required = true,
                Help = new("自次日起算；AD-2 为收到上诉状之日", "Counted from the next day; for AD-2 the receipt of the appeal"),
            },
            new("deduct", new("扣除期间", "Deductions"), ArgumentType.Deduction)
            {
                Multiple = true,
                Choices = [.. TrialLimitTable.Deductions.Select(d => new ArgumentChoice(d.Code, d.Name))],
                Help = new("起日..止日:事由代码，止日不计", "FROM..TO:CODE, the last day is not counted"),
            },
            new("extend", new("延长", "Extensions"), ArgumentType.Extension)
            {
                Multiple = true,
                Help = new("数字加 m（月）或 d（日），可带 @申请日，按先后顺序", "Number with m or d, optionally @DATE applied, in order"),
            },
            new("convert", new("程序转换", "Conversion"), ArgumentType.Conversion) { Help = new("新程序代码@决定日", "CODE@DATE of the decision") },
            new("restart", new("重新计算日", "Restart"), ArgumentType.Date) { Help = new("审限自该日重新计算", "The limit restarts on that day") },
            Custody(),
        ]
    );

    internal static readonly CalculatorDescription Fee = new(
        "fee",
        new("诉讼费计算器", "Court fee"),
        new("计算案件受理费、申请执行费和申请保全费", "Case, enforcement and preservation fees"),
        [
            new("kind", new("案件类别", "Kind"), ArgumentType.Choice)
            {
                Required = true,
                Choices = [.. FeeKinds.Select(k => new ArgumentChoice(k.Value, FeeWords.Name(k.Kind)))],
            },
            new("claim", new("标的额（元）", "Amount claimed (yuan)"), ArgumentType.Money)
            {
                Help = new("财产案件、支付令必填", "Required for property cases and payment orders"),
            },
            new("property", new("离婚财产总额（元）", "Property in divorce (yuan)"), ArgumentType.Money) { When = ("kind", ["divorce"]) },
            new("damages", new("损害赔偿额（元）", "Damages (yuan)"), ArgumentType.Money) { When = ("kind", ["personality"]) },
            new("base", new("幅度内的基数（元）", "Base within the range (yuan)"), ArgumentType.Money)
            {
                When = ("kind", ["divorce", "personality", "ip", "admin", "jurisdiction", "other"]),
            },
            new("half", new("减半（调解、撤诉、简易程序）", "Halved (mediation, withdrawal, simple procedure)"), ArgumentType.Flag),
            new("province", new("省份简称", "Province sign"), ArgumentType.Choice) { Choices = [.. CaseNumberReader.AllProvinceSigns.Select(s => C(s, s, s))] },
        ]
    );

    internal static readonly CalculatorDescription Measure = new(
        "measure",
        new("查控期限计算器", "Term of a measure"),
        new("计算查封、扣押、冻结的届满日和续行期限", "When a seizure or freezing ends and must be renewed"),
        [
            new("kind", new("财产种类", "Kind of property"), ArgumentType.Choice)
            {
                Required = true,
                Choices = [.. Enum.GetValues<MeasureKind>().Select(k => new ArgumentChoice(LowerName(k), MeasureWords.Name(k)))],
            },
            new("start", new("起日", "Start"), ArgumentType.Date)
            {
                Required = true,
                Help = new("商标、专利为主管部门收到之日", "For trademarks and patents the office's receipt"),
            },
            new("years", new("年数", "Years"), ArgumentType.Count) { Help = new("默认并且最多为法定最长期限", "Default and at most the longest term") },
            new("basis", new("依据", "Basis"), ArgumentType.Choice)
            {
                Default = "preservation",
                Choices = [C("preservation", "保全", "preservation"), C("enforcement", "执行", "enforcement")],
            },
            new("receipt-end", new("回执载明的届满日", "End shown by the receipt"), ArgumentType.Date),
        ]
    );

    internal static readonly CalculatorDescription Auction = new(
        "auction",
        new("拍卖计算器", "Auction"),
        new("计算网络司法拍卖的起拍价、保证金和期限", "Prices, deposits and dates of an online judicial auction"),
        [
            new("kind", new("标的种类", "Kind"), ArgumentType.Choice)
            {
                Required = true,
                Choices = [C("movable", "动产", "movables"), C("immovable", "不动产", "immovables"), C("other", "其他财产权", "other property rights")],
            },
            new("valuation", new("评估价（元）", "Valuation (yuan)"), ArgumentType.Money) { Required = true },
            new("notice", new("公告日", "Notice published"), ArgumentType.Date) { Required = true },
            new("failed", new("流拍日", "Failed on"), ArgumentType.Date),
        ]
    );

    internal static readonly CalculatorDescription PenaltyInterest = new(
        "penalty-interest",
        new("迟延履行利息计算器", "Penalty interest"),
        new("计算加倍部分债务利息", "The doubled part of the interest for late performance"),
        [
            new("debt", new("债务（元，不含一般债务利息）", "Debt (yuan, without ordinary interest)"), ArgumentType.Money) { Required = true },
            new("from", new("起日", "From"), ArgumentType.Date) { Required = true },
            new("to", new("止日", "To"), ArgumentType.Date) { Required = true, Help = new("天数为止日减起日", "Days are the difference") },
        ]
    );

    internal static readonly CalculatorDescription CaseNumber = new(
        "parse-case-number",
        new("案号解析", "Case number"),
        new("拆分并规范案号", "Splits a case number and writes it in the one form"),
        [new("text", new("案号", "Case number"), ArgumentType.Text) { Required = true }]
    );

    private static IReadOnlyList<ArgumentChoice> Limits => [.. TrialLimitTable.Limits.Select(l => new ArgumentChoice(l.Code, l.Name))];

    private static IEnumerable<(string Value, FeeKind Kind)> FeeKinds =>
        Enum.GetValues<FeeKind>().Select(k => (k == FeeKind.PaymentOrder ? "payment-order" : LowerName(k), k));

    internal static ArgumentChoice C(string value, string zh, string en) => new(value, new LawText(zh, en));

    internal static CalculatorArgument Custody() =>
        new("custody", new("在押", "In custody"), ArgumentType.Flag) { Help = new("刑事案件在押的不顺延", "In criminal cases nothing rolls") };

    internal static string LowerName(Enum value) => value.ToString().ToLowerInvariant();

    private static CalculatorArgument ProcedureKinds() =>
        new("procedure", new("程序法", "Procedural law"), ArgumentType.Choice)
        {
            Default = "civil",
            Choices = [C("civil", "民事", "civil"), C("admin", "行政", "administrative"), C("criminal", "刑事", "criminal")],
        };
}
