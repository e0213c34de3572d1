using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.TrialSupport.Seals;

/// <summary>What anybody may know of a sealed document by the code printed on it: court, kind, day, signer; nothing of the case.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record VerifySeal : IQuery<VerifySeal.Row>
{
    public string Code { get; init; } = "";

    internal sealed record Row
    {
        public string Code { get; init; } = "";
        public string CourtName { get; init; } = "";
        public string Kind { get; init; } = "";
        public DateOnly IssuedOn { get; init; }
        public string Digest { get; init; } = "";
        public string Signature { get; init; } = "";
        public string Signer { get; init; } = "";
        public DateTimeOffset SignedAt { get; init; }
    }

    internal sealed class Handler(Db db) : IQueryHandler<VerifySeal, Row>
    {
        public async Task<Row> Handle(VerifySeal request, CancellationToken cancellationToken) =>
            await db.FirstAsync<Row>(
                "SELECT s.code, s.court_name, s.kind, s.issued_on, s.digest, s.signature, s.signer, s.signed_at FROM trial_public_seal s WHERE s.code = @code",
                new { code = SealKeeper.Fold(request.Code) },
                cancellationToken
            ) ?? throw new NotFound("校验码", "");
    }
}
