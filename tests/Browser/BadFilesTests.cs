namespace CourtOps.Browser;

/// <summary>Files that are no good, handed in by the page's script: the person reads why, in words, and can go on.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class BadFilesTests
{
    private CaseOfTest subject = null!;

    [OneTimeSetUp]
    public async Task ImportAsync()
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        subject = await Stage.ImportCaseAsync(registrar);
        await registrar.Context.CloseAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_empty_file_is_refused_in_words_before_the_form_is_sent(bool document)
    {
        var (page, input) = await FormAsync(document);
        await input.SetInputFilesAsync(
            new FilePayload
            {
                Name = "空.pdf",
                MimeType = "application/pdf",
                Buffer = [],
            }
        );
        await Assertions.Expect(page.Locator("li.bad")).ToContainTextAsync("文件是空的");
        await Assertions.Expect(page.Locator("li.bad")).Not.ToContainTextAsync("422");
        await page.Context.CloseAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_huge_file_is_refused_with_the_limit_before_a_byte_is_sent(bool document)
    {
        var huge = Path.Combine(Path.GetTempPath(), $"huge-{Guid.NewGuid():n}.pdf");
        try
        {
            await using (var file = File.Create(huge))
                file.SetLength(301L << 20); // takes no room on the disk
            var (page, input) = await FormAsync(document);
            var sent = 0;
            page.Request += (_, r) => sent += r.Url.Contains("/uploads", StringComparison.Ordinal) ? 1 : 0;
            await input.SetInputFilesAsync(huge);
            await Assertions.Expect(page.Locator("li.bad")).ToContainTextAsync("300 MB");
            Assert.That(sent, Is.Zero);
            await page.Context.CloseAsync();
        }
        finally
        {
            File.Delete(huge);
        }
    }

    [TestCase("MZ disguised", "不是 PDF")]
    [TestCase("%PDF-1.4\n1 0 obj\n<< /Type /Catalog", "损坏")]
    public async Task A_disguised_or_broken_document_is_refused_in_words_and_a_good_one_is_taken_after_it(string content, string reason)
    {
        var (page, input) = await FormAsync(document: true);
        await input.SetInputFilesAsync(
            new FilePayload
            {
                Name = "判决书.pdf",
                MimeType = "application/pdf",
                Buffer = System.Text.Encoding.UTF8.GetBytes(content),
            }
        );
        await page.GetByRole(AriaRole.Button, new() { Name = "上传", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(reason);
        var title = "改好的" + Guid.NewGuid().ToString("n")[..6];
        await page.GetByLabel("上传 PDF")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = title + ".pdf",
                    MimeType = "application/pdf",
                    Buffer = Pdf.Of("CourtOps", title),
                }
            );
        await page.GetByRole(AriaRole.Button, new() { Name = "上传", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = title, Exact = true })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [TestCase("PK\u0003\u0004 disguised", "Excel", TestName = "{m}(a workbook)")]
    [TestCase("案号,法院\n1,2\n", "案由")]
    public async Task A_list_that_is_none_says_why_on_its_result_page(string content, string reason)
    {
        var (page, input) = await FormAsync(document: false);
        await input.SetInputFilesAsync(
            new FilePayload
            {
                Name = "案件.csv",
                MimeType = "text/csv",
                Buffer = System.Text.Encoding.UTF8.GetBytes(content),
            }
        );
        await page.GetByRole(AriaRole.Button, new() { Name = "导入", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "导入结果" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(reason);
        await page.Context.CloseAsync();
    }

    private async Task<(IPage Page, ILocator Input)> FormAsync(bool document)
    {
        var page = await Stage.PageAsync(document ? "judge" : "registrar", document ? "/search?q=" + Uri.EscapeDataString(subject.Number) : "/imports");
        return (page, page.GetByLabel(document ? "上传 PDF" : "案件表"));
    }
}
