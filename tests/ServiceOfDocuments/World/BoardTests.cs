using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Board;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Jobs;
using CourtOps.ServiceOfDocuments.Proofs;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.World;

/// <summary>The pages that count and show: matrix, board, one task at a time, the public confirmation of a proof.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class BoardTests(Engine engine) : AppTests(engine)
{
    private static readonly int Orders = Environment.GetEnvironmentVariable("COURTOPS_LONG") == "1" ? 500 : 30;

    [TestCase("abcd-2345-efg1", null)]
    [TestCase("abcd-2345-efgk", "ABCD2345EFGK")]
    [TestCase("ＡＢＣＤ ２３４５ ＥＦＧＫ", "ABCD2345EFGK")]
    [TestCase("ABCD2345EFG0", null)]
    [TestCase(null, null)]
    public void A_code_is_taken_as_people_type_it(string? typed, string? code) => Assert.That(ProofCodes.Fold(typed), Is.EqualTo(code));

    [Test]
    public async Task A_proof_is_confirmed_by_its_code_and_a_void_one_is_not()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        var code = await App.As(null).Value<string>("SELECT code FROM service_public_proof");
        Assert.That(App.Printer.Html[^1], Does.Contain(ProofCodes.Shown(code!)));
        var stranger = await App.Http();
        var page = await stranger.GetStringAsync(new Uri($"/p/verify?code={ProofCodes.Shown(code!)}", UriKind.Relative));
        Assert.That(page, Does.Contain("是本院制作的送达回证").And.Contain("王*乙").And.Not.Contain("王某乙"));
        Assert.That(await stranger.GetStringAsync(new Uri("/p/verify?code=ABCDEFGHJKLM", UriKind.Relative)), Does.Contain("没有这个验证码"));
        await App.As("clerk").Send(new Sending.RecordBounce { NoticeId = order.Notice, Reason = "550" });
        var contest = await App.As(null).Value<long>("SELECT contest_order_id FROM service_notice WHERE id = @Notice", new { order.Notice });
        await App.As("clerk").Send(new Workzone.WorkOrders.TakeStep { Id = contest, Step = Workzone.WorkOrders.OrderStep.Accept });
        await App.As("clerk")
            .Send(
                new DecideContest
                {
                    OrderId = contest,
                    Stands = false,
                    Words = "邮箱不存在",
                }
            );
        Assert.That(await stranger.GetStringAsync(new Uri($"/p/verify?code={code}", UriKind.Relative)), Does.Contain("失效"));
    }

    [Test]
    public async Task The_matrix_shows_each_document_for_each_recipient_and_what_comes_next()
    {
        _ = App.Smtp;
        var order = await App.Asked(
            1,
            [SampleParty.Provided, SampleParty.Linked with { Phone = "13800000003", Language = "ko" }],
            [("起诉状副本", "complaint"), ("传票", "summons")]
        );
        await App.SendNotice(order.Notices[0]);
        await App.DrainAsync();
        await App.Hear(
            new Contracts.HearingScheduled
            {
                HearingId = 5,
                CaseId = order.CaseId,
                Start = TestClock.Monday.AddDays(20),
                End = TestClock.Monday.AddDays(20).AddHours(1),
                PartyIds = order.Parties,
                SummonsId = order.Documents[1],
                ServeBy = new DateOnly(2026, 3, 18),
                Version = 1,
            }
        );
        var judge = await App.SignedIn("judge");
        var page = await judge.GetStringAsync(new Uri($"/service/cases/{order.CaseId}", UriKind.Relative));
        Assert.That(
            page,
            Does.Contain("03-02 生效")
                .And.Contain("答辩至 03-17")
                .And.Contain("电话送达")
                .And.Contain("开庭守卫")
                .And.Contain("差 尹某己")
                .And.Contain("应送 4 项：2 已生效，2 未生效")
        );
        var other = await App.SignedIn("judge2");
        Assert.That((int)(await other.GetAsync(new Uri($"/service/cases/{order.CaseId}", UriKind.Relative))).StatusCode, Is.EqualTo(404));
    }

    [Test]
    public async Task One_task_at_a_time_passes_on_and_ends()
    {
        var first = await App.Asked(1, [SampleParty.Linked]);
        await App.Asked(2, [SampleParty.Linked]);
        var clerk = await App.SignedIn("clerk");
        var page = await clerk.GetStringAsync(new Uri("/service/next", UriKind.Relative));
        Assert.That(page, Does.Contain("还有 2 件").And.Contain("/service/calls/").And.Contain("data-key=\"n\""));
        var second = System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(page, "href=\"(/service/next\\?[^\"]+)\"").Groups[1].Value);
        Assert.That(await clerk.GetStringAsync(new Uri(second, UriKind.Relative)), Does.Contain("吉2424民初2号"));
        Assert.That(first.Notice, Is.Positive);
        var board = await clerk.GetStringAsync(new Uri("/service/board", UriKind.Relative));
        Assert.That(board, Does.Contain("电子送达率").And.Contain("电话送达"));
    }

    /// <summary>300 recipients (5,000 in the long run) go every way that chance gives them; whoever is not served has a next step with an owner, nobody is
    /// served twice, the board is the recount.</summary>
    [Test]
    public async Task Three_hundred_tasks_each_end_in_an_effect_or_have_a_next_step_and_an_owner()
    {
        _ = App.Smtp;
        var chance = new Random(17);
        var notices = new List<long>();
        for (var i = 1; i <= Orders; i++)
        {
            SampleParty One(int k) =>
                chance.Next(4) switch
                {
                    0 => SampleParty.Provided with { Name = $"甲某{k}", Email = $"p{i}x{k}@party.example", Phone = $"139{i:0000}{k:0000}" },
                    1 => SampleParty.Obtained with { Name = $"乙某{k}", Email = $"o{i}x{k}@party.example", Phone = $"139{i:0000}{k:0000}" },
                    2 => SampleParty.Linked with { Name = $"丙某{k}", Phone = $"139{i:0000}{k:0000}" },
                    _ => SampleParty.Linked with { Name = $"丁某{k}", Phone = "" },
                };
            var order = await App.Asked(
                i,
                [.. Enumerable.Range(1, 10).Select(One)],
                chance.Next(6) == 0 ? [("调解书", "mediation")] : [("起诉状副本", "complaint")]
            );
            notices.AddRange(order.Notices);
        }
        for (var day = 0; day < 12; day++)
        {
            App.Advance(TimeSpan.FromDays(1));
            await App.RunJob<RunSteward>();
            await App.DrainAsync();
            await App.RunJob<GiveUpUnread>();
            foreach (
                var step in await App.As(null)
                    .Rows<DueStep>(
                        "SELECT id, notice_id, channel FROM service_step WHERE state = 'due' AND starts_at <= @now AND channel <> 'electronic' ORDER BY id",
                        new { now = App.Clock.GetUtcNow() }
                    )
            )
                await DoAsync(step, chance);
            foreach (var id in await App.As(null).Rows<long>("SELECT id FROM service_notice WHERE state = 'sent'"))
                if (chance.Next(3) == 0 && (await App.Identify(id)).End == Party.IdentifyEnd.Done)
                    await App.Read(id);
            await App.DrainAsync();
            await App.RunJob<Jobs.FinishOrders>();
        }
        var rows = await App.As(null)
            .Rows<Row>(
                """
                SELECT n.id, n.state, o.assignee_name, (SELECT COUNT(*) FROM service_step s WHERE s.notice_id = n.id AND s.state IN ('due', 'waiting')) +
                    (SELECT COUNT(*) FROM service_alarm x WHERE x.notice_id = n.id AND x.kind = 'exhausted') AS open_steps
                FROM service_notice n JOIN workzone_order_card o ON o.id = n.order_id
                """
            );
        Assert.That(rows, Has.Count.EqualTo(Orders * 10));
        Assert.That(rows.Where(r => r.State == NoticeState.Served).Count(), Is.GreaterThan(100), "chance served too few to show anything");
        Assert.That(
            rows.Where(r => r.State != NoticeState.Served && (r.OpenSteps == 0 || string.IsNullOrEmpty(r.AssigneeName))).Select(r => $"{r.Id} {r.State}"),
            Is.Empty,
            "whoever is not served has a next step and an owner"
        );
        Assert.That((await App.Published<Contracts.DocumentServed>()).GroupBy(e => e.TaskId).Where(g => g.Count() > 1), Is.Empty, "nobody is served twice");
        Assert.That(await App.Verify("service"), Is.Empty);
        var board = (await App.As("lead").Send(new ShowBoard())).Figures;
        Assert.That((board.All, board.Served), Is.EqualTo((Orders * 10, rows.Count(r => r.State == NoticeState.Served))));
        Assert.That(board.Stages.Sum(s => s.Count), Is.EqualTo(Orders * 10));
        Assert.That(board.Load.Sum(l => l.Open), Is.EqualTo(board.Open));
    }

    private async Task DoAsync(DueStep step, Random chance)
    {
        Task Try(string channel, string outcome, string tracking = "", string witness = "") =>
            App.As("clerk")
                .Send(
                    new RecordAttempt
                    {
                        NoticeId = step.NoticeId,
                        Channel = channel,
                        Outcome = outcome,
                        On = Kernel.Web.Times.Day(App.Clock.GetUtcNow()),
                        Place = "住所",
                        Witness = witness,
                        Tracking = tracking,
                        Words = "测试",
                    }
                );
        switch (step.Channel)
        {
            case "phone":
                await App.As("clerk")
                    .Send(
                        new RecordCall
                        {
                            StepId = step.Id,
                            Outcome = new[] { "reached", "no-answer", "off", "refused", "wrong-person", "minor" }[chance.Next(6)],
                            Words = $"通话 {step.Id} {App.Clock.GetUtcNow():O}",
                        }
                    );
                break;
            case "postal":
                await Try("postal", "posted", $"EX{step.Id}");
                break;
            case "direct":
                await Try("direct", new[] { "signed", "refused", "absent" }[chance.Next(3)]);
                break;
            case "leave":
                await Try("leave", "left", witness: "居委会李某");
                break;
        }
    }

    private sealed record DueStep
    {
        public long Id { get; init; }
        public long NoticeId { get; init; }
        public string Channel { get; init; } = "";
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public string State { get; init; } = "";
        public string? AssigneeName { get; init; }
        public int OpenSteps { get; init; }
    }
}
