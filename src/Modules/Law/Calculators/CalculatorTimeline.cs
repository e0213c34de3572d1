using System.Text.Json.Nodes;

namespace CourtOps.Law;

/// <summary>A point on the picture of an answer.</summary>
/// <param name="Date">Day.</param>
/// <param name="Label">What it is.</param>
/// <param name="Kind">given, result or warning.</param>
public sealed record TimelinePoint(DateOnly Date, string Label, string Kind);

/// <summary>The dates of a calculator's arguments and answer in order, for a timeline.</summary>
public static class CalculatorTimeline
{
    /// <summary>Collects the points: dates given, dates found, warnings.</summary>
    /// <param name="name">Name of the calculator.</param>
    /// <param name="arguments">What was asked.</param>
    /// <param name="answer">What <see cref="Calculators.Run"/> gave.</param>
    /// <param name="language">Language of the labels.</param>
    /// <exception cref="LawError">Field name: no such calculator.</exception>
    public static IReadOnlyList<TimelinePoint> Of(string name, CalculatorArguments arguments, JsonObject answer, LawLanguage language = LawLanguage.Chinese)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(answer);
        var description = Calculators.Describe(name);
        var points = new List<TimelinePoint>();
        foreach (var argument in description.Arguments)
        {
            if (argument.Type is not (ArgumentType.Date or ArgumentType.Moment))
                continue;
            foreach (var text in arguments.All(argument.Name))
                Add(points, text, argument.Label.In(language), "given");
        }

        foreach (var result in description.Results)
        {
            if (result.Type == ResultType.Date)
                Add(points, (string?)answer[result.Name], result.Label.In(language), "result");
            if (result.Type != ResultType.Warnings || answer[result.Name] is not JsonArray warnings)
                continue;
            foreach (var warning in warnings)
                Add(points, (string?)warning!["date"], (string)warning["tier"]!, "warning");
        }

        return [.. points.OrderBy(p => p.Date)];
    }

    private static void Add(List<TimelinePoint> points, string? text, string label, string kind)
    {
        if (
            text is { Length: >= 10 }
            && DateOnly.TryParseExact(
                text.AsSpan(0, 10),
                "yyyy-MM-dd",
                System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.None,
                out var day
            )
        )
            points.Add(new TimelinePoint(day, label, kind));
    }
}
