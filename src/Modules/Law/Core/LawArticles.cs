using System.Collections.Frozen;
using System.Text.Json;

namespace CourtOps.Law;

/// <summary>All articles and defaults the rules name, read from <c>Data/articles.json</c>.</summary>
public static class LawArticles
{
    private static readonly FrozenDictionary<string, LawArticle[]> ByKey = Load();

    /// <summary>Every version of every article.</summary>
    public static IEnumerable<LawArticle> All => ByKey.Values.SelectMany(v => v).OrderBy(a => a.Key, StringComparer.Ordinal).ThenBy(a => a.From);

    /// <summary>The article as it stood on a day; the version in force when no day is given; the nearest one when none covers the day.</summary>
    /// <param name="key">Key such as <c>CPL-85</c>.</param>
    /// <param name="on">The day whose law applies.</param>
    /// <exception cref="LawError">No article has this key.</exception>
    public static LawArticle Get(string key, DateOnly? on = null)
    {
        if (!ByKey.TryGetValue(key, out var versions))
            throw new LawError("article", LawReasons.UnknownArticle, key);
        if (on is not { } day)
            return versions[^1];
        foreach (var version in versions)
            if (version.AppliesOn(day))
                return version;
        return versions[0].From > day ? versions[0] : versions[^1];
    }

    private static FrozenDictionary<string, LawArticle[]> Load()
    {
        using var json = LawResources.Json("articles.json");
        var laws = json.RootElement.GetProperty("laws").EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        var list = new List<LawArticle>();
        foreach (var row in json.RootElement.GetProperty("articles").EnumerateArray())
        {
            var law = laws[row.GetProperty("law").GetString()!];
            list.Add(
                new LawArticle(
                    row.GetProperty("key").GetString()!,
                    new LawText(law.GetProperty("zh").GetString()!, law.GetProperty("en").GetString()!),
                    LawResources.Optional(row, "no") ?? "",
                    LawResources.OptionalDate(row, "from") ?? LawResources.OptionalDate(law, "from"),
                    LawResources.OptionalDate(row, "to") ?? LawResources.OptionalDate(law, "to"),
                    Enum.Parse<LawTag>(row.GetProperty("tag").GetString()!),
                    new LawText(row.GetProperty("zh").GetString()!, row.GetProperty("en").GetString()!)
                )
            );
        }

        return list.GroupBy(a => a.Key, StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => g.OrderBy(a => a.From ?? DateOnly.MinValue).ToArray(), StringComparer.Ordinal);
    }
}
