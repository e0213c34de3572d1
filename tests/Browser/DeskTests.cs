using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>A centre at work, on a host of its own with some hundred orders: the lead hands out fifty, a clerk works by keyboard, the new pages are
/// sound.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class DeskTests
{
    private HostProcess host = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        host = await HostProcess.StartAsync(Stage.Mail.Port);
        await host.VerbAsync("seed", "--cases", "60", "--orders", "1600");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
    }

    private async Task<IPage> AsAsync(string login)
    {
        var page = await (await Stage.ContextAsync(address: host.Address)).NewPageAsync();
        await Stage.SignInAsync(page, login);
        return page;
    }

    [Test]
    public async Task A_lead_assigns_fifty_orders_at_once_and_watches_the_batch_finish()
    {
        var lead = await AsAsync("lead");
        await lead.GotoAsync("/orders?view=centre&state=queued");
        var before = await lead.Locator("[data-row]").CountAsync();
        Assert.That(before, Is.EqualTo(50));
        await Stage.PictureAsync(lead, "30-queue");
        await lead.GetByRole(AriaRole.Checkbox, new() { Name = "全选本页" }).CheckAsync();
        await Assertions.Expect(lead.GetByText("已选 50 张")).ToBeVisibleAsync();
        await Stage.PictureAsync(lead, "31-queue-selected");
        await lead.GetByLabel("派给", new() { Exact = true }).SelectOptionAsync("钱演示");
        await Stage.PressAsync(lead, "Escape");
        await lead.GetByRole(AriaRole.Checkbox, new() { Name = "全选本页" }).CheckAsync();
        await lead.GetByRole(AriaRole.Button, new() { Name = "派单" }).ClickAsync();
        await Assertions.Expect(lead).ToHaveURLAsync(BatchUrl());
        await Assertions.Expect(lead.GetByText("共 50 张：成功 50，未办 0")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(lead.Locator("#count-bell")).ToHaveTextAsync("1");
        await Stage.PictureAsync(lead, "32-batch-done");
        await lead.GetByRole(AriaRole.Link, new() { Name = "通知" }).ClickAsync();
        await Assertions.Expect(lead.GetByText("已结束：成功 50，未办 0")).ToBeVisibleAsync();
        await Stage.PictureAsync(lead, "33-notices");
        var clerk = await AsAsync("clerk");
        await clerk.GotoAsync("/notices");
        await Assertions.Expect(clerk.GetByText("周示例 把 50 张工单派给了您")).ToBeVisibleAsync();
        await lead.Context.CloseAsync();
        await clerk.Context.CloseAsync();
    }

    [Test]
    public async Task A_clerk_works_ten_orders_with_the_keyboard_alone()
    {
        var clerk = await AsAsync("clerk2");
        for (var i = 0; i < 10; i++)
        {
            await clerk.GotoAsync("/orders?view=mine&state=assigned&sort=due");
            await Assertions.Expect(clerk.Locator("tr.cur")).ToHaveCountAsync(1);
            if (i == 0)
            {
                await Stage.PressAsync(clerk, "j");
                await Stage.PressAsync(clerk, "x");
                await Assertions.Expect(clerk.GetByText("已选 1 张")).ToBeVisibleAsync();
                // news from others make the list anew: its current row, what is selected and the focus stay
                var here = await clerk.Locator("tr.cur .meta").First.InnerTextAsync();
                await clerk.EvaluateAsync(
                    "document.querySelector('tr.cur').setAttribute('data-old', '1'); document.body.dispatchEvent(new CustomEvent('co:changed:orders', "
                        + "{ bubbles: true, detail: {} }))"
                );
                await Assertions.Expect(clerk.Locator("[data-old]")).ToHaveCountAsync(0);
                await Assertions.Expect(clerk.Locator("tr.cur .meta").First).ToHaveTextAsync(here);
                await Assertions.Expect(clerk.Locator("tr.cur a[data-open]")).ToBeFocusedAsync();
                await Assertions.Expect(clerk.GetByText("已选 1 张")).ToBeVisibleAsync();
                await Stage.PressAsync(clerk, "Escape");
                await Stage.PressAsync(clerk, "k");
            }
            var number = await clerk.Locator("tr.cur .meta").First.InnerTextAsync();
            await Stage.PressAsync(clerk, "a");
            await Assertions.Expect(clerk.GetByText("已接受 GD-")).ToBeVisibleAsync();
            await clerk.GotoAsync("/orders?view=mine&state=accepted&sort=due");
            for (var down = 0; await clerk.Locator("tr.cur .meta").First.InnerTextAsync() != number && down < 49; down++)
                await Stage.PressAsync(clerk, "j");
            await Stage.PressAsync(clerk, "f");
            await Assertions.Expect(clerk).ToHaveURLAsync(OrderUrl());
            await clerk.WaitForLoadStateAsync(LoadState.DOMContentLoaded); // a key counts when the page's script is there
            await Stage.PressAsync(clerk, "f");
            await Assertions.Expect(clerk.Locator(".wo .st")).ToContainTextAsync("待确认");
        }
        await clerk.GotoAsync("/");
        await Stage.PictureAsync(clerk, "34-desk");
        await Stage.PressAsync(clerk, "?");
        await Assertions.Expect(clerk.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await clerk.Context.CloseAsync();
    }

    [Test]
    public async Task The_search_box_finds_while_somebody_types()
    {
        var judge = await AsAsync("judge");
        await judge.GotoAsync("/cases");
        var number = await judge.Locator("main a.no").First.InnerTextAsync();
        await Stage.PressAsync(judge, "Control+k");
        await judge.Keyboard.TypeAsync(number[^6..], new() { Delay = 30 });
        await Assertions.Expect(judge.Locator("#palette").GetByText(number)).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "35-palette");
        await Stage.PressAsync(judge, "ArrowDown");
        await Stage.PressAsync(judge, "Enter");
        await Assertions.Expect(judge).ToHaveURLAsync(CaseUrl());
        await judge.Context.CloseAsync();
    }

    [TestCase(
        "lead",
        "/orders?view=centre",
        "/orders?view=centre&text=民初1",
        "/orders/filter?view=centre",
        "/orders/views?q=view%3Dcentre",
        "/board",
        "/batches",
        "/notices",
        "/notices/settings",
        "/search?q=民初1"
    )]
    [TestCase("leader", "/", "/orders?view=court", "/board", "/orders?view=court&closed=true")]
    [TestCase("judge", "/", "/orders?view=asked&cols=due,order,case,asked,centre,type,state,closed")]
    public async Task The_pages_are_sound(string login, params string[] paths)
    {
        var page = await AsAsync(login);
        var wrong = new List<string>();
        foreach (var path in paths)
        {
            await AccessibilityTests.CheckAsync(page, path, 1366, wrong);
            await Stage.PictureAsync(page, $"36-{login}-{NotWord().Replace(path, "_")}");
        }
        await page.GotoAsync(paths[0]);
        if (login == "lead")
        {
            await Stage.PressAsync(page, "/");
            await page.GetByRole(AriaRole.Dialog).WaitForAsync();
            await Stage.PictureAsync(page, "37-filter-dialog");
            wrong.AddRange(await AccessibilityTests.AxeAsync(page, "filter dialog"));
        }
        await page.Context.CloseAsync();
        Assert.That(wrong, Is.Empty);
    }

    [GeneratedRegex("/batches/[0-9]+")]
    private static partial Regex BatchUrl();

    [GeneratedRegex("/orders/[0-9]+")]
    private static partial Regex OrderUrl();

    [GeneratedRegex("/cases/[0-9]+$")]
    private static partial Regex CaseUrl();

    [GeneratedRegex("[^a-zA-Z0-9]+")]
    private static partial Regex NotWord();
}
