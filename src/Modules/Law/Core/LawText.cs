using System.Globalization;

namespace CourtOps.Law;

/// <summary>A sentence in both languages; <c>{0}</c>, <c>{1}</c> … stand for arguments.</summary>
/// <param name="Zh">Chinese (zh-CN).</param>
/// <param name="En">English.</param>
public sealed record LawText(string Zh, string En)
{
    /// <summary>Renders the sentence. Dates are written as yyyy-MM-dd, times as yyyy-MM-ddTHH:mm, texts in the same language.</summary>
    /// <param name="language">Language wanted.</param>
    /// <param name="arguments">As many as the sentence has places.</param>
    public string In(LawLanguage language, params IReadOnlyList<object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var pattern = language == LawLanguage.English ? En : Zh;
        if (arguments.Count == 0)
            return pattern;
        var words = new object?[arguments.Count];
        for (var i = 0; i < words.Length; i++)
            words[i] = Word(arguments[i], language);
        return string.Format(CultureInfo.InvariantCulture, pattern, words);
    }

    private static object? Word(object? value, LawLanguage language) =>
        value switch
        {
            DateOnly d => LawDates.Text(d),
            DateTime t => LawDates.Text(t),
            LawText t => t.In(language),
            IEnumerable<LawText> list => string.Join(language == LawLanguage.English ? ", " : "、", list.Select(t => t.In(language))),
            decimal m => m.ToString("0.00", CultureInfo.InvariantCulture),
            _ => value,
        };
}
