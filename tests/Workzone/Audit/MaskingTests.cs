using System.Net;
using System.Net.Http.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Tests.Audit;

public sealed class MaskTables
{
    [TestCase("222424198001011234", true, "222424********1234")]
    [TestCase("222424198001011234", false, "2****************4")]
    [TestCase("12345678", true, "12***678")]
    [TestCase("123", true, "1*3")]
    [TestCase("1", true, "*")]
    [TestCase(" ", true, null)]
    [TestCase(null, false, null)]
    public void Id_numbers(string? value, bool handler, string? shown) => Assert.That(Masks.IdNumber(value, handler), Is.EqualTo(shown));

    [TestCase("13800001234", true, "138****1234")]
    [TestCase("13800001234", false, "*********34")]
    [TestCase("110", true, "1*0")]
    public void Phones(string? value, bool handler, string? shown) => Assert.That(Masks.Phone(value, handler), Is.EqualTo(shown));

    [TestCase("6222020000001234567", true, "***************4567")]
    [TestCase("6222020000001234567", false, "******************7")]
    public void Accounts(string? value, bool handler, string? shown) => Assert.That(Masks.Account(value, handler), Is.EqualTo(shown));

    [TestCase("wang@party.example", true, "w***@party.example")]
    [TestCase("wang@party.example", false, "w***@***")]
    [TestCase("nonsense", true, "****")]
    public void Mails(string? value, bool handler, string? shown) => Assert.That(Masks.Email(value, handler), Is.EqualTo(shown));

    [TestCase("张三 13800001234", "张三 13*******34")]
    [TestCase("（2026）吉2424民初123号", "（2026）吉2424民初123号")]
    [TestCase("22242419800101123X", "22**************3X")]
    public void Words_typed_into_a_box(string typed, string kept) => Assert.That(Masks.Words(typed), Is.EqualTo(kept));
}

/// <summary>Whole personal data: for a reason, for those who handle the case, in the log before it is shown.</summary>
public sealed class UnmaskTests() : AppTests(Engine.Sqlite)
{
    private long caseId;
    private long party;

    [SetUp]
    public async Task Case()
    {
        caseId = await App.Case(1, new SampleParty("王某乙") { Email = "wang@party.example" });
        party = await App.PartyId(caseId, "王某乙");
    }

    [TestCase(PartyFields.Phone, "13800000001")]
    [TestCase(PartyFields.IdNumber, "99010119800102001X")]
    [TestCase(PartyFields.Email, "wang@party.example")]
    public async Task Shows_the_field_and_records_who_and_why(string field, string value)
    {
        var shown = await App.As("judge")
            .Send(
                new Unmask
                {
                    PartyId = party,
                    Field = field,
                    Reason = "电话通知开庭",
                }
            );
        Assert.That(shown.Value, Is.EqualTo(value));
        var row = (await App.AccessRows("workzone.secrets.unmask")).Single();
        Assert.That((row.Actor, row.ObjectId, row.CaseId, row.Reason, row.Result), Is.EqualTo(("judge", $"{party}", (long?)caseId, "电话通知开庭", "done")));
        Assert.That(row.Detail, Does.Contain(field).And.Not.Contain(value), "the log holds no value");
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("看看")]
    public async Task Is_refused_without_a_reason(string reason)
    {
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new Unmask
                        {
                            PartyId = party,
                            Field = PartyFields.Phone,
                            Reason = reason,
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Field)).EqualTo(nameof(Unmask.Reason))
        );
        Assert.That(await App.Reads("workzone.secrets.unmask"), Is.Zero);
    }

    [TestCase("sysadmin")]
    [TestCase("secadmin")]
    [TestCase("auditor")]
    [TestCase("leader")]
    public async Task Is_refused_to_whoever_does_not_handle_cases(string person) =>
        await Assert.ThatAsync(
            () =>
                App.As(person)
                    .Send(
                        new Unmask
                        {
                            PartyId = party,
                            Field = PartyFields.Phone,
                            Reason = "想看一看",
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );

    [Test]
    public async Task Is_refused_for_a_case_the_person_may_not_read()
    {
        await Assert.ThatAsync(
            () =>
                App.As("archivist")
                    .Send(
                        new Unmask
                        {
                            PartyId = party,
                            Field = PartyFields.Phone,
                            Reason = "想看一看",
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        Assert.That((await App.AccessRows()).First(r => r.Actor == "archivist").Result, Is.EqualTo("refused"));
    }

    [Test]
    public async Task The_page_works_without_script_and_the_api_asks_the_same()
    {
        var client = await App.SignedIn("judge");
        var page = await client.GetStringAsync(new Uri($"/cases/{caseId}", UriKind.Relative));
        Assert.That(page, Does.Contain("138****0001").And.Contain("990101********001X").And.Not.Contain("13800000001"));
        var url = $"/parties/{party}/contact?field=phone";
        var bad = await TestApp.PostForm(client, url, url, ("Reason", "看"));
        Assert.That(bad.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        var good = await TestApp.PostForm(client, url, url, ("Reason", "电话通知开庭"));
        Assert.That(await good.Content.ReadAsStringAsync(), Does.Contain("13800000001"));
        Assert.That(good.Headers.CacheControl?.NoStore, Is.True);
        var api = await App.WithKey("judge");
        Assert.That(await api.GetStringAsync(new Uri($"/api/v1/cases/{caseId}", UriKind.Relative)), Does.Contain("138****0001").And.Not.Contain("13800000001"));
        Assert.That(
            (await api.PostAsJsonAsync(new Uri($"/api/v1/parties/{party}:unmask", UriKind.Relative), new { field = "phone", reason = "" })).StatusCode,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity)
        );
        Assert.That(
            await (
                await api.PostAsJsonAsync(new Uri($"/api/v1/parties/{party}:unmask", UriKind.Relative), new { field = "phone", reason = "电话通知开庭" })
            ).Content.ReadAsStringAsync(),
            Does.Contain("13800000001")
        );
        Assert.That(await App.Reads("workzone.secrets.unmask"), Is.EqualTo(2));
    }
}
