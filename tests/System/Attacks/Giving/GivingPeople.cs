using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Attacks.Giving;

/// <summary>
/// Who gives and who receives. A receiver of each kind stands there four times: "r-" in the court of the cases, "o-" in another court, "e-" with a role that
/// was taken and another one that lasts, "t-" with a role whose time is over and another one.
/// </summary>
public sealed class GivingPeople(TestApp app)
{
    internal const string Here = "吉2424";
    internal const string There = "吉2401";
    internal const string Team = "李测试团队";

    private static readonly (string Kind, string Role, string Team)[] Kinds =
    [
        ("judge", "judge", ""),
        ("clerk", "clerk:cataloguing", ""),
        ("lead", "lead:cataloguing", ""),
        ("triage-lead", "lead:triage", ""),
        ("assistant", "assistant", "林虚构团队"),
        ("mate", "assistant", Team),
    ];

    private readonly Dictionary<string, HttpClient> browsers = [];
    private int made;

    public async Task MakeAsync()
    {
        foreach (var (kind, role, team) in Kinds)
        {
            await SaveAsync("r-" + kind, Here, team, role);
            await SaveAsync("o-" + kind, There, team, role);
            await SaveAsync("e-" + kind, Here, team, role, "clerk:enforcement");
            await EndRolesAsync("e-" + kind);
            await SaveAsync("t-" + kind, Here, team, role, "clerk:enforcement");
            await app.Change(
                "UPDATE workzone_role_grant SET until_at = @past WHERE centre <> 'enforcement' AND person_id = (SELECT id FROM workzone_person WHERE "
                    + "login = @login)",
                new { past = app.Clock.GetUtcNow().AddHours(-1), login = "t-" + kind }
            );
        }
        await SaveAsync("g-lead", Here, "", "lead:cataloguing");
        await SaveAsync("g-clerk", Here, "", "clerk:cataloguing");
        await SaveAsync("g-intake", Here, "", "clerk:triage");
        await SaveAsync("u-clerk", "吉24", "", "clerk:enforcement");
        await GrantAsync("u-clerk", "clerk", "cataloguing", "吉24", "below");
    }

    public Task<long> SaveAsync(string login, string court, string team, params string[] roles) =>
        app.As(null)
            .Send(
                new SavePerson
                {
                    Login = login,
                    Name = login,
                    Court = court,
                    Team = team,
                    Roles = roles,
                    Password = TestApp.Password,
                }
            );

    /// <summary>Somebody of their own, so that nothing else moves with what is theirs.</summary>
    public async Task<string> FreshAsync(string court, string team, params string[] roles)
    {
        var login = $"x-{++made}";
        await app.As(null)
            .Send(
                new SavePerson
                {
                    Login = login,
                    Name = login,
                    Court = court,
                    Team = team,
                    Roles = roles,
                }
            );
        return login;
    }

    /// <summary>A receiver of this kind, and of no other cell.</summary>
    public Task<string> FreshAsync(string kind)
    {
        var (_, role, team) = Kinds.Single(k => k.Kind == kind);
        return FreshAsync(Here, team, role, "clerk:enforcement");
    }

    /// <summary>Takes every role the person has but the one that lasts, which is given to whoever has none.</summary>
    public async Task EndRolesAsync(string login)
    {
        var person = await app.IdOf(login);
        var held = await app.As(null)
            .Rows<RoleGrant>("SELECT role, centre, court_id, reach, until_at FROM workzone_role_grant WHERE person_id = @person", new { person });
        if (held.All(r => r.Code != "clerk:enforcement"))
            await GrantAsync(login, "clerk", "enforcement", Here, "court");
        foreach (var role in held.Where(r => r.Code != "clerk:enforcement"))
            await app.As("secadmin")
                .Send(
                    new TakeRole
                    {
                        PersonId = person,
                        Code = role.Code,
                        CourtId = role.CourtId,
                    }
                );
    }

    public async Task GrantAsync(string login, string role, string centre, string court, string reach)
    {
        var person = await app.IdOf(login);
        var courtId = await CourtAsync(court);
        await app.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await s.GetRequiredService<RightsBook>()
                    .GrantAsync(
                        person,
                        [
                            new RoleGrant
                            {
                                Role = role,
                                Centre = centre,
                                CourtId = courtId,
                                Reach = reach,
                            },
                        ],
                        "test",
                        "test",
                        null,
                        default
                    );
                await db.CommitAsync();
            });
    }

    public Task<long> CourtAsync(string code) => app.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = @code", new { code });

    /// <summary>A browser in which the receiver is signed in; null for those made for one cell, who have no password.</summary>
    internal async Task<HttpClient?> BrowserAsync(string login)
    {
        if (login.StartsWith("x-", StringComparison.Ordinal))
            return null;
        if (browsers.TryGetValue(login, out var known) && await EndedAsync(login) == 0)
            return known;
        return browsers[login] = await app.SignedIn(login);
    }

    // rights that change end the sessions of the person
    private async Task<int> EndedAsync(string login) =>
        await app.As(null)
            .Value<int>(
                "SELECT CASE WHEN EXISTS (SELECT 1 FROM workzone_session s JOIN workzone_person p ON p.id = s.person_id WHERE p.login = @login AND "
                    + "s.ended_at IS NULL) THEN 0 ELSE 1 END",
                new { login }
            );
}
