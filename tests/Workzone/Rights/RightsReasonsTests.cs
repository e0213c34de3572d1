using CourtOps.Workzone.People;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Rights;

/// <summary>What a person may do is shown with every role that gives it, and with no other.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RightsReasonsTests(Engine engine) : AppTests(engine)
{
    private const string Action = "workzone.cases.import";

    [TestCase("none", ExpectedResult = "lead:triage")]
    [TestCase("given to clerk:service", ExpectedResult = "lead:triage clerk:service*")]
    [TestCase("taken from lead:triage", ExpectedResult = "")]
    [TestCase("given to clerk:service, taken from lead:triage", ExpectedResult = "clerk:service*")]
    [TestCase("given to clerk:service, lead:triage over", ExpectedResult = "clerk:service*")]
    [TestCase("lead:triage over", ExpectedResult = "")]
    [TestCase("given to clerk:service, left", ExpectedResult = "")]
    public async Task<string> Each_right_names_the_roles_it_comes_from(string scene)
    {
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = "both",
                    Name = "两岗人员",
                    Court = "吉2424",
                    Roles = ["lead:triage", "clerk:service"],
                    Password = TestApp.Password,
                }
            );
        var now = App.Clock.GetUtcNow();
        if (scene.Contains("given", StringComparison.Ordinal))
            await SetAsync("clerk:service", true);
        if (scene.Contains("taken", StringComparison.Ordinal))
            await SetAsync("lead:triage", false);
        if (scene.Contains("over", StringComparison.Ordinal))
            await App.Change(
                "UPDATE workzone_role_grant SET until_at = @now WHERE role = 'lead' AND person_id = (SELECT id FROM workzone_person WHERE login = 'both')",
                new { now }
            );
        if (scene.Contains("left", StringComparison.Ordinal))
            await App.Change("UPDATE workzone_person SET state = 'left' WHERE login = 'both'");
        App.Advance(TimeSpan.FromSeconds(10));
        var shown = await App.As("secadmin").Send(new ShowRights { PersonId = await App.IdOf("both") });
        var why = shown.Actions.FirstOrDefault(a => a.Code == Action)?.Why ?? [];
        Assert.That(
            why.Select(w => w.Court).Distinct(),
            scene.EndsWith("left", StringComparison.Ordinal) || why.Count == 0 ? Is.Empty : Is.EqualTo(new[] { "汪清县人民法院" })
        );
        if (!scene.Contains("left", StringComparison.Ordinal))
        {
            // what is told is what holds
            await App.SignedIn("both");
            var may = await App.As("both").In(s => Task.FromResult(s.GetRequiredService<Kernel.Security.Actor>().Can(Action)));
            Assert.That(may, Is.EqualTo(why.Count > 0));
        }
        return string.Join(' ', why.OrderByDescending(w => w.Role, StringComparer.Ordinal).Select(w => w.Role + (w.ByMatrix ? "*" : "")));
    }

    private Task SetAsync(string role, bool allowed) =>
        App.As(null)
            .Change(
                "INSERT INTO workzone_matrix (role, action, court_id, allowed, changed_at, changed_by, confirmed_by) VALUES (@role, @Action, 0, "
                    + "@allowed, @now, '', '')",
                new
                {
                    role,
                    Action,
                    allowed,
                    now = App.Clock.GetUtcNow(),
                }
            );
}
