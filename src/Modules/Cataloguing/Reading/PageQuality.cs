using System.Numerics;

namespace CourtOps.Cataloguing.Reading;

/// <summary>What is wrong with the picture of a page (F-04). Pure; the codes are stored.</summary>
internal static class PageQuality
{
    public const string Blank = "blank";
    public const string LowResolution = "low-resolution";
    public const string Skewed = "skewed";
    public const string Faint = "faint";
    public const string Blurred = "blurred";
    public const string CutEdge = "cut-edge";
    public const string Duplicate = "duplicate";
    public const string Similar = "similar";
    public const string ForeignNumber = "foreign-number";
    public const string Unsure = "unsure-reading";
    public const string Turned = "turned";
    public const string NoSeal = "no-seal";

    /// <summary>What people read for each code.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Blank] = "疑似空白页",
        [LowResolution] = "分辨率不足 200 dpi",
        [Skewed] = "倾斜超过 2°",
        [Faint] = "对比度低",
        [Blurred] = "模糊",
        [CutEdge] = "边缘有字被切",
        [Duplicate] = "与另一页完全相同",
        [Similar] = "与另一页近似",
        [ForeignNumber] = "页上有他案案号",
        [Unsure] = "识别把握低",
        [Turned] = "方向已转正",
        [NoSeal] = "应有印章而未见",
    };

    /// <summary>What keeps a page from being taken without a person's look.</summary>
    public static readonly IReadOnlySet<string> Stopping = new HashSet<string> { Blank, LowResolution, Faint, Blurred, CutEdge, Duplicate, ForeignNumber };

    internal sealed record Level(int Ink, int Paper);

    internal sealed record Measures(double InkShare, int Contrast, double Sharpness, bool CutsEdge, bool HasRed);

    /// <summary>The level of the darkest few of ten thousand pixels and the middle one: a page of two words has ink too.</summary>
    public static Level Levels(Picture p)
    {
        var histogram = new int[256];
        foreach (var v in p.Levels)
            histogram[v]++;
        return new Level(At(histogram, p.Levels.Length, 0.0004), At(histogram, p.Levels.Length, 0.5));
    }

    public static Measures Measure(Picture page, Picture quarter, bool red)
    {
        var level = Levels(quarter);
        var contrast = level.Paper - level.Ink;
        var threshold = level.Paper - Math.Max(40, contrast / 3);
        int marginX = quarter.Width / 25,
            marginY = quarter.Height / 25,
            ink = 0,
            all = 0;
        for (var y = marginY; y < quarter.Height - marginY; y++)
        for (var x = marginX; x < quarter.Width - marginX; x++)
        {
            all++;
            if (quarter.Levels[(y * quarter.Width) + x] < threshold)
                ink++;
        }
        return new Measures(all == 0 ? 0 : (double)ink / all, contrast, Sharp(page, level), Cut(quarter, threshold), red);
    }

    /// <summary>The flags of one page by itself.</summary>
    public static IReadOnlyList<string> Flags(Measures m, int dpi, double skew, int lines, double confidence, bool turned)
    {
        var flags = new List<string>();
        if (lines == 0 && m.InkShare < 0.006)
            return [Blank];
        if (lines <= 1 && m.InkShare < 0.0004)
            return [Blank];
        if (dpi is > 0 and < 190)
            flags.Add(LowResolution);
        if (Math.Abs(skew) > 2)
            flags.Add(Skewed);
        if (m.Contrast < 60)
            flags.Add(Faint);
        if (m.Sharpness is > 0 and < 0.3)
            flags.Add(Blurred);
        if (m.CutsEdge)
            flags.Add(CutEdge);
        if (turned)
            flags.Add(Turned);
        if (lines > 0 && confidence < 0.75)
            flags.Add(Unsure);
        return flags;
    }

    /// <summary>64 bits of how the light is spread over a page: pages that look alike differ in few of them.</summary>
    public static ulong Hash(Picture quarter)
    {
        var small = quarter.Resize(new Box(0, 0, quarter.Width, quarter.Height), 9, 8);
        ulong hash = 0;
        for (var y = 0; y < 8; y++)
        for (var x = 0; x < 8; x++)
            hash = (hash << 1) | (small[(y * 9) + x] > small[(y * 9) + x + 1] ? 1UL : 0);
        return hash;
    }

    public static int Distance(ulong a, ulong b) => BitOperations.PopCount(a ^ b);

    // how steep edges are against the distance of ink and paper: the ninth tenth of all steps that are more than noise, however few letters there are
    private static double Sharp(Picture p, Level level)
    {
        var contrast = Math.Max(1, level.Paper - level.Ink);
        var least = Math.Max(12, contrast / 6);
        var steps = new int[256];
        var (count, ink) = (0, 0);
        for (var y = p.Height / 12; y < p.Height * 11 / 12; y += 2)
        for (var x = p.Width / 12; x < (p.Width * 11 / 12) - 1; x++)
        {
            var here = p.Levels[(y * p.Width) + x];
            if (here < level.Paper - (contrast / 2))
                ink++;
            var step = Math.Abs(p.Levels[(y * p.Width) + x + 1] - here);
            if (step < least)
                continue;
            steps[step]++;
            count++;
        }
        // ink without edges is blurred beyond measure; without ink there is nothing to judge
        if (count < 400 || count < ink / 40)
            return ink > 2000 ? 0.01 : 0;
        var seen = 0;
        for (var i = 255; i > 0; i--)
            if ((seen += steps[i]) > count / 10)
                return (double)i / contrast;
        return 0;
    }

    // runs of dark and light right at an edge are letters; a shadow is one dark band
    private static bool Cut(Picture p, int threshold)
    {
        bool Many(Func<int, bool> dark, int length)
        {
            int changes = 0,
                darks = 0;
            for (var i = 1; i < length; i++)
            {
                if (dark(i) != dark(i - 1))
                    changes++;
                if (dark(i))
                    darks++;
            }
            return changes > 60 && darks > length / 50 && darks < length / 2;
        }

        return Many(y => p.Levels[(y * p.Width) + 1] < threshold, p.Height) || Many(y => p.Levels[(y * p.Width) + p.Width - 2] < threshold, p.Height);
    }

    private static int At(int[] histogram, int total, double share)
    {
        long need = (long)(total * share),
            seen = 0;
        for (var i = 0; i < 256; i++)
            if ((seen += histogram[i]) > need)
                return i;
        return 255;
    }
}
