using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Security;
using CourtOps.Triage.Fees;
using CourtOps.Triage.Online;

namespace CourtOps.Triage;

/// <summary>The fee is paid at a platform, which tells the court by a signed return: twice, short, too much, an unknown code, another's hand.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class PayOnlineTests(Engine engine) : AppTests(engine)
{
    private const string Key = "platform-key-of-this-test";

    // what the platform does when a person has paid there: it knows code and amount from the address, and signs what it tells
    private async Task<(HttpStatusCode Status, string Outcome)> Return(
        string code,
        string amount,
        string reference,
        string? court = null,
        string key = Key,
        TimeSpan late = default
    )
    {
        var body = JsonSerializer.Serialize(
            new Dictionary<string, object?>
            {
                ["code"] = code,
                ["amount"] = decimal.Parse(amount, CultureInfo.InvariantCulture),
                ["reference"] = reference,
                ["court"] = court,
            }
        );
        var stamp = App.Clock.GetUtcNow().Subtract(late).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/triage/payments")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Timestamp", stamp);
        request.Headers.Add("X-Signature", MessageSignature.Of(key, stamp, body));
        using var answer = await (await App.Http()).SendAsync(request);
        var said = await answer.Content.ReadAsStringAsync();
        return (
            answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType != "application/json" ? "" : JsonDocument.Parse(said).RootElement.GetProperty("outcome").GetString()!
        );
    }

    private async Task<Bill> BillAsync()
    {
        App.Set("CourtOps:Pay:Key", Key);
        var filing = (await App.Registered(TriageSamples.Loan("王某乙"))).Filing;
        return (await App.As("registrar").Send(new ListBills())).Rows.Single(b => b.FilingId == filing);
    }

    private async Task<Bill> NowAsync(Bill bill) => (await App.As("registrar").Send(new ShowBill { Id = bill.Id })).Bill;

    [Test]
    public async Task A_return_counts_once_and_short_later_and_too_much_are_kept_to_the_cent()
    {
        var bill = await BillAsync();
        Assert.That(await Return(bill.Code, "100.01", "p1"), Is.EqualTo((HttpStatusCode.OK, "part")));
        Assert.That(await Return(bill.Code, "100.01", "p1"), Is.EqualTo((HttpStatusCode.OK, "repeated")));
        Assert.That(await Return(bill.Code, "99.00", "p1"), Is.EqualTo((HttpStatusCode.UnprocessableEntity, "refused")), "the same reference, another amount");
        Assert.That((await NowAsync(bill)) is { State: "open", Paid: 10_001, Owed: 17_499 });
        Assert.That(await Return(bill.Code, "180.00", "p2"), Is.EqualTo((HttpStatusCode.OK, "over")));
        Assert.That((await NowAsync(bill)) is { State: "settled", Paid: 28_001, Credit: 501 });
        Assert.That(await App.As(null).Value<long>("SELECT SUM(amount) FROM triage_ledger"), Is.Zero);
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Another_hand_an_old_time_and_nonsense_change_nothing()
    {
        var bill = await BillAsync();
        Assert.That((await Return(bill.Code, "275", "p1", key: "another")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await Return(bill.Code, "275", "p1", late: TimeSpan.FromMinutes(11))).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await Return(bill.Code, "-1", "p1")).Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That((await Return(bill.Code, "275", "")).Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        App.Set("CourtOps:Pay:Key", null);
        Assert.That((await Return(bill.Code, "275", "p1")).Status, Is.EqualTo(HttpStatusCode.Unauthorized), "a court without a platform takes nothing");
        Assert.That((await NowAsync(bill)).Paid, Is.Zero);
    }

    [Test]
    public async Task An_unknown_code_waits_with_the_court_that_is_named_and_is_refused_where_none_is()
    {
        await BillAsync();
        Assert.That(await Return("F999", "50.00", "u1"), Is.EqualTo((HttpStatusCode.UnprocessableEntity, "refused")));
        Assert.That(await Return("F999", "50.00", "u1", "吉2424"), Is.EqualTo((HttpStatusCode.OK, "unknown")));
        Assert.That(await Return("F999", "50.00", "u1", "吉2424"), Is.EqualTo((HttpStatusCode.OK, "repeated")));
        Assert.That(
            (await App.As("registrar").Send(new ListSuspense())).Rows.Select(r => (r.Code, r.Amount, r.Reference)),
            Is.EqualTo(new[] { ("F999", 5_000L, "u1") })
        );
    }

    [Test]
    public async Task Who_filed_online_is_led_to_the_platform_with_a_signed_amount_and_sees_what_is_paid()
    {
        var bill = await BillAsync();
        App.Set("CourtOps:Pay:Url", "https://pay.example/court");
        var token = (
            await App.As(null)
                .Send(
                    new BeginDraft
                    {
                        Court = Sample.Court,
                        Topic = "loan",
                        Name = "张某甲",
                        IdNumber = "990101198001010014",
                        Phone = "13800000001",
                        Amount = 30_000m,
                    }
                )
        ).Token;
        var digest = Kernel.Security.Secrets.Digest(token);
        await App.Change(
            "UPDATE triage_public_filing SET stage = 'registered', fee_code = @Code, fee = @Amount, fee_due = @DueOn WHERE token_digest = @digest",
            new
            {
                bill.Code,
                bill.Amount,
                bill.DueOn,
                digest,
            }
        );
        var browser = await App.Http();
        var path = "/p/file/" + token;
        await TestApp.PostForm(browser, path, path, ("Code", "0014"));
        var page = WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri(path, UriKind.Relative)));
        var stamp = App.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.That(
            page,
            Does.Contain(
                $"https://pay.example/court?code={bill.Code}&amount=275.00&t={stamp}&sign={MessageSignature.Of(Key, $"{stamp}", $"{bill.Code}|275.00")}"
            )
        );
        await Return(bill.Code, "200.00", "p1");
        page = WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri(path, UriKind.Relative)));
        Assert.That(page, Does.Contain("200.00 元").And.Contain("amount=75.00"));
        await Return(bill.Code, "75.00", "p2");
        page = WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri(path, UriKind.Relative)));
        Assert.That(page, Does.Not.Contain("pay.example").And.Contain("275.00 元"));
    }
}
