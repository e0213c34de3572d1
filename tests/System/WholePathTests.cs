using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourtOps.Law;

namespace CourtOps.SystemTests;

/// <summary>The product's main job through its doors alone: API for the court, the party page for the party, SMTP in between.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WholePathTests(Engine engine) : AppTests(engine)
{
    private const string Cases = """
        [{"caseNumber":"（2026）吉2424民初1234号","court":"吉2424","cause":"民间借贷纠纷","filedOn":"2026-02-10","procedure":"MC-ORD","amount":"120000.50","judge":"judge","allottedOn":"2026-02-11","parties":[
          {"name":"张某甲","role":"原告","idNumber":"990101198001010019","phone":"13800000001"},
          {"name":"王某乙","role":"被告","idNumber":"990101198001012340","email":"wang@party.example","eService":"提供","agents":[{"name":"孟律师（化名）","type":"律师","phone":"13900000001"}]}]}]
        """;

    [Test]
    public async Task A_case_comes_in_and_a_document_is_served_proved_and_filed()
    {
        var smtp = App.Smtp;
        var registrar = await App.WithKey("registrar");
        var judge = await App.WithKey("judge");
        var lead = await App.WithKey("lead");
        var clerk = await App.WithKey("clerk");

        // the list comes in, and the case is under control at once
        using var list = new StringContent(Cases, Encoding.UTF8, "application/json");
        var outcome = await Json(await registrar.PostAsync(new Uri("/api/v1/cases:import", UriKind.Relative), list), HttpStatusCode.OK);
        Assert.That((string?)outcome[0]!["outcome"], Is.EqualTo("created"), outcome.ToJsonString());
        var found = await Json(await judge.GetAsync(new Uri("/api/v1/cases?number=民初1234", UriKind.Relative)), HttpStatusCode.OK);
        var caseId = (string)found["items"]![0]!["id"]!;
        var card = await Json(await judge.GetAsync(new Uri("/api/v1/cases/" + caseId, UriKind.Relative)), HttpStatusCode.OK);
        var limit = new TrialClock { Procedure = "MC-ORD", Filed = new DateOnly(2026, 2, 10) }.Compute(CourtCalendar.Default);
        Assert.That((string?)card["clock"]!["end"], Is.EqualTo(Iso(limit.End)));
        var defendant = card["parties"]!.AsArray().Single(p => (string?)p!["name"] == "王某乙")!;
        Assert.That((string?)defendant["idNumber"], Is.EqualTo("990101********2340"), "the whole number is not shown");

        // the judge asks
        using var upload = new MultipartFormDataContent();
        using var file = new ByteArrayContent(SamplePdf.Of(3, "complaint"));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        using var kind = new StringContent("complaint");
        using var title = new StringContent("起诉状副本");
        upload.Add(file, "file", "起诉状.pdf");
        upload.Add(kind, "kind");
        upload.Add(title, "title");
        var document = await Json(await judge.PostAsync(new Uri($"/api/v1/cases/{caseId}/documents", UriKind.Relative), upload), HttpStatusCode.Created);
        Assert.That((int?)document["pages"], Is.EqualTo(3));
        var asked = await Json(
            await judge.PostAsJsonAsync(
                "/api/v1/service-requests",
                new
                {
                    caseId,
                    documentIds = new[] { (string)document["id"]! },
                    partyIds = new[] { (string)defendant["id"]! },
                    note = "请尽快",
                }
            ),
            HttpStatusCode.Created
        );
        var orderId = (string)asked["orderId"]!;
        var taskId = (string)asked["taskIds"]![0]!;

        // the centre takes it on and sends
        var clerkId = $"{await App.IdOf("clerk")}";
        await Json(await lead.PostAsJsonAsync($"/api/v1/work-orders/{orderId}:assign", new { personId = clerkId }), HttpStatusCode.OK);
        var accepted = await Json(await clerk.PostAsJsonAsync($"/api/v1/work-orders/{orderId}:accept", new { }), HttpStatusCode.OK);
        Assert.That((string?)accepted["state"], Is.EqualTo("accepted"));
        App.Advance(TimeSpan.FromMinutes(20));
        var sent = await Json(await clerk.PostAsJsonAsync($"/api/v1/service-tasks/{taskId}:send", new { }), HttpStatusCode.OK);
        Assert.That((string?)sent["state"], Is.EqualTo("sending"));
        Assert.That(smtp.Mails, Is.Empty, "nothing leaves inside the command");
        await App.DrainAsync();
        var mail = smtp.Mails.Single();
        Assert.That(mail.To, Is.EqualTo("wang@party.example"));
        Assert.That(mail.Text, Does.Contain("（2026）吉2424民初1234号").And.Not.Contain("民间借贷"), "the mail carries the link and nothing of the matter");

        // the party, on a phone
        App.Advance(TimeSpan.FromHours(30));
        var page = "/p/" + mail.Token;
        var phone = await App.Http();
        var front = await phone.GetAsync(new Uri(page, UriKind.Relative));
        Assert.That(front.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            await front.Content.ReadAsStringAsync(),
            Does.Contain("王*乙").And.Not.Contain("王某乙").And.Not.Contain("起诉状副本"),
            "before identification nothing is told"
        );
        var early = await phone.GetAsync(new Uri(page + "/d/1", UriKind.Relative));
        Assert.That(early.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), "no document before identification");
        var wrong = await TestApp.PostForm(phone, page, page, ("Tail", "0000"));
        Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        var known = await TestApp.PostForm(phone, page, page, ("Tail", "2340"));
        Assert.That(known.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await known.Content.ReadAsStringAsync());
        var paper = await phone.GetAsync(new Uri(page + "/d/1", UriKind.Relative));
        Assert.That(paper.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/pdf"));
        Assert.That(await paper.Content.ReadAsByteArrayAsync(), Is.EqualTo(SamplePdf.Of(3, "complaint")));
        App.Advance(TimeSpan.FromMinutes(5));
        var confirmed = await TestApp.PostForm(phone, page, page + "?handler=Confirm");
        Assert.That(confirmed.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        await App.DrainAsync();

        // effect on the day of arrival, not of reading or confirming; by the law library
        var effect = ServiceRules.Judge(
            new ServiceFacts
            {
                Method = ServiceMethod.Electronic,
                ElectronicAddress = ElectronicAddress.Provided,
                Arrived = new DateTime(2026, 3, 2, 9, 20, 0),
                Read = new DateTime(2026, 3, 3, 15, 20, 0),
                Replied = new DateTime(2026, 3, 3, 15, 25, 0),
                Document = ServedDocument.Complaint,
                Procedure = "MC-ORD",
            },
            CourtCalendar.Default
        );
        var task = (await Json(await judge.GetAsync(new Uri("/api/v1/service-tasks?orderId=" + orderId, UriKind.Relative)), HttpStatusCode.OK))[0]!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)task["state"], Is.EqualTo("served"));
            Assert.That((string?)task["effectiveOn"], Is.EqualTo("2026-03-02").And.EqualTo(Iso(effect.EffectiveOn)));
            Assert.That((string?)task["defenceEnds"], Is.EqualTo(Iso(effect.DefenceEnds)));
            Assert.That((string?)task["proofDocumentId"], Is.Not.Null);
            Assert.That(task["readAt"], Is.Not.Null);
            Assert.That(task["confirmedAt"], Is.Not.Null);
        });

        // the proof says so, and both lie in the e-file
        Assert.That(App.Printer.Html.Single(), Does.Contain("送达回证").And.Contain("王某乙").And.Contain("2026年3月2日").And.Contain("起诉状副本"));
        var efile = await Json(await judge.GetAsync(new Uri($"/api/v1/cases/{caseId}/efile", UriKind.Relative)), HttpStatusCode.OK);
        Assert.That(efile["volumes"]![0]!["items"]!.AsArray().Select(i => (string?)i!["heading"]), Is.EqualTo(new[] { "起诉状", "送达回证" }));

        // the order is done and shows how
        var order = await Json(await judge.GetAsync(new Uri("/api/v1/work-orders/" + orderId, UriKind.Relative)), HttpStatusCode.OK);
        Assert.That((string?)order["state"], Is.EqualTo("closed"));
        Assert.That((bool?)order["verified"], Is.True);
        Assert.That(
            order["nodes"]!.AsArray().Select(n => (string?)n!["step"]).Where(s => s != "fact"),
            Is.EqualTo(new[] { "open", "assign", "accept", "feedback", "close" })
        );
        Assert.That(
            order["nodes"]!.AsArray().Select(n => (string?)n!["args"]!["fact"]).Where(f => f is not null),
            Is.SupersetOf(new[] { "released", "mail-accepted", "opened", "read", "confirmed", "served", "proof" })
        );
        Assert.That(await App.Verify(), Is.Empty);
        Assert.That(smtp.Mails, Has.Count.EqualTo(1));
    }

    private static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<JsonNode> Json(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(expected), $"{answer.RequestMessage?.RequestUri}\n{text}");
        return JsonNode.Parse(text)!;
    }
}
