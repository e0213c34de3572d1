namespace CourtOps.Law;

/// <summary>One article as it stood between two dates, or one default that stands where no article does.</summary>
/// <param name="Key">Name used in code and data, for example <c>CPL-85</c>.</param>
/// <param name="Law">Name of the law or document; empty for a default of this product.</param>
/// <param name="Number">Article number within it; empty where none is known.</param>
/// <param name="From">First day this version applies; null when not recorded.</param>
/// <param name="To">Last day this version applies; null while in force.</param>
/// <param name="Tag">How well it is known.</param>
/// <param name="Meaning">What it says, in our own short words.</param>
public sealed record LawArticle(string Key, LawText Law, string Number, DateOnly? From, DateOnly? To, LawTag Tag, LawText Meaning)
{
    private static readonly LawText Article = new("{0}第{1}条", "{0}, art. {1}");
    private static readonly LawText Excerpt = new("仅见摘录、未核全文，不作法律依据：{0}", "only an excerpt was read, not shown as law: {0}");
    private static readonly LawText Practice = new("地方实务，非法律规定：{0}", "local practice, not law: {0}");
    private static readonly LawText Unread = new("通行做法、未核原文，不作法律依据：{0}", "common practice, text not verified, not shown as law: {0}");
    private static readonly LawText Default = new("系统默认值，非法律规定，可配置：{0}", "default of the system, not law, configurable: {0}");

    /// <summary>Where it comes from, in words. Anything not tagged T says first that it is practice or a default.</summary>
    public string Source(LawLanguage language)
    {
        var name = Number.Length > 0 ? Article.In(language, Law, Number) : Law.In(language);
        return Tag switch
        {
            LawTag.T => name,
            LawTag.X => Excerpt.In(language, name),
            LawTag.C => Practice.In(language, name),
            LawTag.K => Unread.In(language, name),
            _ => Default.In(language, Meaning),
        };
    }

    /// <summary>Whether this version applies on the day.</summary>
    public bool AppliesOn(DateOnly day) => (From is null || From <= day) && (To is null || day <= To);
}
