using CourtOps.Contracts;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Command;
using CourtOps.Kernel.Data;
using CourtOps.Workzone.Cases;
using MediatR;

namespace CourtOps.Enforcement.Reactions;

/// <summary>A case of enforcement is watched from the day it is known.</summary>
internal sealed class WhenCaseRegistered(ICases cases, Lookout lookout, Splitting splitting) : INotificationHandler<CaseRegistered>
{
    public async Task Handle(CaseRegistered notification, CancellationToken cancellationToken)
    {
        if (notification.Kind != "enforcement")
            return;
        await lookout.TrackAsync(await cases.GetAsync(notification.CaseId, cancellationToken), cancellationToken);
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
