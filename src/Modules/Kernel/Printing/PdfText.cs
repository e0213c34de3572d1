namespace CourtOps.Kernel.Printing;

/// <param name="Lines">The lines of the text layer; null where it could not be read.</param>
/// <param name="Problem">Why not; a package to install where the program is missing.</param>
public sealed record PdfLines(IReadOnlyList<string>? Lines, string? Problem = null);

/// <summary>Reads the text layer of PDF files with poppler's pdftotext, outside this process. To be called outside any transaction.</summary>
public static class PdfText
{
    private const int Most = 4 << 20;

    /// <summary>The lines as they stand on the pages; a scan without a text layer has none.</summary>
    public static async Task<PdfLines> ReadAsync(string path, CancellationToken ct, TimeSpan? limit = null)
    {
        if (Programs.Find("pdftotext") is not { } program)
            return new PdfLines(null, "poppler-utils");
        var end = await Programs.RunAsync(
            program,
            ["-enc", "UTF-8", "-nopgbrk", Path.GetFullPath(path), "-"],
            limit ?? TimeSpan.FromSeconds(60),
            Most,
            null,
            ct
        );
        return end.Exit != 0
            ? new PdfLines(null, end.TimedOut ? "timeout" : "broken")
            : new PdfLines([.. end.Output.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)]);
    }
}
