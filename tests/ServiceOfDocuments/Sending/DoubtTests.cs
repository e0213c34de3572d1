using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.ServiceOfDocuments.Sending;

/// <summary>A mail of which nobody knows whether it left: listed, never sent again by itself, decided by a person or by the party.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DoubtTests(Engine engine) : AppTests(engine)
{
    [Test]
    public void The_limits_as_shipped_end_before_any_lease_does()
    {
        var limits = App.Services.GetServices<Kernel.Mail.MailLimits>().First();
        Assert.That(limits, Is.EqualTo(Kernel.Mail.MailLimits.Usual));
        Assert.That(limits.Connect + limits.Talk + limits.Answer, Is.LessThan(TimeSpan.FromMinutes(2)));
        Assert.That(limits.Answer, Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task A_line_that_drops_after_the_message_is_a_doubt_and_is_never_sent_again_by_itself()
    {
        var order = await Doubted();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn), Is.EqualTo(("doubt", (DateOnly?)null)));
        Assert.That((await App.Verify()).Select(f => f.Severity), Is.EqualTo(new[] { "doubt" }), "every doubt is listed");
        App.Smtp.DiesAfterData = false;
        App.Advance(TimeSpan.FromDays(1));
        await App.DrainAsync();
        Assert.That(App.Smtp.Connections, Is.EqualTo(1));
        await Assert.ThatAsync(() => App.SendNotice(order.Notice), Throws.TypeOf<Conflict>());
    }

    [Test]
    public async Task A_doubt_decided_as_sent_takes_effect_at_the_time_of_the_servers_log()
    {
        var order = await Doubted();
        App.Advance(TimeSpan.FromDays(1));
        await App.As("clerk")
            .Send(
                new DecideDoubt
                {
                    NoticeId = order.Notice,
                    Went = true,
                    At = TestClock.Monday.AddSeconds(1),
                    Words = "mail.log: 250 taken",
                }
            );
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn), Is.EqualTo(("served", new DateOnly(2026, 3, 2))));
        Assert.That(await App.Published<DocumentServed>(), Has.Count.EqualTo(1));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_doubt_decided_as_not_sent_may_be_sent_again_once()
    {
        var order = await Doubted();
        await App.As("clerk")
            .Send(
                new DecideDoubt
                {
                    NoticeId = order.Notice,
                    Went = false,
                    Words = "mail.log: nothing",
                }
            );
        App.Smtp.DiesAfterData = false;
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("served"));
        Assert.That(App.Smtp.Mails, Has.Count.EqualTo(1));
        Assert.That(await App.Published<DocumentServed>(), Has.Count.EqualTo(1));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_log_has_whole_seconds_and_the_release_has_not()
    {
        App.Advance(TimeSpan.FromMilliseconds(700));
        var order = await Doubted();
        App.Advance(TimeSpan.FromDays(1));
        // released at .700, taken at .900, written down as .000
        await App.As("clerk")
            .Send(
                new DecideDoubt
                {
                    NoticeId = order.Notice,
                    Went = true,
                    At = TestClock.Monday,
                    Words = "mail.log: 250 taken",
                }
            );
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).EffectiveOn, Is.EqualTo(new DateOnly(2026, 3, 2)));
    }

    [Test]
    public async Task The_page_decides_a_doubt_and_keeps_what_was_typed_when_it_cannot()
    {
        var order = await Doubted();
        App.Advance(TimeSpan.FromHours(1));
        var clerk = await App.SignedIn("clerk");
        var page = $"/service/orders/{order.OrderId}";
        var future = await TestApp.PostForm(
            clerk,
            page,
            page + "?handler=Decide",
            ("notice", $"{order.Notice}"),
            ("went", "true"),
            ("Words", "第 17 行"),
            ("At", "2030-01-01T00:00:00")
        );
        Assert.That((int)future.StatusCode, Is.EqualTo(422));
        Assert.That(
            await future.Content.ReadAsStringAsync(),
            Does.Contain("第 17 行").And.Contain("2030-01-01T00:00:00").And.Contain("请填写邮件服务器收下的时间")
        );
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("doubt"));
        var taken = Kernel.Web.Times.Local(TestClock.Monday.AddSeconds(1)).ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        var done = await TestApp.PostForm(
            clerk,
            page,
            page + "?handler=Decide",
            ("notice", $"{order.Notice}"),
            ("went", "true"),
            ("Words", "mail.log: 250 taken"),
            ("At", taken)
        );
        Assert.That((int)done.StatusCode, Is.EqualTo(302));
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That(
            (notice.State, notice.SentAt),
            Is.EqualTo(("served", (DateTimeOffset?)TestClock.Monday.AddSeconds(1))),
            "the time on the page is the court's"
        );
    }

    [Test]
    public async Task The_page_decides_that_a_mail_did_not_go()
    {
        var order = await Doubted();
        var clerk = await App.SignedIn("clerk");
        var page = $"/service/orders/{order.OrderId}";
        Assert.That(
            (int)
                (
                    await TestApp.PostForm(
                        clerk,
                        page,
                        page + "?handler=Decide",
                        ("notice", $"{order.Notice}"),
                        ("went", "false"),
                        ("Words", "mail.log: nothing")
                    )
                ).StatusCode,
            Is.EqualTo(302)
        );
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("ready"));
    }

    [TestCase("", -1)]
    [TestCase("log", 60)]
    [TestCase("log", -3600)]
    public async Task A_decision_needs_a_reason_and_a_possible_time(string words, int seconds)
    {
        var order = await Doubted();
        await Assert.ThatAsync(
            () =>
                App.As("clerk")
                    .Send(
                        new DecideDoubt
                        {
                            NoticeId = order.Notice,
                            Went = true,
                            At = TestClock.Monday.AddSeconds(seconds),
                            Words = words,
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
    }

    [Test]
    public async Task A_doubt_settled_by_the_party_itself_is_no_doubt_any_more()
    {
        var order = await Doubted();
        App.Advance(TimeSpan.FromHours(1));
        await App.Identify(order.Notice);
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn), Is.EqualTo(("served", new DateOnly(2026, 3, 2))), "who opened the link has the mail");
        Assert.That(await App.Verify(), Is.Empty, "nothing is left to decide");
    }

    [Test]
    public async Task A_doubt_of_a_cancelled_order_is_no_doubt_any_more()
    {
        var order = await Doubted();
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
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_claimed_mail_whose_lease_runs_out_is_a_doubt()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.SendNotice(order.Notice);
        // the process was killed between claiming and recording
        await App.Change(
            "UPDATE kernel_work SET state = 'claimed', attempts = 1, lease_until = @until WHERE queue = 'service.mail'",
            new { until = TestClock.Monday.AddMinutes(3) }
        );
        App.Advance(TimeSpan.FromMinutes(2));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sending"), "it may be at work still");
        App.Advance(TimeSpan.FromMinutes(2));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("doubt"));
        Assert.That(App.Smtp.Mails, Is.Empty, "it is not sent a second time");
    }

    [Test]
    public async Task A_doubt_that_could_not_be_recorded_comes_to_its_order_within_a_minute()
    {
        var order = await Doubted();
        // as when the database refused what the handler wrote: the work is in doubt, the notice does not know
        await App.As(null).Change("UPDATE service_notice SET state = 'sending', reason = NULL, reason_said = NULL");
        Assert.That((await App.Verify("service")).Select(f => f.What), Has.Some.Contains("is in doubt, and its notice is not"));
        await App.RunJob<Jobs.RaiseDoubts>();
        await App.RunJob<Jobs.RaiseDoubts>();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That(
            (notice.State, notice.Reason),
            Is.EqualTo(("doubt", await App.Value<string>("SELECT reason FROM kernel_work WHERE queue = 'service.mail'")))
        );
        Assert.That(
            await App.Value<int>("SELECT COUNT(*) FROM service_event WHERE kind = 'doubt'"),
            Is.EqualTo(2),
            "the one that was lost with its notice, and this"
        );
        Assert.That(await App.Verify("service"), Is.Empty);
        await App.As("clerk")
            .Send(
                new DecideDoubt
                {
                    NoticeId = order.Notice,
                    Went = false,
                    Words = "mail.log: nothing",
                }
            );
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("ready"));
    }

    [Test]
    public async Task A_mail_interrupted_after_its_order_was_cancelled_does_not_stop_the_pump()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.SendNotice(order.Notice);
        await App.Change(
            "UPDATE kernel_work SET state = 'claimed', attempts = 1, lease_until = @until WHERE queue = 'service.mail'",
            new { until = TestClock.Monday.AddMinutes(3) }
        );
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Cancel,
                    Words = "撤诉",
                }
            );
        App.Advance(TimeSpan.FromMinutes(5));
        // the pump comes before the relay
        await App.Services.GetRequiredService<WorkPump>().RunOneAsync(default);
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("cancelled"));
        Assert.That(await App.Verify(), Is.Empty);
    }

    private async Task<ServedOrder> Doubted()
    {
        App.Smtp.DiesAfterData = true;
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        return order;
    }
}
