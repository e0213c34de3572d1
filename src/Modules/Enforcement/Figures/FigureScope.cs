using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Figures;

/// <summary>A period of the board, both days in it.</summary>
internal sealed record Span(DateOnly From, DateOnly Until);

/// <summary>What the conditions of figures read: the period, the court, the day, the scope of the setting.</summary>
internal sealed class FigureScope(ICases cases, ISettings settings, Actor actor, TimeProvider clock)
{
    /// <summary>The period asked for; this year up to today where nothing was.</summary>
    /// <exception cref="RuleBroken">Field From: the period ends before it begins.</exception>
    public Span Period(DateOnly? from, DateOnly? until)
    {
        var today = Times.Day(clock.GetUtcNow());
        var span = new Span(from ?? new DateOnly((until ?? today).Year, 1, 1), until ?? today);
        return span.From <= span.Until
            ? span
            : throw new RuleBroken($"开始日期 {Times.Iso(span.From)} 晚于结束日期 {Times.Iso(span.Until)}。", "From", "period");
    }

    /// <summary>The parameters of <see cref="Figure.Where"/>.</summary>
    public object Arguments(long? courtId, Span span, string value = "", long after = long.MaxValue)
    {
        var (me, courts, places) = cases.Arguments;
        var today = Times.Day(clock.GetUtcNow());
        var rules = settings.Current<BoardRules>(courtId ?? actor.CourtId);
        return new
        {
            me,
            courts,
            places,
            court = courtId ?? 0,
            today,
            soon = today.AddDays(30),
            half = today.AddMonths(-6),
            twelve = today.AddMonths(-12),
            eighteen = today.AddMonths(-18),
            years = today.AddYears(-3),
            from = span.From,
            until = span.Until,
            value,
            after,
            withBack = rules.Resumed,
            withKeep = rules.Preservation,
            back = "%执恢%",
            keep = "%执保%",
            objection = "%执异%",
            review = "%执复%",
            supervise = "%执监%",
        };
    }
}
