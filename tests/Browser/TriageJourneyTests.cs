using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>Filing at another court, a mediator on a phone, a payment told by the platform, and the president who asks why.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class TriageJourneyTests
{
    [Test]
    public async Task A_filing_for_another_court_is_checked_here_passed_on_the_same_day_and_decided_there()
    {
        var defendant = "贾某域" + Stage.Next();
        var here = await Stage.PageAsync("registrar", "/triage/new?cross=true");
        await here.Locator("[name='Cause']").FillAsync("买卖合同纠纷");
        await here.Locator("[name='Court']").SelectOptionAsync(new SelectOptionValue { Label = "延吉市人民法院" });
        await here.GetByRole(AriaRole.Checkbox, new() { Name = "已核对提交人身份" }).CheckAsync();
        await FillAsync(here, "甄某域", defendant, "26000");
        await here.GetByRole(AriaRole.Button, new() { Name = "收件", Exact = true }).ClickAsync();
        await Assertions.Expect(here.GetByText("当日转交").First).ToBeVisibleAsync();
        var filing = new Uri(here.Url).AbsolutePath;

        // not before identity, form and papers are checked
        await here.GetByRole(AriaRole.Button, new() { Name = "转交管辖法院" }).ClickAsync();
        await Assertions.Expect(here.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await here.GotoAsync(filing);
        await here.GetByLabel("上传 PDF")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "起诉状.pdf",
                    MimeType = "application/pdf",
                    Buffer = Pdf.Of("CourtOps", defendant),
                }
            );
        await here.GetByLabel("材料种类").SelectOptionAsync("complaint");
        await here.GetByRole(AriaRole.Button, new() { Name = "收下材料" }).ClickAsync();
        await Assertions.Expect(here.GetByText("已收下材料")).ToBeVisibleAsync();
        foreach (var box in await here.Locator("input[name='Checked']").AllAsync())
            await box.CheckAsync();
        await Stage.PictureAsync(here, "77-cross-checked");
        await here.GetByRole(AriaRole.Button, new() { Name = "转交管辖法院" }).ClickAsync();
        var ours = here.GetByRole(AriaRole.Row).Filter(new() { HasText = defendant });
        await Assertions.Expect(ours).ToContainTextAsync("按时");
        await Assertions.Expect(ours).ToContainTextAsync("待审查");
        await Stage.PictureAsync(here, "77-cross-passed");

        var there = await Stage.PageAsync("clerk-yanji", "/triage/cross?direction=in");
        var theirs = there.GetByRole(AriaRole.Row).Filter(new() { HasText = defendant });
        await Assertions.Expect(theirs).ToContainTextAsync("汪清县人民法院");
        await Assertions.Expect(theirs).ToContainTextAsync("按时");
        var number = await theirs.GetByRole(AriaRole.Link).First.InnerTextAsync();
        await theirs.GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(there.GetByText("已核对提交人身份")).ToBeVisibleAsync();
        await there.GetByLabel("材料不齐或疑似重复而先行立案的理由").FillAsync("收件法院已核对");
        await there.GetByRole(AriaRole.Button, new() { Name = "登记立案" }).ClickAsync();
        await Assertions.Expect(there.GetByRole(AriaRole.Heading, new() { Name = "分案", Exact = true })).ToBeVisibleAsync();
        Assert.That(await there.Locator("main").InnerTextAsync(), Does.Match("吉2401民初[0-9]+号"));

        // the court that took it in sees what became of it by its number, and nothing of the case
        await here.GotoAsync("/triage/cross");
        var back = here.GetByRole(AriaRole.Row).Filter(new() { HasText = number });
        await Assertions.Expect(back).ToContainTextAsync("待分案");
        await Assertions.Expect(back).Not.ToContainTextAsync(defendant);
        await Stage.PictureAsync(here, "77-cross-answered");
        await here.GotoAsync(filing);
        await Assertions.Expect(here.Locator("body")).Not.ToContainTextAsync(defendant);
    }

    [Test]
    public async Task A_mediator_takes_it_on_talks_and_writes_the_agreement_on_a_phone()
    {
        var serial = Stage.Next();
        var defendant = "贾某调" + serial;
        var registrar = await Stage.PageAsync("registrar", "/triage/mediators");
        await registrar.Locator("[name='Data.Name']").FillAsync("调解员" + serial);
        await registrar.Locator("[name='Data.Skills']").FillAsync("买卖");
        await registrar.Locator("[name='Languages'][value='zh']").CheckAsync();
        await registrar.Locator("[name='Data.MostOpen']").FillAsync("9");
        await registrar.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await Assertions.Expect(registrar.GetByRole(AriaRole.Link, new() { Name = "调解员" + serial })).ToBeVisibleAsync();
        await RegisterAsync(registrar, "甄某调", defendant, "买卖合同纠纷", "8000");
        await registrar.GotoAsync(new Uri(registrar.Url).AbsolutePath.Replace("/allot", "", StringComparison.Ordinal));
        await registrar.GetByRole(AriaRole.Button, new() { Name = "启动调解" }).ClickAsync();
        await registrar.Locator("[name='Agrees'][value='true']").CheckAsync();
        await registrar.GetByRole(AriaRole.Button, new() { Name = "登记", Exact = true }).ClickAsync();
        await registrar.GetByRole(AriaRole.Button, new() { Name = "指派" }).ClickAsync();
        var link = await registrar.Locator("a[href*='/p/mediate/']").GetAttributeAsync("href");
        var mediation = new Uri(registrar.Url).AbsolutePath;

        var phone = await (await Stage.ContextAsync(width: 360, height: 740)).NewPageAsync();
        await phone.GotoAsync(link!);
        await Assertions.Expect(phone.Locator("a[href^='tel:']")).ToHaveCountAsync(0);
        await Stage.PictureAsync(phone, "78-mediator-invited");
        await phone.GetByRole(AriaRole.Button, new() { Name = "我来调解，签收" }).ClickAsync();
        await Stage.UntilAsync(phone, link!, phone.GetByRole(AriaRole.Button, new() { Name = "记录" }));
        await Assertions.Expect(phone.Locator("a[href^='tel:']").First).ToBeVisibleAsync();
        await phone.GetByLabel("这一次谈了什么").FillAsync("被告认可货款，要求分期。");
        await phone.GetByRole(AriaRole.Button, new() { Name = "记录" }).ClickAsync();
        await Assertions.Expect(phone.GetByText("被告认可货款，要求分期。").First).ToBeVisibleAsync();
        await phone.Locator("summary").Filter(new() { HasText = "达成协议" }).ClickAsync();
        await phone.Locator("[name='Elements.Payer']").FillAsync(defendant);
        await phone.Locator("[name='Elements.Payee']").FillAsync("甄某调");
        await phone.Locator("[name='Elements.Amount']").FillAsync("8000");
        await phone.Locator("[name='Elements.FirstDue']").FillAsync(DateTime.UtcNow.AddDays(20).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await phone.Locator("[name='Elements.Instalments']").FillAsync("2");
        await Stage.PictureAsync(phone, "78-mediator-agreement");
        Assert.That(await phone.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(360), "it fits the phone");
        await phone.GetByRole(AriaRole.Button, new() { Name = "写成协议，交给法院" }).ClickAsync();
        await Stage.UntilAsync(phone, link!, phone.GetByText("调解已经结束，谢谢您"));

        await registrar.GotoAsync(mediation);
        await Assertions.Expect(registrar.GetByRole(AriaRole.Heading, new() { Name = "调解协议" })).ToBeVisibleAsync();
        // the agreement is filed by itself meanwhile; a form opened before it would be told that somebody was quicker
        await Stage.UntilAsync(registrar, mediation, registrar.GetByText("协议入卷").First);
        await registrar.GetByLabel("事项").SelectOptionAsync("ask-confirm");
        await registrar.GetByRole(AriaRole.Button, new() { Name = "登记", Exact = true }).ClickAsync();
        await Assertions.Expect(registrar.GetByText("前决定").First).ToBeVisibleAsync();
        await Stage.PictureAsync(registrar, "78-mediation-confirmation");
    }

    [Test]
    public async Task A_payment_is_told_by_the_platform_once_and_the_president_sees_why_the_case_went_where()
    {
        var defendant = "贾某费" + Stage.Next();
        var registrar = await Stage.PageAsync("registrar");
        var number = await RegisterAsync(registrar, "甄某费", defendant, "民间借贷纠纷", "50000");
        var allot = new Uri(registrar.Url).AbsolutePath;
        await registrar.GotoAsync("/triage/fees");
        await registrar.GetByRole(AriaRole.Row).Filter(new() { HasText = number }).GetByRole(AriaRole.Link).First.ClickAsync();
        var bill = new Uri(registrar.Url).AbsolutePath;
        var code = FeeCode().Match(await registrar.Locator("main").InnerTextAsync()).Value;
        Assert.That(await TellAsync(code, "1050", sign: false), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await TellAsync(code, "1000.004", sign: true), Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(await TellAsync(code, "1050", sign: true), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await TellAsync(code, "1050", sign: true), Is.EqualTo(HttpStatusCode.OK), "told again is taken once");
        await registrar.GotoAsync(bill);
        await Assertions.Expect(registrar.Locator("main")).ToContainTextAsync("1,050.00");
        await Assertions.Expect(registrar.Locator("main")).Not.ToContainTextAsync("2,100.00");
        await Stage.PictureAsync(registrar, "79-fee-by-platform");

        await registrar.GotoAsync(allot);
        await registrar.Locator("main form button").First.ClickAsync();
        await Assertions.Expect(registrar.GetByRole(AriaRole.Heading, new() { Name = "结果" })).ToBeVisibleAsync();

        var leader = await Stage.PageAsync("leader", "/triage/allotments");
        await leader.GetByRole(AriaRole.Link, new() { Name = number }).ClickAsync();
        var why = leader.Locator("section").Filter(new() { Has = leader.GetByRole(AriaRole.Heading, new() { Name = "为什么到这一类、到这位法官" }) });
        await Assertions.Expect(why).ToContainTextAsync("难度");
        await Assertions.Expect(why.GetByText(Row()).First).ToBeVisibleAsync();
        await Assertions.Expect(leader.GetByRole(AriaRole.Heading, new() { Name = "法官与负荷" })).ToBeVisibleAsync();
        await Assertions.Expect(leader.GetByText("，一致").First).ToBeVisibleAsync();
        await Stage.PictureAsync(leader, "79-president-asks-why");
    }

    private static async Task FillAsync(IPage page, string claimant, string defendant, string amount)
    {
        await page.Locator("[name='Parties[0].Name']").FillAsync(claimant);
        await page.Locator("[name='Parties[0].Phone']").FillAsync("13800000561");
        await page.Locator("[name='Parties[1].Name']").FillAsync(defendant);
        await page.Locator("[name='Parties[1].Phone']").FillAsync("13800000562");
        await page.Locator("[name='Claims[0].Type']").SelectOptionAsync("money");
        await page.Locator("[name='Claims[0].Amount']").FillAsync(amount);
    }

    // taken in and registered at the counter; answers the case number, the page is then that of the allotment
    private static async Task<string> RegisterAsync(IPage registrar, string claimant, string defendant, string cause, string amount)
    {
        await registrar.GotoAsync("/triage/new?kind=civil");
        await registrar.Locator("[name='Cause']").FillAsync(cause);
        await FillAsync(registrar, claimant, defendant, amount);
        await registrar.GetByRole(AriaRole.Button, new() { Name = "收件", Exact = true }).ClickAsync();
        await registrar.GetByLabel("材料不齐或疑似重复而先行立案的理由").FillAsync("材料已在窗口核对");
        await registrar.GetByRole(AriaRole.Button, new() { Name = "登记立案" }).ClickAsync();
        await Assertions.Expect(registrar.GetByRole(AriaRole.Heading, new() { Name = "分案", Exact = true })).ToBeVisibleAsync();
        return Number().Match(await registrar.Locator("main").InnerTextAsync()).Value;
    }

    private static async Task<HttpStatusCode> TellAsync(string code, string amount, bool sign)
    {
        var body = $$"""{"code":"{{code}}","amount":{{amount}},"reference":"platform-{{code}}"}""";
        var stamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Stage.Address + "/hooks/triage/payments"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Timestamp", stamp);
        request.Headers.Add(
            "X-Signature",
            sign
                ? Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(HostProcess.PayKey), Encoding.UTF8.GetBytes($"{stamp}.{body}")))
                : new string('0', 64)
        );
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    [GeneratedRegex("（[0-9]{4}）吉2424民初[0-9]+号")]
    private static partial Regex Number();

    [GeneratedRegex("F[0-9]+")]
    private static partial Regex FeeCode();

    [GeneratedRegex("第 [0-9]+ 行")]
    private static partial Regex Row();
}
