using System.Globalization;
using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>A case under control: the president steps in, the judge asks for time, the clerk corrects the record, rules are changed and rolled back, law is
/// updated.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class ControlTests
{
    private static DateOnly Today =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).DateTime);

    [Test]
    public async Task The_president_goes_from_a_red_figure_to_a_slip_in_three_clicks_and_the_answer_comes_back()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = await ImportedAsync(registrar, Today.AddDays(-190));
        var leader = await Stage.PageAsync("leader", "/leader");
        await leader.GetByRole(AriaRole.Link, new() { Name = "已超审限" }).First.ClickAsync();
        var row = leader.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Number });
        await Assertions.Expect(row.GetByRole(AriaRole.Link, new() { Name = c.Number })).ToBeVisibleAsync();
        await Stage.PictureAsync(leader, "80-leader");
        await row.GetByRole(AriaRole.Link, new() { Name = "发督促单" }).ClickAsync();
        await leader.GetByLabel("要求").FillAsync("请说明超审限的原因");
        await leader.GetByRole(AriaRole.Button, new() { Name = "发出" }).ClickAsync();
        await Assertions.Expect(leader).ToHaveURLAsync(SlipUrl());
        var slip = new Uri(leader.Url).AbsolutePath;
        var judge = await Stage.PageAsync("judge", slip);
        await judge.GetByLabel("办理情况和完成时间").FillAsync("等待鉴定，下周结案");
        await judge.GetByRole(AriaRole.Button, new() { Name = "答复" }).ClickAsync();
        await Assertions.Expect(judge.GetByText("已答复，待认可").First).ToBeVisibleAsync();
        await leader.GotoAsync(slip);
        await Assertions.Expect(leader.GetByText("等待鉴定，下周结案")).ToBeVisibleAsync();
        await leader.GetByRole(AriaRole.Button, new() { Name = "认可" }).ClickAsync();
        await Assertions.Expect(leader.GetByText("已认可").First).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_judge_asks_for_an_extension_in_time_and_is_refused_late_with_the_article()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var early = await ImportedAsync(registrar, Today.AddDays(-60));
        var late = await ImportedAsync(registrar, Today.AddMonths(-6).AddDays(6));
        var judge = await Stage.PageAsync("judge", "/search?q=" + Uri.EscapeDataString(early.Number));
        await AskAsync(judge);
        await Assertions.Expect(judge.GetByText("已提出申请，等待批准").First).ToBeVisibleAsync();
        var clock = new Uri(judge.Url).AbsolutePath;
        var leader = await Stage.PageAsync("leader", clock);
        await leader.GetByRole(AriaRole.Button, new() { Name = "批准", Exact = true }).ClickAsync();
        await Assertions.Expect(leader.GetByRole(AriaRole.Cell, new() { Name = "已批准", Exact = true }).First).ToBeVisibleAsync();
        await judge.GotoAsync("/search?q=" + Uri.EscapeDataString(late.Number));
        await AskAsync(judge);
        await Assertions.Expect(judge.GetByRole(AriaRole.Alert)).ToContainTextAsync("法释〔2019〕4号修正）第1条");
        await Stage.PictureAsync(judge, "81-extension-late");
    }

    [Test]
    public async Task A_clerk_corrects_what_the_inspection_found()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = CaseOfTest.New(Stage.Next(), "冯某", true);
        var right = WrongId().Matches(c.Csv).Last().Value;
        var wrong = right[..17] + (right[17] == '1' ? '2' : '1');
        await Stage.ImportCaseAsync(registrar, given: c, csv: System.Text.Encoding.UTF8.GetBytes(c.Csv.Replace(right, wrong, StringComparison.Ordinal)));
        var clerk = await Stage.PageAsync("assistant", "/search?q=" + Uri.EscapeDataString(c.Number));
        await Assertions.Expect(clerk).ToHaveURLAsync(CaseUrl()); // a whole number leads straight to its case
        var inspection = new Uri(clerk.Url).AbsolutePath + "/inspection";
        var finding = clerk.GetByRole(AriaRole.Row).Filter(new() { HasText = "身份证号码校验" });
        for (var look = 0; look < 60 && await finding.GetByRole(AriaRole.Link, new() { Name = "去更正" }).CountAsync() == 0; look++)
        {
            await clerk.WaitForTimeoutAsync(500);
            await clerk.GotoAsync(inspection);
        }
        await Stage.PictureAsync(clerk, "82-inspection");
        var bad = new List<string>();
        await AccessibilityTests.CheckAsync(clerk, inspection, 1366, bad);
        await clerk.GotoAsync(inspection);
        await finding.GetByRole(AriaRole.Link, new() { Name = "去更正" }).ClickAsync();
        await clerk.GetByLabel("证件号码", new() { Exact = true }).FillAsync(right);
        await clerk.GetByRole(AriaRole.Button, new() { Name = "登记" }).ClickAsync();
        await Assertions.Expect(clerk.GetByText("已登记送达地址")).ToBeVisibleAsync();
        await clerk.GotoAsync(inspection);
        await Assertions.Expect(clerk.GetByRole(AriaRole.Heading, new() { Name = "已补正" })).ToBeVisibleAsync();
        await AccessibilityTests.CheckAsync(clerk, inspection.Replace("inspection", "panel", StringComparison.Ordinal), 1366, bad);
        Assert.That(bad, Is.Empty);
    }

    [Test]
    public async Task A_table_is_changed_after_a_dry_run_and_rolled_back()
    {
        var leader = await Stage.PageAsync("leader", "/settings/workzone.inspection");
        await leader.GetByLabel("第 1 行 补正期限").FillAsync("20");
        await leader.GetByLabel("理由").First.FillAsync("本院的期限");
        await leader.GetByRole(AriaRole.Button, new() { Name = "试算" }).ClickAsync();
        await Assertions.Expect(leader.GetByRole(AriaRole.Heading, new() { Name = "试算" })).ToBeVisibleAsync();
        await leader.GotoAsync("/settings/workzone.inspection");
        foreach (var days in new[] { "20", "15" })
        {
            await leader.GetByLabel("第 1 行 补正期限").FillAsync(days);
            await leader.GetByLabel("理由").First.FillAsync("本院的期限");
            await leader.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
            await Assertions.Expect(leader.GetByLabel("第 1 行 补正期限")).ToHaveValueAsync(days);
        }
        await leader.GetByLabel("恢复第 1 版的理由").FillAsync("改回");
        await leader
            .GetByRole(AriaRole.Row)
            .Filter(new() { Has = leader.GetByLabel("恢复第 1 版的理由") })
            .GetByRole(AriaRole.Button, new() { Name = "恢复这一版" })
            .ClickAsync();
        await Assertions.Expect(leader.GetByLabel("第 1 行 补正期限")).ToHaveValueAsync("20");
    }

    [Test]
    public async Task A_second_person_confirms_a_law_update_and_the_judge_sees_whose_dates_moved()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = CaseOfTest.New(Stage.Next(), "陈某", true);
        await Stage.ImportCaseAsync(registrar, given: c, csv: System.Text.Encoding.UTF8.GetBytes(c.Csv.Replace("MC-ORD", "MC-SPE", StringComparison.Ordinal)));
        var asker = await Stage.PageAsync("sysadmin", "/settings/law");
        await asker
            .GetByLabel("法律更新（JSON）")
            .FillAsync(
                $$"""{"law":"《民事诉讼法》（演示修正）第187条","from":"{{Today.AddDays(-30).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}}","limits":[{"code":"MC-SPE","days":25}]}"""
            );
        await asker.GetByRole(AriaRole.Button, new() { Name = "看差别" }).ClickAsync();
        await Assertions.Expect(asker.GetByText("25 d").First).ToBeVisibleAsync();
        await asker.GetByLabel("理由").FillAsync("演示");
        await asker.GetByRole(AriaRole.Button, new() { Name = "提交第二人确认" }).ClickAsync();
        var second = await Stage.PageAsync("secadmin", "/settings/pending");
        await second.GetByRole(AriaRole.Button, new() { Name = "确认", Exact = true }).First.ClickAsync();
        var judge = await Stage.PageAsync("judge", "/settings/law");
        var line = judge.GetByRole(AriaRole.Link, new() { Name = c.Number });
        for (var look = 0; look < 60 && await line.CountAsync() == 0; look++)
        {
            await judge.WaitForTimeoutAsync(500);
            await judge.ReloadAsync();
        }
        await Assertions.Expect(line).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "83-law-moved");
    }

    private static async Task<CaseOfTest> ImportedAsync(IPage registrar, DateOnly filed)
    {
        var c = CaseOfTest.New(Stage.Next(), "王某", true);
        var csv = c.Csv.Replace(Iso(Today.AddDays(-3)), Iso(filed), StringComparison.Ordinal);
        return await Stage.ImportCaseAsync(registrar, given: c, csv: System.Text.Encoding.UTF8.GetBytes(csv));
    }

    private static async Task AskAsync(IPage judge)
    {
        await judge
            .GetByLabel("上传 PDF")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "延长审限报告.pdf",
                    MimeType = "application/pdf",
                    Buffer = Pdf.Of("CourtOps", judge.Url, DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture)),
                }
            );
        await judge.GetByRole(AriaRole.Button, new() { Name = "上传", Exact = true }).ClickAsync();
        await Assertions.Expect(judge.GetByRole(AriaRole.Cell, new() { Name = "延长审限报告", Exact = true })).ToBeVisibleAsync();
        await judge.GotoAsync(new Uri(judge.Url).AbsolutePath + "/clock");
        await judge.GetByLabel("延长多少").FillAsync("1");
        await judge.GetByLabel("延长审限报告").SelectOptionAsync("延长审限报告");
        var ask = judge.Locator("form").Filter(new() { HasText = "延长多少" });
        await ask.GetByLabel("理由").FillAsync("案情复杂");
        await ask.GetByRole(AriaRole.Button, new() { Name = "提出申请" }).ClickAsync();
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex("/slips/[0-9]+$")]
    private static partial Regex SlipUrl();

    [GeneratedRegex("[0-9]{17}[0-9X]")]
    private static partial Regex WrongId();

    [GeneratedRegex("/cases/[0-9]+$")]
    private static partial Regex CaseUrl();
}
