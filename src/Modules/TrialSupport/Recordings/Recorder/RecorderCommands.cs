using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;
using FluentValidation;
using Microsoft.Extensions.Configuration;

namespace CourtOps.TrialSupport.Recordings.Recorder;

/// <summary>Files of the recorders of the court acted in, by state; of hearings that are not for this person only that the file was taken.</summary>
[Permit("trial.hold")]
internal sealed record ListRecorderFiles : IQuery<ListRecorderFiles.Result>
{
    public string State { get; init; } = RecorderFile.Waiting;

    internal sealed record Row(RecorderFile File, string? CaseNumber);

    /// <param name="Watching">Whether a folder is set at all.</param>
    /// <param name="Hearings">Of the days of the files that wait, those that this person may see.</param>
    internal sealed record Result(bool Watching, IReadOnlyList<Row> Rows, IReadOnlyList<Hearing> Hearings);

    internal sealed class Handler(Db db, Actor actor, ICases cases, IConfiguration configuration, AccessLog reads) : IQueryHandler<ListRecorderFiles, Result>
    {
        public async Task<Result> Handle(ListRecorderFiles request, CancellationToken cancellationToken)
        {
            if (!RecorderFile.States.ContainsKey(request.State))
                throw new RuleBroken($"没有这种状态：{request.State}。", "state");
            var (me, courts, places) = cases.Arguments;
            var files = await db.PageAsync<RecorderFile>(
                $"SELECT {RecorderFile.Columns} FROM trial_recorder_file f WHERE f.court_id = @CourtId AND f.state = @State ORDER BY f.id DESC",
                new { actor.CourtId, request.State },
                200,
                cancellationToken
            );
            var ids = files.Where(f => f.HearingId is not null).Select(f => f.HearingId!.Value).Distinct().ToList();
            var days = request.State == RecorderFile.Waiting ? files.Select(f => Times.Day(f.StartsAt ?? f.WrittenAt)).Distinct().ToList() : [];
            var named =
                ids.Count == 0
                    ? []
                    : (
                        await db.QueryAsync<Hearing>(
                            $"{HearingBook.Columns} WHERE h.id IN @ids AND {cases.Seen("h.case_id")}",
                            new
                            {
                                me,
                                courts,
                                places,
                                ids,
                            },
                            cancellationToken
                        )
                    ).ToDictionary(h => h.Id);
            IReadOnlyList<Hearing> near =
                days.Count == 0
                    ? []
                    : await db.QueryAsync<Hearing>(
                        $"{HearingBook.Columns} WHERE h.court_id = @court AND h.held_on IN @days AND h.state IN ('confirmed', 'held', 'adjourned') AND "
                            + $"{cases.Seen("h.case_id")} ORDER BY h.starts_at, h.id",
                        new
                        {
                            me,
                            courts,
                            places,
                            court = actor.CourtId,
                            days,
                        },
                        cancellationToken
                    );
            reads.List("trial.recorder.list", files.Count, new { request.State });
            return new Result(
                configuration[TakeFromRecorder.Setting] is { Length: > 0 },
                [.. files.Select(f => new Row(f, f.HearingId is { } id ? named.GetValueOrDefault(id)?.CaseNumber : null))],
                near
            );
        }
    }
}

/// <summary>A clerk gives a file that found no hearing to one, with the times where the recorder's were wrong.</summary>
[Permit("trial.hold")]
[Audited("trial.recorder.assign")]
internal sealed record AssignRecorderFile : ICommand<SegmentRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public long HearingId { get; init; }

    /// <summary>Local time; null keeps what the file said.</summary>
    public DateTime? Start { get; init; }
    public DateTime? End { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AssignRecorderFile>
    {
        public Validator()
        {
            RuleFor(c => c.Id).NotEmpty().WithMessage("请指明文件。");
            RuleFor(c => c.HearingId).NotEmpty().WithMessage("请选择庭审。");
            RuleFor(c => c.Start).Must(s => s is null or { Year: >= 2000 and <= 2100 }).WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.End).Must((c, e) => e is null || c.Start is null || e > c.Start).WithMessage("结束时间应晚于开始时间。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Start is not null || c.End is not null)
                .WithMessage("改了录制时间的，请写明依据。")
                .MaximumLength(400)
                .WithMessage("最长 400 个字符。");
        }
    }

    internal sealed class Handler(RecorderBook book, HearingActs acts, Actor actor) : ICommandHandler<AssignRecorderFile, SegmentRow>
    {
        public async Task<SegmentRow> Handle(AssignRecorderFile c, CancellationToken cancellationToken)
        {
            var f = await book.GetAsync(c.Id, c.Version, cancellationToken);
            var h = await acts.OpenAsync(c.HearingId, null, cancellationToken);
            if (h.CourtId != actor.CourtId)
                throw new NotFound("庭审", c.HearingId);
            if (f.State != RecorderFile.Waiting)
                throw new RuleBroken($"文件现在是“{RecorderFile.States[f.State]}”，不能认领。", "Id", "state");
            var start = c.Start is { } s ? Times.At(s) : f.StartsAt;
            var end = c.End is { } e ? Times.At(e) : f.EndsAt;
            if (start is null || end is null)
                throw new RuleBroken("文件没有录制时间，请填写开始和结束。", "Start", "no-time");
            if (end <= start)
                throw new RuleBroken("结束时间应晚于开始时间。", "End", "order");
            return await book.TakeAsync(f, h.Id, start.Value, end.Value, c.Words.Trim() is { Length: > 0 } w ? w : null, cancellationToken);
        }
    }
}

/// <summary>A file that belongs to no hearing is not taken, with the reason; its bytes and its row stay.</summary>
[Permit("trial.hold")]
[Audited("trial.recorder.refuse")]
internal sealed record RefuseRecorderFile : ICommand<RecorderFile>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<RefuseRecorderFile>
    {
        public Validator()
        {
            RuleFor(c => c.Id).NotEmpty().WithMessage("请指明文件。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明为什么不收。").MaximumLength(400).WithMessage("最长 400 个字符。");
        }
    }

    internal sealed class Handler(RecorderBook book, AuditTrail audit) : ICommandHandler<RefuseRecorderFile, RecorderFile>
    {
        public async Task<RecorderFile> Handle(RefuseRecorderFile c, CancellationToken cancellationToken)
        {
            var f = await book.GetAsync(c.Id, c.Version, cancellationToken);
            if (f.State != RecorderFile.Waiting)
                throw new RuleBroken($"文件现在是“{RecorderFile.States[f.State]}”，不能再退。", "Id", "state");
            await book.RefuseAsync(f, c.Reason.Trim(), cancellationToken);
            audit.Note("recorder-file", f.Id, new { f.RoomName, digest = f.Blob });
            return await book.GetAsync(f.Id, null, cancellationToken);
        }
    }
}
