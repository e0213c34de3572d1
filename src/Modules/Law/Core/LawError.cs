namespace CourtOps.Law;

/// <summary>
/// The one error this library declares: an input that cannot be computed. It names the field (the argument's name
/// without dashes, or a path such as <c>days[3].date</c>) and the reason.
/// </summary>
#pragma warning disable CA1710 // named like the three other outcomes: RuleBroken, NotFound, Conflict
public sealed class LawError : Exception
#pragma warning restore CA1710
{
    private readonly LawText reason;
    private readonly object?[] arguments;

    /// <summary>Creates the error.</summary>
    /// <param name="field">Argument or property that is wrong.</param>
    /// <param name="reason">Why, in both languages.</param>
    /// <param name="arguments">What fills the places of the reason.</param>
    public LawError(string field, LawText reason, params object?[] arguments)
        : base(field + ": " + (reason ?? throw new ArgumentNullException(nameof(reason))).In(LawLanguage.English, arguments))
    {
        Field = field;
        this.reason = reason;
        this.arguments = arguments;
    }

    /// <summary>Argument or property that is wrong.</summary>
    public string Field { get; }

    /// <summary>Why, in Chinese.</summary>
    public string Reason => ReasonIn(LawLanguage.Chinese);

    /// <summary>Why, in the language asked for.</summary>
    public string ReasonIn(LawLanguage language) => reason.In(language, arguments);

    /// <summary>The same error under another field name, for callers whose argument is named differently.</summary>
    public LawError At(string field) => new(field, reason, arguments);
}
