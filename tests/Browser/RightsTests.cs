namespace CourtOps.Browser;

/// <summary>Rights by two persons, and a clerk who leaves.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class RightsTests
{
    // a host of its own: a change of rights ends sessions, and others are at work on the shared one
    private static async Task<IPage> PageAsync(HostProcess host, string login, string path)
    {
        var page = await (await Stage.ContextAsync(address: host.Address)).NewPageAsync();
        await Stage.SignInAsync(page, login);
        await page.GotoAsync(path);
        return page;
    }

    [Test]
    public async Task The_security_administrator_grants_with_a_second_person()
    {
        var wrong = new List<string>();
        await using var host = await HostProcess.StartAsync(Stage.Mail.Port);
        var asks = await PageAsync(host, "secadmin", "/people");
        await asks.GetByRole(AriaRole.Link, new() { Name = "clerk2", Exact = true }).ClickAsync();
        await Assertions.Expect(asks.GetByRole(AriaRole.Heading, new() { Name = "孙范例" })).ToBeVisibleAsync();
        await asks.GetByRole(AriaRole.Button, new() { Name = "申请授予角色" }).ClickAsync();
        await asks.GetByLabel("角色", new() { Exact = true }).SelectOptionAsync("lead:cataloguing");
        await asks.GetByLabel("理由").FillAsync("归集中心组长轮岗");
        await Stage.PictureAsync(asks, "rights-1-ask");
        await asks.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "申请", Exact = true }).ClickAsync();
        await Assertions.Expect(asks.GetByText("有一项授予角色的申请在等确认")).ToBeVisibleAsync();
        await asks.GotoAsync("/rights");
        await Assertions.Expect(asks.GetByText("您是申请人")).ToBeVisibleAsync();
        await Stage.PictureAsync(asks, "rights-2-own");

        var confirms = await PageAsync(host, "secadmin2", "/rights");
        var change = confirms.GetByRole(AriaRole.Article).Filter(new() { HasText = "归集中心组长轮岗" });
        await Assertions.Expect(change).ToContainTextAsync("孙范例");
        await Stage.PictureAsync(confirms, "rights-3-confirm");
        wrong.AddRange(await AccessibilityTests.AxeAsync(confirms, "/rights"));
        await change.GetByRole(AriaRole.Button, new() { Name = "确认", Exact = true }).ClickAsync();
        await Assertions.Expect(confirms.GetByText("已确认，立即生效")).ToBeVisibleAsync();

        await asks.GotoAsync("/people");
        await asks.GetByRole(AriaRole.Link, new() { Name = "clerk2", Exact = true }).ClickAsync();
        await Assertions.Expect(asks.GetByRole(AriaRole.Cell, new() { Name = "智慧归集中心组长" }).First).ToBeVisibleAsync();
        await Stage.PictureAsync(asks, "rights-4-person");
        wrong.AddRange(await AccessibilityTests.AxeAsync(asks, "/people/1"));
        await asks.GotoAsync("/rights/matrix");
        await Stage.PictureAsync(asks, "rights-5-matrix");

        // rows of the matrix are opened in place, one does not close the other, and what is changed is asked for at once
        await asks.GetByRole(AriaRole.Link, new() { Name = "请求送达", Exact = true }).ClickAsync();
        var cell = asks.GetByLabel("请求送达：法官助理", new() { Exact = true });
        await Assertions.Expect(cell).ToBeVisibleAsync();
        await Assertions.Expect(asks.GetByLabel("请求送达：法官", new() { Exact = true })).ToBeFocusedAsync();
        await cell.SelectOptionAsync("no");
        await asks.GetByRole(AriaRole.Link, new() { Name = "办理送达", Exact = true }).ClickAsync();
        await Assertions.Expect(asks.GetByLabel("办理送达：法官", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(cell).ToHaveValueAsync("no");
        await asks.GetByLabel("理由").FillAsync("试行由法官本人请求送达");
        await Stage.PictureAsync(asks, "rights-6-rows");
        wrong.AddRange(await AccessibilityTests.AxeAsync(asks, "/rights/matrix"));
        await asks.GetByRole(AriaRole.Button, new() { Name = "申请修改", Exact = true }).ClickAsync();
        await Assertions.Expect(asks.GetByText("已申请 1 处修改")).ToBeVisibleAsync();
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task Who_leaves_hands_over_in_one_go()
    {
        var wrong = new List<string>();
        await using var host = await HostProcess.StartAsync(Stage.Mail.Port);
        var registrar = await PageAsync(host, "registrar", "/imports");
        var c = await Stage.ImportCaseAsync(registrar);
        var judge = await PageAsync(host, "judge", "/");
        var order = await Stage.RequestServiceAsync(judge, c);
        var clerk = await PageAsync(host, "clerk", order);
        await clerk.GetByRole(AriaRole.Button, new() { Name = "接受" }).ClickAsync();
        await Assertions.Expect(clerk.GetByText("办理中").First).ToBeVisibleAsync();

        var admin = await PageAsync(host, "sysadmin", "/people");
        await admin.GetByRole(AriaRole.Link, new() { Name = "clerk", Exact = true }).ClickAsync();
        await admin.GetByRole(AriaRole.Link, new() { Name = "交接" }).ClickAsync();
        await Assertions.Expect(admin.GetByRole(AriaRole.Heading, new() { Name = "手上的工单" })).ToBeVisibleAsync();
        await Assertions.Expect(admin.GetByText(c.Defendant)).ToHaveCountAsync(0);
        await admin.GetByLabel("交给").SelectOptionAsync(new SelectOptionValue { Label = "孙范例　clerk2" });
        await admin.GetByLabel("交接的理由").FillAsync("岗位轮换");
        await Stage.PictureAsync(admin, "handover-1");
        wrong.AddRange(await AccessibilityTests.AxeAsync(admin, "handover"));
        await admin.GetByRole(AriaRole.Button, new() { Name = "全部交接" }).ClickAsync();
        await Assertions.Expect(admin.GetByText("已提交，等第二人确认后交接")).ToBeVisibleAsync();
        var confirms = await PageAsync(host, "secadmin", "/rights");
        await confirms
            .GetByRole(AriaRole.Article)
            .Filter(new() { HasText = "岗位轮换" })
            .GetByRole(AriaRole.Button, new() { Name = "确认", Exact = true })
            .ClickAsync();
        await Assertions.Expect(confirms.GetByText("已确认，立即生效")).ToBeVisibleAsync();
        await admin.ReloadAsync();
        await Assertions.Expect(admin.GetByText("此人手上没有未了的工作")).ToBeVisibleAsync();

        var heir = await PageAsync(host, "clerk2", order);
        await Assertions.Expect(heir.GetByText("由 钱演示 交给 孙范例")).ToBeVisibleAsync();
        await Stage.PictureAsync(heir, "handover-2-order");
        Assert.That(wrong, Is.Empty);
    }
}
