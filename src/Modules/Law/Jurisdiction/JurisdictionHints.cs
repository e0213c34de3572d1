namespace CourtOps.Law;

/// <summary>What a filing says that bears on jurisdiction (E-06).</summary>
public sealed record JurisdictionFacts
{
    /// <summary>Amount in dispute in yuan, if any.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Province sign of the court.</summary>
    public string? Province { get; init; }

    /// <summary>Exactly one party has its domicile outside the province.</summary>
    public bool OnePartyOutsideProvince { get; init; }

    public bool ForeignRelated { get; init; }

    /// <summary>Intellectual property or maritime: own rules of level.</summary>
    public bool SpecialLevel { get; init; }

    /// <summary>Rights in immovables, land contract, house lease, construction works, policy housing.</summary>
    public bool Immovable { get; init; }

    public bool Inheritance { get; init; }

    public bool PortOperation { get; init; }

    public bool WrittenAgreement { get; init; }

    public bool ConsumerFormatClause { get; init; }

    public bool Divorce { get; init; }

    /// <summary>A spouse left the domicile more than a year ago.</summary>
    public bool SpouseLeftOverYear { get; init; }
}

/// <summary>Hints for the person who checks jurisdiction; they decide nothing.</summary>
public static class JurisdictionHints
{
    private static readonly string[] HigherForeignThreshold = ["京", "津", "沪", "苏", "浙", "闽", "鲁", "粤", "渝"];
    private static readonly LawText Exclusive = new(
        "不动产、港口作业、继承纠纷属专属管辖",
        "immovables, port operations and inheritance have exclusive jurisdiction"
    );
    private static readonly LawText ExclusiveImmovable = new(
        "按不动产纠纷由不动产所在地法院专属管辖（含土地承包、房屋租赁、建设工程、政策性房屋买卖）",
        "exclusive jurisdiction where the immovable lies (also land contract, house lease, construction works, policy housing)"
    );
    private static readonly LawText Agreement = new(
        "书面管辖协议有效，但不得违反级别管辖和专属管辖",
        "a written agreement holds, but not against level or exclusive jurisdiction"
    );
    private static readonly LawText Consumer = new("格式条款未提请消费者注意的，管辖协议无效", "a format clause not pointed out to the consumer is void");
    private static readonly LawText Divorce = new(
        "一方离开住所地超过一年的离婚案件可由原告住所地法院管辖",
        "divorce where a spouse left for over a year may be filed at the plaintiff's domicile"
    );
    private static readonly LawText General = new(
        "由被告住所地法院管辖，与经常居住地不一致的由经常居住地法院管辖",
        "the court of the defendant's domicile, or habitual residence where different"
    );
    private static readonly LawText Intermediate = new("标的额 {0} 元达到 {1} 元，由中级人民法院管辖", "{0} yuan reach {1}: the intermediate court");
    private static readonly LawText High = new("标的额 {0} 元达到 {1} 元，由高级人民法院管辖", "{0} yuan reach {1}: the high court");

    /// <summary>Lists the hints that apply, each with its source.</summary>
    /// <param name="facts">What the filing says.</param>
    /// <param name="filed">Day of filing.</param>
    /// <exception cref="LawError">Fields amount, province, filed.</exception>
    public static Explanation For(JurisdictionFacts facts, DateOnly filed)
    {
        ArgumentNullException.ThrowIfNull(facts);
        LawDates.Check("filed", filed);
        if (facts.Province is { } province)
            ProvinceFigures.CheckSign("province", province);
        var hints = new Explanation();
        if (facts.Immovable)
            hints.Add(ExclusiveImmovable, null, Art.JurisdictionImmovable, filed);
        if (facts.Inheritance || facts.PortOperation)
            hints.Add(Exclusive, null, Art.JurisdictionExclusive, filed);
        if (facts.WrittenAgreement)
            hints.Add(Agreement, null, Art.JurisdictionAgreed, filed);
        if (facts.WrittenAgreement && facts.ConsumerFormatClause)
            hints.Add(Consumer, null, Art.JurisdictionConsumer, filed);
        if (facts is { Divorce: true, SpouseLeftOverYear: true })
            hints.Add(Divorce, null, Art.JurisdictionDivorce, filed);
        if (facts.Amount is { } amount)
            Level(facts, Yuan.Check("amount", amount), filed, hints);
        if (!facts.Immovable && !facts.Inheritance && !facts.PortOperation)
            hints.Add(General, null, Art.JurisdictionGeneral, filed);
        return hints;
    }

    private static void Level(JurisdictionFacts facts, decimal amount, DateOnly filed, Explanation hints)
    {
        if (facts.SpecialLevel)
            return;
        if (!facts.ForeignRelated)
        {
            var from = facts.OnePartyOutsideProvince ? 100_000_000m : 500_000_000m;
            if (amount >= from)
                hints.Add(Intermediate, null, Art.LevelDomestic, filed, Yuan.Text(amount), Yuan.Text(from));
            return;
        }

        var foreign = HigherForeignThreshold.Contains(facts.Province, StringComparer.Ordinal) ? 40_000_000m : 20_000_000m;
        if (amount >= 5_000_000_000m)
            hints.Add(High, null, Art.LevelForeign, filed, Yuan.Text(amount), Yuan.Text(5_000_000_000m));
        else if (amount >= foreign)
            hints.Add(Intermediate, null, Art.LevelForeign, filed, Yuan.Text(amount), Yuan.Text(foreign));
    }
}
