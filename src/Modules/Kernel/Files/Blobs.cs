using System.Security.Cryptography;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Security;

namespace CourtOps.Kernel.Files;

/// <param name="Sha256">Lower-case hex, of the plain bytes.</param>
public sealed record Blob(string Sha256, long Size);

/// <param name="Encrypt">CourtOps:Files:Encrypt: new files are encrypted at rest, and a job converts those that are there.</param>
public sealed record FileSettings(bool Encrypt);

/// <summary>
/// Bytes by SHA-256 in the data folder. Written and flushed before the commit that names them; what none has named after a day is collected.
/// Rights are on documents, never on blobs. An encrypted one has the same name with ".enc"; both kinds are read alike.
/// </summary>
public sealed class BlobStore(DataFolder folder, Db db, TimeProvider clock, Secrets secrets, FileSettings options)
{
    private const string Encrypted = ".enc";

    // bytes of one write of a large file
    private const int Piece = 1 << 20;
    private static readonly Lock Collecting = new();

    /// <summary>Writes the bytes durably. Outside any transaction.</summary>
    /// <param name="check">Looks at the plain bytes, by their path, before they are kept; what it throws leaves nothing.</param>
    /// <exception cref="InvalidDataException">More than <paramref name="limit"/> bytes.</exception>
    public async Task<Blob> WriteAsync(Stream content, long limit, CancellationToken ct, Func<string, Task>? check = null)
    {
        var temporary = folder.Private();
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long size = 0;
            await using (var file = new FileStream(temporary, FileMode.Open, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
            {
                // small files in small pieces; of a large one a piece is written while it is digested
                var buffer = new byte[1 << 16];
                for (int n; (n = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct)) > 0; )
                {
                    size += n;
                    if (size > limit)
                        throw new InvalidDataException($"More than {limit} bytes.");
                    if (n < Piece)
                    {
                        hash.AppendData(buffer, 0, n);
                        await file.WriteAsync(buffer.AsMemory(0, n), ct);
                    }
                    else
                    {
                        var digest = Task.Run(() => hash.AppendData(buffer, 0, n), CancellationToken.None);
                        try
                        {
                            await file.WriteAsync(buffer.AsMemory(0, n), ct);
                        }
                        finally
                        {
                            await digest;
                        }
                    }
                    if (size == 1 << 16)
                        buffer = new byte[Piece];
                }
                await file.FlushAsync(ct);
                if (!options.Encrypt)
                    file.Flush(flushToDisk: true);
            }
            if (check is not null)
                await check(temporary);
            var sha = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (Renew(sha))
                return new Blob(sha, size);
            if (options.Encrypt)
                EncryptInto(temporary, PathOf(sha) + Encrypted);
            else
                File.Move(temporary, PathOf(sha), overwrite: true);
            return new Blob(sha, size);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Makes the blob known, in the transaction that uses it.</summary>
    public async Task KeepAsync(Blob blob, CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM kernel_blob WHERE sha256 = @Sha256", new { blob.Sha256 }, ct) == 0)
            await db.ExecuteAsync(
                "INSERT INTO kernel_blob (sha256, size, created_at) VALUES (@Sha256, @Size, @now)",
                new
                {
                    blob.Sha256,
                    blob.Size,
                    now = clock.GetUtcNow(),
                },
                ct
            );
    }

    /// <summary>The plain bytes; seekable.</summary>
    public Stream Open(string sha256)
    {
        var path = PathOf(sha256);
        if (File.Exists(path + Encrypted))
        {
            var file = new FileStream(path + Encrypted, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
            try
            {
                return new OpenedFile(file, secrets);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);
    }

    public bool Exists(string sha256) => File.Exists(PathOf(sha256)) || File.Exists(PathOf(sha256) + Encrypted);

    /// <summary>A path under which a program outside can read the plain bytes; for an encrypted blob a private copy that goes with the disposal.</summary>
    public async Task<PlainFile> PlainAsync(string sha256, CancellationToken ct)
    {
        var path = PathOf(sha256);
        if (!File.Exists(path + Encrypted))
            return new PlainFile(path, false);
        var copy = folder.Private();
        await using var source = Open(sha256);
        await using var target = new FileStream(copy, FileMode.Open, FileAccess.Write);
        await source.CopyToAsync(target, ct);
        return new PlainFile(copy, true);
    }

    /// <summary>Deletes what no commit has named within a day. Returns how many.</summary>
    public async Task<int> CollectAsync(CancellationToken ct)
    {
        var done = 0;
        var before = (clock.GetUtcNow() - CollectFiles.Age).UtcDateTime;
        foreach (
            var some in Files()
                .Where(f => Path.GetFileName(f) is { Length: >= 64 } n && n[..64].All(char.IsAsciiHexDigitLower) && File.GetLastWriteTimeUtc(f) < before)
                .Chunk(200)
        )
        {
            var names = some.Select(f => Path.GetFileName(f)[..64]).Distinct();
            var known = (await db.QueryAsync<string>("SELECT sha256 FROM kernel_blob WHERE sha256 IN @names", new { names }, ct)).ToHashSet();
            foreach (var orphan in some.Where(f => !known.Contains(Path.GetFileName(f)[..64])))
                lock (Collecting)
                    if (File.GetLastWriteTimeUtc(orphan) < before) // nobody has just found it there and means to name it
                    {
                        File.Delete(orphan);
                        done++;
                    }
        }
        return done;
    }

    // found there: young again, so that it is not collected before it is named
    private bool Renew(string sha256)
    {
        lock (Collecting)
            foreach (var path in new[] { PathOf(sha256), PathOf(sha256) + Encrypted })
                if (File.Exists(path))
                {
                    File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
                    return true;
                }
        return false;
    }

    /// <summary>Encrypts the plain files that are there. Interrupted anywhere, a file exists in one form or, whole, in both.</summary>
    public async Task<int> EncryptPlainAsync(CancellationToken ct)
    {
        var done = 0;
        if (!options.Encrypt)
            return done;
        foreach (var path in Files().Where(f => Path.GetFileName(f).Length == 64))
        {
            ct.ThrowIfCancellationRequested();
            var sha = Path.GetFileName(path);
            await using (var plain = File.OpenRead(path))
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(plain, ct)) != sha)
                    continue; // damaged: verify names it, and nobody hides it under a key
            if (!File.Exists(path + Encrypted))
                EncryptInto(path, path + Encrypted);
            File.Delete(path);
            done++;
        }
        return done;
    }

    /// <summary>Wraps the keys of files by the writing key of the ring. Returns how many were changed.</summary>
    internal Task<int> RewrapAsync(CancellationToken ct)
    {
        var done = 0;
        foreach (var path in Files().Where(f => f.EndsWith(Encrypted, StringComparison.Ordinal)))
        {
            ct.ThrowIfCancellationRequested();
            using var source = File.OpenRead(path);
            if (Secrets.KeyOf(SealedFile.Read(source).Wrapped) == secrets.Ring.Writing.Id)
                continue;
            source.Position = 0;
            var temporary = folder.Private();
            using (var target = new FileStream(temporary, FileMode.Open, FileAccess.Write))
            {
                SealedFile.Rewrap(source, target, secrets);
                target.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            done++;
        }
        return Task.FromResult(done);
    }

    /// <summary>Encrypted files by the key that wraps theirs.</summary>
    internal IEnumerable<KeyUse> Uses() =>
        Files()
            .Where(f => f.EndsWith(Encrypted, StringComparison.Ordinal))
            .Select(f =>
            {
                using var file = File.OpenRead(f);
                return Secrets.KeyOf(SealedFile.Read(file).Wrapped) ?? 0;
            })
            .GroupBy(k => k)
            .Select(g => new KeyUse("blobs", g.Key, g.Count()));

    private string PathOf(string sha256)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
            throw new ArgumentException("Not a SHA-256 in lower-case hex.", nameof(sha256));
        return folder.File(Path.Combine("blobs", sha256[..2], sha256[2..4]), sha256);
    }

    private IEnumerable<string> Files()
    {
        var root = Path.Combine(folder.Root, "blobs");
        return Directory.Exists(root) ? Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories) : [];
    }

    private void EncryptInto(string plain, string path)
    {
        var temporary = folder.Private();
        using (var source = File.OpenRead(plain))
        using (var target = new FileStream(temporary, FileMode.Open, FileAccess.Write))
        {
            SealedFile.Encrypt(source, target, secrets);
            target.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}

/// <summary>A file for a program outside; a private copy is deleted with it.</summary>
public sealed class PlainFile(string path, bool copy) : IDisposable
{
    public string Path { get; } = path;

    public void Dispose()
    {
        if (copy)
            File.Delete(Path);
    }
}

/// <summary>Uploads that no command took and bytes that no row names, older than a day.</summary>
public sealed class CollectFiles(Uploads uploads, BlobStore blobs, Messaging.Idempotency answers, Web.KeptForms forms) : IJobHandler
{
    public static readonly TimeSpan Age = TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken ct)
    {
        await uploads.CollectAsync(ct);
        await blobs.CollectAsync(ct);
        await answers.CollectAsync(ct);
        await forms.CollectAsync(ct);
    }
}

/// <summary>Encrypts what was stored before files were encrypted.</summary>
public sealed class EncryptFiles(BlobStore blobs) : IJobHandler
{
    public Task RunAsync(CancellationToken ct) => blobs.EncryptPlainAsync(ct);
}
