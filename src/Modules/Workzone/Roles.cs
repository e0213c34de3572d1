using CourtOps.Kernel.Web;

namespace CourtOps.Workzone;

/// <summary>The roles. A role may be held for one centre: "clerk:service".</summary>
public static class Roles
{
    public const string Judge = "judge";
    public const string Assistant = "assistant";
    public const string Clerk = "clerk";
    public const string Lead = "lead";
    public const string Leader = "leader";
    public const string Checker = "checker";
    public const string SystemAdministrator = Kernel.Security.Separation.SystemAdministrator;
    public const string SecurityAdministrator = Kernel.Security.Separation.SecurityAdministrator;
    public const string Auditor = Kernel.Security.Separation.Auditor;
    public const string Robot = "robot";

    /// <summary>Another system that comes by API key; cannot sign in.</summary>
    public const string SystemKey = "system";

    // people outside the court: they come by the public face, and have no action inside
    public const string AgencyUser = "agency";
    public const string Lawyer = "lawyer";
    public const string Mediator = "mediator";

    /// <summary>Everybody who works on cases.</summary>
    public static readonly string[] Work = [Judge, Assistant, Clerk, Lead, Leader, Robot];

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Judge] = "法官",
        [Assistant] = "法官助理",
        [Clerk] = "书记员",
        [Lead] = "中心组长",
        [Leader] = "院领导",
        [Checker] = "上级法院检查",
        [SystemAdministrator] = "系统管理员",
        [SecurityAdministrator] = "安全管理员",
        [Auditor] = "审计员",
        [Robot] = "数字化劳动力",
        [SystemKey] = "系统接口",
        [AgencyUser] = "联动单位人员",
        [Lawyer] = "律师",
        [Mediator] = "调解员",
    };

    /// <summary>"lead:service" in the reader's language, with its centre.</summary>
    public static string Words(Texts t, string code)
    {
        var parts = code.Split(':');
        var role = t[Labels.GetValueOrDefault(parts[0], parts[0])];
        return parts.Length == 1 ? role : t["{0}{1}", t[Centres.Labels.GetValueOrDefault(parts[1], parts[1])], role];
    }

    /// <summary>Every role that can be held, with its centre where it has one.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Judge,
        Assistant,
        Clerk,
        Leader,
        Checker,
        .. Centres.Labels.Keys.SelectMany(c => new[] { $"{Lead}:{c}", $"{Clerk}:{c}", $"{Robot}:{c}" }),
        SystemAdministrator,
        SecurityAdministrator,
        Auditor,
        SystemKey,
        AgencyUser,
        Lawyer,
        Mediator,
    ];

    /// <summary>"service" of "clerk:service"; null for a role without a centre.</summary>
    public static string? CentreOf(string code) => code.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? code[(at + 1)..] : null;

    /// <summary>As what a role holds cases and orders: "judge", "team" of a judge, or a centre; empty for every other role.</summary>
    public static string PlaceOf(string role, string centre) =>
        centre.Length > 0
            ? centre
            : role switch
            {
                Judge => JudgePlace,
                Assistant or Clerk => TeamPlace,
                _ => "",
            };

    public const string JudgePlace = "judge";
    public const string TeamPlace = "team";

    public static string Code(string role, string centre) => centre.Length == 0 ? role : $"{role}:{centre}";

    /// <summary>Whether "role" or "role:centre" is one we know.</summary>
    public static bool IsKnown(string role, string centre) =>
        Labels.ContainsKey(role) && (centre.Length == 0 || (Centres.Labels.ContainsKey(centre) && role is Clerk or Lead or Robot));
}

/// <summary>The five centres by the names used in tables and URLs.</summary>
public static class Centres
{
    public const string Triage = "triage";
    public const string Service = "service";
    public const string Cataloguing = "cataloguing";
    public const string Trial = "trial";
    public const string Enforcement = "enforcement";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Triage] = "智服分流",
        [Service] = "智能送达",
        [Cataloguing] = "智慧归集",
        [Trial] = "智审保障",
        [Enforcement] = "智执协作",
    };
}
