namespace CourtOps.Law;

/// <summary>The fields of the procedure calculator.</summary>
internal static class ProcedureForm
{
    internal static readonly CalculatorDescription Procedure = new(
        "procedure",
        new("程序计算器", "Procedure"),
        new("根据案情选择适用的程序", "Which procedure a case goes through"),
        [
            new("kind", new("案件种类", "Kind"), ArgumentType.Choice)
            {
                Default = null,
                Choices = [C("civil", "民事", "civil"), C("criminal", "刑事", "criminal"), C("admin", "行政", "administrative")],
            },
            Civil("court", ArgumentType.Choice, "法院层级", "Court level") with
            {
                Default = "basic",
                Choices =
                [
                    C("basic", "基层人民法院", "basic"),
                    C("intermediate", "中级人民法院", "intermediate"),
                    C("high", "高级人民法院", "high"),
                    C("supreme", "最高人民法院", "supreme"),
                ],
            },
            Civil("province", ArgumentType.Choice, "省份简称", "Province sign") with
            {
                Choices = [.. CaseNumberReader.AllProvinceSigns.Select(s => C(s, s, s))],
            },
            Civil("filed", ArgumentType.Date, "立案日", "Filed on"),
            Civil("claims", ArgumentType.Claim, "诉讼请求", "Claims") with
            {
                Multiple = true,
                Help = new("种类:金额，金钱给付的种类为 money", "TYPE:AMOUNT; money for payment of money"),
            },
            Civil("rightsClear", ArgumentType.Flag, "权利义务关系明确", "Rights and duties clear"),
            Civil("disputeSmall", ArgumentType.Flag, "争议不大", "Little dispute"),
            Civil("agreeSmall", ArgumentType.Flag, "双方约定适用小额诉讼", "Both agree on small claims"),
            Civil("agreeSimple", ArgumentType.Flag, "双方约定适用简易程序", "Both agree on simple procedure"),
            Civil("specialMatter", ArgumentType.Text, "特别程序事项", "Matter of special procedure"),
            Civil("defendantMissing", ArgumentType.Flag, "起诉时被告下落不明", "Defendant missing at filing"),
            Civil("thirdPartyRevocation", ArgumentType.Flag, "第三人撤销之诉", "Third-party revocation"),
            Civil("publicInterest", ArgumentType.Flag, "涉及国家或社会公共利益", "State or public interest"),
            Civil("manyParties", ArgumentType.Flag, "一方当事人人数众多", "Many parties on one side"),
            Civil("foreign", ArgumentType.Flag, "涉外", "Foreign-related"),
            Civil("expertOpinionNeeded", ArgumentType.Flag, "需要鉴定", "Expert opinion needed"),
            Civil("counterclaim", ArgumentType.Flag, "反诉", "Counterclaim"),
            Civil("personalStatus", ArgumentType.Flag, "人身关系纠纷", "Personal status"),
            Civil("titleConfirmation", ArgumentType.Flag, "财产确权纠纷", "Confirmation of title"),
            new("factsClear", new("事实清楚", "Facts clear"), ArgumentType.Flag)
            {
                Help = new("行政案件兼指权利义务明确、争议不大", "In administrative cases it stands for all three conditions"),
            },
            For("remand", ArgumentType.Flag, "发回重审", "Remand", "civil", "admin"),
            For("retrial", ArgumentType.Flag, "再审", "Retrial", "civil", "admin"),
            For("pleads", ArgumentType.Flag, "认罪认罚", "Admits guilt and accepts punishment", "criminal"),
            For("agreesProcedure", ArgumentType.Flag, "同意适用该程序", "Agrees to the procedure", "criminal"),
            For("maxSentenceMonths", ArgumentType.Count, "可能判处刑期（月）", "Likely sentence (months)", "criminal"),
            For("minor", ArgumentType.Flag, "未成年人", "Minor", "criminal"),
            For("blindDeafMute", ArgumentType.Flag, "盲、聋、哑人", "Blind, deaf or mute", "criminal"),
            For("settledCivil", ArgumentType.Flag, "附带民事已调解或和解", "Civil claims settled", "criminal"),
            For("coAccusedObjects", ArgumentType.Flag, "共同被告人有异议", "A co-accused objects", "criminal"),
            For("summaryPenalty", ArgumentType.Flag, "行政行为当场作出", "Act made on the spot", "admin"),
            For("amount", ArgumentType.Money, "涉及金额（元）", "Amount (yuan)", "admin"),
            For("informationDisclosure", ArgumentType.Flag, "政府信息公开", "Information disclosure", "admin"),
            For("bothAgree", ArgumentType.Flag, "当事人各方同意简易程序", "All parties agree on simple procedure", "admin"),
        ],
        TakesJson: true
    );

    /// <summary>Fields of a kind of case; null when there is no such kind. Court, province and filing date are accepted everywhere.</summary>
    internal static IReadOnlyCollection<string>? Fields(string kind) =>
        kind is "civil" or "criminal" or "admin"
            ?
            [
                .. Procedure
                    .Arguments.Where(a =>
                        a.When is null || a.When.Value.Values.Contains(kind, StringComparer.Ordinal) || a.Name is "court" or "province" or "filed"
                    )
                    .Select(a => a.Name),
            ]
            : null;

    private static CalculatorArgument Civil(string name, ArgumentType type, string zh, string en) => For(name, type, zh, en, "civil");

    private static CalculatorArgument For(string name, ArgumentType type, string zh, string en, params string[] kinds) =>
        new(name, new LawText(zh, en), type) { When = ("kind", kinds) };

    private static ArgumentChoice C(string value, string zh, string en) => CalculatorForms.C(value, zh, en);
}
