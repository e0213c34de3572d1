namespace CourtOps.Law;

/// <summary>The arguments of the service calculator.</summary>
internal static class ServiceForm
{
    private static readonly string[] Signed = ["direct", "leave", "entrusted", "transferred", "phone", "collected"];

    internal static readonly CalculatorDescription Service = new(
        "service",
        new("送达计算器", "Service"),
        new("判断送达是否生效、何时生效以及答辩期、上诉期", "Whether and when a paper is served, and the periods that follow"),
        [
            new("method", new("送达方式", "Method"), ArgumentType.Choice)
            {
                Required = true,
                Choices =
                [
                    C("direct", "直接送达", "direct"),
                    C("leave", "留置送达", "left in place"),
                    C("electronic", "电子送达", "electronic"),
                    C("postal", "邮寄送达", "court express mail"),
                    C("entrusted", "委托送达", "by another court"),
                    C("transferred", "转交送达", "through an institution"),
                    C("announcement", "公告送达", "announcement"),
                    C("phone", "电话送达", "phone"),
                    C("collected", "到院领取", "collected at court"),
                ],
            },
            new("on", new("签收（留置、通话、领取）日", "Day signed, left, called or collected"), ArgumentType.Date) { When = ("method", Signed) },
            new("collect-by", new("指定领取期间届满日", "Last day of the period for collecting"), ArgumentType.Date) { When = ("method", ["collected"]) },
            new("published", new("公告日", "Published on"), ArgumentType.Date) { When = ("method", ["announcement"]) },
            new("delivered", new("邮件签收日", "Mail signed for on"), ArgumentType.Date) { When = ("method", ["postal"]) },
            new("returned", new("邮件退回日", "Mail returned on"), ArgumentType.Date) { When = ("method", ["postal"]) },
            new("reason", new("退回原因", "Reason of return"), ArgumentType.Choice)
            {
                When = ("method", ["postal"]),
                Choices =
                [
                    C("refused", "拒收", "refused"),
                    C("wrong-address", "地址不准确、查无此人", "wrong address or unknown"),
                    C("moved", "迁址未告知", "moved without notice"),
                    C("absent", "多次无人、电话不通", "nobody there"),
                ],
            },
            new("address", new("地址来源", "Address"), ArgumentType.Choice)
            {
                When = ("method", ["postal", "electronic"]),
                Choices =
                [
                    C("confirmed", "本人提供或确认（邮寄）", "confirmed (postal)"),
                    C("statutory", "法定地址（邮寄）", "statutory (postal)"),
                    C("unconfirmed", "未经确认（邮寄）", "unconfirmed (postal)"),
                    C("provided", "本人提供或确认（电子）", "provided (electronic)"),
                    C("obtained", "法院查得（电子）", "found by the court (electronic)"),
                ],
            },
            new("warned", new("已告知后果", "Warned of the consequences"), ArgumentType.YesNo) { Default = "yes", When = ("method", ["postal"]) },
            new("arrived", new("到达时间", "Arrived at"), ArgumentType.Moment) { When = ("method", ["electronic"]) },
            new("read", new("阅知时间", "Read at"), ArgumentType.Moment) { When = ("method", ["electronic"]) },
            new("replied", new("回复或作出相应行为的时间", "Replied or acted at"), ArgumentType.Moment) { When = ("method", ["electronic"]) },
            new("bounced", new("发送失败时间", "Bounced at"), ArgumentType.Moment) { When = ("method", ["electronic"]) },
            new("document", new("文书", "Document"), ArgumentType.Choice)
            {
                Help = new("不选则同时给出答辩期和上诉期；裁定指可以上诉的裁定", "Without it both periods are given; a ruling means an appealable one"),
                Choices =
                [
                    C("judgment", "判决书", "judgment"),
                    C("ruling", "裁定书", "ruling"),
                    C("complaint", "起诉状副本", "complaint"),
                    C("summons", "传票", "summons"),
                    C("mediation", "调解书", "mediation paper"),
                    C("other", "其他", "other"),
                ],
            },
            new("procedure", new("程序", "Procedure"), ArgumentType.Choice)
            {
                Default = "civil",
                Choices =
                [
                    C("civil", "民事", "civil"),
                    C("admin", "行政", "administrative"),
                    C("criminal", "刑事", "criminal"),
                    .. TrialLimitTable.Limits.Select(l => new ArgumentChoice(l.Code, l.Name)),
                ],
            },
            new("foreign", new("在境内没有住所", "No domicile in the PRC"), ArgumentType.Flag),
            CalculatorForms.Custody(),
        ]
    );

    private static ArgumentChoice C(string value, string zh, string en) => CalculatorForms.C(value, zh, en);
}
