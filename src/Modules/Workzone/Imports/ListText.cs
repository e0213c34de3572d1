using CourtOps.Kernel.Messaging;
using CsvHelper;

namespace CourtOps.Workzone.Imports;

/// <summary>Lists as spreadsheets write them. Pure.</summary>
internal static class ListText
{
    /// <summary>What stands between the columns of the header, which is the first line with anything in it: a comma, a semicolon, a tab or a bar, of either
    /// width.</summary>
    public static string Separator(TextReader list)
    {
        var counts = new Dictionary<char, int>
        {
            [','] = 0,
            [';'] = 0,
            ['\t'] = 0,
            ['，'] = 0,
            ['；'] = 0,
            ['|'] = 0,
        };
        string? header;
        do header = list.ReadLine();
        while (header is not null && header.All(c => char.IsWhiteSpace(c) || counts.ContainsKey(c)));
        var quoted = false;
        foreach (var c in header ?? "")
        {
            quoted ^= c == '"';
            if (!quoted && counts.TryGetValue(c, out var n))
                counts[c] = n + 1;
        }
        var (most, count) = counts.MaxBy(c => c.Value);
        return count == 0 ? "," : most.ToString();
    }

    /// <summary>Goes on to the next record of a list; false at its end.</summary>
    /// <param name="most">The longest cell, as the reader of the list has it.</param>
    /// <param name="field">What the list was given as.</param>
    /// <exception cref="RuleBroken">A cell that is too long, or what the reader of the list refuses.</exception>
    public static bool Next(CsvParser csv, int most, string field)
    {
        try
        {
            return csv.Read();
        }
        catch (CsvHelperException e)
        {
            throw Refusal(e, csv.RawRow, most, field);
        }
    }

    /// <inheritdoc cref="Next"/>
    public static async Task<bool> NextAsync(CsvParser csv, int most, string field)
    {
        try
        {
            return await csv.ReadAsync();
        }
        catch (CsvHelperException e)
        {
            throw Refusal(e, csv.RawRow, most, field);
        }
    }

    private static RuleBroken Refusal(CsvHelperException e, int row, int most, string field) =>
        e.InnerException as RuleBroken
        ?? (
            e is MaxFieldSizeException
                ? new RuleBroken($"第 {row} 行有一格超过 {most} 个字符。", field, "csv")
                : new RuleBroken($"第 {row} 行不能读，请检查引号和分隔符。", field, "csv")
        );
}
