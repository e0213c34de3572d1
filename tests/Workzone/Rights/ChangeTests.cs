using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.People;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Rights;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ChangeTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_role_waits_for_a_second_person()
    {
        var (person, court) = await PersonAsync("clerk2");
        var change = await AskAsync(person, "lead", "service", court);
        Assert.That(await CodesAsync(person), Does.Not.Contain("lead:service"));
        Assert.That((await App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true })).State, Is.EqualTo("confirmed"));
        Assert.That(await CodesAsync(person), Does.Contain("lead:service"));
        var row = await App.As(null)
            .Value<string>("SELECT CONCAT(granted_by, '/', confirmed_by) FROM workzone_role_grant WHERE person_id = @person AND role = 'lead'", new { person });
        Assert.That(row, Is.EqualTo("安全管理员/安全管理员二"));
    }

    [Test]
    public async Task The_asker_does_not_confirm()
    {
        var (person, court) = await PersonAsync("clerk2");
        var change = await AskAsync(person, "lead", "service", court);
        await Assert.ThatAsync(() => App.As("secadmin").Send(new DecideChange { Id = change, Confirm = true }), Throws.TypeOf<Forbidden>());
        Assert.That(await CodesAsync(person), Does.Not.Contain("lead:service"));
    }

    [Test]
    public async Task Nobody_confirms_a_role_of_their_own()
    {
        var (person, court) = await PersonAsync("secadmin2");
        await App.As(null).Change("DELETE FROM workzone_role_grant WHERE person_id = @person", new { person });
        var change = await AskAsync(person, "auditor", "", court);
        await App.As(null)
            .Change(
                "INSERT INTO workzone_role_grant (id, person_id, role, centre, court_id, reach, granted_at, granted_by, confirmed_by) SELECT 5, "
                    + "@person, 'secadmin', '', court_id, 'below', created_at, '', '' FROM workzone_person WHERE id = @person",
                new { person }
            );
        App.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThatAsync(() => App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true }), Throws.TypeOf<Forbidden>());
    }

    [TestCase("judge")]
    [TestCase("leader")]
    [TestCase("clerk")]
    [TestCase("auditor")]
    [TestCase("sysadmin")]
    public async Task Nobody_else_decides_or_even_sees_it(string login)
    {
        var (person, court) = await PersonAsync("clerk2");
        var change = await AskAsync(person, "lead", "service", court);
        await Assert.ThatAsync(() => App.As(login).Send(new DecideChange { Id = change, Confirm = true }), Throws.TypeOf<NotFound>());
        Assert.That(await App.As(login).Send(new ListChanges()), Is.Empty);
    }

    [Test]
    public async Task Two_administrations_in_one_person_are_refused_when_asked_and_when_applied()
    {
        var (person, court) = await PersonAsync("auditor");
        await Assert.ThatAsync(() => AskAsync(person, "secadmin", "", court), Throws.TypeOf<RuleBroken>().With.Message.Contains("三员分立"));
        var (clerk, home) = await PersonAsync("clerk2");
        var change = await AskAsync(clerk, "lead", "service", home);
        // meanwhile the person became an auditor behind the pages
        await App.As(null).Change("UPDATE workzone_role_grant SET role = 'auditor', centre = '' WHERE person_id = @clerk", new { clerk });
        await Assert.ThatAsync(() => App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true }), Throws.TypeOf<RuleBroken>());
        Assert.That(await CodesAsync(clerk), Is.EqualTo(new[] { "auditor" }));
        Assert.That(
            await App.Value<string>("SELECT state FROM workzone_change WHERE id = @change", new { change }),
            Is.EqualTo("pending"),
            "nothing half was done"
        );
    }

    [Test]
    public async Task A_decision_is_taken_once()
    {
        var (person, court) = await PersonAsync("clerk2");
        var change = await AskAsync(person, "lead", "service", court);
        await App.As("secadmin2")
            .Send(
                new DecideChange
                {
                    Id = change,
                    Confirm = false,
                    Words = "不需要",
                }
            );
        await Assert.ThatAsync(() => App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true }), Throws.TypeOf<Conflict>());
        Assert.That(await CodesAsync(person), Does.Not.Contain("lead:service"));
    }

    [Test]
    public async Task A_refusal_says_why_and_a_request_lapses()
    {
        var (person, court) = await PersonAsync("clerk2");
        var change = await AskAsync(person, "lead", "service", court);
        await Assert.ThatAsync(() => App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = false }), Throws.TypeOf<RuleBroken>());
        App.Advance(TimeSpan.FromDays(15));
        await Assert.ThatAsync(() => App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true }), Throws.TypeOf<RuleBroken>());
        await App.RunJob<LapseRights>();
        Assert.That(await App.As(null).Value<string>("SELECT state FROM workzone_change WHERE id = @change", new { change }), Is.EqualTo("expired"));
    }

    [Test]
    public async Task A_role_for_a_time_ends_by_itself_and_at_once()
    {
        var (person, court) = await PersonAsync("clerk2");
        var change = await App.As("secadmin")
            .Send(
                new AskForRoles
                {
                    PersonId = person,
                    Reason = "借调",
                    Add =
                    [
                        new RoleGrant
                        {
                            Role = "lead",
                            Centre = "service",
                            CourtId = court,
                            UntilAt = App.Clock.GetUtcNow().AddDays(1),
                        },
                    ],
                }
            );
        await App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true });
        Assert.That(await App.As("clerk2").In(s => Task.FromResult(s.GetRequiredService<Kernel.Security.Actor>().Roles.Contains("lead:service"))), Is.True);
        App.Advance(TimeSpan.FromDays(1));
        Assert.That(
            await App.As("clerk2").In(s => Task.FromResult(s.GetRequiredService<Kernel.Security.Actor>().Roles.Contains("lead:service"))),
            Is.False,
            "before the job has run"
        );
        await App.RunJob<LapseRights>();
        Assert.That(await CodesAsync(person), Does.Not.Contain("lead:service"));
    }

    [Test]
    public async Task Taking_a_role_back_ends_what_was_signed_in_with_it()
    {
        var (person, court) = await PersonAsync("clerk");
        var browser = await App.SignedIn("clerk");
        Assert.That((int)(await browser.GetAsync(new Uri("/orders", UriKind.Relative))).StatusCode, Is.EqualTo(200));
        await App.As("secadmin")
            .Send(
                new TakeRole
                {
                    PersonId = person,
                    Code = "clerk:service",
                    CourtId = court,
                }
            );
        Assert.That((int)(await browser.GetAsync(new Uri("/orders", UriKind.Relative))).StatusCode, Is.EqualTo(302));
    }

    [Test]
    public async Task The_matrix_changes_what_a_role_may_for_a_court_and_those_below_it()
    {
        var court = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉24'");
        var change = await App.As("secadmin")
            .Send(
                new AskForMatrix
                {
                    Reason = "试行",
                    Items = [new("clerk:service", "workzone.cases.import", court, true), new("judge", "service.request", court, false)],
                }
            );
        Assert.That(await MayAsync("clerk", "workzone.cases.import"), Is.False);
        await App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true });
        Assert.That(await MayAsync("clerk", "workzone.cases.import"), Is.True, "the court below inherits it");
        Assert.That(await MayAsync("judge", "service.request"), Is.False);
        var own = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2424'");
        change = await App.As("secadmin").Send(new AskForMatrix { Reason = "本院例外", Items = [new("judge", "service.request", own, true)] });
        await App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true });
        Assert.That(await MayAsync("judge", "service.request"), Is.True, "the nearer court decides");
        Assert.That(await MayAsync("judge-yanji", "service.request"), Is.False, "the other court still follows the one above");
    }

    [Test]
    public async Task The_matrix_page_sent_as_a_browser_sends_it_asks_for_what_was_changed()
    {
        var client = await App.SignedIn("secadmin");
        async Task<Dictionary<string, string>> Cells(string path) =>
            System
                .Text.RegularExpressions.Regex.Matches(
                    await client.GetStringAsync(new Uri(path, UriKind.Relative)),
                    """<select name="m:([^"]+)"[^>]*>.*?<option value="([a-z]+)" selected>.*?</select>"""
                )
                .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        Assert.That(await Cells("/rights/matrix"), Is.Empty, "a row is changed when it was opened");
        const string open = "/rights/matrix?row=workzone.orders.export&row=workzone.cases.import";
        var cells = await Cells(open);
        Assert.That(
            (
                cells.Keys.Select(k => k[(k.IndexOf('|', StringComparison.Ordinal) + 1)..]).Distinct().Count(),
                cells.Count > 10,
                cells["judge|workzone.orders.export"]
            ),
            Is.EqualTo((2, true, "yes"))
        );
        cells["judge|workzone.orders.export"] = "no";
        // without a reason nothing is asked for, and what was chosen stays chosen
        var refused = await TestApp.PostForm(client, open, "/rights/matrix", [("court", "0"), ("reason", ""), .. cells.Select(c => ("m:" + c.Key, c.Value))]);
        Assert.That((int)refused.StatusCode, Is.EqualTo(422));
        Assert.That(
            await refused.Content.ReadAsStringAsync(),
            Does.Match("""name="m:judge\|workzone\.orders\.export"[^>]*><option value="yes">[^<]*</option><option value="no" selected>""")
        );
        Assert.That((int)(await client.GetAsync(new Uri("/rights/matrix?row=no.such", UriKind.Relative))).StatusCode, Is.EqualTo(404));
        var answer = await TestApp.PostForm(
            client,
            open,
            "/rights/matrix",
            [("court", "0"), ("reason", "收紧导出"), .. cells.Select(c => ("m:" + c.Key, c.Value))]
        );
        Assert.That((int)answer.StatusCode, Is.EqualTo(302), await answer.Content.ReadAsStringAsync());
        var change = (await App.As("secadmin2").Send(new ListChanges())).Single();
        Assert.That(change.Read<MatrixBody>().Items, Is.EqualTo(new[] { new MatrixBody.Item("judge", "workzone.orders.export", 0, false) }));
        await App.Send(new DecideChange { Id = change.Id, Confirm = true });
        Assert.That((await Cells(open))["judge|workzone.orders.export"], Is.EqualTo("no"), "what was drawn before is not shown again");
        Assert.That(
            await client.GetStringAsync(
                new Uri($"/rights/matrix?court={await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉24'")}", UriKind.Relative)
            ),
            Does.Contain("由全部法院的设置改定")
        );
    }

    [Test]
    public async Task The_second_factor_of_administrators_is_not_switched_off()
    {
        await App.As(null).Send(new SetPolicy { Policy = new SignInPolicy(), Reason = "test" });
        await Assert.ThatAsync(
            () =>
                App.As("secadmin")
                    .Send(
                        new AskForPolicy
                        {
                            Policy = new SignInPolicy { SecondFactor = "off" },
                            Reason = "方便",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("second-factor")
        );
        Assert.That(
            await App.Send(
                new AskForPolicy
                {
                    Policy = new SignInPolicy { SecondFactor = "everyone" },
                    Reason = "收紧",
                }
            ),
            Is.Positive
        );
    }

    [Test]
    public async Task A_demonstration_without_it_may_stay_so()
    {
        await App.As(null)
            .Send(
                new SetPolicy
                {
                    Policy = new SignInPolicy { SecondFactor = "off" },
                    Reason = "demo",
                }
            );
        Assert.That(
            await App.As("secadmin")
                .Send(
                    new AskForPolicy
                    {
                        Policy = new SignInPolicy { SecondFactor = "off", IdleMinutes = 20 },
                        Reason = "演示",
                    }
                ),
            Is.Positive
        );
        Assert.That(await (await App.SignedIn("secadmin")).GetStringAsync(new Uri("/rights/policy", UriKind.Relative)), Does.Contain("value=\"off\""));
    }

    [TestCase("sysadmin", "workzone.cases.read")]
    [TestCase("sysadmin", "workzone.rights.manage")]
    [TestCase("auditor", "workzone.people.manage")]
    [TestCase("judge", "workzone.rights.confirm")]
    public async Task The_matrix_cannot_undo_the_separation(string role, string action)
    {
        await Assert.ThatAsync(
            () => App.As("secadmin").Send(new AskForMatrix { Reason = "x", Items = [new(role, action, 0, true)] }),
            Throws.TypeOf<RuleBroken>()
        );
        // also when the row stands in the table already
        await App.As(null)
            .Change(
                "INSERT INTO workzone_matrix (role, action, court_id, allowed, changed_at, changed_by, confirmed_by) VALUES (@role, @action, 0, 1, "
                    + "@now, '', '')",
                new
                {
                    role,
                    action,
                    now = App.Clock.GetUtcNow(),
                }
            );
        App.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await MayAsync(role, action), Is.False);
    }

    [Test]
    public async Task A_one_time_password_takes_both_halves()
    {
        var (person, _) = await PersonAsync("clerk");
        var first = await App.As("sysadmin").Send(new AskForPassword { PersonId = person, Reason = "忘记密码" });
        var change = (await App.As("secadmin").Send(new ListChanges())).Single(c => c.Kind == "password");
        Assert.That(change.Body, Does.Not.Contain(first));
        var second = (await App.As("secadmin").Send(new DecideChange { Id = change.Id, Confirm = true })).Halves["clerk"];
        Assert.That((await SignIn("clerk", first)).End, Is.EqualTo(SignInEnd.WrongNameOrPassword));
        Assert.That((await SignIn("clerk", second)).End, Is.EqualTo(SignInEnd.WrongNameOrPassword));
        Assert.That((await SignIn("clerk", TestApp.Password)).End, Is.EqualTo(SignInEnd.WrongNameOrPassword), "the old one is gone");
        Assert.That((await SignIn("clerk", $"{first}-{second}")).End, Is.EqualTo(SignInEnd.MustChangePassword));
        App.Advance(TimeSpan.FromHours(73));
        Assert.That((await SignIn("clerk", $"{first}-{second}")).End, Is.EqualTo(SignInEnd.Expired));
        Assert.That(await App.As(null).Value<string>("SELECT secret_enc FROM workzone_change WHERE id = @Id", new { change.Id }), Is.Null);
    }

    [Test]
    public async Task Passwords_made_before_the_commit_are_those_that_are_set_and_only_for_whoever_may_confirm()
    {
        var (person, _) = await PersonAsync("clerk");
        var first = await App.As("sysadmin").Send(new AskForPassword { PersonId = person, Reason = "忘记密码" });
        var change = (await App.As("secadmin").Send(new ListChanges())).Single(c => c.Kind == "password");
        foreach (var other in new[] { "sysadmin", "clerk", "leader", "auditor" })
            Assert.That(await App.As(other).Send(new PreparePasswords { Id = change.Id }), Is.Zero, other);
        var second = await App.As("secadmin")
            .In(async s =>
            {
                var mediator = s.GetRequiredService<MediatR.IMediator>();
                Assert.That(await mediator.Send(new PreparePasswords { Id = change.Id }), Is.EqualTo(1));
                return (await mediator.Send(new DecideChange { Id = change.Id, Confirm = true })).Halves["clerk"];
            });
        Assert.That((await SignIn("clerk", $"{first}-{second}")).End, Is.EqualTo(SignInEnd.MustChangePassword));
        Assert.That(await App.As("secadmin").Send(new PreparePasswords { Id = change.Id }), Is.Zero, "it is decided");
    }

    [Test]
    public async Task Administrators_reach_their_own_court_and_those_below_only()
    {
        await App.As(null).Change("INSERT INTO workzone_court (id, code, name, level, version) VALUES (77, '辽', '辽宁省高级人民法院', 'high', 1)");
        await App.Change(
            "INSERT INTO workzone_person (id, login, name, court_id, division, team, state, must_change, failed, stamp, language, created_at, "
                + "version) VALUES (78, 'far', '远某', 77, '', '', 'active', 0, 0, 'x', 'zh-CN', @now, 1)",
            new { now = App.Clock.GetUtcNow() }
        );
        await Assert.ThatAsync(
            () =>
                App.As("secadmin")
                    .Send(
                        new AskForRoles
                        {
                            PersonId = 78,
                            Reason = "x",
                            Add = [new RoleGrant { Role = "judge", CourtId = 77 }],
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("sysadmin")
                    .Send(
                        new SavePerson
                        {
                            Login = "new",
                            Name = "新",
                            Court = "辽",
                            Roles = ["judge"],
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("sysadmin")
                    .Send(
                        new SavePerson
                        {
                            Id = 78,
                            Version = 1,
                            Login = "far",
                            Name = "远",
                            Court = "吉2424",
                            Roles = ["judge"],
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        await Assert.ThatAsync(() => App.As("sysadmin").Send(new AskForPassword { PersonId = 78, Reason = "x" }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("sysadmin").Send(new ShowHandover { PersonId = 78 }), Throws.TypeOf<NotFound>());
    }

    private async Task<(long Person, long Court)> PersonAsync(string login) =>
        (await App.IdOf(login), await App.As(null).Value<long>("SELECT court_id FROM workzone_person WHERE login = @login", new { login }));

    private Task<long> AskAsync(long person, string role, string centre, long court) =>
        App.As("secadmin")
            .Send(
                new AskForRoles
                {
                    PersonId = person,
                    Reason = "岗位调整",
                    Add =
                    [
                        new RoleGrant
                        {
                            Role = role,
                            Centre = centre,
                            CourtId = court,
                        },
                    ],
                }
            );

    private async Task<IReadOnlyList<string>> CodesAsync(long person) =>
        await App.As(null)
            .Rows<string>(
                "SELECT CASE WHEN centre = '' THEN role ELSE CONCAT(role, ':', centre) END FROM workzone_role_grant WHERE person_id = @person",
                new { person }
            );

    private Task<bool> MayAsync(string login, string action) =>
        App.As(login).In(s => Task.FromResult(s.GetRequiredService<Kernel.Security.Actor>().Can(action)));

    private Task<SignInAnswer> SignIn(string login, string password) => App.As(null).In(s => s.GetRequiredService<IAccounts>().SignInAsync(login, password));
}
