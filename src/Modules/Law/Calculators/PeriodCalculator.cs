using System.Text.Json.Nodes;

namespace CourtOps.Law;

internal static class PeriodCalculator
{
    internal static JsonObject Run(CalculatorCall call)
    {
        var reader = call.Reader;
        var unit = reader.Choice<PeriodUnit>("unit");
        var n = reader.Count("n")!.Value;
        var procedure = reader.Choice<ProcedureKind>("procedure");
        var trigger = LawDates.ParseMoment("trigger", reader.Required("trigger"), out var hasTime);
        var custody = reader.Flag("custody");
        if (unit != PeriodUnit.Hour)
        {
            var period = Periods.Compute(DateOnly.FromDateTime(trigger), n, unit, call.Calendar, procedure, custody, call.Explain);
            return Answer(
                LawDates.Text(period.FirstDay),
                LawDates.Text(period.RawLastDay),
                LawDates.Text(period.LegalLastDay),
                period.Rolled,
                period.Provisional,
                call
            );
        }

        if (!hasTime)
            throw new LawError("trigger", LawReasons.TimeNeeded);
        var hours = Periods.Hours(trigger, n, call.Calendar, procedure, call.Explain);
        return Answer(LawDates.Text(hours.FirstHour), LawDates.Text(hours.Last), LawDates.Text(hours.Last), false, hours.Provisional, call);
    }

    private static JsonObject Answer(string first, string raw, string legal, bool rolled, bool provisional, CalculatorCall call) =>
        new()
        {
            ["firstDay"] = first,
            ["rawLastDay"] = raw,
            ["legalLastDay"] = legal,
            ["rolled"] = rolled,
            ["provisional"] = provisional,
            ["explanation"] = call.Explained(),
        };
}
