using System.Globalization;

namespace CourtOps.Workzone;

/// <summary>The order of names that people expect: by pinyin, family names as they are read as such (重 Chóng, 单 Shàn, 解 Xiè). Pure.</summary>
public sealed class PersonOrder : IComparer<string>
{
    public static readonly PersonOrder Instance = new();

    private static readonly CompareInfo Pinyin = CultureInfo.GetCultureInfo("zh-CN").CompareInfo;

    // a sign that is read as the family name, beside it
    private static readonly Dictionary<char, char> Read = Pairs(
        "重虫单善解谢仇求查扎盖葛区欧曾增翟宅缪妙纪挤朴飘繁婆员运召绍祭债冼显覃秦洗显晟成黑贺种虫折舌乜聂任人澹谈"
    );

    public int Compare(string? x, string? y)
    {
        var by = Pinyin.Compare(Key(x), Key(y), CompareOptions.None);
        return by != 0 ? by : string.CompareOrdinal(x, y);
    }

    private static string Key(string? name)
    {
        var seen = Written.Name(name);
        if (seen.Length == 0)
            return seen;
        // 万 is read Mò in 万俟 alone, 尉 Yù in 尉迟, 长 Zhǎng in 长孙
        var first = seen[0] switch
        {
            '万' => seen.StartsWith("万俟", StringComparison.Ordinal) ? '墨' : '万',
            '尉' => seen.StartsWith("尉迟", StringComparison.Ordinal) ? '玉' : '尉',
            '长' => seen.StartsWith("长孙", StringComparison.Ordinal) ? '掌' : '长',
            var c => Read.GetValueOrDefault(c, c),
        };
        return first + seen[1..];
    }

    private static Dictionary<char, char> Pairs(string text) => Enumerable.Range(0, text.Length / 2).ToDictionary(i => text[2 * i], i => text[(2 * i) + 1]);
}

/// <summary>Lists of people in the order of <see cref="PersonOrder"/>.</summary>
public static class PersonOrderExtensions
{
    public static IReadOnlyList<T> ByName<T>(this IEnumerable<T> people, Func<T, string?> name) =>
        [.. people.OrderBy(p => name(p) ?? "", PersonOrder.Instance)];
}
