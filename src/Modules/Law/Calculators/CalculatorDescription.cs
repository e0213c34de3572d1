namespace CourtOps.Law;

/// <summary>What an argument is, for forms and usage messages.</summary>
public enum ArgumentType
{
    /// <summary>yyyy-MM-dd.</summary>
    Date,

    /// <summary>yyyy-MM-dd or yyyy-MM-ddTHH:mm.</summary>
    Moment,
    Count,

    /// <summary>Yuan with at most two decimals.</summary>
    Money,

    /// <summary>One of the choices.</summary>
    Choice,

    /// <summary>Given or not.</summary>
    Flag,

    /// <summary>yes or no.</summary>
    YesNo,
    Text,

    /// <summary>FROM..TO with an optional :CODE.</summary>
    Deduction,

    /// <summary>Nm or Nd with an optional @DATE.</summary>
    Extension,

    /// <summary>CODE@DATE.</summary>
    Conversion,

    /// <summary>TYPE:AMOUNT, or an array of objects in JSON.</summary>
    Claim,
}

/// <summary>An allowed value.</summary>
/// <param name="Value">As it is entered.</param>
/// <param name="Label">As it is shown.</param>
public sealed record ArgumentChoice(string Value, LawText Label);

/// <summary>One argument of a calculator.</summary>
/// <param name="Name">Name without dashes.</param>
/// <param name="Label">Shown beside the field.</param>
/// <param name="Type">What is entered.</param>
public sealed record CalculatorArgument(string Name, LawText Label, ArgumentType Type)
{
    public bool Required { get; init; }

    public bool Multiple { get; init; }

    public IReadOnlyList<ArgumentChoice> Choices { get; init; } = [];

    /// <summary>Value taken when none is given.</summary>
    public string? Default { get; init; }

    public LawText? Help { get; init; }

    /// <summary>Another argument on which this one depends, with the values for which it is used; null: always.</summary>
    public (string Argument, IReadOnlyList<string> Values)? When { get; init; }
}

/// <summary>What a property of an answer is, for pages and pictures.</summary>
public enum ResultType
{
    /// <summary>yyyy-MM-dd or yyyy-MM-ddTHH:mm, or null.</summary>
    Date,
    Flag,
    Money,
    Count,
    Text,

    /// <summary>Warnings with date, tier and recipients.</summary>
    Warnings,

    /// <summary>Explanation lines, reasons or breaches.</summary>
    Lines,
}

/// <summary>One property of an answer.</summary>
/// <param name="Name">Name in the JSON.</param>
/// <param name="Label">As it is shown.</param>
/// <param name="Type">What it is.</param>
public sealed record CalculatorResult(string Name, LawText Label, ResultType Type);

/// <summary>A calculator: its name as a verb, its words, its arguments.</summary>
/// <param name="Name">Name in the verb, the address and the API.</param>
/// <param name="Title">Chinese and English title.</param>
/// <param name="Purpose">One sentence.</param>
/// <param name="Arguments">In the order of a form.</param>
/// <param name="TakesJson">Whether it takes a JSON object (procedure).</param>
public sealed record CalculatorDescription(string Name, LawText Title, LawText Purpose, IReadOnlyList<CalculatorArgument> Arguments, bool TakesJson = false)
{
    /// <summary>The properties of the answer in their order.</summary>
    public IReadOnlyList<CalculatorResult> Results => CalculatorResults.Of(Name);

    /// <summary>One line of usage for a command line.</summary>
    public string Usage =>
        Name
        + string.Concat(
            Arguments.Select(a =>
            {
                var word =
                    "--"
                    + a.Name
                    + (
                        a.Type == ArgumentType.Flag ? ""
                        : a.Choices.Count is > 0 and <= 12 ? " " + string.Join("|", a.Choices.Select(c => c.Value))
                        : " " + a.Type.ToString().ToUpperInvariant()
                    );
                return " " + (a.Required ? word : "[" + word + "]") + (a.Multiple ? "…" : "");
            })
        );
}
