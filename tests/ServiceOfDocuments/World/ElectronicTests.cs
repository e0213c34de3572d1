using System.Text;
using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Electronic;
using CourtOps.ServiceOfDocuments.Party;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.World;

/// <summary>Short messages with their reports, bounces from mailbox and webhook, what a party writes.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ElectronicTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_prompt_goes_to_the_phone_signed_and_its_report_is_kept_once()
    {
        _ = App.Smtp;
        await using var gateway = new SmsGateway(App);
        App.Set("CourtOps:Party:SecondCode", "none");
        gateway.Status = 503;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        gateway.Status = 200;
        App.Advance(TimeSpan.FromMinutes(5));
        await App.DrainAsync();
        Assert.That(gateway.Asked.Select(a => a.IdempotencyKey).Distinct().Count(), Is.EqualTo(1));
        Assert.That(gateway.Asked[^1].Body, Does.Contain("\"template\":\"notice\"").And.Contain("/p/").And.Not.Contain("起诉状"));
        Assert.That((await NoticeRow.Of(App, order.Notice)).EffectiveOn, Is.Null, "a prompt is no service");
        var id = await App.As(null).Value<long>("SELECT id FROM service_sms");
        Assert.That(await Hook("sms", $"{{\"id\":\"{id}\",\"status\":\"delivered\"}}"), Is.EqualTo(200));
        Assert.That(await Hook("sms", $"{{\"id\":\"{id}\",\"status\":\"failed\"}}"), Is.EqualTo(200), "the first report stands");
        Assert.That(await App.As(null).Value<string>("SELECT state FROM service_sms"), Is.EqualTo("delivered"));
        Assert.That(await App.Verify("secrets"), Is.Empty);
    }

    [TestCase("{\"id\":\"999\",\"status\":\"delivered\"}", true, 200)]
    [TestCase("{\"id\":null,\"status\":[]}", true, 400)]
    [TestCase("[1,2]", true, 400)]
    [TestCase("null", true, 400)]
    [TestCase("{{{", true, 400)]
    [TestCase("", true, 400)]
    [TestCase("{\"id\":\"1\",\"status\":\"delivered\"}", false, 401)]
    public async Task Nonsense_and_the_unsigned_are_turned_away(string body, bool withKey, int status)
    {
        App.Set("CourtOps:Sms:Key", "gateway-key");
        Assert.That(await Hook("sms", body, withKey ? "gateway-key" : "another"), Is.EqualTo(status));
    }

    [Test]
    public async Task An_old_signature_is_none()
    {
        App.Set("CourtOps:Sms:Key", "gateway-key");
        Assert.That(await Hook("sms", "{\"id\":\"1\",\"status\":\"failed\"}", at: App.Clock.GetUtcNow().AddMinutes(-11)), Is.EqualTo(401));
    }

    [Test]
    public async Task A_bounce_in_the_mailbox_is_taken_once_and_moved_away()
    {
        var folder = Directory.CreateTempSubdirectory("bounces-").FullName;
        App.Set("CourtOps:Bounces:Folder", folder);
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        var sent = System.Text.RegularExpressions.Regex.Match(App.Smtp.Mails.Single().Raw, @"Message-I[dD]: <([^>]+)>").Groups[1].Value;
        await File.WriteAllTextAsync(Path.Combine(folder, "1.eml"), Dsn(sent, "failed", "5.1.1"));
        await File.WriteAllTextAsync(Path.Combine(folder, "2.eml"), Dsn("12345678901.1@other.example", "failed", "5.1.1"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "3.eml"), [0, 1, 2, 255, 254]);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "4.eml"),
            "Subject: out of office\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <" + sent + ">\r\n\r\n5.0.0 I am away\r\n"
        );
        for (var i = 0; i < 2; i++)
        {
            App.Advance(TimeSpan.FromMinutes(2));
            await App.RunJob<LookForBounces>();
            await App.DrainAsync();
        }
        Assert.That(Directory.GetFiles(folder), Is.Empty);
        Assert.That(Directory.GetFiles(Path.Combine(folder, "done")), Has.Length.EqualTo(4));
        Assert.That(
            await App.As(null).Rows<string>("SELECT kind FROM service_bounce ORDER BY kind"),
            Is.EqualTo(new[] { "failed", "failed", "other", "other" })
        );
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo(NoticeState.Contested), "arrival and bounce contradict each other");
        Directory.Delete(folder, true);
    }

    [Test]
    public async Task A_delay_is_no_bounce_and_a_webhook_is()
    {
        App.Set("CourtOps:Sms:Key", "gateway-key");
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        var body = $"{{\"messageId\":\"<{order.Notice}.1@court.example>\",\"status\":\"{{0}}\",\"reason\":\"user unknown\"}}";
        await Hook("bounce", body.Replace("{0}", "4.2.2", StringComparison.Ordinal));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sent"));
        await Hook("bounce", body.Replace("{0}", "5.1.1", StringComparison.Ordinal));
        await Hook("bounce", body.Replace("{0}", "5.1.1", StringComparison.Ordinal));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("failed"));
        Assert.That(await App.Verify("service"), Is.Empty);
    }

    [Test]
    public async Task A_party_writes_a_clerk_answers_and_the_page_stays_small()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained with { Language = "ko" }], [.. Enumerable.Range(1, 12).Select(i => ($"证据副本{i}", "evidence"))]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        var token = await App.Token(order.Notice);
        var phone = await App.Http();
        await TestApp.PostForm(phone, "/p/" + token, "/p/" + token, ("Tail", PartyActs.Tail));
        await TestApp.PostForm(phone, "/p/" + token, $"/p/{token}?handler=Ask", ("Text", "문서를 종이로 받을 수 있습니까? <b>"));
        await App.DrainAsync();
        Assert.That(await App.As(null).Rows<string>("SELECT kind FROM service_alarm"), Is.EqualTo(new[] { "reply" }));
        await App.As("clerk").Send(new AnswerParty { NoticeId = order.Notice, Text = "可以，明日寄出。" });
        var page = await phone.GetStringAsync(new Uri("/p/" + token, UriKind.Relative));
        Assert.That(page, Does.Contain("可以，明日寄出").And.Contain("&lt;b&gt;").And.Not.Contain("<b> </p>"));
        Assert.That(Encoding.UTF8.GetByteCount(page), Is.LessThan(60 * 1024));
        var empty = await TestApp.PostForm(phone, "/p/" + token, $"/p/{token}?handler=Ask", ("Text", "  "));
        Assert.That((int)empty.StatusCode, Is.EqualTo(422));
        var clerk = await App.SignedIn("clerk");
        Assert.That(await clerk.GetStringAsync(new Uri($"/service/orders/{order.OrderId}", UriKind.Relative)), Does.Contain("종이로"));
    }

    private async Task<int> Hook(string what, string body, string key = "gateway-key", DateTimeOffset? at = null)
    {
        var client = await App.Http();
        var stamp = $"{(at ?? App.Clock.GetUtcNow()).ToUnixTimeSeconds()}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/service/{what}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Timestamp", stamp);
        request.Headers.Add("X-Signature", MessageSignature.Of(key, stamp, body));
        return (int)(await client.SendAsync(request)).StatusCode;
    }

    private static string Dsn(string id, string action, string status) =>
        string.Join(
            "\r\n",
            "From: MAILER-DAEMON@relay.example",
            "To: service@court.localhost",
            "Subject: Undelivered Mail",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"",
            "",
            "--B",
            "Content-Type: text/plain",
            "",
            "It could not be delivered.",
            "",
            "--B",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; relay.example",
            "",
            "Final-Recipient: rfc822; wang@party.example",
            $"Action: {action}",
            $"Status: {status}",
            "Diagnostic-Code: smtp; 550 5.1.1 user unknown",
            "",
            "--B",
            "Content-Type: text/rfc822-headers",
            "",
            $"Message-Id: <{id}>",
            "Subject: x",
            "",
            "--B--",
            ""
        );
}
