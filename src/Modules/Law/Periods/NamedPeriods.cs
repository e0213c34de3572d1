using System.Collections.Frozen;

namespace CourtOps.Law;

/// <summary>A period the law names for one step of a case (B-07, C-07, D-04, D-08, G-01).</summary>
/// <param name="Code">Name in code and data.</param>
/// <param name="Name">The step.</param>
/// <param name="From">The event it counts from, or before which it lies.</param>
/// <param name="N">Number of units.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Before">Whether it lies before the event (rule A-04).</param>
/// <param name="Least">Whether it is the least the court must give.</param>
/// <param name="Procedure">Law that counts.</param>
/// <param name="Article">Source.</param>
public sealed record NamedPeriod(
    string Code,
    LawText Name,
    LawText From,
    int N,
    PeriodUnit Unit,
    bool Before,
    bool Least,
    ProcedureKind Procedure,
    string Article
);

/// <summary>The named periods, read from <c>Data/named-periods.json</c>.</summary>
public static class NamedPeriods
{
    private static readonly LawText Rule = new("{0}：自{1}起 {2} {3}", "{0}: {2} {3} from {1}");
    private static readonly LawText RuleBefore = new("{0}：{1}前 {2} {3}", "{0}: {2} {3} before {1}");
    private static readonly FrozenDictionary<string, NamedPeriod> ByCode = Load();

    /// <summary>All named periods by code.</summary>
    public static IEnumerable<NamedPeriod> All => ByCode.Values.OrderBy(p => p.Code, StringComparer.Ordinal);

    /// <summary>One named period.</summary>
    /// <exception cref="LawError">Field code.</exception>
    public static NamedPeriod Get(string code) =>
        ByCode.TryGetValue(code ?? "", out var period)
            ? period
            : throw new LawError("code", LawReasons.UnknownCode, LawDates.Shown(code), string.Join(", ", ByCode.Keys.Order(StringComparer.Ordinal)));

    /// <summary>The last day of a named period of days, months or years that runs from an event.</summary>
    /// <param name="code">Code.</param>
    /// <param name="trigger">Day of the event.</param>
    /// <param name="calendar">Working days.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">Unknown code; one in hours or before an event; a date out of range.</exception>
    public static PeriodResult Due(string code, DateOnly trigger, CourtCalendar calendar, Explanation? explain = null)
    {
        var period = Get(code);
        if (period.Before || period.Unit == PeriodUnit.Hour)
            throw new LawError("code", LawReasons.NotUsedHere, LawDates.Shown(code));
        explain?.Add(Rule, null, period.Article, trigger, period.Name, period.From, period.N, period.Unit.ToString());
        return Periods.Compute(trigger, period.N, period.Unit, calendar, period.Procedure, false, explain);
    }

    /// <summary>The end of a named period of hours.</summary>
    /// <exception cref="LawError">Unknown code; one not in hours; a time out of range.</exception>
    public static HourPeriodResult DueAt(string code, DateTime trigger, CourtCalendar calendar, Explanation? explain = null)
    {
        var period = Get(code);
        if (period.Unit != PeriodUnit.Hour)
            throw new LawError("code", LawReasons.NotUsedHere, LawDates.Shown(code));
        return Periods.Hours(trigger, period.N, calendar, period.Procedure, explain);
    }

    /// <summary>The latest days of a named notice to parties before a hearing, with clear days unless set otherwise.</summary>
    /// <exception cref="LawError">Unknown code; one that runs after an event; a date out of range.</exception>
    public static BackwardNotice LatestBefore(string code, DateOnly hearing, bool clearDays = true, Explanation? explain = null)
    {
        var period = Get(code);
        if (!period.Before)
            throw new LawError("code", LawReasons.NotUsedHere, LawDates.Shown(code));
        explain?.Add(RuleBefore, null, period.Article, hearing, period.Name, period.From, period.N, period.Unit.ToString());
        return BackwardNotice.For(hearing, period.N, clearDays, explain);
    }

    private static FrozenDictionary<string, NamedPeriod> Load()
    {
        using var json = LawResources.Json("named-periods.json");
        return json
            .RootElement.GetProperty("periods")
            .EnumerateArray()
            .Select(row => new NamedPeriod(
                row.GetProperty("code").GetString()!,
                new LawText(row.GetProperty("zh").GetString()!, row.GetProperty("en").GetString()!),
                new LawText(row.GetProperty("fromZh").GetString()!, row.GetProperty("fromEn").GetString()!),
                row.GetProperty("n").GetInt32(),
                Enum.Parse<PeriodUnit>(row.GetProperty("unit").GetString()!, ignoreCase: true),
                row.TryGetProperty("before", out _),
                row.TryGetProperty("least", out _),
                LawResources.Optional(row, "procedure") is { } p ? Enum.Parse<ProcedureKind>(p, ignoreCase: true) : ProcedureKind.Civil,
                row.GetProperty("article").GetString()!
            ))
            .ToFrozenDictionary(p => p.Code, StringComparer.Ordinal);
    }
}
