using System.Net;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>What a stranger with a link can and cannot do.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class PartyPageTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task Guessed_expired_and_withdrawn_links_say_the_same()
    {
        var order = await Released();
        var second = await App.Asked(2, [SampleParty.Obtained]);
        await App.SendNotice(second.Notice);
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = second.OrderId,
                    Step = OrderStep.Cancel,
                    Words = "撤诉",
                }
            );
        await App.DrainAsync();
        var phone = await App.Http();
        var guessed = await Page(phone, new string('a', 32));
        var odd = await Page(phone, "not-a-token");
        var withdrawn = await Page(phone, await App.Token(second.Notice));
        Assert.That((await phone.GetAsync(Address(await App.Token(order.Notice)))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        App.Advance(TimeSpan.FromDays(91));
        var expired = await Page(phone, await App.Token(order.Notice));
        Assert.That(new[] { odd, withdrawn, expired }, Has.All.EqualTo(guessed));
        Assert.That(guessed, Does.Not.Contain("吉2424"));
    }

    [Test]
    public async Task Five_wrong_codes_lock_the_link_for_half_an_hour()
    {
        var order = await Released();
        for (var left = 4; left >= 1; left--)
            Assert.That(await App.Identify(order.Notice, "0000"), Is.EqualTo(new Identify.Result(IdentifyEnd.Wrong, 0, null, left)));
        Assert.That((await App.Identify(order.Notice, "0000")).End, Is.EqualTo(IdentifyEnd.Locked));
        Assert.That((await App.Identify(order.Notice)).End, Is.EqualTo(IdentifyEnd.Locked), "the right code does not open a locked link");
        App.Advance(TimeSpan.FromMinutes(31));
        Assert.That((await App.Identify(order.Notice)).End, Is.EqualTo(IdentifyEnd.Done));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).OpenedAt, Is.EqualTo(TestClock.Monday.AddMinutes(31)), "wrong tries do not open");
    }

    [TestCase("001x")]
    [TestCase(" 001X ")]
    [TestCase("００１Ｘ")]
    public async Task The_code_is_taken_as_people_type_it(string typed)
    {
        var order = await Released();
        Assert.That((await App.Identify(order.Notice, typed)).End, Is.EqualTo(IdentifyEnd.Done));
    }

    [Test]
    public async Task Many_guesses_from_one_address_are_turned_away()
    {
        var phone = await App.Http();
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 40; i++)
            last = (await phone.GetAsync(Address($"{i:x32}"))).StatusCode;
        Assert.That(last, Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task The_identification_of_one_link_opens_no_other()
    {
        var first = await Released();
        var second = await App.Asked(2, [SampleParty.Obtained]);
        await App.SendNotice(second.Notice);
        var (mine, other) = (await App.Token(first.Notice), await App.Token(second.Notice));
        var phone = await App.Http();
        await TestApp.PostForm(phone, "/p/" + mine, "/p/" + mine, ("Tail", PartyActs.Tail));
        Assert.That((await phone.GetAsync(new Uri($"/p/{mine}/d/1", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await phone.GetAsync(new Uri($"/p/{other}/d/1", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await phone.GetAsync(new Uri($"/p/{mine}/d/2", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_confirmation_without_identification_is_none()
    {
        var order = await Released();
        var token = await App.Token(order.Notice);
        var phone = await App.Http();
        await TestApp.PostForm(phone, "/p/" + token, $"/p/{token}?handler=Confirm");
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).ConfirmedAt, Is.Null);
    }

    [Test]
    public async Task A_party_that_says_it_is_somebody_else_is_shown_to_the_clerk()
    {
        var order = await Released();
        await App.Identify(order.Notice);
        await App.Confirm(order.Notice, notMe: true);
        await App.DrainAsync();
        var shown = await App.As("clerk").Send(new Tasks.ShowTasks { OrderId = order.OrderId });
        Assert.That(shown.Notices.Single().Notice.DisputedAt, Is.EqualTo(TestClock.Monday));
        Assert.That(shown.Notices.Single().Events.Select(e => e.Kind), Does.Contain("disputed"));
    }

    [Test]
    public async Task A_withdrawn_link_gives_no_document_to_who_has_identified_before()
    {
        var order = await Released();
        var token = await App.Token(order.Notice);
        var phone = await App.Http();
        await TestApp.PostForm(phone, "/p/" + token, "/p/" + token, ("Tail", PartyActs.Tail));
        await App.As("clerk").Send(new RecordBounce { NoticeId = order.Notice, Reason = "wrong address" });
        Assert.That((await phone.GetAsync(new Uri($"/p/{token}/d/1", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_second_code_by_mail_is_asked_for_when_the_court_wants_it()
    {
        App.Set("CourtOps:Party:SecondCode", "mail");
        var order = await Released();
        var token = await App.Token(order.Notice);
        Assert.That((await App.Identify(order.Notice)).End, Is.EqualTo(IdentifyEnd.NotATail), "the number alone is not enough");
        await App.As(null).Send(new SendCode { Token = token });
        await App.DrainAsync();
        var code = System.Text.RegularExpressions.Regex.Match(App.Smtp.Mails[^1].Text, @"\b\d{6}\b").Value;
        Assert.That(
            (
                await App.As(null)
                    .Send(
                        new Identify
                        {
                            Token = token,
                            Tail = PartyActs.Tail,
                            Code = code,
                        }
                    )
            ).End,
            Is.EqualTo(IdentifyEnd.Done)
        );
        Assert.That(
            (
                await App.As(null)
                    .Send(
                        new Identify
                        {
                            Token = token,
                            Tail = PartyActs.Tail,
                            Code = code,
                        }
                    )
            ).End,
            Is.EqualTo(IdentifyEnd.Wrong),
            "a code serves once"
        );
    }

    [Test]
    public async Task A_code_that_the_mail_server_refuses_is_no_fault_of_the_system()
    {
        App.Set("CourtOps:Party:SecondCode", "mail");
        var order = await Released();
        App.Smtp.Refused["piao@party.example"] = true;
        await App.As(null).Send(new SendCode { Token = await App.Token(order.Notice) });
        await App.DrainAsync();
        Assert.That(
            await App.As(null).Rows<string>("SELECT CONCAT(state, ' ', reason) FROM kernel_work WHERE queue = 'service.code'"),
            Has.One.StartsWith("done ").And.One.Contains("550")
        );
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_second_code_by_sms_goes_to_the_telephone_of_a_party_without_mail()
    {
        await using var gateway = new SmsGateway(App);
        var order = await App.Asked(1, [SampleParty.Linked]);
        await App.SendNotice(order.Notice);
        var token = await App.Token(order.Notice);
        Assert.That((await App.Identify(order.Notice)).End, Is.EqualTo(IdentifyEnd.NotATail), "the number alone is not enough");
        gateway.Status = 503;
        await App.As(null).Send(new SendCode { Token = token });
        await App.DrainAsync();
        gateway.Status = 200;
        App.Advance(TimeSpan.FromSeconds(5));
        await App.DrainAsync();
        var codes = gateway.Asked.Where(a => !a.Body.Contains("template", StringComparison.Ordinal)).ToList();
        Assert.That(codes, Has.Count.EqualTo(2), "it is asked again after a fault");
        Assert.That(gateway.Asked.Select(a => a.ApiKey), Has.All.EqualTo("gateway-key"));
        Assert.That(codes.Select(a => a.IdempotencyKey).Distinct().Single(), Is.Not.Empty, "under the same key, so that the gateway sends once");
        var body = System.Text.Json.Nodes.JsonNode.Parse(codes[1].Body)!.AsObject();
        Assert.That(body.Select(p => p.Key), Is.EqualTo(new[] { "to", "text" }));
        Assert.That((string?)body["to"], Is.EqualTo(SampleParty.Linked.Phone));
        var code = System.Text.RegularExpressions.Regex.Match((string)body["text"]!, @"\d{6}").Value;
        Assert.That(
            (
                await App.As(null)
                    .Send(
                        new Identify
                        {
                            Token = token,
                            Tail = PartyActs.Tail,
                            Code = code,
                        }
                    )
            ).End,
            Is.EqualTo(IdentifyEnd.Done)
        );
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_party_without_a_telephone_is_identified_by_the_number_alone_and_without_both_not_at_all()
    {
        await using var gateway = new SmsGateway(App);
        var order = await App.Asked(1, [SampleParty.Linked with { Phone = "" }]);
        await App.SendNotice(order.Notice);
        Assert.That((await App.Identify(order.Notice)).End, Is.EqualTo(IdentifyEnd.Done));
        var neither = await App.Asked(2, [SampleParty.Linked with { Phone = "", IdNumber = "" }]);
        await Assert.ThatAsync(() => App.SendNotice(neither.Notice), Throws.TypeOf<Kernel.Messaging.RuleBroken>().With.Message.Contains("电话"));
        var telephone = await App.Asked(3, [SampleParty.Linked with { IdNumber = "" }]);
        await App.SendNotice(telephone.Notice);
        Assert.That((await App.Identify(telephone.Notice)).End, Is.EqualTo(IdentifyEnd.NotATail), "without a number the code is all there is");
    }

    [Test]
    public async Task The_telephone_of_a_notice_lies_encrypted()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        var stored = await App.As(null).Value<string>("SELECT phone_enc FROM service_notice WHERE id = @Notice", new { order.Notice });
        Assert.That(stored, Is.Not.Null.And.Not.Contain(SampleParty.Linked.Phone));
        Assert.That(await App.Verify("secrets"), Is.Empty);
    }

    private static Uri Address(string token) => new("/p/" + token, UriKind.Relative);

    // what the page says, without what is made anew for each visit
    private static async Task<string> Page(HttpClient phone, string token)
    {
        var answer = await phone.GetAsync(Address(token));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), token);
        var text = await answer.Content.ReadAsStringAsync();
        return System.Text.RegularExpressions.Regex.Replace(text, "(value|content)=\"[^\"]{60,}\"", "").Replace(token, "", StringComparison.Ordinal);
    }

    private async Task<ServedOrder> Released()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        return order;
    }
}
