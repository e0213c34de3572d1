using CourtOps.Law;

namespace CourtOps.Triage.Filings;

/// <summary>One claim as typed. Amount in yuan.</summary>
internal sealed record ClaimIn
{
    /// <summary>money, act, confirm, change or other.</summary>
    public string? Type { get; init; }
    public decimal? Amount { get; init; }

    /// <summary>The amount in words, to be held against the figures.</summary>
    public string? AmountWords { get; init; }
    public string? Words { get; init; }
}

/// <summary>What of a filing decides procedure, fee and weight; kept with it.</summary>
internal sealed record FilingFacts
{
    public IReadOnlyList<string> Ticks { get; init; } = [];

    /// <summary>Likely sentence in months; criminal only.</summary>
    public int? MaxSentenceMonths { get; init; }

    /// <summary>Last day of custody of an accused.</summary>
    public DateOnly? CustodyUntil { get; init; }

    public bool Has(string tick) => Ticks.Contains(tick);
}

/// <summary>The procedure that Law proposes, with its reasons.</summary>
internal sealed record Proposed(string Code, string Rule, bool Mandatory, bool Provisional, IReadOnlyList<ExplanationLine> Why);

/// <summary>Asks Law with what the counter knows. Pure.</summary>
internal static class Proposal
{
    /// <summary>The claims that say something; money where no kind is named.</summary>
    public static List<ClaimIn> Kept(IReadOnlyList<ClaimIn> claims) =>
        [
            .. claims
                .Where(c => c.Amount is not null || !string.IsNullOrWhiteSpace(c.Words) || !string.IsNullOrEmpty(c.Type))
                .Select(c =>
                    c with
                    {
                        Type = string.IsNullOrEmpty(c.Type)
                            ? c.Amount is null
                                ? "other"
                                : "money"
                            : c.Type,
                    }
                ),
        ];

    public static Proposed Of(string kind, string type, string level, string? province, DateOnly filed, IReadOnlyList<ClaimIn> claims, FilingFacts facts)
    {
        if (CaseKinds.ProcedureOf(type) is { } fixedCode)
            return new Proposed(fixedCode, "type:" + type, true, false, []);
        var choice = kind switch
        {
            "criminal" => CriminalProcedure.Choose(
                new CriminalProcedureFacts
                {
                    Pleads = facts.Has("pleads"),
                    AgreesProcedure = facts.Has("agreesProcedure"),
                    FactsClear = facts.Has("factsClear"),
                    MaxSentenceMonths = facts.MaxSentenceMonths,
                    Minor = facts.Has("minor"),
                    BlindDeafMute = facts.Has("blindDeafMute"),
                    SettledCivil = facts.Has("settledCivil"),
                    CoAccusedObjects = facts.Has("coAccusedObjects"),
                }
            ),
            "admin" => AdminProcedure.Choose(
                new AdminProcedureFacts
                {
                    FactsClear = facts.Has("factsClear"),
                    SummaryPenalty = facts.Has("summaryPenalty"),
                    Amount = claims.Count > 0 && claims.All(c => c.Amount is not null) ? claims.Sum(c => c.Amount) : null,
                    InformationDisclosure = facts.Has("disclosure"),
                    BothAgree = facts.Has("bothAgree"),
                    Remand = facts.Has("remand"),
                    Retrial = facts.Has("retrial"),
                }
            ),
            _ => CivilProcedure.Choose(
                new CivilProcedureFacts
                {
                    Court = level,
                    Province = province,
                    Filed = filed,
                    Claims = [.. claims.Select(c => new ProcedureClaim(c.Type ?? "other", c.Amount))],
                    FactsClear = facts.Has("factsClear"),
                    RightsClear = facts.Has("rightsClear"),
                    DisputeSmall = facts.Has("disputeSmall"),
                    AgreeSmall = facts.Has("agreeSmall"),
                    AgreeSimple = facts.Has("agreeSimple"),
                    SpecialMatter = facts.Has("specialMatter") ? "特别程序" : null,
                    DefendantMissing = facts.Has("defendantMissing"),
                    Remand = facts.Has("remand"),
                    Retrial = facts.Has("retrial"),
                    PublicInterest = facts.Has("publicInterest"),
                    ManyParties = facts.Has("manyParties"),
                    Foreign = facts.Has("foreign"),
                    ExpertOpinionNeeded = facts.Has("expert"),
                    Counterclaim = facts.Has("counterclaim"),
                    PersonalStatus = facts.Has("personalStatus"),
                    TitleConfirmation = facts.Has("title"),
                }
            ),
        };
        return new Proposed(choice.Limit, choice.Row, choice.Mandatory, choice.Provisional, choice.Why.Render());
    }

    /// <summary>What to look at before the court takes it (E-06): hints, no decision.</summary>
    public static IReadOnlyList<ExplanationLine> Hints(string cause, decimal? amount, string? province, FilingFacts facts, DateOnly filed)
    {
        bool Of(params string[] words) => words.Any(w => cause.Contains(w, StringComparison.Ordinal));
        return JurisdictionHints
            .For(
                new JurisdictionFacts
                {
                    Amount = amount,
                    Province = province,
                    OnePartyOutsideProvince = facts.Has("outsideProvince"),
                    ForeignRelated = facts.Has("foreign"),
                    SpecialLevel = Of("专利", "商标", "著作权", "海事", "海商"),
                    Immovable = Of("物权", "不动产", "房屋租赁", "建设工程", "土地承包", "相邻"),
                    Inheritance = Of("继承"),
                    PortOperation = Of("港口"),
                    Divorce = Of("离婚"),
                },
                filed
            )
            .Render();
    }
}

/// <summary>The case fee of a filing by Law (G-09). Pure.</summary>
internal static class FilingFee
{
    private static readonly string[] Personality = ["人格权", "名誉权", "姓名权", "肖像权", "隐私权", "生命权", "身体权", "健康权"];
    private static readonly string[] Ip = ["著作权", "商标", "专利", "不正当竞争"];

    /// <summary>Null where nothing is paid in advance: criminal, compensation and enforcement cases, special procedure (交纳办法 8).</summary>
    public static (long? Cents, IReadOnlyList<ExplanationLine> Why) Of(
        string kind,
        string type,
        string cause,
        string procedure,
        long? amountCents,
        string? province
    )
    {
        if (kind is "criminal" or "compensation" or "enforcement" || type is "民申" or "民再" or "行再" or "行审" or "司救民")
            return (null, []);
        var arbitration = cause.Contains("仲裁裁决", StringComparison.Ordinal) || cause.Contains("仲裁协议", StringComparison.Ordinal);
        if (type == "民特" && !arbitration)
            return (null, []);
        bool Is(string[] words) => words.Any(w => cause.Contains(w, StringComparison.Ordinal));
        var amount = amountCents is { } c ? c / 100m : (decimal?)null;
        var what = kind switch
        {
            "admin" => FeeKind.Admin,
            _ when type == "民督" && amount is not null => FeeKind.PaymentOrder,
            _ when type == "民催" => FeeKind.Summons,
            _ when type == "民特" => FeeKind.Arbitration,
            _ when Nearness.IsDivorce(cause) => FeeKind.Divorce,
            _ when cause.Contains("劳动", StringComparison.Ordinal) || cause.Contains("社会保险", StringComparison.Ordinal) => FeeKind.Labour,
            _ when Is(Personality) => FeeKind.Personality,
            _ when Is(Ip) => FeeKind.Ip,
            _ when amount is not null => FeeKind.Property,
            _ => FeeKind.Other,
        };
        var why = new Explanation();
        var answer = CourtFee.Compute(
            new FeeQuestion
            {
                Kind = what,
                Claim = what is FeeKind.Property or FeeKind.PaymentOrder or FeeKind.Ip ? amount : null,
                Property = what == FeeKind.Divorce ? amount : null,
                Damages = what == FeeKind.Personality ? amount : null,
                Half = what is not (FeeKind.PaymentOrder or FeeKind.Summons or FeeKind.Arbitration) && procedure is "MC-SUM" or "MC-SML" or "AD-S",
                Province = province,
            },
            null,
            why
        );
        return (answer.Case is { } yuan ? (long)(yuan * 100) : null, why.Render());
    }
}
