using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Web;
using CourtOps.Workzone.Web;
using Microsoft.AspNetCore.Html;

namespace CourtOps.ServiceOfDocuments.Pages;

internal static class ServiceUi
{
    private static readonly Dictionary<string, (string Css, string Label)> States = new()
    {
        [NoticeState.Waiting] = ("wait", "待接受"),
        [NoticeState.Ready] = ("wait", "待发出"),
        [NoticeState.Sending] = ("work", "发送中"),
        [NoticeState.Linked] = ("work", "已发布，待打开"),
        [NoticeState.Sent] = ("work", "已到达，待阅"),
        [NoticeState.Doubt] = ("return", "存疑"),
        [NoticeState.Failed] = ("return", "未送达"),
        [NoticeState.Unread] = ("return", "期满未阅"),
        [NoticeState.Served] = ("done", "已送达"),
        [NoticeState.Contested] = ("return", "有疑问，待认定"),
        [NoticeState.Voided] = ("return", "认定无效"),
        [NoticeState.Cancelled] = ("pause", "已撤回"),
    };

    public static IEnumerable<string> All => States.Keys;

    public static string Label(string state) => States.TryGetValue(state, out var s) ? s.Label : state;

    public static IHtmlContent State(Texts t, string state) => Ui.Badge(States.TryGetValue(state, out var s) ? s.Css : "wait", t[Label(state)]);

    /// <summary>Of a service by another court; late where its clock has run out.</summary>
    public static IHtmlContent Entrusted(Texts t, CourtOps.ServiceOfDocuments.Entrust.EntrustRow e, DateOnly today) =>
        e.Late(today) is not null
            ? Ui.Badge("return", t["超期"])
            : Ui.Badge(
                e.State switch
                {
                    "sent" => "wait",
                    "received" => "work",
                    "answered" => "done",
                    _ => "pause",
                },
                t[CourtOps.ServiceOfDocuments.Entrust.EntrustRules.States[e.State]]
            );

    public static string Address(Texts t, string kind) =>
        t[
            kind switch
            {
                "provided" => "本人提供或确认的地址",
                "obtained" => "法院查得的地址",
                "refused" => "不同意电子送达",
                _ => "没有电子邮箱，凭链接",
            }
        ];
}
