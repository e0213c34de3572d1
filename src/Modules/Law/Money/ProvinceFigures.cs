using System.Globalization;
using System.Text.Json;

namespace CourtOps.Law;

/// <summary>The yearly average wage that a province's high court has named for small claims (E-04).</summary>
/// <param name="Province">Province sign.</param>
/// <param name="Wage">W in yuan.</param>
/// <param name="From">First day it applies to filings.</param>
/// <param name="To">Last day; null when no successor is known.</param>
/// <param name="Tag">How well it is known.</param>
/// <param name="Name">The notice.</param>
public sealed record WageFigure(string Province, decimal Wage, DateOnly From, DateOnly? To, LawTag Tag, LawText Name)
{
    /// <summary>The notice as a source of an explanation.</summary>
    internal LawArticle Source => new("W-" + Province, Name, "", From, To, Tag, Name);
}

/// <summary>A fee base that a province has set within the range of the law.</summary>
public sealed record FeeBaseFigure(string Province, FeeKind Kind, decimal Amount, DateOnly From, LawTag Tag);

/// <summary>Provinces' dated figures. A court's own notice is added by the host; see <see cref="With"/>.</summary>
public sealed class ProvinceFigures
{
    private static readonly Lazy<ProvinceFigures> Shipped = new(Load);

    private ProvinceFigures(IReadOnlyList<WageFigure> wages, IReadOnlyList<FeeBaseFigure> bases)
    {
        Wages = wages;
        FeeBases = bases;
    }

    /// <summary>The figures shipped with this library; some have lapsed.</summary>
    public static ProvinceFigures BuiltIn => Shipped.Value;

    public IReadOnlyList<WageFigure> Wages { get; }

    public IReadOnlyList<FeeBaseFigure> FeeBases { get; }

    /// <summary>These figures and more.</summary>
    public ProvinceFigures With(IEnumerable<WageFigure> wages, IEnumerable<FeeBaseFigure>? bases = null) =>
        new([.. Wages, .. wages], [.. FeeBases, .. bases ?? []]);

    /// <summary>
    /// The wage for a filing, and whether it is provisional: lapsed, or in use for a year or more without successor (the
    /// figure changes each year), or only later than the filing.
    /// </summary>
    /// <param name="province">Province sign.</param>
    /// <param name="filed">Day of filing.</param>
    /// <returns>Null when nothing is known for the province.</returns>
    public (WageFigure Figure, bool Provisional)? Wage(string province, DateOnly filed)
    {
        WageFigure? best = null;
        foreach (var figure in Wages)
        {
            if (figure.Province != province)
                continue;
            if (best is null || (figure.From <= filed && (best.From > filed || figure.From > best.From)) || (best.From > filed && figure.From < best.From))
                best = figure;
        }

        if (best is null)
            return null;
        var provisional = best.From > filed || best.To < filed || (best.To is null && filed >= best.From.AddYears(1));
        return (best, provisional);
    }

    /// <summary>The fee base a province has set, if known.</summary>
    public decimal? FeeBase(string province, FeeKind kind) =>
        FeeBases.Where(b => b.Province == province && b.Kind == kind).OrderBy(b => b.From).LastOrDefault()?.Amount;

    /// <summary>Refuses what is no province sign.</summary>
    /// <exception cref="LawError">Not one of the signs of E-07.</exception>
    public static string CheckSign(string field, string sign) =>
        sign is { Length: 1 } && CaseNumberReader.IsProvinceSign(sign[0])
            ? sign
            : throw new LawError(field, LawReasons.UnknownCode, LawDates.Shown(sign), string.Join(" ", CaseNumberReader.AllProvinceSigns));

    private static ProvinceFigures Load()
    {
        using var json = LawResources.Json("provinces.json");
        return new ProvinceFigures(
            [.. json.RootElement.GetProperty("smallClaims").EnumerateArray().Select(Wage)],
            [
                .. json
                    .RootElement.GetProperty("feeBases")
                    .EnumerateArray()
                    .Select(row => new FeeBaseFigure(
                        row.GetProperty("province").GetString()!,
                        Enum.Parse<FeeKind>(row.GetProperty("kind").GetString()!, true),
                        Amount(row, "amount"),
                        LawResources.OptionalDate(row, "from")!.Value,
                        Enum.Parse<LawTag>(row.GetProperty("tag").GetString()!)
                    )),
            ]
        );
    }

    private static WageFigure Wage(JsonElement row) =>
        new(
            row.GetProperty("province").GetString()!,
            Amount(row, "wage"),
            LawResources.OptionalDate(row, "from")!.Value,
            LawResources.OptionalDate(row, "to"),
            Enum.Parse<LawTag>(row.GetProperty("tag").GetString()!),
            new LawText(row.GetProperty("zh").GetString()!, row.GetProperty("en").GetString()!)
        );

    private static decimal Amount(JsonElement row, string name) => decimal.Parse(row.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
