namespace CourtOps.Law;

/// <summary>What a court's own day off does.</summary>
public enum LocalDayEffect
{
    /// <summary>The office is closed: internal due dates avoid the day, legal periods do not move. The default.</summary>
    OfficeClosed,

    /// <summary>The day counts as a statutory holiday: legal periods ending on it roll.</summary>
    LegalHoliday,
}

/// <summary>A day off of one court (办法 Art 4: days of minority regions may be set locally).</summary>
/// <param name="Date">The day.</param>
/// <param name="Effect">Whether legal periods roll over it.</param>
public readonly record struct LocalDay(DateOnly Date, LocalDayEffect Effect = LocalDayEffect.OfficeClosed);
