using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace CourtOps.Cataloguing.Reading;

/// <summary>Reads the lines of a straight, upright page.</summary>
internal interface ILineReader : IDisposable
{
    string Name { get; }

    /// <summary>In reading order. A turned page is read the right way up; then the boxes are those of the turned page.</summary>
    Reading Read(Picture page);
}

/// <param name="Reversed">The page stood on its head.</param>
internal sealed record Reading(IReadOnlyList<ReadLine> Lines, bool Reversed);

/// <summary>PP-OCRv4 by ONNX Runtime, one thread: a detector of lines, a recogniser, and a small model that tells a line from one on its head.</summary>
internal sealed class OnnxReader : ILineReader
{
    private const int Side = 960;
    private const int LineHeight = 48;
    private const float Pixel = 0.3f;
    private static readonly float[] Means = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Spreads = [0.229f, 0.224f, 0.225f];

    private readonly InferenceSession detector;
    private readonly InferenceSession recogniser;
    private readonly InferenceSession? turner;
    private readonly string[] letters;
    private readonly RunOptions run = new();

    private OnnxReader(string folder)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            EnableCpuMemArena = false,
        };
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        detector = new InferenceSession(Path.Combine(folder, Detector), options);
        recogniser = new InferenceSession(Path.Combine(folder, Recogniser), options);
        turner = File.Exists(Path.Combine(folder, Turner)) ? new InferenceSession(Path.Combine(folder, Turner), options) : null;
        letters = [.. File.ReadAllText(Path.Combine(folder, Keys)).TrimEnd('\n').Split('\n').Select(l => l.TrimEnd('\r')), " "];
    }

    internal const string Detector = "ch_PP-OCRv4_det_infer.onnx";
    internal const string Recogniser = "ch_PP-OCRv4_rec_infer.onnx";
    internal const string Turner = "ch_ppocr_mobile_v2.0_cls_infer.onnx";
    internal const string Keys = "ppocr_keys_v1.txt";

    public string Name => "pp-ocrv4";

    /// <summary>Null where the models are not there.</summary>
    public static OnnxReader? Open(string? folder) =>
        folder is not null && new[] { Detector, Recogniser, Keys }.All(f => File.Exists(Path.Combine(folder, f))) ? new OnnxReader(folder) : null;

    public Reading Read(Picture page)
    {
        var boxes = Detect(page);
        var reversed = IsReversed(page, boxes);
        if (reversed)
        {
            page = page.Reversed();
            boxes = [.. boxes.Select(b => new Box(page.Width - b.X - b.Width, page.Height - b.Y - b.Height, b.Width, b.Height))];
        }
        var lines = new List<ReadLine>();
        foreach (var box in ReadingOrder.Of(boxes))
            lines.Add(Recognise(page, box)); // also what it could not read: another language may be there
        return new Reading(lines, reversed);
    }

    public void Dispose()
    {
        run.Dispose();
        detector.Dispose();
        recogniser.Dispose();
        turner?.Dispose();
    }

    private List<Box> Detect(Picture page)
    {
        var scale = Math.Min(1.0, (double)Side / Math.Max(page.Width, page.Height));
        var w = Math.Max(32, (int)Math.Round(page.Width * scale / 32) * 32);
        var h = Math.Max(32, (int)Math.Round(page.Height * scale / 32) * 32);
        var grey = page.Resize(new Box(0, 0, page.Width, page.Height), w, h);
        var input = new float[3 * w * h];
        for (var c = 0; c < 3; c++)
        for (var i = 0; i < w * h; i++)
            input[(c * w * h) + i] = ((grey[i] / 255) - Means[c]) / Spreads[c];
        var map = Run(detector, input, [1, 3, h, w], out _);
        return [.. Islands(map, w, h).Select(b => Widen(b, w, h, (double)page.Width / w, (double)page.Height / h))];
    }

    // what hangs together in the map of the detector, as rectangles
    private static IEnumerable<Box> Islands(float[] map, int w, int h)
    {
        var seen = new bool[w * h];
        var open = new Stack<int>();
        for (var start = 0; start < map.Length; start++)
        {
            if (seen[start] || map[start] < Pixel)
                continue;
            int left = w,
                right = 0,
                top = h,
                bottom = 0,
                count = 0;
            double sum = 0;
            open.Push(start);
            seen[start] = true;
            while (open.TryPop(out var at))
            {
                var (x, y) = (at % w, at / w);
                (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
                count++;
                sum += map[at];
                for (var ny = Math.Max(0, y - 1); ny <= Math.Min(h - 1, y + 1); ny++)
                for (var nx = Math.Max(0, x - 1); nx <= Math.Min(w - 1, x + 1); nx++)
                    if (!seen[(ny * w) + nx] && map[(ny * w) + nx] >= Pixel)
                    {
                        seen[(ny * w) + nx] = true;
                        open.Push((ny * w) + nx);
                    }
            }
            if (count >= 12 && Math.Min(right - left, bottom - top) >= 2 && sum / count >= 0.5)
                yield return new Box(left, top, right - left + 1, bottom - top + 1);
        }
    }

    // the detector marks the heart of a line: it is widened by its area over its circumference
    private static Box Widen(Box b, int w, int h, double kx, double ky)
    {
        var by = (int)Math.Round(b.Width * b.Height * 1.6 / (2.0 * (b.Width + b.Height)));
        var left = Math.Max(0, b.X - by);
        var top = Math.Max(0, b.Y - by);
        return new Box(
            (int)(left * kx),
            (int)(top * ky),
            (int)((Math.Min(w, b.X + b.Width + by) - left) * kx),
            (int)((Math.Min(h, b.Y + b.Height + by) - top) * ky)
        );
    }

    private bool IsReversed(Picture page, List<Box> boxes)
    {
        if (turner is null)
            return false;
        double on = 0,
            off = 0;
        foreach (var box in boxes.Where(b => b.Width > b.Height * 3).OrderByDescending(b => b.Width * b.Height).Take(9))
        {
            const int width = 192;
            var used = Math.Clamp((int)Math.Ceiling((double)LineHeight * box.Width / box.Height), 16, width);
            var out2 = Run(turner, Line(page, box, used, width), [1, 3, LineHeight, width], out _);
            if (out2[1] > 0.9)
                on++;
            else if (out2[0] > 0.9)
                off++;
        }
        return on > off && on >= 2;
    }

    private ReadLine Recognise(Picture page, Box box)
    {
        var width = Math.Max(16, (int)Math.Ceiling((double)LineHeight * box.Width / box.Height / 8) * 8);
        width = Math.Min(width, 4800);
        var answers = Run(recogniser, Line(page, box, width, width), [1, 3, LineHeight, width], out var shape);
        var (steps, classes) = ((int)shape[1], (int)shape[2]);
        var text = new StringBuilder();
        double sum = 0;
        int kept = 0,
            last = 0;
        for (var s = 0; s < steps; s++)
        {
            var best = 0;
            var value = answers[s * classes];
            for (var c = 1; c < classes; c++)
                if (answers[(s * classes) + c] > value)
                    (best, value) = (c, answers[(s * classes) + c]);
            if (best != 0 && best != last && best <= letters.Length)
            {
                text.Append(letters[best - 1]);
                sum += value;
                kept++;
            }
            last = best;
        }
        return new ReadLine(Signs.Mend(text.ToString().Trim()), box, kept == 0 ? 0 : sum / kept);
    }

    private static float[] Line(Picture page, Box box, int used, int width)
    {
        var grey = page.Resize(box, used, LineHeight);
        var n = width * LineHeight;
        var input = new float[3 * n];
        for (var y = 0; y < LineHeight; y++)
        for (var x = 0; x < used; x++)
        {
            var v = (grey[(y * used) + x] / 127.5f) - 1;
            var at = (y * width) + x;
            (input[at], input[n + at], input[(2 * n) + at]) = (v, v, v);
        }
        return input;
    }

    private float[] Run(InferenceSession session, float[] input, long[] dims, out long[] shape)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(input, dims);
        using var outputs = session.Run(run, [session.InputNames[0]], [value], [session.OutputNames[0]]);
        shape = outputs[0].GetTensorTypeAndShape().Shape;
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}

/// <summary>The order in which lines are read: from above, and what stands on one height from the left; in a table cell by cell. Pure.</summary>
internal static class ReadingOrder
{
    public static IEnumerable<Box> Of(IEnumerable<Box> boxes) => Rows(boxes, b => b).SelectMany(r => r);

    /// <summary>What stands on one height: two rows when less than half of the lower of both overlaps.</summary>
    public static IReadOnlyList<IReadOnlyList<T>> Rows<T>(IEnumerable<T> items, Func<T, Box> box)
    {
        var rows = new List<List<T>>();
        foreach (var item in items.OrderBy(i => box(i).Y + (box(i).Height / 2)))
        {
            var b = box(item);
            var row = rows.Count == 0 ? null : rows[^1];
            var last = row is null ? null : box(row[^1]);
            if (last is not null && Math.Min(last.Y + last.Height, b.Y + b.Height) - Math.Max(last.Y, b.Y) > Math.Min(last.Height, b.Height) * 0.5)
                row!.Add(item);
            else
                rows.Add([item]);
        }
        return [.. rows.Select(r => (IReadOnlyList<T>)[.. r.OrderBy(i => box(i).X)])];
    }

    /// <summary>Rows of cells of lines. Outside of a table each line is a cell of its own; in a table a cell holds its lines from above.</summary>
    public static IReadOnlyList<IReadOnlyList<IReadOnlyList<ReadLine>>> Arrange(IReadOnlyList<ReadLine> lines, Grid? grid)
    {
        var cells = lines.Select(l => (Line: l, Cell: grid?.CellAt(l.Box))).ToList();
        var rows = new List<(int Top, IReadOnlyList<IReadOnlyList<ReadLine>> Cells)>();
        foreach (var row in Rows(cells.Where(c => c.Cell is null).Select(c => c.Line), l => l.Box))
            rows.Add((row[0].Box.Y, [.. row.Select(l => (IReadOnlyList<ReadLine>)[l])]));
        foreach (var band in cells.Where(c => c.Cell is not null).GroupBy(c => c.Cell!.Value.Top))
            rows.Add(
                (
                    band.Key,
                    [
                        .. band.GroupBy(c => c.Cell!.Value.Left)
                            .OrderBy(c => c.Key)
                            .Select(c => (IReadOnlyList<ReadLine>)[.. Rows(c.Select(x => x.Line), l => l.Box).SelectMany(r => r)]),
                    ]
                )
            );
        return [.. rows.OrderBy(r => r.Top).Select(r => r.Cells)];
    }

    /// <summary>The text of a page: a line of text for each row, tabs between what stands apart in it.</summary>
    public static string Text(IReadOnlyList<IReadOnlyList<IReadOnlyList<ReadLine>>> rows) =>
        string.Join('\n', rows.Select(r => string.Join('\t', r.Select(c => string.Concat(c.Select(l => l.Text))))));
}

/// <summary>Signs that look alike, by what stands around them. Pure.</summary>
internal static class Signs
{
    public static string Mend(string text)
    {
        if (!text.Any(IsHan))
            return text;
        var mended = text.Replace('丶', '、').ToCharArray();
        for (var i = 0; i < mended.Length; i++)
            if (mended[i] is '°' or 'º' && (i == mended.Length - 1 || IsHan(mended[i + 1])) && i > 0 && !char.IsAsciiDigit(mended[i - 1]))
                mended[i] = '。';
        var last = mended.Length - 1;
        if (
            last > 0
            && mended[last] is '·' or '°' or '•'
            && (IsHan(mended[last - 1]) || char.IsAsciiDigit(mended[last - 1]) || mended[last - 1] is '）' or '》')
        )
            mended[last] = '。';
        return new string(mended);
    }

    private static bool IsHan(char c) => c is >= '\u4E00' and <= '\u9FFF';
}
