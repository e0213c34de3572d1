namespace CourtOps.Law;

/// <summary>How long before expiry an extension is applied for and decided (B-05). Zero: no number given.</summary>
/// <param name="ApplyDays">Days before expiry to apply.</param>
/// <param name="DecideDays">Days before expiry to decide.</param>
/// <param name="ApplyArticle">Source of the first.</param>
/// <param name="DecideArticle">Source of the second.</param>
public readonly record struct ExtensionGate(int ApplyDays, int DecideDays, string ApplyArticle, string DecideArticle)
{
    /// <summary>The gate of a branch: civil 15 and 5 days, administrative 10 and 3, criminal 15 and 5, enforcement 5; compensation has none.</summary>
    public static ExtensionGate Of(CaseKind kind) =>
        kind switch
        {
            CaseKind.Civil => new(15, 5, Art.CivilGate, Art.CivilGate),
            CaseKind.Admin => new(10, 3, Art.AdminGate, Art.AdminDecision),
            CaseKind.Criminal => new(15, 5, Art.CriminalGate, Art.CriminalGate),
            CaseKind.Enforcement => new(5, 0, Art.EnforcementGate, Art.EnforcementGate),
            _ => new(0, 0, Art.AfterExpiry, Art.AfterExpiry),
        };
}
