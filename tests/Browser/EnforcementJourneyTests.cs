using System.Globalization;
using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>The enforcement centre at work: a warning becomes a renewed measure, an agency answers, a thing is sold and paid out, a round is checked before
/// it ends.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class EnforcementJourneyTests
{
    private static DateOnly Today =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).DateTime);

    [Test]
    public async Task The_executor_goes_from_a_warning_on_the_board_to_a_renewed_measure()
    {
        var (judge, c, ledger) = await RegisterAsync("续某");
        await judge.GotoAsync(ledger.Replace("/ledger", "/take", StringComparison.Ordinal));
        await PickAsync(judge, "Data.PartyId", c.Defendant);
        await judge.Locator("[name='Data.Category']").SelectOptionAsync("bank");
        await judge.Locator("[name='Data.Description']").FillAsync($"62220000{c.Serial}");
        await judge.Locator("[name='Data.Start']").FillAsync(Iso(Today.AddYears(-1).AddDays(6)));
        await judge.Locator("[name='Data.Amount']").FillAsync("50000");
        await judge.Locator("[name='Data.Authority']").FillAsync("汪清测试银行");
        await judge.GetByRole(AriaRole.Button, new() { Name = "登记", Exact = true }).ClickAsync();
        await Assertions.Expect(judge).ToHaveURLAsync(MeasureUrl());
        await Stage.PictureAsync(judge, "210-measure-in-its-last-week");

        // the board: red, and its row says what is to be done now
        await judge.GotoAsync("/enforcement?state=active&within=60&mine=true");
        var row = judge.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Defendant });
        await Assertions.Expect(row).ToContainTextAsync("续行");
        await Stage.PictureAsync(judge, "211-board-of-warnings");
        await row.GetByRole(AriaRole.Link, new() { Name = c.Defendant }).ClickAsync();
        await Fold(judge, "续行").ClickAsync();
        var form = judge.Locator("form[action*='handler=Renew']");
        await form.Locator("[name='Data.Paper']").FillAsync("执行裁定续 1 号");
        await form.Locator("[name='Data.Receipt']").FillAsync($"XX{c.Serial}");
        await form.GetByRole(AriaRole.Button).First.ClickAsync();
        await Assertions.Expect(judge.Locator(".evs").GetByText("续行").First).ToBeVisibleAsync();
        await Assertions.Expect(judge.GetByText($"XX{c.Serial}").First).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "212-renewed");
        await judge.GotoAsync("/enforcement?state=active&within=60&mine=true");
        await Assertions.Expect(judge.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Defendant })).ToHaveCountAsync(0);
    }

    [Test]
    public async Task An_agency_is_asked_answers_with_one_click_and_its_paper_is_filed()
    {
        var (judge, c, ledger) = await RegisterAsync("联某");
        var bank = $"汪清测试银行{c.Serial}";
        var executor = await Stage.PageAsync("executor", "/enforcement/linkage");
        await executor.Locator("[name='Data.Name']").FillAsync(bank);
        await executor.Locator("[name='Data.Kind']").SelectOptionAsync("bank");
        await executor.GetByRole(AriaRole.Button, new() { Name = "登记单位" }).ClickAsync();
        await Assertions.Expect(executor.GetByRole(AriaRole.Link, new() { Name = bank })).ToBeVisibleAsync();

        // the court's side
        await judge.GotoAsync(ledger);
        await judge.GetByRole(AriaRole.Link, new() { Name = "发起联动" }).ClickAsync();
        await judge.GetByRole(AriaRole.Checkbox, new() { Name = bank }).CheckAsync();
        await judge.Locator("[name='Data.Act']").SelectOptionAsync("query");
        await judge.Locator("[name='Data.Due']").FillAsync(Iso(Today.AddDays(7)));
        await judge.Locator("[name='Data.Words']").FillAsync($"查询{c.Defendant}名下账户和余额");
        await Stage.PictureAsync(judge, "220-before-sending-to-agencies");
        await judge.GetByRole(AriaRole.Button, new() { Name = "一键发出" }).ClickAsync();
        await Assertions.Expect(judge).ToHaveURLAsync(LinkageUrl());
        var request = new Uri(judge.Url).AbsolutePath;
        await judge.GetByText("交给单位经办人").ClickAsync();
        var link = await judge.Locator("details .mono").InnerTextAsync();

        // the agency's side, without an account
        await using var context = await Stage.ContextAsync(width: 390, height: 844);
        var agency = await context.NewPageAsync();
        await agency.GotoAsync(link.Trim());
        await Assertions.Expect(agency.GetByText(c.Defendant)).ToBeVisibleAsync();
        await Stage.PictureAsync(agency, "221-page-of-the-agency");
        await agency.GetByLabel("反馈内容").FillAsync("账户 6222 余额 8,000.00 元");
        await agency.GetByLabel("回执号（可不填）").FillAsync($"HZ{c.Serial}");
        await agency.GetByLabel("经办人", new() { Exact = true }).FillAsync("经办某");
        await agency
            .GetByLabel("附件（PDF，可不附）")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "回执.pdf",
                    MimeType = "application/pdf",
                    Buffer = Pdf.Of("CourtOps", c.Serial, "receipt"),
                }
            );
        await agency.GetByRole(AriaRole.Button, new() { Name = "一键反馈" }).ClickAsync();
        await Assertions.Expect(agency.GetByRole(AriaRole.Heading, new() { Name = "已收到贵单位的反馈" })).ToBeVisibleAsync();
        await Stage.PictureAsync(agency, "222-agency-answered");

        // back at the court: answer, receipt, paper in the file
        var paper = judge.GetByRole(AriaRole.Link, new() { Name = "看文件" });
        for (var look = 0; look < 40 && await paper.CountAsync() == 0; look++)
        {
            await judge.WaitForTimeoutAsync(500);
            await judge.GotoAsync(request);
        }
        await Assertions.Expect(judge.GetByText("已反馈").First).ToBeVisibleAsync();
        await Assertions.Expect(judge.GetByText($"HZ{c.Serial}").First).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "223-answer-at-the-court");
        await paper.ClickAsync();
        await Assertions.Expect(judge.GetByText($"{bank}反馈（协助查询）").First).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_house_is_sold_and_its_price_reaches_the_creditor()
    {
        var (judge, c, ledger) = await RegisterAsync("拍某");
        var house = $"汪清不动产第{c.Serial}号";
        await judge.GotoAsync(ledger.Replace("/ledger", "/take", StringComparison.Ordinal));
        await PickAsync(judge, "Data.PartyId", c.Defendant);
        await judge.Locator("[name='Data.Category']").SelectOptionAsync("immovable");
        await judge.Locator("[name='Data.Description']").FillAsync(house);
        await judge.Locator("[name='Data.Start']").FillAsync(Iso(Today.AddDays(-80)));
        await judge.Locator("[name='Data.Authority']").FillAsync("汪清不动产登记中心");
        await judge.GetByRole(AriaRole.Button, new() { Name = "登记", Exact = true }).ClickAsync();
        await Assertions.Expect(judge).ToHaveURLAsync(MeasureUrl());
        await judge.GotoAsync(ledger.Replace("/ledger", "/auctions", StringComparison.Ordinal));
        await PickAsync(judge, "Data.AssetId", house);
        await judge.Locator("[name='Data.Way']").SelectOptionAsync("network");
        await judge.Locator("[name='Data.Valuation']").FillAsync("200000");
        await judge.Locator("[name='Data.ValuedOn']").FillAsync(Iso(Today.AddDays(-60)));
        await judge.Locator("[name='Data.Platform']").FillAsync("示例拍卖平台");
        await judge.GetByRole(AriaRole.Button, new() { Name = "登记", Exact = true }).ClickAsync();
        if (!AuctionUrl().IsMatch(judge.Url))
            await judge.GetByRole(AriaRole.Link, new() { Name = house }).ClickAsync();
        await Assertions.Expect(judge).ToHaveURLAsync(AuctionUrl());

        // a price below seventy percent is refused with the article; what was typed stays
        await judge.Locator("[name='Data.StartPrice']").FillAsync("130000");
        await judge.Locator("[name='Data.Deposit']").FillAsync("14000");
        await judge.Locator("[name='Data.StepPrice']").FillAsync("1000");
        await judge.Locator("[name='Data.ToldOn']").FillAsync(Iso(Today.AddDays(-50)));
        await judge.Locator("[name='Data.NoticeOn']").FillAsync(Iso(Today.AddDays(-40)));
        await judge.Locator("[name='Data.OpensOn']").FillAsync(Iso(Today.AddDays(-2)));
        var publish = judge.Locator("form[action*='handler=Publish'] .acts button");
        await publish.ClickAsync();
        await Assertions.Expect(judge.GetByRole(AriaRole.Alert).First).ToContainTextAsync("网拍规定第10条");
        await judge.Locator("[name='Data.StartPrice']").FillAsync("140000");
        await publish.ClickAsync();
        await Assertions.Expect(judge.GetByText("公告中").First).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "230-sale-published");
        await StepAsync(judge, "sell", ("Data.Price", "156000.50"), ("Data.Buyer", "买受某"));
        await Assertions.Expect(judge.GetByText("已成交").First).ToBeVisibleAsync();
        await StepAsync(judge, "pay", ("Data.Reference", $"PM{c.Serial}"));
        await Assertions.Expect(judge.GetByText("价款到账").First).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "231-price-came");

        // the price is money of the case: asked by the judge, approved by a leader, paid
        var money = ledger.Replace("/ledger", "/money", StringComparison.Ordinal);
        await judge.GotoAsync(money);
        await Assertions.Expect(judge.GetByText("156,000.50").First).ToBeVisibleAsync();
        await Fold(judge, "申请发放").ClickAsync();
        var ask = judge.Locator("form[action*='handler=Ask']");
        await PickAsync(judge, "Data.PartyId", "赵某");
        await ask.Locator("[name='Data.Account']").FillAsync("6228000011112222");
        await ask.Locator("[name='Data.Amount']").FillAsync("120000");
        await ask.GetByRole(AriaRole.Button, new() { Name = "提交审批" }).ClickAsync();
        await Assertions.Expect(Fold(judge, "办理：")).ToBeVisibleAsync();
        var leader = await Stage.PageAsync("leader", money);
        await Fold(leader, "办理：").ClickAsync();
        await Stage.PictureAsync(leader, "232-leader-approves-the-payout");
        await leader.GetByRole(AriaRole.Button, new() { Name = "批准", Exact = true }).ClickAsync();
        await judge.GotoAsync(money);
        await Fold(judge, "办理：").ClickAsync();
        var pay = judge.Locator("form[action*='handler=Step']").First;
        await pay.Locator("[name='Data.Reference']").FillAsync($"FK{c.Serial}");
        await pay.GetByRole(AriaRole.Button, new() { Name = "登记付款" }).ClickAsync();
        await Assertions.Expect(judge.GetByText($"FK{c.Serial}").First).ToBeVisibleAsync();
        await Assertions.Expect(judge.GetByText("36,000.50").First).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "233-paid-out");
    }

    [Test]
    public async Task The_check_before_the_round_ends_says_what_is_missing_and_leads_to_where_it_is_done()
    {
        var (judge, c, ledger) = await RegisterAsync("终某");
        var closing = ledger.Replace("/ledger", "/closing", StringComparison.Ordinal);
        await judge.GotoAsync(closing);
        var notice = judge.GetByRole(AriaRole.Row).Filter(new() { HasText = "已发出执行通知书" });
        await Assertions.Expect(notice).ToContainTextAsync("未满足");
        await Stage.PictureAsync(judge, "240-what-is-missing");

        // where it is done: the node of the notice
        await notice.GetByRole(AriaRole.Link, new() { Name = "去办理" }).ClickAsync();
        await Fold(judge, "登记节点").ClickAsync();
        var node = judge.Locator("form[action*='handler=Node']");
        await node.Locator("[name='Data.Code']").SelectOptionAsync("notice");
        await node.GetByRole(AriaRole.Button, new() { Name = "登记" }).ClickAsync();
        await judge.GotoAsync(closing);
        await Assertions.Expect(judge.GetByRole(AriaRole.Row).Filter(new() { HasText = "已发出执行通知书" })).ToContainTextAsync("已满足");

        // a talk with the creditor
        await judge.GetByRole(AriaRole.Row).Filter(new() { HasText = "已约谈申请执行人" }).GetByRole(AriaRole.Link, new() { Name = "去办理" }).ClickAsync();
        await Fold(judge, "登记约谈").ClickAsync();
        var talk = judge.Locator("form[action*='handler=Talk']");
        await talk.Locator("[name='Data.Kind']").SelectOptionAsync("creditor");
        await talk.Locator("[name='Data.With']").FillAsync("赵某");
        await talk.Locator("[name='Data.Agrees']").SelectOptionAsync("true");
        await talk.Locator("[name='Data.Words']").FillAsync("告知财产查询情况，同意终结本次执行程序。");
        await talk.GetByRole(AriaRole.Button, new() { Name = "登记" }).ClickAsync();
        await judge.GotoAsync(closing);
        await Assertions.Expect(judge.GetByRole(AriaRole.Row).Filter(new() { HasText = "已约谈申请执行人" })).ToContainTextAsync("已满足");

        // asked too early: refused with what is open
        await judge.Locator("[name='Words']").FillAsync("没有可供执行的财产。");
        await judge.GetByRole(AriaRole.Button, new() { Name = "提交审批" }).ClickAsync();
        await Assertions.Expect(judge.GetByRole(AriaRole.Alert).First).ToContainTextAsync("立案满三个月");
        await Stage.PictureAsync(judge, "241-refused-with-what-is-open");

        // the president's board: nothing lapsed, and every figure opens its list
        var leader = await Stage.PageAsync("leader", "/enforcement/board");
        await Stage.PictureAsync(leader, "242-board-of-the-president");
        var lapsed = leader.GetByRole(AriaRole.Link).Filter(new() { HasText = "已失效未续" });
        await Assertions.Expect(lapsed).ToContainTextAsync("0");
        await lapsed.ClickAsync();
        await Assertions.Expect(leader.GetByText("没有这样的事项").First).ToBeVisibleAsync();
        foreach (
            var (figure, list) in new[]
            {
                ("30 日内届满", "/enforcement/board/cases?figure=soon"),
                ("查漏事项", "/enforcement/board/cases?figure=findings"),
                ("到期未办", "/enforcement/board/cases?figure=late"),
                ("在办执行案件", "/enforcement/board/cases?figure=open"),
            }
        )
        {
            await leader.GotoAsync("/enforcement/board");
            await leader.Locator(".figs a").Filter(new() { HasText = figure }).ClickAsync();
            await Assertions.Expect(leader).ToHaveURLAsync(new Regex(Regex.Escape(list)));
        }
        Assert.That(c.Defendant, Is.Not.Empty);
    }

    /// <summary>A judged case goes into enforcement without anything typed again. Answers the judge's page, the case and the address of its ledger.</summary>
    private static async Task<(IPage Judge, CaseOfTest Case, string Ledger)> RegisterAsync(string family)
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = await Stage.ImportCaseAsync(registrar, family: family);
        await registrar.Context.CloseAsync();
        var judge = await Stage.PageAsync("judge", "/search?q=" + Uri.EscapeDataString(c.Number));
        await judge.GetByRole(AriaRole.Link, new() { Name = "立执行案" }).ClickAsync();
        await judge.Locator("[name='Data.EffectiveOn']").FillAsync(Iso(Today));
        await PickAsync(judge, "Data.JudgeId", "李测试");
        await judge.GetByRole(AriaRole.Button, new() { Name = "立案", Exact = true }).ClickAsync();
        await Assertions.Expect(judge).ToHaveURLAsync(LedgerUrl());
        return (judge, c, new Uri(judge.Url).AbsolutePath);
    }

    private static async Task StepAsync(IPage judge, string step, params (string Name, string Value)[] fields)
    {
        await judge.Locator($"[name='Data.Step'][value='{step}']").CheckAsync();
        var form = judge.Locator("form[action*='handler=Step']");
        foreach (var (name, value) in fields)
            await form.Locator($"[name='{name}']").FillAsync(value);
        await form.Locator(".acts button").ClickAsync();
    }

    /// <summary>Chooses the option whose words contain the text.</summary>
    private static async Task PickAsync(IPage page, string name, string words)
    {
        var select = page.Locator($"select[name='{name}']").First;
        var value = await select.Locator("option").Filter(new() { HasText = words }).First.GetAttributeAsync("value");
        await select.SelectOptionAsync(value!);
    }

    private static ILocator Fold(IPage page, string words) => page.Locator("main summary").Filter(new() { HasText = words }).First;

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex("/enforcement/cases/[0-9]+/ledger$")]
    private static partial Regex LedgerUrl();

    [GeneratedRegex("/enforcement/measures/[0-9]+$")]
    private static partial Regex MeasureUrl();

    [GeneratedRegex("/enforcement/linkage/[0-9]+$")]
    private static partial Regex LinkageUrl();

    [GeneratedRegex("/enforcement/auctions/[0-9]+$")]
    private static partial Regex AuctionUrl();
}
