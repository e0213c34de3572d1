using System.Text.Json;

namespace CourtOps.Browser;

/// <summary>Every page by axe-core, without sideways scroll, without a script error, and in English without Chinese words of the product.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AccessibilityTests
{
    private const string AxeRules = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }";

    // what is data and not words of the product: case numbers, causes, names of people, courts, divisions, documents
    private const string WordsOfTheProduct = """
        () => { const out = []; const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const given = new Set(JSON.parse(document.documentElement.dataset.given));
          while (walk.nextNode()) { const e = walk.currentNode.parentElement; const text = walk.currentNode.textContent.trim();
            if (/[\u3400-\u9fff]/.test(text) && !e.closest('script,style,[lang="zh-CN"]:not(html),summary') && given.has(text)) out.push(text); }
          for (const e of document.querySelectorAll('[title],[aria-label],[placeholder]')) for (const a of ['title', 'aria-label', 'placeholder'])
            if (given.has((e.getAttribute(a) || '').trim())) out.push(e.getAttribute(a));
          return [...new Set(out)]; }
        """;

    private static readonly (string Login, string Path)[] Pages =
    [
        ("judge", "/"),
        ("judge", "/cases"),
        ("judge", "/cases?sort=limit"),
        ("judge", "/orders?view=asked"),
        ("judge", "/search?q=12"),
        ("judge", "/search?q=nothing"),
        ("judge", "/calculate"),
        ("judge", "/calculate/trial-limit?procedure=MC-ORD&filed=2026-03-02"),
        ("judge", "/account"),
        ("judge", "/cataloguing"),
        ("judge", "/service"),
        ("registrar", "/triage"),
        ("registrar", "/triage/new"),
        ("registrar", "/triage/fees"),
        ("registrar", "/triage/allotments"),
        ("judge", "/trial"),
        ("judge", "/enforcement"),
        ("judge", "/nothing-here"),
        ("judge", "/trial/calendar"),
        ("judge", "/trial/replan"),
        ("judge", "/trial/assessors"),
        ("lead", "/"),
        ("lead", "/orders"),
        ("clerk", "/orders?due=overdue"),
        ("clerk", "/orders/phrases"),
        ("lead", "/orders/phrases"),
        ("registrar", "/imports"),
        ("sysadmin", "/people"),
        ("sysadmin", "/people/edit"),
        ("sysadmin", "/courts"),
        ("sysadmin", "/operations"),
        ("sysadmin", "/rights"),
        ("secadmin", "/rights"),
        ("secadmin", "/rights/matrix"),
        ("secadmin", "/rights/policy"),
        ("secadmin", "/sessions"),
        ("secadmin", "/keys"),
        ("secadmin", "/people"),
        ("leader", "/absences"),
        ("judge", "/absences"),
        ("leader", "/inspection"),
        ("registrar", "/changes"),
        ("judge", "/causes"),
        ("sysadmin", "/settings/law"),
        ("leader", "/leader"),
    ];

    [TestCaseSource(nameof(Logins))]
    public async Task Staff_pages_are_sound(string login)
    {
        await using var context = await Stage.ContextAsync(login);
        var page = await context.NewPageAsync();
        var wrong = new List<string>();
        foreach (var (_, path) in Pages.Where(p => p.Login == login))
            await CheckAsync(page, path, 1366, wrong);
        Assert.That(wrong, Is.Empty);
    }

    [TestCaseSource(nameof(Logins))]
    public async Task English_pages_show_no_Chinese_words_of_the_product(string login)
    {
        // every Chinese text the product itself can show is a key or value of its text files
        var words = new HashSet<string>();
        foreach (
            var file in Directory
                .EnumerateFiles(Path.Combine(HostProcess.Root, "src"), "*.json", SearchOption.AllDirectories)
                .Where(f => Path.GetFileName(Path.GetDirectoryName(f)) == "Texts" && !f.Contains("bin", StringComparison.Ordinal))
        )
        foreach (var (key, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(file))!)
            words.Add(file.EndsWith("zh-CN.json", StringComparison.Ordinal) ? text : key);
        foreach (var data in (string[])["", "系统管理员", "安全管理员", "审计员", "院领导", "原告", "被告", "汪清县人民法院"]) // names of the demo people and their division, and data of cases
            words.Remove(data);
        Assert.That(words, Does.Contain("工单队列"));
        await using var context = await Stage.ContextAsync(login, language: "en");
        var page = await context.NewPageAsync();
        var wrong = new List<string>();
        foreach (var (_, path) in Pages.Where(p => p.Login == login))
        {
            await page.GotoAsync(path);
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
            await page.EvaluateAsync("w => document.documentElement.dataset.given = w", JsonSerializer.Serialize(words));
            foreach (var text in await page.EvaluateAsync<string[]>(WordsOfTheProduct))
                wrong.Add($"{path}: {text}");
        }
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task The_pages_of_a_case_and_an_order_are_sound()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = await Stage.ImportCaseAsync(registrar);
        var judge = await Stage.PageAsync("judge");
        var order = await Stage.RequestServiceAsync(judge, c);
        var wrong = new List<string>();
        await CheckAsync(judge, order, 1366, wrong);
        await judge.GotoAsync(order);
        await judge.GetByRole(AriaRole.Link, new() { Name = c.Number }).First.ClickAsync();
        var path = new Uri(judge.Url).PathAndQuery;
        await CheckAsync(judge, path, 1366, wrong);
        await CheckAsync(judge, path.Replace("/cases/", "/service/request?caseId=", StringComparison.Ordinal), 1366, wrong);
        await CheckAsync(judge, path.Replace("/cases/", "/cataloguing/cases/", StringComparison.Ordinal), 1366, wrong);
        await CheckAsync(judge, new Uri(registrar.Url).PathAndQuery, 1366, wrong, registrar);
        await judge.GotoAsync(path);
        await judge.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Defendant }).GetByRole(AriaRole.Link, new() { Name = "已同意" }).ClickAsync();
        await Assertions.Expect(judge.GetByRole(AriaRole.Heading, new() { Name = "送达地址：" + c.Defendant })).ToBeVisibleAsync();
        await CheckAsync(judge, new Uri(judge.Url).PathAndQuery, 1366, wrong);
        await judge.GotoAsync(path);
        await judge.GetByRole(AriaRole.Cell, new() { Name = "民事判决书", Exact = true }).GetByRole(AriaRole.Link).ClickAsync();
        await judge.Locator("[data-viewer] canvas").First.WaitForAsync();
        await CheckAsync(judge, new Uri(judge.Url).PathAndQuery, 1366, wrong);

        // the lead's page with the dialog of assigning open
        var lead = await Stage.PageAsync("lead", order);
        await lead.GetByRole(AriaRole.Button, new() { Name = "派单" }).ClickAsync();
        await lead.GetByRole(AriaRole.Dialog).WaitForAsync();
        wrong.AddRange(await AxeAsync(lead, "assign dialog"));
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task Pages_without_signing_in_and_the_first_run_page_are_sound()
    {
        var wrong = new List<string>();
        await using var context = await Stage.ContextAsync();
        var page = await context.NewPageAsync();
        await CheckAsync(page, "/sign-in", 1366, wrong);
        await page.SetViewportSizeAsync(360, 740);
        await CheckAsync(page, "/sign-in", 360, wrong);
        await CheckAsync(page, "/p/" + new string('0', 32), 360, wrong);
        await CheckAsync(page, "/seals", 360, wrong);
        await CheckAsync(page, "/p/elements/" + new string('0', 32), 360, wrong);

        await using var host = await HostProcess.StartAsync(Stage.Mail.Port, "--no-demo");
        await using var fresh = await Stage.ContextAsync(address: host.Address);
        var first = await fresh.NewPageAsync();
        await CheckAsync(first, "/first-run", 1366, wrong);
        var code = System.Text.RegularExpressions.Regex.Match(host.Output, "one-time code: (\\S+)").Groups[1].Value;
        await first.GotoAsync("/");
        await first.GotoAsync("/first-run");
        await first.GetByLabel("一次性代码").FillAsync("wrong");
        await first.GetByLabel("法院代字").FillAsync("吉2424");
        await first.GetByLabel("法院名称").FillAsync("汪清县人民法院");
        await FillAsync(first);
        await first.GetByRole(AriaRole.Button, new() { Name = "建立" }).ClickAsync();
        await Assertions.Expect(first.GetByRole(AriaRole.Alert)).ToContainTextAsync("一次性代码不对");
        await Assertions.Expect(first.GetByLabel("法院名称")).ToHaveValueAsync("汪清县人民法院");
        await Stage.PictureAsync(first, "first-run");
        await first.GetByLabel("一次性代码").FillAsync(code);
        await FillAsync(first);
        await first.GetByRole(AriaRole.Button, new() { Name = "建立" }).ClickAsync();
        await Assertions.Expect(first.GetByRole(AriaRole.Heading, new() { Name = "登录" })).ToBeVisibleAsync();
        // an administrator's first sign-in leads to the second factor
        await first.GetByLabel("登录名").FillAsync("root1");
        await first.GetByLabel("密码").FillAsync("Long-Enough-2026");
        await first.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
        await Assertions.Expect(first.GetByRole(AriaRole.Heading, new() { Name = "设置第二因素" })).ToBeVisibleAsync();
        await Stage.PictureAsync(first, "second-factor");
        wrong.AddRange(await AxeAsync(first, "/second-factor"));
        var key = await first.Locator("code").InnerTextAsync();
        await first.GetByLabel("动态码").FillAsync(new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(key)).ComputeTotp());
        await first.GetByRole(AriaRole.Button, new() { Name = "确认" }).ClickAsync();
        await Assertions.Expect(first.GetByRole(AriaRole.Heading, new() { Name = "恢复码" })).ToBeVisibleAsync();
        await first.GetByRole(AriaRole.Link, new() { Name = "我已保存，继续" }).ClickAsync();
        await Assertions.Expect(first.GetByRole(AriaRole.Heading, new() { Name = "人员", Exact = true })).ToBeVisibleAsync();
        Assert.That(wrong, Is.Empty);
    }

    private static async Task FillAsync(IPage page)
    {
        for (var i = 0; i < 3; i++)
        {
            await page.GetByLabel("登录名").Nth(i).FillAsync($"root{i + 1}");
            await page.GetByLabel("姓名").Nth(i).FillAsync($"管理员{"甲乙丙"[i]}");
            await page.GetByLabel("密码").Nth(i).FillAsync("Long-Enough-2026");
            await page.GetByLabel("再输一次").Nth(i).FillAsync("Long-Enough-2026");
        }
    }

    internal static async Task CheckAsync(IPage page, string path, int width, List<string> wrong, IPage? other = null)
    {
        page = other ?? page;
        var errors = new List<string>();
        void Note(object? _, string e) => errors.Add(e);
        void Say(object? _, IConsoleMessage m)
        {
            if (m.Type == "error" && !m.Text.Contains("404", StringComparison.Ordinal))
                errors.Add(m.Text);
        }
        page.PageError += Note;
        page.Console += Say;
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
        await page.EvaluateAsync("() => new Promise(done => setTimeout(done, 150))"); // panels and counts arrive
        page.PageError -= Note;
        page.Console -= Say;
        wrong.AddRange(errors.Select(e => $"{path}: {e}"));
        if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") is var wide && wide > width)
            wrong.Add($"{path}: {wide} px wide at {width}");
        wrong.AddRange(await AxeAsync(page, path));
    }

    internal static async Task<IReadOnlyList<string>> AxeAsync(IPage page, string name)
    {
        // injected through the debugger, so the pages' content policy stays as it is
        await page.EvaluateAsync(Axe.Value);
        return await page.EvaluateAsync<string[]>(
            $$"""
            async name => { const r = await axe.run(document, {{AxeRules}});
              return r.violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => name + ': ' + v.id + ' ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + n.html.slice(0, 120)).join(' | ')); }
            """,
            name
        );
    }

    private static readonly Lazy<string> Axe = new(() =>
        File.ReadAllText(Path.Combine(HostProcess.Root, "src", "Modules", "Web", "node_modules", "axe-core", "axe.min.js"))
    );

    private static IEnumerable<string> Logins => Pages.Select(p => p.Login).Distinct();
}
