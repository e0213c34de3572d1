using CourtOps.Kernel.Messaging;
using CourtOps.Law;

namespace CourtOps.Enforcement.Measures;

/// <summary>Law's terms with its refusals as those of a form.</summary>
internal static class Terms
{
    /// <exception cref="RuleBroken">Law refuses a value; the field is the form's.</exception>
    public static MeasureTerm Of(string kind, DateOnly start, CourtCalendar calendar, int? years, string basis, DateOnly? receiptEnd)
    {
        try
        {
            return Law.Measure.Term(Property.Kind(kind), start, calendar, years, Property.Basis(basis), receiptEnd);
        }
        catch (LawError e)
        {
            throw new RuleBroken(
                e.Reason,
                e.Field switch
                {
                    "start" => "Start",
                    "years" => "Years",
                    "receipt-end" => "ReceiptEnd",
                    var f => f,
                }
            );
        }
    }

    /// <summary>The length of a term in Chinese words: the years given, or the longest of the kind (D-01): 六个月, 一年, 二年, 三年.</summary>
    /// <param name="kind">A code of <see cref="Property.Kinds"/>.</param>
    /// <param name="years">Years that were ruled; null for the longest.</param>
    /// <param name="start">Day the term begins: the law of that day says how long it may be.</param>
    /// <exception cref="RuleBroken">No such kind.</exception>
    public static string Words(string kind, int? years, DateOnly start) =>
        (years * 12 ?? Law.Measure.MostMonths(Property.Kind(kind), start)) switch
        {
            6 => "六个月",
            12 => "一年",
            24 => "二年",
            36 => "三年",
            var months => $"{months}个月",
        };

    /// <summary>The term of a waiting measure that takes effect.</summary>
    public static MeasureTerm Activated(string kind, DateOnly on, CourtCalendar calendar, string basis) =>
        Law.Measure.Activate(Property.Kind(kind), on, calendar, Property.Basis(basis));
}
