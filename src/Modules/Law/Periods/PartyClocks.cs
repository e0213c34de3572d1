namespace CourtOps.Law;

/// <summary>One party's appeal period.</summary>
/// <param name="Party">Whatever identifies the party for the caller.</param>
/// <param name="Served">Day the paper was served on this party.</param>
/// <param name="LegalLastDay">Last day of this party's period.</param>
public readonly record struct PartyClock(string Party, DateOnly Served, DateOnly LegalLastDay);

/// <summary>How a paper was served on one party.</summary>
/// <param name="Served">The legal day of service; null while it is not served.</param>
/// <param name="AppealEnds">Last day of this party's appeal period; null where there is none, or it is not known.</param>
public readonly record struct PartyService(DateOnly? Served, DateOnly? AppealEnds);

/// <summary>The appeal periods of all parties of a case (rule A-05).</summary>
/// <param name="Parties">Each party's own period.</param>
/// <param name="Latest">The latest last day: the case's "latest appeal date".</param>
/// <param name="EffectiveOn">The day after it, on which an unappealed judgment takes effect; a default of this product.</param>
/// <param name="Provisional">Whether a date falls in a year whose arrangement is not loaded.</param>
public sealed record PartyClocks(IReadOnlyList<PartyClock> Parties, DateOnly Latest, DateOnly EffectiveOn, bool Provisional)
{
    private static readonly LawText OwnClock = new("当事人 {0} 于 {1} 收到，上诉期至 {2}", "party {0} was served on {1}; the appeal period ends on {2}");
    private static readonly LawText Effective = new("最后届满日 {0} 的次日 {1} 生效", "takes effect on {1}, the day after the latest end {0}");

    /// <summary>
    /// The day on which a paper that nobody appeals against takes effect, from periods that are known already: the day after the latest of them; of a
    /// final one the day of the last service. Null while a party is not served, and where an appeal is open and a party's period is not known: then no day
    /// can be said.
    /// </summary>
    /// <param name="services">One for each party of the case.</param>
    /// <param name="final">No appeal is open against it.</param>
    public static DateOnly? Effect(IReadOnlyCollection<PartyService> services, bool final)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Count == 0 || services.Any(s => s.Served is null || (!final && s.AppealEnds is null)))
            return null;
        return final ? services.Max(s => s.Served) : services.Max(s => s.AppealEnds)!.Value.AddDays(1);
    }

    /// <summary>
    /// Runs the appeal period separately for each party from its own day of service (民诉法解释 244).
    /// </summary>
    /// <param name="served">Party, day of service, number of days for this party (30 for a party without domicile in the PRC).</param>
    /// <param name="procedure">Law that counts.</param>
    /// <param name="calendar">Working days.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">No party; a date out of range.</exception>
    public static PartyClocks Run(
        IEnumerable<(string Party, DateOnly Served, int Days)> served,
        ProcedureKind procedure,
        CourtCalendar calendar,
        Explanation? explain = null
    )
    {
        ArgumentNullException.ThrowIfNull(served);
        var parties = new List<PartyClock>();
        var provisional = false;
        foreach (var (party, day, days) in served)
        {
            var period = Periods.Compute(day, days, PeriodUnit.Day, calendar, procedure);
            provisional |= period.Provisional;
            parties.Add(new PartyClock(party, day, period.LegalLastDay));
            explain?.Add(OwnClock, period.LegalLastDay, Art.PartyClocks, day, party, day, period.LegalLastDay);
        }

        if (parties.Count == 0)
            throw new LawError("served", LawReasons.Missing);
        var latest = parties.Max(p => p.LegalLastDay);
        var effective = latest.AddDays(1);
        explain?.Add(Effective, effective, Art.EffectiveDate, null, latest, effective);
        return new PartyClocks(parties, latest, effective, provisional || calendar.IsProvisional(effective));
    }
}
