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
            await db.FirstAsync<long?>("SELECT origin_id FROM workzone_case_card WHERE id = @CaseId", new { notification.CaseId }, cancellationToken)
                is { } origin
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
        if (!notification.Reopened && notification.How is ("performed" or "withdrawn"))
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

/// <summary>The written notice of a term has reached the applicant; a paper of enforcement has reached a debtor: the notice ends its step, the order to report
/// begins its days.</summary>
internal sealed class WhenDocumentServed(Db db, ICases cases, NodeBook nodes, Lookout lookout, Papers.ReportBook reports) : INotificationHandler<DocumentServed>
{
    public async Task Handle(DocumentServed notification, CancellationToken cancellationToken)
    {
        await db.ExecuteAsync(
            "UPDATE enforcement_measure SET told_on = @EffectiveOn WHERE notice_document_id = @DocumentId AND told_on IS NULL",
            new { notification.EffectiveOn, notification.DocumentId },
            cancellationToken
        );
        await db.ExecuteAsync(
            "UPDATE enforcement_reminder SET served_on = @EffectiveOn WHERE document_id = @DocumentId AND served_on IS NULL",
            new { notification.EffectiveOn, notification.DocumentId },
            cancellationToken
        );
        var paper = await db.FirstAsync<Papers.PaperRow>(
            $"SELECT {Papers.PaperRow.Columns} FROM enforcement_paper p WHERE p.document_id = @DocumentId AND p.served_on IS NULL",
            new { notification.DocumentId },
            cancellationToken
        );
        if (paper is null || (paper.PartyId is { } of && of != notification.PartyId))
            return;
        await db.ExecuteAsync(
            "UPDATE enforcement_paper SET served_on = @EffectiveOn WHERE id = @Id",
            new { paper.Id, notification.EffectiveOn },
            cancellationToken
        );
        if (paper.Kind == Papers.PaperTexts.Notice)
        {
            if (await nodes.DoneAsync(paper.CaseId, "notice", notification.EffectiveOn, "执行通知书已送达", cancellationToken))
                await lookout.LookAsync(paper.CaseId, cancellationToken);
        }
        else if (paper is { Kind: Papers.PaperTexts.ReportOrder, PartyId: { } party })
        {
            await reports.AddAsync(
                await cases.GetAsync(paper.CaseId, cancellationToken),
                party,
                paper.Addressee,
                "order",
                notification.EffectiveOn,
                Papers.DraftPaper.ReportDays,
                null,
                "",
                cancellationToken
            );
        }
    }
}
