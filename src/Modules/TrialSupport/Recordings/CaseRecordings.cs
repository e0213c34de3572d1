using System.Security.Cryptography;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Http;

namespace CourtOps.TrialSupport.Recordings;

internal sealed record RecordingRow
{
    public const string Columns = "r.id, r.hearing_id, r.case_id, r.mode, r.consent, r.state, r.chain, r.opened_name, r.opened_at, r.version";

    /// <summary>How the hearing is recorded (G-03): beside the transcript, or in its place with the parties' consent.</summary>
    public static readonly IReadOnlyDictionary<string, string> Modes = new Dictionary<string, string> { ["beside"] = "录音录像和笔录", ["replaces"] = "录音录像替代笔录" };

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string> { ["open"] = "收录中", ["closed"] = "已封存" };

    public static readonly StateTable Table = new("trial_recording", "庭审录像", new("add", ["open"], null), new("close", ["open"], "closed"));

    public long Id { get; init; }
    public long HearingId { get; init; }
    public long CaseId { get; init; }
    public string Mode { get; init; } = "";
    public string? Consent { get; init; }
    public string State { get; init; } = "";

    /// <summary>The end of the chain over the segments: what the parties sign where it replaces the transcript.</summary>
    public string? Chain { get; init; }
    public string OpenedName { get; init; } = "";
    public DateTimeOffset OpenedAt { get; init; }
    public int Version { get; init; }
}

internal sealed record SegmentRow
{
    public const string Columns = "s.recording_id, s.n, s.name, s.mime, s.blob, s.size, s.chain, s.starts_at, s.ends_at, s.added_name, s.added_at";

    public long RecordingId { get; init; }
    public int N { get; init; }
    public string Name { get; init; } = "";
    public string Mime { get; init; } = "";
    public string Blob { get; init; } = "";
    public long Size { get; init; }
    public string Chain { get; init; } = "";
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }
    public string AddedName { get; init; } = "";
    public DateTimeOffset AddedAt { get; init; }
}

internal sealed record MarkRow
{
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["speech"] = "发言", ["stage"] = "庭审阶段", ["evidence"] = "举证质证", ["pause"] = "休庭、中断", ["fault"] = "设备故障", ["note"] = "备注",
    };

    public long Id { get; init; }
    public DateTimeOffset AtTime { get; init; }
    public string Kind { get; init; } = "";
    public string Speaker { get; init; } = "";
    public string Words { get; init; } = "";
    public string PersonName { get; init; } = "";
}

/// <summary>What kinds of media are taken, the chain, and the gaps. Pure.</summary>
internal static class RecordingRules
{
    /// <summary>The media type by the first bytes; null for anything that is no recording.</summary>
    public static string? Mime(ReadOnlySpan<byte> head) => head switch
    {
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "video/mp4",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "video/webm",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'A', (byte)'V', (byte)'E', ..] => "audio/wav",
        [(byte)'I', (byte)'D', (byte)'3', ..] => "audio/mpeg",
        [0xFF, var b, ..] when (b & 0xE0) == 0xE0 => "audio/mpeg",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => "audio/ogg",
        _ => null,
    };

    /// <summary>SHA-256 over the chain before and the digest of the segment, both as hex.</summary>
    public static string Next(string? before, string digest) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes((before ?? "") + digest)));

    /// <summary>Time between one segment's end and the next one's beginning that no pause or fault of the notes names.</summary>
    public static IReadOnlyList<(DateTimeOffset From, DateTimeOffset To, bool Named)> Gaps(IReadOnlyList<SegmentRow> segments, IReadOnlyList<MarkRow> marks)
    {
        var gaps = new List<(DateTimeOffset, DateTimeOffset, bool)>();
        var ordered = segments.OrderBy(s => s.StartsAt).ToList();
        for (var i = 1; i < ordered.Count; i++)
            if (ordered[i - 1].EndsAt is { } end && ordered[i].StartsAt - end > RecordingFolder.Tolerance)
                gaps.Add((end, ordered[i].StartsAt, marks.Any(m => m.Kind is "pause" or "fault" && m.AtTime >= end.AddMinutes(-1) && m.AtTime <= ordered[i].StartsAt)));
        return gaps;
    }

    /// <summary>The chain from the first segment on, or the number of the first that does not fit.</summary>
    public static int? Broken(IReadOnlyList<SegmentRow> segments)
    {
        string? chain = null;
        foreach (var s in segments.OrderBy(s => s.N))
        {
            chain = Next(chain, s.Blob);
            if (chain != s.Chain)
                return s.N;
        }
        return null;
    }
}

/// <summary>Opens the recording of a hearing: beside the transcript, or in its place where the parties agree (simple civil cases, 庭审录音录像规定 8).</summary>
[Permit("trial.hold")]
[Audited("trial.recording.open")]
internal sealed record OpenRecording : ICommand<long>
{
    public long HearingId { get; init; }
    public string Mode { get; init; } = "beside";
    public string Consent { get; init; } = "";

    internal sealed class Validator : AbstractValidator<OpenRecording>
    {
        public Validator()
        {
            RuleFor(c => c.HearingId).NotEmpty().WithMessage("请指明庭审。");
            RuleFor(c => c.Mode).Must(RecordingRow.Modes.ContainsKey).WithMessage("请选择记录方式。");
            RuleFor(c => c.Consent).NotEmpty().When(c => c.Mode == "replaces").WithMessage("录音录像替代笔录的，须写明各方当事人同意的记录（庭审录音录像规定第8条）。").MaximumLength(200).WithMessage("最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, HearingActs acts, ICases cases, AuditTrail audit) : ICommandHandler<OpenRecording, long>
    {
        public async Task<long> Handle(OpenRecording c, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(c.HearingId, null, cancellationToken);
            if (h.State is HearingState.Provisional or HearingState.Cancelled)
                throw new RuleBroken($"庭审现在是“{HearingState.Labels[h.State]}”，没有可以收录的录像。", "HearingId", "state");
            var card = await cases.GetAsync(h.CaseId, cancellationToken);
            if (c.Mode == "replaces" && card.ProcedureCode is not ("MC-SUM" or "MC-SML"))
                throw new RuleBroken("只有适用简易程序的民事案件，经当事人同意，才能以录音录像替代笔录（庭审录音录像规定第8条）。", "Mode", "not-simple");
            if (await db.FirstAsync<long?>("SELECT id FROM trial_recording WHERE hearing_id = @Id", new { h.Id }, cancellationToken) is { } there)
                return there;
            var id = ids.Next();
            await db.ExecuteAsync("INSERT INTO trial_recording (id, hearing_id, case_id, mode, consent, state, opened_name, opened_at, version) VALUES (@id, @HearingId, @CaseId, @Mode, @consent, 'open', @name, @now, 1)",
                new { id, c.HearingId, h.CaseId, c.Mode, consent = c.Consent.Trim().Length > 0 ? c.Consent.Trim() : null, name = actor.Name, now = clock.StoredNow() }, cancellationToken);
            audit.Note("recording", id, new { c.Mode }, h.CaseId);
            return id;
        }
    }
}

/// <summary>Takes a segment in: its bytes are written and their digest is known before the command runs; the same bytes are one segment.</summary>
internal sealed class SegmentIntake(IMediator mediator, BlobStore blobs, Uploads uploads, UploadLimits limits)
{
    /// <exception cref="RuleBroken">No file, no recording, too large: field File.</exception>
    public async Task<SegmentRow> AddAsync(long recordingId, IFormFile? file, string? uploadId, DateTime? start, DateTime? end, CancellationToken ct)
    {
        var (name, stream) = ("", (Stream?)null);
        if (!string.IsNullOrEmpty(uploadId))
        {
            var (state, path) = await uploads.CompleteAsync(uploadId, ct);
            (name, stream) = (state.Name, File.OpenRead(path));
        }
        else if (file is { Length: > 0 })
        {
            (name, stream) = (Path.GetFileName(file.FileName), file.OpenReadStream());
        }
        if (stream is null)
            throw new RuleBroken("请选择录音录像文件。", "File");
        await using (stream)
        {
            var head = new byte[16];
            var n = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
            if (RecordingRules.Mime(head.AsSpan(0, n)) is not { } mime)
                throw new RuleBroken($"“{name}”不是可以播放的录音录像：支持 MP4、WebM、WAV、MP3、OGG。", "File", "not-media");
            stream.Position = 0;
            var blob = await blobs.WriteAsync(stream, limits.MaxBytes, ct);
            return await mediator.Send(new AddSegment { RecordingId = recordingId, Name = name.Length <= 200 ? name : name[..200], Mime = mime, Blob = blob, Start = start, End = end, UploadId = uploadId }, ct);
        }
    }
}

/// <summary>Writes a segment down: never changed, never deleted; the chain goes on over its digest.</summary>
[Permit("trial.hold")]
[Audited("trial.recording.add")]
internal sealed record AddSegment : ICommand<SegmentRow>
{
    public long RecordingId { get; init; }
    public string Name { get; init; } = "";
    public string Mime { get; init; } = "";
    public Blob Blob { get; init; } = new("", 0);

    /// <summary>Local time.</summary>
    public DateTime? Start { get; init; }
    public DateTime? End { get; init; }
    public string? UploadId { get; init; }

    internal sealed class Validator : AbstractValidator<AddSegment>
    {
        public Validator()
        {
            RuleFor(c => c.Start).NotNull().WithMessage("请填写这一段开始的时间。").Must(s => s is null or { Year: >= 2000 and <= 2100 }).WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.End).Must((c, e) => e is null || e > c.Start).WithMessage("结束时间应晚于开始时间。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, RecordingBook book, BlobStore blobs, Uploads uploads, AuditTrail audit) : ICommandHandler<AddSegment, SegmentRow>
    {
        public async Task<SegmentRow> Handle(AddSegment c, CancellationToken cancellationToken)
        {
            var r = await book.GetAsync(c.RecordingId, cancellationToken);
            var all = await book.SegmentsAsync(r.Id, cancellationToken);
            if (all.FirstOrDefault(s => s.Blob == c.Blob.Sha256) is { } there)
                return there;
            if (r.State != "open")
                throw new RuleBroken("录像已经封存，不能再加入。", "File", "closed");
            var (start, end, now) = (Times.At(c.Start!.Value), c.End is { } e ? Times.At(e) : (DateTimeOffset?)null, clock.StoredNow());
            if (start > now.AddMinutes(5))
                throw new RuleBroken("录像的开始时间在现在之后：请核对录像设备的时钟。", "Start", "clock");
            if (all.FirstOrDefault(s => s.EndsAt is { } until && start < until.AddSeconds(-2) && (end ?? start) > s.StartsAt) is { } over)
                throw new RuleBroken($"与第 {over.N} 段“{over.Name}”的时间重叠，请核对录像设备的时钟。", "Start", "overlap");
            await blobs.KeepAsync(c.Blob, cancellationToken);
            if (!string.IsNullOrEmpty(c.UploadId))
                await uploads.TakeAsync(c.UploadId, cancellationToken);
            var chain = RecordingRules.Next(r.Chain, c.Blob.Sha256);
            var n = all.Count + 1;
            await RecordingRow.Table.MoveAsync(db, "add", r.State, new { r.Id, r.Version, chain }, "chain = @chain", cancellationToken);
            await db.ExecuteAsync(
                "INSERT INTO trial_segment (recording_id, n, name, mime, blob, size, chain, starts_at, ends_at, added_name, added_at) VALUES (@Id, @n, @Name, @Mime, @sha, @Size, @chain, @start, @end, @by, @now)",
                new { r.Id, n, c.Name, c.Mime, sha = c.Blob.Sha256, c.Blob.Size, chain, start, end, by = actor.Name, now }, cancellationToken);
            audit.Note("recording", r.Id, new { n, digest = c.Blob.Sha256, c.Blob.Size }, r.CaseId);
            return (await book.SegmentsAsync(r.Id, cancellationToken))[^1];
        }
    }
}

/// <summary>A mark of the note page: who speaks, which stage, a pause with its reason.</summary>
[Permit("trial.hold")]
[Audited("trial.recording.mark")]
internal sealed record AddMark : ICommand
{
    public long RecordingId { get; init; }

    /// <summary>Local time; now where it is not given.</summary>
    public DateTime? At { get; init; }
    public string Kind { get; init; } = "note";
    public string Speaker { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AddMark>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(MarkRow.Kinds.ContainsKey).WithMessage("请选择标记的种类。");
            RuleFor(c => c.At).Must(s => s is null or { Year: >= 2000 and <= 2100 }).WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.Speaker).MaximumLength(60).WithMessage("发言人最长 60 个字符。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写标记的内容。").MaximumLength(1000).WithMessage("内容最长 1000 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, RecordingBook book, AuditTrail audit) : CommandHandler<AddMark>
    {
        protected override async Task RunAsync(AddMark c, CancellationToken ct)
        {
            var r = await book.GetAsync(c.RecordingId, ct);
            if (r.State != "open")
                throw new RuleBroken("录像已经封存，不能再加标记。", "Words", "closed");
            var now = clock.StoredNow();
            await db.ExecuteAsync("INSERT INTO trial_mark (id, recording_id, at_time, kind, speaker, words, person_name, made_at) VALUES (@mark, @Id, @at, @Kind, @speaker, @words, @name, @now)",
                new { mark = ids.Next(), r.Id, at = c.At is { } at ? Times.At(at) : now, c.Kind, speaker = c.Speaker.Trim(), words = c.Words.Trim(), name = actor.Name, now }, ct);
            audit.Note("recording", r.Id, new { mark = c.Kind }, r.CaseId);
        }
    }
}

/// <summary>Seals the recording: from then on nothing is added. Gaps must be named by a pause or a fault with its reason.</summary>
[Permit("trial.hold")]
[Audited("trial.recording.close")]
internal sealed record CloseRecording : ICommand<RecordingRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<CloseRecording>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明录像。");
    }

    internal sealed class Handler(Db db, RecordingBook book, AuditTrail audit) : ICommandHandler<CloseRecording, RecordingRow>
    {
        public async Task<RecordingRow> Handle(CloseRecording c, CancellationToken cancellationToken)
        {
            var r = await book.GetAsync(c.Id, cancellationToken);
            if (c.Version is { } seen && seen != r.Version)
                throw new Conflict("录像刚被他人办理，请刷新后再看。");
            var segments = await book.SegmentsAsync(r.Id, cancellationToken);
            if (segments.Count == 0)
                throw new RuleBroken("还没有收到录像，不能封存。", "Id", "empty");
            var unnamed = RecordingRules.Gaps(segments, await book.MarksAsync(r.Id, cancellationToken)).Where(g => !g.Named).ToList();
            if (unnamed.Count > 0)
                throw new RuleBroken($"有 {unnamed.Count} 处中断没有写明原因，第一处在 {Times.Full(unnamed[0].From)}：请加一条“休庭、中断”或者“设备故障”的标记（庭审录音录像规定第5条）。", "Id", "gap");
            await RecordingRow.Table.MoveAsync(db, "close", r.State, new { r.Id, r.Version }, ct: cancellationToken);
            audit.Note("recording", r.Id, new { segments = segments.Count, r.Chain }, r.CaseId);
            return await book.GetAsync(r.Id, cancellationToken);
        }
    }
}

/// <summary>Reads recordings of cases the person may see.</summary>
internal sealed class RecordingBook(Db db, ICases cases)
{
    /// <exception cref="NotFound">No such recording, or its case is not for this actor.</exception>
    public async Task<RecordingRow> GetAsync(long id, CancellationToken ct)
    {
        var r = await db.FirstAsync<RecordingRow>($"SELECT {RecordingRow.Columns} FROM trial_recording r WHERE r.id = @id", new { id }, ct);
        return r is not null && await cases.CanReadAsync(r.CaseId, ct) ? r : throw new NotFound("庭审录像", id);
    }

    public Task<IReadOnlyList<SegmentRow>> SegmentsAsync(long id, CancellationToken ct) => db.QueryAsync<SegmentRow>($"SELECT {SegmentRow.Columns} FROM trial_segment s WHERE s.recording_id = @id ORDER BY s.n", new { id }, ct);

    public Task<IReadOnlyList<MarkRow>> MarksAsync(long id, CancellationToken ct) =>
        db.QueryAsync<MarkRow>("SELECT id, at_time, kind, speaker, words, person_name FROM trial_mark WHERE recording_id = @id ORDER BY at_time, id", new { id }, ct);
}

/// <summary>The recording of a hearing with segments, marks, gaps and what its chain says; null parts before it was opened.</summary>
[Permit("trial.read")]
internal sealed record ShowRecording : IQuery<ShowRecording.Result>
{
    public long HearingId { get; init; }

    internal sealed record Result(Hearing Hearing, RecordingRow? Row, IReadOnlyList<SegmentRow> Segments, IReadOnlyList<MarkRow> Marks, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To, bool Named)> Gaps, int? Broken);

    internal sealed class Handler(Db db, HearingActs acts, RecordingBook book, AccessLog reads) : IQueryHandler<ShowRecording, Result>
    {
        public async Task<Result> Handle(ShowRecording request, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(request.HearingId, null, cancellationToken);
            var row = await db.FirstAsync<RecordingRow>($"SELECT {RecordingRow.Columns} FROM trial_recording r WHERE r.hearing_id = @Id", new { h.Id }, cancellationToken);
            if (row is null)
                return new Result(h, null, [], [], [], null);
            var (segments, marks) = (await book.SegmentsAsync(row.Id, cancellationToken), await book.MarksAsync(row.Id, cancellationToken));
            reads.List("trial.recording.show", segments.Count, new { row.Id }, h.CaseId);
            return new Result(h, row, segments, marks, RecordingRules.Gaps(segments, marks), RecordingRules.Broken(segments));
        }
    }
}

/// <summary>The bytes of a segment, in the access log before the first of them leaves.</summary>
[Permit("trial.read")]
internal sealed record PlaySegment : IQuery<SegmentRow>
{
    public long RecordingId { get; init; }
    public int N { get; init; }

    internal sealed class Handler(RecordingBook book, AccessLog reads) : IQueryHandler<PlaySegment, SegmentRow>
    {
        public async Task<SegmentRow> Handle(PlaySegment request, CancellationToken cancellationToken)
        {
            var r = await book.GetAsync(request.RecordingId, cancellationToken);
            var segment = (await book.SegmentsAsync(r.Id, cancellationToken)).FirstOrDefault(s => s.N == request.N) ?? throw new NotFound("录像", request.N);
            reads.List("trial.recording.play", 1, new { r.Id, request.N }, r.CaseId);
            return segment;
        }
    }
}
