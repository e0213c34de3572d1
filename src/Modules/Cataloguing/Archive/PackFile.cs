using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CourtOps.Cataloguing.Efile;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;

namespace CourtOps.Cataloguing.Archive;

/// <summary>
/// Makes the package of a file: every document under its archive name (F-03) by volume, manifest.json with the catalogue, sha256.txt with the digest of each.
/// It is
/// opened and verified once more before it counts.
/// </summary>
internal sealed class PackFile(Db db, ArchiveBook book, ShowEfile.EfileReader efile, BlobStore blobs, DataFolder folder, Outbox outbox) : IWorkHandler
{
    private static readonly JsonSerializerOptions Indented = new(Json.Stored)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public const string Name = "cataloguing.pack";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 5;

    public TimeSpan Lease => TimeSpan.FromMinutes(15);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var archive = await book.GetAsync(item.Read<Payload>().CaseId, ct);
        if (archive.State != ArchiveState.Packing)
            return WorkOutcome.Done();
        var show = await efile.ReadAsync(archive.CaseId, ct);
        var made = folder.Private();
        try
        {
            var (manifest, files) = await WriteAsync(made, archive, show, ct);
            await using (var check = File.OpenRead(made))
                if (Verify(check) is { } wrong)
                    return WorkOutcome.Retry($"打包后校验不一致：{wrong}");
            await using var stream = File.OpenRead(made);
            return WorkOutcome.Done(new Result(await blobs.WriteAsync(stream, long.MaxValue, ct), manifest, files));
        }
        finally
        {
            File.Delete(made);
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var archive = await book.GetAsync(item.Read<Payload>().CaseId, ct);
        if (archive.State != ArchiveState.Packing)
            return;
        if (outcome.Result is not Result result)
        {
            await ArchiveBook.Table.MoveAsync(db, "failed", archive.State, new { archive.Id, archive.Version }, "", ct);
            return;
        }
        await blobs.KeepAsync(result.Package, ct);
        var now = book.Now();
        await ArchiveBook.Table.MoveAsync(
            db,
            "packed",
            archive.State,
            new
            {
                archive.Id,
                archive.Version,
                now,
                result.Package.Sha256,
                result.Package.Size,
                result.Manifest,
                result.Files,
                yes = true,
            },
            "package = @Sha256, size = @Size, manifest = @Manifest, files = @Files, packed_at = @now, verified_at = @now, verified_ok = @yes",
            ct
        );
        await outbox.AddAsync(
            Catalogue.CaseKey(archive.CaseId),
            new CaseArchived
            {
                CaseId = archive.CaseId,
                On = Times.Day(now),
                Manifest = result.Manifest,
            },
            ct
        );
    }

    /// <summary>What is wrong with a package; null where each file has the digest its list says and none is missing or too many.</summary>
    public static string? Verify(Stream package)
    {
        try
        {
            using var zip = new ZipArchive(package, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8);
            if (zip.GetEntry("sha256.txt") is not { } list)
                return "sha256.txt";
            using var reader = new StreamReader(list.Open(), Encoding.UTF8);
            var said = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split("  ", 2)).ToDictionary(l => l[1], l => l[0]);
            foreach (var entry in zip.Entries.Where(e => e.FullName != "sha256.txt"))
            {
                using var stream = entry.Open();
                if (!said.Remove(entry.FullName, out var digest) || Convert.ToHexStringLower(SHA256.HashData(stream)) != digest)
                    return entry.FullName;
            }
            return said.Keys.FirstOrDefault();
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException or ArgumentException)
        {
            return "zip";
        }
    }

    /// <summary>案号_卷别_序号_类别_标题_日期_页数.pdf without what no file system takes.</summary>
    public static string NameOf(string caseNumber, string volume, ShowEfile.Item item)
    {
        static string Plain(string s) =>
            string.Concat(s.Where(c => !char.IsControl(c) && c is not ('/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' or '_'))) is var p
            && p.Length > 60
                ? p[..60]
                : p;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Plain(caseNumber)}_{(volume == "main" ? "正卷" : "副卷")}_{item.N:000}_{Plain(item.Heading)}_{Plain(item.Title)}_{(item.Date is { } d ? d.ToString("yyyyMMdd", CultureInfo.InvariantCulture) : "无日期")}_{item.Pages ?? 0}页.pdf"
        );
    }

    private async Task<(string Manifest, int Files)> WriteAsync(string path, ArchiveRow archive, ShowEfile.Result show, CancellationToken ct)
    {
        var digests = new List<(string Name, string Digest)>();
        var listed = new List<object>();
        await using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: false, Encoding.UTF8);
        foreach (var volume in show.Volumes)
        foreach (var item in volume.Items.Where(i => i.Blob.Length > 0))
        {
            var name = $"{(volume.Name == "main" ? "正卷" : "副卷")}/{NameOf(show.CaseNumber, volume.Name, item)}";
            await using (var from = blobs.Open(item.Blob))
            await using (var to = await zip.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync(ct))
                await from.CopyToAsync(to, ct);
            digests.Add((name, item.Blob));
            listed.Add(
                new
                {
                    seq = item.N,
                    type = item.Type,
                    heading = item.Heading,
                    title = item.Title,
                    author = item.Author,
                    date = item.Date,
                    volume = volume.Name,
                    pageFrom = item.FirstPage,
                    pages = item.Pages,
                    source = item.Source,
                    file = name,
                    sha256 = item.Blob,
                }
            );
        }
        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                caseNumber = show.CaseNumber,
                cause = show.Cause,
                kind = show.CaseKind,
                closedOn = archive.ClosedOn,
                how = archive.How,
                retention = archive.Retention,
                missing = archive.GapsReason,
                packedBy = archive.PackedByName,
                items = listed,
            },
            Indented
        );
        var digest = Convert.ToHexStringLower(SHA256.HashData(manifest));
        await using (var to = await zip.CreateEntry("manifest.json").OpenAsync(ct))
            await to.WriteAsync(manifest, ct);
        digests.Add(("manifest.json", digest));
        await using (var to = await zip.CreateEntry("sha256.txt").OpenAsync(ct))
            await to.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(digests.Select(d => $"{d.Digest}  {d.Name}\n"))), ct);
        return (digest, digests.Count - 1);
    }

    internal sealed record Payload
    {
        public long CaseId { get; init; }
    }

    internal sealed record Result(Blob Package, string Manifest, int Files);
}
