using System.Globalization;
using System.Text.Json;

namespace CourtOps.Law;

/// <summary>
/// The longest terms of measures by the law of the day on which a measure, or its round, begins (D-01), read from <c>Data/measure-terms.json</c>: a later law
/// is one more row and leaves begun rounds alone.
/// </summary>
public sealed class MeasureMaxima
{
    private readonly IReadOnlyList<(DateOnly From, IReadOnlyDictionary<MeasureKind, int> Months)> rows;

    private MeasureMaxima(IReadOnlyList<(DateOnly, IReadOnlyDictionary<MeasureKind, int>)> rows) => this.rows = rows;

    /// <summary>The law as it stands in the data of this assembly.</summary>
    public static MeasureMaxima Current { get; } = Parse(LawResources.Text("measure-terms.json"));

    /// <summary>Reads a table: <c>{"terms": [{"from": "2030-01-01", "months": {"deposit": 24, …}}]}</c>. The first row has no from, the others are in the
    /// order of their days; each names every kind.</summary>
    /// <exception cref="FormatException">A row is missing, out of order, leaves out a kind, or has months outside 1 to 1200.</exception>
    public static MeasureMaxima Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var rows = document.RootElement.GetProperty("terms").EnumerateArray().Select(Row).ToList();
        if (rows.Count == 0 || rows[0].From != DateOnly.MinValue)
            throw new FormatException("The first row of measure-terms has no from: it is the law of every earlier day.");
        for (var i = 1; i < rows.Count; i++)
            if (rows[i].From <= rows[i - 1].From)
                throw new FormatException($"Row {i + 1} of measure-terms does not begin after the row before it.");
        return new MeasureMaxima(rows);
    }

    /// <summary>Longest term in months of a measure of this kind that begins on this day.</summary>
    public int Months(MeasureKind kind, DateOnly start) => rows.Last(r => r.From <= start).Months[kind];

    private static (DateOnly From, IReadOnlyDictionary<MeasureKind, int> Months) Row(JsonElement row)
    {
        var from = LawResources.Optional(row, "from") is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : DateOnly.MinValue;
        var months = row.GetProperty("months");
        return (from, Enum.GetValues<MeasureKind>().ToDictionary(k => k, k => Of(months, k)));
    }

    private static int Of(JsonElement months, MeasureKind kind)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName($"{kind}");
        return months.TryGetProperty(name, out var value) && value.TryGetInt32(out var n) && n is >= 1 and <= 1200
            ? n
            : throw new FormatException($"A row of measure-terms has no months (1 to 1200) for {name}.");
    }
}
