using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

[assembly: LevelOfParallelism(2)]

namespace CourtOps.Browser;

/// <summary>One browser, one host in demo mode and one mailbox for all tests of this project.</summary>
[SetUpFixture]
public sealed partial class Stage
{
    private static readonly string Chromium = File.Exists("/usr/bin/chromium-headless-shell") ? "/usr/bin/chromium-headless-shell" : "/usr/bin/chromium"; // the shell does the same with less work
    private const string Password = "Demo-2026-Court";
    private static readonly ConcurrentDictionary<string, string> SignedIn = new();
    private static IPlaywright? playwright;
    private static IBrowser? browser;
    private static HostProcess? host;
    private static Mailbox? mail;
    private static int serial;

    internal static string Address => host!.Address;

    internal static Mailbox Mail => mail!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (!File.Exists(Chromium))
            Assert.Ignore($"{Chromium} is not installed (package chromium); the browser tests need it.");
        Assertions.SetDefaultExpectTimeout(45_000);
        mail = new Mailbox();
        var starting = HostProcess.StartAsync(mail.Port);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Chromium,
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--disable-default-apps",
                    "--no-first-run",
                    "--no-default-browser-check",
                    "--disable-domain-reliability",
                    "--metrics-recording-only",
                    "--disable-features=OptimizationHints,MediaRouter,Translate",
                ],
            }
        );
        host = await starting;
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (host is not null)
            await host.DisposeAsync();
        if (mail is not null)
            await mail.DisposeAsync();
    }

    internal static async Task<IBrowserContext> ContextAsync(
        string? login = null,
        int width = 1366,
        int height = 768,
        bool script = true,
        string language = "zh-CN",
        string? address = null
    )
    {
        var context = await browser!.NewContextAsync(
            new()
            {
                BaseURL = address ?? Address,
                ViewportSize = new() { Width = width, Height = height },
                JavaScriptEnabled = script,
                Locale = "zh-CN",
                TimezoneId = "Asia/Shanghai",
                StorageState = login is null ? null : await StateAsync(login),
            }
        );
        context.SetDefaultTimeout(60_000);
        if (language != "zh-CN")
            await context.AddCookiesAsync([
                new Cookie
                {
                    Name = "co-lang",
                    Value = language,
                    Url = address ?? Address,
                },
            ]);
        return context;
    }

    /// <summary>A page of a person who is signed in.</summary>
    internal static async Task<IPage> PageAsync(
        string login,
        string path = "/",
        int width = 1366,
        int height = 768,
        bool script = true,
        string language = "zh-CN"
    )
    {
        var page = await (await ContextAsync(login, width, height, script, language)).NewPageAsync();
        await page.GotoAsync(path);
        return page;
    }

    /// <summary>A key, once the page listens: a heading may be seen before the page's script has run.</summary>
    internal static async Task PressAsync(IPage page, string key)
    {
        await page.WaitForLoadStateAsync();
        await page.Keyboard.PressAsync(key);
    }

    internal static async Task SignInAsync(IPage page, string login)
    {
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("登录名").FillAsync(login);
        await page.GetByLabel("密码").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
        await Assertions.Expect(page).Not.ToHaveURLAsync(SignInUrl());
    }

    /// <summary>A picture of this step in artifacts/screenshots.</summary>
    internal static Task PictureAsync(IPage page, string name) =>
        page.ScreenshotAsync(
            new()
            {
                Path = Path.Combine(HostProcess.Root, "artifacts", "screenshots", name + ".png"),
                FullPage = true,
                Animations = ScreenshotAnimations.Disabled,
            }
        );

    // numbers that journeys register themselves follow the highest there is: they need room between
    internal static string Next() => Interlocked.Add(ref serial, 13).ToString("000", CultureInfo.InvariantCulture);

    /// <summary>A case of judge 李测试 whose defendant can be served: imported by the registrar through the page.</summary>
    internal static async Task<CaseOfTest> ImportCaseAsync(
        IPage registrar,
        bool confirmed = true,
        string family = "王某",
        byte[]? csv = null,
        CaseOfTest? given = null
    )
    {
        var c = given ?? CaseOfTest.New(Next(), family, confirmed);
        await registrar.GotoAsync("/imports");
        await registrar
            .GetByLabel("案件表")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "案件.csv",
                    MimeType = "text/csv",
                    Buffer = csv ?? System.Text.Encoding.UTF8.GetBytes(c.Csv),
                }
            );
        await registrar.GetByRole(AriaRole.Button, new() { Name = "导入", Exact = true }).ClickAsync();
        await Assertions.Expect(registrar.GetByRole(AriaRole.Heading, new() { Name = "导入结果" })).ToBeVisibleAsync();
        await Assertions
            .Expect(registrar.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Number }).GetByRole(AriaRole.Cell, new() { Name = "新建" }))
            .ToBeVisibleAsync(new() { Timeout = 90_000 });
        return c;
    }

    /// <summary>The judge finds the case, uploads a PDF and asks for service. Answers the address of the order.</summary>
    internal static async Task<string> RequestServiceAsync(IPage judge, CaseOfTest c, string title = "民事判决书", string kind = "判决书")
    {
        await judge.GotoAsync("/search?q=" + Uri.EscapeDataString(c.Number)); // a whole number leads straight to its case
        await judge
            .GetByLabel("上传 PDF")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = title + ".pdf",
                    MimeType = "application/pdf",
                    Buffer = Pdf.Of("CourtOps", c.Serial, DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture)),
                }
            );
        await judge.GetByLabel("文书类型").SelectOptionAsync(kind);
        await judge.GetByRole(AriaRole.Button, new() { Name = "上传", Exact = true }).ClickAsync();
        await Assertions.Expect(judge.GetByRole(AriaRole.Cell, new() { Name = title, Exact = true })).ToBeVisibleAsync();
        if (kind is "判决书" or "裁定书" or "调解书" or "通知书" or "传票")
            await ReleaseAsync(judge, title);
        await judge.GetByRole(AriaRole.Link, new() { Name = "请求送达" }).ClickAsync();
        await judge.GetByRole(AriaRole.Checkbox, new() { Name = title }).CheckAsync();
        await judge.GetByRole(AriaRole.Checkbox, new() { Name = c.Defendant }).CheckAsync();
        await judge.GetByRole(AriaRole.Button, new() { Name = "发起送达工单" }).ClickAsync();
        await Assertions.Expect(judge).ToHaveURLAsync(OrderUrl());
        return new Uri(judge.Url).AbsolutePath;
    }

    // a paper of the court that was made elsewhere is checked and let out by its judge before it is served
    private static async Task ReleaseAsync(IPage judge, string title)
    {
        var here = judge.Url;
        var link = judge.GetByRole(AriaRole.Cell, new() { Name = title, Exact = true }).GetByRole(AriaRole.Link);
        var id = (await link.GetAttributeAsync("href"))!.Split('/')[^1];
        await judge.GotoAsync($"/trial/papers/{id}");
        await judge.GetByRole(AriaRole.Button, new() { Name = "质检", Exact = true }).ClickAsync();
        await judge.GetByLabel("理由").FillAsync("原系统制作，已逐字核对");
        await judge.GetByRole(AriaRole.Button, new() { Name = "放行", Exact = true }).ClickAsync();
        await Assertions.Expect(judge.GetByText("已放行，可以送达").First).ToBeVisibleAsync();
        await judge.GotoAsync(here);
    }

    /// <summary>What the host does in the background is seen on the page once it is done; the page is asked again until then.</summary>
    internal static async Task UntilAsync(IPage page, string path, ILocator there)
    {
        for (var i = 0; i < 30; i++)
        {
            await page.GotoAsync(path);
            try
            {
                await there.First.WaitForAsync(new() { Timeout = 3_000 });
                return;
            }
            catch (TimeoutException)
            {
                // not yet
            }
        }
        Assert.Fail($"{path} never showed it.");
    }

    private static async Task<string> StateAsync(string login)
    {
        if (SignedIn.TryGetValue(login, out var state))
            return state;
        await using var context = await ContextAsync();
        var page = await context.NewPageAsync();
        await SignInAsync(page, login);
        return SignedIn[login] = await context.StorageStateAsync();
    }

    [GeneratedRegex("/sign-in")]
    private static partial Regex SignInUrl();

    [GeneratedRegex("/orders/[0-9]+$")]
    private static partial Regex OrderUrl();
}

/// <summary>A case of the tests: its rows, and what the defendant must type.</summary>
internal sealed record CaseOfTest(string Serial, string Number, string Defendant, string Email, string Tail, string Csv)
{
    public static CaseOfTest New(string serial, string family, bool confirmed)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).DateTime);
        var filed = today.AddDays(-3);
        var number = $"（{filed.Year}）吉2424民初9{serial}号";
        var id = IdNumber(serial);
        var name = family + serial;
        var mail = $"party{serial}@party.example";
        var csv =
            "案号,法院,案由,立案日期,适用程序,标的额,承办法官,分案日期,当事人,诉讼地位,当事人类型,证件号码,电话,电子邮箱,电子送达,语言\n"
            + $"{number},汪清县人民法院,民间借贷纠纷,{filed:yyyy-MM-dd},MC-ORD,120000.00,李测试,{filed:yyyy-MM-dd},赵某{serial},原告,自然人,{IdNumber("9" + serial[1..])},"
            + $"13800000{serial},plaintiff{serial}@party.example,同意,zh\n"
            + $"{number},汪清县人民法院,民间借贷纠纷,{filed:yyyy-MM-dd},MC-ORD,120000.00,李测试,{filed:yyyy-MM-dd},{name},被告,自然人,{id},15900000{serial},{mail},"
            + $"{(confirmed ? "同意" : "")},zh\n";
        return new CaseOfTest(serial, number, name, mail, id[^4..], csv);
    }

    // an area code that does not exist, with a right check digit
    private static string IdNumber(string serial)
    {
        var body = "99010119700101" + serial;
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        return body + "10X98765432"[body.Select((c, i) => (c - '0') * weights[i]).Sum() % 11];
    }
}
