using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Rights;
using Microsoft.Extensions.DependencyInjection;
using OtpNet;

namespace CourtOps.Workzone.People;

/// <summary>Sessions, second factor, keys, limits, proxies: over HTTP, as browsers and programs come.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SignInTests(Engine engine) : AppTests(engine)
{
    protected override void Prepare(TestAppOptions options) => options.Settings["CourtOps:Proxy:Trusted"] = "";

    [Test]
    public async Task An_administrator_sets_up_a_second_factor_and_is_asked_for_it_from_then_on()
    {
        await PolicyAsync(new SignInPolicy());
        var browser = await App.Http();
        var answer = await PasswordAsync(browser, "secadmin");
        Assert.That(answer.Headers.Location!.ToString(), Does.StartWith("/second-factor"));
        foreach (var closed in new[] { "/rights", "/people", "/account", "/absences" })
            Assert.That(await LocationAsync(browser, closed), Does.StartWith("/second-factor"), closed);
        Assert.That((await browser.GetAsync(Url("/events"))).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        var page = await (await browser.GetAsync(Url("/second-factor"))).Content.ReadAsStringAsync();
        var key = System.Text.RegularExpressions.Regex.Match(page, "<code class=\"mono\">([A-Z2-7]+)</code>").Groups[1].Value;
        Assert.That(
            (await TestApp.PostForm(browser, "/second-factor", "/second-factor", ("Code", "000000"))).StatusCode,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity)
        );
        var confirmed = await (await TestApp.PostForm(browser, "/second-factor", "/second-factor", ("Code", Code(key)))).Content.ReadAsStringAsync();
        var recovery = System.Text.RegularExpressions.Regex.Match(confirmed, "<li>([A-Za-z0-9-]+)</li>").Groups[1].Value;
        Assert.That((await browser.GetAsync(Url("/rights"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        var again = await App.Http();
        await PasswordAsync(again, "secadmin");
        Assert.That(await LocationAsync(again, "/rights"), Does.StartWith("/second-factor"));
        var used = await TestApp.PostForm(again, "/second-factor", "/second-factor", ("Code", Code(key)));
        Assert.That(used.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity), "a code counts once");
        App.Advance(TimeSpan.FromSeconds(30));
        Assert.That((await TestApp.PostForm(again, "/second-factor", "/second-factor", ("Code", Code(key)))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await again.GetAsync(Url("/rights"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        var third = await App.Http();
        await PasswordAsync(third, "secadmin");
        Assert.That((await TestApp.PostForm(third, "/second-factor", "/second-factor", ("Code", recovery))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        var fourth = await App.Http();
        await PasswordAsync(fourth, "secadmin");
        Assert.That(
            (await TestApp.PostForm(fourth, "/second-factor", "/second-factor", ("Code", recovery))).StatusCode,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity),
            "a recovery code counts once"
        );
    }

    [Test]
    public async Task Guessed_codes_lock_the_second_factor()
    {
        await PolicyAsync(new SignInPolicy());
        var browser = await App.Http();
        await PasswordAsync(browser, "secadmin");
        var page = await (await browser.GetAsync(Url("/second-factor"))).Content.ReadAsStringAsync();
        var key = System.Text.RegularExpressions.Regex.Match(page, "<code class=\"mono\">([A-Z2-7]+)</code>").Groups[1].Value;
        await TestApp.PostForm(browser, "/second-factor", "/second-factor", ("Code", Code(key)));
        var other = await App.Http();
        await PasswordAsync(other, "secadmin");
        for (var i = 0; i < 5; i++)
            await TestApp.PostForm(other, "/second-factor", "/second-factor", ("Code", "12345" + i));
        App.Advance(TimeSpan.FromMinutes(1));
        var right = await TestApp.PostForm(other, "/second-factor", "/second-factor", ("Code", Code(key)));
        Assert.That(await right.Content.ReadAsStringAsync(), Does.Contain("锁定至"));
    }

    [Test]
    public async Task The_codes_are_those_of_the_standard()
    {
        // RFC 6238, appendix B, the last six digits
        var key = "12345678901234567890"u8.ToArray();
        foreach (
            var (at, code) in new[] { (59L, "287082"), (1111111109L, "081804"), (1111111111L, "050471"), (1234567890L, "005924"), (2000000000L, "279037") }
        )
            Assert.That(SecondFactor.StepOf(key, code, DateTimeOffset.FromUnixTimeSeconds(at)), Is.EqualTo(at / 30), code);
        Assert.That(SecondFactor.StepOf(key, "287082", DateTimeOffset.FromUnixTimeSeconds(59 + 90)), Is.Null);
        await Task.CompletedTask;
    }

    [Test]
    public async Task A_session_ends_when_nobody_is_there_and_after_its_hours()
    {
        await PolicyAsync(
            new SignInPolicy
            {
                SecondFactor = "off",
                MaxAgeDays = 0,
                IdleMinutes = 15,
                MaxHours = 1,
            }
        );
        var browser = await App.SignedIn("judge");
        App.Advance(TimeSpan.FromMinutes(14));
        Assert.That((await browser.GetAsync(Url("/cases"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        App.Advance(TimeSpan.FromMinutes(14));
        // what a page asks by itself keeps nobody signed in
        await browser.GetAsync(Url("/shell/counts"));
        App.Advance(TimeSpan.FromMinutes(2));
        Assert.That(await LocationAsync(browser, "/cases"), Does.StartWith("/sign-in"));
        var second = await App.SignedIn("judge");
        for (var i = 0; i < 6; i++)
        {
            App.Advance(TimeSpan.FromMinutes(9));
            Assert.That((await second.GetAsync(Url("/cases"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
        App.Advance(TimeSpan.FromMinutes(9));
        Assert.That(await LocationAsync(second, "/cases"), Does.StartWith("/sign-in"));
    }

    [Test]
    public async Task What_was_typed_when_the_session_had_ended_is_in_the_form_again_for_the_same_person()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        var browser = await App.SignedIn("judge");
        var page = await (await browser.GetAsync(Url($"/orders/{order.OrderId}"))).Content.ReadAsStringAsync();
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        App.Advance(TimeSpan.FromHours(13));
        browser.DefaultRequestHeaders.Referrer = new Uri(browser.BaseAddress!, $"/orders/{order.OrderId}");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["Words"] = "很长的一段说明" });
        var answer = await browser.PostAsync(Url($"/orders/{order.OrderId}?handler=Comment"), form);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        var next = Uri.UnescapeDataString(answer.Headers.Location!.ToString().Split("next=")[1]);
        Assert.That(next, Does.StartWith($"/orders/{order.OrderId}?kept="));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_kept_form WHERE fields_enc LIKE '%说明%'"), Is.Zero, "nothing in clear");
        foreach (var (person, there) in new[] { ("lead", false), ("judge", true) })
        {
            var again = await App.SignedIn(person);
            var shown = System.Net.WebUtility.HtmlDecode(await (await again.GetAsync(Url(next))).Content.ReadAsStringAsync());
            Assert.That(shown.Contains("很长的一段说明", StringComparison.Ordinal), Is.EqualTo(there), person);
        }
        App.Advance(CourtOps.Kernel.Web.KeptForms.Age);
        Assert.That(await (await (await App.SignedIn("judge")).GetAsync(Url(next))).Content.ReadAsStringAsync(), Does.Not.Contain("data-kept"));
        App.Advance(TimeSpan.FromMinutes(1));
        await App.RunJob<CourtOps.Kernel.Files.CollectFiles>();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_kept_form"), Is.Zero, "nor is it kept any longer");
    }

    [Test]
    public async Task The_clock_set_back_does_not_bring_a_session_back()
    {
        var browser = await App.SignedIn("judge");
        App.Advance(TimeSpan.FromHours(13));
        Assert.That(await LocationAsync(browser, "/cases"), Does.StartWith("/sign-in"));
        App.At(TestClock.Monday);
        Assert.That(await LocationAsync(browser, "/cases"), Does.StartWith("/sign-in"));
    }

    [Test]
    public async Task Sessions_are_listed_and_ended_from_afar()
    {
        var here = await App.SignedIn("judge");
        var there = await App.SignedIn("judge");
        var mine = await App.As("judge").Send(new ListSessions());
        Assert.That(mine, Has.Count.EqualTo(2));
        await Assert.ThatAsync(() => App.As("clerk").Send(new EndSession { Id = mine[0].Id }), Throws.TypeOf<NotFound>(), "somebody else's");
        await App.As("secadmin").Send(new EndSession { Id = mine[0].Id });
        await App.As("judge").Send(new EndSession { Id = mine[1].Id });
        foreach (var browser in new[] { here, there })
            Assert.That(await LocationAsync(browser, "/cases"), Does.StartWith("/sign-in"));
        await Assert.ThatAsync(() => App.As("sysadmin").Send(new ListSessions { Everybody = true }), Throws.TypeOf<Forbidden>());
    }

    [Test]
    public async Task A_session_too_many_ends_the_oldest()
    {
        await PolicyAsync(
            new SignInPolicy
            {
                SecondFactor = "off",
                MaxAgeDays = 0,
                MaxSessions = 2,
            }
        );
        var first = await App.SignedIn("judge");
        App.Advance(TimeSpan.FromSeconds(1));
        var second = await App.SignedIn("judge");
        App.Advance(TimeSpan.FromSeconds(1));
        await App.SignedIn("judge");
        Assert.That(await LocationAsync(first, "/cases"), Does.StartWith("/sign-in"));
        Assert.That((await second.GetAsync(Url("/cases"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Signing_out_ends_the_session_itself()
    {
        var browser = await App.SignedIn("judge");
        await TestApp.PostForm(browser, "/cases", "/sign-out");
        Assert.That(await App.As(null).Value<string>("SELECT end_reason FROM workzone_session"), Is.EqualTo("signed-out"));
    }

    [Test]
    public async Task A_stolen_cookie_is_worth_nothing_after_a_change_of_rights()
    {
        var browser = await App.SignedIn("clerk");
        var court = await App.As(null).Value<long>("SELECT court_id FROM workzone_person WHERE login = 'clerk'");
        var change = await App.As("secadmin")
            .Send(
                new AskForRoles
                {
                    PersonId = await App.IdOf("clerk"),
                    Reason = "x",
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
        await App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true });
        Assert.That(await LocationAsync(browser, "/orders"), Does.StartWith("/sign-in"));
    }

    [Test]
    public async Task An_aged_password_is_changed_before_anything_else()
    {
        await PolicyAsync(new SignInPolicy { SecondFactor = "off", MaxAgeDays = 90 });
        App.Advance(TimeSpan.FromDays(91));
        var browser = await App.Http();
        var answer = await PasswordAsync(browser, "judge");
        Assert.That(answer.Headers.Location!.ToString(), Is.EqualTo("/account?must=true"));
        Assert.That(await LocationAsync(browser, "/cases"), Is.EqualTo("/account?must=true"));
        Assert.That(
            (
                await TestApp.PostForm(
                    browser,
                    "/account",
                    "/account",
                    ("Data.Old", TestApp.Password),
                    ("Data.New", "Another-2026-Word"),
                    ("Data.Again", "Another-2026-Word")
                )
            ).StatusCode,
            Is.EqualTo(HttpStatusCode.Redirect)
        );
        Assert.That((await browser.GetAsync(Url("/cases"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("judge", "wrong-wrong")]
    [TestCase("nobody", "wrong-wrong")]
    public async Task A_refused_sign_in_stands_as_refused_in_the_trail(string login, string password)
    {
        await App.As(null).In(s => s.GetRequiredService<IAccounts>().SignInAsync(login, password));
        await App.SignedIn("judge2");
        Assert.That(
            await App.Rows<string>("SELECT result FROM kernel_audit WHERE action = 'workzone.sign-in' ORDER BY id"),
            Is.EqualTo(new[] { "refused", "done" })
        );
    }

    [Test]
    public async Task A_key_is_asked_for_confirmed_collected_once_rotated_and_revoked()
    {
        var change = await App.As("secadmin")
            .Send(
                new AskForKey
                {
                    Login = "clerk",
                    Purpose = "对接",
                    Reason = "对接",
                    Only = ["workzone.orders.read"],
                    PerMinute = 5,
                    Days = 30,
                }
            );
        await Assert.ThatAsync(() => App.As("secadmin").Send(new CollectKey { ChangeId = change }), Throws.TypeOf<Conflict>(), "not before it is confirmed");
        await App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true });
        await Assert.ThatAsync(
            () => App.As("secadmin2").Send(new CollectKey { ChangeId = change }),
            Throws.TypeOf<NotFound>(),
            "who confirmed does not get it"
        );
        var key = await App.As("secadmin").Send(new CollectKey { ChangeId = change });
        await Assert.ThatAsync(() => App.As("secadmin").Send(new CollectKey { ChangeId = change }), Throws.TypeOf<Conflict>());
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_api_key WHERE digest = @key", new { key }), Is.Zero);
        Assert.That(await StatusAsync(key, "/api/v1/work-orders"), Is.EqualTo(200));
        Assert.That(await StatusAsync(key, "/api/v1/cases"), Is.EqualTo(403), "narrowed to one action");
        for (var i = 0; i < 3; i++)
            await StatusAsync(key, "/api/v1/me");
        Assert.That(await StatusAsync(key, "/api/v1/me"), Is.EqualTo(429));
        App.Advance(TimeSpan.FromMinutes(1));
        var id = await App.As(null).Value<long>("SELECT id FROM workzone_api_key");
        var turn = await App.As("secadmin").Send(new RotateKey { Id = id, OverlapHours = 1 });
        await Assert.ThatAsync(
            () => App.As("secadmin").Send(new CollectKey { ChangeId = turn }),
            Throws.TypeOf<Conflict>(),
            "a new secret needs the second person too"
        );
        await App.As("secadmin2").Send(new DecideChange { Id = turn, Confirm = true });
        var fresh = await App.As("secadmin").Send(new CollectKey { ChangeId = turn });
        Assert.That((await StatusAsync(key, "/api/v1/me"), await StatusAsync(fresh, "/api/v1/me")), Is.EqualTo((200, 200)));
        App.Advance(TimeSpan.FromMinutes(61));
        Assert.That((await StatusAsync(key, "/api/v1/me"), await StatusAsync(fresh, "/api/v1/me")), Is.EqualTo((401, 200)));
        await App.As("secadmin").Send(new RevokeKey { Id = await App.As(null).Value<long>("SELECT MAX(id) FROM workzone_api_key") });
        Assert.That(await StatusAsync(fresh, "/api/v1/me"), Is.EqualTo(401));
    }

    [Test]
    public async Task An_administrator_has_no_key_and_a_system_account_no_door()
    {
        await Assert.ThatAsync(
            () =>
                App.As("secadmin")
                    .Send(
                        new AskForKey
                        {
                            Login = "sysadmin",
                            Purpose = "x",
                            Reason = "x",
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = "casesystem",
                    Name = "审判系统",
                    Court = "吉2424",
                    Roles = ["system"],
                    Password = TestApp.Password,
                }
            );
        Assert.That(
            (await App.In(s => s.GetRequiredService<IAccounts>().SignInAsync("casesystem", TestApp.Password))).End,
            Is.EqualTo(SignInEnd.WrongNameOrPassword)
        );
        var key = await App.In(s => s.GetRequiredService<IAccounts>().CreateKeyAsync("casesystem", null, "x"));
        Assert.That(await StatusAsync(key, "/api/v1/cases"), Is.EqualTo(200));
        Assert.That(await StatusAsync(key, "/api/v1/absences"), Is.EqualTo(403));
    }

    [Test]
    public async Task A_person_with_roles_in_two_courts_acts_in_one_at_a_time()
    {
        var clerk = await App.IdOf("clerk");
        var yanji = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2401'");
        var change = await App.As("secadmin")
            .Send(
                new AskForRoles
                {
                    PersonId = clerk,
                    Reason = "支援",
                    Add =
                    [
                        new RoleGrant
                        {
                            Role = "lead",
                            Centre = "service",
                            CourtId = yanji,
                        },
                    ],
                }
            );
        await App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true });
        var browser = await App.SignedIn("clerk");
        var account = await (await browser.GetAsync(Url("/account"))).Content.ReadAsStringAsync();
        Assert.That(account, Does.Contain("延吉市人民法院"));
        await TestApp.PostForm(browser, "/account", "/account?handler=Court", ("courtId", $"{yanji}"));
        Assert.That(await (await browser.GetAsync(Url("/orders"))).Content.ReadAsStringAsync(), Does.Contain("延吉市人民法院"));
        var other = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉'");
        Assert.That(
            (await TestApp.PostForm(browser, "/account", "/account?handler=Court", ("courtId", $"{other}"))).StatusCode,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity)
        );
    }

    private Task PolicyAsync(SignInPolicy policy) => App.As(null).Send(new SetPolicy { Policy = policy, Reason = "test" });

    private static Task<HttpResponseMessage> PasswordAsync(HttpClient browser, string login) =>
        TestApp.PostForm(browser, "/sign-in", "/sign-in", ("Login", login), ("Password", TestApp.Password));

    private static async Task<string> LocationAsync(HttpClient browser, string path) => (await browser.GetAsync(Url(path))).Headers.Location?.ToString() ?? "";

    private async Task<int> StatusAsync(string key, string path)
    {
        var client = await App.Http();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return (int)(await client.GetAsync(Url(path))).StatusCode;
    }

    private string Code(string key) => new Totp(Base32Encoding.ToBytes(key)).ComputeTotp(App.Clock.GetUtcNow().UtcDateTime);

    private static Uri Url(string path) => new(path, UriKind.Relative);
}
