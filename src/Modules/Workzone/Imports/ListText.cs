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
}
