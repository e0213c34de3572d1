using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.People;

namespace CourtOps.Workzone.Rights;

/// <summary>Each of the three administrations keeps somebody who holds it without an end.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class LastAdministratorTests(Engine engine) : AppTests(engine)
{
    private static NUnit.Framework.Constraints.IResolveConstraint Refused =>
        Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("last-administrator");

    [Test]
    public async Task The_last_auditor_neither_leaves_nor_loses_the_role()
    {
        await Assert.ThatAsync(() => SaveAsync("auditor", active: false), Refused);
        await Assert.ThatAsync(() => SaveAsync("auditor", active: true, ["judge"]), Refused);
        var person = await App.IdOf("auditor");
        var court = await App.As(null).Value<long>("SELECT court_id FROM workzone_person WHERE id = @person", new { person });
        await Assert.ThatAsync(
            () =>
                App.As("secadmin")
                    .Send(
                        new TakeRole
                        {
                            PersonId = person,
                            Code = "auditor",
                            CourtId = court,
                        }
                    ),
            Refused
        );
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = "auditor-2",
                    Name = "审计员二",
                    Court = "吉24",
                    Roles = ["auditor"],
                    Password = TestApp.Password,
                }
            );
        await SaveAsync("auditor", active: false);
        Assert.That(await HoldersAsync("auditor"), Is.EqualTo(new[] { "auditor-2" }));
    }

    [Test]
    public async Task Of_two_security_administrators_one_may_go()
    {
        await SaveAsync("secadmin", active: false);
        await Assert.ThatAsync(() => SaveAsync("secadmin2", active: false), Refused);
    }

    [Test]
    public async Task Whoever_holds_it_for_a_time_is_no_second_one()
    {
        await HelperAsync("sysadmin-t", App.Clock.GetUtcNow().AddDays(3));
        await Assert.ThatAsync(() => SaveAsync("sysadmin", active: false), Refused);
        await HelperAsync("sysadmin-2", until: null);
        await SaveAsync("sysadmin", active: false);
        Assert.That(await HoldersAsync("sysadmin"), Is.EquivalentTo(new[] { "sysadmin-t", "sysadmin-2" }));
    }

    [Test]
    public async Task Roles_for_a_time_end_even_where_one_cannot()
    {
        var soon = App.Clock.GetUtcNow().AddHours(2);
        await HelperAsync("sysadmin-t", soon);
        await App.As(null)
            .Change(
                "UPDATE workzone_role_grant SET until_at = @soon WHERE role = 'clerk' AND person_id = (SELECT id FROM workzone_person WHERE login = 'clerk')",
                new { soon }
            );
        App.Advance(TimeSpan.FromHours(3));
        await App.As(null).Send(new Lapse());
        Assert.That(await HoldersAsync("sysadmin"), Is.EqualTo(new[] { "sysadmin" }), "one for a time ends, whoever is left");
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM workzone_role_grant WHERE until_at IS NOT NULL"), Is.Zero);
    }

    private async Task HelperAsync(string login, DateTimeOffset? until)
    {
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = login,
                    Name = "系统管理员二",
                    Court = "吉24",
                    Roles = ["sysadmin"],
                    Password = TestApp.Password,
                }
            );
        await App.Change(
            "UPDATE workzone_role_grant SET until_at = @until WHERE person_id = (SELECT id FROM workzone_person WHERE login = @login)",
            new { login, until }
        );
        App.Advance(TimeSpan.FromSeconds(10));
    }

    private Task<IReadOnlyList<string>> HoldersAsync(string role) =>
        App.As(null)
            .Rows<string>(
                "SELECT p.login FROM workzone_role_grant g JOIN workzone_person p ON p.id = g.person_id WHERE g.role = @role ORDER BY p.id",
                new { role }
            );

    private async Task SaveAsync(string login, bool active, IReadOnlyList<string>? roles = null)
    {
        var (id, version) = (await App.IdOf(login), await App.As(null).Value<int>("SELECT version FROM workzone_person WHERE login = @login", new { login }));
        await App.As("sysadmin")
            .Send(
                new SavePerson
                {
                    Id = id,
                    Version = version,
                    Login = login,
                    Name = login,
                    Court = "吉24",
                    Roles = roles,
                    Active = active,
                }
            );
    }
}
