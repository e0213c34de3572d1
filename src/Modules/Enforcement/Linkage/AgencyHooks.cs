using System.Globalization;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Enforcement.Linkage;

/// <summary>One thing an agency is told, with what came of it.</summary>
internal sealed record HookRow
{
    public const string Columns = "SELECT h.id, h.linkage_id, h.agency_id, h.kind, h.state, h.reason, h.made_at, h.ended_at, h.version FROM enforcement_hook h";

    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["sent"] = "请求",
        ["urged"] = "催办",
        ["withdrawn"] = "撤回",
    };

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["waiting"] = "待送达",
        ["delivered"] = "对方已接收",
        ["failed"] = "没有送达",
    };

    public static readonly StateTable Table = new("enforcement_hook", "联动消息", new("deliver", ["waiting"], "delivered"), new("fail", ["waiting"], "failed"));

    public long Id { get; init; }
    public long LinkageId { get; init; }
    public long AgencyId { get; init; }

    /// <summary>sent, urged or withdrawn.</summary>
    public string Kind { get; init; } = "";
    public string State { get; init; } = "";
    public string? Reason { get; init; }
    public DateTimeOffset MadeAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int Version { get; init; }
}

/// <summary>Queues what an agency with an interface is told, in the transaction of the change.</summary>
internal sealed class AgencyHooks(Db db, Ids ids, WorkQueue queue, TimeProvider clock)
{
    public async Task<bool> TellAsync(long linkageId, long agencyId, string kind, CancellationToken ct)
    {
        if (
            await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM enforcement_agency WHERE id = @agencyId AND hook_url IS NOT NULL AND key_enc IS NOT NULL AND active = 1",
                new { agencyId },
                ct
            ) == 0
        )
            return false;
        var id = ids.Next();
        await db.ExecuteAsync(
            "INSERT INTO enforcement_hook (id, linkage_id, agency_id, kind, state, made_at, version) VALUES (@id, @linkageId, @agencyId, @kind, "
                + "'waiting', @now, 1)",
            new
            {
                id,
                linkageId,
                agencyId,
                kind,
                now = clock.StoredNow(),
            },
            ct
        );
        await queue.AddAsync(TellAgency.Name, id.ToString(CultureInfo.InvariantCulture), new TellAgency.Payload { HookId = id }, ct: ct);
        return true;
    }

    public Task<HookRow?> FindAsync(long id, CancellationToken ct) => db.FirstAsync<HookRow>(HookRow.Columns + " WHERE h.id = @id", new { id }, ct);
}

/// <summary>Posts a signed message to the address of an agency; tried for about a fortnight, each hour at last.</summary>
internal sealed class TellAgency(Db db, AgencyHooks hooks, IHttpClientFactory http, IConfiguration configuration, Secrets secrets, TimeProvider clock)
    : IWorkHandler
{
    public const string Name = "enforcement.linkage-hook";

    public string Queue => Name;

    /// <summary>The message carries its own id: the other side takes it once.</summary>
    public bool Repeatable => true;

    public int MaxAttempts => 350;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    /// <summary>What came of it stands with the request.</summary>
    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var hook = await hooks.FindAsync(item.Read<Payload>().HookId, ct);
        if (hook is not { State: "waiting" })
            return WorkOutcome.Done();
        var agency = (await db.FirstAsync<AgencyCard>(AgencyCard.Columns + " WHERE a.id = @AgencyId", new { hook.AgencyId }, ct))!;
        if (agency.HookUrl is not { } url || secrets.Reveal(agency.KeyEnc) is not { } key)
            return WorkOutcome.Failed("单位已没有接收地址或者密钥。");
        var body = await BodyAsync(hook, ct);
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Timestamp", timestamp);
        request.Headers.Add("X-Signature", MessageSignature.Of(key, timestamp, body));
        request.Headers.Add("Idempotency-Key", hook.Id.ToString(CultureInfo.InvariantCulture));
        try
        {
            using var client = http.CreateClient();
            client.Timeout = TimeSpan.FromSeconds(30);
            client.MaxResponseContentBufferSize = 64 * 1024;
            using var response = await client.SendAsync(request, ct);
            var code = (int)response.StatusCode;
            if (code is >= 400 and < 500 and not 404 and not 408 and not 425 and not 429)
                return WorkOutcome.Failed($"单位的接口拒绝：{code}");
            if (!response.IsSuccessStatusCode)
                return WorkOutcome.Retry($"单位的接口没有接收：{code}");
            return WorkOutcome.Done(new Told(true));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return WorkOutcome.Retry($"单位的接口没有答复：{e.Message}");
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (await hooks.FindAsync(item.Read<Payload>().HookId, ct) is not { State: "waiting" } hook)
            return;
        var reason = outcome.Reason is { Length: > 400 } long_ ? long_[..400] : outcome.Reason;
        await HookRow.Table.MoveAsync(
            db,
            outcome.End == WorkEnd.Done ? "deliver" : "fail",
            hook.State,
            new
            {
                hook.Id,
                hook.Version,
                reason,
                now = clock.StoredNow(),
            },
            "reason = @reason, ended_at = @now",
            ct
        );
    }

    private async Task<string> BodyAsync(HookRow hook, CancellationToken ct)
    {
        var l = (await db.FirstAsync<LinkageRow>(LinkageRow.Columns + " WHERE l.id = @LinkageId", new { hook.LinkageId }, ct))!;
        var sent = (
            await db.FirstAsync<PublicRequest>(
                "SELECT r.linkage_id, r.court_name, r.case_number, r.case_id, r.agency_name, r.expires_at FROM enforcement_public_request r WHERE "
                    + "r.linkage_id = @Id",
                new { l.Id },
                ct
            )
        )!;
        var papers = JsonSerializer.Deserialize<List<SentPaper>>(l.Documents, Json.Stored)!;
        return JsonSerializer.Serialize(
            new
            {
                message = hook.Id,
                kind = hook.Kind,
                request = l.Id,
                court = sent.CourtName,
                caseNumber = sent.CaseNumber,
                act = l.Act,
                words = l.Words,
                basis = l.Basis,
                due = Times.Iso(l.DueOn),
                digest = l.Digest,
                link = $"{configuration["CourtOps:BaseUrl"]?.TrimEnd('/')}/p/agency/{secrets.Reveal(l.TokenEnc)}",
                urged = l.Urged,
                papers = papers.Select(p => new
                {
                    n = p.N,
                    title = p.Title,
                    sha256 = p.Blob,
                }),
            },
            Json.Stored
        );
    }

    internal sealed record Payload
    {
        public long HookId { get; init; }
    }

    internal sealed record Told(bool Delivered);
}
