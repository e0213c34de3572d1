using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>Reads notices and tasks, and keeps the journal of each notice.</summary>
internal sealed class Notices(
    Db db,
    Ids ids,
    TimeProvider clock,
    IWorkOrders orders,
    ICases cases,
    Secrets secrets,
    Changes changes,
    NoticeBook book,
    WorkQueue work
)
{
    internal const string NoticeColumns = """
        SELECT n.id, n.order_id, n.case_id, n.party_id, n.round, n.case_number, n.court_name, n.cause, n.procedure_code, n.recipient, n.recipient_role,
            n.language, n.address_kind, n.email_enc, n.email_hint, n.phone_enc, n.id_tail,
               n.token_digest, n.token_enc, n.state, n.reason, n.reason_said, n.released_at, n.sent_at, n.opened_at, n.read_at, n.confirmed_at, n.bounced_at,
                   n.disputed_at, n.effective_on, n.basis, n.presumed, n.served_at,
               n.proof_document_id, n.proof_at, n.sender_name, n.attempts, n.created_at, n.channel, n.announce_by, n.announce_at, n.contested_at,
                   n.contested_why, n.contest_order_id, n.decided_at, n.decided_by, n.decided_words, n.again_reason, n.custody, n.institution, n.version
        FROM service_notice n
        """;

    internal const string TaskColumns = """
        SELECT t.id, t.notice_id, t.order_id, t.case_id, t.document_id, t.document_kind, t.document_title, t.document_blob, t.document_size, t.document_pages,
            t.party_id, t.recipient, t.round, t.channel, t.read_at, t.effective_on, t.defence_ends, t.appeal_ends
        FROM service_task t
        """;

    public async Task<Notice> GetAsync(long id, CancellationToken ct) =>
        await db.FirstAsync<Notice>(NoticeColumns + " WHERE n.id = @id", new { id }, ct) ?? throw new NotFound("送达", id);

    /// <summary>The notice whose service that order asks about; of several rounds of question the last. Null where there is none.</summary>
    public Task<Notice?> OfContestAsync(long contestOrderId, CancellationToken ct) =>
        db.FirstAsync<Notice>(NoticeColumns + " WHERE n.contest_order_id = @contestOrderId", new { contestOrderId }, ct);

    /// <summary>The notice that somebody named, with its order.</summary>
    /// <param name="orderId">The order on whose page it stands; null for whoever names the notice alone.</param>
    /// <exception cref="NotFound">No such notice, one of another order, or of an order that is not for this actor.</exception>
    public async Task<(Notice Notice, OrderCard Order)> OpenAsync(long id, long? orderId, CancellationToken ct)
    {
        var notice = await GetAsync(id, ct);
        return orderId is null || orderId == notice.OrderId ? (notice, await OrderAsync(notice.OrderId, "送达", id, ct)) : throw new NotFound("送达", id);
    }

    /// <exception cref="NotFound">No such task, or of an order that is not for this actor.</exception>
    public async Task<long> OfTaskAsync(long taskId, CancellationToken ct)
    {
        var task = await db.FirstAsync<ServiceTask>(TaskColumns + " WHERE t.id = @taskId", new { taskId }, ct) ?? throw new NotFound("送达任务", taskId);
        await OrderAsync(task.OrderId, "送达任务", taskId, ct);
        return task.NoticeId;
    }

    public Task<IReadOnlyList<Notice>> OfOrderAsync(long orderId, CancellationToken ct) =>
        db.QueryAsync<Notice>(NoticeColumns + " WHERE n.order_id = @orderId ORDER BY n.id", new { orderId }, ct);

    public Task<IReadOnlyList<ServiceTask>> TasksAsync(long noticeId, CancellationToken ct) =>
        db.QueryAsync<ServiceTask>(TaskColumns + " WHERE t.notice_id = @noticeId ORDER BY t.id", new { noticeId }, ct);

    /// <summary>provided by the person (arrival is effect), obtained by the court, refused (no electronic service at all) or none.</summary>
    public static string KindOf(PartyContact party) =>
        party.EService == "refused" ? "refused"
        : party.Email is null ? "none"
        : party.EService is "confirmed" or "provided" ? "provided"
        : "obtained";

    /// <summary>The notices of one order; those that have not left yet with the address of the party as it is now.</summary>
    public async Task<IReadOnlyList<Notice>> CurrentAsync(IReadOnlyList<Notice> all, CancellationToken ct)
    {
        static bool Here(Notice n) => n.State is NoticeState.Waiting or NoticeState.Ready;
        if (all.FirstOrDefault(Here) is not { } one || !await cases.CanReadAsync(one.CaseId, ct))
            return all;
        var parties = (await cases.PartiesAsync(one.CaseId, ct)).ToDictionary(p => p.Id);
        return
        [
            .. all.Select(n =>
                Here(n) && parties.TryGetValue(n.PartyId, out var p)
                    ? n with
                    {
                        AddressKind = KindOf(p),
                        EmailEnc = secrets.Protect(p.Email),
                        EmailHint = p.EmailHint,
                        PhoneEnc = secrets.Protect(p.Phone),
                        IdTail = p.IdNumberTail,
                    }
                    : n
            ),
        ];
    }

    /// <summary>A line of the notice's journal, and a node of the order.</summary>
    public async Task NoteAsync(Notice notice, string kind, DateTimeOffset at, object detail, string? what, CancellationToken ct)
    {
        await db.ExecuteAsync(
            "INSERT INTO service_event (id, notice_id, kind, at, detail) VALUES (@id, @NoticeId, @kind, @at, @detail)",
            new
            {
                id = ids.Next(),
                NoticeId = notice.Id,
                kind,
                at,
                detail = JsonSerializer.Serialize(detail, detail.GetType(), Json.Stored),
            },
            ct
        );
        await orders.StepAsync(
            notice.OrderId,
            OrderStep.Fact,
            new StepInput
            {
                Args = new
                {
                    fact = kind,
                    who = notice.Recipient,
                    what = what ?? "",
                    on = Times.Full(at),
                },
            },
            ct
        );
        db.OnCommitted(() => changes.Say($"order:{notice.OrderId}"));
    }

    /// <summary>Every way has come to nothing: it ends unserved, and whoever asked decides how to go on.</summary>
    public async Task ExhaustAsync(long id, CancellationToken ct)
    {
        var notice = await GetAsync(id, ct);
        if (NoticeBook.Table.Find(NoticeStep.Exhaust, notice.State) is null)
            return;
        await book.MoveAsync(
            notice,
            NoticeStep.Exhaust,
            ct,
            "reason = @reason, reason_said = NULL",
            new
            {
                notice.Id,
                notice.Version,
                reason = "各种方式均未送达",
            }
        );
        await db.ExecuteAsync("UPDATE service_public_notice SET withdrawn_at = @now WHERE notice_id = @Id", new { notice.Id, now = Now() }, ct);
    }

    /// <summary>A failed electronic sending may be tried anew, at the address the party gives now; what was read before stays served.</summary>
    public async Task ReopenAsync(Notice notice, CancellationToken ct)
    {
        await book.MoveAsync(
            notice,
            NoticeStep.Retry,
            ct,
            "sent_at = NULL, mail_reply = NULL, opened_at = NULL, read_at = NULL, confirmed_at = NULL, bounced_at = NULL, released_at = NULL, reason "
                + "= NULL, reason_said = NULL",
            new { notice.Id, notice.Version }
        );
        await db.ExecuteAsync("UPDATE service_task SET read_at = NULL WHERE notice_id = @Id AND effective_on IS NULL", new { notice.Id }, ct);
        await db.ExecuteAsync("UPDATE service_public_notice SET opened_at = NULL, confirmed_at = NULL WHERE notice_id = @Id", new { notice.Id }, ct);
    }

    /// <summary>Nobody knows whether its mail went; a person decides.</summary>
    public async Task DoubtAsync(Notice notice, string? reason, string? said, CancellationToken ct)
    {
        await book.MoveAsync(
            notice,
            NoticeStep.Doubt,
            ct,
            "reason = @reason, reason_said = @said",
            new
            {
                notice.Id,
                notice.Version,
                reason,
                said,
            }
        );
        await NoteAsync(notice, "doubt", Now(), new { Reason = reason }, reason, ct);
    }

    /// <summary>Whether the mail went is no question any more: a person has said it, or the notice was served or withdrawn.</summary>
    public Task ForgetDoubtAsync(Notice notice, CancellationToken ct) => work.SettleAsync(Sending.SendMail.Name, notice.MailKey, ct);

    public DateTimeOffset Now() => clock.StoredNow();

    // whoever may not know of the order is told of what they named
    private async Task<OrderCard> OrderAsync(long orderId, string what, long id, CancellationToken ct)
    {
        try
        {
            return await orders.GetAsync(orderId, ct);
        }
        catch (NotFound)
        {
            throw new NotFound(what, id);
        }
    }
}
