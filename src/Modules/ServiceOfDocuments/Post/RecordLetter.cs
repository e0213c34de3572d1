using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Post;

/// <summary>The carrier's own number of a letter in the place of ours.</summary>
[Permit("service.work")]
[Audited("service.post.number")]
internal sealed record SetTracking : ICommand
{
    public long StepId { get; init; }
    public string Tracking { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SetTracking>
    {
        public Validator() => RuleFor(c => c.Tracking).Must(t => ConfirmationRules.Fold(t).Length is >= 5 and <= 40).WithMessage("邮件号码为 5 至 40 个字符。");
    }

    internal sealed class Handler(Db db, StepBook book, Notices notices, AuditTrail audit) : CommandHandler<SetTracking>
    {
        protected override async Task RunAsync(SetTracking command, CancellationToken ct)
        {
            var step = await Steps.FindAsync(db, command.StepId, ct);
            await Steps.OpenAsync(notices, step, ct);
            var tracking = ConfirmationRules.Fold(command.Tracking).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
            if (step.Channel != "postal")
                throw new RuleBroken("只有邮寄有邮件号码。", "Tracking");
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_step WHERE tracking = @tracking AND id <> @Id", new { tracking, step.Id }, ct) > 0)
                throw new RuleBroken($"邮件号码 {tracking} 已用于另一封邮件。", "Tracking");
            await book.MoveAsync(
                step,
                "note",
                ct,
                "tracking = @tracking",
                new
                {
                    step.Id,
                    step.Version,
                    tracking,
                }
            );
            audit.Note("step", step.Id, new { tracking });
        }
    }
}

/// <summary>Who signed, or why it came back, found out by a person.</summary>
[Permit("service.work")]
[Audited("service.post.result")]
internal sealed record RecordLetter : ICommand<RecordAttempt.Result>
{
    public long StepId { get; init; }
    public string Outcome { get; init; } = "";
    public string Signer { get; init; } = "self";
    public bool Opposing { get; init; }
    public DateOnly? On { get; init; }
    public string Words { get; init; } = "";
    public long? EvidenceId { get; init; }

    internal sealed class Validator : AbstractValidator<RecordLetter>
    {
        public Validator()
        {
            RuleFor(c => c.Outcome).Must(o => o != "posted" && AttemptRules.Outcomes["postal"].ContainsKey(o)).WithMessage("请选择邮件的结果。");
            RuleFor(c => c.Signer).Must(s => s is "self" or "family" or "agent" or "unit").WithMessage("签收人应为本人、同住成年家属、代收人或者单位收发。");
            RuleFor(c => c.On).NotNull().WithMessage("请填日期。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Notices notices, AttemptBook attempts, Actor actor) : ICommandHandler<RecordLetter, RecordAttempt.Result>
    {
        public async Task<RecordAttempt.Result> Handle(RecordLetter request, CancellationToken cancellationToken)
        {
            var step = await Steps.FindAsync(db, request.StepId, cancellationToken);
            var (notice, order) = await Steps.OpenAsync(notices, step, cancellationToken);
            var to = step.AddressId is { } a ? await db.FirstAsync<AddressRow>(AddressBook.Columns + " WHERE a.id = @a", new { a }, cancellationToken) : null;
            return await attempts.RecordAsync(
                notice,
                order,
                new AttemptFacts
                {
                    Channel = "postal",
                    Outcome = request.Outcome,
                    Signer = request.Signer,
                    Opposing = request.Opposing,
                    On = request.On!.Value,
                    Address = to?.PostalKind ?? "unconfirmed",
                    Warned = to?.Warned ?? false,
                    Tracking = step.Tracking ?? "",
                    Words = request.Words.Trim(),
                },
                request.EvidenceId,
                true,
                actor.Name,
                cancellationToken
            );
        }
    }
}
