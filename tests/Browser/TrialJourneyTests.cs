using System.Globalization;
using System.Text.RegularExpressions;

namespace CourtOps.Browser;

/// <summary>The trial support centre at work: a hearing is scheduled and dragged to another courtroom, notes are taken by key and lead to their second, a
/// judgment is written beside the file, checked, signed, issued.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class TrialJourneyTests
{
    private static readonly SemaphoreSlim Rooms = new(1);

    private static DateTime Now => TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).DateTime;

    [Test]
    public async Task A_hearing_is_scheduled_and_dragged_to_another_courtroom_with_what_follows_shown()
    {
        var (first, second) = ("审判庭" + Stage.Next(), "审判庭" + Stage.Next());
        await RoomAsync(first);
        await RoomAsync(second);
        var assistant = await Stage.PageAsync("assistant");
        var c = await CaseAsync("期某");
        var hearing = await BookAsync(assistant, c);
        await Assertions.Expect(assistant.GetByText("确认后会发生什么")).ToBeVisibleAsync();
        await Stage.PictureAsync(assistant, "250-booked-provisionally");
        await assistant.GetByRole(AriaRole.Button, new() { Name = "确认庭期" }).ClickAsync();
        await Assertions.Expect(assistant.GetByText("三个整日").First).ToBeVisibleAsync();

        // the calendar of that week: the hearing is dragged onto another courtroom of the same day
        var heading = await assistant.Locator("main h2").First.InnerTextAsync();
        var day = Day().Match(heading).Value;
        var on = $"{Now.Year + (int.Parse(day[..2], CultureInfo.InvariantCulture) < Now.Month ? 1 : 0)}-{day}";
        await assistant.GotoAsync("/trial/calendar?day=" + on);
        var item = assistant.Locator($"[data-hearing='{hearing}']");
        var from = await item.EvaluateAsync<string>("e => e.closest('td').dataset.drop");
        var cells = await assistant.Locator($"td[data-drop*='Day={on}']").EvaluateAllAsync<string[]>("all => all.map(e => e.dataset.drop)");
        var target = cells.First(d => d != from);
        await item.DragToAsync(assistant.Locator($"td[data-drop='{target}']"));
        await Assertions.Expect(assistant).ToHaveURLAsync(new Regex($"/trial/hearings/{hearing}/move"));
        await Assertions.Expect(assistant.GetByText("改期后会发生什么")).ToBeVisibleAsync();
        await Assertions.Expect(assistant.GetByText("人须重新通知")).ToBeVisibleAsync();
        await assistant.Locator("[name='Reason']").FillAsync("法庭设备检修");
        await Stage.PictureAsync(assistant, "251-what-follows-of-the-move");
        await assistant.GetByRole(AriaRole.Button, new() { Name = "改期", Exact = true }).ClickAsync();
        await Assertions.Expect(assistant.Locator($"td[data-drop='{target}'] [data-hearing='{hearing}']")).ToBeVisibleAsync();
        await Stage.PictureAsync(assistant, "252-calendar-after-the-move");
    }

    [Test]
    public async Task Notes_by_key_and_a_segment_lead_from_a_line_to_its_second()
    {
        await RoomAsync("录像庭" + Stage.Next());
        var assistant = await Stage.PageAsync("assistant");
        var c = await CaseAsync("录某");
        var hearing = await BookAsync(assistant, c);
        await assistant.GetByRole(AriaRole.Button, new() { Name = "确认庭期" }).ClickAsync();
        await Assertions.Expect(assistant.GetByText("三个整日").First).ToBeVisibleAsync();
        await assistant.GotoAsync($"/trial/hearings/{hearing}/recording");
        await assistant.GetByRole(AriaRole.Button, new() { Name = "开始收录" }).ClickAsync();
        var began = Now;
        await assistant.GetByRole(AriaRole.Link, new() { Name = "边开庭边记" }).ClickAsync();
        var words = assistant.Locator("textarea[name='Words']");
        await Assertions.Expect(words).ToBeFocusedAsync();

        // one key is one mark; the speaker by key, the line by Ctrl and Enter; another speaker sends what stands there
        await Stage.PressAsync(assistant, "F2");
        await Assertions.Expect(assistant.Locator("#marks").GetByText("宣布开庭，核对当事人")).ToBeVisibleAsync();
        await Stage.PressAsync(assistant, "Alt+1");
        await assistant.Keyboard.TypeAsync("请原告陈述诉讼请求");
        await Stage.PressAsync(assistant, "Control+Enter");
        await Stage.PressAsync(assistant, "Alt+2");
        await assistant.Keyboard.TypeAsync("请求判令被告归还借款本金");
        await Stage.PressAsync(assistant, "Alt+3");
        await Assertions.Expect(assistant.Locator("#marks").GetByText("请求判令被告归还借款本金")).ToBeVisibleAsync();
        await Assertions.Expect(assistant.Locator("#marks tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(words).ToHaveValueAsync("");
        await Stage.PictureAsync(assistant, "260-live-notes");

        // the recorder's segment: it covers the notes
        await assistant.GotoAsync($"/trial/hearings/{hearing}/recording");
        await assistant
            .Locator("[name='Upload']")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "庭审1.wav",
                    MimeType = "audio/wav",
                    Buffer = Silence(120),
                }
            );
        await assistant.Locator("form[action*='handler=Segment'] [name='Start']").FillAsync(Minute(began.AddMinutes(-1)));
        await assistant.Locator("form[action*='handler=Segment'] [name='End']").FillAsync(Minute(began.AddMinutes(1)));
        await assistant.Locator("form[action*='handler=Segment'] button").Last.ClickAsync();
        await Assertions.Expect(assistant.Locator("#seg-1")).ToBeVisibleAsync();
        await assistant.GetByRole(AriaRole.Row).Filter(new() { HasText = "请求判令被告归还借款本金" }).GetByRole(AriaRole.Link).First.ClickAsync();
        await assistant.WaitForFunctionAsync("() => document.querySelector('#seg-1 audio').currentTime > 5");
        await Stage.PictureAsync(assistant, "261-note-jumped-to-its-second");
    }

    [Test]
    public async Task A_judgment_is_written_beside_the_file_mended_signed_issued_and_the_case_reported_closed()
    {
        var c = await CaseAsync("判某");
        var judge = await Stage.PageAsync("judge", "/search?q=" + Uri.EscapeDataString(c.Number));
        await judge
            .GetByLabel("上传 PDF")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "起诉状.pdf",
                    MimeType = "application/pdf",
                    Buffer = Pdf.Of("CourtOps", c.Serial, "complaint"),
                }
            );
        await judge.GetByLabel("文书类型").SelectOptionAsync("起诉状");
        await judge.GetByRole(AriaRole.Button, new() { Name = "上传", Exact = true }).ClickAsync();
        await Assertions.Expect(judge.GetByRole(AriaRole.Cell, new() { Name = "起诉状", Exact = true }).First).ToBeVisibleAsync();
        var caseId = new Uri(judge.Url).AbsolutePath.Split('/')[^1];
        await judge.GotoAsync($"/trial/cases/{caseId}/drafts");
        await judge.GetByRole(AriaRole.Link, new() { Name = "左看右写：民事调解书" }).ClickAsync();
        await judge.Locator("[data-viewer] canvas").First.WaitForAsync();
        var text = judge.Locator("textarea[name='Text']");
        await Assertions.Expect(text).ToHaveValueAsync(new Regex(Regex.Escape(c.Number)));
        await Stage.PictureAsync(judge, "270-file-left-text-right");

        // words of the file are quoted with their source
        await judge.Locator("[data-viewer] .vr-text span").First.WaitForAsync();
        var filled = await text.InputValueAsync();
        await judge.EvaluateAsync(
            "() => { const s = getSelection(), r = document.createRange(); r.selectNodeContents(document.querySelector('[data-viewer] .vr-text "
                + "span')); s.removeAllRanges(); s.addRange(r); }"
        );
        await judge.Locator("[data-quote]").ClickAsync();
        await Assertions.Expect(text).ToHaveValueAsync(new Regex("起诉状第1页"));

        // a wrong name is an error; the finding leads to its words, mended it is gone
        var good = filled
            .Replace("＿＿＿＿；", $"{c.Defendant}于2026年12月31日前归还借款本金50000元；", StringComparison.Ordinal)
            .Replace("二、＿＿＿＿。", "二、双方别无其他争议。", StringComparison.Ordinal)
            .Replace("＿＿＿＿", "无", StringComparison.Ordinal);
        await text.FillAsync(good.Replace("50000元", "伍万元（51000元）", StringComparison.Ordinal));
        await judge.GetByRole(AriaRole.Button, new() { Name = "质检并保存" }).ClickAsync();
        await Assertions.Expect(judge).ToHaveURLAsync(DraftUrl());
        var draft = new Uri(judge.Url).AbsolutePath;
        await Assertions.Expect(judge.GetByText("暂不能签发").First).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "271-findings");
        await judge.GetByRole(AriaRole.Link, new() { Name = "左看右写" }).ClickAsync();
        await judge.Locator("textarea[name='Text']").FillAsync(good);
        await judge.GetByRole(AriaRole.Button, new() { Name = "质检并保存" }).ClickAsync();
        await Assertions.Expect(judge).ToHaveURLAsync(DraftUrl());
        // what a person answers for: the reason is kept
        for (
            var reason = judge.Locator("summary").Filter(new() { HasText = "不改，写理由" });
            await judge.GetByText("暂不能签发").CountAsync() > 0 && await reason.CountAsync() > 0;

        )
        {
            await reason.First.ClickAsync();
            await judge.Locator("form[action*='handler=Settle'] [name='Words']").First.FillAsync("核对过，与案件一致");
            await judge.Locator("form[action*='handler=Settle'] button").First.ClickAsync();
            await Assertions.Expect(judge.GetByText("已记下").First).ToBeVisibleAsync();
        }
        await judge.GetByRole(AriaRole.Button, new() { Name = "法官签" }).ClickAsync();
        await Assertions.Expect(judge.GetByText("制发后会发生什么")).ToBeVisibleAsync();
        // what no program sees is confirmed by the judge, item by item
        foreach (var item in await judge.Locator("[name='Confirmed']").AllAsync())
            await item.CheckAsync();
        await judge.GetByRole(AriaRole.Button, new() { Name = "制发", Exact = true }).ClickAsync();
        var issued = judge.GetByRole(AriaRole.Link, new() { Name = "打开制发的文书" });
        for (var look = 0; look < 80 && await issued.CountAsync() == 0; look++)
        {
            await judge.WaitForTimeoutAsync(500);
            await judge.GotoAsync(draft);
        }
        await Assertions.Expect(issued).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "272-issued");

        // reported closed: every centre is asked first
        await judge.GotoAsync($"/trial/cases/{caseId}/closing");
        await judge.GetByRole(AriaRole.Button, new() { Name = "向各中心核对" }).ClickAsync();
        await Assertions.Expect(judge.GetByText("没有未办事项").Or(judge.GetByText("还没有答复")).First).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "273-centres-asked");
    }

    [Test]
    public async Task A_month_is_planned_in_the_background_stopped_and_taken()
    {
        await RoomAsync("方案庭" + Stage.Next());
        var c = await CaseAsync("案某");
        var judge = await Stage.PageAsync("judge", "/trial/plans");
        await judge.Locator("[name='Seconds']").FillAsync("600");
        await judge.Locator("[name='Until']").FillAsync(Now.AddDays(50).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await judge.GetByRole(AriaRole.Button, new() { Name = "开始计算" }).ClickAsync();
        await Assertions.Expect(judge.GetByText("正在改进").Or(judge.GetByText("已算完")).First).ToBeVisibleAsync();
        // it improves while nobody reloads
        var row = judge.GetByRole(AriaRole.Row).Filter(new() { HasText = c.Number });
        await Assertions.Expect(row.GetByText("庭").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Stage.PictureAsync(judge, "280-plan-under-way");
        if (await judge.GetByRole(AriaRole.Button, new() { Name = "停止，留下最好的结果" }).CountAsync() > 0)
            await judge.GetByRole(AriaRole.Button, new() { Name = "停止，留下最好的结果" }).ClickAsync();
        await judge.GetByRole(AriaRole.Button, new() { Name = "采用：逐件暂订" }).ClickAsync();
        await Assertions.Expect(judge.GetByText("已采用").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(row.GetByText("已暂订").First).ToBeVisibleAsync();
        await Stage.PictureAsync(judge, "281-plan-taken");
    }

    private static async Task<CaseOfTest> CaseAsync(string family)
    {
        var registrar = await Stage.PageAsync("registrar", "/imports");
        var c = await Stage.ImportCaseAsync(registrar, family: family);
        await registrar.Context.CloseAsync();
        return c;
    }

    private static async Task RoomAsync(string name)
    {
        await Rooms.WaitAsync();
        try
        {
            var lead = await Stage.PageAsync("scheduler", "/trial/rooms");
            await lead.Locator("form[action*='handler=Save'] [name='Name']").FillAsync(name);
            await lead.Locator("form[action*='handler=Save'] [name='Size']").FillAsync("20");
            await lead.Locator("form[action*='handler=Save'] .acts button").First.ClickAsync();
            await Assertions.Expect(lead.GetByRole(AriaRole.Cell, new() { Name = name, Exact = true })).ToBeVisibleAsync();
            await lead.Context.CloseAsync();
        }
        finally
        {
            Rooms.Release();
        }
    }

    /// <summary>The first time that fits is booked from the case page. Answers the id of the hearing; its page is open.</summary>
    private static async Task<string> BookAsync(IPage page, CaseOfTest c)
    {
        await page.GotoAsync("/search?q=" + Uri.EscapeDataString(c.Number));
        await page.GetByRole(AriaRole.Link, new() { Name = "排期", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "暂订", Exact = true }).First.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(HearingUrl());
        return new Uri(page.Url).AbsolutePath.Split('/')[^1];
    }

    private static string Minute(DateTime at) => at.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    /// <summary>A sound file of silence: 8 bit, one channel, 8 kHz.</summary>
    private static byte[] Silence(int seconds)
    {
        var length = 8000 * seconds;
        using var stream = new MemoryStream();
        using (var w = new BinaryWriter(stream, System.Text.Encoding.ASCII, leaveOpen: true))
        {
            w.Write("RIFF"u8);
            w.Write(36 + length);
            w.Write("WAVEfmt "u8);
            w.Write(16);
            w.Write((short)1);
            w.Write((short)1);
            w.Write(8000);
            w.Write(8000);
            w.Write((short)1);
            w.Write((short)8);
            w.Write("data"u8);
            w.Write(length);
        }
        stream.Write([.. Enumerable.Repeat((byte)128, length)]);
        return stream.ToArray();
    }

    [GeneratedRegex("/trial/hearings/[0-9]+$")]
    private static partial Regex HearingUrl();

    [GeneratedRegex("/trial/drafts/[0-9]+$")]
    private static partial Regex DraftUrl();

    [GeneratedRegex("[0-9]{2}-[0-9]{2}")]
    private static partial Regex Day();
}
