using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Network;

/// <summary>An answer that was kept apart was cleared up with its sender.</summary>
[Permit("enforcement.approve")]
[Audited("enforcement.network.clear")]
internal sealed record ClearApart : ICommand
{
    public long Id { get; init; }

    internal sealed class Validator : AbstractValidator<ClearApart>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明反馈。");
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, ICases cases, AuditTrail audit) : CommandHandler<ClearApart>
    {
        protected override async Task RunAsync(ClearApart command, CancellationToken ct)
        {
            var (_, courts, _) = cases.Arguments;
            if (
                await db.ExecuteAsync(
                    "UPDATE enforcement_quarantine SET settled_by = @name, settled_at = @now WHERE id = @Id AND court_id IN @courts AND settled_at IS NULL",
                    new
                    {
                        command.Id,
                        courts,
                        name = actor.Name,
                        now = clock.StoredNow(),
                    },
                    ct
                ) == 0
            )
                throw new NotFound("存疑反馈", command.Id);
            audit.Note("inquiry-apart", command.Id, new { });
        }
    }
}
