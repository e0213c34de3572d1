using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Jobs;
using CourtOps.ServiceOfDocuments.Settings;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.ServiceOfDocuments.World;

/// <summary>智能送达管家: the plan by table, its guards, how it goes on by itself and stops.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class StewardTests(Engine engine) : AppTests(engine)
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    // C-06 and its exceptions: address, phone, procedure, document, custody → ways
    [TestCase("provided", true, "ordinary", "other", false, "electronic phone postal direct leave announcement")]
    [TestCase("obtained", false, "ordinary", "other", false, "electronic postal direct leave announcement")]
    [TestCase("refused", true, "ordinary", "other", false, "phone postal direct leave announcement")]
    [TestCase("none", true, "ordinary", "judgment", false, "postal direct leave announcement")]
    [TestCase("provided", true, "ordinary", "mediation", false, "electronic direct postal")]
    [TestCase("provided", true, "ordinary", "other", true, "transferred direct")]
    public void The_plan_is_what_the_table_says_less_what_the_law_forbids(
        string address,
        bool phone,
        string procedure,
        string document,
        bool custody,
        string ways
    )
    {
        var facts = new PlanFacts
        {
            Address = address,
            Phone = phone,
            Procedure = procedure,
            Document = document,
            Custody = custody,
            Post = "confirmed",
        };
        Assert.That(
            string.Join(' ', PlanRules.Steps(facts, PlanTable.Table.Decide(facts, PlanTable.Table.Default).Outcome).Select(s => s.Channel)),
            Is.EqualTo(ways)
        );
    }

    [TestCase("phone", "other", "ordinary", "judgment", true)]
    [TestCase("leave", "other", "ordinary", "mediation", true)]
    [TestCase("announcement", "other", "simple", "other", true)]
    [TestCase("electronic", "refused", "ordinary", "other", true)]
    [TestCase("announcement", "other", "ordinary", "other", false)]
    [TestCase("leave", "other", "simple", "judgment", false)]
    public void What_the_law_forbids_nobody_plans(string channel, string address, string procedure, string document, bool forbidden) =>
        Assert.That(
            PlanRules.Forbidden(
                channel,
                new PlanFacts
                {
                    Address = address,
                    Phone = true,
                    Procedure = procedure,
                    Document = document,
                }
            )
                is not null,
            Is.EqualTo(forbidden)
        );

    [Test]
    public void An_announcement_under_simple_procedure_waits_for_the_conversion()
    {
        var facts = new PlanFacts
        {
            Address = "provided",
            Phone = true,
            Procedure = "simple",
        };
        var last = PlanRules.Steps(facts, PlanTable.Table.Decide(facts, PlanTable.Table.Default).Outcome)[^1];
        Assert.That((last.Channel, last.Why), Is.EqualTo(("announcement", "简易、小额程序：先裁定转为普通程序，再公告")));
    }

    [TestCase("2026-03-02", "2026-03-20", null, "far")]
    [TestCase("2026-03-15", "2026-03-20", null, "early")]
    [TestCase("2026-03-21", "2026-03-20", null, "late")]
    [TestCase("2026-03-15", "2026-03-20", "2026-03-20", "ok")]
    [TestCase("2026-03-22", "2026-03-20", "2026-03-21", "late")]
    public void The_clear_days_before_a_hearing(string today, string by, string? served, string state) =>
        Assert.That(
            ClearDays.Judge(DateOnly.Parse(today, null), DateOnly.Parse(by, null), served is null ? null : DateOnly.Parse(served, null), 5),
            Is.EqualTo(state)
        );

    [Test]
    public async Task It_sends_by_itself_goes_on_after_silence_and_stops_at_the_first_effect()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        await App.RunJob<RunSteward>();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("ready"), "the clerk looks first");
        App.Advance(TimeSpan.FromMinutes(31));
        await App.RunJob<RunSteward>();
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sent"));
        App.Advance(TimeSpan.FromDays(4));
        await App.RunJob<GiveUpUnread>();
        Assert.That(await Plan(order.Notice), Is.EqualTo("electronic:failed phone:due postal:planned direct:planned leave:planned announcement:planned"));
        Assert.That(await OrderState(order.OrderId), Is.EqualTo("accepted"), "a failed way does not end the order while the plan goes on");
        await Record(order, "phone", "wrong-person");
        await Record(order, "postal", "posted", tracking: "EX1");
        App.Advance(TimeSpan.FromDays(11));
        await App.RunJob<RunSteward>();
        Assert.That(await Plan(order.Notice), Is.EqualTo("electronic:failed phone:failed postal:failed direct:due leave:planned announcement:planned"));
        Assert.That(await App.As(null).Rows<string>("SELECT kind FROM service_alarm"), Does.Contain("no-report"));
        await Record(order, "direct", "refused");
        Assert.That(await Plan(order.Notice), Does.Contain("leave:due"));
        await Record(order, "leave", "left", witness: "居委会李某");
        await App.DrainAsync();
        Assert.That(await Plan(order.Notice), Is.EqualTo("electronic:failed phone:failed postal:failed direct:failed leave:done announcement:skipped"));
        Assert.That(await OrderState(order.OrderId), Is.EqualTo("closed"));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_person_steps_in_with_a_reason_and_not_against_the_law()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided], [("调解书", "mediation")]);
        await Assert.ThatAsync(
            () =>
                App.As("clerk")
                    .Send(
                        new ChangePlan
                        {
                            NoticeId = order.Notice,
                            Channel = "leave",
                            Reason = "试试",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("forbidden")
        );
        await Assert.ThatAsync(
            () =>
                App.As("clerk")
                    .Send(
                        new ChangePlan
                        {
                            NoticeId = order.Notice,
                            Channel = "direct",
                            Reason = " ",
                        }
                    ),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        var clerk = await App.SignedIn("clerk");
        var page = $"/service/orders/{order.OrderId}";
        Assert.That(await clerk.GetStringAsync(new Uri(page, UriKind.Relative)), Does.Contain("管家的计划"));
        Assert.That(
            (int)
                (
                    await TestApp.PostForm(
                        clerk,
                        page,
                        page + "?handler=Plan",
                        ("notice", $"{order.Notice}"),
                        ("Next", "direct"),
                        ("Words", "本人要求当面领取")
                    )
                ).StatusCode,
            Is.EqualTo(302)
        );
        Assert.That(await Plan(order.Notice), Is.EqualTo("electronic:skipped direct:due postal:planned"));
        await App.As("clerk")
            .Send(
                new ChangePlan
                {
                    NoticeId = order.Notice,
                    Channel = "stop",
                    Reason = "法官撤回",
                }
            );
        Assert.That(await Plan(order.Notice), Is.EqualTo("electronic:skipped direct:skipped postal:skipped"));
    }

    [Test]
    public async Task Somebody_not_served_before_a_hearing_is_told_early_and_late()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained], [("传票", "summons")]);
        var heard = new HearingScheduled
        {
            HearingId = 77,
            CaseId = order.CaseId,
            Start = TestClock.Monday.AddDays(10),
            End = TestClock.Monday.AddDays(10).AddHours(2),
            PartyIds = order.Parties,
            SummonsId = order.Documents[0],
            ServeBy = Monday.AddDays(6),
            Version = 1,
        };
        await App.Hear(heard);
        await App.RunJob<WatchDates>();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM service_alarm WHERE kind = 'clear-days'"), Is.Zero);
        App.Advance(TimeSpan.FromDays(3));
        await App.RunJob<WatchDates>();
        await App.RunJob<WatchDates>();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM service_alarm WHERE kind = 'clear-days'"), Is.EqualTo(1), "once");
        App.Advance(TimeSpan.FromDays(4));
        await App.RunJob<WatchDates>();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM service_alarm WHERE kind = 'clear-days'"), Is.EqualTo(2));
        await App.Hear(heard with { Version = 2, ServeBy = Monday.AddDays(60), Start = TestClock.Monday.AddDays(64) });
        await App.RunJob<WatchDates>();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM service_alarm WHERE kind = 'clear-days'"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_summons_to_another_time_counts_for_nothing_and_a_move_says_once_that_it_is_void()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained], [("传票", "summons")]);
        await App.Change("UPDATE service_task SET effective_on = '2026-03-03' WHERE document_id = @id", new { id = order.Documents[0] });
        var heard = new HearingScheduled
        {
            HearingId = 77,
            CaseId = order.CaseId,
            Start = TestClock.Monday.AddDays(10),
            End = TestClock.Monday.AddDays(10).AddHours(2),
            PartyIds = order.Parties,
            SummonsIds = [order.Documents[0]],
            SummonsSince = TestClock.Monday.AddDays(-1),
            ServeBy = Monday.AddDays(6),
            Version = 1,
        };
        await App.Hear(heard);
        await App.Hear(heard with { HearingId = 78, SummonsIds = [], OtherSummonsIds = [order.Documents[0]] });
        async Task<string> State(long hearing) => (
                await App.As(null)
                    .In(async s =>
                    {
                        var watch = s.GetRequiredService<HearingWatch>();
                        return await watch.LookAsync((await watch.OfCaseAsync(order.CaseId, default)).Single(h => h.HearingId == hearing), 3, default);
                    })
            ).Single().State;
        Assert.That((await State(77), await State(78)), Is.EqualTo(("ok", "far")));
        await App.Hear(
            heard with
            {
                Version = 2,
                Start = TestClock.Monday.AddDays(64),
                ServeBy = Monday.AddDays(60),
                SummonsIds = [],
                OtherSummonsIds = [order.Documents[0]],
            }
        );
        Assert.That(await State(77), Is.EqualTo("far"), "the summons was for the time before");
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM service_alarm WHERE kind = 'summons-void'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_judgment_made_elsewhere_is_not_served_before_it_was_let_out()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var paper = await App.Document(caseId, "判决书", "judgment", held: true);
        RequestService ask = new()
        {
            CaseId = caseId,
            DocumentIds = [paper],
            PartyIds = [await App.PartyId(caseId, "王某乙")],
        };
        await Assert.ThatAsync(() => App.As("judge").Send(ask), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("held"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM service_notice"), Is.Zero);
        await App.As("judge")
            .In(async s =>
            {
                var db = s.GetRequiredService<Kernel.Data.Db>();
                await db.BeginAsync(default);
                await s.GetRequiredService<CourtOps.Workzone.Documents.IReleases>().ReleaseAsync(paper, "已核对", default);
                await db.CommitAsync(default);
            });
        Assert.That((await App.As("judge").Send(ask)).TaskIds, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_complaint_not_served_in_five_days_and_a_step_not_begun_are_told()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await App.RunJob<WatchDates>();
        Assert.That(await App.As(null).Rows<string>("SELECT kind FROM service_alarm"), Is.EqualTo(new[] { "complaint" }), "filed on 2 February");
        App.Advance(TimeSpan.FromHours(25));
        await App.RunJob<RunSteward>();
        await App.RunJob<RunSteward>();
        Assert.That(await App.As(null).Rows<string>("SELECT kind FROM service_alarm ORDER BY id"), Is.EqualTo(new[] { "complaint", "never-left" }));
        Assert.That(await Plan(order.Notice), Does.StartWith("phone:due"));
    }

    [Test]
    public async Task An_alarm_of_the_system_is_fed_back_by_a_clerk_and_ends_without_an_asker()
    {
        await App.Asked(1, [SampleParty.Linked]);
        await App.RunJob<WatchDates>();
        var alarm = await App.As(null).Value<long>("SELECT order_id FROM service_alarm");
        await App.As("clerk").Send(new TakeStep { Id = alarm, Step = OrderStep.Accept });
        await App.As("clerk")
            .Send(
                new TakeStep
                {
                    Id = alarm,
                    Step = OrderStep.Feedback,
                    Words = "已电话催办",
                }
            );
        await App.RunJob<Jobs.FinishOrders>();
        Assert.That(await OrderState(alarm), Is.EqualTo("closed"));
    }

    [Test]
    public async Task An_indictment_not_served_ten_days_before_the_hearing_is_told()
    {
        var order = await App.Asked(1, [SampleParty.Linked], [("起诉书副本", "complaint")]);
        await App.Change("UPDATE workzone_case SET kind = 'criminal' WHERE id = @CaseId", new { order.CaseId });
        await App.Hear(
            new HearingScheduled
            {
                HearingId = 9,
                CaseId = order.CaseId,
                Start = TestClock.Monday.AddDays(12),
                End = TestClock.Monday.AddDays(12).AddHours(1),
                PartyIds = order.Parties,
                ServeBy = Monday.AddDays(8),
                Version = 1,
            }
        );
        await App.RunJob<WatchDates>();
        Assert.That(await App.As(null).Rows<string>("SELECT kind FROM service_alarm ORDER BY kind"), Is.EqualTo(new[] { "accused", "complaint" }));
    }

    // C-03: origin, used → place in the chain
    [Test]
    public async Task Addresses_are_tried_in_the_order_of_their_origin_and_lapse_after_a_year()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        foreach (
            var (origin, text, used) in new[]
            {
                ("registered", "虚构省虚构县户籍街1号", (DateOnly?)null),
                ("habitual", "虚构省虚构县常用街2号", Monday.AddYears(-2)),
                ("other-case", "虚构省虚构县他案街3号", Monday.AddMonths(-3)),
                ("agreed", "虚构省虚构县合同街4号", null),
            }
        )
            await App.As("clerk")
                .Send(
                    new AddAddress
                    {
                        CaseId = order.CaseId,
                        PartyId = order.Parties[0],
                        Origin = origin,
                        Address = text,
                        UsedOn = used,
                        Evidence = "测试",
                    }
                );
        var shown = await App.As("clerk").Send(new ShowAddresses { CaseId = order.CaseId, PartyId = order.Parties[0] });
        Assert.That(shown.Chain.Select(a => a.Origin), Is.EqualTo(new[] { "agreed", "other-case", "registered" }));
        Assert.That(shown.Others.Single().Origin, Is.EqualTo("habitual"));
        Assert.That(shown.Chain[0].TextEnc, Does.Not.Contain("合同"));
        Assert.That(shown.Chain[0].Hint, Is.EqualTo("虚构省虚构县***"));
    }

    [Test]
    public async Task A_paper_confirmation_is_the_first_address_and_the_consent_and_reaches_another_case()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        var scan = await App.Document(order.CaseId, "送达地址确认书扫描件", "other");
        var clerk = await App.SignedIn("clerk");
        var page = $"/service/cases/{order.CaseId}/parties/{order.Parties[0]}";
        var bad = await TestApp.PostForm(clerk, page, page + "?handler=Confirm", ("Form.Address", "太短"), ("Form.EService", "true"), ("Form.Phone", "abc"));
        Assert.That((int)bad.StatusCode, Is.EqualTo(422));
        Assert.That(
            await bad.Content.ReadAsStringAsync(),
            Does.Contain("太短").And.Contain("请填详细地址").And.Contain("请填电子邮箱").And.Contain("签名日期")
        );
        var good = await TestApp.PostForm(
            clerk,
            page,
            page + "?handler=Confirm",
            ("Form.Address", "虚构省虚构县 幸福路１号"),
            ("Form.Phone", "13900000001"),
            ("Form.Email", "yin@party.example"),
            ("Form.EService", "true"),
            ("Form.Judgments", "true"),
            ("Form.LaterToo", "true"),
            ("Form.SignedOn", "2026-03-01"),
            ("ScanId", $"{scan}")
        );
        Assert.That((int)good.StatusCode, Is.EqualTo(302), await good.Content.ReadAsStringAsync());
        var shown = await App.As("clerk").Send(new ShowAddresses { CaseId = order.CaseId, PartyId = order.Parties[0] });
        Assert.That(
            (shown.Chain.Single().Origin, shown.Chain[0].PostalKind, shown.Party.EService, shown.Party.Email),
            Is.EqualTo(("confirmed", "confirmed", "confirmed", "yin@party.example"))
        );
        // the same person in a later case
        var later = await App.Asked(2, [SampleParty.Linked]);
        var there = await App.As("clerk").Send(new ShowAddresses { CaseId = later.CaseId, PartyId = later.Parties[0] });
        Assert.That((there.Earlier.Count, there.Elsewhere.Single().Hint), Is.EqualTo((1, "虚构省虚构县***")));
        await App.As("clerk")
            .Send(
                new CarryAddress
                {
                    CaseId = later.CaseId,
                    PartyId = later.Parties[0],
                    ConfirmationId = there.Earlier[0].Id,
                    Reason = "本案是原审的上诉案件",
                }
            );
        there = await App.As("clerk").Send(new ShowAddresses { CaseId = later.CaseId, PartyId = later.Parties[0] });
        Assert.That((there.Chain[0].Origin, there.Party.EService), Is.EqualTo(("confirmed", "confirmed")));
        Assert.That(await App.Verify("secrets"), Is.Empty);
    }

    [Test]
    public async Task The_party_confirms_its_address_online_and_the_paper_is_filed()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        var token = await App.Token(order.Notice);
        var phone = await App.Http();
        await TestApp.PostForm(phone, "/p/" + token, "/p/" + token, ("Tail", PartyActs.Tail));
        var page = $"/p/{token}/address";
        var wrong = await TestApp.PostForm(
            phone,
            page,
            page,
            ("Form.Recipient", "朴某丙"),
            ("Form.Address", "虚构省虚构县朝文街5号"),
            ("Form.Phone", "13900000002"),
            ("Form.EService", "yes"),
            ("Form.Email", "li@example"),
            ("Form.SignedName", "别人")
        );
        Assert.That(await wrong.Content.ReadAsStringAsync(), Does.Contain("电子邮箱不合格式").And.Contain("签名请写您的姓名").And.Contain("朝文街5号"));
        var signed = await TestApp.PostForm(
            phone,
            page,
            page,
            ("Form.Recipient", "朴某丙"),
            ("Form.Address", "虚构省虚构县朝文街5号"),
            ("Form.Phone", "13900000002"),
            ("Form.EService", "yes"),
            ("Form.Email", "new@party.example"),
            ("Form.SignedName", "朴某丙")
        );
        Assert.That((int)signed.StatusCode, Is.EqualTo(302));
        await App.DrainAsync();
        await App.HearAgain<PartyActed>();
        Assert.That(App.Printer.Html[^1], Does.Contain("送达地址确认书").And.Contain("朝文街5号").And.Contain("在线签名"));
        Assert.That(
            await App.As(null).Rows<string>("SELECT title FROM workzone_document WHERE case_id = @CaseId", new { order.CaseId }),
            Does.Contain("送达地址确认书（朴某丙）")
        );
        Assert.That(
            (await App.As("clerk").Send(new ShowAddresses { CaseId = order.CaseId, PartyId = order.Parties[0] })).Confirmations.Single().Way,
            Is.EqualTo("online")
        );
        Assert.That(await App.As(null).Rows<string>("SELECT kind FROM service_alarm"), Is.EqualTo(new[] { "confirmation" }), "a person looks at it");
    }

    private Task<RecordAttempt.Result> Record(ServedOrder order, string channel, string outcome, string tracking = "", string witness = "") =>
        App.As("clerk")
            .Send(
                new RecordAttempt
                {
                    NoticeId = order.Notice,
                    Channel = channel,
                    Outcome = outcome,
                    On = Kernel.Web.Times.Day(App.Clock.GetUtcNow()),
                    Tracking = tracking,
                    Witness = witness,
                    Place = "住所",
                }
            );

    private async Task<string> Plan(long notice) =>
        string.Join(
            ' ',
            await App.As(null).Rows<string>("SELECT CONCAT(channel, ':', state) FROM service_step WHERE notice_id = @notice ORDER BY ordinal", new { notice })
        );

    private async Task<string?> OrderState(long id) => await App.As(null).Value<string>("SELECT state FROM workzone_order_card WHERE id = @id", new { id });
}
