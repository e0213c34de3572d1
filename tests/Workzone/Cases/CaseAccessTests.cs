using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Batches;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone;

/// <summary>Who sees a case: before and after an order, with a recusal, a seal, a deputy, another team.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CaseAccessTests(Engine engine) : AppTests(engine)
{
    [TestCase("judge", ExpectedResult = true)]
    [TestCase("assistant", ExpectedResult = true, TestName = "the judge's team")]
    [TestCase("leader", ExpectedResult = true, TestName = "the court's leader")]
    [TestCase("judge2", ExpectedResult = false, TestName = "another judge of the court")]
    [TestCase("clerk", ExpectedResult = false, TestName = "a centre's clerk without an order")]
    [TestCase("lead", ExpectedResult = false, TestName = "a centre's lead")]
    [TestCase("judge-yanji", ExpectedResult = false, TestName = "a judge of another court")]
    [TestCase("sysadmin", ExpectedResult = false)]
    [TestCase("secadmin", ExpectedResult = false)]
    [TestCase("auditor", ExpectedResult = false)]
    public async Task<bool> Who_sees_a_case(string login)
    {
        var id = await App.Case(1, SampleParty.Provided);
        return await SeesAsync(login, id);
    }

    [Test]
    public async Task Access_comes_with_the_order_and_goes_with_it()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        Assert.That(await SeesAsync("clerk", order.CaseId), Is.False);
        await App.As("clerk").Send(new TakeStep { Id = order.OrderId, Step = OrderStep.Accept });
        Assert.That(await SeesAsync("clerk", order.CaseId), Is.True);
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Cancel,
                    Words = "不送了",
                }
            );
        Assert.That(await SeesAsync("clerk", order.CaseId), Is.False);
    }

    [TestCase("judge")]
    [TestCase("assistant")]
    [TestCase("leader")]
    [TestCase("clerk")]
    public async Task A_recused_person_sees_nothing_whatever_else_lets_them_in(string login)
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var by = login == "leader" ? "judge" : "leader";
        await App.As(by)
            .Send(
                new Recuse
                {
                    CaseId = order.CaseId,
                    Login = login,
                    Reason = "当事人的近亲属",
                }
            );
        Assert.That(await SeesAsync(login, order.CaseId), Is.False);
        await Assert.ThatAsync(() => App.As(login).Send(new ReadDocument { Id = order.Documents[0] }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As(login).Send(new ShowOrder { Id = order.OrderId }), Throws.TypeOf<NotFound>());
        var lists = await App.As(login).Send(new ListCases { Take = 50 });
        Assert.That(lists.Rows.Select(r => r.Id), Does.Not.Contain(order.CaseId));
        foreach (var view in new[] { "mine", "asked", "centre", "court" })
            Assert.That((await App.As(login).Send(new ListOrders { View = view })).Rows.Select(r => r.Id), Does.Not.Contain(order.OrderId), view);
    }

    [Test]
    public async Task A_recusal_puts_the_order_back_and_keeps_later_ones_away()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.As("leader")
            .Send(
                new Recuse
                {
                    CaseId = order.CaseId,
                    Login = "clerk",
                    Reason = "同学",
                }
            );
        Assert.That(await App.As(null).Value<string>("SELECT state FROM workzone_order WHERE id = @OrderId", new { order.OrderId }), Is.EqualTo("queued"));
        await Assert.ThatAsync(
            async () =>
                await App.As("lead")
                    .Send(
                        new TakeStep
                        {
                            Id = order.OrderId,
                            Step = OrderStep.Assign,
                            PersonId = await App.IdOf("clerk"),
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("回避")
        );
        await Assert.ThatAsync(() => App.As("clerk").Send(new TakeStep { Id = order.OrderId, Step = OrderStep.Accept }), Throws.TypeOf<NotFound>());
        Assert.That(await App.Verify("chains"), Is.Empty);
        var recusal = await App.As(null).Value<long>("SELECT id FROM workzone_recusal");
        await Assert.ThatAsync(
            () =>
                App.As("judge-yanji")
                    .Send(
                        new EndRecusal
                        {
                            CaseId = order.CaseId,
                            Id = recusal,
                            Reason = "x",
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        await App.As("leader")
            .Send(
                new EndRecusal
                {
                    CaseId = order.CaseId,
                    Id = recusal,
                    Reason = "查明不是同学",
                }
            );
        await App.As("clerk").Send(new TakeStep { Id = order.OrderId, Step = OrderStep.Accept });
        Assert.That(await SeesAsync("clerk", order.CaseId), Is.True);
    }

    [Test]
    public async Task Nobody_ends_their_own_recusal()
    {
        var id = await App.Case(1, SampleParty.Provided);
        await App.As("judge")
            .Send(
                new Recuse
                {
                    CaseId = id,
                    Login = "leader",
                    Reason = "原承办人",
                }
            );
        var recusal = await App.As(null).Value<long>("SELECT id FROM workzone_recusal");
        await Assert.ThatAsync(
            () =>
                App.As("leader")
                    .Send(
                        new EndRecusal
                        {
                            CaseId = id,
                            Id = recusal,
                            Reason = "x",
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
    }

    [Test]
    public async Task A_sealed_case_is_seen_by_its_judge_and_by_who_has_it_in_hand()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await App.As("judge").Send(new SealCase { CaseId = order.CaseId, Reason = "未成年人" });
        foreach (var (login, sees) in new[] { ("judge", true), ("assistant", false), ("leader", false), ("clerk", false) })
            Assert.That(await SeesAsync(login, order.CaseId), Is.EqualTo(sees), login);
        await Assert.ThatAsync(
            () => App.As("clerk").Send(new ShowOrder { Id = order.OrderId }),
            Throws.TypeOf<NotFound>(),
            "not even the order before it is theirs"
        );
        Assert.That((await App.As("clerk").Send(new ListOrders { View = "centre" })).Rows, Is.Empty);
        await App.As("lead")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Assign,
                    PersonId = await App.IdOf("clerk"),
                }
            );
        Assert.That(await SeesAsync("clerk", order.CaseId), Is.True);
    }

    [Test]
    public async Task Who_leads_one_centre_and_works_in_another_sees_the_sealed_cases_of_the_first_alone()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = "both",
                    Name = "两处",
                    Court = "吉2424",
                    Roles = ["lead:service", "clerk:cataloguing"],
                    Password = TestApp.Password,
                }
            );
        var scan = (
            await App.As("judge")
                .Send(
                    new AskOrder
                    {
                        CaseId = order.CaseId,
                        Type = "cataloguing.scan",
                        Form = new Dictionary<string, IReadOnlyList<string>>
                        {
                            ["material"] = ["收据"],
                            ["pages"] = ["2"],
                            ["volume"] = ["正卷"],
                            ["handover"] = ["2026-03-09"],
                            ["originals"] = ["扫描后退回"],
                        },
                    }
                )
        ).Order.Id;
        Assert.That(await QueueAsync("both"), Is.EquivalentTo(new[] { order.OrderId, scan }));
        await App.As("judge").Send(new SealCase { CaseId = order.CaseId, Reason = "未成年人" });
        Assert.That(await QueueAsync("both"), Is.EqualTo(new[] { order.OrderId }));
        Assert.That((await App.As("both").Send(new ListOrders { View = "centre", Centre = "cataloguing" })).Rows, Is.Empty);
        Assert.That(
            (await App.As("both").Send(new ShowQueue { Filter = new QueueFilter { View = "centre" } })).Tabs.Single(t => t.View == "centre").Count,
            Is.EqualTo(1),
            "nor counted"
        );
        await Assert.ThatAsync(() => App.Send(new ShowOrder { Id = scan }), Throws.TypeOf<NotFound>());
    }

    private async Task<IEnumerable<long>> QueueAsync(string login) => (await App.As(login).Send(new ListOrders { View = "centre" })).Rows.Select(r => r.Id);

    [TestCase("judge", "returned", TestName = "what the judge asked for and got back")]
    [TestCase("judge", "feedback", TestName = "what the judge asked for and has to confirm")]
    [TestCase("lead", "queued", TestName = "what waits in the queue of the lead")]
    [TestCase("leader", "review", TestName = "what the leader has to review")]
    public async Task A_recused_persons_desk_shows_nothing_of_the_case(string login, string state)
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await App.As(null).Change("UPDATE workzone_order SET state = @state WHERE id = @OrderId", new { state, order.OrderId });
        Assert.That(await OnDeskAsync(login, order.OrderId), Is.True, "before the recusal");
        await App.As(login == "leader" ? "judge" : "leader")
            .Send(
                new Recuse
                {
                    CaseId = order.CaseId,
                    Login = login,
                    Reason = "当事人的近亲属",
                }
            );
        Assert.That(await OnDeskAsync(login, order.OrderId), Is.False);
    }

    [Test]
    public async Task Who_is_recused_or_shut_out_by_a_seal_reads_nothing_of_the_case_in_an_old_batch_or_a_new_one()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var batch = await App.As("clerk")
            .Send(
                new CreateBatch
                {
                    Step = OrderStep.Comment,
                    OrderIds = [order.OrderId],
                    Words = "已联系",
                }
            );
        await App.DrainAsync();
        var line = (await App.As("clerk").Send(new ShowBatch { Id = batch })).Items.Single();
        Assert.That((line.Outcome, line.Number.Length > 0, line.Title.Length > 0), Is.EqualTo(("done", true, true)), "while the order is in hand");
        Assert.That(await OfferedAsync("clerk", order.OrderId), Is.True);
        await App.As("leader")
            .Send(
                new Recuse
                {
                    CaseId = order.CaseId,
                    Login = "clerk",
                    Reason = "同学",
                }
            );
        line = (await App.As("clerk").Send(new ShowBatch { Id = batch })).Items.Single();
        Assert.That((line.Outcome, line.Number + line.Title + line.State), Is.EqualTo(("done", "")), "recused: the outcome stays, the order is blank");
        Assert.That(await OfferedAsync("clerk", order.OrderId), Is.False, "recused");
        await App.As("leader")
            .Send(
                new EndRecusal
                {
                    CaseId = order.CaseId,
                    Id = await App.As(null).Value<long>("SELECT id FROM workzone_recusal"),
                    Reason = "查明不是同学",
                }
            );
        Assert.That((await App.As("clerk").Send(new ShowBatch { Id = batch })).Items.Single().Number, Is.Not.Empty, "the recusal is over");
        await App.As("judge").Send(new SealCase { CaseId = order.CaseId, Reason = "未成年人" });
        Assert.That((await App.As("clerk").Send(new ShowBatch { Id = batch })).Items.Single().Number, Is.Empty, "sealed and in the queue of the lead alone");
        Assert.That(await OfferedAsync("clerk", order.OrderId), Is.False, "sealed");
    }

    [Test]
    public async Task An_order_of_a_sealed_case_is_opened_by_who_asked_the_lead_and_whoever_has_it_in_hand_and_by_nobody_when_it_is_over()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.As("judge").Send(new SealCase { CaseId = order.CaseId, Reason = "未成年人" });
        foreach (var (login, opens) in new[] { ("judge", true), ("lead", true), ("clerk", true), ("clerk2", false), ("leader", false), ("assistant", false) })
            Assert.That(await OpensAsync(login, order.OrderId), Is.EqualTo(opens), login);
        await App.As(null).Change("UPDATE workzone_order SET state = 'review' WHERE id = @OrderId", new { order.OrderId });
        Assert.That(
            (await OnDeskAsync("leader", order.OrderId), await OpensAsync("leader", order.OrderId)),
            Is.EqualTo((false, false)),
            "not for a review either"
        );
        await App.As(null).Change("UPDATE workzone_order SET state = 'queued' WHERE id = @OrderId", new { order.OrderId });
        Assert.That(await OnDeskAsync("lead", order.OrderId), Is.True, "the lead hands it out");
        await App.As(null).Change("UPDATE workzone_order SET state = 'accepted' WHERE id = @OrderId", new { order.OrderId });
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Cancel,
                    Words = "不送了",
                }
            );
        foreach (var (login, opens) in new[] { ("judge", true), ("lead", true), ("clerk", false), ("leader", false) })
            Assert.That(await OpensAsync(login, order.OrderId), Is.EqualTo(opens), login + " after the end");
        Assert.That(
            (await App.As("clerk").Send(new ListOrders { View = "mine", Closed = true })).Rows,
            Is.Empty,
            "nor does it stand among what the clerk has done"
        );
        Assert.That((await App.As("clerk").Send(new ListOrders { CaseId = order.CaseId, Closed = true })).Rows, Is.Empty, "nor among the case's");
        Assert.That((await App.As("judge").Send(new ListOrders { View = "asked", Closed = true })).Rows, Has.Count.EqualTo(1));
    }

    private async Task<bool> OnDeskAsync(string login, long order) => (await App.As(login).Send(new Pages.Index.Query())).Todo.Any(t => t.Id == order);

    private async Task<bool> OfferedAsync(string login, long order) =>
        (await App.As(login).Send(new Pages.Batches.New.Query { Ids = [order], Step = OrderStep.Comment })).Orders.Count > 0;

    private async Task<bool> OpensAsync(string login, long order)
    {
        try
        {
            await App.As(login).Send(new ShowOrder { Id = order });
            return true;
        }
        catch (NotFound)
        {
            return false;
        }
    }

    [Test]
    public async Task Opening_a_seal_takes_the_courts_leader()
    {
        var id = await App.Case(1, SampleParty.Provided);
        await App.As("judge").Send(new SealCase { CaseId = id, Reason = "未成年人" });
        var change = await App.As("judge").Send(new AskToUnseal { CaseId = id, Reason = "已满封存条件之外" });
        foreach (var login in new[] { "judge", "judge2", "secadmin", "sysadmin", "lead" })
            await Assert.ThatAsync(
                () => App.As(login).Send(new DecideChange { Id = change, Confirm = true }),
                Throws.TypeOf<Forbidden>().Or.TypeOf<NotFound>(),
                login
            );
        await App.As("leader").Send(new DecideChange { Id = change, Confirm = true });
        Assert.That(await SeesAsync("assistant", id), Is.True);
        Assert.That(await SeesAsync("leader", id), Is.True);
    }

    [TestCase("judge", ExpectedResult = true)]
    [TestCase("assistant", ExpectedResult = true)]
    [TestCase("leader", ExpectedResult = true)]
    [TestCase("clerk", ExpectedResult = false, TestName = "the clerk who has a service order sees the case but not the secondary volume")]
    public async Task<bool> The_secondary_volume(string login)
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var secret = await App.Document(order.CaseId, "合议庭评议笔录", "other", "secondary");
        var listed = (await App.As(login).In(s => s.GetRequiredService<IDocuments>().OfCaseAsync(order.CaseId))).Any(d => d.Id == secret);
        bool read;
        try
        {
            await App.Send(new ReadDocument { Id = secret });
            read = true;
        }
        catch (NotFound)
        {
            read = false;
        }
        Assert.That(listed, Is.EqualTo(read));
        return read;
    }

    [Test]
    public async Task A_deputy_acts_while_the_absence_lasts()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var today = Kernel.Web.Times.Day(App.Clock.GetUtcNow());
        await App.As("clerk")
            .Send(
                new SaveAbsence
                {
                    From = today.AddDays(1),
                    Until = today.AddDays(2),
                    Deputy = "clerk2",
                    Reason = "年假",
                }
            );
        Assert.That(await SeesAsync("clerk2", order.CaseId), Is.False, "not before it begins");
        App.Advance(TimeSpan.FromDays(1));
        await App.As(null).RunJob<TurnAbsences>();
        Assert.That(await SeesAsync("clerk2", order.CaseId), Is.True);
        await App.As("clerk2")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Comment,
                    Words = "代办",
                }
            );
        Assert.That(
            await App.As(null).Value<string>("SELECT actor_name FROM workzone_node WHERE order_id = @OrderId AND step = 'comment'", new { order.OrderId }),
            Is.EqualTo("孙范例"),
            "in the deputy's own name"
        );
        App.Advance(TimeSpan.FromDays(2));
        await App.As(null).RunJob<TurnAbsences>();
        Assert.That(await SeesAsync("clerk2", order.CaseId), Is.False, "over with the last day");
    }

    [Test]
    public async Task A_deputy_has_no_deputy()
    {
        var today = Kernel.Web.Times.Day(App.Clock.GetUtcNow());
        await App.As("clerk2").Send(new SaveAbsence { From = today, Until = today.AddDays(5) });
        await Assert.ThatAsync(
            () =>
                App.As("clerk")
                    .Send(
                        new SaveAbsence
                        {
                            From = today.AddDays(5),
                            Until = today.AddDays(9),
                            Deputy = "clerk2",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("代理不能再代理")
        );
        await App.As("clerk")
            .Send(
                new SaveAbsence
                {
                    From = today.AddDays(6),
                    Until = today.AddDays(9),
                    Deputy = "clerk2",
                }
            );
        await Assert.ThatAsync(
            () => App.As("clerk2").Send(new SaveAbsence { From = today.AddDays(9), Until = today.AddDays(12) }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("代理不能再代理")
        );
    }

    [TestCase("clerk", "judge")]
    [TestCase("clerk", "clerk-yanji")]
    [TestCase("clerk", "clerk")]
    [TestCase("clerk", "nobody")]
    public async Task A_deputy_that_cannot_be_is_refused(string login, string deputy)
    {
        var today = Kernel.Web.Times.Day(App.Clock.GetUtcNow());
        await Assert.ThatAsync(
            () =>
                App.As(login)
                    .Send(
                        new SaveAbsence
                        {
                            From = today,
                            Until = today,
                            Deputy = deputy,
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
    }

    [Test]
    public async Task Another_team_is_another_set_of_cases()
    {
        var id = await App.Case(1, SampleParty.Provided);
        var person = await App.IdOf("assistant");
        var version = await App.As(null).Value<int>("SELECT version FROM workzone_person WHERE id = @person", new { person });
        await App.As("sysadmin")
            .Send(
                new SavePerson
                {
                    Id = person,
                    Version = version,
                    Login = "assistant",
                    Name = "何样例",
                    Court = "吉2424",
                    Division = "民事审判庭",
                    Team = "林虚构团队",
                    Roles = ["assistant"],
                }
            );
        Assert.That(await SeesAsync("assistant", id), Is.True, "it waits for a second person");
        var change = (await App.As("secadmin").Send(new ListChanges())).Single(c => c.Kind == ChangeKind.Team);
        await App.Send(new DecideChange { Id = change.Id, Confirm = true });
        Assert.That(await SeesAsync("assistant", id), Is.False);
        await App.As("leader")
            .Send(
                new ChangeJudge
                {
                    CaseId = id,
                    Judge = "judge2",
                    Reason = "均衡收案",
                }
            );
        Assert.That(await SeesAsync("assistant", id), Is.True);
        Assert.That(await SeesAsync("judge", id), Is.False);
    }

    [Test]
    public async Task Who_leaves_hands_over_first()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var clerk = await App.IdOf("clerk");
        var row = await App.As(null).Value<int>("SELECT version FROM workzone_person WHERE id = @clerk", new { clerk });
        var leave = new SavePerson
        {
            Id = clerk,
            Version = row,
            Login = "clerk",
            Name = "钱演示",
            Court = "吉2424",
            Roles = ["clerk:service"],
            Active = false,
        };
        await Assert.ThatAsync(() => App.As("sysadmin").Send(leave), Throws.TypeOf<RuleBroken>().With.Message.Contains("请先交接"));
        var shown = await App.Send(new ShowHandover { PersonId = clerk });
        Assert.That(shown.InHand, Has.Count.EqualTo(1));
        await Assert.ThatAsync(
            async () =>
                await App.As("sysadmin")
                    .Send(
                        new HandOver
                        {
                            PersonId = clerk,
                            OrdersTo = await App.IdOf("judge2"),
                            Reason = "调离",
                        }
                    ),
            Throws.TypeOf<RuleBroken>(),
            "a judge takes no order of the centre"
        );
        var handed = await App.As("sysadmin")
            .Send(
                new HandOver
                {
                    PersonId = clerk,
                    OrdersTo = await App.IdOf("clerk2"),
                    Reason = "调离",
                }
            );
        Assert.That(await SeesAsync("clerk2", order.CaseId), Is.False, "one person alone gives nobody a case");
        await Assert.ThatAsync(() => App.As("sysadmin").Send(new DecideChange { Id = handed.Change!.Value, Confirm = true }), Throws.TypeOf<Forbidden>());
        await App.As("secadmin").Send(new DecideChange { Id = handed.Change!.Value, Confirm = true });
        Assert.That(await SeesAsync("clerk", order.CaseId), Is.False);
        Assert.That(await SeesAsync("clerk2", order.CaseId), Is.True);
        Assert.That(
            await App.As(null).Value<string>("SELECT assignee_name FROM workzone_order WHERE id = @OrderId", new { order.OrderId }),
            Is.EqualTo("孙范例")
        );
        Assert.That(
            await App.Value<string>("SELECT state FROM workzone_order WHERE id = @OrderId", new { order.OrderId }),
            Is.EqualTo("accepted"),
            "the work goes on where it stood"
        );
        await App.As("sysadmin").Send(leave);
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task A_judge_hands_over_cases_and_what_they_asked_for()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var judge = await App.IdOf("judge");
        await Assert.ThatAsync(() => App.As("sysadmin").Send(new HandOver { PersonId = judge, Reason = "退休" }), Throws.TypeOf<RuleBroken>());
        var second = await App.IdOf("judge2");
        var result = await App.As("sysadmin")
            .Send(
                new HandOver
                {
                    PersonId = judge,
                    AskedTo = second,
                    CasesTo = second,
                    Reason = "退休",
                }
            );
        Assert.That((result.Asked, result.Cases), Is.EqualTo((1, 1)));
        Assert.That(await SeesAsync("judge2", order.CaseId), Is.False, "it waits for a second person");
        await App.As("secadmin").Send(new DecideChange { Id = result.Change!.Value, Confirm = true });
        Assert.That(await SeesAsync("judge", order.CaseId), Is.False);
        Assert.That(await SeesAsync("judge2", order.CaseId), Is.True);
        await App.As("judge2")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Escalate,
                    Words = "请抓紧",
                }
            );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new TakeStep
                        {
                            Id = order.OrderId,
                            Step = OrderStep.Escalate,
                            Words = "x",
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task Nobody_recused_from_a_case_gets_it_by_a_handover()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        foreach (var login in new[] { "judge2", "clerk2" })
            await App.As("leader")
                .Send(
                    new Recuse
                    {
                        CaseId = order.CaseId,
                        Login = login,
                        Reason = "当事人的近亲属",
                    }
                );
        var (judge, clerk) = (await App.IdOf("judge"), await App.IdOf("clerk"));
        var (judge2, clerk2) = (await App.IdOf("judge2"), await App.IdOf("clerk2"));
        await Assert.ThatAsync(
            () =>
                App.As("sysadmin")
                    .Send(
                        new HandOver
                        {
                            PersonId = judge,
                            AskedTo = judge2,
                            CasesTo = judge2,
                            Reason = "退休",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("回避")
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new HandOver
                    {
                        PersonId = clerk,
                        OrdersTo = clerk2,
                        Reason = "调离",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("回避")
        );
        Assert.That(await App.As(null).Value<long>("SELECT judge_id FROM workzone_case WHERE id = @CaseId", new { order.CaseId }), Is.EqualTo(judge));
        Assert.That(await SeesAsync("clerk", order.CaseId), Is.True, "nothing has moved");
    }

    private async Task<bool> SeesAsync(string login, long caseId)
    {
        var sees = await App.As(login).In(s => s.GetRequiredService<CaseAccess>().CanReadAsync(caseId));
        // a list agrees with the single answer
        if (await App.In(s => Task.FromResult(s.GetRequiredService<Kernel.Security.Actor>().Can("workzone.cases.read"))))
            Assert.That((await App.Send(new ListCases { Take = 200 })).Rows.Any(r => r.Id == caseId), Is.EqualTo(sees), $"list and case disagree for {login}");
        return sees;
    }
}
