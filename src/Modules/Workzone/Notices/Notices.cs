using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Notices;

internal sealed record Notice
{
    public long Id { get; init; }
    public string Kind { get; init; } = "";
    public long? OrderId { get; init; }
    public long? BatchId { get; init; }
    public string Args { get; init; } = "{}";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>False for a notice of an order that its reader may not see now: nothing of it is told but that there was one.</summary>
    public bool Seen { get; init; } = true;

    public string Link =>
        Kind switch
        {
            _ when !Seen => "/notices",
            NoticeKinds.Slip => "/slips",
            NoticeKinds.Extension when Argument("what") is "asked" or "due" => "/extensions",
            NoticeKinds.Extension => $"/cases/{Argument("caseId")}/clock",
            NoticeKinds.DatesMoved or NoticeKinds.Watched => $"/cases/{Argument("caseId")}",
            NoticeKinds.DeputyGone or NoticeKinds.DeputyNamed => "/absences",
            NoticeKinds.BatchAssigned => "/orders?view=mine&sort=-changed",
            _ => BatchId is { } b ? $"/batches/{b}"
            : OrderId is { } o ? $"/orders/{o}"
            : "/",
        };

    private static string ExtensionWords(Texts t, Func<string, string> get)
    {
        var what = t[get("kind") == "conversion" ? "程序转换" : "审限延长"];
        return get("what") switch
        {
            "asked" => t["{0} 申请 {1} 的{2}，应在 {3} 前决定", get("by"), get("number"), what, get("decideBy")],
            "due" => t["{0} 的{1}申请应在 {2} 前决定", get("number"), what, get("decideBy")],
            "late" => t["{0} 的{1}申请已过 {2} 仍未决定", get("number"), what, get("decideBy")],
            "granted" => t["{0} 的{1}申请已批准", get("number"), what],
            _ => t["{0} 的{1}申请未获批准", get("number"), what],
        };
    }

    private string Argument(string name)
    {
        using var args = JsonDocument.Parse(Args);
        return args.RootElement.TryGetProperty(name, out var v) ? v.ToString() : "";
    }

    /// <summary>The sentence in the reader's language; only codes and names are stored.</summary>
    public string Words(Texts t)
    {
        using var args = JsonDocument.Parse(Args);
        string Get(string name) =>
            args.RootElement.TryGetProperty(name, out var v)
                ? v.ValueKind == JsonValueKind.String
                    ? v.GetString()!
                    : v.ToString()
                : "";
        return !Seen
            ? t["这条通知所说的工单，您现在不能查看。"]
            : Kind switch
            {
                NoticeKinds.Assigned => t["{0} 把工单派给了您：{1}", Get("by"), Get("title")],
                NoticeKinds.Returned => t["{0} 退回补正：{1}", Get("by"), Get("title")],
                NoticeKinds.Feedback => t["{0} 已反馈，等您确认：{1}", Get("by"), Get("title")],
                NoticeKinds.SentBack => t["{0} 要求重新办理：{1}", Get("by"), Get("title")],
                NoticeKinds.Mention => t["{0} 在留言中提到您：{1}", Get("by"), Get("title")],
                NoticeKinds.Escalated => t["{0} 升级了工单：{1}", Get("by"), Get("title")],
                NoticeKinds.Cancelled => t["{0} 撤回了工单：{1}", Get("by"), Get("title")],
                NoticeKinds.ChildEnded => t["子单 {0} 已结束：{1}", Get("child"), Get("title")],
                NoticeKinds.BatchAssigned => t["{0} 把 {1} 张工单派给了您", Get("by"), Get("count")],
                NoticeKinds.Slip => t["{0} {1}：{2}", t[Supervision.SlipKinds.Labels.GetValueOrDefault(Get("kind"), "督促")], Get("number"), Get("subject")],
                NoticeKinds.DueSoon => t["即将超期：{0}", Get("title")],
                NoticeKinds.Batch => t["批次“{0}”已结束：成功 {1}，未办 {2}", t["step." + Get("step")], Get("done"), Get("refused")],
                NoticeKinds.DeputyGone => t["{0} 不能再代理您的请假（{1} 至 {2}），请另选代理人。", Get("deputy"), Get("from"), Get("until")],
                NoticeKinds.DatesMoved when Get("why") == Calendars.LawUpdates.Key => t[
                    "法律更新，{0} 的审限由 {1} 改为 {2}",
                    Get("number"),
                    Get("was"),
                    Get("now")
                ],
                NoticeKinds.DatesMoved => t["放假安排更新，{0} 的审限由 {1} 改为 {2}", Get("number"), Get("was"), Get("now")],
                NoticeKinds.Extension => ExtensionWords(t, Get),
                NoticeKinds.Transferred => t["{0} 移送来 {1}，请收到卷宗后立案，并与原案建立关联", Get("from"), Get("number")],
                NoticeKinds.Watched when Get("what") == "marked" => t["{0} 标为四类案件，请您监督", Get("number")],
                NoticeKinds.Watched => t["您监督的 {0}：{1} {2}", Get("number"), t["caseevent." + Get("what")], Get("on")],
                NoticeKinds.DeputyNamed => t[
                    "{0} 为您登记了代理人 {1}（{2} 至 {3}）。代理人不能办理封存案件；您同意的，请在“请假与代理”确认。",
                    Get("by"),
                    Get("deputy"),
                    Get("from"),
                    Get("until")
                ],
                _ => Kind,
            };
    }
}

/// <summary>The notices of this person, newest first.</summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed record ListNotices : IQuery<ListNotices.Result>
{
    public bool UnreadOnly { get; init; }
    public long Before { get; init; } = long.MaxValue;

    internal sealed record Result(IReadOnlyList<Notice> Notices, int Unread, long? Next);

    internal sealed class Handler(Db db, Cases.CaseAccess access, Kernel.Access.AccessLog reads) : IQueryHandler<ListNotices, Result>
    {
        public async Task<Result> Handle(ListNotices request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = access.Arguments;
            var rows = await db.PageAsync<Notice>(
                "SELECT n.id, n.kind, n.order_id, n.batch_id, n.args, n.created_at, n.read_at, CASE WHEN (n.order_id IS NULL OR "
                    + $"{access.Seeing.OfOrder("n.order_id")}) AND (n.case_id IS NULL OR {access.Seeing.OfCase("n.case_id")}) THEN 1 ELSE 0 END AS "
                    + "seen FROM workzone_notice n WHERE n.person_id = @me AND n.id < @Before"
                    + (request.UnreadOnly ? " AND n.read_at IS NULL" : "")
                    + " ORDER BY n.id DESC",
                new
                {
                    me,
                    courts,
                    places,
                    request.Before,
                },
                51,
                cancellationToken
            );
            var unread = await db.CountUpToAsync(
                "SELECT n.id FROM workzone_notice n WHERE n.person_id = @me AND n.read_at IS NULL ORDER BY n.id",
                new { me },
                1000,
                cancellationToken
            );
            reads.List("workzone.notice.list", Math.Min(50, rows.Count), new { request.UnreadOnly, request.Before });
            return new Result([.. rows.Take(50)], unread, rows.Count > 50 ? rows[49].Id : null);
        }
    }
}

/// <summary>Marks one notice, or all of this person, as read.</summary>
[Permit(PermitAttribute.SignedIn)]
[Audited("workzone.notice.read")]
internal sealed record ReadNotices : ICommand
{
    /// <summary>Null for all.</summary>
    public long? Id { get; init; }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, Changes changes) : CommandHandler<ReadNotices>
    {
        protected override async Task RunAsync(ReadNotices command, CancellationToken ct)
        {
            await db.ExecuteAsync(
                "UPDATE workzone_notice SET read_at = @now WHERE person_id = @me AND read_at IS NULL" + (command.Id is null ? "" : " AND id = @Id"),
                new
                {
                    me = actor.Id,
                    command.Id,
                    now = clock.GetUtcNow(),
                },
                ct
            );
            db.OnCommitted(() => changes.Say("notices"));
        }
    }
}

/// <summary>Whom a step of an order concerns, and of what kind the notice is. Pure.</summary>
internal static class OrderNotices
{
    public static IEnumerable<(long Person, string Kind)> Of(OrderCard was, OrderCard now, string step, long by)
    {
        if (step is OrderStep.Assign or OrderStep.Transfer && now.AssigneeId is { } fresh && fresh != by)
            yield return (fresh, NoticeKinds.Assigned);
        if (step is OrderStep.Return or OrderStep.Refuse && was.AskedBy != by)
            yield return (was.AskedBy, NoticeKinds.Returned);
        if (step == OrderStep.Feedback && was.AskedBy != by)
            yield return (was.AskedBy, NoticeKinds.Feedback);
        if (step == OrderStep.SendBack && was.AssigneeId is { } handler && handler != by)
            yield return (handler, NoticeKinds.SentBack);
        if (step == OrderStep.Cancel && was.AssigneeId is { } hand && hand != by)
            yield return (hand, NoticeKinds.Cancelled);
        if (step == OrderStep.Escalate && was.AssigneeId is { } holder && holder != by)
            yield return (holder, NoticeKinds.Escalated);
    }

    /// <summary>What stands behind @ in a comment, up to the next blank or mark; an address of mail is no mention.</summary>
    public static IReadOnlyList<string> Mentions(string words) =>
        [
            .. System
                .Text.RegularExpressions.Regex.Matches(words, @"(?<![A-Za-z0-9._-])@([\p{L}\p{Nd}·_-]{1,60})")
                .Select(m => m.Groups[1].Value)
                .Distinct()
                .Take(20),
        ];
}
