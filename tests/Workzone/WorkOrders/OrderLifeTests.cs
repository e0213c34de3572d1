using CourtOps.Kernel.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Rounds, children, marks, mentions, what is missing.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class OrderLifeTests(Engine engine) : AppTests(engine)
{
    private int opened;

    protected override void Prepare(TestAppOptions options) => OrderCrew.Declare(options);

    [Test]
    public async Task A_closed_order_is_reopened_once_as_the_next_round()
    {
        var first = await Closed();
        var second = await Step(first, "judge", OrderStep.Reopen, "又有新地址");
        Assert.That(
            (second.Round, second.ReopensId, second.State, second.Title, second.AskedBy),
            Is.EqualTo((2, (long?)first.Id, "queued", first.Title, first.AskedBy))
        );
        var old = await App.As("judge").Send(new ShowOrder { Id = first.Id });
        Assert.That((old.Order.State, old.Nodes[^1].Step, old.Later!.Number), Is.EqualTo(("closed", "reopen", second.Number)));
        Assert.That(old.Allowed.Select(a => a.Step), Does.Not.Contain("reopen"));
        Assert.That((await App.Send(new ShowOrder { Id = second.Id })).Before!.Id, Is.EqualTo(first.Id));
        await Assert.ThatAsync(() => Step(first, "judge", OrderStep.Reopen, "再来"), Throws.TypeOf<RuleBroken>().With.Message.Contains(second.Number));
        await Step(second, "judge", OrderStep.Cancel, "不用了");
        Assert.That((await Step(second, "judge", OrderStep.Reopen, "还是要")).Round, Is.EqualTo(3));
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [TestCase("clerk")]
    [TestCase("lead")]
    public async Task Only_the_asker_reopens_and_rates(string person)
    {
        var order = await Closed();
        await Assert.ThatAsync(() => Step(order, person, OrderStep.Reopen, "x"), Throws.TypeOf<Forbidden>());
        await Assert.ThatAsync(() => Step(order, person, OrderStep.Rate, mark: 5), Throws.TypeOf<Forbidden>());
    }

    [Test]
    public async Task A_centre_driven_order_is_asked_for_anew_at_its_centre()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Cancel,
                    Words = "撤诉",
                }
            );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new TakeStep
                        {
                            Id = order.OrderId,
                            Step = OrderStep.Reopen,
                            Words = "x",
                        }
                    ),
            Throws.TypeOf<Conflict>()
        );
        Assert.That((await App.As("judge").Send(new ShowOrder { Id = order.OrderId })).Allowed.Select(a => a.Step), Does.Not.Contain("reopen"));
    }

    [Test]
    public async Task A_mark_is_given_once_after_the_end()
    {
        var order = await Closed();
        foreach (var wrong in new int?[] { null, 0, 6 })
            await Assert.ThatAsync(() => Step(order, "judge", OrderStep.Rate, mark: wrong), Throws.TypeOf<RuleBroken>());
        await Step(order, "judge", OrderStep.Rate, "很快", mark: 4);
        var shown = await App.As("judge").Send(new ShowOrder { Id = order.Id });
        Assert.That((shown.Order.Mark, shown.Nodes[^1].Words, shown.Nodes[^1].Step), Is.EqualTo(((int?)4, "很快", "rate")));
        await Assert.ThatAsync(() => Step(order, "judge", OrderStep.Rate, mark: 1), Throws.TypeOf<RuleBroken>().With.Message.Contains("已经评价"));
        var browser = await App.SignedIn("judge");
        Assert.That(await browser.GetStringAsync(new Uri($"/orders/{order.Id}", UriKind.Relative)), Does.Contain("满意度 4 分"));
    }

    [Test]
    public async Task A_parent_waits_for_its_children_and_is_told_of_each()
    {
        var parent = await Open();
        await Step(parent, "clerk", OrderStep.Accept);
        var (first, second) = (await Open(parent), await Open(parent));
        await Assert.ThatAsync(() => Step(parent, "clerk", OrderStep.Feedback), Throws.TypeOf<RuleBroken>().With.Message.Contains("2 张子单"));
        await Finish(first, "clerk2");
        await Step(second, "judge", OrderStep.Cancel, "不用了");
        Assert.That((await Step(parent, "clerk", OrderStep.Feedback)).State, Is.EqualTo("feedback"));
        await Assert.ThatAsync(() => Open(first), Throws.TypeOf<RuleBroken>(), "an ended order gets no child");
        await Step(parent, "judge", OrderStep.Close);
        var nodes = (await App.As("judge").Send(new ShowOrder { Id = parent.Id })).Nodes;
        Assert.That(
            string.Join(' ', nodes.Where(n => n.Step == "fact").Select(n => System.Text.RegularExpressions.Regex.Match(n.Args, "child-\\w+").Value)),
            Is.EqualTo("child-opened child-opened child-closed child-cancelled")
        );
        Assert.That(
            await App.As(null)
                .Value<int>("SELECT COUNT(*) FROM workzone_notice WHERE kind = 'child-ended' AND person_id = @clerk", new { clerk = await App.IdOf("clerk") }),
            Is.EqualTo(2)
        );
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task A_parent_with_eighty_children_waits_for_the_last()
    {
        var parent = await Open();
        await Step(parent, "clerk", OrderStep.Accept);
        var children = new List<OrderCard>();
        for (var i = 0; i < 80; i++)
            children.Add(await Open(parent));
        foreach (var child in children)
        {
            await Assert.ThatAsync(() => Step(parent, "clerk", OrderStep.Feedback), Throws.TypeOf<RuleBroken>());
            await Step(child, "judge", OrderStep.Cancel, "不用了");
        }
        Assert.That((await Step(parent, "clerk", OrderStep.Feedback)).State, Is.EqualTo("feedback"));
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [TestCase("@钱演示 请看", "clerk")]
    [TestCase("@钱演示请看", "clerk")]
    [TestCase("请@clerk2 看", "clerk2")]
    [TestCase("请@clerk2看一下", "clerk2")]
    [TestCase("邮箱 a@clerk2.example 已核对 @lead", "lead")]
    public async Task A_mention_by_name_or_login_is_a_notice(string words, string person)
    {
        await Step(await Open(), "judge", OrderStep.Comment, words);
        Assert.That(
            await App.As(null).Rows<long>("SELECT person_id FROM workzone_notice WHERE kind = 'mention'"),
            Is.EqualTo(new[] { await App.IdOf(person) })
        );
    }

    [Test]
    public async Task A_return_says_what_is_missing_until_it_is_there()
    {
        var order = await Open();
        await Step(order, "clerk", OrderStep.Accept);
        await Assert.ThatAsync(() => Step(order, "clerk", OrderStep.Return, " "), Throws.TypeOf<RuleBroken>());
        await Step(order, "clerk", OrderStep.Return, "被告身份证号\n起诉状第二页");
        var browser = await App.SignedIn("judge");
        Assert.That(
            await browser.GetStringAsync(new Uri($"/orders/{order.Id}", UriKind.Relative)),
            Does.Contain("请补正").And.Contain("<li>被告身份证号</li>").And.Contain("<li>起诉状第二页</li>")
        );
        await Step(order, "judge", OrderStep.Resubmit, "已补");
        Assert.That(await browser.GetStringAsync(new Uri($"/orders/{order.Id}", UriKind.Relative)), Does.Not.Contain("请补正"));
    }

    [TestCase("judge")]
    [TestCase("clerk")]
    public async Task The_three_lists_are_read_by_whoever_sees_orders(string person)
    {
        var page = await (await App.SignedIn(person)).GetStringAsync(new Uri("/orders/duties", UriKind.Relative));
        Assert.That(page, Does.Contain("法官清单").And.Contain("送达文书").And.Contain("回证已入卷"));
    }

    [Test]
    public async Task The_api_tells_times_and_takes_marks()
    {
        var order = await Closed();
        var key = await App.WithKey("judge");
        using var body = new StringContent("{\"mark\":5}", System.Text.Encoding.UTF8, "application/json");
        var rated = await key.PostAsync(new Uri($"/api/v1/work-orders/{order.Id}:rate", UriKind.Relative), body);
        Assert.That((int)rated.StatusCode, Is.EqualTo(200), await rated.Content.ReadAsStringAsync());
        Assert.That(
            await key.GetStringAsync(new Uri($"/api/v1/work-orders/{order.Id}", UriKind.Relative)),
            Does.Contain("\"mark\":5").And.Contain("\"waitingMinutes\":30").And.Contain("\"inTarget\":true")
        );
    }

    private long caseId;

    private async Task<OrderCard> Open(OrderCard? parent = null)
    {
        if (caseId == 0)
            caseId = await App.Case(1, SampleParty.Provided);
        return await App.As("judge")
            .In(async s =>
            {
                var db = s.GetRequiredService<Kernel.Data.Db>();
                await db.BeginAsync();
                var order = await s.GetRequiredService<IWorkOrders>()
                    .OpenAsync(
                        new NewOrder
                        {
                            Type = OrderCrew.Plain,
                            CaseId = caseId,
                            Title = "调取材料",
                            Subject = "x",
                            CauseSubject = $"{++opened}",
                            ParentId = parent?.Id,
                        }
                    );
                await db.CommitAsync();
                return order;
            });
    }

    private async Task<OrderCard> Finish(OrderCard order, string clerk)
    {
        App.Advance(TimeSpan.FromMinutes(30));
        await Step(order, clerk, OrderStep.Accept);
        await Step(order, clerk, OrderStep.Feedback);
        return await Step(order, "judge", OrderStep.Close);
    }

    private async Task<OrderCard> Closed() => await Finish(await Open(), "clerk");

    private async Task<OrderCard> Step(OrderCard order, string person, string step, string words = "", int? mark = null) =>
        await App.As(person)
            .Send(
                new TakeStep
                {
                    Id = order.Id,
                    Step = step,
                    Words = words,
                    Mark = mark,
                }
            );
}
