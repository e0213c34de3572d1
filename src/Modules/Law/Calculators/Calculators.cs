using System.Text.Json.Nodes;

namespace CourtOps.Law;

/// <summary>
/// All calculators behind one door: named texts in, the JSON object of DOORS.md out. The verb, the API and the page are thin
/// over it.
/// </summary>
public static class Calculators
{
    private static readonly Dictionary<string, (CalculatorDescription Description, Func<CalculatorCall, JsonObject> Run)> ByName = new(StringComparer.Ordinal)
    {
        ["period"] = (CalculatorForms.Period, PeriodCalculator.Run),
        ["trial-limit"] = (CalculatorForms.TrialLimit, TrialLimitCalculator.Run),
        ["service"] = (ServiceForm.Service, ServiceCalculator.Run),
        ["fee"] = (CalculatorForms.Fee, MoneyCalculators.Fee),
        ["procedure"] = (ProcedureForm.Procedure, ProcedureCalculator.Run),
        ["measure"] = (CalculatorForms.Measure, MeasureCalculator.Run),
        ["auction"] = (CalculatorForms.Auction, MoneyCalculators.Auction),
        ["penalty-interest"] = (CalculatorForms.PenaltyInterest, MoneyCalculators.PenaltyInterest),
        ["parse-case-number"] = (CalculatorForms.CaseNumber, CaseNumberCalculator.Run),
    };

    /// <summary>Descriptions of all calculators in the order of a menu.</summary>
    public static IReadOnlyList<CalculatorDescription> All { get; } = [.. ByName.Values.Select(c => c.Description)];

    /// <summary>The description of a calculator.</summary>
    /// <exception cref="LawError">Field name.</exception>
    public static CalculatorDescription Describe(string name) =>
        ByName.TryGetValue(name ?? "", out var found)
            ? found.Description
            : throw new LawError("name", LawReasons.UnknownCalculator, LawDates.Shown(name), string.Join(", ", ByName.Keys));

    /// <summary>Runs a calculator.</summary>
    /// <param name="name">Name such as period or trial-limit.</param>
    /// <param name="arguments">Arguments as entered.</param>
    /// <param name="calendars">Where the calendar comes from; it is asked for <paramref name="court"/>.</param>
    /// <param name="language">Language of the explanation.</param>
    /// <param name="figures">Provinces' figures; the shipped ones by default.</param>
    /// <param name="court">Court whose local days count; null: none.</param>
    /// <param name="trialSettings">What the court has set about limits.</param>
    /// <param name="serviceSettings">What the court has set about service.</param>
    /// <returns>The object of DOORS.md.</returns>
    /// <exception cref="LawError">The field is the argument's name without dashes.</exception>
    public static JsonObject Run(
        string name,
        CalculatorArguments arguments,
        ICalendarSource calendars,
        LawLanguage language = LawLanguage.Chinese,
        ProvinceFigures? figures = null,
        string? court = null,
        TrialClockSettings? trialSettings = null,
        ServiceSettings? serviceSettings = null
    )
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(calendars);
        var description = Describe(name);
        if (arguments.Input is not null && !description.TakesJson)
            throw new LawError("input", LawReasons.NotUsedHere, name);
        var reader = new ArgumentReader(description, arguments);
        return ByName[name]
            .Run(new CalculatorCall(reader, arguments, calendars.For(court), language, figures ?? ProvinceFigures.BuiltIn, trialSettings, serviceSettings));
    }
}

/// <summary>One call of a calculator.</summary>
internal sealed record CalculatorCall(
    ArgumentReader Reader,
    CalculatorArguments Arguments,
    CourtCalendar Calendar,
    LawLanguage Language,
    ProvinceFigures Figures,
    TrialClockSettings? TrialSettings,
    ServiceSettings? ServiceSettings
)
{
    internal Explanation Explain { get; } = new();

    internal JsonArray Explained() => Lines(Explain.Render(Language));

    internal static JsonArray Lines(IEnumerable<ExplanationLine> lines) => [.. lines.Select(l => (JsonNode)Line(l))];

    internal static JsonObject Line(ExplanationLine line) =>
        new JsonObject
        {
            ["text"] = line.Text,
            ["date"] = line.Date,
            ["source"] = line.Source,
            ["tag"] = line.Tag.ToString(),
        };

    internal static JsonNode? Day(DateOnly? day) => day is { } d ? JsonValue.Create(LawDates.Text(d)) : null;

    internal static JsonArray Warnings(IEnumerable<Warning> warnings) =>
        [
            .. warnings.Select(w => new JsonObject
            {
                ["date"] = LawDates.Text(w.Date),
                ["tier"] = w.Tier,
                ["to"] = new JsonArray([.. w.To.Select(t => (JsonNode)JsonValue.Create(t))]),
            }),
        ];

    internal static JsonNode? Yuans(decimal? amount) => amount is { } a ? JsonValue.Create(Yuan.Text(a)) : null;
}
