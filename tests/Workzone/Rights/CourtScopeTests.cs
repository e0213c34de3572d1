using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.People;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Rights;

/// <summary>A security administrator of one court under an upper court that has its own.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CourtScopeTests(Engine engine) : AppTests(engine)
{
    private static NUnit.Framework.Constraints.IResolveConstraint OutOfScope =>
        Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("scope");

    [SetUp]
    public async Task TwoCounties()
    {
        App.As(null);
        await App.Send(
            new SavePerson
            {
                Login = "sec-2424",
                Name = "安全一",
                Court = "吉2424",
                Roles = ["secadmin"],
                Password = TestApp.Password,
            }
        );
        await App.Send(
            new SavePerson
            {
                Login = "sec-2401",
                Name = "安全二",
                Court = "吉2401",
                Roles = ["secadmin"],
                Password = TestApp.Password,
            }
        );
        await App.Send(
            new SavePerson
            {
                Login = "sec-2401b",
                Name = "安全三",
                Court = "吉2401",
                Roles = ["secadmin"],
                Password = TestApp.Password,
            }
        );
        await App.Send(
            new SavePerson
            {
                Login = "clerk-2401",
                Name = "送达二",
                Court = "吉2401",
                Roles = ["clerk:service"],
                Password = TestApp.Password,
            }
        );
    }

    [Test]
    public async Task Another_courts_change_is_neither_seen_nor_decided()
    {
        var change = await AskForRolesAsync();
        Assert.That((await App.As("sec-2424").Send(new ListChanges())).Select(c => c.Id), Does.Not.Contain(change));
        await Assert.ThatAsync(() => App.Send(new DecideChange { Id = change, Confirm = true }), Throws.TypeOf<NotFound>());
        Assert.That((await App.As("sec-2401b").Send(new DecideChange { Id = change, Confirm = true })).State, Is.EqualTo("confirmed"));
    }

    [Test]
    public async Task The_upper_courts_administrator_decides_below()
    {
        var change = await AskForRolesAsync();
        Assert.That((await App.As("secadmin").Send(new DecideChange { Id = change, Confirm = true })).State, Is.EqualTo("confirmed"));
    }

    [Test]
    public async Task What_holds_for_every_court_is_the_highest_ones()
    {
        var everywhere = new AskForMatrix { Items = [new MatrixBody.Item(Roles.Judge, "workzone.orders.export", 0, false)], Reason = "收紧" };
        await Assert.ThatAsync(() => App.As("sec-2424").Send(everywhere), OutOfScope);
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new AskForPolicy
                    {
                        Policy = new SignInPolicy { TriesBeforeLock = 4 },
                        Reason = "收紧",
                    }
                ),
            OutOfScope
        );
        var there = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2401'");
        await Assert.ThatAsync(() => App.As("sec-2424").Send(everywhere with { Items = [everywhere.Items[0] with { CourtId = there }] }), OutOfScope);
        Assert.That(await App.As("secadmin").Send(everywhere), Is.Positive);
    }

    [Test]
    public async Task Keys_of_another_court_are_out_of_reach()
    {
        var ask = new AskForKey
        {
            Login = "clerk-2401",
            Purpose = "对接",
            Reason = "对接",
            PerMinute = 60,
            Days = 30,
        };
        await Assert.ThatAsync(
            () => App.As("sec-2424").Send(ask),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("没有登录名为"),
            "like a login that nobody has"
        );
        var change = await App.As("sec-2401").Send(ask);
        await App.As("sec-2401b").Send(new DecideChange { Id = change, Confirm = true });
        await App.As("sec-2401").Send(new CollectKey { ChangeId = change });
        var key = (await App.Send(new ListKeys())).Single().Id;
        Assert.That(await App.As("sec-2424").Send(new ListKeys()), Is.Empty);
        await Assert.ThatAsync(() => App.Send(new RotateKey { Id = key }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.Send(new RevokeKey { Id = key }), Throws.TypeOf<NotFound>());
        await App.As("secadmin").Send(new RevokeKey { Id = key });
    }

    [Test]
    public async Task Sessions_of_another_court_are_out_of_reach()
    {
        await App.SignedIn("clerk-2401");
        var session = await App.As(null).Value<long>("SELECT MAX(s.id) FROM workzone_session s");
        Assert.That((await App.As("sec-2424").Send(new ListSessions { Everybody = true })).Select(s => s.Id), Does.Not.Contain(session));
        await Assert.ThatAsync(() => App.Send(new EndSession { Id = session }), Throws.TypeOf<NotFound>());
        Assert.That((await App.As("sec-2401").Send(new ListSessions { Everybody = true })).Select(s => s.Id), Does.Contain(session));
        await App.Send(new EndSession { Id = session });
    }

    [Test]
    public async Task Two_hundred_changes_elsewhere_hide_neither_what_waits_here_nor_a_key_to_be_collected()
    {
        App.As(null);
        await App.Send(
            new SavePerson
            {
                Login = "sec-2424b",
                Name = "安全四",
                Court = "吉2424",
                Roles = ["secadmin"],
                Password = TestApp.Password,
            }
        );
        await App.Send(
            new SavePerson
            {
                Login = "clerk-2424",
                Name = "送达四",
                Court = "吉2424",
                Roles = ["clerk:service"],
                Password = TestApp.Password,
            }
        );
        var ask = new AskForKey
        {
            Login = "clerk-2424",
            Purpose = "对接",
            Reason = "对接",
            PerMinute = 60,
            Days = 30,
        };
        var key = await App.As("sec-2424").Send(ask with { Purpose = "先前的" });
        await App.As("sec-2424b").Send(new DecideChange { Id = key, Confirm = true });
        var waits = await App.As("sec-2424").Send(ask with { Purpose = "后来的" });
        await ElsewhereAsync(201);
        foreach (
            var (login, decided, id) in new[]
            {
                ("sec-2424", false, waits),
                ("sec-2424b", false, waits),
                ("sec-2424", true, key),
                ("sec-2424b", true, key),
                ("secadmin", false, waits),
            }
        )
            Assert.That(
                (await App.As(login).Send(new ListChanges { Decided = decided, Take = login == "secadmin" ? 500 : 200 })).Select(c => c.Id),
                Does.Contain(id),
                $"{login} {decided}"
            );
        Assert.That((await App.As("sec-2424b").Send(new ListChanges())).Select(c => c.Subject), Has.None.Contains("elsewhere"));
        Assert.That((await App.As("sec-2424").Send(new ListReadyKeys())).Select(c => c.Id), Is.EqualTo(new[] { key }));
        Assert.That(await App.As("sec-2424b").Send(new ListReadyKeys()), Is.Empty, "whoever asked collects it");
        Assert.That(
            await (await App.SignedIn("sec-2424")).GetStringAsync(new Uri("/keys", UriKind.Relative)),
            Does.Contain("已确认，可以领取").And.Contain("先前的")
        );
    }

    [Test]
    public async Task A_long_list_of_changes_goes_on_page_by_page_and_shows_each_once()
    {
        await ElsewhereAsync(201);
        var seen = new List<long>();
        for (
            IReadOnlyList<ChangeRow> page = await App.As("sec-2401b").Send(new ListChanges { Take = 50 });
            page.Count > 0;
            page = await App.Send(new ListChanges { Take = 50, Before = page[^1].Id })
        )
            seen.AddRange(page.Select(c => c.Id));
        Assert.That(seen, Has.Count.EqualTo(201).And.Unique.And.Ordered.Descending);
        var browser = await App.SignedIn("sec-2401b");
        Assert.That(
            await browser.GetStringAsync(new Uri("/rights", UriKind.Relative)),
            Does.Contain($"/rights?before={seen[49]}").And.Contain("/rights?decidedBefore=")
        );
        Assert.That(
            await browser.GetStringAsync(new Uri($"/rights?before={seen[49]}", UriKind.Relative)),
            Does.Contain($"c-{seen[50]}").And.Not.Contain($"c-{seen[49]}\"")
        );
    }

    // as many that wait and as many decided, asked for and of the other county
    private async Task ElsewhereAsync(int count)
    {
        var (asker, court) = (await App.IdOf("sec-2401"), await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2401'"));
        await App.In(async s =>
        {
            var db = s.GetRequiredService<Kernel.Data.Db>();
            var book = s.GetRequiredService<RightsBook>();
            s.GetRequiredService<Kernel.Security.Actor>()
                .ActAs(
                    Kernel.Security.ActorKind.Person,
                    new Kernel.Security.ActorRights
                    {
                        Id = asker,
                        Login = "sec-2401",
                        Name = "安全二",
                        CourtId = court,
                        CourtName = "",
                    }
                );
            await db.BeginAsync();
            for (var i = 0; i < 2 * count; i++)
                await book.AskAsync(ChangeKind.Key, null, $"elsewhere {i}", court, new KeyBody(i, "x", "x", court, null, 1, 1), "x", null, default);
            await db.ExecuteAsync(
                "UPDATE workzone_change SET state = 'refused' WHERE id IN (SELECT y.id FROM (SELECT x.id, ROW_NUMBER() OVER (ORDER BY x.id) AS n FROM "
                    + "workzone_change x WHERE x.asked_by = @asker) y WHERE y.n <= @count)",
                new { asker, count }
            );
            await db.CommitAsync();
        });
    }

    private async Task<long> AskForRolesAsync()
    {
        var person = await App.IdOf("clerk-2401");
        var court = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2401'");
        return await App.As("sec-2401")
            .Send(
                new AskForRoles
                {
                    PersonId = person,
                    Reason = "岗位调整",
                    Add =
                    [
                        new RoleGrant
                        {
                            Role = "lead",
                            Centre = "service",
                            CourtId = court,
                        },
                    ],
                }
            );
    }
}
