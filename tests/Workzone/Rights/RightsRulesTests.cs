using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Rights;

/// <summary>What may be held together and who decides: the whole table.</summary>
public sealed class RightsRulesTests
{
    [TestCase("judge", ExpectedResult = true)]
    [TestCase("judge,clerk:service", ExpectedResult = true)]
    [TestCase("lead:service,clerk:service,clerk:cataloguing", ExpectedResult = true)]
    [TestCase("leader,judge", ExpectedResult = true)]
    [TestCase("sysadmin", ExpectedResult = true)]
    [TestCase("sysadmin,secadmin", ExpectedResult = false)]
    [TestCase("sysadmin,auditor", ExpectedResult = false)]
    [TestCase("secadmin,auditor", ExpectedResult = false)]
    [TestCase("sysadmin,judge", ExpectedResult = false)]
    [TestCase("auditor,leader", ExpectedResult = false)]
    [TestCase("secadmin,clerk:service", ExpectedResult = false)]
    [TestCase("system", ExpectedResult = true)]
    [TestCase("system,clerk:service", ExpectedResult = false)]
    [TestCase("lawyer,mediator", ExpectedResult = true)]
    [TestCase("lawyer,judge", ExpectedResult = false)]
    [TestCase("king", ExpectedResult = false)]
    [TestCase("judge:service", ExpectedResult = false)]
    [TestCase("judge,judge", ExpectedResult = false)]
    public bool Roles_that_may_be_held_together(string codes) =>
        RightsRules.WhyNot([
            .. codes
                .Split(',')
                .Select(c => new RoleGrant
                {
                    Role = c.Split(':')[0],
                    Centre = c.Contains(':', StringComparison.Ordinal) ? c.Split(':')[1] : "",
                    CourtId = 1,
                }),
        ])
            is null;

    [TestCase("judge", "below", ExpectedResult = false)]
    [TestCase("clerk", "below", ExpectedResult = true)]
    [TestCase("checker", "below", ExpectedResult = true)]
    [TestCase("leader", "world", ExpectedResult = false)]
    public bool Reach(string role, string reach) =>
        RightsRules.WhyNot([
            new RoleGrant
            {
                Role = role,
                Centre = role == "clerk" ? "service" : "",
                CourtId = 1,
                Reach = reach,
            },
        ])
            is null;

    [TestCase(1, 2, 3, true, ExpectedResult = true)]
    [TestCase(1, 2, 1, true, ExpectedResult = false, TestName = "who asked does not decide")]
    [TestCase(1, 3, 3, true, ExpectedResult = false, TestName = "who gains does not decide")]
    [TestCase(1, 2, 3, false, ExpectedResult = false, TestName = "who may not does not decide")]
    public bool Who_decides(long asked, long gains, long decides, bool may) => RightsRules.WhyNotDecide(asked, [gains], decides, may) is null;

    [TestCase("sysadmin", ActionKind.Work, ExpectedResult = false)]
    [TestCase("sysadmin", ActionKind.Security, ExpectedResult = false)]
    [TestCase("sysadmin", ActionKind.Audit, ExpectedResult = false)]
    [TestCase("sysadmin", ActionKind.System, ExpectedResult = true)]
    [TestCase("secadmin", ActionKind.System, ExpectedResult = false)]
    [TestCase("secadmin", ActionKind.Work, ExpectedResult = false)]
    [TestCase("secadmin", ActionKind.Security, ExpectedResult = true)]
    [TestCase("auditor", ActionKind.Audit, ExpectedResult = true)]
    [TestCase("auditor", ActionKind.Work, ExpectedResult = false)]
    [TestCase("auditor", ActionKind.System, ExpectedResult = false)]
    [TestCase("judge", ActionKind.Work, ExpectedResult = true)]
    [TestCase("judge", ActionKind.Security, ExpectedResult = false)]
    [TestCase("leader", ActionKind.Audit, ExpectedResult = false)]
    [TestCase("clerk:service", ActionKind.Open, ExpectedResult = true)]
    public bool Separation_of_the_three(string role, ActionKind kind) => Separation.MayHold(role, kind);

    [Test]
    public void No_declaration_gives_an_administrator_what_belongs_to_another()
    {
        var catalogue = new ActionCatalogue(new Kernel.Modules.ModuleList(CourtOps.Host.CourtOpsApp.Modules));
        var wrong = from action in catalogue.All from role in action.Roles where !Separation.MayHold(role, action.Kind) select $"{action.Code} for {role}";
        Assert.That(wrong, Is.Empty);
    }

    [TestCase("MinLength", 7)]
    [TestCase("MinLength", 65)]
    [TestCase("Classes", 0)]
    [TestCase("MaxAgeDays", 366)]
    [TestCase("TriesBeforeLock", 11)]
    [TestCase("LockMinutes", 14)]
    [TestCase("IdleMinutes", 4)]
    [TestCase("MaxHours", 25)]
    [TestCase("MaxSessions", 0)]
    public void A_policy_out_of_range_is_refused(string field, int value)
    {
        var policy = new People.SignInPolicy();
        typeof(People.SignInPolicy).GetProperty(field)!.SetValue(policy, value);
        Assert.That(policy.WhyNot(), Is.Not.Null);
        Assert.That(new People.SignInPolicy().WhyNot(), Is.Null, "the defaults are sound");
    }
}
