namespace CourtOps.Law;

/// <summary>The steps of service in words.</summary>
internal static class ServiceWords
{
    public static readonly LawText Direct = new("{0} 签收，签收之日为送达日", "signed on {0}; that is the day of service");
    public static readonly LawText Left = new("{0} 留置，留置之日为送达日", "left in place on {0}; that is the day of service");
    public static readonly LawText Entrusted = new("受委托法院送达，{0} 签收", "served by another court, signed on {0}");
    public static readonly LawText Transferred = new("经有关单位转交，{0} 签收", "passed on by the institution, signed on {0}");
    public static readonly LawText Phone = new("{0} 电话送达，须有通话记录", "served by phone on {0}; a record of the call is needed");
    public static readonly LawText Collected = new(
        "{0} 到院领取；拒绝签收的视为送达并在回证注明",
        "collected at court on {0}; refusing to sign counts as service, noted on the proof"
    );
    public static readonly LawText CollectBy = new(
        "当庭宣判并告知领取期间，期间届满之日 {0} 为送达日",
        "pronounced in court with a period for collecting; its last day {0} is the day of service"
    );
    public static readonly LawText Announcement = new("{0} 公告，经过 {1} 日，于 {2} 视为送达", "published on {0}; after {1} days, on {2}, deemed served");
    public static readonly LawText AnnouncementRolled = new(
        "公告期最后一日 {0} 为休假日，顺延至 {1}",
        "the last day of the announcement, {0}, is a day off; moved to {1}"
    );
    public static readonly LawText MailSigned = new("{0} 签收邮件", "mail signed for on {0}");
    public static readonly LawText MailReturned = new(
        "邮件因“{1}”于 {0} 退回，退回之日视为送达；受送达人可举证推翻",
        "mail returned on {0} ({1}); the day of return counts as service, which the person may rebut"
    );
    public static readonly LawText ReturnedUnconfirmed = new(
        "邮件于 {0} 退回（{1}），地址未经确认，不能视为送达",
        "mail returned on {0} ({1}); the address was not confirmed, no service"
    );
    public static readonly LawText ReturnedAbsent = new(
        "邮件于 {0} 因多次无人退回，地址未经确认或未告知后果，不能视为送达",
        "mail returned on {0} because nobody was there; not a confirmed address with a warning, no service"
    );
    public static readonly LawText ReturnedNotWarned = new(
        "邮件于 {0} 退回，未告知后果，不能视为送达",
        "mail returned on {0}; no warning was given, no service"
    );
    public static readonly LawText Arrived = new(
        "信息于 {0} 到达本人提供或确认的电子地址，到达即送达",
        "arrived at the address the person gave at {0}; arrival is service"
    );
    public static readonly LawText Replied = new(
        "受送达人于 {0} 回复收悉或作出相应行为，视为送达",
        "the person replied or acted accordingly at {0}; that is service"
    );
    public static readonly LawText ReadPresumed = new(
        "系统反馈已于 {0} 阅知，推定送达，可反证推翻",
        "the system reports it was read at {0}; service is presumed and may be rebutted"
    );
    public static readonly LawText OnlyArrived = new(
        "仅到达法院查得的地址，{0} 日内（至 {1}）无阅知、无回复的不能视为送达",
        "only arrived at an address the court found; without reading or reply in {0} days (until {1}) it is no service"
    );
    public static readonly LawText Bounced = new("发送失败（{0}），不能视为送达", "sending failed ({0}); no service");
    public static readonly LawText NotElectronicYet = new(
        "2022年1月1日前判决书、裁定书、调解书不得电子送达",
        "before 2022-01-01 judgments, rulings and mediation papers could not be served electronically"
    );
    public static readonly LawText NotByPhone = new("判决书、裁定书、调解书不得电话送达", "judgments, rulings and mediation papers are not served by phone");
    public static readonly LawText MediationNotLeft = new("调解书不适用留置送达", "a mediation paper is never left in place");
    public static readonly LawText MediationToParty = new(
        "调解书须由当事人本人或其代收人签收",
        "a mediation paper must be signed by the party or its named receiver"
    );
    public static readonly LawText MediationLast = new("调解书以最后一名当事人签收之日生效", "a mediation paper takes effect when the last party signs");
    public static readonly LawText NoAnnouncementInSimple = new(
        "简易程序、小额诉讼不适用公告送达，须先转为普通程序",
        "no announcement in simple or small-claims procedure; convert to ordinary first"
    );
    public static readonly LawText Next = new("下一步：{0}", "next: {0}");
    public static readonly LawText Defence = new("自 {0} 收到之次日起 {1} 日内答辩，至 {2}", "{1} days to answer from the day after {0}, to {2}");
    public static readonly LawText Appeal = new("自 {0} 送达之次日起 {1} 日内上诉，至 {2}", "{1} days to appeal from the day after {0}, to {2}");
    public static readonly LawText NoAppeal = new("该程序的裁判不得上诉", "no appeal in this procedure");

    internal static LawText Reason(ReturnReason reason) =>
        reason switch
        {
            ReturnReason.Refused => Refused,
            ReturnReason.WrongAddress => WrongAddress,
            ReturnReason.Moved => Moved,
            _ => Absent,
        };

    internal static LawText Method(string code) =>
        code switch
        {
            "direct" => new LawText("直接送达", "direct service"),
            "leave" => new LawText("留置送达", "leaving in place"),
            "phone" => new LawText("电话联系并通知到院领取", "phone call and collection at court"),
            "postal" => new LawText("邮寄送达", "court express mail"),
            "other-address" => new LawText("核实并使用其他地址", "check and use another address"),
            _ => new LawText("转为普通程序后公告", "conversion to ordinary, then announcement"),
        };

    private static readonly LawText Refused = new("拒收", "refused");
    private static readonly LawText WrongAddress = new("地址不准确或查无此人", "wrong address or unknown there");
    private static readonly LawText Moved = new("迁址未告知", "moved without notice");
    private static readonly LawText Absent = new("多次无人、电话不通", "nobody there, phone not answered");
}
