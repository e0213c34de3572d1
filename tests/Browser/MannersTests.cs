namespace CourtOps.Browser;

/// <summary>Keyboard, no script, two people at once, news from others.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class MannersTests
{
    private readonly Queue<CaseOfTest> cases = new();
    private string order = "";
    private CaseOfTest subject = null!;

    [OneTimeSetUp]
    public async Task ImportAsync()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        for (var i = 0; i < 5; i++)
            cases.Enqueue(CaseOfTest.New(Stage.Next(), "王某", confirmed: true));
        var csv = string.Join("", cases.Select((c, i) => i == 0 ? c.Csv : c.Csv[(c.Csv.IndexOf('\n', StringComparison.Ordinal) + 1)..]));
        await Stage.ImportCaseAsync(registrar, csv: System.Text.Encoding.UTF8.GetBytes(csv), given: cases.Last());
        await registrar.Context.CloseAsync();
    }

    private async Task OrderAsync()
    {
        subject = cases.Dequeue();
        var judge = await Stage.PageAsync("judge");
        order = await Stage.RequestServiceAsync(judge, subject);
        await judge.Context.CloseAsync();
    }

    [Test]
    public async Task A_queue_is_walked_by_keyboard()
    {
        var judge = await Stage.PageAsync("judge", "/cases");
        var rows = judge.Locator("tr[data-row]");
        await Stage.PressAsync(judge, "j"); // the first row is current from the start
        await Assertions.Expect(rows.Nth(1).GetByRole(AriaRole.Link).First).ToBeFocusedAsync();
        await Stage.PressAsync(judge, "k");
        var number = await rows.Nth(0).GetByRole(AriaRole.Link).First.InnerTextAsync();
        await Assertions.Expect(rows.Nth(0).GetByRole(AriaRole.Link).First).ToBeFocusedAsync();
        await Stage.PressAsync(judge, "?");
        await Assertions.Expect(judge.GetByRole(AriaRole.Dialog)).ToContainTextAsync("上下移动");
        await Stage.PressAsync(judge, "Escape");
        await Assertions.Expect(judge.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Stage.PressAsync(judge, "Enter");
        await Assertions.Expect(judge.GetByRole(AriaRole.Heading, new() { Name = number }).First).ToBeVisibleAsync();
        await Stage.PressAsync(judge, "Control+k");
        await Assertions.Expect(judge.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
    }

    [Test]
    public async Task Without_script_an_order_goes_from_sign_in_to_the_partys_confirmation()
    {
        await OrderAsync();
        await using var context = await Stage.ContextAsync(script: false);
        var lead = await context.NewPageAsync();
        await Stage.SignInAsync(lead, "lead");
        await lead.GotoAsync(order);
        await lead.GetByRole(AriaRole.Radio, new() { Name = "钱演示" }).First.CheckAsync();
        await lead.GetByRole(AriaRole.Button, new() { Name = "派单" }).ClickAsync();
        await Assertions.Expect(lead.GetByText("派给 钱演示")).ToBeVisibleAsync();

        var clerk = await Stage.PageAsync("clerk", "/service" + order, script: false);
        await clerk.GetByRole(AriaRole.Button, new() { Name = "接受" }).ClickAsync();
        await clerk.GetByRole(AriaRole.Button, new() { Name = $"向{subject.Defendant}发出" }).ClickAsync();
        var link = await Stage.Mail.LinkAsync(subject.Email);

        await using var phone = await Stage.ContextAsync(width: 360, height: 740, script: false);
        var party = await phone.NewPageAsync();
        await party.GotoAsync(link);
        await party.GetByLabel("证件号码后 4 位").FillAsync(subject.Tail);
        await party.GetByRole(AriaRole.Button, new() { Name = "查看文书" }).ClickAsync();
        await party.GetByRole(AriaRole.Link, new() { Name = "开始阅读" }).ClickAsync();
        await Assertions.Expect(party.GetByRole(AriaRole.Link, new() { Name = "打开《民事判决书》" })).ToBeVisibleAsync();
        var file = await party.Context.APIRequest.GetAsync(
            Stage.Address + await party.GetByRole(AriaRole.Link, new() { Name = "打开《民事判决书》" }).GetAttributeAsync("href")
        );
        Assert.That((file.Status, file.Headers["content-type"]), Is.EqualTo((200, "application/pdf")));
        await party.ReloadAsync();
        await party.GetByRole(AriaRole.Button, new() { Name = "我已收到" }).ClickAsync();
        await Assertions.Expect(party.GetByRole(AriaRole.Heading, new() { Name = "已收到您的确认" })).ToBeVisibleAsync();
        await clerk.Context.CloseAsync();
    }

    [Test]
    public async Task The_party_pages_are_sound_on_a_small_phone_in_three_languages()
    {
        await OrderAsync();
        var clerk = await Stage.PageAsync("clerk", "/service" + order);
        await clerk.GetByRole(AriaRole.Button, new() { Name = "接受" }).ClickAsync();
        await clerk.GetByRole(AriaRole.Button, new() { Name = $"向{subject.Defendant}发出" }).ClickAsync();
        var link = new Uri(await Stage.Mail.LinkAsync(subject.Email)).AbsolutePath;
        var wrong = new List<string>();
        foreach (
            var (language, see, start, confirm) in ((string, string, string, string)[])
                [
                    ("zh-CN", "查看文书", "开始阅读", "我已收到"),
                    ("ko", "문서 보기", "읽기 시작", "받았습니다"),
                    ("en", "See the documents", "Start reading", "I have received it"),
                ]
        )
        {
            await using var phone = await Stage.ContextAsync(width: 360, height: 740, language: language);
            var party = await phone.NewPageAsync();
            await AccessibilityTests.CheckAsync(party, link, 360, wrong);
            await Stage.PictureAsync(party, $"20-party-{language}-identify");
            await party.Locator("input[name=Tail]").FillAsync(subject.Tail);
            await party.GetByRole(AriaRole.Button, new() { Name = see }).ClickAsync();
            await AccessibilityTests.CheckAsync(party, link, 360, wrong);
            if (language == "zh-CN")
                await Assertions.Expect(party.GetByRole(AriaRole.Link, new() { Name = start })).ToBeVisibleAsync();
            await party.GotoAsync(link + "?n=1");
            await party.Locator("[data-viewer] canvas").First.WaitForAsync();
            await Stage.PictureAsync(party, $"21-party-{language}-read");
            wrong.AddRange(await AccessibilityTests.AxeAsync(party, $"{language} read"));
            if (language == "en")
                await party.GetByRole(AriaRole.Button, new() { Name = confirm }).ClickAsync();
            else
                await Assertions.Expect(party.GetByRole(AriaRole.Button, new() { Name = confirm })).ToBeVisibleAsync();
            if (language == "en")
                await AccessibilityTests.CheckAsync(party, link, 360, wrong);
        }
        await clerk.Context.CloseAsync();
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task The_second_to_accept_is_told_who_was_first_and_loses_nothing()
    {
        await OrderAsync();
        var first = await Stage.PageAsync("clerk", "/service" + order);
        var second = await Stage.PageAsync("clerk2", "/service" + order, script: false); // without script the page does not hear the news
        await first.GetByRole(AriaRole.Button, new() { Name = "接受" }).ClickAsync();
        await Assertions.Expect(first.GetByText("发出后不能收回")).ToBeVisibleAsync();
        var answer = await second.RunAndWaitForResponseAsync(
            () => second.GetByRole(AriaRole.Button, new() { Name = "接受" }).ClickAsync(),
            r => r.Request.Method == "POST"
        );
        Assert.That(answer.Status, Is.EqualTo(409));
        await Assertions.Expect(second.GetByRole(AriaRole.Alert)).ToContainTextAsync("钱演示");
        await Assertions
            .Expect(second.GetByRole(AriaRole.Alert))
            .ToContainTextAsync(
                TimeZoneInfo
                    .ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"))
                    .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
            );
        await first.Context.CloseAsync();
        await second.Context.CloseAsync();
    }

    [Test]
    public async Task What_was_typed_survives_that_somebody_else_was_quicker()
    {
        await OrderAsync();
        var lead = await Stage.PageAsync("lead", order);
        var other = await Stage.PageAsync("clerk2", "/service" + order);
        await lead.GetByRole(AriaRole.Button, new() { Name = "退回补正" }).ClickAsync();
        var words = "缺少原告的送达地址确认书，请补。";
        await lead.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync(words);
        await other.GetByRole(AriaRole.Button, new() { Name = "接受" }).ClickAsync();
        await Assertions.Expect(other.GetByText("发出后不能收回")).ToBeVisibleAsync();
        await lead.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "退回补正" }).ClickAsync();
        await Assertions.Expect(lead.GetByRole(AriaRole.Alert)).ToContainTextAsync("孙范例");
        await Assertions.Expect(lead.GetByRole(AriaRole.Alert)).ToContainTextAsync(words);
        await lead.Context.CloseAsync();
        await other.Context.CloseAsync();
    }

    [Test]
    public async Task An_open_page_changes_when_somebody_else_acts()
    {
        await OrderAsync();
        var judge = await Stage.PageAsync("judge", order);
        await Assertions.Expect(judge.GetByText("待派单").First).ToBeVisibleAsync();
        var lead = await Stage.PageAsync("lead", order);
        await lead.GetByRole(AriaRole.Button, new() { Name = "派单" }).ClickAsync();
        await lead.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Radio, new() { Name = "孙范例" }).CheckAsync();
        await lead.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "派单" }).ClickAsync();
        await Assertions.Expect(judge.GetByText("派给 孙范例")).ToBeVisibleAsync();
        await Assertions.Expect(judge.GetByText("待接受").First).ToBeVisibleAsync();

        // what happens while new content is under way is not lost with the part that it replaces
        var slow = 0;
        var (taken, more) = (new TaskCompletionSource(), new TaskCompletionSource());
        await judge.RouteAsync(
            "**" + order,
            async route =>
            {
                var answer = await route.FetchAsync();
                if (Interlocked.Increment(ref slow) == 1)
                {
                    taken.SetResult();
                    await more.Task;
                    await Task.Delay(1500); // the second word has reached the page while the first answer is still on its way
                }
                await route.FulfillAsync(new() { Response = answer });
            }
        );
        async Task SayAsync(string words)
        {
            await lead.Locator("#w-comment").FillAsync(words);
            await lead.GetByRole(AriaRole.Button, new() { Name = "发送" }).ClickAsync();
            await Assertions.Expect(lead.GetByText(words).First).ToBeVisibleAsync();
        }
        await SayAsync("先核对地址");
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await SayAsync("再核对电话");
        more.SetResult();
        await Assertions.Expect(judge.GetByText("再核对电话")).ToBeVisibleAsync();
        await judge.Context.CloseAsync();
        await lead.Context.CloseAsync();
    }
}
