using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Triage.Fees;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>A case goes over to another procedure, whoever decided it: everybody hears of it, the rest of the fee is asked for or what is too much is kept to
/// be given back.</summary>
internal sealed class WhenCaseConverted(Db db, Outbox outbox, FeeLedger ledger, ICourts courts) : INotificationHandler<CaseEventRecorded>
{
    public async Task Handle(CaseEventRecorded notification, CancellationToken cancellationToken)
    {
        if (notification.Event != "converted")
            return;
        var from = notification.Facts.GetValueOrDefault("from") ?? "";
        var to = notification.Facts.GetValueOrDefault("procedure") ?? "";
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM triage_conversion WHERE event_id = @EventId", new { notification.EventId }, cancellationToken) > 0)
            return;
        await db.ExecuteAsync(
            "INSERT INTO triage_conversion (event_id, case_id, from_code, to_code, on_day) VALUES (@EventId, @CaseId, @from, @to, @On)",
            new
            {
                notification.EventId,
                notification.CaseId,
                from,
                to,
                notification.On,
            },
            cancellationToken
        );
        await outbox.AddAsync(
            Catalogue.CaseKey(notification.CaseId),
            new TrackChanged
            {
                CaseId = notification.CaseId,
                FromProcedure = from,
                ToProcedure = to,
                On = notification.On,
                Reason = "converted",
            },
            cancellationToken
        );
        var filing = await db.FirstAsync<Filing>(
            $"SELECT {FilingBook.Columns} FROM triage_filing f WHERE f.case_id = @CaseId",
            new { notification.CaseId },
            cancellationToken
        );
        if (filing is null)
            return;
        var court = await courts.GetAsync(filing.CourtId, cancellationToken);
        var due = FilingFee.Of(filing.Kind, filing.CaseType, filing.Cause, to, filing.Amount, court.Code[..1]).Cents ?? 0;
        var bills = await ledger.OfCaseAsync(notification.CaseId, cancellationToken);
        var billed =
            bills.Where(b => b.State != "deemed").Sum(b => b.Amount)
            - await db.ScalarAsync<long>(
                "SELECT COALESCE(SUM(l.amount), 0) FROM triage_ledger l JOIN triage_bill b ON b.id = l.bill_id WHERE b.case_id = @CaseId AND "
                    + "l.account = 'income' AND l.source = 'convert'",
                new { notification.CaseId },
                cancellationToken
            );
        if (due > billed)
            await ledger.IssueAsync(filing.Id, court, notification.CaseId, filing.CaseNumber!, due - billed, "supplement", cancellationToken);
        else if (due < billed)
            await ledger.LessenAsync(bills, billed - due, $"convert:{notification.EventId}", "convert", cancellationToken);
    }
}
