using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Triage.Fees;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>A case that ends by mediation or withdrawal costs half: what was paid beyond it is kept to be given back within fifteen days of effect (交纳办法 15,
/// 53).</summary>
internal sealed class WhenCaseCloses(Db db, FeeLedger ledger) : INotificationHandler<CaseClosed>
{
    public async Task Handle(CaseClosed notification, CancellationToken cancellationToken)
    {
        if (notification.Reopened)
            return;
        var bills = await ledger.OfCaseAsync(notification.CaseId, cancellationToken);
        if (bills.Count == 0 || bills.Any(b => b.State == "deemed"))
            return;
        if (
            await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM triage_ledger l JOIN triage_bill b ON b.id = l.bill_id WHERE b.case_id = @CaseId AND l.source = 'halve'",
                new { notification.CaseId },
                cancellationToken
            ) > 0
        )
            return;
        var procedure =
            await db.FirstAsync<string>("SELECT procedure_code FROM workzone_case_card WHERE id = @CaseId", new { notification.CaseId }, cancellationToken)
            ?? "";
        var back = FeeChange.Halved(bills.Sum(b => b.Amount), procedure, notification.How);
        if (back > 0)
            await ledger.LessenAsync(bills, back, "halve", "halve", cancellationToken);
    }
}
