using System.Net;
using CourtOps.Host.Web;
using CourtOps.Workzone.Rights;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.People;

/// <summary>A reverse proxy that has signed people in names them in a header: believed from its address, from no other.</summary>
public sealed class ProxyTests() : AppTests(Engine.Sqlite)
{
    protected override void Prepare(TestAppOptions options)
    {
        options.Settings["CourtOps:Proxy:Trusted"] = "127.0.0.0/8";
        options.Settings["CourtOps:Proxy:UserHeader"] = "X-Remote-User";
        options.Settings["CourtOps:Proxy:SignOut"] = "https://sso.example/logout";
    }

    [Test]
    public async Task The_proxy_signs_in_whom_it_names_and_the_session_has_the_callers_address()
    {
        var browser = await NamedAsync("judge");
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9, 10.1.2.3");
        Assert.That((await browser.GetAsync(SignInUrl.Of("/cases"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await browser.GetAsync(SignInUrl.Of("/orders"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            await App.As(null).Rows<string>("SELECT CONCAT(channel, ' ', address) FROM workzone_session"),
            Is.EqualTo(new[] { "proxy 10.1.2.3" }),
            "one session, for the address the proxy itself saw"
        );
    }

    [TestCase("nobody-knows")]
    [TestCase("left")]
    [TestCase("casesystem")]
    [TestCase("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task Who_is_unknown_has_left_or_is_a_program_stays_outside(string login)
    {
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = "left",
                    Name = "已离职",
                    Court = "吉2424",
                    Roles = ["judge"],
                    Active = false,
                }
            );
        await App.Send(
            new SavePerson
            {
                Login = "casesystem",
                Name = "审判系统",
                Court = "吉2424",
                Roles = ["system"],
            }
        );
        var browser = await NamedAsync(login);
        Assert.That((await browser.GetAsync(SignInUrl.Of("/cases"))).Headers.Location?.ToString(), Does.StartWith("/sign-in"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_session"), Is.Zero);
        Assert.That(
            await App.Value<int>("SELECT COUNT(*) FROM kernel_audit WHERE action = 'workzone.sign-in.enter' AND detail LIKE '%unknown-login%'"),
            Is.EqualTo(login.Length > 60 ? 0 : 1)
        );
    }

    [Test]
    public async Task An_administrator_gives_the_second_factor_all_the_same()
    {
        await App.As(null).Send(new SetPolicy { Policy = new SignInPolicy(), Reason = "test" });
        var browser = await NamedAsync("secadmin");
        foreach (var closed in new[] { "/rights", "/people", "/sessions" })
            Assert.That((await browser.GetAsync(SignInUrl.Of(closed))).Headers.Location?.ToString(), Does.StartWith("/second-factor"), closed);
        Assert.That((await browser.GetAsync(SignInUrl.Of("/events"))).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Signing_out_ends_the_session_and_leads_to_where_the_proxy_ends_its_own()
    {
        var browser = await NamedAsync("judge");
        var answer = await TestApp.PostForm(browser, "/cases", "/sign-out");
        Assert.That(answer.Headers.Location?.ToString(), Is.EqualTo("https://sso.example/logout"));
        Assert.That(await App.As(null).Rows<string>("SELECT end_reason FROM workzone_session"), Is.EqualTo(new[] { "signed-out" }));
    }

    [Test]
    public async Task When_the_proxy_names_somebody_else_the_session_of_the_first_is_over()
    {
        var browser = await NamedAsync("judge");
        await browser.GetAsync(SignInUrl.Of("/cases"));
        browser.DefaultRequestHeaders.Remove("X-Remote-User");
        browser.DefaultRequestHeaders.Add("X-Remote-User", "clerk");
        Assert.That((await browser.GetAsync(SignInUrl.Of("/orders?view=mine"))).Headers.Location?.ToString(), Is.EqualTo("/orders?view=mine"));
        Assert.That(
            await (await browser.GetAsync(SignInUrl.Of("/orders?view=mine"))).Content.ReadAsStringAsync(),
            Does.Contain("钱演示").And.Not.Contain("李测试")
        );
        browser.DefaultRequestHeaders.Remove("X-Remote-User");
        browser.DefaultRequestHeaders.Add("X-Remote-User", "nobody-knows");
        await browser.GetAsync(SignInUrl.Of("/orders"));
        Assert.That((await browser.GetAsync(SignInUrl.Of("/orders"))).Headers.Location?.ToString(), Does.StartWith("/sign-in"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_session WHERE ended_at IS NULL"), Is.Zero);
    }

    private async Task<HttpClient> NamedAsync(string login)
    {
        var browser = await App.Http();
        browser.DefaultRequestHeaders.Add("X-Remote-User", login);
        return browser;
    }
}

/// <summary>The same header from an address that is not the proxy's.</summary>
public sealed class SpoofedProxyTests() : AppTests(Engine.Sqlite)
{
    protected override void Prepare(TestAppOptions options)
    {
        options.Settings["CourtOps:Proxy:Trusted"] = "192.0.2.1";
        options.Settings["CourtOps:Proxy:UserHeader"] = "X-Remote-User";
    }

    [Test]
    public async Task A_header_from_elsewhere_signs_nobody_in_and_is_recorded_once_in_a_while()
    {
        var browser = await App.Http();
        browser.DefaultRequestHeaders.Add("X-Remote-User", "secadmin");
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
        for (var i = 0; i < 5; i++)
            Assert.That((await browser.GetAsync(SignInUrl.Of("/rights"))).Headers.Location?.ToString(), Does.StartWith("/sign-in"));
        async Task<IReadOnlyList<string>> Records() =>
            await App.As(null).Rows<string>("SELECT CONCAT(address, ' ', actor, ' ', detail) FROM kernel_audit WHERE action = 'workzone.sign-in.spoof'");
        Assert.That(
            await Records(),
            Has.Count.EqualTo(1).And.Some.Contains("secadmin").And.Some.StartsWith("127.0.0.1  "),
            "from where it came, not from where it said"
        );
        App.Advance(TimeSpan.FromMinutes(10));
        await browser.GetAsync(SignInUrl.Of("/rights"));
        Assert.That(await Records(), Has.Count.EqualTo(2));
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM workzone_session"), Is.Zero);
        var judge = await App.SignedIn("judge");
        judge.DefaultRequestHeaders.Add("X-Remote-User", "secadmin");
        Assert.That(
            (await judge.GetAsync(SignInUrl.Of("/rights/matrix"))).StatusCode,
            Is.EqualTo(HttpStatusCode.Forbidden),
            "nor does it change who is signed in"
        );
    }
}

/// <summary>The seam for a provider of identities, with a provider of the test.</summary>
public sealed class ProviderTests() : AppTests(Engine.Sqlite)
{
    protected override void Prepare(TestAppOptions options) => options.Services.Add(s => s.AddSingleton<ISignInProvider, Directory>());

    [Test]
    public async Task A_button_leads_there_and_back_to_the_page_that_was_asked_for()
    {
        var browser = await App.Http();
        Assert.That(
            WebUtility.HtmlDecode(await browser.GetStringAsync(SignInUrl.Of("/sign-in?next=%2Fcases"))),
            Does.Contain("/sign-in/with/directory?next=%2Fcases")
        );
        var back = await BackAsync(browser, "judge", "/cases");
        Assert.That(back.Headers.Location?.ToString(), Is.EqualTo("/cases"));
        Assert.That((await browser.GetAsync(SignInUrl.Of("/cases"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await App.As(null).Value<string>("SELECT channel FROM workzone_session"), Is.EqualTo("directory"));
        await TestApp.PostForm(browser, "/cases", "/sign-out");
        Assert.That((await browser.GetAsync(SignInUrl.Of("/cases"))).Headers.Location?.ToString(), Does.StartWith("/sign-in"));
    }

    [TestCase("//evil.example")]
    [TestCase("https://evil.example/cases")]
    [TestCase("/\\evil.example")]
    public async Task The_way_back_never_leads_outside(string next) =>
        Assert.That((await BackAsync(await App.Http(), "judge", next)).Headers.Location?.ToString(), Is.EqualTo("/"));

    [TestCase("nobody-knows")]
    [TestCase("left")]
    [TestCase("")]
    public async Task Who_is_not_known_here_stays_outside(string login)
    {
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = "left",
                    Name = "已离职",
                    Court = "吉2424",
                    Roles = ["judge"],
                    Active = false,
                }
            );
        var browser = await App.Http();
        Assert.That((await BackAsync(browser, login, "/cases")).Headers.Location?.ToString(), Is.EqualTo("/sign-in"));
        Assert.That((await browser.GetAsync(SignInUrl.Of("/cases"))).Headers.Location?.ToString(), Does.StartWith("/sign-in"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_session"), Is.Zero);
    }

    [Test]
    public async Task An_answer_nobody_asked_for_is_not_believed()
    {
        var browser = await App.Http();
        Assert.That(
            (await browser.GetAsync(SignInUrl.Of("/sign-in/back/directory?login=judge&state=guessed"))).Headers.Location?.ToString(),
            Is.EqualTo("/sign-in")
        );
        Assert.That((await browser.GetAsync(SignInUrl.Of("/sign-in/with/elsewhere"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await browser.GetAsync(SignInUrl.Of("/sign-in/back/elsewhere"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_session"), Is.Zero);
    }

    [Test]
    public async Task An_administrator_gives_the_second_factor_all_the_same()
    {
        await App.As(null).Send(new SetPolicy { Policy = new SignInPolicy(), Reason = "test" });
        var browser = await App.Http();
        Assert.That((await BackAsync(browser, "secadmin", "/rights")).Headers.Location?.ToString(), Is.EqualTo("/second-factor?next=%2Frights"));
        Assert.That((await browser.GetAsync(SignInUrl.Of("/rights"))).Headers.Location?.ToString(), Does.StartWith("/second-factor"));
    }

    private static async Task<HttpResponseMessage> BackAsync(HttpClient browser, string login, string next)
    {
        var away = (await browser.GetAsync(SignInUrl.Of("/sign-in/with/directory?next=" + Uri.EscapeDataString(next)))).Headers.Location!;
        Assert.That(away.Host, Is.EqualTo("directory.example"));
        var asked = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(away.Query);
        return await browser.GetAsync(new Uri($"{asked["back"]}?login={login}&state={asked["state"]}"));
    }

    /// <summary>Signs in whoever the answer names, if the state is the one it gave the browser.</summary>
    private sealed class Directory : ISignInProvider
    {
        public string Name => "directory";

        public string Label => "统一身份";

        public Task<string> BeginAsync(HttpContext http, string back)
        {
            var state = Guid.NewGuid().ToString("n");
            http.Response.Cookies.Append("directory-state", state, new CookieOptions { HttpOnly = true, Path = "/sign-in" });
            return Task.FromResult($"https://directory.example/authorize?state={state}&back={Uri.EscapeDataString(back)}");
        }

        public Task<string?> CompleteAsync(HttpContext http) =>
            Task.FromResult(
                http.Request.Cookies["directory-state"] is { Length: > 0 } state && http.Request.Query["state"] == state
                    ? http.Request.Query["login"].ToString()
                    : null
            );
    }
}

internal static class SignInUrl
{
    public static Uri Of(string path) => new(path, UriKind.Relative);
}
