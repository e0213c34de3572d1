using System.Globalization;
using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>A party files on a phone, the court registers, the fee is paid, a judge is drawn, and the president sees why the case went there.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class FilingJourneyTests
{
    [Test]
    public async Task From_a_phone_to_a_number_a_payment_and_a_draw_that_can_be_computed_again()
    {
        var serial = Stage.Next();
        var defendant = "贾某网" + serial;
        var phone = await (await Stage.ContextAsync(width: 390, height: 800)).NewPageAsync();
        await phone.GotoAsync("/p/file?topic=loan");
        await phone.GetByLabel("在哪个法院办").SelectOptionAsync(new SelectOptionValue { Label = "汪清县人民法院" });
        await phone.Locator("[name='amount']").FillAsync("30000");
        await phone.GetByRole(AriaRole.Button, new() { Name = "看看怎么办" }).ClickAsync();
        await phone.GetByLabel("姓名", new() { Exact = true }).FillAsync("甄某九");
        await phone.GetByLabel("身份证号码").FillAsync("990101198001010014");
        await phone.GetByLabel("手机号").FillAsync("13800000552");
        await Stage.PictureAsync(phone, "95-file-guide");
        await phone.GetByRole(AriaRole.Button, new() { Name = "下一步" }).ClickAsync();
        // where neither message nor mail is sent: the last four of the number, in a browser that did not begin it
        if (await phone.Locator("[name='Code']").CountAsync() > 0)
        {
            await phone.Locator("[name='Code']").FillAsync("0014");
            await phone.GetByRole(AriaRole.Button, new() { Name = "进入" }).ClickAsync();
        }
        await phone.Locator("[name='Parties[0].Name']").FillAsync("甄某九");
        await phone.Locator("[name='Parties[1].Name']").FillAsync(defendant);
        await phone.Locator("[name='Claims[0].Words']").FillAsync("归还借款");
        await phone.Locator("[name='Claims[0].Amount']").FillAsync("30000");
        await phone.Locator("[name='Words']").FillAsync("去年一月借出三万元，至今没有归还。");
        await phone.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await Assertions.Expect(phone.Locator("[name='Parties[1].Name']")).ToHaveValueAsync(defendant);
        await phone.GetByRole(AriaRole.Checkbox, new() { Name = "所填内容和材料真实" }).CheckAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "提交立案申请" }).ClickAsync();
        await Assertions.Expect(phone.GetByText("已提交").First).ToBeVisibleAsync();
        await Stage.PictureAsync(phone, "96-file-handed-in");
        var draft = new Uri(phone.Url).AbsolutePath;

        await phone.Locator("[name='Letter']").FillAsync("被告下月要出国，请尽快立案。");
        await phone.GetByRole(AriaRole.Button, new() { Name = "发出留言" }).ClickAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Heading, new() { Name = "您的留言" })).ToBeVisibleAsync();

        var registrar = await Stage.PageAsync("registrar");
        var row = registrar.GetByRole(AriaRole.Row).Filter(new() { HasText = defendant });
        await Stage.UntilAsync(registrar, "/triage?state=received", row);
        await row.GetByRole(AriaRole.Link).First.ClickAsync();
        var filing = new Uri(registrar.Url).AbsolutePath;
        // what the filer wrote stands on the desk by its day, and the answer on the filer's page
        var letter = registrar.GetByRole(AriaRole.Row).Filter(new() { HasText = "甄某九" }).Filter(new() { HasText = "被告下月要出国" });
        await Stage.UntilAsync(registrar, "/triage/letters", letter);
        await Stage.PictureAsync(registrar, "96-letters-desk");
        await letter.Last.GetByRole(AriaRole.Link).First.ClickAsync();
        await registrar.GetByLabel("写给申请人的话").FillAsync("已收到，材料核对后今天立案。");
        await registrar.GetByRole(AriaRole.Button, new() { Name = "答复", Exact = true }).ClickAsync();
        await Assertions.Expect(registrar.GetByText("已发出，申请人的页面上能看到")).ToBeVisibleAsync();
        await Stage.PictureAsync(registrar, "96-letters-answered");
        await phone.GotoAsync(draft);
        await Assertions.Expect(phone.GetByText("材料核对后今天立案")).ToBeVisibleAsync();
        await Stage.PictureAsync(phone, "96-letters-phone");
        await registrar.GetByLabel("材料不齐或疑似重复而先行立案的理由").FillAsync("材料已在窗口核对");
        await registrar.GetByRole(AriaRole.Button, new() { Name = "登记立案" }).ClickAsync();
        await Assertions.Expect(registrar.GetByRole(AriaRole.Heading, new() { Name = "分案", Exact = true })).ToBeVisibleAsync();
        var number = Number().Match(await registrar.Locator("main").InnerTextAsync()).Value;
        await Stage.PictureAsync(registrar, "97-registered");

        await phone.GotoAsync(draft);
        await Assertions.Expect(phone.GetByText(number)).ToBeVisibleAsync();
        var told = await phone.Locator(".pp-case").InnerTextAsync();
        var code = FeeCode().Match(told).Value;
        var fee = Yuan().Match(told).Groups[1].Value;
        Assert.That((code.Length > 2, fee.Length > 0), Is.EqualTo((true, true)), told);

        await registrar.GotoAsync("/triage/fees");
        await registrar
            .GetByLabel("缴费码、金额（元）、日期、流水号，一行一笔")
            .FillAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{code},{fee.Replace(",", "", StringComparison.Ordinal)},{DateTime.UtcNow.AddHours(8):yyyy-MM-dd},pay-{serial}"
                )
            );
        await registrar.GetByRole(AriaRole.Button, new() { Name = "导入", Exact = true }).ClickAsync();
        await Assertions.Expect(registrar.GetByRole(AriaRole.Row).Filter(new() { HasText = code }).Last).ToBeVisibleAsync();
        await phone.GotoAsync(draft);
        await Assertions.Expect(phone.GetByText("已交", new() { Exact = true })).ToBeVisibleAsync();
        await Stage.PictureAsync(phone, "98-fee-paid");

        await registrar.GotoAsync(filing + "/allot");
        await registrar.Locator("main form button").First.ClickAsync();
        await Assertions.Expect(registrar.GetByRole(AriaRole.Heading, new() { Name = "结果" })).ToBeVisibleAsync();
        var leader = await Stage.PageAsync("leader", "/triage/allotments");
        await leader.GetByRole(AriaRole.Link, new() { Name = number }).ClickAsync();
        await Assertions.Expect(leader.GetByRole(AriaRole.Heading, new() { Name = "法官与负荷" })).ToBeVisibleAsync();
        await Assertions.Expect(leader.GetByText("，一致").Or(leader.GetByText("随案", new() { Exact = true })).First).ToBeVisibleAsync();
        await Stage.PictureAsync(leader, "99-why-this-judge");
    }

    [GeneratedRegex("（[0-9]{4}）吉2424民初[0-9]+号")]
    private static partial Regex Number();

    [GeneratedRegex("F[0-9]+")]
    private static partial Regex FeeCode();

    [GeneratedRegex("([0-9][0-9,]*\\.[0-9]{2}) 元")]
    private static partial Regex Yuan();
}
