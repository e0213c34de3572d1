using CourtOps.Kernel.Messaging;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;

namespace CourtOps.ServiceOfDocuments.Effects;

/// <summary>An address that the party provided or confirmed after the case came in: arrival is effect (C-02, C-04).</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ContactEffectTests(Engine engine) : AppTests(engine)
{
    [TestCase("provided")]
    [TestCase("confirmed")]
    public async Task An_obtained_address_that_is_confirmed_before_the_sending_takes_effect_on_arrival(string consent)
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        await App.As("clerk")
            .Send(
                new SaveContact
                {
                    PartyId = order.Parties[0],
                    Version = 1,
                    Email = "own@party.example",
                    Consent = consent,
                    Source = "送达地址确认书",
                    On = new DateOnly(2026, 3, 2),
                }
            );
        var shown = (await App.As("clerk").Send(new ShowTasks { OrderId = order.OrderId })).Notices.Single().Notice;
        Assert.That((shown.AddressKind, shown.EmailHint), Is.EqualTo(("provided", "ow***@party.example")), "the clerk sees before the sending where it goes");
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn, notice.ReadAt), Is.EqualTo(("served", (DateOnly?)new DateOnly(2026, 3, 2), (DateTimeOffset?)null)));
        Assert.That(App.Smtp.Mails.Single().To, Is.EqualTo("own@party.example"));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task An_address_the_court_found_still_waits_for_the_reading()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.As("clerk")
            .Send(
                new SaveContact
                {
                    PartyId = order.Parties[0],
                    Version = 1,
                    Email = "found@party.example",
                    Consent = "obtained",
                }
            );
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sent"), "arrival alone has no effect");
    }

    [Test]
    public async Task A_missing_id_number_is_mended_on_the_form_and_the_same_order_goes_on()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided with { IdNumber = "" }]);
        await Assert.ThatAsync(
            () => App.SendNotice(order.Notice),
            Throws
                .TypeOf<RuleBroken>()
                .With.Property(nameof(RuleBroken.WayOut))
                .EqualTo($"/parties/{order.Parties[0]}/address?back=/service/orders/{order.OrderId}")
        );
        await App.As("clerk")
            .Send(
                new SaveContact
                {
                    PartyId = order.Parties[0],
                    Version = 1,
                    IdNumber = "990101198001010014",
                }
            );
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        Assert.That((await App.Identify(order.Notice, "0014")).End, Is.EqualTo(Party.IdentifyEnd.Done));
    }

    [Test]
    public async Task What_has_left_is_not_changed_by_the_form()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        await App.As("clerk")
            .Send(
                new SaveContact
                {
                    PartyId = order.Parties[0],
                    Version = 1,
                    Consent = "confirmed",
                    Source = "谈话笔录",
                    On = new DateOnly(2026, 3, 2),
                }
            );
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sent"));
        Assert.That((await App.As("clerk").Send(new ShowTasks { OrderId = order.OrderId })).Notices.Single().Notice.AddressKind, Is.EqualTo("obtained"));
    }

    [Test]
    public async Task The_task_page_leads_to_the_form_and_the_form_leads_back()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        var clerk = await App.SignedIn("clerk");
        var form = $"/parties/{order.Parties[0]}/address?back=/service/orders/{order.OrderId}";
        Assert.That(
            await (await clerk.GetAsync(new Uri($"/service/orders/{order.OrderId}", UriKind.Relative))).Content.ReadAsStringAsync(),
            Does.Contain(form)
        );
        var saved = await TestApp.PostForm(
            clerk,
            form,
            form,
            ("Data.Version", "1"),
            ("Data.Consent", "provided"),
            ("Data.Source", "电话记录"),
            ("Data.On", "2026-03-02")
        );
        Assert.That(saved.Headers.Location?.ToString(), Is.EqualTo($"/service/orders/{order.OrderId}"));
    }
}
