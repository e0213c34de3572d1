using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Recordings;

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
            var marks = await book.MarksAsync(r.Id, cancellationToken);
            if (RecordingRules.Unexplained(segments, marks) is { Count: > 0 } faulty)
                throw new RuleBroken(
                    $"第 {string.Join('、', faulty)} 段文件不完整：请补传完整的文件，或者加一条“设备故障”的标记写明情况（庭审录音录像规定第5条）。",
                    "Id",
                    "fault"
                );
            var unnamed = RecordingRules.Gaps(segments, marks).Where(g => !g.Named).ToList();
            if (unnamed.Count > 0)
                throw new RuleBroken(
                    $"有 {unnamed.Count} 处中断没有写明原因，第一处在 {Times.Full(unnamed[0].From)}：请加一条“休庭、中断”或者“设备故障”的标记（庭审录音录像规定第5条）。",
                    "Id",
                    "gap"
                );
            await RecordingRow.Table.MoveAsync(db, "close", r.State, new { r.Id, r.Version }, ct: cancellationToken);
            audit.Note("recording", r.Id, new { segments = segments.Count, r.Chain }, r.CaseId);
            return await book.GetAsync(r.Id, cancellationToken);
        }
    }
}

/// <summary>The recording of a hearing with segments, marks, gaps and what its chain says; null parts before it was opened.</summary>
[Permit("trial.read")]
internal sealed record ShowRecording : IQuery<ShowRecording.Result>
{
    public long HearingId { get; init; }

    internal sealed record Result(
        Hearing Hearing,
        RecordingRow? Row,
        IReadOnlyList<SegmentRow> Segments,
        IReadOnlyList<MarkRow> Marks,
        IReadOnlyList<(DateTimeOffset From, DateTimeOffset To, bool Named)> Gaps,
        int? Broken
    );

    internal sealed class Handler(Db db, HearingActs acts, RecordingBook book, AccessLog reads) : IQueryHandler<ShowRecording, Result>
    {
        public async Task<Result> Handle(ShowRecording request, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(request.HearingId, null, cancellationToken);
            var row = await db.FirstAsync<RecordingRow>(
                $"SELECT {RecordingRow.Columns} FROM trial_recording r WHERE r.hearing_id = @Id",
                new { h.Id },
                cancellationToken
            );
            if (row is null)
                return new Result(h, null, [], [], [], null);
            var (segments, marks) = (await book.SegmentsAsync(row.Id, cancellationToken), await book.MarksAsync(row.Id, cancellationToken));
            reads.List("trial.recording.show", segments.Count, new { row.Id }, h.CaseId);
            return new Result(h, row, segments, marks, RecordingRules.Gaps(segments, marks), RecordingRules.Broken(segments));
        }
    }
}
