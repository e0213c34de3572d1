using CourtOps.Kernel.Messaging;
using CourtOps.Law;

namespace CourtOps.ServiceOfDocuments.Attempts;

/// <summary>What a person says of one try by phone, post, in the field or by announcement.</summary>
internal sealed record AttemptFacts
{
    public string Channel { get; init; } = "";
    public string Outcome { get; init; } = "";
    public DateOnly On { get; init; }

    /// <summary>Of post: confirmed, statutory or unconfirmed (C-05).</summary>
    public string Address { get; init; } = "confirmed";

    /// <summary>Of post: whether the recipient was warned of the consequences.</summary>
    public bool Warned { get; init; } = true;

    /// <summary>Who signed: self, family, agent, unit.</summary>
    public string Signer { get; init; } = "self";

    /// <summary>The family member who signed is the opposing party: no service (CPL 88, 专递规定 7).</summary>
    public bool Opposing { get; init; }
    public string Witness { get; init; } = "";
    public string Place { get; init; } = "";
    public string Tracking { get; init; } = "";
    public string Words { get; init; } = "";
    public bool Foreign { get; init; }
}

/// <summary>The outcomes of each channel (codes of RULEBOOK C), what each needs, and what Law says of it. Pure.</summary>
internal static class AttemptRules
{
    public static readonly IReadOnlyDictionary<string, string> Channels = new Dictionary<string, string>
    {
        ["phone"] = "电话送达",
        ["postal"] = "邮寄送达",
        ["direct"] = "直接送达",
        ["leave"] = "留置送达",
        ["collected"] = "到院领取",
        ["entrusted"] = "委托送达",
        ["transferred"] = "转交送达",
        ["announcement"] = "公告送达",
    };

    /// <summary>Outcome → label, by channel.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Outcomes = new Dictionary<
        string,
        IReadOnlyDictionary<string, string>
    >
    {
        ["phone"] = new Dictionary<string, string>
        {
            ["reached"] = "已告知并录音",
            ["no-answer"] = "无人接听",
            ["off"] = "空号、停机",
            ["wrong-person"] = "不是本人",
            ["minor"] = "接听人未成年",
            ["refused"] = "拒绝接听或拒收",
            ["e-consent"] = "同意电子送达",
            ["will-collect"] = "愿意到院领取",
            ["callback"] = "约定回拨",
        },
        ["postal"] = new Dictionary<string, string>
        {
            ["posted"] = "已交邮",
            ["delivered"] = "已签收",
            ["refused"] = "拒收退回",
            ["wrong-address"] = "地址不准确退回",
            ["moved"] = "迁移退回",
            ["absent"] = "多次无人退回",
            ["mismatch"] = "内容不符，须重新送达",
        },
        ["direct"] = new Dictionary<string, string>
        {
            ["signed"] = "已签收",
            ["absent"] = "未见到人",
            ["refused"] = "拒绝签收",
        },
        ["leave"] = new Dictionary<string, string> { ["left"] = "已留置" },
        ["collected"] = new Dictionary<string, string> { ["collected"] = "已领取", ["refused"] = "到院后拒绝签收" },
        ["entrusted"] = new Dictionary<string, string>
        {
            ["sent"] = "已委托",
            ["signed"] = "受托法院已送达",
            ["returned"] = "受托法院退回",
        },
        ["transferred"] = new Dictionary<string, string> { ["sent"] = "已转交", ["signed"] = "本人已签收" },
        ["announcement"] = new Dictionary<string, string> { ["published"] = "已公告" },
    };

    /// <summary>What Law judges; null where nothing is decided yet (posted, nobody answered).</summary>
    public static ServiceFacts? FactsOf(AttemptFacts a, ServedDocument document, string procedure)
    {
        var facts = new ServiceFacts
        {
            Method = ServiceMethod.Direct,
            Document = document,
            Procedure = procedure.Length > 0 ? procedure : "civil",
            Foreign = a.Foreign,
        };
        return (a.Channel, a.Outcome) switch
        {
            ("phone", "reached") => facts with { Method = ServiceMethod.Phone, On = a.On },
            ("postal", "delivered") when a.Opposing => null,
            ("postal", "delivered") => facts with { Method = ServiceMethod.Postal, Delivered = a.On, PostalAddress = Address(a.Address), Warned = a.Warned },
            ("postal", "refused" or "wrong-address" or "moved" or "absent") => facts with
            {
                Method = ServiceMethod.Postal,
                Returned = a.On,
                PostalAddress = Address(a.Address),
                Warned = a.Warned,
                Reason = a.Outcome switch
                {
                    "refused" => ReturnReason.Refused,
                    "wrong-address" => ReturnReason.WrongAddress,
                    "moved" => ReturnReason.Moved,
                    _ => ReturnReason.Absent,
                },
            },
            ("direct", "signed") when a.Opposing => null,
            ("direct", "signed") => facts with { On = a.On },
            ("leave", "left") => facts with { Method = ServiceMethod.Leave, On = a.On },
            ("collected", "collected" or "refused") => facts with { Method = ServiceMethod.Collected, On = a.On },
            ("entrusted", "signed") => facts with { Method = ServiceMethod.Entrusted, On = a.On },
            ("transferred", "signed") => facts with { Method = ServiceMethod.Transferred, On = a.On },
            ("announcement", "published") => facts with { Method = ServiceMethod.Announcement, Published = a.On },
            _ => null,
        };
    }

    /// <summary>The next way after a try that decided nothing.</summary>
    public static string NextOf(AttemptFacts a) =>
        (a.Channel, a.Outcome) switch
        {
            ("postal", "posted") or ("entrusted" or "transferred", "sent") => "wait",
            ("phone", "minor" or "callback") => "again",
            ("phone", "e-consent") => "electronic",
            ("phone", "will-collect") => "collected",
            ("postal", "mismatch") => "postal",
            ("phone", _) => "postal",
            ("postal", _) => "direct",
            ("direct", "refused") => "leave",
            ("direct", _) => "announcement",
            ("entrusted", _) => "announcement",
            _ => "direct",
        };

    /// <summary>What is missing before the try may be recorded at all; null when nothing is.</summary>
    /// <param name="failedBefore">How many tries by other ways came to nothing.</param>
    /// <param name="approved">Whether the judge approved the announcement (C-06).</param>
    public static RuleBroken? Missing(AttemptFacts a, bool hasEvidence, int failedBefore, bool approved) =>
        a.Channel switch
        {
            "leave" when a.Witness.Length == 0 && !hasEvidence => new RuleBroken(
                "留置送达须有见证人签名，或者拍照、录像的证明文件（民诉法第89条）。",
                "Witness"
            ),
            "phone" when a.Outcome == "reached" && !hasEvidence && a.Words.Length == 0 => new RuleBroken("电话送达须记录通话内容或者附录音。", "Words"),
            "announcement" when failedBefore == 0 => new RuleBroken(
                "公告送达须其他方式都不能送达：请先登记电话、邮寄或上门等至少一次未果的送达。",
                "Channel",
                "gate-others"
            ),
            "announcement" when !hasEvidence => new RuleBroken("公告送达须有下落不明的证明（居委会、派出所证明或者法官说明）。", "EvidenceId", "gate-evidence"),
            "announcement" when !approved => new RuleBroken("公告送达须经法官批准。", "Channel", "gate-approval"),
            "postal" when a.Outcome == "posted" && a.Tracking.Length == 0 => new RuleBroken("请填邮件号码。", "Tracking"),
            "direct" or "collected" or "transferred" when a.Outcome == "signed" && a.Place.Length == 0 => new RuleBroken("请填送达地点。", "Place"),
            _ => null,
        };

    public static ServedDocument Kind(string documentKind) =>
        documentKind switch
        {
            "judgment" => ServedDocument.Judgment,
            "ruling" => ServedDocument.Ruling,
            "complaint" => ServedDocument.Complaint,
            "summons" => ServedDocument.Summons,
            "mediation" => ServedDocument.Mediation,
            _ => ServedDocument.Other,
        };

    private static PostalAddress Address(string code) =>
        code switch
        {
            "confirmed" => PostalAddress.Confirmed,
            "statutory" => PostalAddress.Statutory,
            _ => PostalAddress.Unconfirmed,
        };
}
