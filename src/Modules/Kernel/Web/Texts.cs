using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;

namespace CourtOps.Kernel.Web;

/// <summary>
/// The words of the product. The Chinese text is the key; English and Korean lie in Texts/en.json and Texts/ko.json of each project
/// (a larger capability has its own file: Texts/en-orders.json).
/// A code such as "order.state.queued" is a key of its own, with its Chinese in Texts/zh-CN.json.
/// </summary>
public sealed class TextCatalogue
{
    private readonly FrozenDictionary<string, FrozenDictionary<string, string>> languages;

    public TextCatalogue(ModuleList modules, params System.Reflection.Assembly[] more)
    {
        var assemblies = modules.All.Select(m => m.Assembly).Concat(more).Append(typeof(TextCatalogue).Assembly).Distinct().ToList();
        languages = new[] { "zh-CN", "en", "ko" }.ToFrozenDictionary(l => l, l => Load(assemblies, l));
    }

    public string Find(string language, string key)
    {
        if (languages.TryGetValue(language, out var texts) && texts.TryGetValue(key, out var text))
            return text;
        // Korean covers what parties read; the rest falls back to Chinese, the court's language.
        return languages["zh-CN"].TryGetValue(key, out var chinese) ? chinese : key;
    }

    public bool Has(string language, string key) => languages.TryGetValue(language, out var t) && t.ContainsKey(key);

    private static FrozenDictionary<string, string> Load(IEnumerable<System.Reflection.Assembly> assemblies, string language)
    {
        var all = new Dictionary<string, string>();
        foreach (var assembly in assemblies)
        foreach (
            var name in assembly
                .GetManifestResourceNames()
                .Where(n => n.EndsWith($".Texts.{language}.json", StringComparison.Ordinal) || n.Contains($".Texts.{language}-", StringComparison.Ordinal))
        )
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            foreach (var (key, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!)
                all[key] = text;
        }
        return all.ToFrozenDictionary();
    }
}

/// <summary>The words in the language of this request.</summary>
public sealed class Texts(TextCatalogue dictionary)
{
    /// <summary>zh-CN, en or ko.</summary>
    public string Language { get; set; } = "zh-CN";

    public string this[string key] => dictionary.Find(Language, key);

    /// <summary>A refusal in the language of this request; labels among its values too.</summary>
    public string Of(RuleBroken refusal) => Of(refusal.Said, refusal.Message);

    public string Of(Conflict conflict) => Of(conflict.Said, conflict.Message);

    /// <summary>Words that were kept with a row, see <see cref="Said.Stored"/>; what a person typed stays as it is.</summary>
    public string? Kept(string? said, string? message) => message is null ? null : Of(Said.Read(said), message);

    private string Of(Said? said, string message) =>
        said is null ? this[message] : this[said.Key, [.. said.Values.Select(v => v is string word ? this[word] : v)]];

    public string this[string key, params object?[] args] => string.Format(CultureInfo.InvariantCulture, dictionary.Find(Language, key), args);
}
