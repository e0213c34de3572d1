using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Kernel.Files;

/// <summary>A resumable upload: begun with name and size, sent in chunks at offsets, taken once by a command.</summary>
public sealed class Uploads(Db db, DataFolder folder, TimeProvider clock, Actor actor, UploadLimits limits)
{
    public sealed record State(string Id, string Name, long Size, long Received);

    public async Task<State> BeginAsync(string name, long size, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 255 || name.Any(char.IsControl))
            throw new RuleBroken("文件名为空、过长或含有控制字符。", "name");
        if (size <= 0)
            throw new RuleBroken("文件是空的，没有内容可以上传。", "size");
        var most = limits.Most(name);
        if (size > most)
            throw new RuleBroken($"文件 {size / 1048576} MB，超过上限 {most / 1048576} MB。请拆分后上传。", "size");
        var open = await db.QueryAsync<Row>(
            "SELECT id, name, size FROM kernel_upload WHERE person_id = @person AND taken_at IS NULL",
            new { person = actor.Id },
            ct
        );
        // recordings have an allowance of their own: papers do not share in their size
        var recording = UploadLimits.IsRecording(name);
        var lying = open.Where(u => UploadLimits.IsRecording(u.Name) == recording).Sum(u => u.Size);
        if (open.Count >= limits.MaxOpen || lying + size > (recording ? limits.MaxOpenRecordingBytes : limits.MaxOpenBytes))
            throw new RuleBroken(
                $"您还有 {open.Count} 个文件、{open.Sum(u => u.Size) / 1048576} MB 上传后没有提交，已到上限。请先提交或去掉一些；一天没有动过的会自动清除。",
                "size",
                "quota"
            );
        var id = Secrets.NewToken();
        await db.BeginAsync(ct);
        await db.ExecuteAsync(
            "INSERT INTO kernel_upload (id, person_id, name, size, created_at) VALUES (@id, @person, @name, @size, @now)",
            new
            {
                id,
                person = actor.Id,
                name = Path.GetFileName(name),
                size,
                now = clock.GetUtcNow(),
            },
            ct
        );
        await db.CommitAsync(ct);
        await File.Create(PathOf(id)).DisposeAsync();
        return new State(id, name, size, 0);
    }

    public async Task<State> FindAsync(string id, CancellationToken ct)
    {
        var row =
            id.Length == 32 && id.All(char.IsAsciiHexDigitLower)
                ? await db.FirstAsync<Row>(
                    "SELECT id, name, size FROM kernel_upload WHERE id = @id AND person_id = @person AND taken_at IS NULL",
                    new { id, person = actor.Id },
                    ct
                )
                : null;
        if (row is null || !File.Exists(PathOf(id)))
            throw new NotFound("上传", id);
        return new State(row.Id, row.Name, row.Size, new FileInfo(PathOf(id)).Length);
    }

    /// <summary>Appends a chunk. A chunk at an offset already received is answered with what is there.</summary>
    public async Task<State> AppendAsync(string id, long offset, Stream chunk, CancellationToken ct)
    {
        var state = await FindAsync(id, ct);
        if (offset != state.Received)
            return state;
        await using (var file = new FileStream(PathOf(id), FileMode.Open, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
        {
            if (file.Length != offset)
                return state with { Received = file.Length };
            file.Seek(offset, SeekOrigin.Begin);
            var buffer = new byte[1 << 16];
            for (int n; (n = await chunk.ReadAsync(buffer, ct)) > 0; )
            {
                if (file.Position + n > state.Size)
                    throw new RuleBroken("收到的内容比声明的文件大小多。", "size");
                await file.WriteAsync(buffer.AsMemory(0, n), ct);
            }
        }
        return state with { Received = new FileInfo(PathOf(id)).Length };
    }

    /// <summary>The complete file, for reading; refused while parts are missing.</summary>
    /// <param name="recording">It is taken as a recording, which may be larger than a paper.</param>
    public async Task<(State State, string Path)> CompleteAsync(string id, CancellationToken ct, bool recording = false)
    {
        var state = await FindAsync(id, ct);
        if (state.Received != state.Size)
            throw new RuleBroken($"文件还没有传完：{state.Received} / {state.Size} 字节。", "upload");
        if (!recording && state.Size > limits.MaxBytes)
            throw new RuleBroken($"文件 {state.Size / 1048576} MB，超过上限 {limits.MaxBytes / 1048576} MB。请拆分后上传。", "size");
        return (state, PathOf(id));
    }

    /// <summary>Marks it used, in the command's transaction; the file goes after commit.</summary>
    public async Task TakeAsync(string id, CancellationToken ct)
    {
        if (await db.ExecuteAsync("UPDATE kernel_upload SET taken_at = @now WHERE id = @id AND taken_at IS NULL", new { id, now = clock.GetUtcNow() }, ct) == 0)
            throw new Conflict("这个上传已经用过了。");
        var path = PathOf(id);
        db.OnCommitted(() => File.Delete(path));
    }

    /// <summary>Throws it away: its content is of no use.</summary>
    public async Task DropAsync(string id, CancellationToken ct)
    {
        await FindAsync(id, ct);
        await ForgetAsync([id], ct);
    }

    /// <summary>Deletes uploads to which nothing was added for a day. Returns how many.</summary>
    public async Task<int> CollectAsync(CancellationToken ct)
    {
        var root = Path.Combine(folder.Root, "uploads");
        var before = (clock.GetUtcNow() - CollectFiles.Age).UtcDateTime;
        var old = Directory.Exists(root)
            ? Directory.GetFiles(root).Where(f => File.GetLastWriteTimeUtc(f) < before).Select(f => Path.GetFileName(f)).ToList()
            : [];
        foreach (var some in old.Chunk(200))
            await ForgetAsync(some, ct);
        return old.Count;
    }

    // the row first: nobody finds an upload whose file is gone
    private async Task ForgetAsync(string[] uploads, CancellationToken ct)
    {
        await db.BeginAsync(ct);
        await db.ExecuteAsync("DELETE FROM kernel_upload WHERE id IN @uploads AND taken_at IS NULL", new { uploads }, ct);
        await db.CommitAsync(ct);
        foreach (var id in uploads)
            File.Delete(PathOf(id));
    }

    private string PathOf(string id) => folder.File("uploads", id);

    private sealed record Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public long Size { get; init; }
    }
}

/// <param name="MaxBytes">The largest file taken in.</param>
public sealed record UploadLimits(long MaxBytes)
{
    /// <summary>How many files one person may have begun and not yet handed in.</summary>
    public int MaxOpen { get; init; } = 500;

    /// <summary>How many bytes those files may announce together: twenty of the largest.</summary>
    public long MaxOpenBytes => MaxBytes * 20;

    /// <summary>The same of recordings: two of the largest.</summary>
    public long MaxOpenRecordingBytes => Math.Max(MaxBytes, MaxRecordingBytes) * 2;

    /// <summary>The largest recording of a hearing: a day of video.</summary>
    public long MaxRecordingBytes { get; init; } = 16L << 30;

    /// <summary>The largest file of a name: what is called as a recording may be larger than a paper.</summary>
    public long Most(string name) => IsRecording(name) ? Math.Max(MaxBytes, MaxRecordingBytes) : MaxBytes;

    internal static bool IsRecording(string name) => Path.GetExtension(name).ToLowerInvariant() is ".mp4" or ".webm" or ".wav" or ".mp3" or ".ogg" or ".m4a";

    /// <summary>The largest request: a file with the form around it, or a case list; a larger one is refused before it is read.</summary>
    public long MaxRequest => Math.Max(600L * 1024 * 1024, MaxBytes + (64L * 1024 * 1024));
}
