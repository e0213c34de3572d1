using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Documents;

internal sealed class DocumentBook(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    CaseAccess access,
    BlobStore blobs,
    AuditTrail audit,
    Changes changes,
    AccessLog reads,
    Outbox outbox
) : IDocuments
{
    internal const string Columns =
        "SELECT d.id, d.case_id, d.kind, d.title, d.blob, d.size, d.pages, d.volume, d.revision, d.source, d.created_by_name, d.created_at FROM "
        + "workzone_document d";

    public async Task<DocumentCard> AddAsync(NewDocument document, CancellationToken ct = default)
    {
        await access.DemandAsync(document.CaseId, ct);
        var title = document.Title.Trim();
        if (title.Length is 0 or > 200)
            throw new RuleBroken("文书名称为空或超过 200 个字符。", "Title");
        if (!DocumentKinds.Labels.ContainsKey(document.Kind))
            throw new RuleBroken($"没有这种文书类型：{document.Kind}。", "Kind");
        if (document.Volume is not ("main" or "secondary"))
            throw new RuleBroken("卷别只能是正卷或副卷。", "Volume");
        var twin = await db.FirstAsync<string>(
            "SELECT title FROM workzone_document WHERE case_id = @CaseId AND blob = @Sha256 AND kind = @Kind",
            new
            {
                document.CaseId,
                document.Blob.Sha256,
                document.Kind,
            },
            ct
        );
        if (twin is not null)
            throw new RuleBroken($"本案已有内容完全相同的文件：{twin}。", "File", "same-content");
        await blobs.KeepAsync(document.Blob, ct);
        var revision = 1;
        if (document.ReplacesId is { } old)
        {
            var before = await db.FirstAsync<int?>(
                "SELECT revision FROM workzone_document WHERE id = @old AND case_id = @CaseId AND volume = @Volume",
                new
                {
                    old,
                    document.CaseId,
                    document.Volume,
                },
                ct
            );
            revision = 1 + (before ?? throw new RuleBroken("被替换的文书不在本案的同一卷里。", "ReplacesId"));
            if (
                await db.FirstAsync<string>(
                    "SELECT title FROM workzone_document WHERE case_id = @CaseId AND replaces_id = @old",
                    new { old, document.CaseId },
                    ct
                ) is
                { } other
            )
                throw new RuleBroken($"这份文书已被《{other}》替换，请替换最新的一份。", "ReplacesId");
        }
        var card = new DocumentCard
        {
            Id = ids.Next(),
            CaseId = document.CaseId,
            Kind = document.Kind,
            Title = title,
            Blob = document.Blob.Sha256,
            Size = document.Blob.Size,
            Pages = document.Pages,
            Volume = document.Volume,
            Revision = revision,
            Source = document.Source,
            CreatedByName = actor.Name,
            CreatedAt = clock.GetUtcNow(),
        };
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_document (id, case_id, kind, title, blob, size, pages, volume, revision, replaces_id, source, created_by, created_by_name,
                created_at)
            VALUES (@Id, @CaseId, @Kind, @Title, @Blob, @Size, @Pages, @Volume, @Revision, @replaces, @Source, @by, @CreatedByName, @CreatedAt)
            """,
            new
            {
                card.Id,
                card.CaseId,
                card.Kind,
                card.Title,
                card.Blob,
                card.Size,
                card.Pages,
                card.Volume,
                card.Revision,
                replaces = document.ReplacesId,
                card.Source,
                by = actor.Id,
                card.CreatedByName,
                card.CreatedAt,
            },
            ct
        );
        await outbox.AddAsync(
            Contracts.Catalogue.CaseKey(card.CaseId),
            new Contracts.DocumentAdded
            {
                CaseId = card.CaseId,
                DocumentId = card.Id,
                Kind = card.Kind,
                Title = card.Title,
                Volume = card.Volume,
                Source = card.Source,
                ReplacesId = document.ReplacesId,
                At = card.CreatedAt,
            },
            ct
        );
        audit.Note(
            "document",
            card.Id,
            new
            {
                card.CaseId,
                card.Kind,
                card.Blob,
            }
        );
        db.OnCommitted(() => changes.Say($"case:{card.CaseId}"));
        return card;
    }

    public async Task<DocumentCard> GetAsync(long documentId, CancellationToken ct = default)
    {
        var card = await db.FirstAsync<DocumentCard>(Columns + " WHERE d.id = @documentId", new { documentId }, ct);
        if (card is null)
            throw new NotFound("文书", documentId);
        if (!await (card.Volume == "secondary" ? access.CanReadSecondaryAsync(card.CaseId, ct) : access.CanReadAsync(card.CaseId, ct)))
        {
            reads.Refused("document", documentId, card.CaseId);
            throw new NotFound("文书", documentId);
        }
        reads.Passed("workzone.document.view", "document", card.Id, card.CaseId);
        return card;
    }

    public async Task<IReadOnlyList<DocumentCard>> OfCaseAsync(long caseId, CancellationToken ct = default)
    {
        await access.DemandAsync(caseId, ct);
        var all = await db.QueryAsync<DocumentCard>(Columns + " WHERE d.case_id = @caseId ORDER BY d.created_at, d.id", new { caseId }, ct);
        return all.All(d => d.Volume != "secondary") || await access.CanReadSecondaryAsync(caseId, ct) ? all : [.. all.Where(d => d.Volume != "secondary")];
    }
}
