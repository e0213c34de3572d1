using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>Who is served with what, in which case and round: set when the order is opened and never changed after.</summary>
internal sealed class NoticeFacts(Db db) : IFactSource
{
    public const string Of = "service-notice";

    public string Kind => Of;

    public async Task<IReadOnlyList<Fact>> PageAsync(long after, int count, CancellationToken ct) =>
        await WithTasksAsync(await db.PageAsync<Notice>(Columns + " WHERE n.id > @after ORDER BY n.id", new { after }, count, ct), ct);

    public async Task<IReadOnlyList<Fact>> OfAsync(IReadOnlyCollection<long> ids, CancellationToken ct) =>
        await WithTasksAsync([.. await db.QueryAsync<Notice>(Columns + " WHERE n.id IN @ids", new { ids }, ct)], ct);

    private const string Columns = "SELECT n.id, n.order_id, n.case_id, n.party_id, n.round, n.case_number, n.court_name, n.recipient, n.recipient_role, n.created_at FROM service_notice n";

    private async Task<IReadOnlyList<Fact>> WithTasksAsync(IReadOnlyList<Notice> notices, CancellationToken ct)
    {
        if (notices.Count == 0)
            return [];
        var tasks = (await db.QueryAsync<Paper>(
            """
            SELECT t.id, t.notice_id, t.order_id, t.case_id, t.document_id, t.document_kind, t.document_title, t.document_blob, t.document_size, t.party_id, t.recipient, t.round
            FROM service_task t WHERE t.notice_id IN @ids ORDER BY t.notice_id, t.id
            """, new { ids = notices.Select(n => n.Id) }, ct)).ToLookup(t => t.NoticeId);
        return [.. notices.Select(n => new Fact(n.Id, $"order {n.OrderId} service_notice {n.Id}", DigestOf(n, tasks[n.Id]), n.CreatedAt))];
    }

    private static string DigestOf(Notice n, IEnumerable<Paper> tasks) =>
        FactRecord.Digest([n.OrderId, n.CaseId, n.PartyId, n.Round, n.CaseNumber, n.CourtName, n.Recipient, n.RecipientRole,
            .. tasks.Select(t => FactRecord.Digest(t.Id, t.OrderId, t.CaseId, t.DocumentId, t.DocumentKind, t.DocumentTitle, t.DocumentBlob, t.DocumentSize, t.PartyId, t.Recipient, t.Round))]);

    private sealed record Notice
    {
        public long Id { get; init; }
        public long OrderId { get; init; }
        public long CaseId { get; init; }
        public long PartyId { get; init; }
        public int Round { get; init; }
        public string CaseNumber { get; init; } = "";
        public string CourtName { get; init; } = "";
        public string Recipient { get; init; } = "";
        public string RecipientRole { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
    }

    private sealed record Paper
    {
        public long Id { get; init; }
        public long NoticeId { get; init; }
        public long OrderId { get; init; }
        public long CaseId { get; init; }
        public long DocumentId { get; init; }
        public string DocumentKind { get; init; } = "";
        public string DocumentTitle { get; init; } = "";
        public string DocumentBlob { get; init; } = "";
        public long DocumentSize { get; init; }
        public long PartyId { get; init; }
        public string Recipient { get; init; } = "";
        public int Round { get; init; }
    }
}
