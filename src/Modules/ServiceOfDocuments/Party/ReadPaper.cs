using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>The identified party opens a document: the time of reading.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.party.read")]
internal sealed record ReadPaper : ICommand<ReleasedDocument>
{
    public string Token { get; init; } = "";
    public int N { get; init; }

    internal sealed class Handler(Db db, Ids ids, Outbox outbox, Actor actor, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<ReadPaper, ReleasedDocument>
    {
        public async Task<ReleasedDocument> Handle(ReadPaper request, CancellationToken cancellationToken)
        {
            var notice = await PublicNotices.FindAsync(db, request.Token, clock, cancellationToken) ?? throw new NotFound("文书");
            if (notice.HeldAt is not null)
                throw new RuleBroken("您已说明不是本人或发错了，法院核实之前不再显示文书。");
            var paper = notice.Papers.FirstOrDefault(p => p.N == request.N) ?? throw new NotFound("文书");
            audit.Note("notice", notice.NoticeId, new { document = request.N });
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM service_public_act WHERE notice_id = @NoticeId AND kind = 'read' AND document_n = @N",
                    new { notice.NoticeId, request.N },
                    cancellationToken
                ) == 0
            )
                await PublicNotices.ActAsync(db, ids, outbox, actor, notice, "read", request.N, clock.StoredNow(), cancellationToken);
            return paper;
        }
    }
}

/// <summary>The identified party confirms, or says that it is somebody else.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.party.confirm")]
internal sealed record Confirm : ICommand
{
    public string Token { get; init; } = "";
    public bool NotMe { get; init; }

    internal sealed class Handler(Db db, Ids ids, Outbox outbox, Actor actor, TimeProvider clock, AuditTrail audit) : CommandHandler<Confirm>
    {
        protected override async Task RunAsync(Confirm command, CancellationToken ct)
        {
            var notice = await PublicNotices.FindAsync(db, command.Token, clock, ct) ?? throw new NotFound("文书");
            if (notice.HeldAt is not null || (command.NotMe ? notice.DisputedAt is not null : notice.ConfirmedAt is not null))
                return;
            var now = clock.StoredNow();
            await db.ExecuteAsync(
                command.NotMe
                    ? "UPDATE service_public_notice SET disputed_at = @now, held_at = @now WHERE token_digest = @TokenDigest"
                    : "UPDATE service_public_notice SET confirmed_at = @now WHERE token_digest = @TokenDigest",
                new { notice.TokenDigest, now },
                ct
            );
            await PublicNotices.ActAsync(db, ids, outbox, actor, notice, command.NotMe ? "disputed" : "confirmed", null, now, ct);
            audit.Note("notice", notice.NoticeId, new { act = command.NotMe ? "disputed" : "confirmed" });
        }
    }
}
