namespace CourtOps.Law;

/// <summary>Periods that are never suspended, interrupted or extended (rule A-06, 民诉法解释 127).</summary>
public enum FixedPeriod
{
    /// <summary>Third-party revocation suit, 6 months (民诉法 59).</summary>
    ThirdPartyRevocation,

    /// <summary>Application for retrial, 6 months (民诉法 216).</summary>
    RetrialApplication,

    /// <summary>Suit of a person declared missing from public summons, 1 year (民诉法 234).</summary>
    InterestedPartySuit,
}

/// <summary>Counting of the fixed periods.</summary>
public static class FixedPeriods
{
    private static readonly LawText Fixed = new(
        "该期间为不变期间，不适用中止、中断、延长",
        "this period is fixed: it is not suspended, interrupted or extended"
    );

    /// <summary>Counts a fixed period; there is no way to deduct from it or extend it.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="trigger">Day the party knew or should have known, or the judgment took effect.</param>
    /// <param name="calendar">Working days.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">A date out of range.</exception>
    public static PeriodResult Compute(FixedPeriod kind, DateOnly trigger, CourtCalendar calendar, Explanation? explain = null)
    {
        var result =
            kind == FixedPeriod.InterestedPartySuit
                ? Periods.Compute(trigger, 1, PeriodUnit.Year, calendar, ProcedureKind.Civil, false, explain)
                : Periods.Compute(trigger, 6, PeriodUnit.Month, calendar, ProcedureKind.Civil, false, explain);
        explain?.Add(Fixed, null, Art.FixedPeriods, trigger);
        return result;
    }
}
