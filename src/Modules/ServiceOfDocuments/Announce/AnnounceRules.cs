using System.Globalization;
using System.Text;

namespace CourtOps.ServiceOfDocuments.Announce;

/// <summary>What is known when an announcement is asked for (C-06).</summary>
internal sealed record GateFacts
{
    public bool Simple { get; init; }
    public bool Mediation { get; init; }
    public bool HasElectronicOrPhone { get; init; }
    public int ElectronicOrPhoneFailed { get; init; }

    /// <summary>Known postal addresses, and those at which mail or a visit came to nothing.</summary>
    public int Addresses { get; init; }
    public int AddressesFailed { get; init; }
    public bool Registered { get; init; }
    public int VisitsOrMailFailed { get; init; }
    public bool ProofOfAbsence { get; init; }
    public bool Approved { get; init; }
}

/// <param name="Evidence">What fulfils it, or what is missing; Chinese.</param>
internal sealed record Gate(string Code, string Label, bool Open, string Evidence);

/// <summary>The gates before an announcement (C-06 a–f) and its text (CPL-I 139). Pure.</summary>
internal static class AnnounceRules
{
    public static IReadOnlyList<Gate> Gates(GateFacts f) =>
        [
            new(
                "procedure",
                "普通程序或二审",
                !f.Simple && !f.Mediation,
                f.Mediation ? "调解书不能公告送达"
                    : f.Simple ? "简易、小额程序：先转为普通程序"
                    : "已是普通程序"
            ),
            new(
                "phone",
                "电子、电话已失败",
                !f.HasElectronicOrPhone || f.ElectronicOrPhoneFailed > 0,
                f.HasElectronicOrPhone ? $"失败 {f.ElectronicOrPhoneFailed} 次" : "没有电话和电子地址"
            ),
            new(
                "addresses",
                "每个已知地址邮寄或上门未果",
                f.VisitsOrMailFailed > 0 && f.AddressesFailed >= f.Addresses,
                $"已知地址 {f.Addresses} 个，未果 {f.AddressesFailed} 个，邮寄或上门 {f.VisitsOrMailFailed} 次"
            ),
            new("registered", "户籍或登记地址已试", f.Registered, f.Registered ? "已登记并试过，或者确认书地址即是" : "请登记户籍、工商登记地址"),
            new("absence", "下落不明的证明", f.ProofOfAbsence, f.ProofOfAbsence ? "已附" : "居委会、村委会、派出所证明，或者法官说明"),
            new("approved", "法官批准", f.Approved, f.Approved ? "已批准" : "请承办法官在任务页批准"),
        ];

    /// <summary>The text: reason, main points, periods and consequences by the kind of document (CPL-I 139).</summary>
    /// <param name="hearing">Time and place of a summons; null where there is none.</param>
    public static string Text(
        string court,
        string recipient,
        string caseNumber,
        string cause,
        string opponents,
        IReadOnlyList<(string Kind, string Title)> documents,
        DateOnly publishedOn,
        int days,
        int defenceDays,
        string? hearing,
        string? mainContent
    )
    {
        var text = new StringBuilder(
            $"{recipient}：\n　　本院受理{opponents}与你{cause}一案（{caseNumber}），因采用其他方式无法向你送达，依照《中华人民共和国民事诉讼法》第九十五条的规定，向你公告送达{string.Join('、', documents.Select(d => d.Title))}。"
        );
        text.Append(CultureInfo.InvariantCulture, $"自公告之日起，经过{Number(days)}日，即视为送达。");
        if (documents.Any(d => d.Kind == "complaint"))
            text.Append(
                CultureInfo.InvariantCulture,
                $"提出答辩状的期限为公告期满后{Number(defenceDays)}日内，逾期不影响案件审理。{(string.IsNullOrWhiteSpace(mainContent) ? "" : "起诉要点：" + mainContent.Trim().TrimEnd('。') + "。")}"
            );
        if (documents.Any(d => d.Kind == "summons"))
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(hearing is null ? "开庭时间、地点以传票为准" : $"本院定于{hearing}公开开庭审理")}，逾期不到庭将依法缺席审理。"
            );
        if (documents.Any(d => d.Kind is "judgment" or "ruling"))
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(string.IsNullOrWhiteSpace(mainContent) ? "" : "主要内容：" + mainContent.Trim().TrimEnd('。') + "。")}如不服本{(documents.Any(d => d.Kind == "judgment") ? "判决，可在公告期满后十五日内" : "裁定，可在公告期满后十日内")}，向本院递交上诉状及副本，上诉于上一级人民法院。逾期本{(documents.Any(d => d.Kind == "judgment") ? "判决" : "裁定")}即发生法律效力。"
            );
        return text.Append(CultureInfo.InvariantCulture, $"\n{court}\n{publishedOn:yyyy年M月d日}").ToString();
    }

    private static string Number(int n) =>
        n switch
        {
            10 => "十",
            15 => "十五",
            30 => "三十",
            60 => "六十",
            _ => n.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>What an announcement must say and does not (CPL-I 139); empty: nothing.</summary>
    public static IReadOnlyList<string> Lacks(string text, IReadOnlyList<string> kinds)
    {
        var lacks = new List<string>();
        if (!text.Contains("无法向你送达", StringComparison.Ordinal) && !text.Contains("下落不明", StringComparison.Ordinal))
            lacks.Add("公告送达的原因");
        if (kinds.Contains("complaint") && !text.Contains("答辩", StringComparison.Ordinal))
            lacks.Add("答辩期限和逾期后果");
        if (kinds.Contains("summons") && !text.Contains("缺席", StringComparison.Ordinal))
            lacks.Add("开庭时间、地点和逾期不到庭的后果");
        if ((kinds.Contains("judgment") || kinds.Contains("ruling")) && !text.Contains("上诉", StringComparison.Ordinal))
            lacks.Add("上诉权利、期限和上诉法院");
        return lacks;
    }
}
