using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.Documents;

/// <summary>How a paper of the court that was made elsewhere was let out.</summary>
public sealed record Release
{
    public DateTimeOffset ReleasedAt { get; init; }
    public string ReleasedName { get; init; } = "";
    public string ReleasedReason { get; init; } = "";
}

/// <summary>
/// No paper of the court leaves it unchecked: what a centre has issued is checked; what was uploaded or scanned as judgment, ruling, mediation, notice or
/// summons is held until the judge of the case lets it out. Called inside the caller's transaction.
/// </summary>
public interface IReleases
{
    /// <summary>Of these documents those that are held, in order.</summary>
    Task<IReadOnlyList<DocumentCard>> HeldAsync(IReadOnlyCollection<long> documentIds, CancellationToken ct = default);

    /// <summary>The held documents of a case, the newest first; what is replaced is not among them.</summary>
    /// <exception cref="NotFound">No such case, or not for this actor.</exception>
    Task<IReadOnlyList<DocumentCard>> OfCaseAsync(long caseId, CancellationToken ct = default);

    /// <summary>How a document was let out; null where it is held, or never was.</summary>
    Task<Release?> FindAsync(long documentId, CancellationToken ct = default);

    /// <summary>Lets a held document out. That it was checked, and that the actor is the judge, is the caller's to see to.</summary>
    /// <exception cref="NotFound">No such document, or not for this actor.</exception>
    /// <exception cref="RuleBroken">Code not-held: it is out already, or none that is held.</exception>
    Task ReleaseAsync(long documentId, string reason, CancellationToken ct = default);
}

internal sealed class Releases(Db db, Actor actor, TimeProvider clock, IDocuments documents, Cases.CaseAccess access, Changes changes, AuditTrail audit)
    : IReleases
{
    private const string Held =
        "d.kind IN ('judgment', 'ruling', 'mediation', 'notice', 'summons') AND d.source IN ('upload', 'scanner') AND d.volume = 'main' AND "
        + "d.released_at IS NULL";

    public async Task<IReadOnlyList<DocumentCard>> HeldAsync(IReadOnlyCollection<long> documentIds, CancellationToken ct = default) =>
        documentIds.Count == 0
            ? []
            : await db.QueryAsync<DocumentCard>(DocumentBook.Columns + " WHERE d.id IN @documentIds AND " + Held + " ORDER BY d.id", new { documentIds }, ct);

    public async Task<IReadOnlyList<DocumentCard>> OfCaseAsync(long caseId, CancellationToken ct = default)
    {
        await access.DemandAsync(caseId, ct);
        return await db.QueryAsync<DocumentCard>(
            DocumentBook.Columns
                + " WHERE d.case_id = @caseId AND "
                + Held
                + " AND NOT EXISTS (SELECT 1 FROM workzone_document n WHERE n.case_id = @caseId AND n.replaces_id = d.id) "
                + "ORDER BY d.created_at DESC, d.id DESC",
            new { caseId },
            ct
        );
    }

    public Task<Release?> FindAsync(long documentId, CancellationToken ct = default) =>
        db.FirstAsync<Release>(
            "SELECT released_at, released_name, released_reason FROM workzone_document WHERE id = @documentId AND released_at IS NOT NULL",
            new { documentId },
            ct
        );

    public async Task ReleaseAsync(long documentId, string reason, CancellationToken ct = default)
    {
        var card = await documents.GetAsync(documentId, ct);
        if ((await HeldAsync([documentId], ct)).Count == 0)
            throw new RuleBroken($"《{card.Title}》不需要放行，或者已经放行。", "", "not-held");
        if (
            await db.ExecuteAsync(
                "UPDATE workzone_document SET released_at = @now, released_by = @by, released_name = @name, released_reason = @reason WHERE id = "
                    + "@documentId AND released_at IS NULL",
                new
                {
                    documentId,
                    now = clock.StoredNow(),
                    by = actor.Id,
                    name = actor.Name,
                    reason,
                },
                ct
            ) == 0
        )
            throw new Conflict("文书刚被他人放行，请刷新后再看。");
        audit.Note("document", documentId, new { released = true }, card.CaseId, reason);
        db.OnCommitted(() => changes.Say($"case:{card.CaseId}"));
    }
}
