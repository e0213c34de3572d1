namespace CourtOps.Law;

/// <summary>Choice of the civil procedure (E-04), row by row.</summary>
public static class CivilProcedure
{
    private static readonly string[] Courts = ["basic", "intermediate", "high", "supreme"];

    /// <summary>Chooses the procedure. "At most half of W" and "at most twice W" include the figure itself.</summary>
    /// <param name="facts">What is known.</param>
    /// <param name="figures">Provinces' wages; the shipped ones by default.</param>
    /// <exception cref="LawError">Fields court, province, filed, claims.</exception>
    public static ProcedureChoice Choose(CivilProcedureFacts facts, ProvinceFigures? figures = null)
    {
        ArgumentNullException.ThrowIfNull(facts);
        Check(facts);
        var why = new Explanation();
        var on = facts.Filed;
        if (facts.SpecialMatter is { } matter)
        {
            why.Add(ProcedureWords.Special, null, Art.Special, on, LawDates.Shown(matter));
            return new("SPECIAL", true, "E-04.special", why, "MC-SPE", false);
        }

        if (Barred(facts) is { Length: > 0 } bars)
        {
            why.Add(ProcedureWords.Barred, null, Art.NotSimple, on, (IEnumerable<LawText>)bars);
            return new("ORDINARY", true, "E-04.ordinary-required", why, Ordinary(facts), false);
        }

        if (facts is { FactsClear: true, RightsClear: true, DisputeSmall: true })
            return Simple(facts, figures ?? ProvinceFigures.BuiltIn, why);
        why.Add(ProcedureWords.NotSimple, null, Art.Simple, on);
        if (facts.AgreeSimple)
        {
            why.Add(ProcedureWords.AgreedSimple, null, Art.Simple, on);
            return new("SIMPLE", false, "E-04.simple-agreed", why, "MC-SUM", false);
        }

        why.Add(ProcedureWords.Ordinary, null, Art.Ordinary, on);
        return new("ORDINARY", false, "E-04.ordinary", why, Ordinary(facts), false);
    }

    private static ProcedureChoice Simple(CivilProcedureFacts facts, ProvinceFigures figures, Explanation why)
    {
        var on = facts.Filed;
        why.Add(ProcedureWords.SimpleCase, null, Art.Simple, on);
        var money = facts.Claims.Count > 0 && facts.Claims.All(c => c.Type == "money" && c.Amount is not null);
        var known = facts.Claims.Count > 0 && facts.Claims.All(c => c.Amount is not null);
        var amount = facts.Claims.Sum(c => c.Amount ?? 0m);
        var exclusions = SmallBars(facts);
        if (!money)
            why.Add(ProcedureWords.NotMoney, null, Art.Small, on);
        if (exclusions.Length > 0)
            why.Add(ProcedureWords.NotSmall, null, Art.NotSmall, on, (IEnumerable<LawText>)exclusions);
        if (!known)
            return new("SIMPLE", false, "E-04.simple", why, "MC-SUM", false);

        var found = facts.Province is { } province && on is { } filed ? figures.Wage(province, filed) : null;
        if (found is not { } wage)
        {
            why.Add(ProcedureWords.NoWage, null, Art.Wage, on);
            return new("SIMPLE", false, "E-04.simple", why, "MC-SUM", true);
        }

        var half = wage.Figure.Wage / 2m;
        var twice = wage.Figure.Wage * 2m;
        why.AddFrom(
            wage.Provisional ? ProcedureWords.WageLapsed : ProcedureWords.Wage,
            wage.Figure.Source,
            Yuan.Text(wage.Figure.Wage),
            wage.Figure.From,
            Yuan.Text(half),
            Yuan.Text(twice)
        );
        if (money && exclusions.Length == 0 && amount <= half)
        {
            why.Add(ProcedureWords.SmallRequired, null, Art.Small, on, Yuan.Text(amount), Yuan.Text(half));
            return new("SMALL", true, "E-04.small-required", why, "MC-SML", wage.Provisional);
        }

        if (money && exclusions.Length == 0 && amount <= twice && facts.AgreeSmall)
        {
            why.Add(ProcedureWords.SmallAgreed, null, Art.Small, on, Yuan.Text(amount), Yuan.Text(half), Yuan.Text(twice));
            return new("SMALL", false, "E-04.small-agreed", why, "MC-SML", wage.Provisional);
        }

        var shall = amount <= twice;
        if (shall)
            why.Add(ProcedureWords.SimpleShall, null, Art.SimpleShall, on, Yuan.Text(amount), Yuan.Text(twice));
        return new("SIMPLE", shall, shall ? "E-04.simple-required" : "E-04.simple", why, "MC-SUM", wage.Provisional);
    }

    private static void Check(CivilProcedureFacts facts)
    {
        if (!Courts.Contains(facts.Court, StringComparer.Ordinal))
            throw new LawError("court", LawReasons.UnknownCode, LawDates.Shown(facts.Court), string.Join(", ", Courts));
        if (facts.Province is { } province)
            ProvinceFigures.CheckSign("province", province);
        if (facts.Filed is { } filed)
            LawDates.Check("filed", filed);
        foreach (var claim in facts.Claims)
            if (claim.Amount is { } amount)
                Yuan.Check("claims", amount);
    }

    private static LawText[] Barred(CivilProcedureFacts facts) =>
        [
            .. Pick(facts.Court != "basic", ProcedureWords.HigherCourt),
            .. Pick(facts.DefendantMissing, ProcedureWords.Missing),
            .. Pick(facts.Remand, ProcedureWords.Remand),
            .. Pick(facts.ManyParties, ProcedureWords.ManyParties),
            .. Pick(facts.Retrial, ProcedureWords.Retrial),
            .. Pick(facts.PublicInterest, ProcedureWords.PublicInterest),
            .. Pick(facts.ThirdPartyRevocation, ProcedureWords.ThirdParty),
        ];

    private static LawText[] SmallBars(CivilProcedureFacts facts) =>
        [
            .. Pick(facts.PersonalStatus, ProcedureWords.PersonalStatus),
            .. Pick(facts.TitleConfirmation, ProcedureWords.Title),
            .. Pick(facts.Foreign, ProcedureWords.Foreign),
            .. Pick(facts.ExpertOpinionNeeded, ProcedureWords.ExpertOpinion),
            .. Pick(facts.Counterclaim, ProcedureWords.Counterclaim),
        ];

    private static IEnumerable<LawText> Pick(bool when, LawText text) => when ? [text] : [];

    /// <summary>A foreign-related case in ordinary procedure has no limit (民诉法 287); a retrial has that of its instance.</summary>
    private static string Ordinary(CivilProcedureFacts facts) =>
        facts.Foreign ? "MC-FOR"
        : facts.Retrial ? "MC-RT-1"
        : "MC-ORD";
}
