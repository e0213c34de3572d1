using System.Globalization;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Imports;
using static CourtOps.Workzone.Inspections.InspectionRules;

namespace CourtOps.Workzone.Inspections;

/// <summary>Parties, their numbers and addresses, agents. Findings name the party. Pure.</summary>
internal static class PartyRules
{
    private static readonly Dictionary<string, string[]> RolesOf = new()
    {
        ["civil"] = ["公诉机关", "被告人", "申请执行人", "被执行人", "赔偿请求人", "赔偿义务机关"],
        ["admin"] = ["公诉机关", "被告人", "申请执行人", "被执行人"],
        ["criminal"] = ["申请执行人", "被执行人", "赔偿请求人"],
        ["enforcement"] = ["公诉机关", "被告人", "原告", "被告", "上诉人", "被上诉人"],
        ["compensation"] = ["公诉机关", "被告人", "原告", "被告", "申请执行人"],
    };

    private static readonly string[] Capacities =
    [
        "律师",
        "近亲属",
        "工作人员",
        "法律工作者",
        "社会团体推荐",
        "法定代理人",
        "法定代表人",
        "辩护人",
        "公民代理",
        "指定代理人",
        "诉讼代表人",
    ];

    public static IReadOnlyList<InspectionRule> All { get; } =
    [
        new(
            "one-side-only",
            "只有一方当事人",
            "party",
            Ways.Agent,
            "warning",
            Stages.Filed,
            (r, _) => If(r.Parties.Count < 2 && r.Kind is "civil" or "admin" && !r.NumberType.Contains('特', StringComparison.Ordinal))
        ),
        new(
            "no-claimant",
            "没有起诉或申请一方",
            "party",
            Ways.Agent,
            "error",
            Stages.Filed,
            (r, _) => If(r.Parties.Count > 0 && r.Parties.All(p => Sides.Of(p.Role) != 1))
        )
        {
            Orders = false,
        },
        new(
            "no-respondent",
            "没有被诉或被申请一方",
            "party",
            Ways.Agent,
            "warning",
            Stages.Filed,
            (r, _) => If(r.Kind is "civil" or "criminal" or "admin" or "enforcement" && r.Parties.Count > 1 && r.Parties.All(p => Sides.Of(p.Role) != 2))
        ),
        new(
            "role-kind",
            "诉讼地位与案件类型不符",
            "role",
            Ways.Agent,
            "error",
            Stages.Filed,
            (r, _) => r.Parties.Where(p => RolesOf.GetValueOrDefault(r.Kind, []).Contains(p.Role)).Select(p => p.Name)
        ),
        new(
            "prosecutor-missing",
            "公诉案件没有公诉机关",
            "party",
            Ways.Agent,
            "warning",
            Stages.Filed,
            (r, _) => If(r.Kind == "criminal" && r.NumberType == "刑初" && r.Parties.All(p => p.Role is not ("公诉机关" or "自诉人")))
        ),
        new(
            "accused-missing",
            "刑事案件没有被告人",
            "party",
            Ways.Agent,
            "error",
            Stages.Filed,
            (r, _) => If(r.Kind == "criminal" && r.NumberType == "刑初" && r.Parties.All(p => p.Role != "被告人"))
        ),
        new(
            "name-placeholder",
            "当事人姓名是占位文字",
            "party",
            Ways.Agent,
            "error",
            Stages.Filed,
            (r, _) =>
                r.Parties.Where(p => p.Name.Trim() is "不详" or "未知" or "待查" or "无名氏" or "某某" || p.Name.All(char.IsAsciiDigit)).Select(p => p.Name)
        ),
        new(
            "type-name",
            "名称是单位而类型是自然人",
            "partyType",
            Ways.Agent,
            "warning",
            Stages.Filed,
            (r, _) => r.Parties.Where(p => p.Type == "natural" && Written.TypeOf(p.Name) != "natural").Select(p => p.Name)
        ),
        new(
            "id-missing",
            "没有证件号码",
            "idNumber",
            Ways.Party,
            "warning",
            Stages.Filed,
            (r, _) => r.Parties.Where(p => p.IdNumber.Length == 0 && NeedsId(p)).Select(p => p.Name)
        ),
        new(
            "id-wrong",
            "身份证号码校验位不对",
            "idNumber",
            Ways.Party,
            "error",
            Stages.Filed,
            (r, _) => r.Parties.Where(p => p.Type == "natural" && IdNumbers.IsWrongIdCard(p.IdNumber) && !IdNumbers.IsIdCard(p.IdNumber)).Select(p => p.Name)
        ),
        new(
            "credit-code-wrong",
            "统一社会信用代码校验位不对",
            "idNumber",
            Ways.Party,
            "warning",
            Stages.Filed,
            (r, _) => r.Parties.Where(p => p.Type != "natural" && p.IdNumber.Length > 0 && !IdNumbers.IsCreditCode(p.IdNumber)).Select(p => p.Name)
        ),
        new(
            "id-shared",
            "两名当事人证件号码相同",
            "idNumber",
            Ways.Party,
            "warning",
            Stages.Filed,
            (r, _) =>
                r
                    .Parties.Where(p => p.IdNumber.Length > 0)
                    .GroupBy(p => p.IdNumber.ToUpperInvariant())
                    .Where(g => g.Select(p => p.Name).Distinct().Count() > 1)
                    .Select(g => string.Join('、', g.Select(p => p.Name).Distinct()))
        ),
        new(
            "id-birth",
            "身份证号码中的出生日期不可能",
            "idNumber",
            Ways.Party,
            "error",
            Stages.Filed,
            (r, today) =>
                r
                    .Parties.Where(p =>
                        p.Type == "natural" && IdNumbers.IsIdCard(p.IdNumber) && (Born(p) is not { } b || b > today || b.Year < today.Year - 120)
                    )
                    .Select(p => p.Name)
        ),
        new(
            "minor-alone",
            "未成年当事人没有法定代理人",
            "agent",
            Ways.Agent,
            "error",
            Stages.Allotted,
            (r, _) =>
                r
                    .Parties.Where(p =>
                        p.Type == "natural"
                        && Born(p) is { } b
                        && b.AddYears(18) > r.FiledOn
                        && b <= r.FiledOn
                        && r.Agents.All(a => a.Party != p.Name || a.Type != "法定代理人")
                    )
                    .Select(p => p.Name)
        )
        {
            Orders = false,
        },
        new(
            "phone-wrong",
            "电话不合格式",
            "phone",
            Ways.Party,
            "warning",
            Stages.Filed,
            (r, _) => r.Parties.Where(p => !Written.IsPhone(p.Phone)).Select(p => p.Name)
        ),
        new(
            "email-wrong",
            "电子邮箱不合格式",
            "email",
            Ways.Party,
            "warning",
            Stages.Filed,
            (r, _) => r.Parties.Where(p => p.Email.Length > 0 && !CaseReading.IsEmail(p.Email)).Select(p => p.Name)
        ),
        new(
            "unreachable",
            "送达阶段当事人没有任何联系方式",
            "phone",
            Ways.Party,
            "warning",
            Stages.Filed,
            (r, _) => r.Parties.Where(p => p.Phone.Length == 0 && p.Email.Length == 0 && p.Role != "公诉机关").Select(p => p.Name)
        ),
        new(
            "eservice-without-address",
            "同意电子送达而没有电子地址",
            "eService",
            Ways.Party,
            "error",
            Stages.Filed,
            (r, _) => r.Parties.Where(p => p.EService is "confirmed" or "provided" && p.Email.Length == 0 && p.Phone.Length == 0).Select(p => p.Name)
        ),
        new(
            "opponents-share-address",
            "对立双方电话或者邮箱相同",
            "email",
            Ways.Party,
            "error",
            Stages.Filed,
            (r, _) => Sides.SharedAddresses([.. r.Parties.Select(p => new SidedAddress(p.Name, p.Role, p.Email, p.Phone))]).Select(s => $"{s.One}、{s.Other}")
        )
        {
            Orders = false,
        },
        new(
            "agent-capacity",
            "代理人没有写明身份",
            "agent",
            Ways.Agent,
            "warning",
            Stages.Allotted,
            (r, _) => r.Agents.Where(a => !Capacities.Any(c => a.Type.Contains(c, StringComparison.Ordinal))).Select(a => a.Name)
        ),
        new("agent-phone", "代理人没有电话", "agent", Ways.Agent, "info", Stages.Allotted, (r, _) => r.Agents.Where(a => !a.HasPhone).Select(a => a.Name)),
        new(
            "agent-both-sides",
            "同一人代理对立双方",
            "agent",
            Ways.Agent,
            "error",
            Stages.Allotted,
            (r, _) => r.Agents.GroupBy(a => a.Name).Where(g => g.Select(a => SideOf(r, a.Party)).Where(s => s < 3).Distinct().Count() > 1).Select(g => g.Key)
        )
        {
            Orders = false,
        },
    ];

    /// <summary>The date of birth an id number says; null where it is none.</summary>
    internal static DateOnly? Born(RecordedParty p) =>
        p.IdNumber.Length == 18 && DateOnly.TryParseExact(p.IdNumber[6..14], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    private static int SideOf(CaseRecord r, string party) => r.Parties.FirstOrDefault(p => p.Name == party) is { } p ? Sides.Of(p.Role) : 3;

    private static bool NeedsId(RecordedParty p) => p.Role is not ("公诉机关" or "赔偿义务机关");
}
