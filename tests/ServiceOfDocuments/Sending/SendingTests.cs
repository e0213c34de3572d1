using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Jobs;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.ServiceOfDocuments.Sending;

/// <summary>One mail, whatever the mail server does; what is not sure is said to be so.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SendingTests(Engine engine) : AppTests(engine)
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(2);

    protected override void Prepare(TestAppOptions options) =>
        options.Services.Add(s => s.AddSingleton(new Kernel.Mail.MailLimits(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), Answer)));

    [Test]
    public async Task A_second_send_changes_nothing()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided]);
        Assert.That((await App.As("clerk").Send(new SendNotice { TaskId = order.Tasks[0] })).Already, Is.False);
        Assert.That((await App.As("clerk").Send(new SendNotice { TaskId = order.Tasks[0] })).Already, Is.True);
        await App.DrainAsync();
        Assert.That((await App.As("clerk").Send(new SendNotice { TaskId = order.Tasks[0] })).State, Is.EqualTo("served"));
        await App.DrainAsync();
        Assert.That(App.Smtp.Mails, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_korean_reader_gets_a_korean_mail_with_the_link()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided with { Language = "ko" }]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        var mail = App.Smtp.Mails.Single();
        Assert.That(mail.Text, Does.Contain("소송문서 송달 통지"));
        Assert.That(mail.Token, Is.EqualTo(await App.Token(order.Notice)));
    }

    [Test]
    public async Task A_server_that_is_down_is_tried_again_until_it_is_up()
    {
        App.Set("CourtOps:Smtp:Host", "127.0.0.1");
        App.Set("CourtOps:Smtp:Port", "1");
        var order = await Sent();
        var waiting = await App.As(null).Value<string>("SELECT reason FROM kernel_work WHERE queue = 'service.mail' AND state = 'ready'");
        Assert.That(waiting, Does.Contain("127.0.0.1"));
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sending"));
        _ = App.Smtp;
        App.Advance(TimeSpan.FromMinutes(10));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("served"));
        Assert.That((await NoticeRow.Of(App, order.Notice)).SentAt, Is.EqualTo(TestClock.Monday.AddMinutes(10)), "arrival is when the server took it");
        Assert.That(App.Smtp.Mails, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_busy_server_is_tried_again()
    {
        App.Smtp.Busy = true;
        var order = await Sent();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sending"));
        App.Smtp.Busy = false;
        App.Advance(TimeSpan.FromMinutes(10));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("served"));
    }

    [Test]
    public async Task A_slow_server_is_waited_for()
    {
        App.Smtp.Slow = TimeSpan.FromMilliseconds(300);
        var order = await Sent();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("served"));
        Assert.That(App.Smtp.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task Without_a_server_configured_the_work_waits_and_says_so()
    {
        var order = await Sent();
        var shown = await App.As("clerk").Send(new ShowTasks { OrderId = order.OrderId });
        Assert.That(shown.Notices.Single().Waiting, Does.Contain("CourtOps:Smtp:Host"));
    }

    [TestCase(null, "CourtOps:Smtp:Host")]
    [TestCase("1", "127.0.0.1:1")]
    public async Task A_thousand_turns_without_a_server_make_nobody_unserved(string? port, string missing)
    {
        if (port is not null)
        {
            App.Set("CourtOps:Smtp:Host", "127.0.0.1");
            App.Set("CourtOps:Smtp:Port", port);
        }
        var order = await Sent();
        await Turns("service.mail", TimeSpan.FromMinutes(2));
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.BouncedAt), Is.EqualTo(("sending", (DateTimeOffset?)null)));
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM service_public_notice WHERE withdrawn_at IS NOT NULL"),
            Is.Zero,
            "the link is not withdrawn"
        );
        Assert.That((await App.As("clerk").Send(new ShowTasks { OrderId = order.OrderId })).Notices.Single().Waiting, Does.Contain(missing));
        Assert.That(await App.Verify(), Is.Empty);
        _ = App.Smtp;
        App.Advance(TimeSpan.FromMinutes(2));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("served"));
        Assert.That(App.Smtp.Mails, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_thousand_turns_without_a_printer_leave_the_proof_to_be_made()
    {
        _ = App.Smtp;
        App.Printer.Missing = new Kernel.Printing.PrinterMissing("chromium", "chromium");
        var order = await Sent();
        await Turns("service.proof", TimeSpan.FromMinutes(1));
        Assert.That(await App.Verify(), Is.Empty);
        App.Printer.Missing = null;
        App.Advance(TimeSpan.FromMinutes(2));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).ProofDocumentId, Is.Not.Null);
    }

    [Test]
    public async Task A_server_whose_packets_are_dropped_has_taken_nothing()
    {
        // a listener whose queue is full drops the packets of the next caller, as a firewall does
        using var full = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.InterNetwork,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Tcp
        );
        full.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        full.Listen(0);
        var port = ((System.Net.IPEndPoint)full.LocalEndPoint!).Port;
        var callers = Enumerable.Range(0, 4).Select(_ => new System.Net.Sockets.TcpClient()).ToList();
        var calls = callers.Select(c => c.ConnectAsync(System.Net.IPAddress.Loopback, port)).ToList();
        await Task.WhenAny(calls);
        App.Set("CourtOps:Smtp:Host", "127.0.0.1");
        App.Set("CourtOps:Smtp:Port", $"{port}");
        var order = await Sent();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sending"), "no doubt: it is sent again by itself");
        callers.ForEach(c => c.Dispose());
        await Assert.ThatAsync(() => Task.WhenAll(calls), Throws.InstanceOf<Exception>(), "one of the callers never came through: the packets were dropped");
    }

    [TestCase("mute")]
    [TestCase("dies")]
    [TestCase("sender")]
    public async Task A_server_that_fails_or_does_not_want_us_before_the_message_says_nothing_about_the_recipient(string fault)
    {
        (App.Smtp.Mute, App.Smtp.DiesBeforeData, App.Smtp.RefusesSender) = (fault == "mute", fault == "dies", fault == "sender");
        var order = await Sent();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.BouncedAt), Is.EqualTo(("sending", (DateTimeOffset?)null)));
        Assert.That(await App.Verify(), Is.Empty);
        Assert.That(
            (await App.As("clerk").Send(new ShowTasks { OrderId = order.OrderId })).Notices.Single().Waiting,
            Does.Contain(fault == "sender" ? "5.7.60" : "没有答复")
        );
        (App.Smtp.Mute, App.Smtp.DiesBeforeData, App.Smtp.RefusesSender) = (false, false, false);
        App.Advance(TimeSpan.FromMinutes(3));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("served"));
        Assert.That(App.Smtp.Mails, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_refused_message_fails_as_a_refused_recipient_does()
    {
        App.Smtp.RefusesMessage = true;
        var order = await Sent();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.Reason), Is.EqualTo(("failed", "邮件服务器拒收：554 refused by policy")));
    }

    [Test]
    public async Task A_server_that_does_not_answer_the_message_in_time_is_a_doubt()
    {
        App.Smtp.Slow = Answer * 3;
        var order = await Sent();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.SentAt), Is.EqualTo(("doubt", (DateTimeOffset?)null)));
        Assert.That(notice.Reason, Does.Contain("没有答复"));
        App.Advance(TimeSpan.FromHours(1));
        await App.DrainAsync();
        Assert.That(App.Smtp.Connections, Is.EqualTo(1), "it is not sent again by itself");
    }

    [Test]
    public async Task A_refused_recipient_fails_without_touching_the_others()
    {
        App.Smtp.Refused["wang@party.example"] = true;
        var order = await App.Asked(1, [SampleParty.Provided, SampleParty.Provided with { Name = "李某丁", Email = "li@party.example" }]);
        foreach (var notice in order.Notices)
            await App.SendNotice(notice);
        await App.DrainAsync();
        var refused = await NoticeRow.Of(App, order.Notices[0]);
        Assert.That((refused.State, refused.EffectiveOn), Is.EqualTo(("failed", (DateOnly?)null)));
        Assert.That(refused.Reason, Does.Contain("550"));
        Assert.That((await NoticeRow.Of(App, order.Notices[1])).State, Is.EqualTo("served"));
        await App.RunJob<Jobs.FinishOrders>();
        Assert.That(
            await App.As(null).Value<string>("SELECT state FROM workzone_order WHERE id = @OrderId", new { order.OrderId }),
            Is.EqualTo("accepted"),
            "the plan goes on"
        );
        Assert.That(await App.Verify(), Is.Empty, "a refusal is an answer, not a fault");
    }

    [Test]
    public async Task The_page_records_a_mail_that_came_back()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        var clerk = await App.SignedIn("clerk");
        var page = $"/service/orders/{order.OrderId}";
        Assert.That(
            (int)(await TestApp.PostForm(clerk, page, page + "?handler=Bounce", ("notice", $"{order.Notice}"), ("Words", " "))).StatusCode,
            Is.EqualTo(422)
        );
        Assert.That(
            (int)(await TestApp.PostForm(clerk, page, page + "?handler=Bounce", ("notice", $"{order.Notice}"), ("Words", "550 user unknown"))).StatusCode,
            Is.EqualTo(302)
        );
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.Reason, notice.BouncedAt), Is.EqualTo(("failed", "550 user unknown", (DateTimeOffset?)TestClock.Monday)));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM service_public_notice WHERE withdrawn_at IS NOT NULL"), Is.EqualTo(1));
    }

    [Test]
    public async Task Without_a_printer_the_proof_waits_and_says_what_is_missing()
    {
        _ = App.Smtp;
        App.Printer.Missing = new Kernel.Printing.PrinterMissing("chromium", "chromium");
        var order = await Sent();
        var shown = await App.As("clerk").Send(new ShowTasks { OrderId = order.OrderId });
        Assert.That(shown.Notices.Single().Waiting, Does.Contain("chromium"));
        Assert.That(shown.Notices.Single().Notice.State, Is.EqualTo("served"), "the effect does not wait for its proof");
        await Assert.ThatAsync(() => App.As("clerk").Send(new TakeStep { Id = order.OrderId, Step = OrderStep.Feedback }), Throws.TypeOf<RuleBroken>());
        App.Printer.Missing = null;
        App.Advance(TimeSpan.FromMinutes(2));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).ProofDocumentId, Is.Not.Null);
    }

    [Test]
    public async Task Only_who_has_the_order_in_hand_sends()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await Assert.ThatAsync(() => App.SendNotice(order.Notice, "clerk2"), Throws.TypeOf<Forbidden>());
        await Assert.ThatAsync(() => App.SendNotice(order.Notice, "judge"), Throws.TypeOf<Forbidden>());
        await Assert.ThatAsync(() => App.SendNotice(order.Notice, "clerk-yanji"), Throws.TypeOf<NotFound>(), "another court knows of nothing");
    }

    [Test]
    public async Task Before_it_is_accepted_nothing_is_sent()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await Assert.ThatAsync(() => App.SendNotice(order.Notice), Throws.TypeOf<Conflict>());
    }

    [Test]
    public async Task A_party_that_could_not_be_identified_is_not_sent_to()
    {
        var order = await App.Asked(1, [SampleParty.Provided with { IdNumber = "" }]);
        await Assert.ThatAsync(() => App.SendNotice(order.Notice), Throws.TypeOf<RuleBroken>());
    }

    private async Task Turns(string queue, TimeSpan pause)
    {
        var pump = App.Services.GetRequiredService<WorkPump>();
        for (var i = 0; i < 1000; i++)
        {
            App.Advance(pause);
            Assert.That(await pump.RunOneAsync(default), Is.True, $"turn {i}");
        }
        Assert.That(await App.As(null).Value<string>("SELECT state FROM kernel_work WHERE queue = @queue", new { queue }), Is.EqualTo("ready"));
    }

    private async Task<ServedOrder> Sent()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        return order;
    }
}
