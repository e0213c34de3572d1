using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>The cataloguing centre at work: a heap of files is handed in, watched, asked about by key and confirmed; the court above checks, returns, and
/// passes what was mended; a closed case is archived at one click.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class CataloguingJourneyTests
{
    private static readonly string[] Complaint =
    [
        "原告：赵某，住汪清县汪清镇。",
        "被告：王某，住汪清县大兴沟镇。",
        "诉讼请求：判令被告偿还借款本金人民币三万元并支付利息。",
        "事实与理由：被告因经营需要向原告借款，到期后没有偿还。",
    ];
    private static readonly string[] End = ["综上，请求法院依法判决，维护原告的合法权益。", "此致", "汪清县人民法院", "具状人：赵某", "2026年2月1日"];

    [Test]
    public async Task A_clerk_drops_mixed_files_watches_them_answers_by_keys_and_confirms()
    {
        var (c, caseId, clerk) = await InHandAsync("堆某");
        var maker = await (await Stage.ContextAsync(width: 1240, height: 1754)).NewPageAsync();
        var complaint = await PdfAsync(maker, ("民事起诉状", Complaint), ("", End));
        var defence = await PictureAsync(
            maker,
            ScreenshotType.Jpeg,
            "民事答辩状",
            "答辩人：王某，住汪清县大兴沟镇。",
            "答辩人对原告的诉讼请求答辩如下：借款已经偿还大部分。",
            "此致",
            "汪清县人民法院",
            "答辩人：王某",
            "2026年2月20日"
        );
        var note = await PictureAsync(maker, ScreenshotType.Png, "借条", "今借到赵某人民币三万元整，于二〇二五年底前还清。", "借款人：王某", "2025年6月3日");
        var record = await TiffAsync(
            maker,
            await PictureAsync(
                maker,
                ScreenshotType.Png,
                "庭审笔录",
                "时间：2026年3月2日上午九时",
                "审判员：现在开庭。请当事人陈述诉讼请求和答辩意见。",
                "原告：诉讼请求同起诉状。"
            )
        );
        var address = await PdfAsync(maker, ("送达地址确认书", ["受送达人：王某", "确认的送达地址：汪清县大兴沟镇。", "同意电子送达。", "2026年2月21日"]));

        await clerk.GotoAsync($"/cataloguing/cases/{caseId}/new");
        await clerk.GetByLabel("提交人").FillAsync("原告代理人");
        await clerk.GetByLabel("申报页数").FillAsync("6");
        // two are dropped onto the page, the others chosen
        await DropAsync(clerk, ("起诉状.pdf", "application/pdf", complaint), ("坏.pdf", "application/pdf", "%PDF-1.4\nbroken"u8.ToArray()));
        await clerk
            .Locator("#f-files")
            .SetInputFilesAsync(
                (FilePayload[])
                    [
                        new()
                        {
                            Name = "答辩状.jpg",
                            MimeType = "image/jpeg",
                            Buffer = defence,
                        },
                        new()
                        {
                            Name = "借条.png",
                            MimeType = "image/png",
                            Buffer = note,
                        },
                        new()
                        {
                            Name = "笔录.tif",
                            MimeType = "image/tiff",
                            Buffer = record,
                        },
                        new()
                        {
                            Name = "邮寄.zip",
                            MimeType = "application/zip",
                            Buffer = Zip("地址.pdf", address),
                        },
                    ]
            );
        await Assertions.Expect(clerk.Locator(".ups li input[name='UploadIds']")).ToHaveCountAsync(6);
        await Stage.PictureAsync(clerk, "300-handed-in");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "提交", Exact = true }).ClickAsync();
        await Assertions.Expect(clerk).ToHaveURLAsync(BatchUrl());
        var batch = new Uri(clerk.Url).AbsolutePath;

        // the states change while nobody reloads: the broken file is refused with its reason, the rest goes on
        var files = clerk.GetByRole(AriaRole.Table, new() { Name = "文件", Exact = true });
        await Assertions
            .Expect(files.GetByRole(AriaRole.Row).Filter(new() { HasText = "坏.pdf" }))
            .ToContainTextAsync("文件已损坏", new() { Timeout = 90_000 });
        var begin = clerk.Locator("#batch-head").GetByRole(AriaRole.Link, new() { Name = "开始编目" });
        await Assertions.Expect(begin).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await Assertions.Expect(files.GetByRole(AriaRole.Row)).ToHaveCountAsync(8); // head, six files and what was in the archive
        await Assertions.Expect(clerk.GetByText("一致", new() { Exact = true })).ToBeVisibleAsync();
        await Stage.PictureAsync(clerk, "301-read-while-watched");
        await clerk.Locator("#batch-head").GetByRole(AriaRole.Link, new() { Name = "工单" }).ClickAsync();
        await clerk.GetByRole(AriaRole.Button, new() { Name = "接受", Exact = true }).ClickAsync();
        await Assertions.Expect(clerk.Locator(".wo .st")).ToHaveTextAsync("办理中");

        // a page is dragged onto another document, and the act taken back by key
        await clerk.GotoAsync($"{batch}/work?all=true");
        await clerk.Locator(".ct-list a").Filter(new() { HasText = "民事起诉状" }).First.ClickAsync();
        await Assertions.Expect(clerk.Locator(".ct-own a")).ToHaveCountAsync(2);
        await clerk.GotoAsync(new Uri(clerk.Url).PathAndQuery + "&all=true");
        await clerk.Locator(".ct-own [data-drag]").Nth(1).DragToAsync(clerk.Locator("li[data-drop-after]").Filter(new() { HasText = "答辩状" }));
        await Assertions.Expect(clerk.GetByText("已移动页").First).ToBeVisibleAsync();
        await Assertions.Expect(clerk.Locator(".ct-own a")).ToHaveCountAsync(2);
        await Stage.PictureAsync(clerk, "302-page-dragged");
        await Stage.PressAsync(clerk, "u");
        await Assertions.Expect(clerk.GetByText("已撤销").First).ToBeVisibleAsync();

        // only what is unsure is asked, one key each
        await clerk.GotoAsync($"{batch}/work");
        var left = clerk.Locator(".ct-head dd").Nth(2);
        await Stage.PictureAsync(clerk, "303-unsure");
        for (var i = 0; i < 12 && await left.InnerTextAsync() is var before && !before.Contains(" 0 ", StringComparison.Ordinal); i++)
        {
            if ((await clerk.Locator("#f-type").InputValueAsync()).Length == 0)
                await clerk.Locator("#f-type").SelectOptionAsync("evidence");
            if ((await clerk.Locator("#f-title").InputValueAsync()).Length == 0)
                await clerk.Locator("#f-title").FillAsync("其他证据");
            await clerk.EvaluateAsync("() => document.activeElement && document.activeElement.blur()");
            await Stage.PressAsync(clerk, "Enter");
            await Assertions.Expect(left).Not.ToHaveTextAsync(before);
        }
        await Assertions.Expect(left).ToContainTextAsync(" 0 ");
        await Stage.PressAsync(clerk, "c");
        await Assertions.Expect(clerk).ToHaveURLAsync(BatchUrl());
        await Assertions.Expect(clerk.GetByText("正在入卷").First).ToBeVisibleAsync();
        await Stage.UntilAsync(clerk, $"/cataloguing/cases/{caseId}", clerk.GetByRole(AriaRole.Link, new() { Name = "民事起诉状" }).First);
        await Stage.PictureAsync(clerk, "304-filed");
        Assert.That(c.Number, Is.Not.Empty);
    }

    [Test]
    public async Task The_court_above_checks_a_sample_returns_it_and_passes_what_was_mended()
    {
        var (c, caseId, clerk) = await InHandAsync("检某");
        var maker = await (await Stage.ContextAsync()).NewPageAsync();
        // a record of deliberation is always drawn by the rule
        var pages = await PdfAsync(
            maker,
            ("民事起诉状", [.. Complaint, .. End]),
            (
                "合议庭评议笔录",
                [
                    c.Number,
                    "时间：2026年3月2日上午九时",
                    "评议内容：合议庭成员就本案事实和法律适用发表意见。",
                    "审判长：李测试",
                    "书记员：何样例",
                    "2026年3月2日",
                ]
            )
        );
        await clerk.GotoAsync($"/cataloguing/cases/{caseId}/new");
        await clerk.GetByLabel("提交人").FillAsync("合议庭");
        await clerk
            .Locator("#f-files")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "卷.pdf",
                    MimeType = "application/pdf",
                    Buffer = pages,
                }
            );
        await clerk.GetByRole(AriaRole.Button, new() { Name = "提交", Exact = true }).ClickAsync();
        await Assertions.Expect(clerk).ToHaveURLAsync(BatchUrl());
        var number = await clerk.Locator("#batch-head .mono").InnerTextAsync();
        await Assertions
            .Expect(clerk.Locator("#batch-head").GetByRole(AriaRole.Link, new() { Name = "开始编目" }))
            .ToBeVisibleAsync(new() { Timeout = 90_000 });
        await Stage.PressAsync(clerk, "w");
        var left = clerk.Locator(".ct-head dd").Nth(2);
        for (var i = 0; i < 6 && await left.InnerTextAsync() is var before && !before.Contains(" 0 ", StringComparison.Ordinal); i++)
        {
            await Stage.PressAsync(clerk, "Enter");
            await Assertions.Expect(left).Not.ToHaveTextAsync(before);
        }
        await Stage.PressAsync(clerk, "c");
        await Assertions.Expect(clerk.GetByText("正在入卷").First).ToBeVisibleAsync();

        var checker = await Stage.PageAsync("checker", "/cataloguing/checks?state=open");
        var row = checker.GetByRole(AriaRole.Row).Filter(new() { HasText = number });
        await Assertions.Expect(row).ToContainTextAsync("必查类型");
        await row.GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(checker.Locator(".ct-check img").First).ToHaveJSPropertyAsync("complete", true);
        Assert.That(await checker.Locator(".ct-check img").First.EvaluateAsync<int>("e => e.naturalWidth"), Is.GreaterThan(0), "the checker sees the page");
        await checker.Locator("#f-kind-0").SelectOptionAsync("type");
        await checker.Locator("#f-note-0").FillAsync("题名没有写明原告");
        await checker.GetByLabel("评语").FillAsync("请改正题名");
        await Stage.PictureAsync(checker, "310-check");
        await checker.GetByRole(AriaRole.Button, new() { Name = "提交质检结果" }).ClickAsync();
        await Assertions.Expect(checker.GetByText("已退回改正").First).ToBeVisibleAsync();
        var check = new Uri(checker.Url).AbsolutePath;

        // the clerk below accepts the order, mends the entry in the e-file and hands it back
        await clerk.GotoAsync("/cataloguing");
        await Stage.PictureAsync(clerk, "311-returned");
        await clerk.GetByRole(AriaRole.Table, new() { Name = "质检退回，待改正" }).GetByRole(AriaRole.Link, new() { Name = number }).ClickAsync();
        await clerk.GetByLabel("每处差错怎样改的").FillAsync("题名已补上原告");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "改好了，提交复核" }).ClickAsync();
        await Assertions.Expect(clerk.GetByText("请先接受改正工单").First).ToBeVisibleAsync();
        await Assertions.Expect(clerk.GetByLabel("每处差错怎样改的")).ToHaveValueAsync("题名已补上原告");
        await clerk.GetByRole(AriaRole.Link, new() { Name = "改正工单" }).First.ClickAsync();
        await clerk.GetByRole(AriaRole.Button, new() { Name = "接受", Exact = true }).ClickAsync();
        await Assertions.Expect(clerk.Locator(".wo .st")).ToHaveTextAsync("办理中");
        await clerk.GetByRole(AriaRole.Link, new() { Name = "打开任务页" }).ClickAsync();
        await Assertions.Expect(clerk).ToHaveURLAsync(new Regex(check + "$"));
        await clerk.GetByRole(AriaRole.Link, new() { Name = "打开这件文书" }).First.ClickAsync();
        await clerk.Locator("summary").Filter(new() { HasText = "改正这一条目录" }).ClickAsync();
        await clerk.Locator("#f-title").FillAsync("民事起诉状（原告赵某）改正");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "改正", Exact = true }).ClickAsync();
        await Assertions.Expect(clerk.GetByText("已改正目录").First).ToBeVisibleAsync();
        await clerk.GotoAsync(check);
        await clerk.GetByLabel("每处差错怎样改的").FillAsync("题名已补上原告");
        await Stage.PictureAsync(clerk, "312-mended");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "改好了，提交复核" }).ClickAsync();
        await Assertions.Expect(clerk.GetByText("已提交复核").First).ToBeVisibleAsync();

        await checker.GotoAsync("/cataloguing/checks?state=settled");
        await checker.GetByRole(AriaRole.Row).Filter(new() { HasText = number }).GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(checker.GetByText("题名已补上原告").First).ToBeVisibleAsync();
        await Assertions.Expect(checker.GetByRole(AriaRole.Cell, new() { Name = "民事起诉状（原告赵某）改正" })).ToBeVisibleAsync();
        await checker.GetByRole(AriaRole.Button, new() { Name = "提交质检结果" }).ClickAsync();
        await Assertions.Expect(checker.GetByText("首次 90 分，复核 100 分").First).ToBeVisibleAsync();
        await Stage.PictureAsync(checker, "313-passed");
    }

    [Test]
    public async Task A_closed_case_is_archived_at_one_click_and_handed_over()
    {
        var (c, caseId, clerk) = await InHandAsync("归某", file: true);
        var judge = await Stage.PageAsync("judge", $"/cases/{caseId}/events");
        await judge.Locator("[name='Data.Event']").SelectOptionAsync("closed");
        await judge.Locator("[name='Data.On']").FillAsync(DateTime.UtcNow.AddHours(8).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await judge.Locator("[name='Data.Detail']").SelectOptionAsync("withdrawn");
        await judge.GetByRole(AriaRole.Button, new() { Name = "登记", Exact = true }).ClickAsync();
        await Assertions.Expect(judge.GetByRole(AriaRole.Cell, new() { Name = "结案" }).First).ToBeVisibleAsync();

        var archive = $"/cataloguing/archive/{caseId}";
        await Stage.UntilAsync(clerk, archive, clerk.GetByRole(AriaRole.Table, new() { Name = "卷内还缺" }));
        var missing = clerk.GetByRole(AriaRole.Table, new() { Name = "卷内还缺" });
        await Assertions.Expect(missing.GetByRole(AriaRole.Row).Filter(new() { HasText = "送达" })).ToContainTextAsync("智能送达");
        await Stage.PictureAsync(clerk, "320-missing");
        // without a reason what is missing holds it up
        await clerk.GetByRole(AriaRole.Button, new() { Name = "一键归档" }).ClickAsync();
        await Assertions.Expect(clerk.GetByRole(AriaRole.Alert).First).ToBeVisibleAsync();
        await clerk.GetByLabel("缺少材料而先行归档的理由").FillAsync("纸质卷另存档案室");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "一键归档" }).ClickAsync();
        await Stage.UntilAsync(clerk, archive, clerk.GetByText("已归档待移交"));
        await Assertions.Expect(clerk.Locator(".sheet").First).ToContainTextAsync("一致");
        await Stage.PictureAsync(clerk, "321-packed");
        var package = await clerk.RunAndWaitForDownloadAsync(() => clerk.GetByRole(AriaRole.Link, new() { Name = "下载归档包" }).ClickAsync());
        using (var zip = await ZipFile.OpenReadAsync(await package.PathAsync()))
            Assert.That(zip.Entries.Select(e => e.Name), Has.Some.EqualTo("sha256.txt"));

        await clerk.GotoAsync("/cataloguing/archive?state=packed");
        var row = clerk.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Number });
        await row.GetByRole(AriaRole.Checkbox).CheckAsync();
        var receipt = "档接 2026-" + c.Serial;
        await clerk.GetByLabel("接收凭证号").FillAsync(receipt);
        await Stage.PictureAsync(clerk, "322-hand-over");
        await clerk.GetByRole(AriaRole.Button, new() { Name = "移交选中的" }).ClickAsync();
        await Assertions.Expect(clerk.GetByText("已移交 1 件").First).ToBeVisibleAsync();
        await clerk.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Number }).GetByRole(AriaRole.Link, new() { Name = receipt }).ClickAsync();
        await Assertions.Expect(clerk.GetByRole(AriaRole.Heading, new() { Name = "移交清单" })).ToBeVisibleAsync();
        await Assertions.Expect(clerk.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Number })).ToContainTextAsync("1");
        await Stage.PictureAsync(clerk, "323-transfer-list");
    }

    /// <summary>A new case, its number and the page of an archivist who has its scan order in hand.</summary>
    private static async Task<(CaseOfTest Case, string Id, IPage Clerk)> InHandAsync(string family, bool file = false)
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = await Stage.ImportCaseAsync(registrar, family: family);
        await registrar.Context.CloseAsync();
        var judge = await Stage.PageAsync("judge", "/search?q=" + Uri.EscapeDataString(c.Number));
        var at = new Uri(judge.Url).AbsolutePath;
        if (file)
        {
            await judge
                .GetByLabel("上传 PDF")
                .SetInputFilesAsync(
                    new FilePayload
                    {
                        Name = "民事起诉状.pdf",
                        MimeType = "application/pdf",
                        Buffer = Pdf.Of("CourtOps", c.Serial, "complaint"),
                    }
                );
            await judge.GetByLabel("文书类型").SelectOptionAsync("起诉状");
            await judge.GetByRole(AriaRole.Button, new() { Name = "上传", Exact = true }).ClickAsync();
            await Assertions.Expect(judge.GetByRole(AriaRole.Cell, new() { Name = "民事起诉状", Exact = true })).ToBeVisibleAsync();
        }
        await judge.GotoAsync($"{at}/orders/new?Type=cataloguing.scan");
        await judge.GetByLabel("材料名称").FillAsync("收到的材料");
        await judge.GetByLabel("总页数").FillAsync("6");
        await judge.GetByLabel("归入").SelectOptionAsync("正卷");
        await judge.GetByLabel("交件日期").FillAsync(DateTime.UtcNow.AddHours(8).AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await judge.GetByLabel("原件").SelectOptionAsync("扫描后退回");
        await judge.Locator("main form").GetByRole(AriaRole.Button).Last.ClickAsync();
        await Assertions.Expect(judge).ToHaveURLAsync(OrderUrl());
        var clerk = await Stage.PageAsync("archivist", new Uri(judge.Url).AbsolutePath);
        await judge.Context.CloseAsync();
        await clerk.GetByRole(AriaRole.Button, new() { Name = "接受", Exact = true }).ClickAsync();
        await Assertions.Expect(clerk.Locator(".wo .st")).ToHaveTextAsync("办理中");
        return (c, at.Split('/')[^1], clerk);
    }

    /// <summary>Files let go over the place for them, as from a window of the desktop.</summary>
    private static async Task DropAsync(IPage page, params (string Name, string Type, byte[] Content)[] files)
    {
        var held = await page.EvaluateHandleAsync(
            """
            files => {
              const held = new DataTransfer();
              for (const f of files) held.items.add(new File([Uint8Array.from(atob(f.content), c => c.charCodeAt(0))], f.name, { type: f.type }));
              return held;
            }
            """,
            files
                .Select(f => new
                {
                    name = f.Name,
                    type = f.Type,
                    content = Convert.ToBase64String(f.Content),
                })
                .ToArray()
        );
        await page.WaitForLoadStateAsync();
        await page.Locator("label.drop").DispatchEventAsync("dragenter", new { dataTransfer = held });
        await page.Locator("label.drop").DispatchEventAsync("drop", new { dataTransfer = held });
    }

    private static string Html(params (string Title, string[] Lines)[] pages)
    {
        var html = new StringBuilder(
            "<style>@page{size:A4;margin:0}body{margin:0;font:32px/1.9 'Noto Serif CJK "
                + "SC'}section{padding:110px;page-break-after:always}h1{text-align:center;font-size:50px}p{margin:0}@media "
                + "print{body{font-size:16pt}h1{font-size:24pt}section{padding:25mm}}</style>"
        );
        foreach (var (title, lines) in pages)
            html.Append(
                CultureInfo.InvariantCulture,
                $"<section>{(title.Length > 0 ? $"<h1>{title}</h1>" : "")}{string.Concat(lines.Select(l => $"<p>{l}</p>"))}</section>"
            );
        return html.ToString();
    }

    // born digital, with its text
    private static async Task<byte[]> PdfAsync(IPage maker, params (string Title, string[] Lines)[] pages)
    {
        await maker.SetContentAsync(Html(pages));
        return await maker.PdfAsync(new() { Format = "A4" });
    }

    // as a phone or a scanner gives it: no text
    private static async Task<byte[]> PictureAsync(IPage maker, ScreenshotType type, string title, params string[] lines)
    {
        await maker.SetContentAsync(Html((title, lines)));
        return await maker.ScreenshotAsync(new() { Type = type });
    }

    // the same picture as an uncompressed grey TIFF of 150 dpi
    private static async Task<byte[]> TiffAsync(IPage maker, byte[] png)
    {
        var grey = Convert.FromBase64String(
            await maker.EvaluateAsync<string>(
                """
                async png => {
                  const i = new Image(); i.src = 'data:image/png;base64,' + png; await i.decode();
                  const c = document.createElement('canvas'); c.width = i.width; c.height = i.height;
                  const x = c.getContext('2d'); x.drawImage(i, 0, 0);
                  const d = x.getImageData(0, 0, c.width, c.height).data; let s = '';
                  for (let n = 0; n < d.length; n += 4) s += String.fromCharCode(d[n]);
                  return btoa(s);
                }
                """,
                Convert.ToBase64String(png)
            )
        );
        const int width = 1240;
        using var file = new MemoryStream();
        using (var w = new BinaryWriter(file, Encoding.ASCII, leaveOpen: true))
        {
            (ushort Tag, ushort Kind, uint Value)[] tags =
            [
                (256, 4, width),
                (257, 4, (uint)(grey.Length / width)),
                (258, 3, 8),
                (259, 3, 1),
                (262, 3, 1),
                (273, 4, 16),
                (277, 3, 1),
                (278, 4, (uint)(grey.Length / width)),
                (279, 4, (uint)grey.Length),
                (282, 5, 8),
                (283, 5, 8),
                (296, 3, 2),
            ];
            w.Write("II*\0"u8);
            w.Write((uint)(16 + grey.Length));
            w.Write(150u);
            w.Write(1u);
            w.Write(grey);
            w.Write((ushort)tags.Length);
            foreach (var (tag, kind, value) in tags)
            {
                w.Write(tag);
                w.Write(kind);
                w.Write(1u);
                w.Write(value);
            }
            w.Write(0u);
        }
        return file.ToArray();
    }

    private static byte[] Zip(string name, byte[] content)
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry(name).Open())
            entry.Write(content);
        return made.ToArray();
    }

    [GeneratedRegex("/cataloguing/batches/[0-9]+$")]
    private static partial Regex BatchUrl();

    [GeneratedRegex("/orders/[0-9]+$")]
    private static partial Regex OrderUrl();
}
