using System.Globalization;
using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>An order is split: two centres work on its parts side by side, and it waits for both.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class PartsTests
{
    // lanes by their names, what leads to what, and what stands on or beside something else
    private const string Picture = """
        () => { const svg = document.querySelector('svg.graph');
          const lanes = [...svg.querySelectorAll('[data-gutter] text.ln')].map(t => t.textContent);
          const text = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim()).map(t => ({ words: t.textContent, box: t.getBBox() }));
          const over = [], out = [];
          for (const [i, a] of text.entries()) {
            if (a.box.x < -1 || a.box.x + a.box.width > svg.viewBox.baseVal.width + 1) out.push(a.words);
            for (const b of text.slice(i + 1))
              if (a.box.x + 1 < b.box.x + b.box.width && b.box.x + 1 < a.box.x + a.box.width && a.box.y + 3 < b.box.y + b.box.height && b.box.y + 3 < a.box.y + a.box.height) over.push(a.words + ' | ' + b.words); }
          return { lanes, forks: svg.querySelectorAll('rect.nd').length, joins: svg.querySelectorAll('rect.joinbar').length,
            nodes: [...svg.querySelectorAll('a[data-node]')].map(a => a.getAttribute('href')), over, out }; }
        """;

    [Test]
    public async Task Two_parts_run_side_by_side_and_the_order_waits_for_both()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = await Stage.ImportCaseAsync(registrar);
        var judge = await Stage.PageAsync("judge", "/search?q=" + Uri.EscapeDataString(c.Number));
        await judge.GetByRole(AriaRole.Link, new() { Name = "发起工单" }).ClickAsync();
        await judge.GetByRole(AriaRole.Link, new() { Name = "排期与开庭通知协助" }).ClickAsync();
        await judge.GetByLabel("预计时长（分钟）").FillAsync("90");
        await judge.GetByLabel("希望的日期").FillAsync(Day(9));
        await judge.GetByLabel("庭次").SelectOptionAsync("开庭审理");
        await judge.GetByLabel("开庭方式").SelectOptionAsync("线下");
        await judge.GetByRole(AriaRole.Checkbox, new() { Name = c.Defendant }).CheckAsync();
        var order = await AskedAsync(judge);

        var scheduler = await Stage.PageAsync("scheduler", order);
        await StepAsync(scheduler, "接受");
        await scheduler.GetByRole(AriaRole.Link, new() { Name = "加子单" }).ClickAsync();
        await Assertions.Expect(scheduler.GetByText("加在工单 GD-")).ToBeVisibleAsync();
        await scheduler.GetByRole(AriaRole.Link, new() { Name = "随案扫描编目" }).ClickAsync();
        await scheduler.GetByLabel("材料名称").FillAsync("原告提交的借条一张\n银行流水十二页");
        await scheduler.GetByLabel("总页数").FillAsync("13");
        await scheduler.GetByLabel("归入").SelectOptionAsync("正卷");
        await scheduler.GetByLabel("交件日期").FillAsync(Day(1));
        await scheduler.GetByLabel("原件").SelectOptionAsync("扫描后退回");
        await Stage.PictureAsync(scheduler, "50-part-form");
        var scan = await AskedAsync(scheduler);
        await scheduler.GotoAsync(order);
        await scheduler.GetByRole(AriaRole.Link, new() { Name = "加子单" }).ClickAsync();
        await scheduler.GetByRole(AriaRole.Link, new() { Name = "财产查控协助" }).ClickAsync();
        await scheduler.GetByLabel("要做什么").SelectOptionAsync("只查询");
        await scheduler.GetByRole(AriaRole.Checkbox, new() { Name = c.Defendant }).CheckAsync();
        await scheduler.GetByRole(AriaRole.Checkbox, new() { Name = "存款" }).CheckAsync();
        var property = await AskedAsync(scheduler);

        await scheduler.GotoAsync(order);
        var split = await scheduler.EvaluateAsync<Seen>(Picture);
        Assert.That(split.Lanes, Is.EqualTo(new[] { "发起人", "智审保障", "随案扫描编目", "财产查控协助" }));
        Assert.That((split.Forks, split.Joins), Is.EqualTo((1, 1)), "one fork; the join is drawn as what is to come");
        Assert.That(split.Nodes, Does.Contain(scan + "#node-1").And.Contain(property + "#node-1"));
        Assert.That(split.Over.Concat(split.Out), Is.Empty, "words on words, or out of the picture");
        await Stage.PictureAsync(scheduler, "51-parts-open");
        await StepAsync(scheduler, "反馈");
        await Assertions.Expect(scheduler.GetByRole(AriaRole.Alert)).ToContainTextAsync("还有 2 张子单没有办结");
        await Stage.PictureAsync(scheduler, "52-parts-still-open");

        var archivist = await Stage.PageAsync("archivist", scan);
        await StepAsync(archivist, "接受");
        await StepAsync(archivist, "反馈");
        await scheduler.GotoAsync(scan);
        await StepAsync(scheduler, "确认");
        await scheduler.GotoAsync(order);
        var half = await scheduler.EvaluateAsync<Seen>(Picture);
        Assert.That((half.Forks, half.Joins, half.Nodes.Count(n => n.StartsWith(scan + "#", StringComparison.Ordinal))), Is.EqualTo((1, 1, 4)));
        await StepAsync(scheduler, "反馈");
        await Assertions.Expect(scheduler.GetByRole(AriaRole.Alert)).ToContainTextAsync("还有 1 张子单没有办结");
        var executor = await Stage.PageAsync("executor", property);
        await StepAsync(executor, "接受");
        await StepAsync(executor, "反馈");
        await scheduler.GotoAsync(property);
        await StepAsync(scheduler, "确认");

        await scheduler.GotoAsync(order);
        await StepAsync(scheduler, "反馈");
        await judge.GotoAsync(order);
        await StepAsync(judge, "确认");
        await Assertions.Expect(judge.Locator(".wo .st")).ToHaveTextAsync("已办结");
        var joined = await judge.EvaluateAsync<Seen>(Picture);
        Assert.That((joined.Forks, joined.Joins, joined.Lanes.Length), Is.EqualTo((1, 1, 4)));
        Assert.That(joined.Nodes.Count(n => n.StartsWith("#node-", StringComparison.Ordinal)), Is.EqualTo(6), "opened, accepted, fork, join, fed back, closed");
        Assert.That(joined.Nodes.Count(n => n.StartsWith("/orders/", StringComparison.Ordinal)), Is.EqualTo(8), "four of each part");
        Assert.That(joined.Over.Concat(joined.Out), Is.Empty);
        await Stage.PictureAsync(judge, "53-parts-joined");

        // with the keys alone: through every node and by Enter into a part
        await Stage.PressAsync(judge, "ArrowRight");
        var reached = new List<string>();
        for (var i = 0; i < joined.Nodes.Length; i++)
        {
            reached.Add(await judge.EvaluateAsync<string>("() => document.activeElement.getAttribute('href')"));
            if (i == 0)
                await Stage.PictureAsync(judge, "54-parts-by-keyboard");
            await Stage.PressAsync(judge, "ArrowRight");
        }
        Assert.That(reached, Is.EqualTo(joined.Nodes));
        await Stage.PressAsync(judge, "Enter");
        await Assertions.Expect(judge).ToHaveURLAsync(new Regex(Regex.Escape(joined.Nodes[^1]) + "$"));
        await judge.GotoAsync(order);
        var wrong = await AccessibilityTests.AxeAsync(judge, "parts");
        await judge.SetViewportSizeAsync(360, 740);
        await Stage.PictureAsync(judge, "55-parts-narrow");
        Assert.That(wrong, Is.Empty);
    }

    private static async Task<string> AskedAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "发起工单" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(OrderUrl());
        return new Uri(page.Url).AbsolutePath;
    }

    // the answer of the step is a page of its own, also where it is refused
    private static async Task StepAsync(IPage page, string step) =>
        await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = step, Exact = true }).ClickAsync(),
            r => r.Request.Method == "POST"
        );

    private static string Day(int ahead) => DateTime.UtcNow.AddDays(ahead).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex("/orders/[0-9]+$")]
    private static partial Regex OrderUrl();

    private sealed record Seen
    {
        public string[] Lanes { get; init; } = [];
        public int Forks { get; init; }
        public int Joins { get; init; }
        public string[] Nodes { get; init; } = [];
        public string[] Over { get; init; } = [];
        public string[] Out { get; init; } = [];
    }
}
