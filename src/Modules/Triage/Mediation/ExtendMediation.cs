using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Mediation;

/// <summary>Both sides agree to more time.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.extend")]
internal sealed record ExtendMediation : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public int Days { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ExtendMediation>
    {
        public Validator() =>
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明双方何时、以何种方式同意延长。").MaximumLength(400).WithMessage("说明最长 400 个字符。");
    }

    internal sealed class Handler(MediationBook book, AuditTrail audit) : CommandHandler<ExtendMediation>
    {
        protected override async Task RunAsync(ExtendMediation command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, command.Version, ct);
            if (row.State != MediationState.Running)
                throw new RuleBroken("调解员签收后才能延长。", code: "state");
            await book.ExtendAsync(row, command.Days, command.Words.Trim(), ct);
            audit.Note("mediation", row.Id, new { command.Days }, row.CaseId, command.Words);
        }
    }
}
