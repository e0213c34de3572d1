namespace CourtOps.Law;

/// <summary>Names of the kinds of fee.</summary>
internal static class FeeWords
{
    internal static LawText Name(FeeKind kind) =>
        kind switch
        {
            FeeKind.Property => new("财产案件", "property"),
            FeeKind.Divorce => new("离婚", "divorce"),
            FeeKind.Personality => new("人格权", "personality rights"),
            FeeKind.Ip => new("知识产权", "intellectual property"),
            FeeKind.Labour => new("劳动争议", "labour"),
            FeeKind.Admin => new("行政", "administrative"),
            FeeKind.Jurisdiction => new("管辖异议不成立", "failed objection to jurisdiction"),
            FeeKind.PaymentOrder => new("支付令", "payment order"),
            FeeKind.Summons => new("公示催告", "public summons"),
            FeeKind.Arbitration => new("撤销仲裁裁决", "setting aside an award"),
            _ => new("其他非财产案件", "other non-property"),
        };
}
