namespace CourtOps.Law;

/// <summary>A warning before or at the end of a limit or measure.</summary>
/// <param name="Date">Day of delivery, already moved to a working day.</param>
/// <param name="Tier">D-30 …, due, overdue.</param>
/// <param name="To">Codes of the people who get it.</param>
public sealed record Warning(DateOnly Date, string Tier, IReadOnlyList<string> To);

/// <summary>Something that does not agree with the rules; the computation shows it and goes on.</summary>
/// <param name="Code">Stable code such as <c>extension-late</c>.</param>
/// <param name="Words">What is wrong.</param>
/// <param name="Arguments">What fills the places.</param>
/// <param name="Date">Day concerned.</param>
/// <param name="Article">Key of the rule that is not kept.</param>
public sealed record Breach(string Code, LawText Words, IReadOnlyList<object?> Arguments, DateOnly? Date, string Article)
{
    /// <summary>The breach in words with its source.</summary>
    public ExplanationLine Line(LawLanguage language = LawLanguage.Chinese)
    {
        var article = LawArticles.Get(Article, Date);
        return new ExplanationLine(Words.In(language, Arguments), Date is { } d ? LawDates.Text(d) : null, article.Source(language), article.Tag);
    }
}

/// <summary>The limit of a case. All dates are null where the procedure has no limit (MC-FOR).</summary>
public sealed record TrialClockResult
{
    /// <summary>Procedure in force after conversions.</summary>
    public required TrialLimit Limit { get; init; }

    /// <summary>Day from which the base counts: filing, restart or criminal conversion.</summary>
    public required DateOnly Base { get; init; }

    /// <summary>Raw end of the base.</summary>
    public DateOnly? BaseEnd { get; init; }

    /// <summary>Raw end after deductions and extensions.</summary>
    public DateOnly? End { get; init; }

    /// <summary>The end rolled over holidays; equal to <see cref="End"/> in criminal custody.</summary>
    public DateOnly? LegalEnd { get; init; }

    /// <summary>Days deducted.</summary>
    public int DeductedDays { get; init; }

    /// <summary>Last day to apply for the next extension, raw; null where none is possible or no gate is set.</summary>
    public DateOnly? LastDayToApply { get; init; }

    /// <summary>The last working day not later.</summary>
    public DateOnly? InternalLastDayToApply { get; init; }

    /// <summary>Day by which the extension is decided, raw.</summary>
    public DateOnly? DecisionDue { get; init; }

    /// <summary>The last working day not later.</summary>
    public DateOnly? InternalDecisionDue { get; init; }

    /// <summary>Who approves the next extension; null where none is possible.</summary>
    public string? Approver { get; init; }

    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    public IReadOnlyList<Breach> Breaches { get; init; } = [];

    /// <summary>Whether a date falls in a year whose arrangement is not loaded.</summary>
    public bool Provisional { get; init; }

    /// <summary>First day on which the case is overdue, by the court's setting.</summary>
    public DateOnly? OverdueFrom { get; init; }
}
