using CourtOps.Kernel.Messaging;
using CourtOps.Law;

namespace CourtOps.Workzone.Cases;

/// <summary>Extensions asked for in time, a day late, and beyond what the law gives, by branch; what the refusal says.</summary>
public sealed class ExtensionRuleTests
{
    private static readonly DateOnly Filed = new(2026, 3, 2);

    // B-05: 15 days before expiry civil and criminal (towards the court above), 10 administrative, 5 enforcement
    [TestCase("MC-ORD", 6, "2026-08-18", null, null)]
    [TestCase("MC-ORD", 6, "2026-08-19", "late", "2026-08-18")]
    [TestCase("MC-ORD", 6, "2026-09-02", "late", "还可以结案或者依法登记扣除")]
    [TestCase("MC-ORD", 6, "2026-09-03", "after-end", "2026-09-02")]
    [TestCase("MC-SUM", 1, "2026-05-18", null, null)]
    [TestCase("MC-SUM", 1, "2026-05-19", "late", "裁定转为民事一审普通程序")]
    [TestCase("MC-SUM", 2, "2026-05-01", "too-long", "1 个月")]
    [TestCase("AD-1", 3, "2026-08-23", null, null)]
    [TestCase("AD-1", 3, "2026-08-24", "late", "2026-08-23")]
    [TestCase("AD-S", 1, "2026-03-20", "no-extension", "行政一审普通程序")]
    [TestCase("CR-1", 1, "2026-05-02", null, null)]
    [TestCase("CR-1", 3, "2026-04-17", null, null)]
    [TestCase("CR-1", 3, "2026-04-18", "late", "本院权限内的延长1 个月")]
    [TestCase("CR-SUM", 1, "2026-03-10", "no-extension", "刑事一审公诉案件")]
    [TestCase("EX", 3, "2026-08-28", null, null)]
    [TestCase("EX", 3, "2026-08-29", "late", "2026-08-28")]
    [TestCase("SC-C", 3, "2026-06-02", null, null)]
    [TestCase("SC-S", 1, "2026-04-02", "no-extension", "登记扣除")]
    public void Asked_in_time_a_day_late_and_too_long(string procedure, int months, string day, string? code, string? says)
    {
        var today = DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
        var refused = Refusal(procedure, Filed, months, today);
        Assert.That(refused?.Code, Is.EqualTo(code));
        if (says is not null)
            Assert.That(refused!.Message, Does.Contain(says));
    }

    // each refusal names its own branch's article
    [TestCase("MC-ORD", 6, "2026-08-19", "法释〔2018〕9号")]
    [TestCase("AD-1", 3, "2026-08-24", "法释〔2000〕29号")]
    [TestCase("CR-1", 3, "2026-04-18", "210")]
    [TestCase("EX", 3, "2026-08-29", "法发〔2006〕35号")]
    public void The_article_is_the_branchs_own(string procedure, int months, string day, string source) =>
        Assert.That(Refusal(procedure, Filed, months, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture))!.Message, Does.Contain(source));

    // filed 2026-04-03, raw end 2026-10-03 in the holiday: overdue counts from the rolled end 10-08
    [TestCase("2026-10-05", "late")]
    [TestCase("2026-10-08", "late")]
    [TestCase("2026-10-09", "after-end")]
    public void Expiry_is_the_end_that_the_setting_makes_count(string day, string code) =>
        Assert.That(Refusal("MC-ORD", new(2026, 4, 3), 6, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture))!.Code, Is.EqualTo(code));

    [TestCase("MC-ORD", 6, "2026-08-18", "2026-09-02", null, null)]
    [TestCase("MC-ORD", 6, "2026-08-18", "2026-09-03", null, "after-end")]
    [TestCase("AD-1", 3, "2026-08-20", "2026-08-25", null, "no-answer")]
    [TestCase("AD-1", 3, "2026-08-20", "2026-08-25", 7L, null)]
    [TestCase("CR-1", 3, "2026-04-10", "2026-04-20", null, "no-answer")]
    [TestCase("CR-1", 1, "2026-04-30", "2026-05-02", null, null)]
    [TestCase("MC-SUM", 2, "2026-05-01", "2026-05-02", null, "too-long")]
    public void Granted_while_the_limit_runs_by_the_court_the_law_names(string procedure, int months, string asked, string day, long? answer, string? code)
    {
        var on = DateOnly.Parse(asked, System.Globalization.CultureInfo.InvariantCulture);
        var today = DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
        var look = Clock(procedure, Filed).Ask(months, PeriodUnit.Month, on, CourtCalendar.Default);
        RuleBroken? refused = null;
        try
        {
            ExtensionRules.DemandGranted(look, today, answer);
        }
        catch (RuleBroken e)
        {
            refused = e;
        }
        Assert.That(refused?.Code, Is.EqualTo(code));
    }

    [TestCase("MC-SUM", "MC-ORD", true, true)]
    [TestCase("MC-ORD", "MC-SML", false, false)]
    [TestCase("CR-FT", "CR-PR", false, true)]
    [TestCase("MC-SML", "MC-ORD", true, true)]
    [TestCase("EX", "MC-ORD", false, false)]
    public void Conversions_the_law_knows(string from, string to, bool allowed, bool reachable)
    {
        Assert.That(ConversionRules.Allowed(from, to), Is.EqualTo(allowed));
        Assert.That(ConversionRules.Reachable(from, to), Is.EqualTo(reachable));
    }

    // B-03: what overlaps or meets counts once; a running one to the day looked at
    [TestCase("04-10..05-20", "2026-06-01", 40, 51)]
    [TestCase("04-10..05-20,05-10..05-25", "2026-06-01", 45, 46)]
    [TestCase("04-10..05-20,05-20..05-30", "2026-06-01", 50, 41)]
    [TestCase("04-10..", "2026-05-01", 21, 39)]
    [TestCase("04-10..05-20", "2026-05-01", 40, 39)]
    [TestCase("02-20..03-12", "2026-04-01", 20, 20)]
    public void Used_days_leave_out_what_is_deducted(string spans, string asOf, int deducted, int used)
    {
        var day = DateOnly.Parse(asOf, System.Globalization.CultureInfo.InvariantCulture);
        var facts = spans
            .Split(',')
            .Select(s => s.Split(".."))
            .Select(p => new ClockFact
            {
                Kind = "deduction",
                Code = "D-JD",
                FromOn = On(p[0]),
                ToOn = p[1].Length > 0 ? On(p[1]) : null,
            });
        var union = ClockDays.Union(facts, day);
        Assert.That(union.Sum(u => u.Days), Is.EqualTo(deducted));
        Assert.That(ClockDays.Used(Filed, day, union), Is.EqualTo(used));
    }

    private static DateOnly On(string text) => DateOnly.Parse("2026-" + text, System.Globalization.CultureInfo.InvariantCulture);

    private static TrialClock Clock(string procedure, DateOnly filed) => new() { Procedure = procedure, Filed = filed };

    private static RuleBroken? Refusal(string procedure, DateOnly filed, int months, DateOnly today)
    {
        var clock = Clock(procedure, filed);
        try
        {
            ExtensionRules.DemandAsked(
                clock.Ask(months, PeriodUnit.Month, today, CourtCalendar.Default),
                today,
                clock.Ask(1, PeriodUnit.Month, today, CourtCalendar.Default),
                "/"
            );
            return null;
        }
        catch (RuleBroken e)
        {
            return e;
        }
    }
}
