using CourtOps.Cataloguing.Archive;
using CourtOps.Cataloguing.Efile;
using CourtOps.Cataloguing.Intake;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using NetVips;

namespace CourtOps.Cataloguing.Seeding;

/// <summary>What the demo court's centre has before it this morning: three bundles of scans that are read as soon as the host runs, one of them urgent, and
/// an application to read a file.</summary>
internal sealed class DemoMaterial : IDemoStory
{
    private static readonly string[] Fonts = ["/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", "/usr/share/fonts/truetype/arphic/uming.ttc"];

    public Task TellAsync(IDemoStage stage, CancellationToken ct)
    {
        // pages are drawn: without a Chinese font there would be boxes on them
        if (Fonts.Any(File.Exists))
        {
            stage.At(stage.End.AddHours(-5), "judge", (s, c) => HandInAsync(s, 0, "原告代理人", 7, false, c));
            stage.At(stage.End.AddHours(-3), "judge", (s, c) => HandInAsync(s, 1, "立案窗口", 5, true, c));
            stage.At(stage.End.AddHours(-1), "judge", (s, c) => HandInAsync(s, 2, "扫描室", null, false, c));
            stage.At(stage.End.AddMinutes(-50), "archivist", AcceptAsync);
        }
        stage.At(stage.End.AddHours(-20), "archivist", LendAsync);
        stage.At(stage.End.AddHours(-2), "judge", NoteAsync);
        return Task.CompletedTask;
    }

    private static async Task HandInAsync(IServiceProvider services, int which, string sender, int? announced, bool urgent, CancellationToken ct)
    {
        var me = services.GetRequiredService<Actor>().Id;
        var open = await services
            .GetRequiredService<Db>()
            .PageAsync<long>("SELECT id FROM workzone_case_card WHERE judge_id = @me AND state = 'open' ORDER BY filed_on DESC, id", new { me }, 12, ct);
        if (open.Count <= which * 3)
            return;
        var card = await services.GetRequiredService<ICases>().GetAsync(open[which * 3], ct);
        var parties = await services.GetRequiredService<ICases>().PartiesAsync(card.Id, ct);
        var (plaintiff, defendant) = (parties[0].Name, parties[^1].Name);
        var today = Times.Day(services.GetRequiredService<TimeProvider>().GetUtcNow());
        var date = $"{today.AddDays(-9):yyyy年M月d日}";
        string[] complaint =
        [
            $"原告：{plaintiff}，住汪清县汪清镇。",
            $"被告：{defendant}，住延吉市北山街道。",
            "诉讼请求：",
            "一、判令被告立即给付欠款本金人民币38,600元；",
            "二、判令被告支付逾期利息至实际清偿之日止；",
            "三、本案诉讼费用由被告承担。",
            "事实与理由：",
            "双方于2024年3月发生业务往来，原告按约履行义务，被告至今未付清款项。",
            "原告多次催要，被告以资金周转困难为由推脱，故诉至法院。",
        ];
        (string Title, string[] Lines)[] pages = which switch
        {
            0 =>
            [
                ("民事起诉状", complaint),
                ("", ["综上，原告的诉讼请求于法有据，请依法支持。", "此致", card.CourtName, $"具状人：{plaintiff}", date]),
                (
                    "授权委托书",
                    [$"委托人：{plaintiff}", "受委托人：某律师事务所律师。", "代理权限为一般授权，代为出庭、陈述事实、参加辩论。", $"委托人：{plaintiff}", date]
                ),
                ("证据目录", ["1　欠条复印件　一页　证明欠款事实", "2　转账凭证　一页　证明付款事实", $"提交人：{plaintiff}", date]),
                ("欠条", [$"今欠{plaintiff}货款人民币叁万捌仟陆佰元整，于2024年底前付清。", $"欠款人：{defendant}", "2024年6月3日"]),
                ("", []),
                ("往来对账说明", ["双方就2024年上半年的往来进行核对，余额38,600元。", $"核对人：{defendant}"]),
            ],
            1 =>
            [
                (
                    "民事答辩状",
                    [$"答辩人：{defendant}。", "就原告的起诉答辩如下：欠款数额应扣除已付的五千元。", "此致", card.CourtName, $"答辩人：{defendant}", date]
                ),
                ("送达地址确认书", [$"受送达人：{defendant}", "确认的送达地址：延吉市北山街道。", "同意电子送达。", date]),
                ("合议庭评议笔录", [card.Number, "时间：上午九时", "评议内容：合议庭成员就本案事实和法律适用发表意见。", "书记员：某某"]),
                (
                    "庭审笔录",
                    [
                        card.Number,
                        "时间：上午九时至十时",
                        "审判员：现在开庭。请当事人陈述诉讼请求和答辩意见。",
                        $"原告：{plaintiff}，诉讼请求同起诉状。",
                        $"被告：{defendant}，答辩意见同答辩状。",
                    ]
                ),
            ],
            _ =>
            [
                ("传票", [$"案号　（2024）吉2401民初{card.Id % 900}号", $"被传唤人　{defendant}", "传唤事由　开庭审理"]),
                ("送达回证", [$"受送达人　{defendant}", "送达文书　起诉状副本一份、传票一份", $"签收　{defendant}　{date}"]),
            ],
        };
        var blobs = services.GetRequiredService<BlobStore>();
        var files = new List<TakenFile>();
        for (var i = 0; i < pages.Length; i++)
        {
            using var stream = new MemoryStream(Draw(pages[i].Title, pages[i].Lines, (i % 3) - 1, which));
            files.Add(new TakenFile($"{sender}-{i + 1:00}.jpg", await blobs.WriteAsync(stream, 1 << 26, ct)));
        }
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new TakeBatch
                {
                    CaseId = card.Id,
                    Sender = sender,
                    Announced = announced,
                    Urgent = urgent,
                    Source = which == 2 ? "phone" : "upload",
                    Files = files,
                },
                ct
            );
    }

    private static async Task AcceptAsync(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        await db.BeginAsync(ct);
        foreach (var order in await db.QueryAsync<long>("SELECT order_id FROM cataloguing_batch WHERE state = 'reading'", null, ct))
            await services.GetRequiredService<IWorkOrders>().StepAsync(order, OrderStep.Accept, ct: ct);
        await db.CommitAsync(ct);
    }

    private static async Task LendAsync(IServiceProvider services, CancellationToken ct)
    {
        var cases = services.GetRequiredService<ICases>();
        var (me, courts, places) = cases.Arguments;
        var mine = await services
            .GetRequiredService<Db>()
            .PageAsync<long>(
                "SELECT i.case_id FROM cataloguing_item i WHERE i.volume = 'main' AND " + cases.Seen("i.case_id") + " ORDER BY i.id DESC",
                new
                {
                    me,
                    courts,
                    places,
                },
                1,
                ct
            );
        if (mine.Count == 0)
            return;
        var agent = (await cases.AgentsAsync(mine[0], ct)).Select(a => a.Name).FirstOrDefault() ?? "";
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new AskLending
                {
                    CaseId = mine[0],
                    Agent = agent,
                    Applicant = agent.Length > 0 ? agent : "韩某（某律师事务所）",
                    Credential = "执业证 1222420XXXXXXXXXX",
                    Purpose = "准备上诉，查阅正卷",
                    Wanted = "庭审笔录和证据",
                },
                ct
            );
    }

    // two notes of the judge on the paper that was filed last: one for the team, one of their own
    private static async Task NoteAsync(IServiceProvider services, CancellationToken ct)
    {
        var cases = services.GetRequiredService<ICases>();
        var (me, courts, places) = cases.Arguments;
        var mine = await services
            .GetRequiredService<Db>()
            .PageAsync<Filed>(
                "SELECT i.case_id, i.document_id FROM cataloguing_item i WHERE i.volume = 'main' AND " + cases.Seen("i.case_id") + " ORDER BY i.id DESC",
                new
                {
                    me,
                    courts,
                    places,
                },
                1,
                ct
            );
        foreach (var (words, team) in mine.Count == 0 ? [] : new[] { ("请核对这一页的日期与送达回证是否一致", true), ("开庭时问清逾期利息的起算日", false) })
            await services
                .GetRequiredService<IMediator>()
                .Send(
                    new WriteNote
                    {
                        CaseId = mine[0].CaseId,
                        DocumentId = mine[0].DocumentId,
                        At = 1,
                        Body = words,
                        Team = team,
                    },
                    ct
                );
    }

    private sealed record Filed
    {
        public long CaseId { get; init; }
        public long DocumentId { get; init; }
    }

    // a page at 200 dpi, a little askew as a scanner gives it
    private static byte[] Draw(string title, string[] lines, double askew, int shade)
    {
        const int width = 1654;
        var page = Image.Black(width, 2339).NewFromImage(246d - shade).Cast(Enums.BandFormat.Uchar);
        var y = 200;
        foreach (var (text, size, centred) in lines.Select(l => (l, 13, false)).Prepend((title, 21, true)).Where(l => l.Item1.Length > 0))
        {
            using var words = Image.Text(text, font: $"Noto Serif CJK SC {size}", dpi: 200, width: width - 320);
            using var ink = words.Linear([-(230 - shade)], [246 - shade]).Cast(Enums.BandFormat.Uchar);
            page = page.Insert(ink, centred ? (width - ink.Width) / 2 : 160, y);
            y += ink.Height + (centred ? 70 : 28);
        }
        using var turned = page.Rotate(askew * 0.8, background: [246 - shade]);
        return turned.Copy(xres: 200 / 25.4, yres: 200 / 25.4, interpretation: Enums.Interpretation.Bw).JpegsaveBuffer(q: 82);
    }
}
