using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.ServiceOfDocuments.Tasks;
using Microsoft.AspNetCore.Http;

namespace CourtOps.ServiceOfDocuments.Attempts;

/// <summary>A recording, a photo, a signature: bytes and what is said of them.</summary>
internal sealed record EvidenceRow
{
    public long Id { get; init; }
    public long NoticeId { get; init; }
    public long? StepId { get; init; }

    /// <summary>photo, audio, signature, note, speech.</summary>
    public string Kind { get; init; } = "";
    public string Name { get; init; } = "";
    public string Mime { get; init; } = "";
    public string? Blob { get; init; }
    public long Size { get; init; }
    public DateTimeOffset? TakenAt { get; init; }
    public string? Place { get; init; }

    /// <summary>When and where by the photo's own word; see <see cref="PhotoFacts"/>.</summary>
    public DateTimeOffset? SeenAt { get; init; }
    public string? SeenPlace { get; init; }

    /// <summary>By how many days the photo's own time is another than the time given.</summary>
    public int DaysOff => PhotoFacts.DaysOff(SeenAt, TakenAt);
    public string? Words { get; init; }
    public string RecordedBy { get; init; } = "";
    public DateTimeOffset RecordedAt { get; init; }
}

/// <summary>Bytes taken in before a command names them.</summary>
/// <param name="Facts">What a photo says of itself.</param>
internal sealed record TakenFile(string Kind, string Name, string Mime, Blob Blob, PhotoFacts? Facts = null);

/// <summary>Takes photos and recordings in, by their first bytes and not by their names. Outside any transaction.</summary>
internal sealed class EvidenceFiles(BlobStore blobs)
{
    private const long MostPhoto = 20L * 1024 * 1024;
    private const long MostAudio = 200L * 1024 * 1024;

    /// <summary>photo or audio with its media type; null for anything else. Pure.</summary>
    public static (string Kind, string Mime)? KindOf(ReadOnlySpan<byte> head) =>
        head.StartsWith(new byte[] { 0xFF, 0xD8, 0xFF }) ? ("photo", "image/jpeg")
        : head.StartsWith(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }) ? ("photo", "image/png")
        : head.Length >= 12 && head[..4].SequenceEqual("RIFF"u8) && head[8..12].SequenceEqual("WEBP"u8) ? ("photo", "image/webp")
        : head.Length >= 12 && head[..4].SequenceEqual("RIFF"u8) && head[8..12].SequenceEqual("WAVE"u8) ? ("audio", "audio/wav")
        : head.StartsWith("ID3"u8) || (head.Length > 1 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2) ? ("audio", "audio/mpeg")
        : head.StartsWith("OggS"u8) ? ("audio", "audio/ogg")
        : head.StartsWith("#!AMR"u8) ? ("audio", "audio/amr")
        : head.Length >= 8 && head[4..8].SequenceEqual("ftyp"u8) ? ("audio", "audio/mp4")
        : null;

    /// <exception cref="RuleBroken">Empty, too large, or neither a picture nor a recording.</exception>
    public async Task<IReadOnlyList<TakenFile>> TakeAsync(IEnumerable<IFormFile>? files, CancellationToken ct)
    {
        var taken = new List<TakenFile>();
        foreach (var file in files ?? [])
        {
            if (file.Length == 0)
                throw new RuleBroken($"文件“{Path.GetFileName(file.FileName)}”是空的。", "Files");
            if (taken.Count == 20)
                throw new RuleBroken("一次最多 20 个文件。", "Files");
            await using var content = file.OpenReadStream();
            var head = new byte[16];
            var n = await content.ReadAtLeastAsync(head, 16, throwOnEndOfStream: false, ct);
            var kind =
                KindOf(head.AsSpan(0, n))
                ?? throw new RuleBroken($"“{Path.GetFileName(file.FileName)}”既不是照片（JPEG、PNG、WebP）也不是录音（WAV、MP3、M4A、OGG、AMR）。", "Files");
            if (file.Length > (kind.Kind == "photo" ? MostPhoto : MostAudio))
                throw new RuleBroken($"“{Path.GetFileName(file.FileName)}”太大：照片最大 20 MB，录音最大 200 MB。", "Files");
            content.Position = 0;
            PhotoFacts? facts = null;
            if (kind.Mime == "image/jpeg")
            {
                var beginning = new byte[(int)Math.Min(file.Length, PhotoFacts.Head)];
                facts = PhotoFacts.Read(beginning.AsSpan(0, await content.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, ct)));
                content.Position = 0;
            }
            var name = Path.GetFileName(file.FileName);
            taken.Add(new TakenFile(kind.Kind, name.Length > 200 ? name[..200] : name, kind.Mime, await blobs.WriteAsync(content, MostAudio, ct), facts));
        }
        return taken;
    }
}

/// <summary>Writes evidence down; there is nothing that changes or deletes it.</summary>
internal sealed class EvidenceBook(Db db, Ids ids, BlobStore blobs)
{
    private const string Columns =
        "SELECT e.id, e.notice_id, e.step_id, e.kind, e.name, e.mime, e.blob, e.size, e.taken_at, e.place, e.seen_at, e.seen_place, e.words, "
        + "e.recorded_by, e.recorded_at FROM service_evidence e";

    public async Task<long> AddAsync(
        Notice notice,
        long? stepId,
        TakenFile? file,
        string kind,
        DateTimeOffset? takenAt,
        string? place,
        string? words,
        string by,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (file is not null)
            await blobs.KeepAsync(file.Blob, ct);
        var id = ids.Next();
        await db.ExecuteAsync(
            "INSERT INTO service_evidence (id, notice_id, step_id, kind, name, mime, blob, size, taken_at, place, seen_at, seen_place, words, "
                + "recorded_by, recorded_at) VALUES (@id, @notice, @stepId, @kind, @name, @mime, @blob, @size, @takenAt, @place, @seenAt, @seenPlace, "
                + "@words, @by, @now)",
            new
            {
                id,
                notice = notice.Id,
                stepId,
                kind,
                name = file?.Name ?? "",
                mime = file?.Mime ?? "",
                blob = file?.Blob.Sha256,
                size = file?.Blob.Size ?? 0,
                takenAt,
                place,
                seenAt = file?.Facts?.At,
                seenPlace = file?.Facts?.Place,
                words,
                by,
                now,
            },
            ct
        );
        return id;
    }

    public Task<IReadOnlyList<EvidenceRow>> OfNoticeAsync(long noticeId, CancellationToken ct) =>
        db.QueryAsync<EvidenceRow>(Columns + " WHERE e.notice_id = @noticeId ORDER BY e.id", new { noticeId }, ct);

    public Task<EvidenceRow?> FindAsync(long id, CancellationToken ct) => db.FirstAsync<EvidenceRow>(Columns + " WHERE e.id = @id", new { id }, ct);
}

/// <summary>One piece of evidence, for who may read its order.</summary>
[Kernel.Security.Permit("service.read")]
internal sealed record ReadEvidence : IQuery<EvidenceRow>
{
    public long Id { get; init; }

    internal sealed class Handler(EvidenceBook book, Notices notices, Kernel.Access.AccessLog reads) : IQueryHandler<ReadEvidence, EvidenceRow>
    {
        public async Task<EvidenceRow> Handle(ReadEvidence request, CancellationToken cancellationToken)
        {
            var row = await book.FindAsync(request.Id, cancellationToken) ?? throw new NotFound("送达证据", request.Id);
            try
            {
                var (notice, _) = await notices.OpenAsync(row.NoticeId, null, cancellationToken);
                reads.Note("service.evidence.read", "evidence", row.Id, notice.CaseId);
            }
            catch (NotFound)
            {
                throw new NotFound("送达证据", request.Id);
            }
            return row;
        }
    }
}
