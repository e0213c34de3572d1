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
            h.Version,
        };
        if (
            await db.ExecuteAsync(
                "UPDATE service_hearing SET start_at = @Start, serve_by = @ServeBy, summons_id = @SummonsId, parties = @parties, hearing_version = "
                    + "@Version, over_at = NULL WHERE hearing_id = @HearingId AND hearing_version <= @Version",
                row,
                ct
            ) == 0
            && await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_hearing WHERE hearing_id = @HearingId", row, ct) == 0
        )
            await db.ExecuteAsync(
                "INSERT INTO service_hearing (hearing_id, case_id, start_at, serve_by, summons_id, parties, hearing_version) VALUES (@HearingId, "
                    + "@CaseId, @Start, @ServeBy, @SummonsId, @parties, @Version)",
                row,
                ct
            );
    }

    public Task OverAsync(long hearingId, DateTimeOffset at, CancellationToken ct) =>
        db.ExecuteAsync("UPDATE service_hearing SET over_at = COALESCE(over_at, @at) WHERE hearing_id = @hearingId", new { hearingId, at }, ct);

    public Task<IReadOnlyList<Hearing>> OfCaseAsync(long caseId, CancellationToken ct) =>
        db.QueryAsync<Hearing>(
            "SELECT hearing_id, case_id, start_at, serve_by, summons_id, parties, hearing_version FROM service_hearing WHERE case_id = @caseId AND "
                + "over_at IS NULL ORDER BY start_at",
            new { caseId },
            ct
        );

    /// <summary>Each party of a hearing with the state of its summons.</summary>
    public async Task<IReadOnlyList<Summoned>> LookAsync(Hearing h, int warnDays, CancellationToken ct)
    {
        var today = Times.Day(clock.GetUtcNow());
        var served = await db.QueryAsync<Served>(
            "SELECT t.party_id, t.effective_on FROM service_task t WHERE t.case_id = @CaseId AND (t.document_id = @SummonsId OR (@SummonsId IS NULL "
                + "AND t.document_kind = 'summons')) AND t.effective_on IS NOT NULL",
            new { h.CaseId, h.SummonsId },
            ct
        );
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
        public IReadOnlyList<long> PartyIds => JsonSerializer.Deserialize<List<long>>(Parties, Json.Stored) ?? [];
    }

    private sealed record Served
    {
        public long PartyId { get; init; }
        public DateOnly EffectiveOn { get; init; }
    }
}
