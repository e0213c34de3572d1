namespace CourtOps.Law;

/// <summary>
/// Collects the steps of a computation as codes and arguments; they become words only when <see cref="Render"/> is called.
/// Rule functions take it as an optional argument and do no work for it when it is null.
/// </summary>
public sealed class Explanation
{
    private readonly List<Step> steps = [];

    /// <summary>Number of steps so far.</summary>
    public int Count => steps.Count;

    /// <summary>Adds a step.</summary>
    /// <param name="text">Sentence with places.</param>
    /// <param name="date">Date the step arrives at, if any.</param>
    /// <param name="article">Key of an article of <see cref="LawArticles"/>.</param>
    /// <param name="on">The day whose law applies; it chooses the version of the article.</param>
    /// <param name="arguments">What fills the places.</param>
    public void Add(LawText text, DateOnly? date, string article, DateOnly? on, params object?[] arguments) =>
        steps.Add(new Step(text, date is { } d ? LawDates.Text(d) : null, article, on, arguments, null));

    /// <summary>Adds a step whose source is not in the shipped data, such as a province's own figure.</summary>
    /// <param name="text">Sentence with places.</param>
    /// <param name="source">Where it comes from, with its tag.</param>
    /// <param name="arguments">What fills the places.</param>
    public void AddFrom(LawText text, LawArticle source, params object?[] arguments) => steps.Add(new Step(text, null, "", null, arguments, source));

    /// <summary>Adds a step that arrives at a time of day.</summary>
    /// <param name="text">Sentence with places.</param>
    /// <param name="time">Time the step arrives at, China time.</param>
    /// <param name="article">Key of an article of <see cref="LawArticles"/>.</param>
    /// <param name="arguments">What fills the places.</param>
    public void AddTime(LawText text, DateTime time, string article, params object?[] arguments) =>
        steps.Add(new Step(text, LawDates.Text(time), article, DateOnly.FromDateTime(time), arguments, null));

    /// <summary>The steps in words.</summary>
    /// <param name="language">Language wanted; Chinese by default.</param>
    public IReadOnlyList<ExplanationLine> Render(LawLanguage language = LawLanguage.Chinese)
    {
        var lines = new ExplanationLine[steps.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            var step = steps[i];
            var article = step.Source ?? LawArticles.Get(step.Article, step.On);
            lines[i] = new ExplanationLine(step.Text.In(language, step.Arguments), step.Date, article.Source(language), article.Tag);
        }

        return lines;
    }

    private sealed record Step(LawText Text, string? Date, string Article, DateOnly? On, object?[] Arguments, LawArticle? Source);
}
