using System.Globalization;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Workzone;
using Microsoft.Extensions.Configuration;

namespace CourtOps.TrialSupport.Recordings.Recorder;

/// <summary>Each minute, where CourtOps:Recorder:Folder is set: what the recorders of the courtrooms have put there is looked at as work.</summary>
internal sealed class LookAtRecorder(Db db, WorkQueue work, TimeProvider clock, IConfiguration configuration) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (configuration[TakeFromRecorder.Setting] is not { Length: > 0 })
            return;
        await db.BeginAsync(ct);
        await work.AddAsync(
            TakeFromRecorder.Name,
            clock.GetUtcNow().ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture),
            new TakeFromRecorder.Payload(),
            ct: ct
        );
        await db.CommitAsync(ct);
    }
}

/// <summary>
/// Looks into the recorders' folder: a sub-folder for each court named by its sign or name, in it one for each courtroom. A file whose size and time have
/// not changed since an earlier look is read, digested and given to its hearing, or to the page where a clerk does so. Files are only moved once what
/// became of them is committed, so that a host killed at any point leaves them where the next look finds them.
/// </summary>
internal sealed class TakeFromRecorder(
    Db db,
    BlobStore blobs,
    UploadLimits limits,
    ICourts courts,
    ISettings settings,
    RecorderBook book,
    TimeProvider clock,
    IConfiguration configuration
) : IWorkHandler
{
    public const string Name = "trial.recorder";
    public const string Setting = "CourtOps:Recorder:Folder";
    private const string Answer = "problem.txt";
    private const string Out = "taken";

    /// <summary>A turn reads no further file once it has read this much: the next looks a minute later.</summary>
    private const long MostBytes = 4L << 30;
    private const int MostFiles = 40;

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 2;

    public TimeSpan Lease => TimeSpan.FromMinutes(30);

    public int AtOnce => 1;

    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var root = configuration[Setting];
        if (string.IsNullOrEmpty(root) || !Directory.Exists(root))
            return WorkOutcome.Done();
        var result = new Result([], [], []);
        foreach (var folder in Folders(root))
        {
            if (await courts.FindAsync(Path.GetFileName(folder), ct) is not { } court)
            {
                Say(folder, $"没有名称或者代字为“{Path.GetFileName(folder)}”的法院。文件夹按法院的代字命名，里面每个法庭一个文件夹。");
                continue;
            }
            var rooms = await db.QueryAsync<Hearings.Room>(
                "SELECT id, name, size, features, online, active, version FROM trial_room WHERE court_id = @Id AND active = 1",
                new { court.Id },
                ct
            );
            foreach (var room in Folders(folder))
            {
                var name = Path.GetFileName(room);
                var id = rooms.FirstOrDefault(r => r.Name == name)?.Id;
                await LookAsync(root, room, new Spot(court.Id, id, name.Length <= 120 ? name : name[..120]), result, ct);
            }
        }
        return WorkOutcome.Done(result);
    }

    private async Task LookAsync(string root, string folder, Spot spot, Result result, CancellationToken ct)
    {
        var rules = settings.Current<RecorderSettings>(spot.CourtId);
        var now = clock.GetUtcNow();
        foreach (var file in Files(folder))
        {
            var path = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (path.Length > 400)
            {
                Say(folder, $"路径过长：{Path.GetFileName(file)}。请改短文件名。");
                continue;
            }
            var info = new FileInfo(file);
            if (!info.Exists)
                continue;
            var (written, size) = (new DateTimeOffset(info.LastWriteTimeUtc, TimeSpan.Zero), info.Length);
            var seen = new Seen(spot, Secrets.Digest(path), Stamp(size, written), path, size, written);
            var row = await book.FindAsync(seen.Place, seen.Stamp, ct);
            if (row is { State: not RecorderFile.Watched })
            {
                // dealt with in an earlier turn: its source may go now, as the setting says; what is no recording is the recorder's own affair
                if (rules.Move == 0 || row.State == RecorderFile.Waiting || row.Blob is null)
                    continue;
                if (MoveAway(root, file, path, now))
                    result.Moved.Add(row.Id);
                continue;
            }
            if (row is null || size == 0 || now - row.Since < TimeSpan.FromMinutes(rules.QuietMinutes))
            {
                if (row is null)
                    result.Seen.Add(seen);
                continue;
            }
            if (result.Read.Count >= MostFiles || result.Read.Sum(r => r.Seen.Size) > MostBytes)
                continue;
            result.Read.Add(await ReadAsync(file, seen, ct));
        }
    }

    /// <summary>Reads, digests and judges a file that is still; what hinders is said, and the file stays.</summary>
    private async Task<ReadFile> ReadAsync(string file, Seen seen, CancellationToken ct)
    {
        if (seen.Size > limits.MaxRecordingBytes)
            return new ReadFile(seen) { Refused = "too-large" };
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous);
            var head = new byte[16];
            var n = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
            if (RecordingRules.Mime(head.AsSpan(0, n)) is not { } mime)
                return new ReadFile(seen) { Refused = "not-media" };
            var (fault, length) = (MediaCheck.Judge(stream, mime), MediaLength.Of(stream, mime));
            stream.Position = 0;
            var blob = await blobs.WriteAsync(stream, limits.MaxRecordingBytes, ct);
            var after = new FileInfo(file);
            if (Stamp(after.Length, new DateTimeOffset(after.LastWriteTimeUtc, TimeSpan.Zero)) != seen.Stamp || blob.Size != seen.Size)
                return new ReadFile(seen) { Trouble = "changed" };
            return new ReadFile(seen)
            {
                Mime = mime,
                Fault = fault,
                Seconds = length?.TotalSeconds,
                Blob = blob,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new ReadFile(seen) { Trouble = TroubleOf(e) };
        }
    }

    /// <summary>"disk" for a full disk as Linux (28) and Windows (112) say it, otherwise "unreadable".</summary>
    public static string TroubleOf(Exception e) => e is IOException && (e.HResult & 0xFFFF) is 28 or 112 ? "disk" : "unreadable";

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.Result is not Result result)
            return;
        foreach (var seen in result.Seen)
            await book.SeeAsync(seen, ct);
        foreach (var read in result.Read)
            await book.DealAsync(read, ct);
        foreach (var id in result.Moved)
            await book.MovedAsync(id, ct);
    }

    private static bool MoveAway(string root, string file, string path, DateTimeOffset now)
    {
        var target = Path.Combine(root, Out, path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (File.Exists(target))
                target = $"{target}.{now.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture)}";
            File.Move(file, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // the recorder holds it, or the folder may not be written: tried again at the next look
        }
    }

    private static void Say(string folder, string words)
    {
        var answer = Path.Combine(folder, Answer);
        try
        {
            if (!File.Exists(answer) || File.ReadAllText(answer) != words)
                File.WriteAllText(answer, words);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a folder that may only be read
        }
    }

    private static IEnumerable<string> Folders(string folder) =>
        Directory
            .GetDirectories(folder)
            .Where(f => Path.GetFileName(f) is not Out && !Path.GetFileName(f).StartsWith('.') && !IsLink(f))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .GetFiles(folder)
            .Where(f => Path.GetFileName(f) is not Answer && !Path.GetFileName(f).StartsWith('.') && !IsLink(f))
            .Order(StringComparer.Ordinal);

    // whoever may write into the folder reads nothing else of this machine by it
    private static bool IsLink(string path) => (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0;

    private static string Stamp(long size, DateTimeOffset written) => FormattableString.Invariant($"{size}:{written.UtcTicks}");

    internal sealed record Payload;

    /// <param name="RoomId">Null where the folder is not called as a courtroom in use.</param>
    internal sealed record Spot(long CourtId, long? RoomId, string RoomName);

    internal sealed record Seen(Spot Spot, string Place, string Stamp, string Path, long Size, DateTimeOffset WrittenAt);

    internal sealed record ReadFile(Seen Seen)
    {
        /// <summary>Why it is not wanted at all.</summary>
        public string? Refused { get; init; }

        /// <summary>Why it could not be read this time.</summary>
        public string? Trouble { get; init; }
        public string Mime { get; init; } = "";
        public string? Fault { get; init; }
        public double? Seconds { get; init; }
        public Blob? Blob { get; init; }
    }

    internal sealed record Result(List<Seen> Seen, List<ReadFile> Read, List<long> Moved);
}
