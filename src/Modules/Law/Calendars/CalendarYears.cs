namespace CourtOps.Law;

/// <summary>The arrangements shipped with this library.</summary>
public static class CalendarYears
{
    private static readonly Lazy<IReadOnlyList<CalendarYear>> Shipped = new(() =>
        [
            .. LawResources
                .Names.Where(n => n.StartsWith("calendar/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(n => CalendarYear.Parse(LawResources.Text(n))),
        ]
    );

    /// <summary>Years shipped, in order.</summary>
    public static IReadOnlyList<CalendarYear> BuiltIn => Shipped.Value;
}
