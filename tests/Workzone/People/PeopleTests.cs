using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Rights;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.People;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class PeopleTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task Five_wrong_passwords_lock_for_a_quarter_of_an_hour()
    {
        for (var i = 0; i < 4; i++)
            Assert.That((await SignIn("judge", "wrong-wrong")).End, Is.EqualTo(SignInEnd.WrongNameOrPassword));
        Assert.That((await SignIn("judge", "wrong-wrong")).End, Is.EqualTo(SignInEnd.Locked));
        Assert.That((await SignIn("judge", TestApp.Password)).End, Is.EqualTo(SignInEnd.Locked), "the right one does not open it");
        Assert.That((await SignIn("judge2", TestApp.Password)).End, Is.EqualTo(SignInEnd.Done), "others are not locked");
        App.Advance(TimeSpan.FromMinutes(15).Add(TimeSpan.FromSeconds(1)));
        Assert.That((await SignIn("judge", TestApp.Password)).End, Is.EqualTo(SignInEnd.Done));
    }

    [Test]
    public async Task A_success_forgets_the_failures_before_it()
    {
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 4; i++)
                await SignIn("judge", "wrong-wrong");
            Assert.That((await SignIn("judge", TestApp.Password)).End, Is.EqualTo(SignInEnd.Done));
        }
    }

    [Test]
    public async Task An_unknown_name_is_answered_like_a_wrong_password() =>
        Assert.That((await SignIn("nobody", "wrong-wrong")).End, Is.EqualTo((await SignIn("judge", "wrong-wrong")).End));

    [TestCase("short-pw1")]
    [TestCase("aaaaaaaaaaaaa")]
    [TestCase("my-judge-password")]
    [TestCase("Demo-2026-Court")]
    public async Task A_weak_or_unchanged_password_is_refused(string password) =>
        await Assert.ThatAsync(() => App.As("judge").Send(new ChangePassword { Old = TestApp.Password, New = password }), Throws.TypeOf<RuleBroken>());

    [Test]
    public async Task A_changed_password_ends_every_other_session()
    {
        var browser = await App.SignedIn("judge");
        Assert.That((int)(await browser.GetAsync(new Uri("/cases", UriKind.Relative))).StatusCode, Is.EqualTo(200));
        await App.As("judge").Send(new ChangePassword { Old = TestApp.Password, New = "Another-2026-Word" });
        Assert.That((int)(await browser.GetAsync(new Uri("/cases", UriKind.Relative))).StatusCode, Is.EqualTo(302));
        Assert.That((await SignIn("judge", TestApp.Password)).End, Is.EqualTo(SignInEnd.WrongNameOrPassword));
        Assert.That((await SignIn("judge", "Another-2026-Word")).End, Is.EqualTo(SignInEnd.Done));
    }

    [Test]
    public async Task Who_has_left_can_do_nothing_any_more()
    {
        var key = await App.WithKey("clerk");
        await Save("clerk", active: false);
        Assert.That((await SignIn("clerk", TestApp.Password)).End, Is.EqualTo(SignInEnd.WrongNameOrPassword));
        Assert.That((int)(await key.GetAsync(new Uri("/api/v1/cases", UriKind.Relative))).StatusCode, Is.EqualTo(401));
    }

    [Test]
    public async Task The_last_administrator_stays()
    {
        await Assert.ThatAsync(() => Save("sysadmin", active: false), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(() => Save("sysadmin", roles: ["judge"]), Throws.TypeOf<RuleBroken>());
    }

    [Test]
    public async Task A_person_saved_by_two_is_a_conflict()
    {
        await Save("judge", name: "李一");
        var id = await App.IdOf("judge");
        await Assert.ThatAsync(
            () =>
                App.As("sysadmin")
                    .Send(
                        new SavePerson
                        {
                            Id = id,
                            Version = 1,
                            Login = "judge",
                            Name = "李二",
                            Court = "吉2424",
                            Roles = ["judge"],
                        }
                    ),
            Throws.TypeOf<Conflict>()
        );
    }

    [TestCase("bad login", "李", "judge")]
    [TestCase("good", "", "judge")]
    [TestCase("good", "李", "king")]
    [TestCase("good", "李", "judge:service")]
    [TestCase("good", "李", "clerk:kitchen")]
    public async Task A_person_that_cannot_be_is_invalid(string login, string name, string role) =>
        await Assert.ThatAsync(
            () =>
                App.As("sysadmin")
                    .Send(
                        new SavePerson
                        {
                            Login = login,
                            Name = name,
                            Court = "吉2424",
                            Roles = [role],
                        }
                    ),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );

    [Test]
    public async Task Only_who_manages_people_saves_them() =>
        await Assert.ThatAsync(
            () =>
                App.As("leader")
                    .Send(
                        new SavePerson
                        {
                            Login = "x",
                            Name = "x",
                            Court = "吉2424",
                            Roles = ["judge"],
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );

    [Test]
    public async Task A_list_of_people_says_of_each_row_what_came_of_it()
    {
        var outcomes = await Import(
            "登录名,姓名,法院,角色\nwang,王新,吉2424,法官\njudge,李测试,汪清县人民法院,judge\nzhou,周新,吉2424,书记员:智能送达\nnobody,无名,火星法院,judge\nbad,无名,吉2424,国王\n"
        );
        Assert.That(outcomes.Select(o => o.Outcome), Is.EqualTo(new[] { "created", "updated", "created", "refused", "refused" }));
        // nobody signs in with the half that whoever imported has, and the role waits for a second person
        var first = outcomes[0].InitialPassword!;
        Assert.That((await SignIn("wang", first)).End, Is.EqualTo(SignInEnd.WrongNameOrPassword));
        var change = (await App.As("secadmin").Send(new ListChanges()))[0];
        Assert.That(change.Read<RolesBody>().People.Select(p => p.Login), Is.EqualTo(new[] { "wang", "zhou" }));
        var decided = await App.As("secadmin").Send(new DecideChange { Id = change.Id, Confirm = true });
        Assert.That(decided.Halves.Keys, Is.EquivalentTo(new[] { "wang", "zhou" }));
        Assert.That((await SignIn("wang", first + "-" + decided.Halves["wang"])).End, Is.EqualTo(SignInEnd.MustChangePassword));
        Assert.That(
            await App.As(null).Value<string>("SELECT g.role FROM workzone_role_grant g JOIN workzone_person p ON p.id = g.person_id WHERE p.login = 'zhou'"),
            Is.EqualTo("clerk")
        );
    }

    [TestCase("登录名;姓名;法院;角色\n\nwang;王\u200B新;吉2424;法官\n", 3)]
    [TestCase("登录名\t姓名\t法院\t角色\nwang\t王　新\t吉2424\t法官\n", 2)]
    public async Task A_list_of_people_is_read_as_spreadsheets_write_it(string csv, int row)
    {
        Assert.That((await Import(csv)).Select(o => (o.Row, o.Outcome)), Is.EqualTo(new[] { (row, "created") }));
        Assert.That(await App.As(null).Value<string>("SELECT name FROM workzone_person WHERE login = 'wang'"), Is.EqualTo("王新"));
    }

    [Test]
    public async Task A_list_tells_nothing_of_people_of_other_courts_but_that_their_login_is_taken()
    {
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = "sys-yanji",
                    Name = "县院管理",
                    Court = "吉2401",
                    Roles = [Roles.SystemAdministrator],
                    Password = TestApp.Password,
                }
            );
        var judge = await App.IdOf("judge");
        var outcomes = await App.As("sys-yanji")
            .In(async s =>
            {
                using var stream = new MemoryStream(Encoding.UTF8.GetBytes("登录名,姓名,法院,角色\njudge,王新,吉2401,法官\nwang,王新,吉2401,法官\n"));
                return await s.GetRequiredService<IPeopleImport>().ImportAsync(stream, default);
            });
        Assert.That(outcomes.Select(o => (o.Outcome, o.Error)), Is.EqualTo(new[] { ("refused", "登录名 judge 已有人使用。"), ("created", null) }));
        var page = await Assert.ThrowsAsync<RuleBroken>(() =>
            App.As("sys-yanji")
                .Send(
                    new SavePerson
                    {
                        Login = "judge",
                        Name = "王新",
                        Court = "吉2401",
                        Roles = ["judge"],
                    }
                )
        );
        Assert.That(page!.Message, Is.EqualTo(outcomes[0].Error), "as on the page");
        Assert.That(await App.As(null).Value<string>("SELECT name FROM workzone_person WHERE id = @judge", new { judge }), Is.EqualTo("李测试"));
    }

    [Test]
    public async Task A_list_brings_id_numbers_that_are_kept_encrypted_and_a_blank_one_changes_nothing()
    {
        Task<IReadOnlyList<StoredNumber>> Stored() =>
            App.As(null)
                .Rows<StoredNumber>("SELECT login, id_number_enc, id_number_idx FROM workzone_person WHERE login IN ('judge', 'judge2') ORDER BY login");
        var outcomes = await Import(
            "登录名,姓名,法院,角色,证件号码\njudge,李测试,吉2424,法官,990101198001010022\njudge2,林虚构,吉2424,法官,990101198001010023\n"
        );
        Assert.That(outcomes.Select(o => o.Outcome), Is.EqualTo(new[] { "updated", "refused" }));
        Assert.That(outcomes[1].Error, Does.Contain("证件号码").And.Contain("留空"));
        var first = await Stored();
        Assert.That(first.Select(p => (p.IdNumberEnc is null, p.IdNumberIdx is null)), Is.EqualTo(new[] { (false, false), (true, true) }));
        Assert.That(first[0].IdNumberEnc, Does.Not.Contain("990101"));
        await Import("登录名,姓名,法院,角色,证件号码\njudge,李测试,吉2424,法官,\n");
        Assert.That((await Stored())[0], Is.EqualTo(first[0]));
        Assert.That(await App.Verify("secrets"), Is.Empty);
        Assert.That(await App.Rows<string>("SELECT detail FROM kernel_audit WHERE action = 'workzone.person.save'"), Has.None.Contains("990101"));
        Assert.That(
            await (await App.SignedIn("sysadmin")).GetStringAsync(new Uri($"/people/edit/{await App.IdOf("judge")}", UriKind.Relative)),
            Does.Contain("id-number").And.Not.Contain("990101")
        );
    }

    private sealed record StoredNumber
    {
        public string Login { get; init; } = "";
        public string? IdNumberEnc { get; init; }
        public string? IdNumberIdx { get; init; }
    }

    [TestCase("登录名,姓名\nx,y\n")]
    [TestCase("登录名,姓名,法院,角色\n\"x\"y,z,吉2424,judge\n")]
    public async Task A_list_of_people_that_cannot_be_read_is_refused_with_a_reason(string csv) =>
        await Assert.ThatAsync(() => Import(csv), Throws.TypeOf<RuleBroken>());

    [Test]
    public async Task The_same_person_in_two_courts_is_refused_with_the_way()
    {
        var outcomes = await Import("登录名,姓名,法院,角色\nwang,王新,吉2424,法官\nwang,王新,吉2401,法官\n");
        Assert.That(outcomes.Select(o => o.Outcome), Is.EqualTo(new[] { "created", "refused" }));
        Assert.That(outcomes[1].Error, Does.Contain("一人只属一个法院"));
    }

    [Test]
    public async Task A_list_that_takes_the_last_administrator_away_is_refused_for_that_row_alone()
    {
        var outcomes = await Import("登录名,姓名,法院,角色\nsysadmin,系统管理员,吉24,judge\nauditor,审计员,吉24,auditor\n");
        Assert.That(outcomes.Select(o => o.Outcome), Is.EqualTo(new[] { "refused", "updated" }));
        Assert.That(
            await App.As(null)
                .Value<string>("SELECT g.role FROM workzone_role_grant g JOIN workzone_person p ON p.id = g.person_id WHERE p.login = 'sysadmin'"),
            Is.EqualTo("sysadmin")
        );
    }

    [TestCase("PK\u0003\u0004rest of a spreadsheet")]
    [TestCase("MZ\u0000\u0000")]
    public async Task What_is_no_text_is_no_list(string content) =>
        await Assert.ThatAsync(() => Import(content), Throws.TypeOf<RuleBroken>().With.Message.Contains("不是 CSV"));

    [Test]
    public async Task A_json_list_does_the_same()
    {
        var outcomes = await App.As("sysadmin")
            .In(async s =>
            {
                using var stream = new MemoryStream(
                    Encoding.UTF8.GetBytes(
                        """[{"login":"wang","name":"王新","court":"吉2424","roles":["judge"]},{"login":"x y","name":"坏","court":"吉2424","roles":"judge"}]"""
                    )
                );
                return await s.GetRequiredService<IPeopleImport>().ImportAsync(stream, default, "people.json");
            });
        Assert.That(outcomes.Select(o => o.Outcome), Is.EqualTo(new[] { "created", "refused" }));
    }

    private Task<IReadOnlyList<PersonOutcome>> Import(string csv) =>
        App.As("sysadmin")
            .In(async s =>
            {
                using var stream = new MemoryStream(Encoding.UTF8.GetBytes(csv));
                return await s.GetRequiredService<IPeopleImport>().ImportAsync(stream, default);
            });

    private Task<SignInAnswer> SignIn(string login, string password) => App.As(null).In(s => s.GetRequiredService<IAccounts>().SignInAsync(login, password));

    private async Task Save(string login, bool active = true, IReadOnlyList<string>? roles = null, string? name = null)
    {
        var row = (
            await App.As(null)
                .Value<Row>(
                    "SELECT p.id, p.version, p.name, t.code FROM workzone_person p JOIN workzone_court t ON t.id = p.court_id WHERE p.login = @login",
                    new { login }
                )
        )!;
        var held = await App.Rows<string>(
            "SELECT CASE WHEN centre = '' THEN role ELSE CONCAT(role, ':', centre) END FROM workzone_role_grant WHERE person_id = @Id",
            new { row.Id }
        );
        await App.As("sysadmin")
            .Send(
                new SavePerson
                {
                    Id = row.Id,
                    Version = row.Version,
                    Login = login,
                    Name = name ?? row.Name,
                    Court = row.Code,
                    Roles = roles ?? held,
                    Active = active,
                }
            );
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public int Version { get; init; }
        public string Name { get; init; } = "";
        public string Code { get; init; } = "";
    }
}
