namespace CourtOps.Law;

/// <summary>A limit of table B-01 as a later law sets it, over the one that is shipped.</summary>
/// <param name="Code">Code of B-01 whose base changes.</param>
/// <param name="From">First day the change is in force.</param>
/// <param name="Months">Months of the base.</param>
/// <param name="Days">Days of the base, after the months.</param>
/// <param name="Law">The law that says so, with its article.</param>
/// <param name="Pending">Whether it counts for cases that were pending on that day too; otherwise for those filed from that day on.</param>
public sealed record LimitChange(string Code, DateOnly From, int Months, int Days, string Law, bool Pending = false)
{
    /// <summary>The change that counts for a case; null where none does.</summary>
    /// <param name="changes">All that are known; the latest that counts wins.</param>
    /// <param name="code">Code of B-01.</param>
    /// <param name="filed">Day of filing.</param>
    /// <param name="today">Pending cases follow a change from its day on, not before; null: none that is for pending cases counts.</param>
    public static LimitChange? Of(IReadOnlyList<LimitChange> changes, string code, DateOnly filed, DateOnly? today) =>
        changes.Where(c => c.Code == code && (c.From <= filed || (c.Pending && c.From <= today))).MaxBy(c => c.From);
}
