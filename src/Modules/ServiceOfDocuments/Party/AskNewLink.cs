using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>The link has ended after too many wrong tries: the party asks the court for another.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.party.new-link")]
internal sealed record AskNewLink : ICommand
{
    public string Token { get; init; } = "";

    internal sealed class Handler(Db db, Ids ids, Outbox outbox, Actor actor, TimeProvider clock, AuditTrail audit) : CommandHandler<AskNewLink>
    {
        protected override async Task RunAsync(AskNewLink command, CancellationToken ct)
        {
            var notice = await PublicNotices.FindAsync(db, command.Token, clock, ct, ended: true) ?? throw new NotFound("文书");
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM service_public_act WHERE notice_id = @NoticeId AND kind = 'new-link' AND at >= @EndedAt",
                    new { notice.NoticeId, notice.EndedAt },
                    ct
                ) == 0
            )
                await PublicNotices.ActAsync(db, ids, outbox, actor, notice, "new-link", null, clock.StoredNow(), ct);
            audit.Note("notice", notice.NoticeId, new { act = "new-link" });
        }
    }
}
