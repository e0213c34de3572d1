namespace CourtOps.Cataloguing.Reading;

/// <summary>How far a page lies aslant, and whether its lines run across or up. Pure.</summary>
internal static class Skew
{
    private const double Most = 5;

    /// <param name="Degrees">By which the page must be turned clockwise to be straight; 0 where nothing was found.</param>
    /// <param name="Strength">How much lines stand out at that angle against the mean over all angles; below 1.05 there are none.</param>
    internal sealed record Found(double Degrees, double Strength, double Score);

    /// <summary>The angle between −5° and +5° at which the rows of dark pixels are most unequal.</summary>
    public static Found Of(Picture quarter) => Best(Dark(quarter), quarter.Height);

    /// <summary>True when the lines run up or down the page: columns are far more unequal than rows.</summary>
    public static bool IsSideways(Picture quarter)
    {
        var dark = Dark(quarter);
        if (dark.Count < 200)
            return false;
        var rows = Best(dark, quarter.Height).Score / quarter.Width;
        var columns = Best([.. dark.Select(d => (d.Y, d.X))], quarter.Width).Score / quarter.Height;
        return columns > rows * 1.25;
    }

    private static Found Best(List<(int X, int Y)> dark, int height)
    {
        if (dark.Count < 200)
            return new Found(0, 0, 0);
        var scores = new List<(double Angle, double Score)>();
        for (var a = -Most; a <= Most; a += 0.5)
            scores.Add((a, Score(dark, height, a)));
        var mean = scores.Average(s => s.Score);
        var coarse = scores.MaxBy(s => s.Score);
        var fine = coarse;
        for (var a = coarse.Angle - 0.45; a <= coarse.Angle + 0.45; a += 0.05)
            if (Score(dark, height, a) is var score && score > fine.Score)
                fine = (a, score);
        var strength = mean > 0 ? fine.Score / mean : 0;
        return strength < 1.05 || Math.Abs(fine.Angle) >= Most
            ? new Found(0, strength, fine.Score)
            : new Found(Math.Round(fine.Angle, 2), strength, fine.Score);
    }

    // the sum of squares of the differences between neighbouring rows, each row taken along the angle
    private static double Score(List<(int X, int Y)> dark, int height, double degrees)
    {
        var tan = Math.Tan(degrees * Math.PI / 180);
        var rows = new int[height * 2];
        foreach (var (x, y) in dark)
        {
            var row = (int)(y + (x * tan)) + (height / 2);
            if (row >= 0 && row < rows.Length)
                rows[row]++;
        }
        double sum = 0;
        for (var i = 1; i < rows.Length; i++)
        {
            double d = rows[i] - rows[i - 1];
            sum += d * d;
        }
        return sum;
    }

    private static List<(int X, int Y)> Dark(Picture p)
    {
        var level = PageQuality.Levels(p);
        var threshold = level.Paper - Math.Max(40, (level.Paper - level.Ink) / 3);
        var dark = new List<(int, int)>();
        // the edges of a scan are shadows more often than text
        for (var y = p.Height / 40; y < p.Height - (p.Height / 40); y++)
        for (var x = p.Width / 30; x < p.Width - (p.Width / 30); x++)
            if (p.Levels[(y * p.Width) + x] < threshold)
                dark.Add((x, y));
        return dark.Count <= 90_000 ? dark : [.. dark.Where((_, i) => i % ((dark.Count / 60_000) + 1) == 0)];
    }
}
