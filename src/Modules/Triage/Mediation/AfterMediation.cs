using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Mediation;

/// <summary>Joint application for judicial confirmation within thirty days of the agreement (民诉法 205), decided within thirty; and the visit after a divorce
/// was reconciled.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.after")]
internal sealed record AfterMediation : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>ask-confirm, grant, refuse or follow.</summary>
    public string Act { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AfterMediation>
    {
        public Validator()
        {
            RuleFor(c => c.Act).Must(a => a is "ask-confirm" or "grant" or "refuse" or "follow").WithMessage("没有这个动作。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Act is "refuse" or "follow")
                .WithMessage("请写明情况。")
                .MaximumLength(1000)
                .WithMessage("说明最长 1000 个字符。");
        }
    }

    internal sealed class Handler(MediationBook book, AuditTrail audit) : CommandHandler<AfterMediation>
    {
        protected override async Task RunAsync(AfterMediation command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, command.Version, ct);
            var today = book.Today;
            if (row.State != MediationState.Ended)
                throw new RuleBroken("调解还没有结束。", code: "state");
            switch (command.Act)
            {
                case "ask-confirm":
                    if (row.Outcome != "agreed" || row.Confirmed.Length > 0)
                        throw new RuleBroken("达成协议且没有申请过的，才能申请司法确认。", code: "state");
                    if (today > row.EndedOn!.Value.AddDays(30))
                        throw new RuleBroken(
                            $"司法确认应自协议生效之日起三十日内共同申请，已于 {Times.Iso(row.EndedOn.Value.AddDays(30))} 届满。",
                            "Act",
                            "late"
                        );
                    await book.MoveAsync(
                        row,
                        "note",
                        new
                        {
                            row.Id,
                            row.Version,
                            today,
                            due = today.AddDays(30),
                        },
                        "confirmed = 'asked', confirm_asked_on = @today, confirm_due = @due, next_on = @due",
                        ct
                    );
                    await book.NoteAsync(row.Id, "ask-confirm", command.Words.Trim(), ct);
                    break;
                case "follow":
                    if (row.FollowOn is null)
                        throw new RuleBroken("这件没有要回访的。", code: "state");
                    await book.MoveAsync(
                        row,
                        "note",
                        new
                        {
                            row.Id,
                            row.Version,
                            today,
                        },
                        "followed_on = @today, next_on = NULL, escalated_at = NULL, escalated_why = ''",
                        ct
                    );
                    await book.NoteAsync(row.Id, "follow", command.Words.Trim(), ct);
                    break;
                default:
                    if (row.Confirmed != "asked")
                        throw new RuleBroken("还没有申请司法确认。", code: "state");
                    await book.MoveAsync(
                        row,
                        "note",
                        new
                        {
                            row.Id,
                            row.Version,
                            how = command.Act == "grant" ? "granted" : "refused",
                        },
                        "confirmed = @how, next_on = follow_on, escalated_at = NULL, escalated_why = ''",
                        ct
                    );
                    await book.NoteAsync(row.Id, "confirm", $"{(command.Act == "grant" ? "确认有效" : "驳回申请")}。{command.Words.Trim()}", ct);
                    break;
            }
            audit.Note("mediation", row.Id, new { command.Act }, row.CaseId, command.Words.Length > 0 ? command.Words : null);
        }
    }
}
