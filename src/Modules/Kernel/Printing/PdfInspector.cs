using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CourtOps.Kernel.Printing;

/// <summary>Why a file is not taken as a PDF.</summary>
public enum PdfProblem
{
    None,

    /// <summary>No byte in it.</summary>
    Empty,

    /// <summary>Does not begin as a PDF does, whatever its name says.</summary>
    NotPdf,

    /// <summary>Cannot be opened without a password.</summary>
    Encrypted,

    /// <summary>Cut off or damaged.</summary>
    Broken,

    TooManyPages,

    /// <summary>An XFA form: other programs show nothing but "please wait".</summary>
    Xfa,

    /// <summary>Starts a program on the reader's machine.</summary>
    Launches,

    /// <summary>Looking into it took longer than the limit.</summary>
    TimedOut,

    /// <summary>Begins as a PDF does; more could not be said, as no program to look into it is installed.</summary>
    ToolMissing,
}

/// <param name="Pages">Known when there is no problem, or too many of them.</param>
/// <param name="Detail">The first words of the program, for operators; the package to install when a tool is missing.</param>
public sealed record PdfFacts(PdfProblem Problem, int Pages = 0, string? Detail = null);

/// <summary>Looks into files that people hand in, with programs outside this process. To be called outside any transaction.</summary>
public sealed partial class PdfInspector(PrinterPrograms programs)
{
    private const int OutputLimit = 256 * 1024;

    public PdfInspector()
        : this(new PrinterPrograms()) { }

    public async Task<PdfFacts> InspectAsync(string path, int maxPages = 3000, TimeSpan? limit = null, CancellationToken ct = default)
    {
        var head = new byte[1024]; // readers look for the header in the first 1024 bytes: mail programs and scanners put something before it
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096, useAsync: true))
        {
            if (file.Length == 0)
                return new PdfFacts(PdfProblem.Empty);
            var got = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
            if (head.AsSpan(0, got).IndexOf("%PDF-"u8) < 0)
                return new PdfFacts(PdfProblem.NotPdf);
        }
        var time = new Deadline(Stopwatch.StartNew(), limit ?? TimeSpan.FromSeconds(30));
        var full = Path.GetFullPath(path); // an absolute path is never taken for an option
        var facts =
            Programs.Find(programs.Qpdf) is { } qpdf ? await ByQpdfAsync(qpdf, full, time, ct)
            : Programs.Find("pdfinfo") is { } pdfinfo ? await ByPdfinfoAsync(pdfinfo, full, time, ct)
            : new PdfFacts(PdfProblem.ToolMissing, 0, "qpdf");
        return facts.Problem == PdfProblem.None && facts.Pages > maxPages ? facts with { Problem = PdfProblem.TooManyPages } : facts;
    }

    private static async Task<PdfFacts> ByQpdfAsync(string qpdf, string path, Deadline time, CancellationToken ct)
    {
        // 0: a password is needed; 2: no encryption; 3: encrypted, but everyone may open it.
        var locked = await RunAsync(qpdf, ["--requires-password", path], time, ct);
        if (locked.TimedOut)
            return new PdfFacts(PdfProblem.TimedOut);
        if (locked.Exit == 0)
            return new PdfFacts(PdfProblem.Encrypted);

        var check = await RunAsync(qpdf, ["--check", path], time, ct);
        if (check.TimedOut)
            return new PdfFacts(PdfProblem.TimedOut);
        // 2: errors. 3: warnings, which scanners' files often earn; but a file that had to be pieced together is damaged.
        if (check.Exit is not (0 or 3) || (check.Exit == 3 && DamagePattern().IsMatch(check.Error + check.Output)))
            return new PdfFacts(PdfProblem.Broken, 0, First(check.Error.Replace(path, "", StringComparison.Ordinal)));

        if (await ForbiddenAsync(qpdf, path, time, ct) is { } forbidden)
            return new PdfFacts(forbidden);
        var count = await RunAsync(qpdf, ["--show-npages", path], time, ct);
        if (count.TimedOut)
            return new PdfFacts(PdfProblem.TimedOut);
        return int.TryParse(count.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pages) && pages > 0
            ? new PdfFacts(PdfProblem.None, pages)
            : new PdfFacts(PdfProblem.Broken, 0, First(count.Error.Replace(path, "", StringComparison.Ordinal)));
    }

    // in the objects as they are, also those in compressed streams
    private static async Task<PdfProblem?> ForbiddenAsync(string qpdf, string path, Deadline time, CancellationToken ct)
    {
        var objects = path + ".objects";
        try
        {
            var end = await RunAsync(qpdf, ["--json", "--json-stream-data=none", path, objects], time, ct);
            if (end.TimedOut)
                return PdfProblem.TimedOut;
            if (!File.Exists(objects))
                return null;
            using var reader = new StreamReader(objects);
            while (await reader.ReadLineAsync(ct) is { } line)
                if (line.Contains("\"/XFA\":", StringComparison.Ordinal))
                    return PdfProblem.Xfa;
                else if (line.Contains("\"/S\": \"/Launch\"", StringComparison.Ordinal))
                    return PdfProblem.Launches;
            return null;
        }
        finally
        {
            File.Delete(objects);
        }
    }

    private static async Task<PdfFacts> ByPdfinfoAsync(string pdfinfo, string path, Deadline time, CancellationToken ct)
    {
        var info = await RunAsync(pdfinfo, [path], time, ct);
        if (info.TimedOut)
            return new PdfFacts(PdfProblem.TimedOut);
        if (info.Error.Contains("Incorrect password", StringComparison.Ordinal))
            return new PdfFacts(PdfProblem.Encrypted);
        if (
            info.Exit != 0
            || PagesPattern().Match(info.Output) is not { Success: true } pages
            || info.Error.Contains("reconstruct", StringComparison.OrdinalIgnoreCase)
        )
            return new PdfFacts(PdfProblem.Broken, 0, First(info.Error));
        return new PdfFacts(PdfProblem.None, int.Parse(pages.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private sealed record Deadline(Stopwatch Clock, TimeSpan Limit)
    {
        public TimeSpan Left => Limit - Clock.Elapsed;
    }

    private static Task<ProgramEnd> RunAsync(string program, string[] arguments, Deadline time, CancellationToken ct)
    {
        var left = time.Left;
        return left <= TimeSpan.Zero ? Task.FromResult(new ProgramEnd(null, "", "")) : Programs.RunAsync(program, arguments, left, OutputLimit, null, ct);
    }

    private static string First(string text) => text.Split('\n').Select(l => l.Trim(' ', ':')).FirstOrDefault(l => l.Length > 0) ?? "";

    [GeneratedRegex("file is damaged|error decoding stream data|reconstruct|can't find (?:PDF header|startxref)|unexpected EOF", RegexOptions.IgnoreCase)]
    private static partial Regex DamagePattern();

    [GeneratedRegex(@"^Pages:\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex PagesPattern();
}
