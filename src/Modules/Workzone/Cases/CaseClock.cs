namespace CourtOps.Workzone.Cases;

/// <summary>The clock of a case as lists show it; the explanation is computed when read.</summary>
public sealed record ClockCard(DateOnly? BaseEnd, DateOnly? End, DateOnly? LegalEnd, DateOnly? LastDayToApply, bool Provisional);

internal static class CaseClock
{
    public static bool Knows(string procedure) => procedure.Length > 0;

    public static ClockCard Compute(string procedure, DateOnly filedOn) => new(null, null, null, null, false);
}
