using System.Runtime.CompilerServices;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Verifying;
using CourtOps.Kernel.Work;
using CourtOps.Law;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Proofs;
using CourtOps.ServiceOfDocuments.Sending;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>
/// Each notice agrees with its documents, its work, its order and what was published of it. Days of effect are drawn again from the facts by the rule that drew
/// them; those of following periods are not, as a newer calendar may say otherwise. Notifications are never pruned, so that each can be asked for.
/// </summary>
internal sealed class ServiceHolds(Db db, Outbox outbox, WorkQueue queue, ICalendarSource calendars) : ICheck
{
    private const int Piece = 200;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public string Name => "service";

    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = 0L; ; )
        {
            var (found, last) = await ReadAsync(after, ct);
            // a host may write between two of the statements: what is seen twice stands
            if (found.Count > 0)
                found = [.. found.Intersect((await ReadAsync(after, ct)).Found)];
            foreach (var finding in found)
                yield return finding;
            if (last == 0)
                break;
            after = last;
        }
        for (var after = 0L; ; )
        {
            var page = await queue.InDoubtAsync(SendMail.Name, after, Piece, ct);
            var of = page.Select(w => w.Read<SendMail.Payload>().NoticeId).ToList();
            var doubted =
                page.Count == 0
                    ? []
                    : (
                        await db.QueryAsync<string>(
                            "SELECT CONCAT(n.id, ':', n.attempts) FROM service_notice n WHERE n.state = 'doubt' AND n.id IN @of",
                            new { of },
                            ct
                        )
                    ).ToHashSet();
            foreach (var w in page.Where(w => !doubted.Contains(w.WorkKey)))
                yield return new Finding(Name, w.Place, $"the mail {w.WorkKey} is in doubt, and its notice is not");
            if (page.Count == 0)
                break;
            after = page[^1].Id;
        }
    }

    private async Task<(List<Finding> Found, long Last)> ReadAsync(long after, CancellationToken ct)
    {
        var notices = await db.PageAsync<Notice>(Notices.NoticeColumns + " WHERE n.id > @after ORDER BY n.id", new { after }, Piece, ct);
        if (notices.Count == 0)
            return ([], 0);
        var last = notices[^1].Id;
        var tasks = (
            await db.QueryAsync<ServiceTask>(
                Notices.TaskColumns + " WHERE t.notice_id > @after AND t.notice_id <= @last ORDER BY t.notice_id, t.id",
                new { after, last },
                ct
            )
        ).ToLookup(t => t.NoticeId);
        var mails = await queue.FindManyAsync(
            SendMail.Name,
            [.. notices.Where(n => n.State is NoticeState.Sending or NoticeState.Doubt).Select(n => n.MailKey)],
            ct
        );
        var proofs = await queue.FindManyAsync(MakeProof.Name, [.. notices.Where(Unproved).Select(n => $"{n.Id}")], ct);
        var work = mails.Concat(proofs).ToDictionary(w => (w.Queue, w.WorkKey));
        var closed = (
            await db.QueryAsync<long>(
                "SELECT o.id FROM workzone_order_card o WHERE o.state = 'closed' AND o.id IN @orders",
                new { orders = notices.Select(n => n.OrderId).Distinct() },
                ct
            )
        ).ToHashSet();
        var cases = notices.Select(n => Catalogue.CaseKey(n.CaseId)).Distinct().ToList();
        var served = (await outbox.PublishedAsync<DocumentServed>(cases, ct)).ToLookup(e => e.TaskId);
        var voided = (await outbox.PublishedAsync<DocumentServiceVoided>(cases, ct)).ToLookup(e => e.TaskId);
        var proved = (await outbox.PublishedAsync<ProofMade>(cases, ct)).ToLookup(e => e.NoticeId);
        var tried = (
            await db.QueryAsync<Tried>(
                "SELECT notice_id, facts FROM service_attempt WHERE settled_at IS NOT NULL AND effective_on IS NOT NULL AND notice_id > @after AND "
                    + "notice_id <= @last ORDER BY id",
                new { after, last },
                ct
            )
        )
            .GroupBy(a => a.NoticeId)
            .ToDictionary(g => g.Key, g => System.Text.Json.JsonSerializer.Deserialize<AttemptFacts>(g.First().Facts, Kernel.Messaging.Json.Stored));
        var found = new List<Finding>();
        foreach (var n in notices)
        {
            var place = $"order {n.OrderId} service_notice {n.Id}";
            found.AddRange(
                Facts(n, tasks[n.Id])
                    .Concat(Ends(n, [.. tasks[n.Id]], closed.Contains(n.OrderId)))
                    .Concat(Work(n, work))
                    .Concat(Proof(n, [.. proved[n.Id]]))
                    .Select(what => new Finding(Name, place, what))
            );
            foreach (var t in tasks[n.Id])
                found.AddRange(
                    Effect(n, t, [.. served[t.Id]], voided[t.Id].Count(), tried.GetValueOrDefault(n.Id))
                        .Select(what => new Finding(Name, $"order {n.OrderId} service_task {t.Id}", what))
                );
        }
        return (found, last);
    }

    private IEnumerable<string> Effect(Notice n, ServiceTask t, List<DocumentServed> published, int voided, AttemptFacts? attempt)
    {
        if (published.Count - voided != (t.EffectiveOn is null ? 0 : 1))
            yield return t.EffectiveOn is null
                ? "it has no day of effect, and DocumentServed was published"
                : $"it took effect, and DocumentServed was published {published.Count} times";
        if (t.EffectiveOn is not { } on)
            yield break;
        if (published.LastOrDefault() is { } other && other.EffectiveOn != on)
            yield return $"its day of effect is {Day(on)}, DocumentServed said {Day(other.EffectiveOn)}";
        DateOnly? drawn = null;
        try
        {
            drawn =
                t.Channel == ServeOrder.Channel ? ServiceRules.Judge(Settlement.FactsOf(n, t), calendars.For(null)).EffectiveOn
                : attempt is null ? null
                : ServiceRules.Judge(AttemptRules.FactsOf(attempt, AttemptRules.Kind(t.DocumentKind), n.ProcedureCode)!, calendars.For(null)).EffectiveOn;
        }
        catch (LawError)
        {
            // a fact that the rule needs is missing: they give no day
        }
        if (drawn != on)
            yield return $"its day of effect is {Day(on)}, the facts give {(drawn is { } d ? Day(d) : "none")}";
    }

    private static IEnumerable<string> Facts(Notice n, IEnumerable<ServiceTask> tasks)
    {
        // a person may have read the time of sending from a log, which has whole seconds
        (string Earlier, DateTimeOffset? Before, string Later, DateTimeOffset? After)[] pairs =
        [
            ("created_at", n.CreatedAt, "released_at", n.ReleasedAt),
            ("released_at", n.ReleasedAt, "sent_at", n.SentAt + Second),
            ("released_at", n.ReleasedAt, "opened_at", n.OpenedAt),
            ("opened_at", n.OpenedAt, "read_at", n.ReadAt),
            ("opened_at", n.OpenedAt, "confirmed_at", n.ConfirmedAt),
            ("opened_at", n.OpenedAt, "disputed_at", n.DisputedAt),
            ("served_at", n.ServedAt, "proof_at", n.ProofAt),
            ("released_at", n.Channel is null ? n.ReleasedAt : n.CreatedAt, "served_at", n.ServedAt),
            .. tasks.Select(t => ("read_at", n.ReadAt, $"read_at of service_task {t.Id}", t.ReadAt)),
        ];
        foreach (var (earlier, before, later, after) in pairs.Where(p => p.After is not null))
            if (before is null)
                yield return $"{later} is there and {earlier} is not";
            else if (after < before)
                yield return $"{later} is before {earlier}";
    }

    private static IEnumerable<string> Ends(Notice n, List<ServiceTask> tasks, bool closed)
    {
        if (closed && !NoticeState.IsFinal(n.State) && n.State != NoticeState.Contested)
            yield return $"its order is closed, and it is {n.State}";
        if (
            (n.State == NoticeState.Served && n.ServedAt is null)
            || (n.State is not (NoticeState.Served or NoticeState.Contested) && n.ServedAt is not null)
            || (n.ServedAt is null) != (n.EffectiveOn is null)
        )
            yield return "its state, served_at and effective_on do not fit";
        else if (n.EffectiveOn is { } on && tasks.Any(t => t.EffectiveOn is null))
            yield return "it is served, and not all of its documents took effect";
        else if (n.EffectiveOn is { } day && tasks.Max(t => t.EffectiveOn) != day)
            yield return $"its day of effect is {Day(day)}, and not that of its last document";
    }

    private static IEnumerable<string> Work(Notice n, Dictionary<(string Queue, string WorkKey), WorkState> work)
    {
        if (n.State == NoticeState.Doubt && work.GetValueOrDefault((SendMail.Name, n.MailKey))?.IsDoubt != true)
            yield return "it is in doubt, and its mail is not";
        // one in doubt is found by its mail
        if (n.State == NoticeState.Sending && work.GetValueOrDefault((SendMail.Name, n.MailKey)) is not ({ IsUnderWay: true } or { IsDoubt: true }))
            yield return "it is being sent, and no work will send it";
        // work that failed is listed as such and may be repeated
        if (Unproved(n) && work.GetValueOrDefault((MakeProof.Name, $"{n.Id}")) is not ({ IsUnderWay: true } or { IsFailed: true }))
            yield return "it is served, and no work will make its proof";
    }

    private static IEnumerable<string> Proof(Notice n, List<ProofMade> published)
    {
        if ((n.ProofDocumentId is null) != (n.ProofAt is null))
            yield return "its proof and proof_at do not fit";
        if (n.ProofDocumentId is null != (published.Count == 0) || (published.Count > 1 && n.ContestedAt is null))
            yield return n.ProofDocumentId is null
                ? "it has no proof, and ProofMade was published"
                : $"it has a proof, and ProofMade was published {published.Count} times";
        if (n.ProofDocumentId is { } proof && published.LastOrDefault() is { } other && other.ProofDocumentId != proof)
            yield return $"its proof is document {proof}, ProofMade said {other.ProofDocumentId}";
    }

    private sealed record Tried
    {
        public long NoticeId { get; init; }
        public string Facts { get; init; } = "";
    }

    private static bool Unproved(Notice n) => n.State == NoticeState.Served && n.ProofDocumentId is null;

    private static string Day(DateOnly day) => Kernel.Web.Times.Iso(day);
}
