using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.ServiceOfDocuments.Jobs;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Requests;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RequestTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_document_under_way_or_served_is_not_asked_for_twice()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided]);
        await Assert.ThatAsync(() => Ask(order), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("served-once"));
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        await Assert.ThatAsync(() => Ask(order), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("served-once"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_order"), Is.EqualTo(1));
    }

    [Test]
    public async Task After_a_failure_a_second_round_begins_with_a_link_of_its_own()
    {
        App.Smtp.Refused["wang@party.example"] = true;
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        await App.RunJob<Jobs.FinishOrders>();
        App.Smtp.Refused.Clear();
        var again = await Ask(order, "邮箱已更正");
        var notice = await App.As(null).Value<long>("SELECT id FROM service_notice WHERE order_id = @OrderId", new { again.OrderId });
        await App.As("clerk").Send(new TakeStep { Id = again.OrderId, Step = OrderStep.Accept });
        await App.SendNotice(notice);
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, notice)).State, Is.EqualTo("served"));
        Assert.That(await App.Token(notice), Is.Not.EqualTo(await App.Token(order.Notice)));
        Assert.That(await App.Published<DocumentServed>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_secondary_volume_and_proofs_are_never_served()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var secret = await App.Document(order.CaseId, "合议庭笔录", "other", "secondary");
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new RequestService
                        {
                            CaseId = order.CaseId,
                            DocumentIds = [secret],
                            PartyIds = order.Parties,
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
    }

    [Test]
    public async Task A_party_or_document_of_another_case_is_refused()
    {
        var one = await App.Asked(1, [SampleParty.Provided]);
        var two = await App.Asked(2, [SampleParty.Provided]);
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new RequestService
                        {
                            CaseId = one.CaseId,
                            DocumentIds = one.Documents,
                            PartyIds = two.Parties,
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new RequestService
                        {
                            CaseId = one.CaseId,
                            DocumentIds = two.Documents,
                            PartyIds = one.Parties,
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
    }

    [Test]
    public async Task Nothing_asked_for_is_invalid_and_others_may_not_ask()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await Assert.ThatAsync(() => App.As("judge").Send(new RequestService { CaseId = order.CaseId }), Throws.TypeOf<FluentValidation.ValidationException>());
        await Assert.ThatAsync(
            () =>
                App.As("clerk")
                    .Send(
                        new RequestService
                        {
                            CaseId = order.CaseId,
                            DocumentIds = order.Documents,
                            PartyIds = order.Parties,
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge-yanji")
                    .Send(
                        new RequestService
                        {
                            CaseId = order.CaseId,
                            DocumentIds = order.Documents,
                            PartyIds = order.Parties,
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge2")
                    .Send(
                        new RequestService
                        {
                            CaseId = order.CaseId,
                            DocumentIds = order.Documents,
                            PartyIds = order.Parties,
                        }
                    ),
            Throws.TypeOf<NotFound>(),
            "not this judge's case"
        );
    }

    [Test]
    public async Task A_request_of_another_centre_is_heard_once_however_often_it_comes()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var document = await App.Document(caseId);
        var party = await App.PartyId(caseId, "王某乙");
        var request = new ServiceRequested
        {
            RequestId = "trial:1",
            CaseId = caseId,
            DocumentIds = [document],
            PartyIds = [party],
            AskedBy = await App.IdOf("judge"),
            Note = "开庭前",
        };
        await App.Hear(request, Catalogue.CaseKey(caseId));
        await App.HearAgain<ServiceRequested>();
        await App.Hear(request, Catalogue.CaseKey(caseId));
        await App.Hear(request with { RequestId = "trial:2" }, Catalogue.CaseKey(caseId));
        Assert.That(await App.As(null).Rows<string>("SELECT asked_by_name FROM workzone_order"), Is.EqualTo(new[] { "李测试" }));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Cancelling_withdraws_what_is_not_served_and_leaves_what_is()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided, SampleParty.Obtained]);
        foreach (var notice in order.Notices)
            await App.SendNotice(notice);
        await App.DrainAsync();
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Cancel,
                    Words = "调解撤诉",
                }
            );
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notices[0])).State, Is.EqualTo("served"));
        Assert.That((await NoticeRow.Of(App, order.Notices[1])).State, Is.EqualTo("cancelled"));
        await App.HearAgain<WorkOrderCancelled>();
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Cancelling_before_the_mail_has_left_stops_it()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.SendNotice(order.Notice);
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Cancel,
                    Words = "撤诉",
                }
            );
        await App.DrainAsync();
        Assert.That(App.Smtp.Mails, Is.Empty);
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("cancelled"));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task What_the_party_did_before_the_cancelling_was_known_does_not_block_its_key()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        await App.Identify(order.Notice); // heard only after the order was cancelled
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Cancel,
                    Words = "撤诉",
                }
            );
        await App.DrainAsync();
        Assert.That(await App.As(null).Rows<string>("SELECT error FROM kernel_block"), Is.Empty);
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task The_same_act_heard_twice_is_written_once()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        await App.Identify(order.Notice);
        await App.Read(order.Notice);
        await App.DrainAsync();
        var before = await Journal(order);
        await App.HearAgain<PartyActed>();
        Assert.That(await Journal(order), Is.EqualTo(before));
        Assert.That(await App.Published<DocumentServed>(), Has.Count.EqualTo(1));
        Assert.That(await App.Published<ProofMade>(), Has.Count.EqualTo(1));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Acts_heard_in_the_wrong_order_give_the_same_day()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        App.Advance(TimeSpan.FromDays(2));
        await App.Hear(
            new PartyActed
            {
                NoticeId = order.Notice,
                Act = "confirmed",
                At = TestClock.Monday.AddDays(2),
            },
            "a"
        );
        await App.Hear(
            new PartyActed
            {
                NoticeId = order.Notice,
                Act = "opened",
                At = TestClock.Monday.AddDays(1),
            },
            "b"
        );
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn), Is.EqualTo(("served", new DateOnly(2026, 3, 4))));
        Assert.That(notice.OpenedAt, Is.EqualTo(TestClock.Monday.AddDays(1)));
    }

    private Task<RequestService.Result> Ask(ServedOrder order, string reason = "") =>
        App.As("judge")
            .Send(
                new RequestService
                {
                    CaseId = order.CaseId,
                    DocumentIds = order.Documents,
                    PartyIds = order.Parties,
                    Reason = reason,
                }
            );

    private Task<IReadOnlyList<string>> Journal(ServedOrder order) =>
        App.As(null).Rows<string>("SELECT kind FROM service_event WHERE notice_id = @Notice ORDER BY id", new { order.Notice });
}
