namespace CourtOps.Law;

/// <summary>Unit of a period.</summary>
public enum PeriodUnit
{
    Hour,
    Day,
    Month,
    Year,

    /// <summary>Only where the text itself says 工作日.</summary>
    Workday,
}

/// <summary>Which procedural law counts.</summary>
public enum ProcedureKind
{
    Civil,
    Admin,
    Criminal,
}

/// <summary>A period counted in days or longer units.</summary>
/// <param name="FirstDay">First day counted: the day after the trigger.</param>
/// <param name="RawLastDay">Last day before any roll.</param>
/// <param name="LegalLastDay">Last day on which the act is still in time.</param>
/// <param name="Rolled">Whether the last day moved.</param>
/// <param name="Provisional">Whether a date falls in a year whose arrangement is not loaded.</param>
public readonly record struct PeriodResult(DateOnly FirstDay, DateOnly RawLastDay, DateOnly LegalLastDay, bool Rolled, bool Provisional);

/// <summary>A period counted in hours; it never rolls.</summary>
/// <param name="FirstHour">The full hour at which it starts.</param>
/// <param name="Last">The full hour at which it ends.</param>
/// <param name="Provisional">Whether a time falls in a year whose arrangement is not loaded.</param>
public readonly record struct HourPeriodResult(DateTime FirstHour, DateTime Last, bool Provisional);
