using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Recordings;

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
            RuleFor(c => c.Consent)
                .NotEmpty()
                .When(c => c.Mode == "replaces")
                .WithMessage("录音录像替代笔录的，须写明各方当事人同意的记录（庭审录音录像规定第8条）。")
                .MaximumLength(200)
                .WithMessage("最长 200 个字符。");
        }
    }

    internal sealed class Handler(HearingActs acts, ICases cases, RecordingBook book, AuditTrail audit) : ICommandHandler<OpenRecording, long>
    {
        public async Task<long> Handle(OpenRecording c, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(c.HearingId, null, cancellationToken);
            if (h.State is HearingState.Provisional or HearingState.Cancelled)
                throw new RuleBroken($"庭审现在是“{HearingState.Labels[h.State]}”，没有可以收录的录像。", "HearingId", "state");
            var card = await cases.GetAsync(h.CaseId, cancellationToken);
            if (c.Mode == "replaces" && card.ProcedureCode is not ("MC-SUM" or "MC-SML"))
                throw new RuleBroken("只有适用简易程序的民事案件，经当事人同意，才能以录音录像替代笔录（庭审录音录像规定第8条）。", "Mode", "not-simple");
            var (id, made) = await book.OpenAsync(h, c.Mode, c.Consent, cancellationToken);
            if (made)
                audit.Note("recording", id, new { c.Mode }, h.CaseId);
            return id;
        }
    }
}
