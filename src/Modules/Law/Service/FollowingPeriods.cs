namespace CourtOps.Law;

/// <summary>
/// The periods that begin with service: to answer (C-07) and to appeal (G-06). Thirty days instead for a party without
/// domicile in the PRC in civil cases.
/// </summary>
internal sealed class FollowingPeriods
{
    private readonly ServiceFacts facts;
    private readonly TrialLimit? limit;
    private readonly ProcedureKind procedure;
    private readonly bool litigation;

    private FollowingPeriods(ServiceFacts facts, TrialLimit? limit, ProcedureKind procedure, bool litigation)
    {
        this.facts = facts;
        this.limit = limit;
        this.procedure = procedure;
        this.litigation = litigation;
    }

    /// <summary>Announcement is closed to simple and small-claims procedure.</summary>
    internal bool SimpleOrSmall => limit?.Code is "MC-SUM" or "MC-SML";

    internal static FollowingPeriods Of(ServiceFacts facts)
    {
        var code = facts.Procedure;
        if (code is "civil" or "admin" or "criminal")
            return new FollowingPeriods(
                facts,
                null,
                code switch
                {
                    "admin" => ProcedureKind.Admin,
                    "criminal" => ProcedureKind.Criminal,
                    _ => ProcedureKind.Civil,
                },
                true
            );
        if (!TrialLimitTable.Has(code))
            throw new LawError(
                "procedure",
                LawReasons.UnknownCode,
                LawDates.Shown(code),
                "civil, admin, criminal, " + string.Join(", ", TrialLimitTable.Limits.Select(l => l.Code))
            );
        var limit = TrialLimitTable.Get(code);
        var kind = limit.Kind switch
        {
            CaseKind.Admin => ProcedureKind.Admin,
            CaseKind.Criminal => ProcedureKind.Criminal,
            _ => ProcedureKind.Civil,
        };
        return new FollowingPeriods(
            facts,
            limit,
            kind,
            limit.Kind is CaseKind.Civil or CaseKind.Admin or CaseKind.Criminal && !code.StartsWith("OT-", StringComparison.Ordinal)
        );
    }

    internal PeriodResult? Defence(DateOnly served, CourtCalendar calendar, Explanation? explain)
    {
        if (facts.Document is not (null or ServedDocument.Complaint) || procedure == ProcedureKind.Criminal || !litigation)
            return null;
        var foreign = facts.Foreign && procedure == ProcedureKind.Civil;
        var days = foreign ? 30 : 15;
        var article = (procedure, foreign, limit?.Code) switch
        {
            (ProcedureKind.Admin, _, _) => Art.AdminDefence,
            (_, true, "MC-2J" or "MC-2R") => Art.AppealForeign,
            (_, true, _) => Art.DefenceForeign,
            (_, _, "MC-2J" or "MC-2R") => Art.AppealAnswer,
            (_, _, "MC-SML") => Art.SmallDefence,
            _ => Art.Defence,
        };
        var period = Periods.Compute(served, days, PeriodUnit.Day, calendar, procedure);
        explain?.Add(ServiceWords.Defence, period.LegalLastDay, article, served, served, days, period.LegalLastDay);
        if (explain is not null && period.Rolled)
            PeriodWords.ExplainRoll(explain, period.RawLastDay, period.LegalLastDay, calendar, PeriodWords.Article(procedure), served, true);
        return period;
    }

    internal PeriodResult? Appeal(DateOnly served, CourtCalendar calendar, Explanation? explain)
    {
        if (facts.Document is not (null or ServedDocument.Judgment or ServedDocument.Ruling))
            return null;
        if (!litigation || limit is { Final: true })
        {
            explain?.Add(ServiceWords.NoAppeal, null, FinalArticle(), served);
            return null;
        }

        var ruling = facts.Document == ServedDocument.Ruling;
        var foreign = facts.Foreign && procedure == ProcedureKind.Civil;
        var (days, article) = procedure switch
        {
            ProcedureKind.Criminal => (ruling ? 5 : 10, Art.CriminalAppeal),
            ProcedureKind.Admin => (ruling ? 10 : 15, Art.AdminAppeal),
            _ when foreign => (30, Art.AppealForeign),
            _ => (ruling ? 10 : 15, Art.Appeal),
        };
        var custody = facts.Custody && procedure == ProcedureKind.Criminal;
        var period = Periods.Compute(served, days, PeriodUnit.Day, calendar, procedure, custody);
        explain?.Add(ServiceWords.Appeal, period.LegalLastDay, article, served, served, days, period.LegalLastDay);
        if (explain is not null && (period.Rolled || custody))
            PeriodWords.ExplainRoll(explain, period.RawLastDay, period.LegalLastDay, calendar, PeriodWords.Article(procedure), served, !custody);
        return period;
    }

    private string FinalArticle() =>
        limit?.Code switch
        {
            "MC-SML" => Art.SmallFinal,
            "MC-SPE" => Art.SpecialFinal,
            "MC-2J" or "MC-2R" => Art.SecondFinal,
            _ => Art.NoAppeal,
        };
}
