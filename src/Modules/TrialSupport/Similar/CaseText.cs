using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.TrialSupport.Checks;

namespace CourtOps.TrialSupport.Similar;

/// <summary>What of a judgment or a description is compared.</summary>
/// <param name="Articles">"民法典577".</param>
/// <param name="Amount">The largest sum, in yuan; null without one.</param>
internal sealed partial record CaseText(string Text, string Cause, IReadOnlySet<string> Articles, decimal? Amount)
{
    public const int MostBytes = 10 << 20;

    public static CaseText Read(string path)
    {
        if (new FileInfo(path).Length > MostBytes)
            throw new RuleBroken($"{path} is larger than 10 MB.", "file");
        var raw = File.ReadAllText(path);
        if (!Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase))
            return Of(raw);
        try
        {
            using var json = JsonDocument.Parse(raw);
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("text", out var text)
                && text.ValueKind == JsonValueKind.String
                ? Of(text.GetString()!)
                : throw new RuleBroken($"{path} has no “text”.", "file");
        }
        catch (JsonException e)
        {
            throw new RuleBroken($"{path} is no JSON: {e.Message}", "file");
        }
    }

    public static CaseText Of(string raw)
    {
        var text = Names().Replace(raw.Folded(), "某");
        var cause = CauseOf().Match(text) is { Success: true } m ? m.Groups[1].Value : "";
        var articles = Paper
            .Citations(new Para(1, raw))
            .Where(c => c.Number is not null)
            .Select(c => c.Law.Replace("中华人民共和国", "", StringComparison.Ordinal) + c.Number!.Value.ToString(CultureInfo.InvariantCulture))
            .ToHashSet();
        var sums = Paper.Sums(text).Select(s => s.Yuan).ToList();
        return new CaseText(text, cause, articles, sums.Count > 0 ? sums.Max() : null);
    }

    // people's names tell nothing of likeness: 张某甲, 李某某, 王某1
    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}某[某甲乙丙丁戊己庚辛壬癸\d]{0,2}")]
    private static partial Regex Names();

    [GeneratedRegex(@"([\u4e00-\u9fff]{2,16}?(?:纠纷|罪))(?:一案|[，,。、])")]
    private static partial Regex CauseOf();
}
