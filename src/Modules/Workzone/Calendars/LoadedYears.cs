using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using FluentValidation;

namespace CourtOps.Workzone.Calendars;

/// <summary>The published arrangements that were imported, for every court; a later one of a year stands over the one shipped.</summary>
public sealed record LoadedYears
{
    public const string Key = "workzone.calendar";

    /// <summary>"2027" and the JSON of its notice.</summary>
    public IReadOnlyDictionary<string, string> Years { get; init; } = new Dictionary<string, string>();

    /// <summary>Imported on its own page by two persons; shown among the rules.</summary>
    internal static Setting<LoadedYears> Setting { get; } =
        new()
        {
            Key = Key,
            Label = "放假和调休安排",
            Everywhere = true,
            TwoPersons = true,
            SetAt = "/settings/calendar",
            Affects = "全部在办案件的期限：确认后逐案重算，日期有变的通知承办法官",
            Help = "国务院办公厅每年公布的放假通知（JSON）。没有导入的年份按法定节日和周末计算，并标明“暂定”。",
            Values = [],
            Validator = new Rules(),
            Shown = (t, v) => v.Years.Count == 0 ? t["随程序提供的年份"] : string.Join(t["、"], v.Years.Keys.Order(StringComparer.Ordinal)),
            Differ = (t, was, will) => Days(was, will).Select(d => (Times.Iso(d.Day), t[d.Was], t[d.Will])),
        };

    /// <summary>The days on which two sets of years differ, and the years that only one has.</summary>
    internal static IEnumerable<(DateOnly Day, string Was, string Will)> Days(LoadedYears was, LoadedYears will)
    {
        var (a, b) = (Calendar(was), Calendar(will));
        foreach (var day in b.DaysDifferentFrom(a))
            if (a.IsHoliday(day) != b.IsHoliday(day))
                yield return (day, a.IsHoliday(day) ? "休息" : "上班", b.IsHoliday(day) ? "休息" : "上班");
    }

    private static CourtCalendar Calendar(LoadedYears years) =>
        years.Years.OrderBy(y => y.Key, StringComparer.Ordinal).Aggregate(CourtCalendar.Default, (c, y) => c.With(CalendarYear.Parse(y.Value)));

    private sealed class Rules : AbstractValidator<LoadedYears>
    {
        public Rules() =>
            RuleFor(y => y.Years)
                .Custom(
                    (years, context) =>
                    {
                        foreach (var (year, json) in years)
                        {
                            try
                            {
                                if (CalendarYear.Parse(json).Year.ToString(System.Globalization.CultureInfo.InvariantCulture) != year)
                                    context.AddFailure("Json", "年份与内容不符。");
                            }
                            catch (LawError e)
                            {
                                context.AddFailure("Json", $"{e.Field}：{e.Reason}");
                            }
                        }
                    }
                );
    }
}
