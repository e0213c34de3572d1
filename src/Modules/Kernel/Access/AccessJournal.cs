using System.Buffers;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Access;

/// <summary>
/// Entries on their way into the access log: appended to a file of this process before the answer leaves, so that a kill loses none of
/// them. A file whose process is gone is read by whoever opens the log next.
/// </summary>
internal sealed class AccessJournal(DataFolder folder, bool flush) : IDisposable
{
    private const string Pattern = "*.journal";
    private const string Sub = "access";

    /// <summary>More than this waiting means that the database takes none: nothing more is answered.</summary>
    private const int Most = 100_000;

    // every page that is answered comes by here: what it writes with is kept for its thread
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    private readonly Lock sync = new();
    private List<AccessRow> waiting = [];
    private FileStream? file;
    private bool closed;

    /// <summary>Returns when the entries survive the end of this process; with flush, that of the machine.</summary>
    /// <exception cref="InvalidOperationException">The log is closed, or its database takes nothing.</exception>
    public void Append(IReadOnlyList<AccessRow> rows)
    {
        var text = buffer ??= new ArrayBufferWriter<byte>(4096);
        text.ResetWrittenCount();
        foreach (var row in rows)
        {
            (writer ??= new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = Json.Stored.Encoder })).Reset(text);
            JsonSerializer.Serialize(writer, row, Json.Stored);
            text.Write("\n"u8);
        }
        lock (sync)
        {
            if (closed || waiting.Count > Most)
                throw new InvalidOperationException("The access log takes no entries; nothing is answered without it.");
            file ??= Begin(rows[0].Id);
            var end = file.Position;
            try
            {
                file.Write(text.WrittenSpan);
                file.Flush(flush);
            }
            catch (IOException)
            {
                file.SetLength(end); // a full disk: no half of a line before the next one
                throw;
            }
            waiting.AddRange(rows);
        }
    }

    /// <summary>What was appended since the last time, and the file that holds it; the file goes when the entries are in the database.</summary>
    public Batch? Take()
    {
        lock (sync)
        {
            if (waiting.Count == 0)
                return null;
            var taken = new Batch(waiting, file!.Name, Recovered: false);
            file.Dispose();
            (waiting, file) = ([], null);
            return taken;
        }
    }

    /// <summary>Files of processes that are gone. What a living one writes is locked and left to it.</summary>
    public IEnumerable<Batch> Left()
    {
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(folder.File(Sub, "x"))!, Pattern).Order(StringComparer.Ordinal))
            if (Read(path) is { } rows)
                yield return new Batch(rows, path, Recovered: true);
    }

    /// <summary>Files that could not be read to their end.</summary>
    public IReadOnlyList<string> Damaged() => Directory.GetFiles(Path.GetDirectoryName(folder.File(Sub, "x"))!, "*.damaged");

    public void Dispose()
    {
        lock (sync)
        {
            closed = true;
            file?.Dispose();
            file = null;
        }
    }

    private FileStream Begin(long first)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(folder.File(Sub, $"{first}-{Guid.NewGuid():n}.journal"), options);
    }

    // null: it is in use, or it was damaged and put aside
    private static List<AccessRow>? Read(string path)
    {
        string[] lines;
        try
        {
            using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            using var reader = new StreamReader(held);
            lines = reader.ReadToEnd().Split('\n');
        }
        catch (IOException)
        {
            return null;
        }
        try
        {
            // what stands after the last line break was never finished, and so never answered
            return [.. lines[..^1].Select(l => JsonSerializer.Deserialize<AccessRow>(l, Json.Stored)!)];
        }
        catch (JsonException)
        {
            File.Move(path, path + ".damaged");
            return null;
        }
    }

    /// <param name="Recovered">Some of it may be in the database already.</param>
    internal sealed record Batch(IReadOnlyList<AccessRow> Rows, string Path, bool Recovered);
}
