using CourtOps.Contracts;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Data;
using CourtOps.Workzone.Cases;
using MediatR;

namespace CourtOps.Enforcement.Reactions;

/// <summary>A case of enforcement is watched from the day it is known.</summary>
internal sealed class WhenCaseRegistered(Db db, ICases cases, Lookout lookout, Measures.Carrying carrying, CaseDates dates, Splitting splitting)
    : INotificationHandler<CaseRegistered>
{
    public async Task Handle(CaseRegistered notification, CancellationToken cancellationToken)
    {
        // the suit that a preservation before it waits for (CPL 104)
        if (
            await db.FirstAsync<long?>("SELECT origin_id FROM workzone_case_card WHERE id = @CaseId", new { notification.CaseId }, cancellationToken) is { } origin
            && notification.Kind != "enforcement"
        )
            await dates.EndAsync($"sue:{origin}", cancellationToken);
        if (notification.Kind != "enforcement")
            return;
        await lookout.TrackAsync(await cases.GetAsync(notification.CaseId, cancellationToken), cancellationToken);
        await carrying.CarryAsync(notification.CaseId, cancellationToken);
        await splitting.SplitAsync(notification.CaseId, null, cancellationToken);
        await lookout.LookAsync(notification.CaseId, cancellationToken);
    }
}

/// <summary>The same for those of a list.</summary>
internal sealed class WhenCaseImported(Db db, Lookout lookout, Splitting splitting) : INotificationHandler<CaseImported>
{
    public async Task Handle(CaseImported notification, CancellationToken cancellationToken)
    {
        foreach (
            var card in await db.QueryAsync<CaseCard>(
                "SELECT id, court_id, number, filed_on FROM workzone_case_card WHERE id IN @ids AND kind = 'enforcement'",
                new { ids = notification.Cases.Select(c => c.CaseId) },
                cancellationToken
            )
        )
        {
            await lookout.TrackAsync(card, cancellationToken);
            await splitting.SplitAsync(card.Id, null, cancellationToken);
            await lookout.LookAsync(card.Id, cancellationToken);
        }
    }
}

/// <summary>Who is to work on the case was named: the step is done by it.</summary>
internal sealed class WhenCaseEventRecorded(NodeBook nodes, Lookout lookout) : INotificationHandler<CaseEventRecorded>
{
    public async Task Handle(CaseEventRecorded notification, CancellationToken cancellationToken)
    {
        if (notification.Event == "allotted" && await nodes.DoneAsync(notification.CaseId, "assign", notification.On, "已分案", cancellationToken))
            await lookout.LookAsync(notification.CaseId, cancellationToken);
    }
}

/// <summary>What may not stay under control after a closing is found at once; after a reopening it is not a leak any more.</summary>
internal sealed class WhenCaseClosed(Lookout lookout, Persuade.PersuadeBook persuade) : INotificationHandler<CaseClosed>
{
    public async Task Handle(CaseClosed notification, CancellationToken cancellationToken)
    {
        await lookout.LookAsync(notification.CaseId, cancellationToken);
        // a settlement that is not yet performed lifts nothing; its performance does
        if (notification.How is "performed" or "withdrawn")
            await persuade.LiftAllAsync(notification.CaseId, notification.On, cancellationToken);
    }
}

/// <summary>Answers for this centre what of a case is still open here: money that was not paid out.</summary>
internal sealed class WhenClosingCheckRequested(Money.CaseMoney money, Kernel.Messaging.Outbox outbox) : INotificationHandler<ClosingCheckRequested>
{
    public async Task Handle(ClosingCheckRequested notification, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        if (await money.HeldAsync(notification.CaseId, cancellationToken) is > 0 and var held)
            missing.Add($"在案待发案款 {CourtOps.Web.Ui.Yuan(held)} 元没有发放");
        await outbox.AddAsync(
            Catalogue.CaseKey(notification.CaseId),
            new ClosingCheckAnswered
            {
                AskId = notification.AskId,
                CaseId = notification.CaseId,
                Centre = Workzone.Centres.Enforcement,
                Missing = missing,
            },
            cancellationToken
        );
    }
}

/// <summary>The written notice of a term has reached the applicant.</summary>
internal sealed class WhenDocumentServed(Db db) : INotificationHandler<DocumentServed>
{
    public Task Handle(DocumentServed notification, CancellationToken cancellationToken) =>
        db.ExecuteAsync(
            "UPDATE enforcement_measure SET told_on = @EffectiveOn WHERE notice_document_id = @DocumentId AND told_on IS NULL",
            new { notification.EffectiveOn, notification.DocumentId },
            cancellationToken
        );
}
