using System.Collections.Frozen;
using System.Text.Json;

namespace CourtOps.Law;

/// <summary>Limits, deduction reasons and conversions, read from <c>Data/trial-limits.json</c>.</summary>
public static class TrialLimitTable
{
    private static readonly (IReadOnlyList<TrialLimit> Limits, IReadOnlyList<DeductionReason> Deductions, IReadOnlyList<ConversionRule> Conversions) Data =
        Load();
    private static readonly FrozenDictionary<string, TrialLimit> ByCode = Data.Limits.ToFrozenDictionary(l => l.Code, StringComparer.Ordinal);
    private static readonly FrozenDictionary<string, DeductionReason> ByReason = Data.Deductions.ToFrozenDictionary(l => l.Code, StringComparer.Ordinal);

    /// <summary>All limits in the order of the table.</summary>
    public static IReadOnlyList<TrialLimit> Limits => Data.Limits;

    /// <summary>All reasons for deducting.</summary>
    public static IReadOnlyList<DeductionReason> Deductions => Data.Deductions;

    /// <summary>All lawful conversions.</summary>
    public static IReadOnlyList<ConversionRule> Conversions => Data.Conversions;

    /// <summary>The limit of a code.</summary>
    /// <param name="code">Code of B-01, exactly as written there.</param>
    /// <param name="field">Name to put into the error.</param>
    /// <exception cref="LawError">No such code; the reason names the possible ones.</exception>
    public static TrialLimit Get(string code, string field = "procedure") =>
        ByCode.TryGetValue(code ?? "", out var limit) ? limit : throw new LawError(field, LawReasons.UnknownCode, LawDates.Shown(code), Near(code ?? ""));

    /// <summary>Whether the code exists.</summary>
    public static bool Has(string code) => ByCode.ContainsKey(code);

    /// <summary>The deduction reason of a code.</summary>
    /// <exception cref="LawError">No such code.</exception>
    public static DeductionReason Reason(string code, string field = "deduct") =>
        ByReason.TryGetValue(code ?? "", out var reason)
            ? reason
            : throw new LawError(field, LawReasons.UnknownCode, LawDates.Shown(code), string.Join(", ", Deductions.Select(d => d.Code)));

    private static string Near(string code)
    {
        var near = Limits.Where(l => code.Length > 1 && l.Code.StartsWith(code, StringComparison.OrdinalIgnoreCase)).Select(l => l.Code).ToArray();
        return string.Join(", ", near.Length > 0 ? near : Limits.Select(l => l.Code));
    }

    private static (IReadOnlyList<TrialLimit> Limits, IReadOnlyList<DeductionReason> Deductions, IReadOnlyList<ConversionRule> Conversions) Load()
    {
        using var json = LawResources.Json("trial-limits.json");
        var root = json.RootElement;
        return (
            [.. root.GetProperty("limits").EnumerateArray().Select(Limit)],
            [
                .. root.GetProperty("deductions")
                    .EnumerateArray()
                    .Select(d => new DeductionReason(
                        Text(d, "code"),
                        Name(d),
                        [.. d.GetProperty("kinds").EnumerateArray().Select(k => Kind(k.GetString()!))],
                        Text(d, "article")
                    )),
            ],
            [
                .. root.GetProperty("conversions")
                    .EnumerateArray()
                    .Select(c => new ConversionRule(
                        Text(c, "from"),
                        [.. c.GetProperty("to").EnumerateArray().Select(t => t.GetString()!)],
                        Flag(c, "restarts"),
                        Text(c, "article")
                    )),
            ]
        );
    }

    private static TrialLimit Limit(JsonElement row) =>
        new(
            Text(row, "code"),
            Kind(Text(row, "kind")),
            Name(row),
            Number(row, "months"),
            Number(row, "days"),
            Flag(row, "none"),
            Flag(row, "final"),
            Text(row, "article"),
            row.TryGetProperty("extensions", out var steps) ? [.. steps.EnumerateArray().Select(Step)] : []
        );

    private static ExtensionStep Step(JsonElement row) =>
        new(
            Text(row, "approver"),
            Number(row, "months"),
            Number(row, "days"),
            Number(row, "usualMonths"),
            Number(row, "usualDays"),
            LawResources.Optional(row, "usualArticle"),
            Flag(row, "own"),
            Flag(row, "repeat"),
            Text(row, "article")
        );

    private static CaseKind Kind(string text) => Enum.Parse<CaseKind>(text, ignoreCase: true);

    private static LawText Name(JsonElement row) => new(Text(row, "zh"), Text(row, "en"));

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static int Number(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetInt32() : 0;

    private static bool Flag(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.GetBoolean();
}
