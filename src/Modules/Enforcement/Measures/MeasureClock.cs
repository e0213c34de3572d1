using CourtOps.Law;

namespace CourtOps.Enforcement.Measures;

/// <summary>When a measure must next be looked at: pure, over Law's terms (D-02, D-03).</summary>
internal static class MeasureClock
{
    /// <summary>The tier at which the effect is gone: the day after the end.</summary>
    public const string Lapse = "lapse";

    /// <summary>The tier at which a waiting measure is asked about at the registry.</summary>
    public const string Poll = "poll";

    /// <summary>The tier at which the notice of assistance must have been served.</summary>
    public const string Serve = "serve";

    /// <summary>A waiting measure whose head's end is not known is asked about after this many days.</summary>
    public const int PollDays = 30;

    /// <summary>The next day on which something is due, and what. Every live measure has one; an ended one has none.</summary>
    /// <param name="told">Tiers of this round that were told.</param>
    /// <param name="lastPoll">When a waiting one was last asked about, or registered.</param>
    public static (DateOnly? On, string? Tier) Next(MeasureRow m, IReadOnlySet<string> told, CourtCalendar calendar, DateOnly lastPoll)
    {
        switch (m.State)
        {
            case MeasureState.Ruled:
                return (calendar.AddWorkdays(m.RuledOn!.Value, 3), Serve);
            case MeasureState.Waiting:
                return m.HeadEnd is { } head && head.AddDays(1) > lastPoll ? (head.AddDays(1), Poll) : (lastPoll.AddDays(PollDays), Poll);
            case MeasureState.Active:
                var warnings = Warnings(m, calendar);
                // what lies before a tier that was told is not told any more: the agency was marked as out of town later
                var last = warnings.Select((w, i) => told.Contains(w.Tier) ? i : -1).DefaultIfEmpty(-1).Max();
                if (last + 1 < warnings.Count)
                    return (warnings[last + 1].Date, warnings[last + 1].Tier);
                return (m.EndOn!.Value.AddDays(1), Lapse);
            default:
                return (null, null);
        }
    }

    /// <summary>Law's warnings of an active measure, by day.</summary>
    public static IReadOnlyList<Warning> Warnings(MeasureRow m, CourtCalendar calendar) =>
        m is { State: MeasureState.Active, StartOn: { } start, EndOn: { } end }
            ? [.. Law.Measure.Warnings(Property.Kind(m.Kind), start, end, calendar, m.OutOfTown).OrderBy(w => w.Date)]
            : [];

    /// <summary>Tiers on which the applicants are told in writing that the end is near.</summary>
    public static bool Reminds(string tier) => tier is "D-30" or "D-7";

    /// <summary>Tiers that go over the handler's head.</summary>
    public static bool Escalates(string tier) => tier is "D-7" or "D-3" or "D-1" or "due";
}
