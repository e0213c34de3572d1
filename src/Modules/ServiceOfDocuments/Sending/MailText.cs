using System.Net;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.Sending;

/// <summary>The words of the notice mail, in the recipient's language. It carries the link and no content of the case.</summary>
internal static class MailText
{
    public static (string Subject, string Text, string Html) Of(Notice notice, int documents, string link)
    {
        var korean = notice.Language == "ko";
        var subject = korean ? $"【{notice.CourtName}】 소송문서 송달 통지" : $"【{notice.CourtName}】诉讼文书送达通知";
        string[] lines = korean
            ?
            [
                $"{notice.Recipient} 귀하:",
                $"{notice.CaseNumber} 사건에서 법원이 귀하에게 송달할 문서가 {documents}건 있습니다.",
                "아래 링크를 열고 신분증 번호 뒤 4자리로 본인을 확인한 후 문서를 열람하여 주십시오.",
                "이 페이지는 은행 카드 번호나 비밀번호를 묻지 않습니다. 의문이 있으면 12368로 전화하십시오.",
            ]
            :
            [
                $"{notice.Recipient}：",
                $"在{notice.CaseNumber}案件中，法院有 {documents} 份文书送达给您。",
                "请打开下面的链接，用证件号码后 4 位核对身份后阅读，并确认收到。",
                "本页不问银行卡号和密码。有疑问请拨打 12368。",
            ];
        var text = string.Join("\r\n", [lines[0], lines[1], lines[2], link, lines[3], notice.CourtName]);
        string E(string s) => WebUtility.HtmlEncode(s);
        var html =
            $"<!doctype html><html lang=\"{(korean ? "ko" : "zh-CN")}\"><body><p>{E(lines[0])}</p><p>{E(lines[1])}</p><p>{E(lines[2])}</p><p><a "
            + $"href=\"{E(link)}\">{E(link)}</a></p><p>{E(lines[3])}</p><p>{E(notice.CourtName)}</p></body></html>";
        return (subject, text, html);
    }
}
