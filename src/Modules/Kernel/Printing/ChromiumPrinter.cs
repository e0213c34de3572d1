using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CourtOps.Kernel.Printing;

/// <summary>Where the programs are; names are looked up in PATH.</summary>
public sealed record PrinterPrograms
{
    /// <summary>The first one found is taken; the shell without a window prints with a third of the work.</summary>
    public IReadOnlyList<string> Chromium { get; init; } = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

    public string Qpdf { get; init; } = "qpdf";

    /// <summary>Where a print has its pages while it runs.</summary>
    public string Folder { get; init; } = Path.GetTempPath();
}

/// <summary>
/// Prints with Debian's Chromium as a process of its own. A batch is one HTML file, each document on pages of its own; a
/// last page with a link to each makes Chromium name their places in the PDF, by which qpdf cuts it.
/// </summary>
public sealed partial class ChromiumPrinter(PrinterPrograms programs) : IPrinter, IDisposable
{
    private const string TempName = "courtops-print-";

    // More at once would only make each slower.
    private readonly SemaphoreSlim places = new(2);

    public ChromiumPrinter()
        : this(new PrinterPrograms()) { }

    public PrinterMissing? Missing => Programs.Find([.. programs.Chromium]) is null ? new PrinterMissing("chromium", "chromium") : null;

    public void Dispose() => places.Dispose();

    public async Task<PrintOutcome> PrintAsync(IReadOnlyList<string> htmlDocuments, TimeSpan limit, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(htmlDocuments);
        if (htmlDocuments.Count == 0)
            return new Printed([]);
        if (Programs.Find([.. programs.Chromium]) is not { } chromium)
            return new PrinterMissing("chromium", "chromium");

        var parts = htmlDocuments.Select((html, i) => (Place: i, Part: HtmlPart.Of(html))).ToList();
        var groups = parts.GroupBy(p => p.Part.Head, StringComparer.Ordinal).ToList();
        var qpdf = Programs.Find(programs.Qpdf);
        if (qpdf is null && groups.Exists(g => g.Count() > 1))
            return new PrinterMissing("qpdf", "qpdf");

        var clock = Stopwatch.StartNew();
        await places.WaitAsync(ct);
        var folder = OwnFolder(Path.Combine(programs.Folder, TempName + Guid.NewGuid().ToString("N")));
        try
        {
            await ClearAbandonedAsync();
            var documents = new byte[htmlDocuments.Count][];
            foreach (var group in groups)
            {
                var members = group.ToList();
                var job = new Job(chromium, qpdf, Path.Combine(folder, members[0].Place.ToString(CultureInfo.InvariantCulture)), () => limit - clock.Elapsed);
                var (failure, made) = await job.RunAsync(group.Key, [.. members.Select(m => m.Part)], ct);
                if (failure is not null)
                    return failure is PrintTimedOut ? new PrintTimedOut(limit) : failure;
                for (var i = 0; i < members.Count; i++)
                    documents[members[i].Place] = made[i];
            }
            return new Printed(documents);
        }
        finally
        {
            places.Release();
            await DeleteAsync(folder);
        }
    }

    // what is printed is for nobody else on this machine
    private static string OwnFolder(string path) =>
        OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path).FullName
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

    /// <summary>Folders of a host that was killed while printing.</summary>
    private async Task ClearAbandonedAsync()
    {
        foreach (var folder in Directory.EnumerateDirectories(programs.Folder, TempName + "*"))
            if (Directory.GetCreationTimeUtc(folder) < TimeProvider.System.GetUtcNow().AddHours(-2))
                await DeleteAsync(folder);
    }

    private static async Task DeleteAsync(string folder)
    {
        for (var i = 0; i < 3; i++)
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A child of a browser that was ended may still be writing its profile; what stays is cleared later.
                await Task.Delay(50);
            }
    }

    /// <summary>Head and body of one document.</summary>
    private sealed partial record HtmlPart(string Head, string BodyClass, string Body)
    {
        public static HtmlPart Of(string html)
        {
            var head = HeadPattern().Match(html) is { Success: true } h ? h.Groups[1].Value : "";
            return BodyPattern().Match(html) is { Success: true } b
                ? new HtmlPart(head, ClassPattern().Match(b.Groups[1].Value).Groups[1].Value, b.Groups[2].Value)
                : new HtmlPart(head, "", head.Length > 0 ? html[(html.IndexOf("</head>", StringComparison.OrdinalIgnoreCase) + 7)..] : html);
        }

        [GeneratedRegex("<head\\b[^>]*>(.*?)</head>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
        private static partial Regex HeadPattern();

        [GeneratedRegex("<body\\b([^>]*)>(.*)</body>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
        private static partial Regex BodyPattern();

        [GeneratedRegex("\\bclass=\"([^\"]*)\"", RegexOptions.IgnoreCase)]
        private static partial Regex ClassPattern();
    }

    /// <summary>One run of the browser.</summary>
    private sealed class Job(string chromium, string? qpdf, string folder, Func<TimeSpan> left)
    {
        public async Task<(PrintOutcome? Failure, List<byte[]> Documents)> RunAsync(string head, List<HtmlPart> parts, CancellationToken ct)
        {
            Directory.CreateDirectory(folder);
            var (page, pdf) = (Path.Combine(folder, "page.html"), Path.Combine(folder, "page.pdf"));
            await File.WriteAllTextAsync(page, Compose(head, parts), ct);
            var arguments = new List<string>
            {
                "--headless",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-extensions",
                "--no-first-run",
                "--mute-audio",
                "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                $"--user-data-dir={Path.Combine(folder, "profile")}",
                "--no-pdf-header-footer",
                $"--print-to-pdf={pdf}",
            };
            if (Environment.IsPrivilegedProcess)
                arguments.Add("--no-sandbox"); // Chromium refuses to start as root with its sandbox
            arguments.Add(new Uri(page).AbsoluteUri);

            var end = await RunProgramAsync(chromium, arguments, ct);
            if (end.TimedOut)
                return (new PrintTimedOut(default), []);
            if (!File.Exists(pdf))
                return (new PrintFailed($"chromium ended with {end.Exit} and no PDF: {Last(end.Error)}"), []);
            if (parts.Count == 1)
                return (null, [await File.ReadAllBytesAsync(pdf, ct)]);
            return await SplitAsync(pdf, parts.Count, ct);
        }

        private static string Compose(string head, List<HtmlPart> parts)
        {
            var html = new StringBuilder(
                "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
                    + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:\">"
            );
            html.Append(head);
            if (parts.Count == 1)
                return html.Append("</head><body class=\"").Append(parts[0].BodyClass).Append("\">").Append(parts[0].Body).Append("</body></html>").ToString();
            html.Append("<style>.co-printed{break-after:page}</style></head><body class=\"").Append(parts[0].BodyClass).Append("\">");
            for (var i = 0; i < parts.Count; i++)
                html.Append(CultureInfo.InvariantCulture, $"<section class=\"co-printed\" id=\"co-printed-{i}\">{parts[i].Body}</section>");
            html.Append("<section id=\"co-printed-end\">");
            for (var i = 0; i < parts.Count; i++)
                html.Append(CultureInfo.InvariantCulture, $"<a href=\"#co-printed-{i}\">{i}</a> ");
            return html.Append("<a href=\"#co-printed-end\">end</a></section></body></html>").ToString();
        }

        private async Task<(PrintOutcome? Failure, List<byte[]> Documents)> SplitAsync(string pdf, int count, CancellationToken ct)
        {
            var end = await RunProgramAsync(qpdf!, ["--json=2", "--json-key=qpdf", "--json-key=pages", pdf], ct);
            if (end.TimedOut)
                return (new PrintTimedOut(default), []);
            if (end.Exit != 0 || Starts(end.Output, count) is not { } starts)
                return (new PrintFailed($"qpdf found no places of the documents ({end.Exit}): {Last(end.Error)}"), []);

            var documents = new List<byte[]>();
            for (var i = 0; i < count; i++)
            {
                var part = Path.Combine(folder, $"part-{i}.pdf");
                var cut = await RunProgramAsync(qpdf!, ["--empty", "--pages", pdf, $"{starts[i]}-{starts[i + 1] - 1}", "--", part], ct);
                if (cut.TimedOut)
                    return (new PrintTimedOut(default), []);
                if (cut.Exit != 0)
                    return (new PrintFailed($"qpdf could not cut document {i} ({cut.Exit}): {Last(cut.Error)}"), []);
                documents.Add(await File.ReadAllBytesAsync(part, ct));
            }
            return (null, documents);
        }

        /// <summary>The first page of each document and, last, of the page with the links; null when one has no place.</summary>
        private static int[]? Starts(string json, int count)
        {
            using var parsed = JsonDocument.Parse(json);
            var pages = parsed
                .RootElement.GetProperty("pages")
                .EnumerateArray()
                .Select((p, i) => (Id: p.GetProperty("object").GetString()!, Number: i + 1))
                .ToDictionary(p => p.Id, p => p.Number);
            var objects = parsed.RootElement.GetProperty("qpdf")[1];
            JsonElement Object(string? id) => objects.GetProperty("obj:" + id).GetProperty("value");
            var catalogue = Object(objects.GetProperty("trailer").GetProperty("value").GetProperty("/Root").GetString());
            if (!catalogue.TryGetProperty("/Dests", out var places))
                return null;
            if (places.ValueKind == JsonValueKind.String)
                places = Object(places.GetString());
            var starts = new int[count + 1];
            for (var i = 0; i <= count; i++)
            {
                if (
                    !places.TryGetProperty(i == count ? "/co-printed-end" : $"/co-printed-{i}", out var place)
                    || !pages.TryGetValue(place[0].GetString()!, out starts[i])
                )
                    return null;
                if (i > 0 && starts[i] <= starts[i - 1])
                    return null;
            }
            return starts;
        }

        private Task<ProgramEnd> RunProgramAsync(string program, IEnumerable<string> arguments, CancellationToken ct)
        {
            var rest = left();
            return rest <= TimeSpan.Zero
                ? Task.FromResult(new ProgramEnd(null, "", ""))
                : Programs.RunAsync(program, arguments, rest, 256 * 1024 * 1024, folder, ct);
        }

        private static string Last(string text) => text.Length <= 600 ? text.Trim() : text[^600..].Trim();
    }
}
