using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Network;

/// <summary>Asks the network about the debtors of one case, or of all cases of the person whose inquiries have run out: a line for each debtor and kind of
/// property.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.network.ask")]
internal sealed record AskNetwork : ICommand<BatchRow>
{
    public const int Most = 5000;

    /// <summary>Null: every open case of enforcement that the person sees and whose inquiries are due.</summary>
    public long? CaseId { get; init; }
    public IReadOnlyList<string> Categories { get; init; } = [];

    internal sealed class Validator : AbstractValidator<AskNetwork>
    {
        public Validator() => RuleFor(c => c.Categories).Must(a => a.All(Property.Asked.ContainsKey)).WithMessage("没有这类查询。");
    }

    internal sealed class Handler(Db db, ICases cases, Asking asking, AuditTrail audit) : ICommandHandler<AskNetwork, BatchRow>
    {
        public async Task<BatchRow> Handle(AskNetwork c, CancellationToken cancellationToken)
        {
            var batch = await asking.AskAsync(await CasesAsync(c.CaseId, cancellationToken), c.Categories, c.CaseId is not null, cancellationToken);
            audit.Note("inquiry-batch", batch.Id, new { lines = batch.Items, batch.Channel });
            return batch;
        }

        private async Task<IReadOnlyList<long>> CasesAsync(long? one, CancellationToken ct)
        {
            if (one is { } id)
                return [(await cases.GetAsync(id, ct)).Id];
            var (me, courts, places) = cases.Arguments;
            return await db.PageAsync<long>(
                "SELECT c.id FROM workzone_case_card c WHERE c.kind = 'enforcement' AND c.state = 'open' AND c.court_id IN @courts AND "
                    + cases.Seen("c.id")
                    + " ORDER BY c.id",
                new
                {
                    me,
                    courts,
                    places,
                },
                500,
                ct
            );
        }
    }
}
