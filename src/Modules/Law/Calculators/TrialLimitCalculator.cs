using System.Text.Json.Nodes;

namespace CourtOps.Law;

internal static class TrialLimitCalculator
{
    internal static JsonObject Run(CalculatorCall call)
    {
        var reader = call.Reader;
        var clock = new TrialClock
        {
            Procedure = reader.Required("procedure"),
            Filed = reader.RequiredDate("filed"),
            Deductions = [.. Several(reader, "deduct").Select(Deduction)],
            Extensions = [.. Several(reader, "extend").Select(Extension)],
            Conversions = reader.Text("convert") is { } convert ? [Conversion(convert)] : [],
            Restart = reader.Date("restart"),
            Custody = reader.Flag("custody"),
        };
        var result = clock.Compute(call.Calendar, call.TrialSettings, call.Explain);
        return new JsonObject
        {
            ["baseEnd"] = CalculatorCall.Day(result.BaseEnd),
            ["end"] = CalculatorCall.Day(result.End),
            ["legalEnd"] = CalculatorCall.Day(result.LegalEnd),
            ["lastDayToApply"] = CalculatorCall.Day(result.LastDayToApply),
            ["internalLastDayToApply"] = CalculatorCall.Day(result.InternalLastDayToApply),
            ["decisionDue"] = CalculatorCall.Day(result.DecisionDue),
            ["internalDecisionDue"] = CalculatorCall.Day(result.InternalDecisionDue),
            ["approver"] = result.Approver,
            ["warnings"] = CalculatorCall.Warnings(result.Warnings),
            ["breaches"] = new JsonArray([.. result.Breaches.Select(b => (JsonNode)Breach(b, call.Language))]),
            ["provisional"] = result.Provisional,
            ["explanation"] = call.Explained(),
        };
    }

    private static IReadOnlyList<string> Several(ArgumentReader reader, string name)
    {
        var all = reader.All(name);
        return all.Count <= TrialClock.MostItems ? all : throw new LawError(name, CalculatorWords.TooMany, TrialClock.MostItems);
    }

    private static JsonObject Breach(Breach breach, LawLanguage language)
    {
        var line = CalculatorCall.Line(breach.Line(language));
        line.Insert(0, "code", breach.Code);
        return line;
    }

    private static Deduction Deduction(string text)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
            throw new LawError("deduct", CalculatorWords.NotADeduction, LawDates.Shown(text));
        var rest = text[(dots + 2)..];
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        var from = LawDates.Parse("deduct", text[..dots]);
        var to = LawDates.Parse("deduct", colon < 0 ? rest : rest[..colon]);
        return new Deduction(from, to, colon < 0 ? null : TrialLimitTable.Reason(rest[(colon + 1)..]).Code);
    }

    private static LimitExtension Extension(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var length = at < 0 ? text : text[..at];
        if (length.Length < 2 || length[^1] is not ('m' or 'd') || length.AsSpan(0, length.Length - 1).ContainsAnyExceptInRange('0', '9') || length.Length > 6)
            throw new LawError("extend", CalculatorWords.NotAnExtension, LawDates.Shown(text));
        var n = ArgumentReader.Number("extend", length[..^1]);
        return new LimitExtension(n, length[^1] == 'm' ? PeriodUnit.Month : PeriodUnit.Day, at < 0 ? null : LawDates.Parse("extend", text[(at + 1)..]));
    }

    private static Conversion Conversion(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0
            ? new Conversion(text[..at], LawDates.Parse("convert", text[(at + 1)..]))
            : throw new LawError("convert", CalculatorWords.NotAConversion, LawDates.Shown(text));
    }
}
