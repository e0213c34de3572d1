using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Work;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Recordings;
using FluentValidation;

namespace CourtOps.TrialSupport.Speech;

internal sealed record TranscriptRow
{
    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["asked"] = "识别中",
        ["done"] = "已识别",
        ["failed"] = "没有识别成",
    };

    public static readonly StateTable Table = new(
        "trial_transcript",
        "语音转写",
        new("ask", ["failed"], "asked"),
        new("done", ["asked"], "done"),
        new("fail", ["asked"], "failed")
    );

    public long Id { get; init; }
    public long RecordingId { get; init; }
    public int SegmentN { get; init; }
    public string State { get; init; } = "";
    public string Engine { get; init; } = "";
    public string? Reason { get; init; }
    public int Version { get; init; }
}

internal sealed record LineRow
{
    public long Id { get; init; }
    public int SegmentN { get; init; }
    public int FromMs { get; init; }
    public int UntilMs { get; init; }
    public string Speaker { get; init; } = "";
    public string Words { get; init; } = "";
    public int Version { get; init; }
}

/// <summary>What a line said before somebody mended it.</summary>
internal sealed record LineChange
{
    public long LineId { get; init; }
    public int N { get; init; }
    public string Speaker { get; init; } = "";
    public string Words { get; init; } = "";
    public string ByName { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>Asks the engine to listen to a segment; again after it failed.</summary>
[Permit("trial.hold")]
[Audited("trial.speech.ask")]
internal sealed record AskTranscript : ICommand<long>
{
    public long HearingId { get; init; }
    public int N { get; init; }

    internal sealed class Validator : AbstractValidator<AskTranscript>
    {
        public Validator() => RuleFor(c => c.N).GreaterThan(0).WithMessage("请指明哪一段录音。");
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, SpeechEngine engine, TranscriptBook book, WorkQueue work, AuditTrail audit)
        : ICommandHandler<AskTranscript, long>
    {
        public async Task<long> Handle(AskTranscript c, CancellationToken cancellationToken)
        {
            var (recording, segments) = await book.OfHearingAsync(c.HearingId, cancellationToken);
            if (segments.All(s => s.N != c.N))
                throw new NotFound("录像", c.N);
            var name = engine.Name ?? throw new RuleBroken("没有配置语音识别；现场标记代替笔录的时间索引。", "N", "no-engine");
            var was = await book.OfSegmentAsync(recording.Id, c.N, cancellationToken);
            var id = was?.Id ?? ids.Next();
            if (was is null)
                await db.ExecuteAsync(
                    "INSERT INTO trial_transcript (id, recording_id, segment_n, state, engine, asked_name, asked_at, version) VALUES (@id, "
                        + "@recording, @N, 'asked', @name, @by, @now, 1)",
                    new
                    {
                        id,
                        recording = recording.Id,
                        c.N,
                        name,
                        by = actor.Name,
                        now = clock.StoredNow(),
                    },
                    cancellationToken
                );
            else
                await TranscriptRow.Table.MoveAsync(
                    db,
                    "ask",
                    was.State,
                    new
                    {
                        was.Id,
                        was.Version,
                        name,
                    },
                    "engine = @name, reason = NULL",
                    cancellationToken
                );
            await work.AddAsync(
                HearSegment.Name,
                FormattableString.Invariant($"{id}:{was?.Version ?? 0}"),
                new HearSegment.Payload
                {
                    Id = id,
                    RecordingId = recording.Id,
                    N = c.N,
                },
                ct: cancellationToken
            );
            audit.Note("recording", recording.Id, new { c.N, engine = name }, recording.CaseId);
            return id;
        }
    }
}

/// <summary>Mends what the engine heard, or who spoke; what stood there before is kept.</summary>
[Permit("trial.hold")]
[Audited("trial.speech.mend")]
internal sealed record MendLine : ICommand
{
    public long HearingId { get; init; }
    public long LineId { get; init; }
    public int? Version { get; init; }
    public string Speaker { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<MendLine>
    {
        public Validator()
        {
            RuleFor(c => c.Words).NotEmpty().WithMessage("请填写这一句的文字。").MaximumLength(4000).WithMessage("一句最长 4000 个字符。");
            RuleFor(c => c.Speaker).MaximumLength(60).WithMessage("发言人最长 60 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, TranscriptBook book, AuditTrail audit) : CommandHandler<MendLine>
    {
        protected override async Task RunAsync(MendLine c, CancellationToken ct)
        {
            var (recording, _) = await book.OfHearingAsync(c.HearingId, ct);
            var line =
                await db.FirstAsync<LineRow>(
                    "SELECT id, segment_n, from_ms, until_ms, speaker, words, version FROM trial_line WHERE id = @LineId AND recording_id = @Id",
                    new { c.LineId, recording.Id },
                    ct
                ) ?? throw new NotFound("转写", c.LineId);
            var (speaker, words) = (c.Speaker.Trim(), c.Words.Trim());
            if (line.Speaker == speaker && line.Words == words)
                return;
            if (
                (c.Version is { } seen && seen != line.Version)
                || await db.ExecuteAsync(
                    "UPDATE trial_line SET speaker = @speaker, words = @words, version = version + 1 WHERE id = @Id AND version = @Version",
                    new
                    {
                        line.Id,
                        line.Version,
                        speaker,
                        words,
                    },
                    ct
                ) == 0
            )
                throw new Conflict("这一句刚被他人改过，请刷新后再看。");
            await db.ExecuteAsync(
                "INSERT INTO trial_line_change (line_id, n, speaker, words, by_name, at) VALUES (@Id, @Version, @Speaker, @Words, @name, @now)",
                new
                {
                    line.Id,
                    line.Version,
                    line.Speaker,
                    line.Words,
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                ct
            );
            audit.Note("recording", recording.Id, new { line = line.Id }, recording.CaseId);
        }
    }
}

/// <summary>Reads transcripts of a hearing that the person may see.</summary>
internal sealed class TranscriptBook(Db db, HearingActs acts, RecordingBook recordings)
{
    /// <exception cref="NotFound">No such hearing for this actor, or nothing was recorded.</exception>
    public async Task<(RecordingRow Row, IReadOnlyList<SegmentRow> Segments)> OfHearingAsync(long hearingId, CancellationToken ct)
    {
        var h = await acts.OpenAsync(hearingId, null, ct);
        var row =
            await db.FirstAsync<RecordingRow>($"SELECT {RecordingRow.Columns} FROM trial_recording r WHERE r.hearing_id = @Id", new { h.Id }, ct)
            ?? throw new NotFound("庭审录像", hearingId);
        return (row, await recordings.SegmentsAsync(row.Id, ct));
    }

    public Task<TranscriptRow?> OfSegmentAsync(long recordingId, int n, CancellationToken ct) =>
        db.FirstAsync<TranscriptRow>(
            "SELECT id, recording_id, segment_n, state, engine, reason, version FROM trial_transcript WHERE recording_id = @recordingId AND segment_n = @n",
            new { recordingId, n },
            ct
        );
}

/// <summary>The transcript of a hearing: lines with their second, and what they said before they were mended.</summary>
[Permit("trial.read")]
internal sealed record ShowTranscript : IQuery<ShowTranscript.Result>
{
    public long HearingId { get; init; }

    internal sealed record Result(
        Hearing Hearing,
        RecordingRow? Row,
        IReadOnlyList<SegmentRow> Segments,
        IReadOnlyList<TranscriptRow> Asked,
        IReadOnlyList<LineRow> Lines,
        IReadOnlyList<LineChange> Changes,
        string? Engine
    );

    internal sealed class Handler(Db db, HearingActs acts, RecordingBook recordings, SpeechEngine engine, AccessLog reads)
        : IQueryHandler<ShowTranscript, Result>
    {
        public async Task<Result> Handle(ShowTranscript request, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(request.HearingId, null, cancellationToken);
            if (
                await db.FirstAsync<RecordingRow>(
                    $"SELECT {RecordingRow.Columns} FROM trial_recording r WHERE r.hearing_id = @Id",
                    new { h.Id },
                    cancellationToken
                )
                is not { } row
            )
                return new Result(h, null, [], [], [], [], engine.Name);
            var segments = await recordings.SegmentsAsync(row.Id, cancellationToken);
            var lines = await db.PageAsync<LineRow>(
                "SELECT id, segment_n, from_ms, until_ms, speaker, words, version FROM trial_line WHERE recording_id = @Id ORDER BY segment_n, from_ms, id",
                new { row.Id },
                5000,
                cancellationToken
            );
            reads.List("trial.recording.show", lines.Count, new { row.Id }, h.CaseId);
            return new Result(
                h,
                row,
                segments,
                await db.QueryAsync<TranscriptRow>(
                    "SELECT id, recording_id, segment_n, state, engine, reason, version FROM trial_transcript WHERE recording_id = @Id ORDER BY segment_n",
                    new { row.Id },
                    cancellationToken
                ),
                lines,
                await db.QueryAsync<LineChange>(
                    "SELECT c.line_id, c.n, c.speaker, c.words, c.by_name, c.at FROM trial_line_change c JOIN trial_line l ON l.id = c.line_id WHERE "
                        + "l.recording_id = @Id ORDER BY c.line_id, c.n",
                    new { row.Id },
                    cancellationToken
                ),
                engine.Name
            );
        }
    }
}

/// <summary>Lets the engine listen to a segment, outside any transaction; its lines come in at once or not at all.</summary>
internal sealed class HearSegment(Db db, Ids ids, TimeProvider clock, BlobStore blobs, SpeechEngine engine, RecordingBook recordings, TranscriptBook book)
    : IWorkHandler
{
    public const string Name = "trial.speech";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 3;

    public TimeSpan Lease => SpeechEngine.Limit + TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var p = item.Read<Payload>();
        if ((await recordings.SegmentsAsync(p.RecordingId, ct)).FirstOrDefault(s => s.N == p.N) is not { } segment)
            return WorkOutcome.Done();
        using var file = await blobs.PlainAsync(segment.Blob, ct);
        var heard = await engine.HearAsync(file.Path, segment.Mime, ct);
        return heard.Lines is not null || !heard.Later || item.Attempts >= MaxAttempts
            ? WorkOutcome.Done(heard)
            : WorkOutcome.Retry(heard.Reason, TimeSpan.FromMinutes(1));
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var p = item.Read<Payload>();
        if (outcome.End is WorkEnd.Retry or WorkEnd.Wait || await book.OfSegmentAsync(p.RecordingId, p.N, ct) is not { State: "asked" } row)
            return;
        var heard = outcome.Result as Heard ?? new Heard(null, outcome.Reason ?? "没有结果");
        await TranscriptRow.Table.MoveAsync(
            db,
            heard.Lines is null ? "fail" : "done",
            row.State,
            new
            {
                row.Id,
                row.Version,
                reason = heard.Lines is null ? heard.Reason : null,
                now = clock.StoredNow(),
            },
            "reason = @reason, done_at = @now",
            ct
        );
        await db.ExecuteManyAsync(
            "INSERT INTO trial_line (id, recording_id, segment_n, from_ms, until_ms, speaker, words, version) VALUES (@Id, @RecordingId, @N, @From, "
                + "@Until, @Speaker, @Words, 1)",
            [
                .. (heard.Lines ?? []).Select(l =>
                    (object)
                        new
                        {
                            Id = ids.Next(),
                            p.RecordingId,
                            p.N,
                            From = (int)(l.From * 1000),
                            Until = (int)(l.Until * 1000),
                            l.Speaker,
                            l.Words,
                        }
                ),
            ],
            ct
        );
    }

    internal sealed record Payload
    {
        public long Id { get; init; }
        public long RecordingId { get; init; }
        public int N { get; init; }
    }
}
