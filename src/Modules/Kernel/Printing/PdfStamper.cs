using System.Diagnostics;
using System.Net;
using CourtOps.Kernel.Data;

namespace CourtOps.Kernel.Printing;

/// <summary>What came of a stamping.</summary>
/// <param name="Problem">Why there is none: a tool is missing, a password, damage, or the time was up.</param>
/// <param name="Content">The stamped copy; its file goes when it is closed.</param>
/// <param name="Detail">For operators: the program, or its first words.</param>
public sealed record Stamped(PdfProblem Problem, Stream? Content = null, string? Detail = null);

/// <summary>
/// Lays a mark over every page of a copy: the printer makes the mark, which brings its own fonts, and qpdf lays it on. The file it is made from is
/// not touched. To be called outside any transaction: it runs programs.
/// </summary>
public sealed class PdfStamper(IPrinter printer, DataFolder folder, PrinterPrograms programs)
{
    /// <summary>The mark by itself: the words slanted over the page, and once more in a line at its foot.</summary>
    public static string Mark(string words) =>
        $$"""
            <html><head><style>
            @page { size: A4; margin: 0 }
            html, body { margin: 0; height: 296mm; overflow: hidden; font-family: 'Noto Sans CJK SC', 'Noto Serif CJK SC', 'AR PL UMing CN', sans-serif }
            b { position: absolute; left: 0; width: 210mm; text-align: center; font: 400 12pt/1 inherit; color: rgba(90, 90, 90, .26); transform: rotate(-28deg) }
            p { position: absolute; left: 8mm; right: 8mm; bottom: 4mm; margin: 0; font-size: 7pt; color: #555; text-align: center }
            </style></head><body>{{string.Concat(
                new[] { 50, 120, 190, 255 }.Select(top => $"<b style=\"top:{top}mm\">{WebUtility.HtmlEncode(words)}</b>")
            )}}<p>{{WebUtility.HtmlEncode(words)}}</p></body></html>
            """;

    public async Task<Stamped> StampAsync(string path, string words, TimeSpan limit, CancellationToken ct)
    {
        if (Programs.Find(programs.Qpdf) is not { } qpdf)
            return new Stamped(PdfProblem.ToolMissing, null, "qpdf");
        var clock = Stopwatch.StartNew();
        var printed = await printer.PrintAsync([Mark(words)], limit, ct);
        if (printed is not Printed { Documents: [var mark] })
            return printed switch
            {
                PrinterMissing missing => new Stamped(PdfProblem.ToolMissing, null, missing.Package),
                PrintTimedOut => new Stamped(PdfProblem.TimedOut),
                _ => new Stamped(PdfProblem.ToolMissing, null, (printed as PrintFailed)?.Reason),
            };
        var (over, target) = (folder.Private(), folder.Private());
        try
        {
            await File.WriteAllBytesAsync(over, mark, ct);
            var left = limit - clock.Elapsed;
            var end =
                left <= TimeSpan.Zero
                    ? new ProgramEnd(null, "", "")
                    : await Programs.RunAsync(qpdf, [Path.GetFullPath(path), "--overlay", over, "--repeat=1", "--", target], left, 4096, null, ct);
            // 3: warnings, which scanners' files often earn
            if (end.Exit is not (0 or 3))
                return new Stamped(
                    end.TimedOut ? PdfProblem.TimedOut
                        : end.Error.Contains("invalid password", StringComparison.Ordinal) ? PdfProblem.Encrypted
                        : PdfProblem.Broken,
                    null,
                    end.Error.Split('\n')[0].Replace(path, "", StringComparison.Ordinal)
                );
            var content = new FileStream(
                target,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                1 << 16,
                FileOptions.Asynchronous | FileOptions.DeleteOnClose
            );
            target = null;
            return new Stamped(PdfProblem.None, content);
        }
        finally
        {
            File.Delete(over);
            if (target is not null)
                File.Delete(target);
        }
    }
}
