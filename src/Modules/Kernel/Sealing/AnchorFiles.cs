using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Data;

namespace CourtOps.Kernel.Sealing;

/// <summary>What stands outside the database: number, time, how many, and one root over them.</summary>
public sealed record Anchor
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }
    public long Count { get; init; }
    public string Root { get; init; } = "";
}

/// <summary>What a database knows of a stream: a text that gives the highest number anchored from it.</summary>
public sealed record AnchorSource(string Stream, string Newest);

/// <param name="File">The name of the file.</param>
/// <param name="Number">The line, from one.</param>
/// <param name="Previous">The text of the line before it in this file, which its own last field covers.</param>
public sealed record AnchorLine(string File, int Number, long Id, string Text, string Previous);

/// <summary>
/// Anchors in anchors/ of the data folder, a file per stream and month, appended and flushed; each line also covers the one
/// before it. Copied to another machine they show that an old database was put in place.
/// </summary>
public sealed class AnchorFiles(DataFolder folder)
{
    /// <summary>The stream of the work orders' chains; its files have no prefix, as they had before there were others.</summary>
    public const string Orders = "orders";
    public const string Audit = "audit";
    public const string Access = "access";

    private static readonly Lock Writing = new();

    /// <summary>Appends what is not there yet. Safe to repeat; a line cut by a crash is written again whole.</summary>
    public void Append(string stream, IEnumerable<Anchor> anchors)
    {
        foreach (var month in anchors.GroupBy(a => a.At.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture)))
            lock (Writing)
                AppendTo(folder.File("anchors", (stream == Orders ? "" : stream + "-") + month.Key + ".txt"), month);
    }

    /// <summary>Every line of a stream, in the order of the files.</summary>
    public IEnumerable<AnchorLine> Read(string stream)
    {
        foreach (var file in Files(stream))
        {
            var previous = "";
            var number = 0;
            foreach (var text in Lines(file))
            {
                yield return new AnchorLine(Path.GetFileName(file), ++number, IdOf(text), text, previous);
                previous = text;
            }
        }
    }

    /// <summary>The highest number outside, or 0.</summary>
    public long Last(string stream) => Files(stream).Reverse().Select(f => Lines(f).Select(IdOf).DefaultIfEmpty(0).Max()).FirstOrDefault(v => v > 0);

    /// <summary>The text of a line: the anchor, and a hash over the line before it and this one.</summary>
    public static string Format(Anchor anchor, string previous)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"{anchor.Id} {anchor.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {anchor.Count} {anchor.Root}");
        return head + " " + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(previous + "\n" + head)));
    }

    /// <summary>The stream a file belongs to, by its name.</summary>
    public static string StreamOf(string fileName) =>
        fileName.StartsWith(Audit + "-", StringComparison.Ordinal) ? Audit
        : fileName.StartsWith(Access + "-", StringComparison.Ordinal) ? Access
        : Orders;

    /// <summary>The lines of a file up to a number: what goes into a backup beside a copy of the database.</summary>
    public static byte[] UpTo(string file, long id) => Encoding.ASCII.GetBytes(string.Concat(Lines(file).TakeWhile(l => IdOf(l) <= id).Select(l => l + "\n")));

    internal static long IdOf(string text) =>
        long.TryParse(text.AsSpan(0, Math.Max(0, text.IndexOf(' ', StringComparison.Ordinal))), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : -1;

    // a line without its end is one that a crash cut: it is no anchor yet
    private static string[] Lines(string file)
    {
        var text = System.IO.File.ReadAllText(file);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private IEnumerable<string> Files(string stream)
    {
        var dir = Path.Combine(folder.Root, "anchors");
        return Directory.Exists(dir) ? Directory.GetFiles(dir, "*.txt").Where(f => StreamOf(Path.GetFileName(f)) == stream).Order(StringComparer.Ordinal) : [];
    }

    private static void AppendTo(string path, IEnumerable<Anchor> anchors)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        file.SetLength(whole); // a crash while writing leaves part of a line
        file.Seek(whole, SeekOrigin.Begin);
        var lines = Encoding.ASCII.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var there = lines.Select(IdOf).ToHashSet();
        var last = lines.Length > 0 ? lines[^1] : "";
        foreach (var anchor in anchors.Where(a => !there.Contains(a.Id)))
        {
            last = Format(anchor, last);
            file.Write(Encoding.ASCII.GetBytes(last + "\n"));
        }
        file.Flush(flushToDisk: true);
    }
}
