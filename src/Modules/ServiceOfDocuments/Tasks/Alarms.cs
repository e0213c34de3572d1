using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>Something a person of the centre must look at in time: an order in the centre's queue, opened once for each cause.</summary>
internal sealed class Alarms(Db db, Ids ids, IWorkOrders orders, TimeProvider clock)
{
    public const string Type = "service.alarm";

    /// <summary>The kinds, in Chinese.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["guessing"] = "有人反复猜测送达链接",
        ["new-link"] = "受送达人请求新的链接",
        ["reply"] = "受送达人留言",
        ["address"] = "受送达人提供新地址",
        ["clear-days"] = "开庭前送达时间不足",
        ["complaint"] = "起诉状副本五日内未送达",
        ["never-left"] = "应发未发",
        ["no-report"] = "发出后没有回报",
        ["nobody-acted"] = "退回后无人办理",
        ["exhausted"] = "各种方式均未送达",
        ["post"] = "邮件异常",
        ["callback"] = "有人回电",
        ["unknown-mail"] = "来历不明的退信或回执",
        ["confirmation"] = "送达地址确认书须核对",
        ["accused"] = "在押被告人送达期限",
        ["entrusted"] = "委托送达须处理",
        ["summons-void"] = "庭期已改，原传票作废",
        ["replaced"] = "送达的文书已被替换",
        ["recording"] = "通话没有录音",
    };

    /// <param name="cause">The same is raised once: "guessing:812".</param>
    /// <returns>The order, or null where it was raised before.</returns>
    public async Task<long?> RaiseAsync(string kind, string cause, long caseId, long? noticeId, string subject, string words, CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_alarm WHERE cause_key = @cause", new { cause }, ct) > 0)
            return null;
        var order = await orders.OpenAsync(
            new NewOrder
            {
                Type = Type,
                CaseId = caseId,
                Title = Contests.Cut($"{Labels[kind]}：{subject}", 200),
                Subject = Contests.Cut(subject, 200),
                CauseSubject = Secrets.Digest(cause)[..16],
                Words = words,
                Form = new Dictionary<string, string> { ["提醒"] = Labels[kind], ["情况"] = words },
            },
            ct
        );
        await db.ExecuteAsync(
            "INSERT INTO service_alarm (id, cause_key, kind, case_id, notice_id, order_id, raised_at) VALUES (@id, @cause, @kind, @caseId, @noticeId, "
                + "@OrderId, @now)",
            new
            {
                id = ids.Next(),
                cause,
                kind,
                caseId,
                noticeId,
                OrderId = order.Id,
                now = clock.GetUtcNow(),
            },
            ct
        );
        return order.Id;
    }
}
