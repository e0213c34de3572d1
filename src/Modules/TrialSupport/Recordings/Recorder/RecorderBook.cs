using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;

namespace CourtOps.TrialSupport.Recordings.Recorder;

/// <summary>The one place where files of the recorders change.</summary>
internal sealed class RecorderBook(
    Db db,
    Ids ids,
    Actor actor,
    TimeProvider clock,
    ISettings settings,
    BlobStore blobs,
    HearingBook hearings,
    RecordingBook recordings,
    AuditTrail audit
)
{
    private const string From = $"SELECT {RecorderFile.Columns} FROM trial_recorder_file f";

    public Task<RecorderFile?> FindAsync(string place, string stamp, CancellationToken ct) =>
        db.FirstAsync<RecorderFile>(From + " WHERE f.place = @place AND f.stamp = @stamp", new { place, stamp }, ct);

    /// <exception cref="NotFound">No such file, or of another court.</exception>
    /// <exception cref="Conflict">It was changed since the person saw it.</exception>
    public async Task<RecorderFile> GetAsync(long id, int? version, CancellationToken ct)
    {
        var f = await db.FirstAsync<RecorderFile>(From + " WHERE f.id = @id AND f.court_id = @CourtId", new { id, actor.CourtId }, ct);
        if (f is null)
            throw new NotFound("录像机文件", id);
        return version is null || version == f.Version ? f : throw new Conflict("录像机文件刚被他人办理，请刷新后再看。");
    }

    /// <summary>A file seen for the first time, or written since: from now it must be still.</summary>
    public async Task SeeAsync(TakeFromRecorder.Seen s, CancellationToken ct)
    {
        if (await FindAsync(s.Place, s.Stamp, ct) is not null)
            return;
        var args = new
        {
            id = ids.Next(),
            s.Spot.CourtId,
            s.Spot.RoomId,
            s.Spot.RoomName,
            s.Place,
            s.Stamp,
            s.Path,
            s.Size,
            s.WrittenAt,
            now = clock.StoredNow(),
        };
        if (
            await db.ExecuteAsync(
                "UPDATE trial_recorder_file SET room_id = @RoomId, stamp = @Stamp, size = @Size, written_at = @WrittenAt, since = @now, reason = NULL, "
                    + "version = version + 1 WHERE place = @Place AND state = 'watched'",
                args,
                ct
            ) == 0
        )
            await db.ExecuteAsync(
                "INSERT INTO trial_recorder_file (id, court_id, room_id, room_name, place, stamp, path, size, written_at, since, state, source, version) "
                    + "VALUES (@id, @CourtId, @RoomId, @RoomName, @Place, @Stamp, @Path, @Size, @WrittenAt, @now, 'watched', 'there', 1)",
                args,
                ct
            );
    }

    /// <summary>What becomes of a file that was read: to its hearing, to the clerk's page, a double, or refused.</summary>
    public async Task DealAsync(TakeFromRecorder.ReadFile read, CancellationToken ct)
    {
        if (await FindAsync(read.Seen.Place, read.Seen.Stamp, ct) is not { State: RecorderFile.Watched } f)
            return;
        if (read.Trouble is not null)
            await StepAsync(
                f,
                "see",
                new
                {
                    f.Id,
                    f.Version,
                    reason = read.Trouble,
                },
                "reason = @reason",
                ct
            );
        else if (read.Refused is not null)
            await StepAsync(
                f,
                "refuse",
                new
                {
                    f.Id,
                    f.Version,
                    reason = read.Refused,
                    by = actor.Name,
                    now = clock.StoredNow(),
                },
                "reason = @reason, decided_name = @by, decided_at = @now",
                ct
            );
        else
            await PlaceAsync(f, read, read.Blob!, ct);
    }

    private async Task PlaceAsync(RecorderFile f, TakeFromRecorder.ReadFile read, Blob blob, CancellationToken ct)
    {
        await blobs.KeepAsync(blob, ct);
        var (start, end) = Span(f, read.Seconds);
        f = f with { Blob = blob.Sha256, Mime = read.Mime, Fault = read.Fault, StartsAt = start, EndsAt = end };
        if (
            await db.FirstAsync<string>(
                "SELECT path FROM trial_recorder_file WHERE blob = @Blob AND state IN ('waiting', 'taken', 'refused') AND id <> @Id",
                new { f.Blob, f.Id },
                ct
            ) is
            { } first
        )
        {
            await KeptAsync(f, "double", null, $"与“{first}”内容相同", ct);
            return;
        }
        var (hearing, why) =
            start is null || end is null ? (null, "no-time")
            : RecorderRules.Wrong(start.Value, end.Value, f.WrittenAt, clock.GetUtcNow()) is { } wrong ? (null, wrong)
            : f.RoomId is null ? (null, "no-room")
            : RecorderRules.Match(
                start.Value,
                end.Value,
                await OfRoomAsync(f, start.Value, ct),
                TimeSpan.FromMinutes(settings.Current<RecorderSettings>(f.CourtId).EdgeMinutes)
            );
        if (hearing is not { } id)
        {
            await KeptAsync(f, "wait", why, null, ct);
            return;
        }
        var mark = audit.Mark();
        try
        {
            await db.SavepointAsync(() => TakeAsync(f, id, start!.Value, end!.Value, null, ct));
        }
        catch (RuleBroken e)
        {
            audit.ForgetSince(mark);
            await KeptAsync(f, "wait", e.Code is "closed" or "overlap" ? e.Code : "ahead", null, ct);
        }
    }

    /// <summary>Gives a file to a hearing, whose recording is begun where there is none.</summary>
    /// <exception cref="RuleBroken">Codes state, closed, clock, overlap.</exception>
    public async Task<SegmentRow> TakeAsync(RecorderFile f, long hearingId, DateTimeOffset start, DateTimeOffset end, string? words, CancellationToken ct)
    {
        var h = await hearings.GetAsync(hearingId, ct);
        if (h.State is HearingState.Provisional or HearingState.Cancelled)
            throw new RuleBroken($"庭审现在是“{HearingState.Labels[h.State]}”，没有可以收录的录像。", "HearingId", "state");
        var (recording, _) = await recordings.OpenAsync(h, "beside", "", ct);
        var (segment, made) = await recordings.AddAsync(
            await recordings.GetAsync(recording, ct),
            new NewSegment(f.Name.Length <= 200 ? f.Name : f.Name[..200], f.Mime!, f.Fault, new Blob(f.Blob!, f.Size), start, end),
            ct
        );
        await StepAsync(
            f,
            made ? "take" : "double",
            new
            {
                f.Id,
                f.Version,
                f.Blob,
                f.Mime,
                f.Fault,
                start,
                end,
                hearing = h.Id,
                recording,
                n = segment.N,
                by = actor.Name,
                now = clock.StoredNow(),
                words,
            },
            "reason = NULL, detail = NULL, blob = @Blob, mime = @Mime, fault = @Fault, starts_at = @start, ends_at = @end, hearing_id = @hearing, "
                + "recording_id = @recording, segment_n = @n, decided_name = @by, decided_at = @now, decided_words = @words",
            ct
        );
        var facts = new
        {
            file = f.Id,
            n = segment.N,
            digest = f.Blob,
            h.CaseId,
        };
        if (actor.IsSystem)
            await audit.WriteAsync("trial.recorder.take", "recording", recording, "done", facts, ct);
        else
            audit.Note("recording", recording, facts, h.CaseId);
        return segment;
    }

    public Task RefuseAsync(RecorderFile f, string words, CancellationToken ct) =>
        StepAsync(
            f,
            "refuse",
            new
            {
                f.Id,
                f.Version,
                words,
                by = actor.Name,
                now = clock.StoredNow(),
            },
            "decided_words = @words, decided_name = @by, decided_at = @now",
            ct
        );

    /// <summary>Its source was moved out of the folder.</summary>
    public Task MovedAsync(long id, CancellationToken ct) =>
        db.ExecuteAsync("UPDATE trial_recorder_file SET source = 'moved', version = version + 1 WHERE id = @id AND source = 'there'", new { id }, ct);

    private Task KeptAsync(RecorderFile f, string step, string? reason, string? detail, CancellationToken ct) =>
        StepAsync(
            f,
            step,
            new
            {
                f.Id,
                f.Version,
                reason,
                detail = detail is { Length: > 400 } ? detail[..400] : detail,
                f.Blob,
                f.Mime,
                f.Fault,
                f.StartsAt,
                f.EndsAt,
            },
            "reason = @reason, detail = @detail, blob = @Blob, mime = @Mime, fault = @Fault, starts_at = @StartsAt, ends_at = @EndsAt",
            ct
        );

    private Task StepAsync(RecorderFile f, string step, object args, string set, CancellationToken ct) =>
        RecorderFile.Table.MoveAsync(db, step, f.State, args, set, ct);

    // the name says it; where it says only the beginning, the container how long; else the file was written until the end
    private static (DateTimeOffset? Start, DateTimeOffset? End) Span(RecorderFile f, double? seconds)
    {
        if (RecorderRules.Named(f.Name) is not { } named)
            return (null, null);
        var start = Times.At(named.Start);
        return (
            start,
            named.End is { } end ? Times.At(end)
            : seconds is { } length ? start.AddSeconds(Math.Max(1, Math.Round(length)))
            : f.WrittenAt
        );
    }

    private Task<IReadOnlyList<RoomHearing>> OfRoomAsync(RecorderFile f, DateTimeOffset start, CancellationToken ct) =>
        RowsAsync(
            "h.court_id = @CourtId AND h.held_on = @on AND h.room_id = @RoomId AND h.state IN ('confirmed', 'held', 'adjourned')",
            new
            {
                f.CourtId,
                f.RoomId,
                on = Times.Day(start),
            },
            ct
        );

    private async Task<IReadOnlyList<RoomHearing>> RowsAsync(string where, object args, CancellationToken ct) =>
        [
            .. (
                await db.QueryAsync<RoomRow>(
                    "SELECT h.id, h.starts_at, h.ends_at, (SELECT MAX(s.ends_at) FROM trial_recording r JOIN trial_segment s ON s.recording_id = r.id WHERE "
                        + $"r.hearing_id = h.id) AS recorded FROM trial_hearing h WHERE {where} ORDER BY h.starts_at",
                    args,
                    ct
                )
            ).Select(r => new RoomHearing(r.Id, r.StartsAt, r.EndsAt, r.Recorded)),
        ];

    private sealed record RoomRow
    {
        public long Id { get; init; }
        public DateTimeOffset StartsAt { get; init; }
        public DateTimeOffset EndsAt { get; init; }
        public DateTimeOffset? Recorded { get; init; }
    }
}
