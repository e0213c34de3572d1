using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Notices;

/// <summary>Who is told of what, once; the bell, the digest.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class NoticeTests(Engine engine) : AppTests(engine)
{
    private Task<OrderCard> Step(ServedOrder order, string actor, string step, string words = "", long? person = null, DateTimeOffset? wake = null) =>
        App.As(actor)
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = step,
                    Words = words,
                    PersonId = person,
                    WakeAt = wake,
                }
            );

    private async Task<IReadOnlyList<string>> Kinds(string person) => [.. (await App.As(person).Send(new ListNotices())).Notices.Select(n => n.Kind)];

    [Test]
    public async Task The_steps_of_an_order_tell_whom_they_concern_and_not_who_took_them()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await Step(order, "lead", OrderStep.Assign, person: await App.IdOf("clerk"));
        await Step(order, "clerk", OrderStep.Accept);
        await Step(order, "clerk", OrderStep.Transfer, "请假", await App.IdOf("clerk2"));
        await Step(order, "judge", OrderStep.Comment, "@孙范例 请尽快");
        foreach (var nobody in new[] { "@无此人", "@孙范例 @郑范文", "@judge2" })
            await Assert.ThatAsync(
                () => Step(order, "judge", OrderStep.Comment, nobody),
                Throws.TypeOf<RuleBroken>().With.Message.Contains("看不到本工单"),
                nobody
            );
        await Step(order, "judge", OrderStep.Escalate, "开庭在即");
        await Step(order, "clerk2", OrderStep.Return, "缺地址");
        Assert.That(await Kinds("clerk"), Is.EqualTo(new[] { "assigned" }));
        Assert.That(await Kinds("clerk2"), Is.EqualTo(new[] { "escalated", "mention", "assigned" }), "newest first");
        Assert.That(await Kinds("judge"), Is.EqualTo(new[] { "returned" }));
        Assert.That(await Kinds("judge-yanji"), Is.Empty, "a mention reaches nobody who may not know of the order");
        Assert.That(await Kinds("lead"), Is.Empty);
    }

    [Test]
    public async Task A_step_that_is_undone_tells_nobody()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await Assert.ThatAsync(async () => await Step(order, "lead", OrderStep.Assign, person: await App.IdOf("judge")), Throws.TypeOf<RuleBroken>());
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_notice"), Is.Zero);
    }

    [Test]
    public async Task A_coming_target_is_told_once()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var due = await App.As(null).Value<DateTimeOffset>("SELECT due_at FROM workzone_order WHERE id = @OrderId", new { order.OrderId });
        App.At(due.AddHours(-3));
        await App.RunJob<WarnBeforeDue>();
        Assert.That(await Kinds("clerk"), Is.Empty);
        App.At(due.AddHours(-1.5));
        await App.RunJob<WarnBeforeDue>();
        await App.RunJob<WarnBeforeDue>();
        Assert.That(await Kinds("clerk"), Is.EqualTo(new[] { "due-soon" }));
    }

    [Test]
    public async Task The_bell_counts_the_page_lists_and_reading_empties_it()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await Step(order, "lead", OrderStep.Assign, person: await App.IdOf("clerk"));
        var browser = await App.SignedIn("clerk");
        Assert.That(await browser.GetStringAsync(new Uri("/shell/counts", UriKind.Relative)), Does.Contain("id=\"count-bell\" hx-swap-oob=\"true\">1<"));
        Assert.That(
            await browser.GetStringAsync(new Uri("/notices", UriKind.Relative)),
            Does.Contain("周示例 把工单派给了您").And.Contain($"/orders/{order.OrderId}")
        );
        var id = (await App.As("clerk").Send(new ListNotices())).Notices.Single().Id;
        await App.As("clerk2").Send(new ReadNotices { Id = id });
        Assert.That((await App.As("clerk").Send(new ListNotices { UnreadOnly = true })).Unread, Is.EqualTo(1), "nobody reads another's notices");
        var opened = await TestApp.PostForm(browser, "/notices", "/notices?handler=open", ("id", $"{id}"), ("to", $"/orders/{order.OrderId}"));
        Assert.That(opened.Headers.Location?.ToString(), Is.EqualTo($"/orders/{order.OrderId}"));
        Assert.That((await App.As("clerk").Send(new ListNotices())).Unread, Is.Zero);
    }

    [TestCase("off", 8, 20, 8, "2026-03-02 10:15", null)]
    [TestCase("hourly", 8, 20, 8, "2026-03-02 10:15", "2026-03-02 11:00")]
    [TestCase("hourly", 8, 20, 8, "2026-03-02 19:30", "2026-03-03 08:00")]
    [TestCase("hourly", 8, 12, 14, "2026-03-02 11:30", "2026-03-02 14:00")]
    [TestCase("daily", 8, 20, 8, "2026-03-02 07:59", "2026-03-02 08:00")]
    [TestCase("daily", 8, 20, 8, "2026-03-02 08:00", "2026-03-03 08:00")]
    [TestCase("daily", 22, 20, 8, "2026-03-02 10:00", "2026-03-03 08:00")]
    [TestCase("hourly", 8, 0, 0, "2026-03-02 23:10", "2026-03-03 00:00")]
    public void A_digest_goes_out_when_the_pace_asks_and_the_quiet_hours_allow(string pace, int hour, int from, int to, string now, string? next)
    {
        static DateTimeOffset At(string text) =>
            new DateTimeOffset(DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(8)).ToUniversalTime();
        Assert.That(DigestTimes.Next(pace, hour, from, to, At(now)), Is.EqualTo(next is null ? (DateTimeOffset?)null : At(next)));
    }

    [Test]
    public async Task A_digest_tells_numbers_and_a_link_once_and_nothing_of_the_case()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await App.As("clerk")
            .Send(
                new Pages.Notices.Settings.Command
                {
                    Pace = "hourly",
                    Email = "clerk@court.example",
                    QuietFrom = 0,
                    QuietTo = 0,
                }
            );
        await Step(order, "lead", OrderStep.Assign, person: await App.IdOf("clerk"));
        App.Advance(TimeSpan.FromHours(1));
        await App.RunJob<SendDigests>();
        await App.RunJob<SendDigests>();
        await App.DrainAsync();
        var mail = App.Smtp.Mails.Single();
        Assert.That(mail.To, Does.Contain("clerk@court.example"));
        Assert.That(mail.Text, Does.Contain("1 条未读通知").And.Contain("http://court.test/notices").And.Not.Contain("王某").And.Not.Contain("民初"));
        App.Advance(TimeSpan.FromHours(1));
        await App.RunJob<SendDigests>();
        await App.DrainAsync();
        Assert.That(App.Smtp.Mails, Has.Count.EqualTo(1), "nothing new, nothing sent");
        Assert.That(await App.As(null).Value<string>("SELECT email_enc FROM workzone_digest"), Does.Not.Contain("court.example"), "addresses are sealed");
    }

    [Test]
    public async Task A_digest_needs_an_address()
    {
        await Assert.ThatAsync(() => App.As("clerk").Send(new Pages.Notices.Settings.Command { Pace = "daily" }), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(
            () => App.As("clerk").Send(new Pages.Notices.Settings.Command { Pace = "daily", Email = "no-address" }),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
    }
}
