using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.ServiceOfDocuments.Jobs;
using CourtOps.ServiceOfDocuments.Party;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.World;

/// <summary>What the world brings after a service was recorded: bounces, "not me", guessing, forms that fill themselves in.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ContestTests(Engine engine) : AppTests(engine)
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    [TestCase(true, "2026-03-02", null, true)]
    [TestCase(true, "2026-03-02", "2026-03-03", true)]
    [TestCase(true, "2026-03-02", "2026-03-02", false)]
    [TestCase(true, null, null, false)]
    [TestCase(false, "2026-03-02", null, false)]
    public void A_bounce_speaks_against_what_rests_on_the_mail_alone(bool electronically, string? effective, string? read, bool contested) =>
        Assert.That(
            ContestRules.ByBounce(electronically, effective is null ? null : DateOnly.Parse(effective, null), read is null ? null : DateOnly.Parse(read, null)),
            Is.EqualTo(contested)
        );

    [Test]
    public async Task A_bounce_after_the_relays_250_stops_proof_and_closing_until_a_person_decides()
    {
        var order = await Sent(SampleParty.Provided, prove: false);
        await App.As("clerk").Send(new RecordBounce { NoticeId = order.Notice, Reason = "550 5.1.1 user unknown" });
        await App.DrainAsync();
        await App.RunJob<Jobs.FinishOrders>();
        var notice = await Notice(order.Notice);
        Assert.That((notice.State, notice.ContestedWhy, notice.ProofDocumentId), Is.EqualTo((NoticeState.Contested, "bounce", (long?)null)));
        Assert.That(await OrderState(order.OrderId), Is.EqualTo("accepted"), "nothing closes");
        Assert.That(await App.Verify("service"), Is.Empty);
        await Decide(notice.ContestOrderId!.Value, true, "日志：收件箱满，次日投递成功");
        App.Advance(TimeSpan.FromMinutes(11));
        await App.DrainAsync();
        notice = await Notice(order.Notice);
        Assert.That((notice.State, notice.EffectiveOn, notice.ProofDocumentId is not null), Is.EqualTo((NoticeState.Served, (DateOnly?)Monday, true)));
        Assert.That(App.Printer.Html[^1], Does.Contain("收到退信").And.Contain("日志：收件箱满"), "the proof hides nothing");
        Assert.That(await OrderState(order.OrderId), Is.EqualTo("closed"));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_void_service_is_taken_back_and_goes_out_anew_to_the_new_address()
    {
        var order = await Sent(SampleParty.Provided, prove: false);
        await App.As("clerk").Send(new RecordBounce { NoticeId = order.Notice, Reason = "550 5.1.1 user unknown" });
        await App.As("clerk")
            .Send(
                new Workzone.Cases.SaveContact
                {
                    PartyId = order.Parties[0],
                    Email = "new@party.example",
                    Consent = "confirmed",
                    Source = "电话记录",
                    On = Monday,
                }
            );
        var decided = await Decide((await Notice(order.Notice)).ContestOrderId!.Value, false, "邮箱不存在", again: true);
        await App.DrainAsync();
        Assert.That(decided.State, Is.EqualTo(NoticeState.Voided));
        Assert.That((await App.Published<DocumentServiceVoided>()).Single().WasOn, Is.EqualTo(Monday));
        Assert.That(await App.Rows<long>("SELECT document_id FROM trial_served"), Is.Empty, "nothing is counted from it");
        var round = await App.As(null).Value<long>("SELECT id FROM service_notice WHERE order_id = @order", new { order = decided.NewOrderId });
        Assert.That((await Notice(round)).AgainReason, Does.Contain("邮箱不存在"));
        await App.As("clerk").Send(new TakeStep { Id = decided.NewOrderId!.Value, Step = OrderStep.Accept });
        await App.SendNotice(round);
        await App.DrainAsync();
        Assert.That(App.Smtp.Mails[^1].To, Is.EqualTo("new@party.example"));
        Assert.That((await Notice(round)).State, Is.EqualTo(NoticeState.Served));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_bounce_after_a_closed_order_is_a_timed_task_too_and_the_proof_is_made_anew()
    {
        var order = await Sent(SampleParty.Provided);
        Assert.That(await OrderState(order.OrderId), Is.EqualTo("closed"));
        await App.As("clerk").Send(new RecordBounce { NoticeId = order.Notice, Reason = "550" });
        var contest = (await Notice(order.Notice)).ContestOrderId!.Value;
        Assert.That(await App.As(null).Value<DateTimeOffset?>("SELECT due_at FROM workzone_order_card WHERE id = @contest", new { contest }), Is.Not.Null);
        Assert.That(await App.Verify("service"), Is.Empty);
        var proof = (await Notice(order.Notice)).ProofDocumentId;
        await Decide(contest, true, "网关误报");
        await App.DrainAsync();
        Assert.That((await Notice(order.Notice)).ProofDocumentId, Is.Not.EqualTo(proof).And.Not.Null);
        Assert.That(App.Printer.Html[^1], Does.Contain("网关误报"));
        Assert.That(await App.Verify("service"), Is.Empty);
    }

    [Test]
    public async Task Not_me_after_reading_is_decided_by_a_person()
    {
        var order = await Sent(SampleParty.Obtained);
        await App.Identify(order.Notice);
        await App.Read(order.Notice);
        await App.Confirm(order.Notice, notMe: true);
        await App.DrainAsync();
        App.Advance(TimeSpan.FromMinutes(11));
        await App.DrainAsync();
        var notice = await Notice(order.Notice);
        Assert.That((notice.State, notice.ContestedWhy, notice.ProofDocumentId), Is.EqualTo((NoticeState.Contested, "not-me", (long?)null)));
        Assert.That(await OrderState(order.OrderId), Is.EqualTo("accepted"));
        Assert.That(await App.Verify("service"), Is.Empty);
    }

    [Test]
    public async Task Not_me_before_reading_withholds_the_papers_from_every_browser()
    {
        var order = await Sent(SampleParty.Obtained, documents: [("起诉状副本", "complaint"), ("传票", "summons")]);
        var token = await App.Token(order.Notice);
        var (mine, other) = (await App.Http(), await App.Http());
        await TestApp.PostForm(mine, "/p/" + token, "/p/" + token, ("Tail", PartyActs.Tail));
        await TestApp.PostForm(mine, "/p/" + token, $"/p/{token}?handler=NotMe");
        Assert.That((int)(await mine.GetAsync(new Uri($"/p/{token}/d/1", UriKind.Relative))).StatusCode, Is.EqualTo(422));
        Assert.That((await App.Identify(order.Notice)).End, Is.EqualTo(IdentifyEnd.Held));
        var page = await (await TestApp.PostForm(other, "/p/" + token, "/p/" + token, ("Tail", PartyActs.Tail))).Content.ReadAsStringAsync();
        Assert.That(page, Does.Contain("法院正在核实").And.Not.Contain("起诉状副本"));
        await App.DrainAsync();
        var notice = await Notice(order.Notice);
        Assert.That((notice.State, notice.ReadAt, notice.EffectiveOn), Is.EqualTo((NoticeState.Contested, (DateTimeOffset?)null, (DateOnly?)null)));
        await Decide(notice.ContestOrderId!.Value, true, "电话核实是本人，误点");
        Assert.That((await App.Identify(order.Notice)).End, Is.EqualTo(IdentifyEnd.Done), "shown again");
        await App.Read(order.Notice);
        await App.Read(order.Notice, 2);
        await App.DrainAsync();
        Assert.That((await Notice(order.Notice)).State, Is.EqualTo(NoticeState.Served));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_wrong_person_before_any_effect_is_a_failed_address()
    {
        var order = await Sent(SampleParty.Obtained);
        await App.Identify(order.Notice);
        await App.Confirm(order.Notice, notMe: true);
        await App.DrainAsync();
        await Decide((await Notice(order.Notice)).ContestOrderId!.Value, false, "号码已换人");
        Assert.That((await Notice(order.Notice)).State, Is.EqualTo(NoticeState.Failed));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [TestCase("", null)]
    [TestCase("   ", null)]
    [TestCase("12345", null)]
    [TestCase("张三李四", null)]
    [TestCase("００１ｘ", "001X")]
    [TestCase("0\u200B0 1x", "001X")]
    public void What_cannot_be_a_tail_is_no_try(string typed, string? tail) => Assert.That(TailRules.Fold(typed), Is.EqualTo(tail));

    [TestCase(1, 30)]
    [TestCase(2, 60)]
    [TestCase(4, 240)]
    [TestCase(40, 1440)]
    public void The_wait_grows(int locks, int minutes) => Assert.That(TailRules.Wait(locks), Is.EqualTo(TimeSpan.FromMinutes(minutes)));

    [Test]
    public async Task A_scanner_that_fills_in_forms_locks_nobody_out_and_the_lock_is_the_browsers_own()
    {
        var order = await Sent(SampleParty.Obtained);
        var token = await App.Token(order.Notice);
        for (var i = 0; i < 8; i++)
            Assert.That((await App.Identify(order.Notice, "")).End, Is.EqualTo(IdentifyEnd.NotATail));
        var (scanner, party) = (await App.Http(), await App.Http());
        for (var i = 0; i < 6; i++)
            await TestApp.PostForm(scanner, "/p/" + token, "/p/" + token, ("Tail", "0000"));
        Assert.That(
            (int)(await TestApp.PostForm(scanner, "/p/" + token, "/p/" + token, ("Tail", PartyActs.Tail))).StatusCode,
            Is.EqualTo(422),
            "that browser waits"
        );
        Assert.That(
            (int)(await TestApp.PostForm(party, "/p/" + token, "/p/" + token, ("Tail", PartyActs.Tail))).StatusCode,
            Is.EqualTo(302),
            "the party's own does not"
        );
    }

    [Test]
    public async Task Guessing_for_days_is_told_and_ends_the_link_and_the_party_gets_another()
    {
        var order = await Sent(SampleParty.Obtained);
        var old = await App.Token(order.Notice);
        for (var i = 0; i < 30; i++)
            await App.As(null)
                .Send(
                    new Identify
                    {
                        Token = old,
                        Tail = $"{i:0000}",
                        Browser = $"browser {i}",
                    }
                );
        await App.DrainAsync();
        Assert.That(await App.As(null).Rows<string>("SELECT kind FROM service_alarm ORDER BY id"), Is.EqualTo(new[] { "guessing", "guessing" }));
        await Assert.ThatAsync(() => App.Identify(order.Notice), Throws.TypeOf<NotFound>());
        var phone = await App.Http();
        var page = await (await phone.GetAsync(new Uri("/p/" + old, UriKind.Relative))).Content.ReadAsStringAsync();
        Assert.That(page, Does.Contain("请法院发新的链接"));
        await TestApp.PostForm(phone, "/p/" + old, $"/p/{old}?handler=NewLink");
        await App.DrainAsync();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM service_alarm WHERE kind = 'new-link'"), Is.EqualTo(1));
        await App.As("clerk").Send(new RenewLink { NoticeId = order.Notice });
        await App.DrainAsync();
        Assert.That(App.Smtp.Mails[^1].Token, Is.EqualTo(await App.Token(order.Notice)).And.Not.EqualTo(old));
        Assert.That((await App.Identify(order.Notice)).End, Is.EqualTo(IdentifyEnd.Done));
        await Assert.ThatAsync(() => App.As(null).Send(new Identify { Token = old, Tail = PartyActs.Tail }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task Notices_say_that_a_machine_wrote_them_under_the_courts_own_domain()
    {
        App.Set("CourtOps:Smtp:From", "songda@court.example");
        await Sent(SampleParty.Obtained);
        Assert.That(App.Smtp.Mails.Single().Raw, Does.Contain("Auto-Submitted: auto-generated").And.Contain("@court.example>").And.Not.Contain(".invalid"));
    }

    [Test]
    public async Task Opponents_with_one_address_are_found_and_nothing_goes_there_until_decided()
    {
        _ = App.Smtp;
        var caseId = await App.Case(
            7,
            new SampleParty("赵某", "原告") { Email = "same@party.example", EService = "同意" },
            new SampleParty("钱某")
            {
                Email = "Same@Party.example",
                EService = "提供",
                Phone = "13800000008",
            }
        );
        Assert.That(
            await App.As(null).Rows<string>("SELECT code FROM workzone_inspection WHERE case_id = @caseId AND severity = 'error'", new { caseId }),
            Does.Contain("opponents-share-address")
        );
        var paper = await App.Document(caseId);
        var opened = await App.As("judge")
            .Send(
                new RequestService
                {
                    CaseId = caseId,
                    DocumentIds = [paper],
                    PartyIds = [await App.PartyId(caseId, "钱某")],
                }
            );
        await App.As("clerk").Send(new TakeStep { Id = opened.OrderId, Step = OrderStep.Accept });
        var notice = await App.As(null).Value<long>("SELECT id FROM service_notice WHERE order_id = @OrderId", new { opened.OrderId });
        await Assert.ThatAsync(() => App.SendNotice(notice), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("shared-address"));
        await App.As("clerk").Send(new DecideSharedAddress { NoticeId = notice, Words = "电话核实：是被告本人的邮箱，原告登记有误" });
        await App.SendNotice(notice);
        await App.DrainAsync();
        Assert.That((await Notice(notice)).State, Is.EqualTo(NoticeState.Served));
        Assert.That(await App.Verify("secrets"), Is.Empty);
    }

    [Test]
    public async Task A_refusal_of_electronic_service_is_kept_and_blocks_it()
    {
        var order = await App.Asked(1, [SampleParty.Provided with { EService = "不同意" }]);
        Assert.That(
            await App.As(null).Value<string>("SELECT e_service FROM workzone_party WHERE id = @id", new { id = order.Parties[0] }),
            Is.EqualTo("refused")
        );
        await Assert.ThatAsync(() => App.SendNotice(order.Notice), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("refused"));
    }

    [Test]
    public async Task What_is_new_is_served_and_the_answer_says_what_was_left_out()
    {
        var order = await Sent(SampleParty.Provided);
        var second = await App.Document(order.CaseId, "传票", "summons");
        var result = await App.As("judge")
            .Send(
                new RequestService
                {
                    CaseId = order.CaseId,
                    DocumentIds = [order.Documents[0], second],
                    PartyIds = order.Parties,
                }
            );
        Assert.That((result.TaskIds.Count, result.Skipped.Single().Code, result.Skipped[0].DocumentId), Is.EqualTo((1, "served-once", order.Documents[0])));
    }

    [Test]
    public async Task A_further_round_needs_a_reason()
    {
        var order = await Sent(SampleParty.Obtained);
        await App.As("clerk").Send(new RecordBounce { NoticeId = order.Notice, Reason = "550" });
        var again = new RequestService
        {
            CaseId = order.CaseId,
            DocumentIds = order.Documents,
            PartyIds = order.Parties,
        };
        await Assert.ThatAsync(() => App.As("judge").Send(again), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("reason"));
        Assert.That((await App.As("judge").Send(again with { Reason = "邮箱已更正" })).TaskIds, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Of_two_documents_the_unread_one_goes_on_and_the_order_ends()
    {
        var order = await Sent(SampleParty.Obtained, documents: [("起诉状副本", "complaint"), ("传票", "summons")]);
        await App.Identify(order.Notice);
        await App.Read(order.Notice);
        await App.DrainAsync();
        App.Advance(TimeSpan.FromDays(60));
        await App.RunJob<GiveUpUnread>();
        var notice = await Notice(order.Notice);
        Assert.That(notice.State, Is.EqualTo(NoticeState.Unread));
        var left = await App.As(null).Rows<DateOnly?>("SELECT effective_on FROM service_task WHERE notice_id = @Notice ORDER BY id", new { order.Notice });
        Assert.That(left, Is.EqualTo(new DateOnly?[] { Monday, null }));
        Assert.That(await App.Verify("service"), Is.Empty);
        // the judge may ask for what is left, and only that
        var again = await App.As("judge")
            .Send(
                new RequestService
                {
                    CaseId = order.CaseId,
                    DocumentIds = order.Documents,
                    PartyIds = order.Parties,
                    Reason = "未阅",
                }
            );
        Assert.That((again.TaskIds.Count, again.Skipped.Count), Is.EqualTo((1, 1)));
    }

    [TestCase("Sec-Purpose", "prefetch")]
    [TestCase("Purpose", "preview")]
    [TestCase("Range", "bytes=0-0")]
    public async Task Fetching_ahead_is_no_reading(string header, string value)
    {
        var order = await Sent(SampleParty.Obtained);
        var token = await App.Token(order.Notice);
        var phone = await App.Http();
        await TestApp.PostForm(phone, "/p/" + token, "/p/" + token, ("Tail", PartyActs.Tail));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/p/{token}/d/1");
        request.Headers.TryAddWithoutValidation(header, value);
        await phone.SendAsync(request);
        await App.DrainAsync();
        Assert.That((await Notice(order.Notice)).ReadAt, Is.Null);
    }

    [Test]
    public async Task The_page_shows_and_decides_the_question()
    {
        var order = await Sent(SampleParty.Provided, prove: false);
        await App.As("clerk").Send(new RecordBounce { NoticeId = order.Notice, Reason = "550 user unknown" });
        var contest = (await Notice(order.Notice)).ContestOrderId!.Value;
        var clerk = await App.SignedIn("clerk");
        var page = $"/service/contests/{contest}";
        Assert.That(await clerk.GetStringAsync(new Uri($"/service/orders/{order.OrderId}", UriKind.Relative)), Does.Contain(page));
        await TestApp.PostForm(clerk, page, page + "?handler=Accept");
        var empty = await TestApp.PostForm(clerk, page, page, ("Words", "只有理由"));
        Assert.That((int)empty.StatusCode, Is.EqualTo(422));
        Assert.That(await empty.Content.ReadAsStringAsync(), Does.Contain("只有理由").And.Contain("请选择"));
        Assert.That((int)(await TestApp.PostForm(clerk, page, page, ("Outcome", "void"), ("Words", "邮箱不存在"))).StatusCode, Is.EqualTo(302));
        Assert.That((await Notice(order.Notice)).State, Is.EqualTo(NoticeState.Voided));
        var judge = await App.SignedIn("judge");
        Assert.That(await judge.GetStringAsync(new Uri($"/service/orders/{order.OrderId}", UriKind.Relative)), Does.Contain("重新送达（写明理由）"));
    }

    private async Task<DecideContest.Result> Decide(long contest, bool stands, string words, bool again = false)
    {
        await App.As("clerk").Send(new TakeStep { Id = contest, Step = OrderStep.Accept });
        return await App.As("clerk")
            .Send(
                new DecideContest
                {
                    OrderId = contest,
                    Stands = stands,
                    Words = words,
                    Again = again,
                }
            );
    }

    private Task<Notice> Notice(long id) => App.As(null).In(s => ((Notices)s.GetService(typeof(Notices))!).GetAsync(id, default));

    private async Task<string?> OrderState(long id) => await App.As(null).Value<string>("SELECT state FROM workzone_order_card WHERE id = @id", new { id });

    private async Task<ServedOrder> Sent(SampleParty party, bool prove = true, IReadOnlyList<(string, string)>? documents = null)
    {
        _ = App.Smtp;
        if (!prove)
            App.Printer.Missing = new Kernel.Printing.PrinterMissing("chromium", "chromium");
        var order = await App.Asked(1, [party], documents);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        App.Printer.Missing = null;
        return order;
    }
}
