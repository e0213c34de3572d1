using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>A judgment that no mail reaches: the postal desk sends a letter, it comes back, the server leaves it at the door with a witness, on a
/// phone.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class ServiceJourneyTests
{
    [Test]
    public async Task A_letter_comes_back_and_is_left_at_the_door()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = await Stage.ImportCaseAsync(registrar, confirmed: false, family: "邮某");
        var order = await Stage.RequestServiceAsync(await Stage.PageAsync("judge"), c);
        var clerk = await Stage.PageAsync("clerk", "/service" + order);
        await clerk.GetByRole(AriaRole.Button, new() { Name = "接受" }).ClickAsync();
        await Assertions.Expect(clerk.GetByText("发出后不能收回")).ToBeVisibleAsync();

        // an address that the court found out itself: a return from it is no service
        await clerk.GetByRole(AriaRole.Link, new() { Name = "地址和确认书" }).First.ClickAsync();
        await clerk.GetByText("登记其他来源的地址").ClickAsync();
        await clerk.GetByLabel("来源").SelectOptionAsync("habitual");
        await clerk.Locator("[name='Add.Address']").FillAsync("虚构省虚构县虚构街9号");
        await clerk.Locator("[name='Add.Evidence']").FillAsync("合同载明");
        await clerk.Locator("[name='Add.UsedOn']").FillAsync(Today());
        await clerk.GetByRole(AriaRole.Button, new() { Name = "登记地址" }).ClickAsync();
        await Assertions.Expect(clerk.GetByText("虚构街9号").First).ToBeVisibleAsync();

        await clerk.GotoAsync("/service" + order);
        await clerk.GetByText("改下一步").First.ClickAsync();
        await clerk.Locator("[name='Next']").First.SelectOptionAsync("postal");
        await clerk.Locator("form[action*='handler=Plan'] [name='Words']").First.FillAsync("法院查得的邮箱未经本人确认");
        await clerk.Locator("form[action*='handler=Plan'] button").First.ClickAsync();
        await Assertions.Expect(clerk.GetByText("邮寄送达").First).ToBeVisibleAsync();

        // the postal desk
        await clerk.GotoAsync("/service/post");
        await clerk.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Defendant }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await clerk.GetByRole(AriaRole.Button, new() { Name = "建批次" }).ClickAsync();
        await Assertions.Expect(clerk).ToHaveURLAsync(BatchUrl());
        await clerk.GetByLabel("揽收人").FillAsync("揽收员（化名）");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "交邮" }).ClickAsync();
        await Assertions.Expect(clerk.GetByText("等待结果").First).ToBeVisibleAsync();
        await Stage.PictureAsync(clerk, "70-letters");
        await clerk.Locator("[name='Result.Outcome']").SelectOptionAsync("wrong-address");
        await clerk.Locator("[name='Result.On']").FillAsync(Today());
        await clerk.Locator("form[action*='handler=Result'] button").ClickAsync();
        await Assertions.Expect(clerk.GetByText("地址不准确退回").First).ToBeVisibleAsync();

        // the next way is the door
        await clerk.GotoAsync("/service" + order);
        await Assertions.Expect(clerk.GetByText("直接送达").First).ToBeVisibleAsync();
        await Stage.PictureAsync(clerk, "71-after-the-return");
        await clerk.GotoAsync("/service/trips");
        var visit = await clerk
            .GetByRole(AriaRole.Row)
            .Filter(new() { HasText = c.Defendant })
            .GetByRole(AriaRole.Link, new() { Name = c.Defendant })
            .GetAttributeAsync("href");
        var phone = await Stage.PageAsync("clerk", visit!, width: 360, height: 740);
        await phone.GetByLabel("拒收后留置").CheckAsync();
        await phone.GetByLabel("地点").FillAsync("虚构街9号门口");
        await phone.GetByRole(AriaRole.Button, new() { Name = "提交" }).ClickAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Alert)).ToContainTextAsync("见证人");
        await phone.GetByLabel("见证人").FillAsync("居委会工作人员（化名）");
        await phone
            .GetByLabel("照片、录像截图、录音")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "门口.jpg",
                    MimeType = "image/jpeg",
                    Buffer = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
                }
            );
        await phone.GetByRole(AriaRole.Button, new() { Name = "提交" }).ClickAsync();
        await Assertions.Expect(phone.GetByText("已登记，送达日")).ToBeVisibleAsync();
        Assert.That(await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth + 1"), Is.True, "the page does not run out of a phone");
        await Stage.PictureAsync(phone, "72-at-the-door");
    }

    [Test]
    public async Task A_caller_reaches_a_party_in_Korean_and_the_party_agrees_to_mail()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var given = CaseOfTest.New(Stage.Next(), "통某", confirmed: false);
        var korean = given.Csv[..given.Csv.TrimEnd().LastIndexOf(',')] + ",ko\n";
        var c = await Stage.ImportCaseAsync(registrar, csv: System.Text.Encoding.UTF8.GetBytes(korean), given: given);
        var order = await Stage.RequestServiceAsync(await Stage.PageAsync("judge"), c, "民事起诉状", "起诉状");
        var clerk = await Stage.PageAsync("clerk", "/service" + order);
        await clerk.GetByRole(AriaRole.Button, new() { Name = "接受" }).ClickAsync();
        await Assertions.Expect(clerk.GetByText("改下一步").First).ToBeVisibleAsync();
        await clerk.GetByText("改下一步").First.ClickAsync();
        await clerk.Locator("[name='Next']").First.SelectOptionAsync("phone");
        await clerk.Locator("form[action*='handler=Plan'] [name='Words']").First.FillAsync("法院查得的邮箱未经本人确认，先电话核实");
        await clerk.Locator("form[action*='handler=Plan'] button").First.ClickAsync();

        var row = clerk.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Defendant });
        await Stage.UntilAsync(clerk, "/service/calls?language=ko", row);
        await Stage.PictureAsync(clerk, "73-calls-to-make");
        await row.GetByRole(AriaRole.Link, new() { Name = c.Defendant }).ClickAsync();
        await Assertions.Expect(clerk.Locator("ol.script").First).ToContainTextAsync("통화는 녹음됩니다");
        await Assertions.Expect(clerk.GetByRole(AriaRole.Link, new() { Name = "15900000" + c.Serial })).ToHaveAttributeAsync("href", "tel:15900000" + c.Serial);
        await clerk.GetByRole(AriaRole.Radio, new() { Name = "同意电子送达" }).CheckAsync();
        await clerk.GetByLabel("通话内容").FillAsync("核对证件后四位，本人同意电子送达");
        await clerk.GetByLabel("电子邮箱").FillAsync(c.Email);
        await Stage.PictureAsync(clerk, "74-call");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "登记并看下一个" }).ClickAsync();
        await Assertions.Expect(clerk).Not.ToHaveURLAsync(CallUrl());

        // the party has agreed: the mail goes out, in its language
        await clerk.GotoAsync("/service" + order);
        await Assertions.Expect(clerk.GetByText("同意电子送达").First).ToBeVisibleAsync();
        await Stage.PictureAsync(clerk, "77-after-the-call");
    }

    private static string Today() =>
        TimeZoneInfo
            .ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"))
            .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("/service/calls/[0-9]+$")]
    private static partial Regex CallUrl();

    [GeneratedRegex("/service/post/[0-9]+$")]
    private static partial Regex BatchUrl();
}
