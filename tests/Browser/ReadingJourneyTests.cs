using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>The e-file is read: the judge turns two pages at a time and notes on one; a lawyer reads by a link under a mark, until the court takes it
/// back.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class ReadingJourneyTests
{
    [Test]
    public async Task A_judge_reads_two_pages_side_by_side_and_notes_and_a_lawyer_reads_under_a_mark()
    {
        var given = CaseOfTest.New(Stage.Next(), "曲某", true);
        var lawyer = "韩某" + given.Serial;
        var lines = given.Csv.Trim().Split('\n');
        var csv =
            string.Join(
                '\n',
                lines.Select(
                    (l, i) =>
                        l
                        + (
                            i == 0 ? ",代理人,代理人类型,代理人电话"
                            : l.Contains(given.Defendant, StringComparison.Ordinal) ? $",{lawyer},律师,13700000{given.Serial}"
                            : ",,,"
                        )
                )
            ) + "\n";
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = await Stage.ImportCaseAsync(registrar, csv: Encoding.UTF8.GetBytes(csv), given: given);
        await registrar.Context.CloseAsync();

        var judge = await Stage.PageAsync("judge", "/search?q=" + Uri.EscapeDataString(c.Number));
        var at = new Uri(judge.Url).AbsolutePath;
        await judge
            .GetByLabel("上传 PDF")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "民事起诉状.pdf",
                    MimeType = "application/pdf",
                    Buffer = Pages("one " + c.Serial, "two " + c.Serial, "three " + c.Serial),
                }
            );
        await judge.GetByLabel("文书类型").SelectOptionAsync("起诉状");
        await judge.GetByRole(AriaRole.Button, new() { Name = "上传", Exact = true }).ClickAsync();
        await Assertions.Expect(judge.GetByRole(AriaRole.Cell, new() { Name = "民事起诉状", Exact = true })).ToBeVisibleAsync();

        // the document is filed a moment later; the page is asked again until it is there
        var efile = "/cataloguing" + at;
        await Stage.UntilAsync(judge, efile, judge.Locator("[data-page='3']"));
        await judge.Locator(".vr-pages").FocusAsync();
        await Stage.PressAsync(judge, "2");
        await Assertions.Expect(judge.Locator(".vr-pages.pair")).ToBeVisibleAsync();
        // both at one moment: the view scrolls
        var at12 = await judge.EvaluateAsync<double[]>(
            "() => [1, 2].flatMap(n => { const r = document.querySelector(`[data-page='${n}']`).getBoundingClientRect(); return [r.x, r.y]; })"
        );
        Assert.That((Math.Abs(at12[1] - at12[3]) < 2, at12[2] > at12[0]), Is.EqualTo((true, true)), "side by side");
        await Stage.PressAsync(judge, "PageDown");
        await Assertions.Expect(judge.Locator("#f-note-page")).ToHaveValueAsync("3");
        await Stage.PictureAsync(judge, "90-efile-two-pages");
        await judge.GetByLabel("笔记", new() { Exact = true }).FillAsync("第三页的数额与借条不符");
        await judge.GetByLabel("本院能看本案的人都看见").CheckAsync();
        await judge.GetByRole(AriaRole.Button, new() { Name = "记笔记" }).ClickAsync();
        await Assertions.Expect(judge.GetByText("第三页的数额与借条不符")).ToBeVisibleAsync();
        await Assertions.Expect(judge.Locator(".vr-list .noted")).ToHaveCountAsync(1);
        await Stage.PictureAsync(judge, "91-efile-note");

        await judge.GotoAsync($"{at}/orders/new?Type=cataloguing.scan");
        await judge.GetByLabel("材料名称").FillAsync("收据一张");
        await judge.GetByLabel("总页数").FillAsync("1");
        await judge.GetByLabel("归入").SelectOptionAsync("正卷");
        await judge.GetByLabel("交件日期").FillAsync(DateTime.UtcNow.AddHours(8).AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await judge.GetByLabel("原件").SelectOptionAsync("扫描后退回");
        await judge.Locator("main form").GetByRole(AriaRole.Button).Last.ClickAsync();
        await Assertions.Expect(judge).ToHaveURLAsync(OrderUrl());
        var archivist = await Stage.PageAsync("archivist", new Uri(judge.Url).AbsolutePath);
        await archivist.GetByRole(AriaRole.Button, new() { Name = "接受", Exact = true }).ClickAsync();
        await Assertions.Expect(archivist.Locator(".wo .st")).ToHaveTextAsync("办理中");
        await archivist.GotoAsync(efile);
        await Assertions.Expect(archivist.GetByText("第三页的数额与借条不符")).ToBeVisibleAsync();

        var lendings = "/cataloguing/lendings?caseId=" + at.Split('/')[^1];
        await archivist.GotoAsync(lendings);
        await archivist.GetByLabel("本案代理人").SelectOptionAsync(lawyer);
        await archivist.GetByLabel("执业证号、介绍信号或移送函号").FillAsync("执业证一");
        await archivist.GetByLabel("用途").FillAsync("准备上诉");
        await archivist.GetByRole(AriaRole.Button, new() { Name = "登记", Exact = false }).First.ClickAsync();
        await Assertions.Expect(archivist.GetByText("待审批").Last).ToBeVisibleAsync();
        await judge.GotoAsync(lendings);
        await judge.GetByRole(AriaRole.Button, new() { Name = "同意", Exact = true }).ClickAsync();
        var give = archivist.GetByRole(AriaRole.Button, new() { Name = "发阅卷链接" });
        await Stage.UntilAsync(archivist, lendings, give);
        await give.ClickAsync();
        var sheet = archivist.Locator(".sheet").Filter(new() { HasText = "只显示这一次" });
        await Stage.PictureAsync(archivist, "92-reading-link");
        var text = await sheet.InnerTextAsync();
        var path = LinkPath().Match(text).Value;
        var code = SixDigits().Match(text.Replace(path, "", StringComparison.Ordinal)).Value;

        var reader = await (await Stage.ContextAsync(width: 390, height: 800)).NewPageAsync();
        await reader.GotoAsync(path);
        await Stage.PictureAsync(reader, "93-reading-code");
        await reader.GetByLabel("验证码（6 位）").FillAsync(code);
        await reader.GetByRole(AriaRole.Button, new() { Name = "开始阅卷" }).ClickAsync();
        await Assertions.Expect(reader.Locator(".vr-page canvas")).ToBeVisibleAsync();
        await Assertions.Expect(reader.Locator("svg.wm")).ToContainTextAsync(lawyer);
        await reader.GetByRole(AriaRole.Link, new() { Name = "下一页" }).ClickAsync();
        await Assertions.Expect(reader.Locator(".vr-page canvas")).ToBeVisibleAsync();
        await Stage.PictureAsync(reader, "94-reading-page");
        await archivist.GotoAsync(lendings);
        await Assertions.Expect(archivist.GetByText("2 页次")).ToBeVisibleAsync();
        await archivist.GetByRole(AriaRole.Button, new() { Name = "收回" }).ClickAsync();
        await Assertions.Expect(archivist.GetByText("已收回").Last).ToBeVisibleAsync();
        await reader.ReloadAsync();
        await Assertions.Expect(reader.GetByRole(AriaRole.Heading, new() { Name = "链接无效或已过期" })).ToBeVisibleAsync();
    }

    private static byte[] Pages(params string[] words)
    {
        var objects = new List<string>
        {
            "<< /Type /Catalog /Pages 2 0 R >>",
            $"<< /Type /Pages /Kids [{string.Join(' ', words.Select((_, i) => $"{4 + (2 * i)} 0 R"))}] /Count {words.Length} >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        };
        for (var i = 0; i < words.Length; i++)
        {
            var content = $"BT /F1 40 Tf 60 700 Td ({words[i]}) Tj ET";
            objects.Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + (2 * i)} 0 R /Resources << /Font << /F1 3 0 R >> >> >>");
            objects.Add($"<< /Length {content.Length} >>\nstream\n{content}\nendstream");
        }
        var file = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        foreach (var (i, o) in objects.Index())
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{o}\nendobj\n");
        }
        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets)
            file.Append(CultureInfo.InvariantCulture, $"{offset:0000000000} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(file.ToString());
    }

    [GeneratedRegex("/orders/[0-9]+$")]
    private static partial Regex OrderUrl();

    [GeneratedRegex("/p/read/[0-9a-f]{32}")]
    private static partial Regex LinkPath();

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex SixDigits();
}
