using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;

namespace CourtOps.ServiceOfDocuments.Steward;

/// <summary>Whether somebody is served in time before a hearing (CPL 139, A-04). Pure.</summary>
internal static class ClearDays
{
    /// <summary>ok; early: not served and the last day is near; late: the last day has passed unserved, or the effect came after it; far: there is
    /// time.</summary>
    public static string Judge(DateOnly today, DateOnly serveBy, DateOnly? servedOn, int warnDays) =>
        servedOn is { } on
            ? on <= serveBy
                ? "ok"
                : "late"
            : today > serveBy
                ? "late"
                : today >= serveBy.AddDays(-warnDays)
                    ? "early"
                    : "far";
}

/// <summary>What is known of hearings, and who is not served in time; plain methods in the open transaction.</summary>
internal sealed class HearingWatch(Db db, ICases cases, Alarms alarms, TimeProvider clock)
{
    public const string Columns =
        "SELECT hearing_id, case_id, start_at, serve_by, summons_id, parties, since_at, summonses, others, hearing_version FROM service_hearing";

    public async Task KeepAsync(HearingScheduled h, CancellationToken ct)
    {
        var row = new
        {
            h.HearingId,
            h.CaseId,
            h.Start,
            h.ServeBy,
            h.SummonsId,
            parties = JsonSerializer.Serialize(h.PartyIds, Json.Stored),
            since = h.SummonsSince,
            summonses = JsonSerializer.Serialize(h.SummonsIds, Json.Stored),
            others = JsonSerializer.Serialize(h.OtherSummonsIds, Json.Stored),
            h.Version,
        };
        await VoidAsync(h, ct);
        if (
            await db.ExecuteAsync(
                "UPDATE service_hearing SET start_at = @Start, serve_by = @ServeBy, summons_id = @SummonsId, parties = @parties, since_at = @since, "
                    + "summonses = @summonses, others = @others, hearing_version = @Version, over_at = NULL "
                    + "WHERE hearing_id = @HearingId AND hearing_version <= @Version",
                row,
                ct
            ) == 0
            && await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_hearing WHERE hearing_id = @HearingId", row, ct) == 0
        )
            await db.ExecuteAsync(
                "INSERT INTO service_hearing (hearing_id, case_id, start_at, serve_by, summons_id, parties, since_at, summonses, others, hearing_version) "
                    + "VALUES (@HearingId, @CaseId, @Start, @ServeBy, @SummonsId, @parties, @since, @summonses, @others, @Version)",
                row,
                ct
            );
    }

    // by a move the summonses to the time before are void: whoever serves them is told once, and watches for the new ones
    private async Task VoidAsync(HearingScheduled h, CancellationToken ct)
    {
        var was = await db.FirstAsync<Hearing>(Columns + " WHERE hearing_id = @HearingId AND hearing_version < @Version", new { h.HearingId, h.Version }, ct);
        if (was is null || was.StartAt == h.Start)
            return;
        var tasks = await db.QueryAsync<VoidTask>(
            "SELECT t.document_id, t.created_at, t.recipient FROM service_task t JOIN service_notice n ON n.id = t.notice_id WHERE t.case_id = @CaseId "
                + "AND t.document_kind = 'summons' AND n.state <> 'cancelled' AND n.state <> 'voided' ORDER BY t.id",
            new { h.CaseId },
            ct
        );
        var told = tasks.Where(t => was.Takes(t.DocumentId, t.CreatedAt)).Select(t => t.Recipient).Distinct().ToList();
        if (told.Count > 0)
            await alarms.RaiseAsync(
                "summons-void",
                $"summons-void:{h.HearingId}:{h.Version}",
                h.CaseId,
                null,
                string.Join('、', told),
                $"庭期由 {Times.Full(was.StartAt)} 改为 {Times.Full(h.Start)}，此前的传票作废：还没有送达的请停止，按新的庭期重新送达，最迟 {Times.Iso(h.ServeBy)}。",
                ct
            );
    }

    public Task OverAsync(long hearingId, DateTimeOffset at, CancellationToken ct) =>
        db.ExecuteAsync("UPDATE service_hearing SET over_at = COALESCE(over_at, @at) WHERE hearing_id = @hearingId", new { hearingId, at }, ct);

    public Task<IReadOnlyList<Hearing>> OfCaseAsync(long caseId, CancellationToken ct) =>
        db.QueryAsync<Hearing>(Columns + " WHERE case_id = @caseId AND over_at IS NULL ORDER BY start_at", new { caseId }, ct);

    /// <summary>Each party of a hearing with the state of its summons.</summary>
    public async Task<IReadOnlyList<Summoned>> LookAsync(Hearing h, int warnDays, CancellationToken ct)
    {
        var today = Times.Day(clock.GetUtcNow());
        var served = (
            await db.QueryAsync<Served>(
                "SELECT t.party_id, t.document_id, t.created_at, t.effective_on FROM service_task t WHERE t.case_id = @CaseId AND (t.document_id = "
                    + "@SummonsId OR (@SummonsId IS NULL AND t.document_kind = 'summons')) AND t.effective_on IS NOT NULL",
                new { h.CaseId, h.SummonsId },
                ct
            )
        )
            .Where(s => h.Takes(s.DocumentId, s.CreatedAt))
            .ToList();
        var names = (await cases.PartiesAsync(h.CaseId, ct)).ToDictionary(p => p.Id, p => p.Name);
        return
        [
            .. h
                .PartyIds.Where(names.ContainsKey)
                .Select(p =>
                {
                    var on = served.Where(s => s.PartyId == p).Select(s => (DateOnly?)s.EffectiveOn).Min();
                    return new Summoned(p, names[p], on, ClearDays.Judge(today, h.ServeBy, on, warnDays));
                }),
        ];
    }

    public async Task WarnAsync(Hearing h, int warnDays, CancellationToken ct)
    {
        foreach (var p in (await LookAsync(h, warnDays, ct)).Where(p => p.State is "early" or "late"))
            await alarms.RaiseAsync(
                "clear-days",
                $"clear-days:{h.HearingId}:{h.HearingVersion}:{p.PartyId}:{p.State}",
                h.CaseId,
                null,
                p.Name,
                p.State == "early"
                    ? $"{Times.Full(h.StartAt)} 开庭，传票最迟 {Times.Iso(h.ServeBy)} 送达（开庭三日前），{p.Name}还没有送达。"
                    : $"{Times.Full(h.StartAt)} 开庭，传票最迟应在 {Times.Iso(h.ServeBy)} 送达，{p.Name}{(p.ServedOn is { } on ? $"于 {Times.Iso(on)} 才送达" : "仍未送达")}：请报承办法官改期或者取得本人同意。",
                ct
            );
    }

    /// <summary>The indictment reaches the accused ten days before the hearing (CrPL 187); in a criminal case it is the paper of kind "complaint".</summary>
    public async Task WarnAccusedAsync(Hearing h, int warnDays, CancellationToken ct)
    {
        if ((await cases.GetAsync(h.CaseId, ct)).Kind != "criminal")
            return;
        var by = NamedPeriods.LatestBefore("INDICTMENT", Times.Day(h.StartAt)).Latest;
        var today = Times.Day(clock.GetUtcNow());
        foreach (
            var t in await db.QueryAsync<ServiceTask>(
                Notices.TaskColumns
                    + " JOIN service_notice n ON n.id = t.notice_id WHERE t.case_id = @CaseId AND t.document_kind = 'complaint' AND n.state <> "
                    + "'cancelled' AND n.state <> 'voided'",
                new { h.CaseId },
                ct
            )
        )
            if (ClearDays.Judge(today, by, t.EffectiveOn, warnDays) is var state && state is "early" or "late")
                await alarms.RaiseAsync(
                    "accused",
                    $"accused:{h.HearingId}:{h.HearingVersion}:{t.Id}:{state}",
                    h.CaseId,
                    t.NoticeId,
                    t.Recipient,
                    $"{Times.Full(h.StartAt)} 开庭，起诉书副本最迟 {Times.Iso(by)} 送达{t.Recipient}（刑诉法第187条，开庭十日前）{(state == "late" ? "，已经晚了：请报承办法官。" : "，还没有送达。")}",
                    ct
                );
    }

    private sealed record VoidTask
    {
        public long DocumentId { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public string Recipient { get; init; } = "";
    }

    internal sealed record Summoned(long PartyId, string Name, DateOnly? ServedOn, string State);

    internal sealed record Hearing
    {
        public long HearingId { get; init; }
        public long CaseId { get; init; }
        public DateTimeOffset StartAt { get; init; }
        public DateOnly ServeBy { get; init; }
        public long? SummonsId { get; init; }
        public string Parties { get; init; } = "[]";
        public int HearingVersion { get; init; }
        public DateTimeOffset? SinceAt { get; init; }
        public string? Summonses { get; init; }
        public string? Others { get; init; }

        /// <summary>Whether a document whose service was asked for at a time is a summons to this hearing as it is set: one drawn up for it; of those made
        /// elsewhere, what is no summons to another one and was sent out since.</summary>
        public bool Takes(long documentId, DateTimeOffset askedAt) =>
            SummonsId == documentId || Ids(Summonses).Contains(documentId) || (!Ids(Others).Contains(documentId) && (SinceAt is null || askedAt >= SinceAt));

        private static List<long> Ids(string? stored) => stored is null ? [] : JsonSerializer.Deserialize<List<long>>(stored, Json.Stored) ?? [];

        public IReadOnlyList<long> PartyIds => JsonSerializer.Deserialize<List<long>>(Parties, Json.Stored) ?? [];
    }

    private sealed record Served
    {
        public long PartyId { get; init; }
        public long DocumentId { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateOnly EffectiveOn { get; init; }
    }
}
