using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Triage.Mediation;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>An opinion from an evaluator's page is taken in as one that came to the desk; the first that came stands.</summary>
internal sealed class WhenOpinionHandedIn(Db db, Secrets secrets, MediationBook book) : INotificationHandler<OpinionHandedIn>
{
    public async Task Handle(OpinionHandedIn notification, CancellationToken cancellationToken)
    {
        if (await PublicEvaluation.OfAsync(db, notification.EvaluationId, cancellationToken) is not { OpinionEnc: { } enc } e)
            return;
        if (
            await db.ExecuteAsync(
                "UPDATE triage_evaluation SET opinion = @opinion, given_at = @At WHERE id = @EvaluationId AND given_at IS NULL",
                new
                {
                    opinion = secrets.Reveal(enc),
                    notification.At,
                    notification.EvaluationId,
                },
                cancellationToken
            ) > 0
        )
            await book.NoteAsync(notification.MediationId, "opinion", "", cancellationToken, e.EvaluatorName);
    }
}
