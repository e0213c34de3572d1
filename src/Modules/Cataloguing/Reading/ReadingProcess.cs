using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;

namespace CourtOps.Cataloguing.Reading;

/// <summary>What the host asks of a reading process, one JSON line each.</summary>
internal sealed record Ask
{
    /// <summary>count, render, read, bind or words.</summary>
    public string Op { get; init; } = "";
    public string Path { get; init; } = "";
    public string Kind { get; init; } = "";
    public int Page { get; init; }

    /// <summary>Where pictures are written.</summary>
    public string? Folder { get; init; }
    public string Name { get; init; } = "";
    public int? Turn { get; init; }
    public IReadOnlyList<ReadLine>? Layer { get; init; }

    /// <summary>What is bound, of bind; Path is where to.</summary>
    public IReadOnlyList<Efile.BindPage>? Pages { get; init; }
}

/// <param name="Problem">A code of <see cref="Intake.Refusals"/>, or null.</param>
internal sealed record Answer(
    string? Problem = null,
    string? Detail = null,
    int Count = 0,
    RenderedPage? Rendered = null,
    PageResult? Read = null,
    IReadOnlyList<string>? Words = null
);

/// <summary>
/// The verb read-worker: this program once more as a child that opens, renders and reads pages, so that a file that crashes or hangs a library takes a
/// child with it and not the host. JSON lines in and out; it ends when its input ends.
/// </summary>
internal static class ReadingProcess
{
    public const string Verb = "read-worker";

    private static readonly JsonSerializerOptions Lines = new(Json.Web) { WriteIndented = false };

    public static object Run(VerbCall call)
    {
        using var reader = new Lazy<PageReader>(() => new PageReader(ReadingSettings.FromEnvironment())).Guarded();
        for (string? line; (line = Console.In.ReadLine()) is not null; )
        {
            Answer answer;
            try
            {
                answer = Do(JsonSerializer.Deserialize<Ask>(line, Lines)!, reader);
            }
            catch (BadPage e)
            {
                answer = new Answer(e.Code, e.Message);
            }
            catch (Exception e) when (e is not (OutOfMemoryException or AccessViolationException))
            {
                answer = new Answer("page", e.Message);
            }
            Console.Out.WriteLine(JsonSerializer.Serialize(answer, Lines));
            Console.Out.Flush();
        }
        return new { ended = true };
    }

    private static Answer Do(Ask ask, Held reader) =>
        ask.Op switch
        {
            "count" => new Answer(Count: PageSource.Count(ask.Path, ask.Kind)),
            "render" => new Answer(Rendered: PageSource.Render(ask.Path, ask.Kind, ask.Page, ask.Folder!)),
            "read" => Trap(ask) ?? new Answer(Read: reader.Value.Read(ask.Path, ask.Turn, ask.Layer, ask.Folder, ask.Name)),
            "bind" => Bind(ask),
            "words" => new Answer(Words: PageSource.Words(ask.Path)),
            _ => new Answer("page", $"unknown: {ask.Op}"),
        };

    private static Answer Bind(Ask ask)
    {
        using var to = File.Create(ask.Path);
        Efile.PdfWriter.Write(to, ask.Name, ask.Pages!);
        return new Answer(Count: ask.Pages!.Count);
    }

    // the fault tests send pages named so, and only where they switched it on
    private static Answer? Trap(Ask ask)
    {
        if (Environment.GetEnvironmentVariable("COURTOPS_READING_TRAPS") != "1")
            return null;
        var trap = ask.Turn ?? 0;
        if (trap == -1)
            Environment.FailFast("trap");
        if (trap == -2)
            Thread.Sleep(Timeout.Infinite);
        return null;
    }

    private sealed class Held(Lazy<PageReader> lazy) : IDisposable
    {
        public PageReader Value => lazy.Value;

        public void Dispose()
        {
            if (lazy.IsValueCreated)
                lazy.Value.Dispose();
        }
    }

    private static Held Guarded(this Lazy<PageReader> lazy) => new(lazy);
}
