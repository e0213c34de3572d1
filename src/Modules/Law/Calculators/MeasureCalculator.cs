using System.Text.Json.Nodes;

namespace CourtOps.Law;

internal static class MeasureCalculator
{
    internal static JsonObject Run(CalculatorCall call)
    {
        var reader = call.Reader;
        var term = Measure.Term(
            reader.Choice<MeasureKind>("kind"),
            reader.RequiredDate("start"),
            call.Calendar,
            reader.Count("years"),
            reader.Choice<MeasureBasis>("basis"),
            reader.Date("receipt-end"),
            call.Explain
        );
        return new JsonObject
        {
            ["end"] = LawDates.Text(term.End),
            ["lastRenewal"] = LawDates.Text(term.LastRenewal),
            ["courtLastDay"] = LawDates.Text(term.CourtLastDay),
            ["warnings"] = CalculatorCall.Warnings(term.Warnings),
            ["differs"] = term.Differs,
            ["explanation"] = call.Explained(),
        };
    }
}

internal static class CaseNumberCalculator
{
    internal static JsonObject Run(CalculatorCall call)
    {
        var number = CaseNumber.Parse(call.Reader.Required("text"));
        return new JsonObject
        {
            ["year"] = number.Year,
            ["court"] = number.Court,
            ["special"] = number.Special,
            ["type"] = number.Type,
            ["serial"] = number.SerialValue,
            ["suffix"] = number.Suffix,
            ["canonical"] = number.Canonical,
            ["legacy"] = number.Legacy,
        };
    }
}
