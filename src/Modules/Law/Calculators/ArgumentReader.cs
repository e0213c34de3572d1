using System.Globalization;

namespace CourtOps.Law;

/// <summary>Reads arguments by their description: unknown, repeated, missing and malformed ones are refused by name.</summary>
internal sealed class ArgumentReader
{
    private readonly CalculatorDescription description;
    private readonly CalculatorArguments arguments;

    internal ArgumentReader(CalculatorDescription description, CalculatorArguments arguments)
    {
        this.description = description;
        this.arguments = arguments;
        var known = description.Arguments.ToDictionary(a => a.Name, StringComparer.Ordinal);
        foreach (var name in arguments.Names)
            if (!known.ContainsKey(name))
                throw new LawError(name.Length == 0 ? "argument" : LawDates.Shown(name), LawReasons.UnknownArgument, string.Join(", ", known.Keys));
        foreach (var argument in description.Arguments)
        {
            var given = Given(argument);
            if (given.Count > 1 && !argument.Multiple)
                throw new LawError(argument.Name, LawReasons.Repeated);
            if (given.Count == 0 && argument.Required)
                throw new LawError(argument.Name, LawReasons.Missing);
            if (argument.Type == ArgumentType.Choice && argument.Choices.Count > 0)
                foreach (var value in given)
                    Choose(argument, value);
        }
    }

    internal bool Has(string name) => Given(Argument(name)).Count > 0;

    internal string? Text(string name) => Given(Argument(name)) is [var value, ..] ? value : Argument(name).Default;

    internal string Required(string name) => Text(name) ?? throw new LawError(name, LawReasons.Missing);

    internal IReadOnlyList<string> All(string name) => Given(Argument(name));

    internal DateOnly? Date(string name) => Text(name) is { } text ? LawDates.Parse(name, text) : null;

    internal DateOnly RequiredDate(string name) => LawDates.Parse(name, Required(name));

    internal DateTime? Moment(string name) => Text(name) is { } text ? LawDates.ParseMoment(name, text, out _) : null;

    internal decimal? Money(string name) => Text(name) is { } text ? Yuan.Parse(name, text) : null;

    internal bool Flag(string name) => Text(name) is { } text && YesNo(name, text);

    internal int? Count(string name) => Text(name) is { } text ? Number(name, text) : null;

    /// <summary>The value of an enum whose members are named like the choices without dashes.</summary>
    internal T Choice<T>(string name)
        where T : struct, Enum
    {
        var value = Required(name);
        return Enum.Parse<T>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
    }

    internal static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new LawError(name, CalculatorWords.NotACount, LawDates.Shown(text));

    private static bool YesNo(string name, string text) =>
        text switch
        {
            "yes" or "true" or "1" or "on" or "" => true,
            "no" or "false" or "0" or "off" => false,
            _ => throw new LawError(name, LawReasons.NotYesNo, LawDates.Shown(text)),
        };

    private static void Choose(CalculatorArgument argument, string value)
    {
        foreach (var choice in argument.Choices)
            if (choice.Value == value)
                return;
        throw new LawError(argument.Name, LawReasons.UnknownCode, LawDates.Shown(value), string.Join(", ", argument.Choices.Select(c => c.Value)));
    }

    private List<string> Given(CalculatorArgument argument) => [.. arguments.All(argument.Name).Where(v => v.Length > 0 || argument.Type == ArgumentType.Flag)];

    private CalculatorArgument Argument(string name) => description.Arguments.First(a => a.Name == name);
}
