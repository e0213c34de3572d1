using System.Globalization;
using System.Text.RegularExpressions;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Search;

namespace CourtOps.Enforcement.Linkage;

/// <summary>
/// What an answer in words says, to fill a form with; a person looks at it. Pure. Dates are read as 2026-03-02, 2026/3/2, 2026.3.2 or 2026年3月2日, sums in 元
/// or 万元.
/// </summary>
/// <param name="Done">Nothing in it says that the act was not done.</param>
/// <param name="On">The last day named that is not later than the answer; null where none is.</param>
/// <param name="End">The last day named that is later than the answer; null where none is.</param>
/// <param name="Amount">Yuan: the sum behind 实际 where one is, otherwise the first; null where none is named.</param>
internal sealed partial record AnswerReading(bool Done, DateOnly? On, DateOnly? End, decimal? Amount)
{
    private static readonly string[] Refusals = ["未能", "无法", "不能", "不予", "拒绝", "查无", "失败", "未办", "未冻结", "未查封", "不存在", "没有办"];

    /// <param name="answer">As the agency wrote it.</param>
    /// <param name="answeredOn">The day it answered.</param>
    public static AnswerReading Read(string answer, DateOnly answeredOn)
    {
        var text = answer.Folded();
        var days = Days().Matches(text).Select(Day).OfType<DateOnly>().ToList();
        var sums = Sums().Matches(text);
        var sum = sums.FirstOrDefault(s => s.Groups["real"].Success) ?? sums.FirstOrDefault();
        return new(
            !Refusals.Any(text.Contains),
            Last(days.Where(d => d <= answeredOn)),
            Last(days.Where(d => d > answeredOn)),
            sum is not null && decimal.TryParse(sum.Groups["n"].Value.Replace(",", ""), CultureInfo.InvariantCulture, out var yuan)
                ? yuan * (sum.Groups["wan"].Success ? 10_000 : 1)
                : null
        );
    }

    private static DateOnly? Last(IEnumerable<DateOnly> days) => days.Select(d => (DateOnly?)d).Max();

    private static DateOnly? Day(Match m) =>
        DateOnly.TryParseExact(
            $"{m.Groups["y"].Value}-{m.Groups["m"].Value}-{m.Groups["d"].Value}",
            "yyyy-M-d",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var day
        )
            ? day
            : null;

    [GeneratedRegex(@"(?<![0-9])(?<y>20[0-9]{2})[-/.年](?<m>[0-9]{1,2})[-/.月](?<d>[0-9]{1,2})(?![0-9])", RegexOptions.ExplicitCapture)]
    private static partial Regex Days();

    [GeneratedRegex(@"(?<real>实际[^0-9。;,]{0,8})?(?<n>[0-9][0-9,]{0,14}([.][0-9]{1,2})?) ?(?<wan>万)?元", RegexOptions.ExplicitCapture)]
    private static partial Regex Sums();
}

/// <summary>Which measures an answer can be of. Pure.</summary>
internal static class FillRules
{
    /// <summary>What can be asked of an agency that changes a measure.</summary>
    public static bool IsOfMeasure(string act) => act is "freeze" or "seal" or "renew" or "release" or "deduct";

    /// <summary>Whether what was asked can have been done with this measure as it stands.</summary>
    public static bool Fits(string act, MeasureRow m) =>
        act switch
        {
            "freeze" => m.Act == "freeze" && MeasureState.IsLive(m.State),
            "seal" => m.Act is "seal" or "seize" && MeasureState.IsLive(m.State),
            "renew" => m.State is MeasureState.Active or MeasureState.Lapsed,
            "release" => MeasureState.IsLive(m.State),
            "deduct" => m is { Kind: "deposit", State: MeasureState.Active, Place: 1, Basis: "enforcement" },
            _ => false,
        };

    /// <summary>The measures that fit, the likely ones first: kept by this agency, then by nobody named, each the one not yet served first.</summary>
    public static IReadOnlyList<MeasureRow> Order(string act, string agency, IEnumerable<MeasureRow> measures) =>
        [
            .. measures
                .Where(m => Fits(act, m))
                .OrderBy(m =>
                    m.Authority == agency ? 0
                    : m.Authority.Length == 0 ? 1
                    : 2
                )
                .ThenBy(m => m.State == MeasureState.Ruled ? 0 : 1)
                .ThenBy(m => m.Id),
        ];

    /// <summary>The one measure it must be of: the only one kept by the agency or by nobody named; null where a person must choose.</summary>
    public static MeasureRow? Likely(string agency, IReadOnlyList<MeasureRow> ordered)
    {
        var own = ordered.Where(m => m.Authority == agency).ToList();
        if (own.Count == 0)
            own = [.. ordered.Where(m => m.Authority.Length == 0)];
        return own.Count == 1 ? own[0] : null;
    }
}
