using CourtOps.ServiceOfDocuments.Settings;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.Steward;

/// <param name="Why">Chinese, the key of its English.</param>
internal sealed record PlannedStep(string Channel, int WaitDays, string Why);

/// <summary>The plan of one recipient: what the table says, less what the law does not allow. Pure.</summary>
internal static class PlanRules
{
    public static readonly IReadOnlyDictionary<string, string> Channels = new Dictionary<string, string>
    {
        ["electronic"] = "电子送达",
        ["phone"] = "电话送达",
        ["collected"] = "到院领取",
        ["postal"] = "邮寄送达",
        ["direct"] = "直接送达",
        ["leave"] = "留置送达",
        ["entrusted"] = "委托送达",
        ["transferred"] = "转交送达",
        ["announcement"] = "公告送达",
    };

    /// <summary>ordinary, simple, criminal or other of a code of B-01.</summary>
    public static string ProcedureOf(string code) =>
        code is "MC-SUM" or "MC-SML" ? "simple"
        : code.StartsWith("CR-", StringComparison.Ordinal) || code.StartsWith("XS-", StringComparison.Ordinal) ? "criminal"
        : code.StartsWith("MC-", StringComparison.Ordinal) || code.StartsWith("AD-", StringComparison.Ordinal) || code.Length == 0 ? "ordinary"
        : "other";

    /// <summary>The most sensitive kind of the documents that go together.</summary>
    public static string DocumentOf(IEnumerable<string> kinds)
    {
        var all = kinds.ToHashSet();
        return all.Contains("mediation") ? "mediation"
            : all.Overlaps(["judgment", "ruling"]) ? "judgment"
            : "other";
    }

    /// <summary>Why the law does not allow a way here; null where it does.</summary>
    public static string? Forbidden(string channel, PlanFacts f) =>
        channel switch
        {
            "electronic" when f.Address is "refused" => "受送达人不同意电子送达（民诉法第90条）",
            "electronic" when f.Address is "none" => "没有电子地址",
            "phone" when f.Document is "judgment" or "mediation" => "判决书、裁定书、调解书不能电话送达（法发〔2017〕19号第14条）",
            "phone" when !f.Phone => "没有电话号码",
            "leave" when f.Document == "mediation" => "调解书不适用留置送达（民诉法解释第133条）",
            "announcement" when f.Document == "mediation" => "调解书须本人签收，不能公告",
            "announcement" when f.Procedure == "simple" => "简易、小额程序不能公告送达，须先转为普通程序（民诉法解释第140条）",
            _ => null,
        };

    /// <summary>The ways in order, what is not allowed left out. An announcement under simple procedure stays as the last: it waits for the
    /// conversion.</summary>
    public static IReadOnlyList<PlannedStep> Steps(PlanFacts facts, PlanOutcome outcome)
    {
        var steps = new List<PlannedStep>();
        foreach (var channel in outcome.Channels.Distinct())
            if (Forbidden(channel, facts) is null)
                steps.Add(new(channel, WaitOf(channel, outcome), WhyOf(channel, facts)));
            else if (channel == "announcement" && facts.Document != "mediation")
                steps.Add(new(channel, 0, "简易、小额程序：先裁定转为普通程序，再公告"));
        // nothing left is no plan: somebody looks for an address and goes there
        return steps.Count > 0 ? steps : [new("direct", outcome.VisitDays, "没有可用的方式：先查找地址，上门送达")];
    }

    /// <summary>What follows on a try that came to nothing: the way the try itself suggests where the plan has it, else the next of the plan.</summary>
    /// <param name="open">The ways still planned, in order.</param>
    public static string? Next(IReadOnlyList<string> open, string? suggested) =>
        suggested is not null && open.Contains(suggested) ? suggested
        : open.Count > 0 ? open[0]
        : null;

    private static int WaitOf(string channel, PlanOutcome o) =>
        channel switch
        {
            "phone" or "collected" => o.PhoneDays,
            "postal" => o.PostDays,
            "direct" or "leave" => o.VisitDays,
            "entrusted" or "transferred" => o.EntrustDays,
            _ => 0,
        };

    private static string WhyOf(string channel, PlanFacts f) =>
        channel switch
        {
            "electronic" => f.Address == "provided" ? "本人提供或确认的地址，到达即送达" : "查得的地址，阅读或回复才算送达",
            "phone" => "电话告知，通话录音",
            "collected" => "通知到院领取",
            "postal" => f.Post switch
            {
                "confirmed" => "法院专递寄本人确认的地址，退回之日也视为送达",
                "fallback" => "法院专递寄其他来源的地址，按 C-03 顺序",
                _ => "没有邮寄地址：先查找并登记地址",
            },
            "direct" => "上门当面送达",
            "leave" => "拒收的，见证或者拍照后留置",
            "entrusted" => "委托当地法院，十日内送达",
            "transferred" => "由监所、部队或者教育机构转交",
            _ => "其他方式都不能送达的，经批准公告",
        };
}
