using System.Text;

namespace CourtOps.Browser;

/// <summary>The product's main job, as six people do it in their browsers.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class WholePathTests
{
    [Test]
    public async Task A_case_comes_in_and_its_judgment_is_served_proved_and_filed()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

        // the registrar imports a list in GB18030 with a character outside the basic plane
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var given = CaseOfTest.New(Stage.Next(), "吴\U00020BB7", confirmed: true);
        var c = await Stage.ImportCaseAsync(registrar, csv: Encoding.GetEncoding("GB18030").GetBytes(given.Csv), given: given);
        await Stage.PictureAsync(registrar, "01-import");

        // the judge finds the case by its number, uploads the judgment and asks for service
        var judge = await Stage.PageAsync("judge");
        await Stage.PressAsync(judge, "Control+k");
        await judge.Keyboard.TypeAsync(c.Number);
        await Stage.PressAsync(judge, "Enter");
        await Assertions.Expect(judge.GetByRole(AriaRole.Heading, new() { Name = c.Number })).ToBeVisibleAsync();
        await Assertions.Expect(judge.GetByText(c.Defendant).First).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "02-case");
        var order = await Stage.RequestServiceAsync(judge, c);
        await Assertions.Expect(judge.GetByText("待派单").First).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "03-requested");

        // the lead hands it out
        var lead = await Stage.PageAsync("lead", "/orders?view=centre");
        await Stage.PictureAsync(lead, "04-queue");
        await lead.GotoAsync(order);
        await lead.GetByRole(AriaRole.Button, new() { Name = "派单" }).ClickAsync();
        var dialog = lead.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Radio, new() { Name = "钱演示" }).CheckAsync();
        await Stage.PictureAsync(lead, "05-assign");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "派单" }).ClickAsync();
        await Assertions.Expect(lead.GetByText("派给 钱演示")).ToBeVisibleAsync();

        // the clerk accepts and sends
        var clerk = await Stage.PageAsync("clerk");
        await Assertions.Expect(clerk.GetByRole(AriaRole.Listitem).Filter(new() { HasText = c.Number })).ToBeVisibleAsync();
        await Stage.PictureAsync(clerk, "06-desk-of-the-clerk");
        await clerk.GotoAsync("/service" + order);
        await clerk.GetByRole(AriaRole.Button, new() { Name = "接受" }).ClickAsync();
        await Assertions.Expect(clerk.GetByText("发出后不能收回")).ToBeVisibleAsync();
        await Stage.PictureAsync(clerk, "07-before-sending");
        await clerk.GetByRole(AriaRole.Button, new() { Name = $"向{c.Defendant}发出" }).ClickAsync();
        var link = await Stage.Mail.LinkAsync(c.Email);
        Assert.That(link, Does.StartWith(Stage.Address + "/p/"));

        // the party, on a phone, from the mail
        await using var phone = await Stage.ContextAsync(width: 390, height: 844);
        var party = await phone.NewPageAsync();
        await party.GotoAsync(link);
        await Assertions.Expect(party.GetByRole(AriaRole.Heading, new() { Name = "法院有 1 份文书送达给您" })).ToBeVisibleAsync();
        Assert.That(await party.ContentAsync(), Does.Not.Contain(c.Defendant), "the full name is not shown before the code");
        await party.GetByLabel("证件号码后 4 位").FillAsync("0000");
        await party.GetByRole(AriaRole.Button, new() { Name = "查看文书" }).ClickAsync();
        await Assertions.Expect(party.GetByRole(AriaRole.Alert)).ToContainTextAsync("还可以试 4 次");
        await Stage.PictureAsync(party, "08-party-wrong-code");
        await party.GetByLabel("证件号码后 4 位").FillAsync(c.Tail);
        await party.GetByRole(AriaRole.Button, new() { Name = "查看文书" }).ClickAsync();
        await party.GetByRole(AriaRole.Link, new() { Name = "开始阅读" }).ClickAsync();
        await ShowsAPageAsync(party);
        await Stage.PictureAsync(party, "09-party-reads");
        await party.GetByRole(AriaRole.Button, new() { Name = "我已收到" }).ClickAsync();
        await Assertions.Expect(party.GetByRole(AriaRole.Heading, new() { Name = "已收到您的确认" })).ToBeVisibleAsync();
        await Assertions.Expect(party.GetByText("之前可上诉")).ToBeVisibleAsync();
        await Stage.PictureAsync(party, "10-party-confirmed");

        // the clerk sees the effect and why; nobody reloads the page
        var notice = clerk.GetByRole(AriaRole.Region, new() { Name = c.Defendant });
        await Assertions.Expect(notice.GetByText("已送达", new() { Exact = true }).First).ToBeVisibleAsync();
        await Assertions.Expect(notice.GetByRole(AriaRole.Term).Filter(new() { HasText = "为什么" })).ToBeVisibleAsync();
        await Assertions.Expect(notice.GetByRole(AriaRole.Link, new() { Name = "送达回证" })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(clerk.GetByText("已办结").First).ToBeVisibleAsync();
        await Stage.PictureAsync(clerk, "11-effect-and-why");

        // the judge sees the closed order with its nodes
        await Assertions.Expect(judge.GetByText("已办结").First).ToBeVisibleAsync();
        await judge.GotoAsync(order);
        await Assertions.Expect(judge.GetByText("哈希链校验一致")).ToBeVisibleAsync();
        var graph = judge.Locator("svg.graph");
        foreach (var verb in (string[])["发起", "派单", "接受", "发布", "邮件收下", "打开链接", "阅读", "确认收到", "送达生效", "回证入卷", "反馈"])
            await Assertions.Expect(graph.GetByText(verb, new() { Exact = true }).First).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "12-closed-order");

        // the e-file, with the proof of service open
        await judge.GetByRole(AriaRole.Link, new() { Name = c.Number }).First.ClickAsync();
        await Assertions.Expect(judge.GetByRole(AriaRole.Heading, new() { Name = c.Number })).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "13-case-after-service");
        await judge.GetByRole(AriaRole.Link, new() { Name = "阅卷", Exact = true }).First.ClickAsync();
        await judge.GetByRole(AriaRole.Link, new() { Name = $"送达回证（{c.Defendant}）" }).ClickAsync();
        await ShowsAPageAsync(judge);
        await Stage.PictureAsync(judge, "14-proof-in-the-e-file");
        Assert.That(Stage.Mail.Count(c.Email), Is.EqualTo(1), "one mail, no second one");
    }

    /// <summary>The viewer has drawn a page: its canvas has ink on it.</summary>
    private static async Task ShowsAPageAsync(IPage page)
    {
        await page.Locator("[data-viewer] canvas").First.WaitForAsync();
        await page.WaitForFunctionAsync(
            """
            () => { const c = document.querySelector('[data-viewer] canvas'); if (!c || !c.width) return false;
              const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
              for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 0 && d[i] + d[i + 1] + d[i + 2] < 300) return true; return false; }
            """
        );
    }
}
