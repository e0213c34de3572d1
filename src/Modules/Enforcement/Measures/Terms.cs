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

    /// <summary>The term of a waiting measure that takes effect.</summary>
    public static MeasureTerm Activated(string kind, DateOnly on, CourtCalendar calendar, string basis) =>
        Law.Measure.Activate(Property.Kind(kind), on, calendar, Property.Basis(basis));
}
