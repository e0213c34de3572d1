using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.People;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Rights;

/// <summary>A key acts in the court it was given for and in no other, and only while its account holds a role there.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class KeyCourtTests(Engine engine) : AppTests(engine)
{
    private static readonly AskForKey Ask = new()
    {
        Login = "leader-2401",
        Purpose = "对接",
        Reason = "对接",
        PerMinute = 60,
        Days = 30,
    };

    [SetUp]
    public async Task TwoCounties()
    {
        App.As(null);
        foreach (
            var (login, court, role) in new[]
            {
                ("sec-2424", "吉2424", "secadmin"),
                ("sec-2424b", "吉2424", "secadmin"),
                ("sec-2401", "吉2401", "secadmin"),
                ("leader-2401", "吉2401", "leader"),
            }
        )
            await App.Send(
                new SavePerson
                {
                    Login = login,
                    Name = "样例" + login,
                    Court = court,
                    Roles = [role],
                    Password = TestApp.Password,
                }
            );
    }

    [Test]
    public async Task The_administrators_of_one_county_get_no_key_for_a_person_of_another()
    {
        await Assert.ThatAsync(
            () => App.As("sec-2424").Send(Ask with { CourtCode = "吉2424" }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("没有登录名为"),
            "nor do they learn that there is one"
        );
        foreach (var (asker, court) in new[] { ("secadmin", "吉2424"), ("secadmin", "吉24") })
            await Assert.ThatAsync(
                () => App.As(asker).Send(Ask with { CourtCode = court }),
                Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("no-role"),
                $"{asker} for {court}"
            );
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_change WHERE kind = 'key'"), Is.Zero);
        await Assert.ThatAsync(
            () => KeyAsync("吉2424"),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("no-role"),
            "the console makes none either"
        );
        Assert.That(await App.As("sec-2401").Send(Ask), Is.Positive, "their own may");
    }

    [Test]
    public async Task A_role_in_the_other_court_makes_it_that_courts_key()
    {
        await LendAsync();
        var change = await App.As("sec-2424").Send(Ask with { CourtCode = "吉2424" });
        await App.As("sec-2424b").Send(new DecideChange { Id = change, Confirm = true });
        var client = await ClientAsync(await App.As("sec-2424").Send(new CollectKey { ChangeId = change }));
        Assert.That(await StatusAsync(client), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task It_ends_with_the_role_and_does_not_become_a_key_of_the_persons_own_court()
    {
        await LendAsync();
        var client = await ClientAsync(await KeyAsync("吉2424"));
        Assert.That(await StatusAsync(client), Is.EqualTo(HttpStatusCode.OK));
        var (person, court) = (await App.IdOf("leader-2401"), await CourtAsync("吉2424"));
        await App.As("secadmin")
            .Send(
                new TakeRole
                {
                    PersonId = person,
                    Code = "leader",
                    CourtId = court,
                }
            );
        var answer = await client.GetAsync(new Uri("/api/v1/work-orders", UriKind.Relative));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("此账号在密钥所属的法院没有角色"));
        Assert.That(await StatusAsync(await ClientAsync(await KeyAsync(null))), Is.EqualTo(HttpStatusCode.OK), "the account itself still works at home");
    }

    [Test]
    public async Task Who_moves_leaves_the_keys_behind_collected_or_not()
    {
        var change = await App.As("sec-2401").Send(Ask);
        await App.As("secadmin").Send(new DecideChange { Id = change, Confirm = true });
        var (own, bare) = (await ClientAsync(await KeyAsync("吉2401")), await ClientAsync(await KeyAsync(null)));
        Assert.That((await StatusAsync(own), await StatusAsync(bare)), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        var person = await App.IdOf("leader-2401");
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Id = person,
                    Version = await App.Value<int>("SELECT version FROM workzone_person WHERE id = @person", new { person }),
                    Login = "leader-2401",
                    Name = "样例leader-2401",
                    Court = "吉2424",
                    Roles = ["leader"],
                }
            );
        Assert.That((await StatusAsync(own), await StatusAsync(bare)), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)));
        await Assert.ThatAsync(
            () => App.As("sec-2401").Send(new CollectKey { ChangeId = change }),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("no-role")
        );
    }

    private async Task LendAsync()
    {
        var (person, court) = (await App.IdOf("leader-2401"), await CourtAsync("吉2424"));
        var change = await App.As("secadmin")
            .Send(
                new AskForRoles
                {
                    PersonId = person,
                    Reason = "对口支援",
                    Add = [new RoleGrant { Role = "leader", CourtId = court }],
                }
            );
        await App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true });
    }

    private Task<long> CourtAsync(string code) => App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = @code", new { code });

    private Task<string> KeyAsync(string? court) => App.As(null).In(s => s.GetRequiredService<IAccounts>().CreateKeyAsync("leader-2401", court, "test"));

    private async Task<HttpClient> ClientAsync(string key)
    {
        var client = await App.Http();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client) =>
        (await client.GetAsync(new Uri("/api/v1/work-orders", UriKind.Relative))).StatusCode;
}
