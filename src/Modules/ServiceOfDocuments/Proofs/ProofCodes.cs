using System.Security.Cryptography;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;

namespace CourtOps.ServiceOfDocuments.Proofs;

/// <param name="Sha256">Of the bytes that were served.</param>
internal sealed record ProvedPaper(string Title, string Sha256, DateOnly? On);

/// <summary>Verification codes of proofs: twelve signs without those that look alike, 60 bits. Pure but for chance.</summary>
internal static class ProofCodes
{
    private const string Signs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    public static string New() => RandomNumberGenerator.GetString(Signs, 12);

    public static string Shown(string code) => $"{code[..4]}-{code[4..8]}-{code[8..]}";

    /// <summary>As people type it: any case, with or without hyphens, full width. Null: no code.</summary>
    public static string? Fold(string? typed)
    {
        var text = string.Concat(
            (typed ?? "")
                .Folded()
                .ToUpperInvariant()
                .Where(c => c != '-' && !char.IsWhiteSpace(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format)
        );
        return text.Length == 12 && text.All(Signs.Contains) ? text : null;
    }
}

/// <summary>What a code confirms of a proof; null where there is none.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record VerifyProof : IQuery<VerifyProof.Result?>
{
    public string Code { get; init; } = "";

    internal sealed record Result
    {
        public string CourtName { get; init; } = "";
        public string CaseNumber { get; init; } = "";
        public string MaskedName { get; init; } = "";
        public string Method { get; init; } = "";
        public DateOnly EffectiveOn { get; init; }
        public string Documents { get; init; } = "[]";
        public string? ProofSha { get; init; }
        public DateTimeOffset MadeAt { get; init; }
        public DateTimeOffset? VoidedAt { get; init; }
        public IReadOnlyList<ProvedPaper> Papers => JsonSerializer.Deserialize<List<ProvedPaper>>(Documents, Json.Stored) ?? [];
    }

    internal sealed class Handler(Db db) : IQueryHandler<VerifyProof, Result?>
    {
        public async Task<Result?> Handle(VerifyProof request, CancellationToken cancellationToken) =>
            ProofCodes.Fold(request.Code) is not { } code
                ? null
                : await db.FirstAsync<Result>(
                    "SELECT court_name, case_number, masked_name, method, effective_on, documents, proof_sha, made_at, voided_at FROM "
                        + "service_public_proof WHERE code = @code",
                    new { code },
                    cancellationToken
                );
    }
}
