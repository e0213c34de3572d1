using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Imports;
using FluentValidation;

namespace CourtOps.Workzone.Cases;

/// <summary>The address form of a party: who may fill it in, what it does, and what a later list may not undo.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ContactTests(Engine engine) : AppTests(engine)
{
    private static readonly DateOnly Day = new(2026, 3, 1);

    [Test]
    public async Task What_a_party_confirmed_is_stored_encrypted_and_shown_masked()
    {
        var (caseId, party) = await Party(SampleParty.Linked);
        var saved = await App.As("assistant").Send(Confirmed(party) with { Phone = "13900007777", IdNumber = "990101198001010014" });
        Assert.That((saved.Version, saved.EService), Is.EqualTo((2, "confirmed")));
        var shown = await App.Send(new ShowContact { PartyId = party });
        Assert.That(
            (shown.Email, shown.Phone, shown.IdNumber, shown.Source, shown.EnteredOn),
            Is.EqualTo(("n***@party.example", "139****7777", "990101********0014", "送达地址确认书", (DateOnly?)Day))
        );
        Assert.That((await App.As("judge").Send(new ShowCase { Id = caseId })).Parties.Single(p => p.Id == party).EService, Is.EqualTo("confirmed"));
        var stored = string.Join(
            ' ',
            await App.As(null)
                .Rows<string>(
                    "SELECT CONCAT(email_enc, ' ', email_hint, ' ', phone_enc, ' ', phone_tail, ' ', id_number_enc) FROM workzone_party WHERE id = @party",
                    new { party }
                )
        );
        Assert.That(stored, Does.Not.Contain("new@party").And.Not.Contain("13900007777").And.Not.Contain("990101198001010014"));
        Assert.That(await App.Verify(), Is.Empty);
        var audit = await App.As(null).Value<string>("SELECT CONCAT(detail, '') FROM kernel_audit WHERE action = 'workzone.party.contact'");
        Assert.That(
            audit,
            Does.Contain("confirmed").And.Contain("送达地址确认书").And.Not.Contain("new@party").And.Not.Contain("13900007777"),
            "what was changed, not to what"
        );
        Assert.That(await App.Reads("workzone.party.address"), Is.EqualTo(1), "who looked is written down");
    }

    [Test]
    public async Task A_corrected_number_needs_no_evidence_of_an_address_that_stays()
    {
        var (_, party) = await Party(SampleParty.Provided);
        var correction = new SaveContact
        {
            PartyId = party,
            Version = 1,
            IdNumber = "990101198001010014",
            Consent = "provided",
        };
        Assert.That((await App.As("assistant").Send(correction)).EService, Is.EqualTo("provided"));
        Assert.That(
            () => App.As("assistant").Send(correction with { Version = 2, Email = "other@party.example" }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("Source"),
            "another address does"
        );
        Assert.That(
            () => App.As("assistant").Send(correction with { Version = 2, Consent = "confirmed" }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("Source"),
            "so does more than was said before"
        );
    }

    [Test]
    public async Task The_second_of_two_editors_is_told_who_was_first_and_changes_nothing()
    {
        var (_, party) = await Party(SampleParty.Obtained);
        await App.As("assistant").Send(Confirmed(party));
        await Assert.ThatAsync(
            () => App.As("judge").Send(Confirmed(party) with { Email = "other@party.example" }),
            Throws.TypeOf<Conflict>().With.Property(nameof(Conflict.Who)).Not.Empty
        );
        Assert.That((await App.Send(new ShowContact { PartyId = party })).Email, Is.EqualTo("n***@party.example"));
    }

    [TestCase("Email", "no address")]
    [TestCase("Email", "two@at@party.example")]
    [TestCase("Phone", "abc")]
    [TestCase("Phone", "123")]
    [TestCase("IdNumber", "99#01")]
    [TestCase("Consent", "perhaps")]
    [TestCase("On", "2026-03-03")] // tomorrow
    [TestCase("On", "1979-12-31")]
    public async Task What_cannot_be_is_refused_with_its_field(string field, string value)
    {
        var (_, party) = await Party(SampleParty.Obtained);
        var good = Confirmed(party);
        var bad = field switch
        {
            "Email" => good with { Email = value },
            "Phone" => good with { Phone = value },
            "IdNumber" => good with { IdNumber = value },
            "Consent" => good with { Consent = value },
            _ => good with { On = DateOnly.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
        };
        await Assert.ThatAsync(() => App.As("judge").Send(bad), Throws.TypeOf<ValidationException>().With.Message.Contains(field));
        Assert.That((await App.Send(new ShowContact { PartyId = party })).Version, Is.EqualTo(1));
    }

    [TestCase("990101198001010014", true)]
    [TestCase("99010119800101001X", false)] // wrong check digit
    [TestCase("P1234567", true)] // a passport
    public async Task An_id_card_has_its_check_digit(string number, bool good)
    {
        var (_, party) = await Party(SampleParty.Linked with { IdNumber = "" });
        var command = new SaveContact
        {
            PartyId = party,
            Version = 1,
            IdNumber = number,
        };
        if (good)
            Assert.That((await App.As("judge").Send(command)).Version, Is.EqualTo(2));
        else
            await Assert.ThatAsync(
                () => App.As("judge").Send(command),
                Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Field)).EqualTo("IdNumber")
            );
    }

    [Test]
    public async Task A_confirmation_needs_an_address_a_source_and_a_day()
    {
        var (_, party) = await Party(SampleParty.Linked);
        foreach (
            var (command, field) in new[]
            {
                (Confirmed(party) with { Email = null }, "Email"),
                (Confirmed(party) with { Source = " " }, "Source"),
                (Confirmed(party) with { On = null }, "On"),
            }
        )
            await Assert.ThatAsync(() => App.As("judge").Send(command), Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Field)).EqualTo(field));
    }

    [Test]
    public async Task A_new_address_of_which_nobody_says_that_it_is_the_partys_is_obtained_and_without_one_there_is_none()
    {
        var (_, party) = await Party(SampleParty.Provided);
        Assert.That(
            (
                await App.As("judge")
                    .Send(
                        new SaveContact
                        {
                            PartyId = party,
                            Version = 1,
                            Email = "found@party.example",
                        }
                    )
            ).EService,
            Is.EqualTo("obtained")
        );
        Assert.That(
            (
                await App.Send(
                    new SaveContact
                    {
                        PartyId = party,
                        Version = 2,
                        Email = "",
                    }
                )
            ).EService,
            Is.EqualTo("none")
        );
        Assert.That(
            (
                await App.Send(
                    new SaveContact
                    {
                        PartyId = party,
                        Version = 3,
                        Phone = "13900007777",
                    }
                )
            ).EService,
            Is.EqualTo("none"),
            "what is not named stays"
        );
    }

    [Test]
    public async Task Who_does_not_work_the_case_neither_sees_nor_changes_it()
    {
        var (_, party) = await Party(SampleParty.Obtained);
        foreach (var stranger in new[] { "judge2", "judge-yanji", "clerk" })
        {
            await Assert.ThatAsync(() => App.As(stranger).Send(Confirmed(party)), Throws.TypeOf<NotFound>(), stranger);
            await Assert.ThatAsync(() => App.As(stranger).Send(new ShowContact { PartyId = party }), Throws.TypeOf<NotFound>(), stranger);
        }
        foreach (var other in new[] { "leader", "sysadmin" })
            await Assert.ThatAsync(() => App.As(other).Send(Confirmed(party)), Throws.TypeOf<Forbidden>(), other);
    }

    [Test]
    public async Task The_inspection_forgets_what_was_mended()
    {
        var (caseId, party) = await Party(SampleParty.Linked with { IdNumber = "", Phone = "" });
        Assert.That(await Findings(caseId), Is.EquivalentTo(new[] { "id-missing", "unreachable" }));
        await App.As("judge").Send(Confirmed(party) with { IdNumber = "990101198001010014" });
        Assert.That(await Findings(caseId), Is.Empty);
        await App.Send(
            new SaveContact
            {
                PartyId = party,
                Version = 2,
                IdNumber = "",
            }
        );
        Assert.That(await Findings(caseId), Is.EqualTo(new[] { "id-missing" }));
    }

    [TestCase("", "")]
    [TestCase("list@party.example", "")]
    public async Task A_later_list_does_not_lower_a_confirmation_nor_take_away_what_was_entered(string email, string consent)
    {
        var (_, party) = await Party(SampleParty.Linked with { IdNumber = "" });
        await App.As("judge").Send(Confirmed(party) with { Phone = "13900007777", IdNumber = "990101198001010014" });
        var again = await List(SampleParty.Linked with { IdNumber = "", Phone = "13800000002", Email = email, EService = consent });
        Assert.That(again.Updated, Is.EqualTo(1));
        var shown = await App.As("judge").Send(new ShowContact { PartyId = party });
        Assert.That(
            (shown.EService, shown.Email, shown.Phone, shown.IdNumber),
            Is.EqualTo(("confirmed", "n***@party.example", "139****7777", "990101********0014"))
        );
    }

    [Test]
    public async Task A_later_list_in_which_the_party_gives_another_address_is_followed()
    {
        var (_, party) = await Party(SampleParty.Linked);
        await App.As("judge").Send(Confirmed(party));
        await List(SampleParty.Linked with { Email = "list@party.example", EService = "提供" });
        var shown = await App.As("judge").Send(new ShowContact { PartyId = party });
        Assert.That((shown.EService, shown.Email), Is.EqualTo(("provided", "l***@party.example")));
    }

    [Test]
    public async Task A_later_list_that_leaves_the_consent_out_does_not_lower_what_an_earlier_one_said()
    {
        var (_, party) = await Party(SampleParty.Provided);
        await List(SampleParty.Provided with { EService = "", Phone = "13800000002" });
        var shown = await App.As("judge").Send(new ShowContact { PartyId = party });
        Assert.That((shown.EService, shown.Phone), Is.EqualTo(("provided", "138****0002")));
    }

    [Test]
    public async Task The_page_keeps_what_was_typed_and_the_second_editor_can_go_on()
    {
        var (caseId, party) = await Party(SampleParty.Obtained);
        var judge = await App.SignedIn("judge");
        var page = $"/parties/{party}/address";
        Assert.That(await (await judge.GetAsync(new Uri($"/cases/{caseId}", UriKind.Relative))).Content.ReadAsStringAsync(), Does.Contain($"href=\"{page}\""));
        (string, string)[] Form(string version, string email) =>
            [("Data.Version", version), ("Data.Email", email), ("Data.Consent", "confirmed"), ("Data.Source", "谈话笔录第 3 页"), ("Data.On", "2026-03-01")];
        var bad = await TestApp.PostForm(judge, page, page, Form("1", "not an address"));
        Assert.That(bad.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(
            await bad.Content.ReadAsStringAsync(),
            Does.Contain("not an address").And.Contain("谈话笔录第 3 页").And.Contain("2026-03-01").And.Contain("电子邮箱不合格式")
        );
        await App.As("assistant").Send(Confirmed(party));
        var late = await TestApp.PostForm(judge, page, page, Form("1", "mine@party.example"));
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        var again = await late.Content.ReadAsStringAsync();
        Assert.That(
            again,
            Does.Contain("mine@party.example").And.Contain("n***@party.example").And.Match("name=\"Data.Version\"\\s+value=\"2\""),
            "what was typed, and what is there now"
        );
        var saved = await TestApp.PostForm(judge, page, page, [.. Form("2", "mine@party.example"), ("Data.Drop", "phone"), ("Back", "/desk")]);
        Assert.That((saved.StatusCode, saved.Headers.Location?.ToString()), Is.EqualTo((HttpStatusCode.Redirect, "/desk")));
        var shown = await App.Send(new ShowContact { PartyId = party });
        Assert.That((shown.Email, shown.Phone, shown.Version), Is.EqualTo(("m***@party.example", (string?)null, 3)));
    }

    [Test]
    public async Task A_program_posts_it_with_the_version_it_saw()
    {
        var (caseId, party) = await Party(SampleParty.Obtained);
        var judge = await App.WithKey("judge");
        var card = JsonNode.Parse(await judge.GetStringAsync(new Uri($"/api/v1/cases/{caseId}", UriKind.Relative)))!;
        Assert.That((int?)card["parties"]!.AsArray().Single(p => p!["id"]!.ToString() == $"{party}")!["version"], Is.EqualTo(1));
        var first = await Post(
            judge,
            party,
            "\"1\"",
            new
            {
                email = "api@party.example",
                consent = "provided",
                source = "起诉状",
                on = "2026-03-01",
            }
        );
        Assert.That((first.StatusCode, first.Headers.ETag?.Tag), Is.EqualTo((HttpStatusCode.OK, "\"2\"")), await first.Content.ReadAsStringAsync());
        Assert.That((await Post(judge, party, "\"1\"", new { phone = "13900007777" })).StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await Post(judge, party, "\"2\"", new { email = "no address" })).StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(
            (await Post(await App.WithKey("judge-yanji"), party, "\"2\"", new { phone = "13900007777" })).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound)
        );
        Assert.That((await App.As("judge").Send(new ShowContact { PartyId = party })).EService, Is.EqualTo("provided"));
    }

    private static async Task<HttpResponseMessage> Post(HttpClient client, long party, string version, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/api/v1/parties/{party}/address", UriKind.Relative))
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.TryAddWithoutValidation("If-Match", version);
        return await client.SendAsync(request);
    }

    private static SaveContact Confirmed(long party) =>
        new()
        {
            PartyId = party,
            Version = 1,
            Email = "new@party.example",
            Consent = "confirmed",
            Source = "送达地址确认书",
            On = Day,
        };

    private Task<IReadOnlyList<string>> Findings(long caseId) =>
        App.As(null).Rows<string>("SELECT code FROM workzone_inspection WHERE case_id = @caseId AND args = '尹某己'", new { caseId });

    private async Task<ImportSummary> List(SampleParty party) =>
        (await App.Import(Sample.Csv(Sample.Row(Sample.Number(1), new SampleParty("张某甲", "原告")), Sample.Row(Sample.Number(1), party)))).Summary;

    private async Task<(long CaseId, long PartyId)> Party(SampleParty party)
    {
        var caseId = await App.Case(1, party);
        var id = await App.PartyId(caseId, party.Name);
        App.As("judge");
        return (caseId, id);
    }
}
