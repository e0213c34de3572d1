using System.Text.Json;
using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;

namespace CourtOps.Cataloguing.Reading;

/// <summary>The verb read: pages of a file or of a folder's files as text and JSON, without a database.</summary>
internal static class ReadVerb
{
    private static readonly string[] Known = [".jpg", ".jpeg", ".png", ".tif", ".tiff", ".pdf"];

    public static object Run(VerbCall call)
    {
        call.Only("out", "threads");
        var from = call.Word(0, "FILE-OR-FOLDER");
        var folder = call.Need("out");
        var threads = call.Value("threads") is { } t
            ? int.TryParse(t, out var n) && n is >= 1 and <= 64
                ? n
                : throw new RuleBroken("--threads is a number from 1 to 64.", "threads")
            : 1;
        var files =
            Directory.Exists(from)
                ? Directory.GetFiles(from).Where(f => Known.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal).ToList()
            : File.Exists(from) ? [from]
            : throw new RuleBroken($"There is no file or folder “{from}”.", "path");
        if (files.Count == 0)
            throw new RuleBroken("The folder has no PDF, TIFF, JPEG or PNG.", "path");
        Directory.CreateDirectory(folder);
        var work = Directory.CreateTempSubdirectory("courtops-read-").FullName;
        var started = call.Clock.GetTimestamp();
        var bad = new List<object>();
        var pages = 0;
        try
        {
            var todo = new System.Collections.Concurrent.ConcurrentQueue<(string File, string Kind, int Page, int Of)>();
            foreach (var file in files)
                try
                {
                    var kind = PageSource.KindOf(file);
                    var count = PageSource.Count(file, kind);
                    for (var p = 1; p <= count; p++)
                        todo.Enqueue((file, kind, p, count));
                }
                catch (BadPage e)
                {
                    lock (bad)
                        bad.Add(
                            new
                            {
                                file = Path.GetFileName(file),
                                error = Refusals.Of(e.Code),
                                code = e.Code,
                            }
                        );
                }
            var runners = Enumerable
                .Range(0, Math.Min(threads, Math.Max(1, todo.Count)))
                .Select(i => new Thread(() =>
                {
                    using var reader = new PageReader(ReadingSettings.FromEnvironment());
                    while (todo.TryDequeue(out var next))
                        try
                        {
                            One(reader, next, folder, work);
                            Interlocked.Increment(ref pages);
                        }
                        catch (Exception e) when (e is BadPage or NetVips.VipsException or TimeoutException)
                        {
                            lock (bad)
                                bad.Add(
                                    new
                                    {
                                        file = Path.GetFileName(next.File),
                                        page = next.Page,
                                        error = e is BadPage b ? Refusals.Of(b.Code) : e.Message,
                                        code = e is BadPage c ? c.Code : "page",
                                    }
                                );
                        }
                }))
                .ToList();
            runners.ForEach(r => r.Start());
            runners.ForEach(r => r.Join());
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
        return new
        {
            pages,
            refused = bad,
            seconds = Math.Round(call.Clock.GetElapsedTime(started).TotalSeconds, 2),
        };
    }

    private static void One(PageReader reader, (string File, string Kind, int Page, int Of) next, string folder, string work)
    {
        var name = Path.GetFileNameWithoutExtension(next.File) + (next.Of > 1 ? $"-{next.Page:0000}" : "");
        var rendered = PageSource.Render(next.File, next.Kind, next.Page, Directory.CreateDirectory(Path.Combine(work, Guid.NewGuid().ToString("n"))).FullName);
        var r = reader.Read(rendered.File ?? next.File, null, rendered.Layer, null, name);
        if (rendered.File is not null)
            File.Delete(rendered.File);
        var guess = r.Flags.Contains(PageQuality.Blank)
            ? new TypeGuess("", "", 0, "")
            : Sorter.TypeOf(new SortPage(0, r.Text, r.Lines, r.Width, false, r.Confidence), SortingTables.Types.Default);
        File.WriteAllText(Path.Combine(folder, name + ".txt"), r.Text + "\n");
        File.WriteAllText(
            Path.Combine(folder, name + ".json"),
            JsonSerializer.Serialize(
                new
                {
                    lines = r.Lines.Select(l => new
                    {
                        text = l.Text,
                        box = new[] { l.Box.X, l.Box.Y, l.Box.Width, l.Box.Height },
                        confidence = Math.Round(l.Confidence, 3),
                    }),
                    flags = r.Flags,
                    orientation = r.Orientation,
                    skew = r.Skew,
                    language = r.Language,
                    type = guess.Type.Length > 0 ? PaperTypes.Of(guess.Type).Label : "",
                    typeCode = guess.Type,
                    typeConfidence = Math.Round(guess.Confidence, 3),
                    confidence = r.Confidence,
                    dpi = rendered.Dpi,
                    engine = r.Engine,
                    cpuSeconds = r.CpuSeconds,
                    wallSeconds = r.WallSeconds,
                },
                Json.Web
            )
        );
    }
}
