using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Recordings;

/// <param name="Fault">As the file itself says, a key of <see cref="MediaCheck.Faults"/>.</param>
internal sealed record NewSegment(string Name, string Mime, string? Fault, Blob Blob, DateTimeOffset Start, DateTimeOffset End);

/// <summary>Reads recordings of cases the person may see; the one place where a recording is begun and gets its segments.</summary>
internal sealed class RecordingBook(Db db, Ids ids, Actor actor, TimeProvider clock, BlobStore blobs, ICases cases)
{
    /// <exception cref="NotFound">No such recording, or its case is not for this actor.</exception>
    public async Task<RecordingRow> GetAsync(long id, CancellationToken ct)
    {
        var r = await db.FirstAsync<RecordingRow>($"SELECT {RecordingRow.Columns} FROM trial_recording r WHERE r.id = @id", new { id }, ct);
        return r is not null && await cases.CanReadAsync(r.CaseId, ct) ? r : throw new NotFound("庭审录像", id);
    }

    public Task<IReadOnlyList<SegmentRow>> SegmentsAsync(long id, CancellationToken ct) =>
        db.QueryAsync<SegmentRow>($"SELECT {SegmentRow.Columns} FROM trial_segment s WHERE s.recording_id = @id ORDER BY s.n", new { id }, ct);

    public Task<IReadOnlyList<MarkRow>> MarksAsync(long id, CancellationToken ct) =>
        db.QueryAsync<MarkRow>(
            "SELECT id, at_time, kind, speaker, words, person_name FROM trial_mark WHERE recording_id = @id ORDER BY at_time, id",
            new { id },
            ct
        );

    /// <summary>The recording of a hearing; begun where there is none.</summary>
    public async Task<(long Id, bool Made)> OpenAsync(Hearing h, string mode, string consent, CancellationToken ct)
    {
        if (await db.FirstAsync<long?>("SELECT id FROM trial_recording WHERE hearing_id = @Id", new { h.Id }, ct) is { } there)
            return (there, false);
        var id = ids.Next();
        await db.ExecuteAsync(
            "INSERT INTO trial_recording (id, hearing_id, case_id, mode, consent, state, opened_name, opened_at, version) VALUES (@id, "
                + "@HearingId, @CaseId, @mode, @consent, 'open', @name, @now, 1)",
            new
            {
                id,
                HearingId = h.Id,
                h.CaseId,
                mode,
                consent = consent.Trim().Length > 0 ? consent.Trim() : null,
                name = actor.Name,
                now = clock.StoredNow(),
            },
            ct
        );
        return (id, true);
    }

    /// <summary>Writes a segment down: never changed, never deleted; the chain goes on over its digest. The same bytes are one segment.</summary>
    /// <exception cref="RuleBroken">Codes closed, clock, overlap.</exception>
    public async Task<(SegmentRow Segment, bool Made)> AddAsync(RecordingRow r, NewSegment s, CancellationToken ct)
    {
        var all = await SegmentsAsync(r.Id, ct);
        if (all.FirstOrDefault(x => x.Blob == s.Blob.Sha256) is { } there)
            return (there, false);
        if (r.State != "open")
            throw new RuleBroken("录像已经封存，不能再加入。", "File", "closed");
        var now = clock.StoredNow();
        if (s.Start > now.AddMinutes(5))
            throw new RuleBroken("录像的开始时间在现在之后：请核对录像设备的时钟。", "Start", "clock");
        if (all.FirstOrDefault(x => x.EndsAt is { } until && s.Start < until.AddSeconds(-2) && s.End > x.StartsAt) is { } over)
            throw new RuleBroken($"与第 {over.N} 段“{over.Name}”的时间重叠，请核对录像设备的时钟。", "Start", "overlap");
        await blobs.KeepAsync(s.Blob, ct);
        var chain = RecordingRules.Next(r.Chain, s.Blob.Sha256);
        await RecordingRow.Table.MoveAsync(
            db,
            "add",
            r.State,
            new
            {
                r.Id,
                r.Version,
                chain,
            },
            "chain = @chain",
            ct
        );
        await db.ExecuteAsync(
            "INSERT INTO trial_segment (recording_id, n, name, mime, blob, size, chain, starts_at, ends_at, fault, added_name, added_at) VALUES "
                + "(@Id, @n, @Name, @Mime, @sha, @Size, @chain, @Start, @End, @Fault, @by, @now)",
            new
            {
                r.Id,
                n = all.Count + 1,
                s.Name,
                s.Mime,
                sha = s.Blob.Sha256,
                s.Blob.Size,
                chain,
                s.Start,
                s.End,
                s.Fault,
                by = actor.Name,
                now,
            },
            ct
        );
        return ((await SegmentsAsync(r.Id, ct))[^1], true);
    }
}
