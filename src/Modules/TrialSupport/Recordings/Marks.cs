using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;

namespace CourtOps.TrialSupport.Recordings;

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
            // a line of the live page whose answer was lost is sent again: the same words by the same speaker in the same second are one mark
            if (
                c.At is { } second
                && await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_mark WHERE recording_id = @Id AND at_time = @at AND kind = @Kind AND speaker = @speaker AND words = "
                        + "@words AND person_name = @name",
                    new
                    {
                        r.Id,
                        at = Times.At(second),
                        c.Kind,
                        speaker = c.Speaker.Trim(),
                        words = c.Words.Trim(),
                        name = actor.Name,
                    },
                    ct
                ) > 0
            )
                return;
            await db.ExecuteAsync(
                "INSERT INTO trial_mark (id, recording_id, at_time, kind, speaker, words, person_name, made_at) VALUES (@mark, @Id, @at, @Kind, "
                    + "@speaker, @words, @name, @now)",
                new
                {
                    mark = ids.Next(),
                    r.Id,
                    at = c.At is { } at ? Times.At(at) : now,
                    c.Kind,
                    speaker = c.Speaker.Trim(),
                    words = c.Words.Trim(),
                    name = actor.Name,
                    now,
                },
                ct
            );
            audit.Note("recording", r.Id, new { mark = c.Kind }, r.CaseId);
        }
    }
}
