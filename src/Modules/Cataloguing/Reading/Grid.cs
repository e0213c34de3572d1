namespace CourtOps.Cataloguing.Reading;

/// <summary>The rules of a printed table: long dark strokes across and down. Pure; in pixels of the page.</summary>
internal sealed class Grid
{
    private const int Scale = 4;
    private readonly List<(int At, int From, int To)> across;
    private readonly List<(int At, int From, int To)> down;

    private Grid(List<(int, int, int)> across, List<(int, int, int)> down) => (this.across, this.down) = (across, down);

    /// <summary>Null where the page has no table.</summary>
    public static Grid? Of(Picture quarter)
    {
        var level = PageQuality.Levels(quarter);
        var threshold = level.Paper - Math.Max(24, (level.Paper - level.Ink) / 4);
        bool Dark(int x, int y) => quarter.Levels[(y * quarter.Width) + x] < threshold;
        var across = Strokes(quarter.Height, quarter.Width, quarter.Width / 5, (line, at) => Dark(at, line));
        var down = Strokes(quarter.Width, quarter.Height, 20, (line, at) => Dark(line, at));
        return across.Count >= 2 && down.Count >= 2 ? new Grid(across, down) : null;
    }

    /// <summary>The cell a point lies in: its upper rule, lower rule and left rule; null outside of the table.</summary>
    public (int Top, int Bottom, int Left)? CellAt(Box box)
    {
        var x = (box.X + (box.Width / 2)) / Scale;
        var y = (box.Y + (box.Height / 2)) / Scale;
        int top = -1,
            bottom = int.MaxValue,
            left = 0;
        foreach (var s in across.Where(s => s.From - 3 <= x && x <= s.To + 3))
            if (s.At <= y)
                top = Math.Max(top, s.At);
            else
                bottom = Math.Min(bottom, s.At);
        if (top < 0 || bottom == int.MaxValue)
            return null;
        foreach (var s in down.Where(s => s.From - 3 <= y && y <= s.To + 3 && s.At <= x))
            left = Math.Max(left, s.At);
        return (top * Scale, bottom * Scale, left * Scale);
    }

    private static List<(int At, int From, int To)> Strokes(int lines, int length, int least, Func<int, int, bool> dark)
    {
        var found = new List<(int At, int From, int To)>();
        for (var line = 0; line < lines; line++)
        {
            int from = -1,
                gap = 0;
            for (var at = 0; at <= length; at++)
            {
                if (at < length && dark(line, at))
                {
                    from = from < 0 ? at : from;
                    gap = 0;
                    continue;
                }
                if (from < 0 || (++gap <= 2 && at < length))
                    continue;
                var to = at - gap;
                // strokes of neighbouring lines are one rule
                if (to - from >= least && !found.Any(f => line - f.At <= 3 && f.From < to && f.To > from))
                    found.Add((line, from, to));
                (from, gap) = (-1, 0);
            }
        }
        return found;
    }
}
