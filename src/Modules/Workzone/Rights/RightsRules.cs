using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Rights;

/// <summary>A role in a court, as it is asked for and held.</summary>
public sealed record RoleGrant
{
    public string Role { get; init; } = "";

    /// <summary>Empty, or the centre of the role.</summary>
    public string Centre { get; init; } = "";
    public long CourtId { get; init; }

    /// <summary>"court", or "below": the courts under it too.</summary>
    public string Reach { get; init; } = "court";

    /// <summary>Null: until it is taken back.</summary>
    public DateTimeOffset? UntilAt { get; init; }

    public string Code => Roles.Code(Role, Centre);
}

/// <summary>What a person may hold, and who may decide about it. Pure; every door comes through here.</summary>
public static class RightsRules
{
    public static readonly TimeSpan ChangeLives = TimeSpan.FromDays(14);

    /// <summary>Checks from above and the three administrators reach downwards by themselves.</summary>
    public static string DefaultReach(string role) => role == Roles.Checker || Separation.IsAdministrator(role) ? "below" : "court";

    /// <summary>Why these roles cannot be held together, or null.</summary>
    public static string? WhyNot(IReadOnlyCollection<RoleGrant> held)
    {
        foreach (var g in held)
        {
            if (!Roles.IsKnown(g.Role, g.Centre))
                return $"没有这个角色：{g.Code}。";
            if (g.Reach is not ("court" or "below"))
                return $"角色 {g.Code} 的范围只能是本院，或本院及下级法院。";
            if (g.Reach == "below" && g.Role is Roles.Judge or Roles.Assistant)
                return "法官和法官助理只在本院履职，范围不能含下级法院。";
        }
        if (held.GroupBy(g => (g.Role, g.Centre, g.CourtId)).Any(g => g.Count() > 1))
            return "同一法院的同一角色写了两次。";
        if (Separation.Clash(held.Select(g => g.Code)) is { } clash)
            return $"三员分立：{Label(clash.Item1)}不得同时担任{Label(clash.Item2)}，请分给两个人。";
        if (held.Any(g => g.Role == Roles.SystemKey) && held.Any(g => g.Role != Roles.SystemKey))
            return "系统接口账号不能兼任其他角色。";
        if (
            held.Any(g => g.Role is Roles.AgencyUser or Roles.Lawyer or Roles.Mediator)
            && held.Any(g => g.Role is not (Roles.AgencyUser or Roles.Lawyer or Roles.Mediator))
        )
            return "联动单位、律师、调解员账号不能兼任院内角色。";
        return null;
    }

    /// <summary>Who may decide what another asked for: not the asker, not who gains by it, and somebody with the right to.</summary>
    /// <param name="beneficiaries">The people whose rights would grow.</param>
    public static string? WhyNotDecide(long askedBy, IReadOnlyCollection<long> beneficiaries, long decider, bool mayConfirm) =>
        !mayConfirm ? "您没有确认这项变更的权限。"
        : decider == askedBy ? "申请和确认须由两个人完成，您是申请人。"
        : beneficiaries.Contains(decider) ? "您是这项变更的受益人，不能由您确认。"
        : null;

    /// <exception cref="RuleBroken">With the reason.</exception>
    public static void Demand(IReadOnlyCollection<RoleGrant> held)
    {
        if (WhyNot(held) is { } why)
            throw new RuleBroken(why, "Roles", "separation");
    }

    private static string Label(string role) => Roles.Labels.GetValueOrDefault(role, role);
}
