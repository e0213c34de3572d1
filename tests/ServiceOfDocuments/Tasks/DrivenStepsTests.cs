using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Batches;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>Steps of a centre-driven order: what the person gave is kept, and what the centre does of its own comes with them, by whatever way they are
/// taken.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DrivenStepsTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task Words_given_with_a_step_are_in_its_node()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await App.As("clerk")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Accept,
                    Words = "今天下午送",
                }
            );
        Assert.That(await Words(order.OrderId, OrderStep.Accept), Is.EqualTo("今天下午送"));
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo(NoticeState.Ready), "the centre's own part came with it");
    }

    [Test]
    public async Task A_page_that_is_older_than_the_order_changes_nothing()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await Assert.ThatAsync(
            () =>
                App.As("clerk")
                    .Send(
                        new TakeStep
                        {
                            Id = order.OrderId,
                            Step = OrderStep.Accept,
                            Version = 7,
                        }
                    ),
            Throws.TypeOf<Conflict>()
        );
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo(NoticeState.Waiting));
    }

    [Test]
    public async Task The_task_page_sends_the_version_it_showed_and_says_when_another_was_first()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        var page = $"/service/orders/{order.OrderId}";
        var browser = await App.SignedIn("clerk");
        Assert.That(await (await browser.GetAsync(new Uri(page, UriKind.Relative))).Content.ReadAsStringAsync(), Does.Contain("name=\"Version\" value=\"1\""));
        var late = await TestApp.PostForm(browser, page, page + "?handler=Accept", ("Version", "0"));
        Assert.That((int)late.StatusCode, Is.EqualTo(409));
        var taken = await TestApp.PostForm(browser, page, page + "?handler=Accept", ("Version", "1"));
        Assert.That((int)taken.StatusCode, Is.EqualTo(302));
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo(NoticeState.Ready));
    }

    [Test]
    public async Task Feedback_while_a_notice_is_under_way_is_refused_and_the_order_stays()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await Assert.ThatAsync(
            () => App.As("clerk").Send(new TakeStep { Id = order.OrderId, Step = OrderStep.Feedback }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("王某乙").Or.TypeOf<RuleBroken>()
        );
        Assert.That(
            await App.As(null).Value<string>("SELECT state FROM workzone_order WHERE id = @OrderId", new { order.OrderId }),
            Is.EqualTo(OrderState.Accepted)
        );
    }

    [Test]
    public async Task Who_may_not_work_in_the_centre_accepts_nothing()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await Assert.ThatAsync(() => App.As("judge").Send(new TakeStep { Id = order.OrderId, Step = OrderStep.Accept }), Throws.TypeOf<Forbidden>());
        await Assert.ThatAsync(() => App.As("archivist").Send(new TakeStep { Id = order.OrderId, Step = OrderStep.Accept }), Throws.InstanceOf<Exception>());
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo(NoticeState.Waiting));
    }

    [Test]
    public async Task Two_who_send_at_once_are_told_apart_by_the_row()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.As(null)
            .In(async s =>
            {
                var notice = await s.GetRequiredService<Notices>().GetAsync(order.Notice, default);
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                var book = s.GetRequiredService<NoticeBook>();
                var moved = await book.MoveAsync(notice, NoticeStep.Send, default);
                Assert.That((moved.State, moved.Version), Is.EqualTo((NoticeState.Sending, notice.Version + 1)));
                await Assert.ThatAsync(() => book.MoveAsync(notice, NoticeStep.Send, default), Throws.TypeOf<Conflict>());
                await Assert.ThatAsync(() => book.MoveAsync(moved, NoticeStep.Accept, default), Throws.TypeOf<RuleBroken>());
            });
    }

    [Test]
    public void The_table_names_every_state_and_leads_out_of_each_that_is_not_final()
    {
        var all = typeof(NoticeState).GetFields().Select(f => (string)f.GetRawConstantValue()!).ToList();
        Assert.That(NoticeBook.Table.States, Is.EquivalentTo(all));
        Assert.That(all.Where(s => !NoticeState.IsFinal(s) && !NoticeBook.Table.Moves.Any(m => m.From.Contains(s) && m.To is not null && m.To != s)), Is.Empty);
        Assert.That(
            NoticeBook.Table.Moves.Where(m => m.From.Contains(NoticeState.Served) && m.To is not null).Select(m => m.To),
            Is.EqualTo(new[] { NoticeState.Contested }),
            "what is served stays served, or is contested"
        );
    }

    private async Task<string?> Words(long orderId, string step) =>
        await App.As(null).Value<string>("SELECT words FROM workzone_node WHERE order_id = @orderId AND step = @step", new { orderId, step });
}
