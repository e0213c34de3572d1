using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>A judge asks a centre for work by the form of its type; the centre returns it with words put in by a click.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class AskOrderTests
{
    // what makes the page scroll sideways
    private const string TooWide = """
        () => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.co-rail')).slice(0, 8).map(e => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right))
        """;

    [Test]
    public async Task A_judge_asks_by_the_form_and_the_centre_answers_with_a_phrase()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = await Stage.ImportCaseAsync(registrar);
        var judge = await Stage.PageAsync("judge", "/search?q=" + Uri.EscapeDataString(c.Number));
        await judge.GetByRole(AriaRole.Link, new() { Name = "发起工单" }).ClickAsync();
        var kinds = new Uri(judge.Url).AbsolutePath;
        var wrong = new List<string>();
        await AccessibilityTests.CheckAsync(judge, kinds, 1366, wrong);
        await Stage.PictureAsync(judge, "40-ask-kinds");
        await judge.GetByRole(AriaRole.Link, new() { Name = "排期与开庭通知协助" }).ClickAsync();
        await judge.GetByLabel("预计时长（分钟）").FillAsync("很久");
        await judge.GetByLabel("希望的日期").FillAsync(DateTime.UtcNow.AddDays(9).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await judge.GetByRole(AriaRole.Button, new() { Name = "发起工单" }).ClickAsync();
        await Assertions.Expect(judge.GetByRole(AriaRole.Alert)).ToContainTextAsync("应是 10 到 960 的整数");
        await Assertions.Expect(judge.GetByLabel("预计时长（分钟）")).ToHaveValueAsync("很久");
        wrong.AddRange(await AccessibilityTests.AxeAsync(judge, "refused form"));
        await Stage.PictureAsync(judge, "41-ask-refused");
        await judge.SetViewportSizeAsync(360, 740);
        await Stage.PictureAsync(judge, "42-ask-narrow");
        Assert.That(await judge.EvaluateAsync<string[]>(TooWide), Is.Empty);
        await judge.SetViewportSizeAsync(1366, 768);
        await judge.GetByLabel("预计时长（分钟）").FillAsync("60");
        await judge.GetByLabel("庭次").SelectOptionAsync("开庭审理");
        await judge.GetByLabel("开庭方式").SelectOptionAsync("线下");
        await judge.GetByRole(AriaRole.Checkbox, new() { Name = c.Defendant }).CheckAsync();
        await judge.GetByRole(AriaRole.Button, new() { Name = "发起工单" }).ClickAsync();
        await Assertions.Expect(judge).ToHaveURLAsync(OrderUrl());
        var order = new Uri(judge.Url).AbsolutePath;
        await Assertions.Expect(judge.GetByText(c.Defendant + "（被告）").First).ToBeVisibleAsync();

        var clerk = await Stage.PageAsync("scheduler", "/orders/phrases");
        await clerk.GetByLabel("用于").SelectOptionAsync("退回补正");
        await clerk.GetByLabel("内容").FillAsync("缺对方联系电话");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(clerk.GetByRole(AriaRole.Cell, new() { Name = "缺对方联系电话", Exact = true })).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(clerk, "/orders/phrases", 1366, wrong);
        await Stage.PictureAsync(clerk, "43-phrases");
        await clerk.SetViewportSizeAsync(360, 740);
        await Stage.PictureAsync(clerk, "44-phrases-narrow");
        Assert.That(await clerk.EvaluateAsync<string[]>(TooWide), Is.Empty);
        await clerk.SetViewportSizeAsync(1366, 768);
        await clerk.GotoAsync(order);
        await clerk.GetByRole(AriaRole.Button, new() { Name = "接受" }).ClickAsync();
        await clerk.GetByRole(AriaRole.Button, new() { Name = "退回补正" }).ClickAsync();
        var dialog = clerk.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "缺对方联系电话" }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("缺什么")).ToHaveValueAsync("缺对方联系电话");
        await Stage.PictureAsync(clerk, "45-phrase-put-in");
        wrong.AddRange(await AccessibilityTests.AxeAsync(clerk, "return dialog"));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "退回补正" }).ClickAsync();
        await Assertions.Expect(clerk.GetByRole(AriaRole.Heading, new() { Name = "请补正" })).ToBeVisibleAsync();
        await Stage.PictureAsync(clerk, "46-generic-order");
        Assert.That(wrong, Is.Empty);
    }

    [GeneratedRegex("/orders/[0-9]+$")]
    private static partial Regex OrderUrl();
}
