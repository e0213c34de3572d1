using System.Text.Json;
using CourtOps.Cataloguing.Intake;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Cataloguing.Jobs;

/// <summary>Each minute, where CourtOps:Scanner:Folder is set: what a scanner has put there is taken in as work.</summary>
internal sealed class LookAtScanner(Db db, WorkQueue work, TimeProvider clock, IConfiguration configuration) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (configuration["CourtOps:Scanner:Folder"] is not { Length: > 0 })
            return;
        await db.BeginAsync(ct);
        await work.AddAsync(
            TakeFromScanner.Name,
            clock.GetUtcNow().ToString("yyyyMMddHHmm", System.Globalization.CultureInfo.InvariantCulture),
            new TakeFromScanner.Payload(),
            ct: ct
        );
        await db.CommitAsync(ct);
    }
}

/// <summary>
/// Looks into the scanner's folder. A sub-folder with manifest.json ({"case","sender","pages","urgent"}) is a batch as soon as nothing in it was written for
/// a minute;
/// its files are kept, the batch is opened, and the folder is moved to "taken". A manifest that cannot be used is answered by a file "problem.txt" beside it.
/// </summary>
internal sealed class TakeFromScanner(Db db, BlobStore blobs, Taking taking, TimeProvider clock, IConfiguration configuration) : IWorkHandler
{
    public const string Name = "cataloguing.scanner";
    private const string Answer = "problem.txt";
    private const int MostManifest = 64 * 1024;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 2;

    public TimeSpan Lease => TimeSpan.FromMinutes(10);

    public int AtOnce => 1;

    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var root = configuration["CourtOps:Scanner:Folder"];
        if (string.IsNullOrEmpty(root) || !Directory.Exists(root))
            return WorkOutcome.Done();
        var found = new List<Scanned>();
        foreach (var folder in Directory.GetDirectories(root).Where(f => Path.GetFileName(f) is not "taken" && !IsLink(f)).Order(StringComparer.Ordinal))
        {
            // folders that cannot be used stay and count for nothing: twenty of them shut nobody out
            if (found.Count == 20)
                break;
            try
            {
                if (await LookAsync(root, folder, ct) is { } scanned)
                    found.Add(scanned);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // the scanner still holds a file, or may not be read: this folder waits, the others do not
            }
        }
        return WorkOutcome.Done(new Result(found));
    }

    private async Task<Scanned?> LookAsync(string root, string folder, CancellationToken ct)
    {
        var manifest = Path.Combine(folder, "manifest.json");
        var files = Directory
            .GetFiles(folder)
            .Where(f => Path.GetFileName(f) is not ("manifest.json" or Answer) && !Path.GetFileName(f).StartsWith('.'))
            .Order(StringComparer.Ordinal)
            .ToList();
        var written = files.Append(manifest).Where(File.Exists).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty(DateTime.MaxValue).Max();
        if (!File.Exists(manifest) || files.Count == 0 || written > clock.GetUtcNow().UtcDateTime - Quiet)
            return null;
        var name = Path.GetFileName(folder);
        var key = $"{(name.Length <= 100 ? name : Secrets.Digest(name))}:{written:yyyyMMddHHmmss}";
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM cataloguing_batch WHERE source_key = @key", new { key }, ct) > 0)
        {
            // taken in a turn that ended before it could move the folder
            Directory.CreateDirectory(Path.Combine(root, "taken"));
            Directory.Move(folder, Path.Combine(root, "taken", $"{name}-{clock.GetUtcNow():yyyyMMddHHmmssfff}"));
            return null;
        }
        if (await db.FirstAsync<string>("SELECT reason FROM cataloguing_scan_refusal WHERE source_key = @key", new { key }, ct) is { } refused)
        {
            // it was read and could not be taken in; changed files have another key and are tried again
            if (!File.Exists(Path.Combine(folder, Answer)) || await File.ReadAllTextAsync(Path.Combine(folder, Answer), ct) != refused)
                await File.WriteAllTextAsync(Path.Combine(folder, Answer), refused, ct);
            return null;
        }
        try
        {
            if (files.Append(manifest).FirstOrDefault(IsLink) is { } link)
                throw new RuleBroken($"{Path.GetFileName(link)} 只是指向别处的链接，请放入文件本身。", "file");
            if (files.Count > AddFiles.Most)
                throw new RuleBroken($"一次最多 {AddFiles.Most} 个文件，请分批提交。", "file");
            if (new FileInfo(manifest).Length > MostManifest)
                throw new JsonException();
            var said = JsonSerializer.Deserialize<ManifestFile>(await File.ReadAllTextAsync(manifest, ct), Json.Web) ?? throw new JsonException();
            var caseId =
                await db.FirstAsync<long?>("SELECT id FROM workzone_case_card WHERE number = @number", new { number = Number(said.Case ?? "") }, ct)
                ?? throw new RuleBroken($"没有这个案件：{said.Case}。", "case");
            var kept = new List<TakenFile>();
            foreach (var file in files)
                await using (var stream = File.OpenRead(file))
                    kept.Add(new TakenFile(Path.GetFileName(file), await blobs.WriteAsync(stream, 4L << 30, ct)));
            return new Scanned(
                key,
                caseId,
                said.Sender is { Length: > 0 } sender ? BatchBook.Cut(sender, 120) : "扫描室",
                said.Pages is > 0 and <= 100_000 ? said.Pages : null,
                said.Urgent,
                kept
            );
        }
        catch (Exception e) when (e is JsonException or RuleBroken)
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, Answer),
                e is RuleBroken ? e.Message : "manifest.json 不是正确的 JSON：{\"case\",\"sender\",\"pages\"}。",
                ct
            );
            return null;
        }
    }

    // whoever may write into the folder reads nothing else of this machine by it
    private static bool IsLink(string path) => (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0;

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.Result is not Result result)
            return;
        foreach (var s in result.Batches)
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM cataloguing_batch WHERE source_key = @Key", new { s.Key }, ct) == 0)
                await TakeAsync(s, ct);
    }

    // one batch that cannot be taken undoes none of the others; its reason is laid beside it at the next look
    private async Task TakeAsync(Scanned s, CancellationToken ct)
    {
        try
        {
            await db.SavepointAsync(() =>
                taking.TakeAsync(
                    new TakeBatch
                    {
                        CaseId = s.CaseId,
                        Sender = s.Sender,
                        Announced = s.Pages,
                        Urgent = s.Urgent,
                        Source = "scanner",
                        Files = s.Files,
                    },
                    s.Key,
                    ct
                )
            );
        }
        catch (Exception e) when (e is RuleBroken or NotFound or Conflict or Forbidden)
        {
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM cataloguing_scan_refusal WHERE source_key = @Key", new { s.Key }, ct) == 0)
                await db.ExecuteAsync(
                    "INSERT INTO cataloguing_scan_refusal (source_key, reason, at) VALUES (@Key, @reason, @now)",
                    new
                    {
                        s.Key,
                        reason = BatchBook.Cut(e.Message, 400),
                        now = clock.GetUtcNow(),
                    },
                    ct
                );
        }
    }

    // typed by hand: half width and blanks make no difference
    private static string Number(string typed) => Sorting.Sorter.Fold(typed).Replace('(', '（').Replace(')', '）');

    internal sealed record Payload;

    internal sealed record Scanned(string Key, long CaseId, string Sender, int? Pages, bool Urgent, IReadOnlyList<TakenFile> Files);

    internal sealed record Result(IReadOnlyList<Scanned> Batches);

    private sealed record ManifestFile
    {
        public string? Case { get; init; }
        public string? Sender { get; init; }
        public int? Pages { get; init; }
        public bool Urgent { get; init; }
    }
}
