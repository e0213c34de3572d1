using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>Who is served with what, in which case and round: set when the order is opened and never changed after.</summary>
internal sealed class NoticeFacts(Db db) : IFactSource
{
    public const string Of = "service-notice";

    public string Kind => Of;

    public async Task<IReadOnlyList<Fact>> PageAsync(long after, int count, CancellationToken ct) =>
        await WithTasksAsync(await db.PageAsync<Notice>(Notices.NoticeColumns + " WHERE n.id > @after ORDER BY n.id", new { after }, count, ct), ct);

    public async Task<IReadOnlyList<Fact>> OfAsync(IReadOnlyCollection<long> ids, CancellationToken ct) =>
        await WithTasksAsync([.. await db.QueryAsync<Notice>(Notices.NoticeColumns + " WHERE n.id IN @ids", new { ids }, ct)], ct);

    private async Task<IReadOnlyList<Fact>> WithTasksAsync(IReadOnlyList<Notice> notices, CancellationToken ct)
    {
        if (notices.Count == 0)
            return [];
        var tasks = (
            await db.QueryAsync<ServiceTask>(
                Notices.TaskColumns + " WHERE t.notice_id IN @ids ORDER BY t.notice_id, t.id",
                new { ids = notices.Select(n => n.Id) },
                ct
            )
        ).ToLookup(t => t.NoticeId);
        return [.. notices.Select(n => new Fact(n.Id, $"order {n.OrderId} service_notice {n.Id}", DigestOf(n, tasks[n.Id]), n.CreatedAt))];
    }

    private static string DigestOf(Notice n, IEnumerable<ServiceTask> tasks) =>
        FactRecord.Digest([
            n.OrderId,
            n.CaseId,
            n.PartyId,
            n.Round,
            n.CaseNumber,
            n.CourtName,
            n.Recipient,
            n.RecipientRole,
            .. tasks.Select(t =>
                FactRecord.Digest(
                    t.Id,
                    t.OrderId,
                    t.CaseId,
                    t.DocumentId,
                    t.DocumentKind,
                    t.DocumentTitle,
                    t.DocumentBlob,
                    t.DocumentSize,
                    t.PartyId,
                    t.Recipient,
                    t.Round
                )
            ),
        ]);
}
