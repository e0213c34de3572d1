using System.Globalization;

namespace CourtOps.Law;

/// <summary>The warnings of a trial limit (B-08; defaults).</summary>
internal static class TrialWarnings
{
    private static readonly string[] Handler = ["handler"];
    private static readonly string[] HandlerAndHead = ["handler", "division-head"];
    private static readonly string[] Head = ["division-head"];
    private static readonly string[] HeadAndManagement = ["division-head", "management"];
    private static readonly string[] Management = ["management", "vice-president"];
    private static readonly string[] Due = ["handler", "division-head", "management", "vice-president"];
    private static readonly string[] Overdue = ["handler", "division-head", "management", "vice-president", "president"];

    internal static IReadOnlyList<Warning> Of(
        TrialLimit limit,
        DateOnly start,
        DateOnly end,
        DateOnly overdueFrom,
        CourtCalendar calendar,
        TrialClockSettings settings
    )
    {
        var tiers = limit.UsesShortTiers ? settings.ShortTiers : settings.LongTiers;
        var list = new List<Warning>(tiers.Count + 2);
        foreach (var days in tiers)
        {
            var day = end.AddDays(-days);
            // a three-day limit has no warning ten days before
            if (day <= start)
                continue;
            list.Add(new Warning(Delivered(day, start, calendar), Tier(days), limit.UsesShortTiers ? ShortRecipients(days) : LongRecipients(days)));
        }

        list.Add(new Warning(Delivered(end, start, calendar), "due", Due));
        // delivered before it happened an overdue notice would be untrue: it moves forward
        list.Add(new Warning(calendar.OfficeDayNotBefore(overdueFrom), "overdue", Overdue));
        return list;
    }

    internal static string Tier(int days) =>
        days switch
        {
            30 => "D-30",
            22 => "D-22",
            16 => "D-16",
            10 => "D-10",
            5 => "D-5",
            3 => "D-3",
            1 => "D-1",
            _ => "D-" + days.ToString(CultureInfo.InvariantCulture),
        };

    private static DateOnly Delivered(DateOnly day, DateOnly start, CourtCalendar calendar)
    {
        var shifted = calendar.OfficeDayNotAfter(day);
        return shifted < start ? start : shifted;
    }

    private static string[] LongRecipients(int days) =>
        days switch
        {
            > 22 => Handler,
            > 10 => HandlerAndHead,
            > 5 => Head,
            _ => Management,
        };

    private static string[] ShortRecipients(int days) =>
        days switch
        {
            > 5 => Handler,
            > 3 => HandlerAndHead,
            > 1 => HeadAndManagement,
            _ => Management,
        };
}
