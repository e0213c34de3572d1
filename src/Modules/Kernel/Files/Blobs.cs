using System.Security.Cryptography;
using CourtOps.Kernel.Data;

namespace CourtOps.Kernel.Files;

/// <param name="Sha256">Lower-case hex.</param>
public sealed record Blob(string Sha256, long Size);

/// <summary>
/// Bytes by SHA-256 in the data folder. Written and flushed before the commit that names them; orphans are collected later.
/// Rights are on documents, never on blobs.
/// </summary>
public sealed class BlobStore(DataFolder folder, Db db, TimeProvider clock)
{
    /// <summary>Writes the bytes durably. Outside any transaction.</summary>
    /// <exception cref="InvalidDataException">More than <paramref name="limit"/> bytes.</exception>
    public async Task<Blob> WriteAsync(Stream content, long limit, CancellationToken ct)
    {
        var temporary = folder.File("blobs/incoming", Guid.NewGuid().ToString("n"));
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long size = 0;
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            {
                var buffer = new byte[1 << 16];
                for (int n; (n = await content.ReadAsync(buffer, ct)) > 0;)
                {
                    size += n;
                    if (size > limit)
                        throw new InvalidDataException($"More than {limit} bytes.");
                    hash.AppendData(buffer, 0, n);
                    await file.WriteAsync(buffer.AsMemory(0, n), ct);
                }
                await file.FlushAsync(ct);
                file.Flush(flushToDisk: true);
            }
            var sha = Convert.ToHexStringLower(hash.GetHashAndReset());
            var target = PathOf(sha);
            if (!File.Exists(target))
                File.Move(temporary, target, overwrite: true);
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
            await db.ExecuteAsync("INSERT INTO kernel_blob (sha256, size, created_at) VALUES (@Sha256, @Size, @now)", new { blob.Sha256, blob.Size, now = clock.GetUtcNow() }, ct);
    }

    public Stream Open(string sha256) => new FileStream(PathOf(sha256), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous);

    public bool Exists(string sha256) => File.Exists(PathOf(sha256));

    public string PathOf(string sha256)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
            throw new ArgumentException("Not a SHA-256 in lower-case hex.", nameof(sha256));
        return folder.File(Path.Combine("blobs", sha256[..2], sha256[2..4]), sha256);
    }
}
