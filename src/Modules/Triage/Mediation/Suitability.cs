namespace CourtOps.Triage.Mediation;

/// <summary>Which disputes may, must and must not be mediated (E-03). Pure.</summary>
internal static class Suitability
{
    private static readonly string[] Suited =
    [
        "婚姻",
        "离婚",
        "抚养",
        "赡养",
        "扶养",
        "继承",
        "家庭",
        "相邻",
        "宅基地",
        "劳动",
        "劳务",
        "追索劳动报酬",
        "机动车交通事故",
        "医疗",
        "物业",
        "消费",
        "产品",
        "民间借贷",
        "买卖合同",
        "房屋租赁",
        "健康权",
        "身体权",
        "合伙",
        "信用卡",
        "追偿权",
        "金融借款",
        "供用",
        "名誉权",
    ];

    // 民诉法解释 143
    private static readonly string[] Barred = ["婚姻无效", "确认婚姻", "身份关系确认", "公示催告", "支付令", "破产"];

    /// <summary>Must be mediated before judgment: divorce (民法典 1079).</summary>
    public static bool IsDuty(string cause) => Filings.Nearness.IsDivorce(cause);

    /// <summary>Special, payment-order and public-summons procedure, validity of a marriage: never (民诉法解释 143).</summary>
    public static bool IsBarred(string kind, string type, string cause) =>
        kind is not ("civil" or "admin" or "compensation" or "criminal")
        || type is "民特" or "民督" or "民催" or "民撤"
        || Barred.Any(b => cause.Contains(b, StringComparison.Ordinal));

    /// <summary>By its cause one of those that are offered mediation.</summary>
    public static bool IsSuitable(string kind, string type, string cause) =>
        kind == "civil" && type is "民初" or "" && !IsBarred(kind, type, cause) && Suited.Any(s => cause.Contains(s, StringComparison.Ordinal));
}
