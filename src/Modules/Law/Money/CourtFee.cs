namespace CourtOps.Law;

/// <summary>Kinds of fee (G-09).</summary>
public enum FeeKind
{
    Property,
    Divorce,
    Personality,
    Ip,
    Labour,
    Admin,
    Jurisdiction,
    PaymentOrder,

    /// <summary>Public summons for a lost bill (公示催告): flat.</summary>
    Summons,

    /// <summary>Setting aside an award, or a finding on an arbitration agreement: flat.</summary>
    Arbitration,
    Other,
}

/// <summary>What a fee is asked for. Amounts in yuan with at most two decimals.</summary>
public sealed record FeeQuestion
{
    public required FeeKind Kind { get; init; }

    /// <summary>Amount claimed; needed for property cases and payment orders.</summary>
    public decimal? Claim { get; init; }

    /// <summary>Common property in a divorce.</summary>
    public decimal? Property { get; init; }

    /// <summary>Damages in a personality case.</summary>
    public decimal? Damages { get; init; }

    /// <summary>Amount within the range of kinds that have one; default what the province set, else the lower bound.</summary>
    public decimal? Base { get; init; }

    /// <summary>Mediation, withdrawal, simple procedure, joined counterclaim: halved once.</summary>
    public bool Half { get; init; }

    /// <summary>Province sign such as 吉.</summary>
    public string? Province { get; init; }
}

/// <summary>Fees in yuan, rounded to the cent; null where the kind has none.</summary>
public readonly record struct FeeAnswer(decimal? Case, decimal? Enforcement, decimal? Preservation);

/// <summary>Court fees to the cent.</summary>
public static class CourtFee
{
    private static readonly LawText PropertyFee = new(
        "财产案件按标的额 {0} 元分段累计，受理费 {1} 元",
        "property case, {0} yuan claimed: case fee {1} yuan by bands"
    );
    private static readonly LawText BaseFee = new("基数 {0} 元（幅度 {1} 至 {2} 元）", "base {0} yuan (range {1} to {2})");
    private static readonly LawText FlatFee = new("每件 {0} 元", "{0} yuan a case");
    private static readonly LawText DivorceFee = new(
        "财产总额 {0} 元，超过 200000 元的部分按 0.5% 交纳，合计 {1} 元",
        "property {0} yuan; 0.5% of what exceeds 200000; {1} yuan in all"
    );
    private static readonly LawText PersonalityFee = new(
        "损害赔偿 {0} 元，超过 50000 元至 100000 元的部分按 1%，超过 100000 元的部分按 0.5%，合计 {1} 元",
        "damages {0} yuan; 1% of 50000 to 100000, 0.5% above; {1} yuan in all"
    );
    private static readonly LawText ThirdFee = new("支付令按财产案件受理费的三分之一，{0} 元", "a third of the property fee: {0} yuan");
    private static readonly LawText HalfFee = new("减半交纳，{0} 元", "halved: {0} yuan");
    private static readonly LawText EnforcementFee = new(
        "按金额 {0} 元计，申请执行费 {1} 元，不预交，由被执行人负担",
        "on {0} yuan the enforcement fee is {1} yuan, not prepaid, borne by the debtor"
    );
    private static readonly LawText PreservationFee = new("按金额 {0} 元计，申请保全费 {1} 元", "on {0} yuan the preservation fee is {1} yuan");
    private static readonly LawText LowerBound = new("该省未设定数额，取幅度下限", "the province's amount is not known; the lower bound is taken");

    /// <summary>
    /// Computes the fees. Only the case fee is halved, before rounding; rounding is half up to the cent, once.
    /// </summary>
    /// <param name="question">What is asked.</param>
    /// <param name="figures">Provinces' amounts; the shipped ones by default.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">Fields claim, property, damages, base, half, province.</exception>
    public static FeeAnswer Compute(FeeQuestion question, ProvinceFigures? figures = null, Explanation? explain = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (question.Province is { } province)
            ProvinceFigures.CheckSign("province", province);
        CheckAmounts(question);
        var exact = Exact(question, figures ?? ProvinceFigures.BuiltIn, explain);
        if (question.Half)
        {
            if (question.Kind == FeeKind.PaymentOrder)
                throw new LawError("half", LawReasons.NotUsedHere, "payment-order");
            exact /= 2m;
            explain?.Add(HalfFee, null, Art.FeeHalf, null, Yuan.Text(Yuan.Round(exact)));
        }

        var byAmount = question.Claim is { } claim && question.Kind is not (FeeKind.PaymentOrder or FeeKind.Jurisdiction) ? claim : (decimal?)null;
        var enforcement = byAmount is { } e ? Yuan.Round(FeeSchedule.Enforcement(e)) : (decimal?)null;
        var preservation = byAmount is { } p ? Yuan.Round(FeeSchedule.Preservation(p)) : (decimal?)null;
        if (enforcement is not null)
            explain?.Add(EnforcementFee, null, Art.FeeEnforcement, null, Yuan.Text(byAmount!.Value), Yuan.Text(enforcement.Value));
        if (preservation is not null)
            explain?.Add(PreservationFee, null, Art.FeePreservation, null, Yuan.Text(byAmount!.Value), Yuan.Text(preservation.Value));
        return new FeeAnswer(Yuan.Round(exact), enforcement, preservation);
    }

    /// <summary>The range of the base of a kind; null for kinds without one.</summary>
    public static (decimal Least, decimal Most)? Range(FeeKind kind) =>
        kind switch
        {
            FeeKind.Divorce => (50m, 300m),
            FeeKind.Personality => (100m, 500m),
            FeeKind.Ip => (500m, 1_000m),
            FeeKind.Admin => (50m, 100m),
            FeeKind.Jurisdiction or FeeKind.Other => (50m, 100m),
            _ => null,
        };

    private static decimal Exact(FeeQuestion question, ProvinceFigures figures, Explanation? explain)
    {
        switch (question.Kind)
        {
            case FeeKind.Property:
            case FeeKind.Ip when question.Claim is not null:
                return ByClaim(question, explain);
            case FeeKind.PaymentOrder:
                var third = FeeSchedule.PaymentOrder(Claim(question));
                explain?.Add(ThirdFee, null, Art.FeePaymentOrder, null, Yuan.Text(Yuan.Round(third)));
                return third;
            case FeeKind.Labour:
                explain?.Add(FlatFee, null, Art.FeeOther, null, Yuan.Text(10m));
                return 10m;
            case FeeKind.Summons or FeeKind.Arbitration:
                var flat = question.Kind == FeeKind.Summons ? 100m : 400m;
                explain?.Add(FlatFee, null, Art.FeeFlat, null, Yuan.Text(flat));
                return flat;
            case FeeKind.Divorce:
                var divorce = FeeSchedule.Divorce(Base(question, figures, explain), question.Property ?? 0m);
                if (question.Property is { } property)
                    explain?.Add(DivorceFee, null, Art.FeeOther, null, Yuan.Text(property), Yuan.Text(Yuan.Round(divorce)));
                return divorce;
            case FeeKind.Personality:
                var personality = FeeSchedule.Personality(Base(question, figures, explain), question.Damages ?? 0m);
                if (question.Damages is { } damages)
                    explain?.Add(PersonalityFee, null, Art.FeeOther, null, Yuan.Text(damages), Yuan.Text(Yuan.Round(personality)));
                return personality;
            default:
                return Base(question, figures, explain);
        }
    }

    private static decimal ByClaim(FeeQuestion question, Explanation? explain)
    {
        var fee = FeeSchedule.Property(Claim(question));
        explain?.Add(PropertyFee, null, Art.FeeProperty, null, Yuan.Text(question.Claim!.Value), Yuan.Text(Yuan.Round(fee)));
        return fee;
    }

    private static decimal Claim(FeeQuestion question) => question.Claim ?? throw new LawError("claim", LawReasons.Missing);

    private static decimal Base(FeeQuestion question, ProvinceFigures figures, Explanation? explain)
    {
        var (least, most) = Range(question.Kind)!.Value;
        var set = question.Base is null && question.Province is { } province ? figures.FeeBase(province, question.Kind) : null;
        var fee = question.Base ?? set ?? least;
        explain?.Add(BaseFee, null, Art.FeeOther, null, Yuan.Text(fee), Yuan.Text(least), Yuan.Text(most));
        if (question.Base is null && set is null)
            explain?.Add(LowerBound, null, Art.FeeBase, null);
        return fee;
    }

    private static void CheckAmounts(FeeQuestion question)
    {
        Checked("claim", question.Claim);
        Checked("property", question.Property);
        Checked("damages", question.Damages);
        Checked("base", question.Base);
        if (question.Property is not null && question.Kind != FeeKind.Divorce)
            throw NotUsed("property", question.Kind);
        if (question.Damages is not null && question.Kind != FeeKind.Personality)
            throw NotUsed("damages", question.Kind);
        if (question.Base is not { } fee)
            return;
        if (Range(question.Kind) is not { } range || (question.Kind == FeeKind.Ip && question.Claim is not null))
            throw NotUsed("base", question.Kind);
        if (fee < range.Least || fee > range.Most)
            throw new LawError("base", LawReasons.MoneyRange, Yuan.Text(fee), Yuan.Text(range.Least), Yuan.Text(range.Most));
    }

    private static void Checked(string field, decimal? amount)
    {
        if (amount is { } a)
            Yuan.Check(field, a);
    }

    private static LawError NotUsed(string field, FeeKind kind) => new(field, LawReasons.NotUsedHere, FeeWords.Name(kind));
}
