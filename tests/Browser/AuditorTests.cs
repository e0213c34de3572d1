using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>The auditor follows who read one document, without seeing the document.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AuditorTests
{
    [Test]
    public async Task The_auditor_follows_one_documents_readers()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = await Stage.ImportCaseAsync(registrar);

        // the judge puts a judgment into the case, opens it, and sees a party's phone for a reason
        var judge = await Stage.PageAsync("judge", "/search?q=" + Uri.EscapeDataString(c.Number));
        await judge
            .GetByLabel("上传 PDF")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "民事判决书.pdf",
                    MimeType = "application/pdf",
                    Buffer = Pdf.Of("CourtOps", c.Serial),
                }
            );
        await judge.GetByLabel("文书类型").SelectOptionAsync("判决书");
        await judge.GetByRole(AriaRole.Button, new() { Name = "上传", Exact = true }).ClickAsync();
        await Assertions.Expect(judge.GetByRole(AriaRole.Cell, new() { Name = "民事判决书", Exact = true })).ToBeVisibleAsync();
        var row = judge.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Defendant }).Last;
        await Assertions.Expect(row.GetByText("159****0" + c.Serial)).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "audit-1-masked");
        await row.GetByRole(AriaRole.Link, new() { Name = "查看电话全文" }).ClickAsync();
        await row.GetByLabel("查看事由").FillAsync("电话通知开庭时间");
        await Stage.PictureAsync(judge, "audit-2-reason");
        await row.GetByRole(AriaRole.Button, new() { Name = "查看" }).ClickAsync();
        await Assertions.Expect(row.GetByText("15900000" + c.Serial)).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "audit-3-shown");
        var document = await judge.GetByRole(AriaRole.Cell, new() { Name = "民事判决书", Exact = true }).GetByRole(AriaRole.Link).GetAttributeAsync("href");
        await judge.GotoAsync(document!);
        await Assertions.Expect(judge.GetByText("民事判决书").First).ToBeVisibleAsync();
        await judge.APIRequest.GetAsync(Stage.Address + document + "/content");

        // the auditor begins at the case number
        var auditor = await Stage.PageAsync("auditor", "/");
        await Assertions.Expect(auditor).ToHaveURLAsync(new Regex("/audit$"));
        await auditor.GetByRole(AriaRole.Link, new() { Name = "谁看过" }).First.ClickAsync();
        await auditor.GetByRole(AriaRole.Textbox, new() { Name = "案号", Exact = true }).FillAsync(c.Number);
        await auditor.GetByRole(AriaRole.Button, new() { Name = "查找" }).ClickAsync();
        await Assertions.Expect(auditor.GetByRole(AriaRole.Heading, new() { Name = "看过本案的人" })).ToBeVisibleAsync();
        await Stage.PictureAsync(auditor, "audit-4-case-readers");
        await auditor.GetByRole(AriaRole.Link, new() { Name = "判决书" }).ClickAsync();
        await Assertions.Expect(auditor.GetByRole(AriaRole.Heading, new() { Name = "看过这份判决书的人" })).ToBeVisibleAsync();
        await Assertions.Expect(auditor.GetByRole(AriaRole.Row).Filter(new() { HasText = "李测试" }).First).ToBeVisibleAsync();
        await Assertions.Expect(auditor.GetByText(c.Defendant)).ToHaveCountAsync(0);
        await Stage.PictureAsync(auditor, "audit-5-document-readers");
        var wrong = new List<string>(await AccessibilityTests.AxeAsync(auditor, "readers"));

        // the reason for the phone stands in the reading log
        await auditor.GetByRole(AriaRole.Link, new() { Name = "看整个案件" }).ClickAsync();
        await auditor.GetByRole(AriaRole.Row).Filter(new() { HasText = "李测试" }).First.GetByRole(AriaRole.Link, new() { Name = "逐条" }).ClickAsync();
        await Assertions.Expect(auditor.GetByText("电话通知开庭时间")).ToBeVisibleAsync();
        await Stage.PictureAsync(auditor, "audit-6-entries");
        wrong.AddRange(await AccessibilityTests.AxeAsync(auditor, "entries"));
        foreach (var (path, name) in new[] { ("/audit", "audit-7-acts"), ("/audit/alarms", "audit-8-alarms"), ("/audit/integrity", "audit-9-integrity") })
        {
            await auditor.GotoAsync(path);
            await Stage.PictureAsync(auditor, name);
            wrong.AddRange(await AccessibilityTests.AxeAsync(auditor, path));
            Assert.That(await auditor.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), Is.True, $"{path} scrolls sideways");
        }
        Assert.That(wrong, Is.Empty);
    }
}
