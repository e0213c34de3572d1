using CourtOps.Contracts;
using CourtOps.ServiceOfDocuments.Jobs;
using CourtOps.ServiceOfDocuments.Sending;

namespace CourtOps.ServiceOfDocuments.Effects;

/// <summary>When service takes effect (C-02, C-04). The mail is taken on Monday 2026-03-02.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class EffectTests(Engine engine) : AppTests(engine)
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    [Test]
    public async Task A_provided_address_is_served_on_arrival_without_being_read()
    {
        var order = await SentTo(SampleParty.Provided);
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn), Is.EqualTo(("served", Monday)));
        Assert.That(notice.ProofDocumentId, Is.Not.Null);
        Assert.That(await State(order), Is.EqualTo("closed"));
    }

    [Test]
    public async Task Confirmation_never_moves_an_earlier_effect()
    {
        var order = await SentTo(SampleParty.Provided);
        App.Advance(TimeSpan.FromDays(2));
        await App.Identify(order.Notice);
        await App.Read(order.Notice);
        await App.Confirm(order.Notice);
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That(notice.EffectiveOn, Is.EqualTo(Monday));
        Assert.That(notice.ConfirmedAt, Is.EqualTo(TestClock.Monday.AddDays(2)));
        Assert.That(await App.Published<DocumentServed>(), Has.Count.EqualTo(1));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task An_obtained_address_is_served_on_reading_and_presumed()
    {
        var order = await SentTo(SampleParty.Obtained);
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sent"), "arrival alone is no service");
        App.Advance(TimeSpan.FromDays(1));
        await App.Identify(order.Notice);
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).EffectiveOn, Is.Null, "opening the page is not reading");
        await App.Read(order.Notice);
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn, notice.Presumed), Is.EqualTo(("served", Monday.AddDays(1), true)));
    }

    [Test]
    public async Task An_obtained_address_is_served_on_confirmation_and_not_presumed()
    {
        var order = await SentTo(SampleParty.Obtained);
        App.Advance(TimeSpan.FromDays(1));
        await App.Identify(order.Notice);
        await App.Confirm(order.Notice);
        App.Advance(TimeSpan.FromDays(1));
        await App.Read(order.Notice);
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn, notice.Presumed), Is.EqualTo(("served", Monday.AddDays(1), false)));
    }

    [Test]
    public async Task Of_several_documents_at_an_obtained_address_each_has_its_own_day()
    {
        var order = await SentTo(SampleParty.Obtained, [("起诉状副本", "complaint"), ("传票", "summons")]);
        await App.Identify(order.Notice);
        await App.Read(order.Notice, 1);
        App.Advance(TimeSpan.FromDays(1));
        await App.Read(order.Notice, 2);
        await App.DrainAsync();
        Assert.That((await App.Published<DocumentServed>()).Select(s => s.EffectiveOn), Is.EqualTo(new[] { Monday, Monday.AddDays(1) }));
        Assert.That((await NoticeRow.Of(App, order.Notice)).EffectiveOn, Is.EqualTo(Monday.AddDays(1)), "the notice is served when its last document is");
    }

    [Test]
    public async Task Without_an_address_the_link_is_handed_over_and_reading_serves()
    {
        var order = await SentTo(SampleParty.Linked);
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("linked"));
        App.Advance(TimeSpan.FromHours(1));
        await App.Identify(order.Notice);
        await App.Read(order.Notice);
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("served"));
        Assert.That(App.Smtp.Mails, Is.Empty);
    }

    [Test]
    public async Task A_bounce_before_any_effect_means_not_served()
    {
        var order = await SentTo(SampleParty.Obtained);
        App.Advance(TimeSpan.FromHours(2));
        await App.As("clerk").Send(new RecordBounce { NoticeId = order.Notice, Reason = "550 mailbox gone" });
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn), Is.EqualTo(("failed", (DateOnly?)null)));
        Assert.That(await App.Published<DocumentServed>(), Is.Empty);
        Assert.That(await State(order), Is.EqualTo("accepted"), "the plan goes on");
    }

    [Test]
    public async Task A_bounce_after_the_person_has_read_is_kept_and_moves_nothing()
    {
        var order = await SentTo(SampleParty.Provided);
        await App.Identify(order.Notice);
        await App.Read(order.Notice);
        await App.DrainAsync();
        App.Advance(TimeSpan.FromHours(2));
        await App.As("clerk").Send(new RecordBounce { NoticeId = order.Notice, Reason = "550 mailbox gone" });
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn, notice.BouncedAt), Is.EqualTo(("served", Monday, TestClock.Monday.AddHours(2))));
        Assert.That(await App.Published<DocumentServed>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Unread_for_three_days_at_an_obtained_address_goes_on_by_another_method()
    {
        var order = await SentTo(SampleParty.Obtained);
        App.Advance(TimeSpan.FromDays(3));
        await App.RunJob<GiveUpUnread>();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sent"), "the third day is not over");
        App.Advance(TimeSpan.FromSeconds(1));
        await App.RunJob<GiveUpUnread>();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("unread"));
        Assert.That(await State(order), Is.EqualTo("accepted"), "the plan goes on");
        var answer = await (await App.Http()).GetAsync(new Uri("/p/" + await App.Token(order.Notice), UriKind.Relative));
        Assert.That((int)answer.StatusCode, Is.EqualTo(404), "the link is withdrawn");
    }

    [Test]
    public async Task A_read_that_is_heard_late_still_takes_its_own_time()
    {
        var order = await SentTo(SampleParty.Obtained);
        await App.Identify(order.Notice);
        await App.Read(order.Notice);
        App.Advance(TimeSpan.FromDays(2)); // the relay stood still
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).EffectiveOn, Is.EqualTo(Monday));
    }

    [Test]
    public async Task Reading_in_time_that_is_heard_after_the_third_day_is_service_all_the_same()
    {
        var order = await SentTo(SampleParty.Obtained);
        App.Advance(TimeSpan.FromDays(2));
        await App.Identify(order.Notice);
        await App.Read(order.Notice);
        App.Advance(TimeSpan.FromDays(2)); // the relay stood still, the job did not
        await App.RunJob<GiveUpUnread>();
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn), Is.EqualTo(("served", Monday.AddDays(2))));
    }

    [Test]
    public async Task The_day_is_that_of_the_court_not_of_greenwich()
    {
        App.At(TestClock.Shanghai(2026, 3, 3, 0, 30)); // still 2 March in Greenwich
        var order = await SentTo(SampleParty.Provided);
        Assert.That((await NoticeRow.Of(App, order.Notice)).EffectiveOn, Is.EqualTo(new DateOnly(2026, 3, 3)));
    }

    private async Task<ServedOrder> SentTo(SampleParty party, IReadOnlyList<(string, string)>? documents = null)
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [party], documents);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        return order;
    }

    private async Task<string?> State(ServedOrder order) =>
        await App.As(null).Value<string>("SELECT state FROM workzone_order WHERE id = @OrderId", new { order.OrderId });
}
