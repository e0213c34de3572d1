using System.Net;
using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Triage;

/// <summary>Inputs from the world that went wrong once.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class FaultTests(Engine engine) : AppTests(engine)
{
    [TestCase("""{"cause":"民间借贷纠纷","parties":[null]}""", "parties")]
    [TestCase("""{"cause":"民间借贷纠纷","parties":[{"name":"张某甲","role":"原告","agents":[null]}],"claims":[null]}""", "agents")]
    [TestCase("""{"cause":"民间借贷纠纷","parties":[{"name":"张某甲","role":"原告"}],"facts":[null]}""", "Facts")]
    [TestCase("""{"cause":"民间借贷纠纷","parties":[{"name":"张某甲","role":"原告"}],"custodyUntil":"0001-01-01"}""", "CustodyUntil")]
    [TestCase("""{"cause":"民间借贷纠纷","procedure":"CR-1","parties":[{"name":"张某甲","role":"原告"}]}""", "Procedure")]
    [TestCase("""{"cause":"民间借贷纠纷","procedure":"MC-SUM","parties":[{"name":"张某甲","role":"原告"}]}""", "ProcedureReason")]
    [TestCase("""{"cause":"民间借贷纠纷","kind":"enforcement","parties":[{"name":"张某甲","role":"申请执行人"}]}""", "Origin")]
    [TestCase("""{"cause":"民间借贷纠纷","senderPhone":"1380000","parties":[{"name":"张某甲","role":"原告"}],"sender":"丙"}""", "senderPhone")]
    public async Task What_is_wrong_is_named_and_is_no_failure_of_ours(string json, string field)
    {
        var http = await App.WithKey("registrar");
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        var answer = await http.PostAsync("/api/v1/filings", body);
        Assert.That((int)answer.StatusCode, field.Length == 0 ? Is.EqualTo(201) : Is.EqualTo(422), await answer.Content.ReadAsStringAsync());
        if (field.Length > 0)
            Assert.That((await answer.Content.ReadAsStringAsync()).Replace("parties", "Parties", StringComparison.Ordinal), Does.Contain(field).IgnoreCase);
    }

    [Test]
    public async Task A_null_among_what_is_missing_is_named()
    {
        var taken = await App.Taken();
        var http = await App.WithKey("registrar");
        using var body = new StringContent("""{"missing":[null,"借条"]}""", Encoding.UTF8, "application/json");
        var answer = await http.PostAsync($"/api/v1/filings/{taken.Id}:return", body);
        Assert.That((int)answer.StatusCode, Is.EqualTo(422));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("\"field\":\"missing\""));
    }

    [Test]
    public async Task An_invisible_sign_makes_no_second_party_and_no_wrong_id()
    {
        var (parties, faults) = PartyReading.Read([
            new PartyIn
            {
                Name = "张\u200B某甲",
                Role = "原告",
                IdNumber = "990101198001010014\u200B",
            },
            new PartyIn { Name = "张某甲", Role = "原告" },
        ]);
        Assert.That((parties.Count, parties[0].Name, parties[0].IdNumber, faults.Count), Is.EqualTo((1, "张某甲", "990101198001010014", 1)));
        await Task.CompletedTask;
    }

    [Test]
    public async Task Enforcement_begins_from_what_is_closed_and_in_effect()
    {
        var origin = await App.Registered();
        TakeFiling Enforce() =>
            new()
            {
                Kind = "enforcement",
                Cause = "民间借贷纠纷",
                Origin = origin.Case.CaseNumber,
                Parties = [TriageSamples.Plaintiff() with { Role = "申请执行人" }, TriageSamples.Defendant() with { Role = "被执行人" }],
            };
        await Assert.ThatAsync(() => App.Taken(Enforce()), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("origin-open"));
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<CourtOps.Kernel.Data.Db>();
                await db.BeginAsync();
                await s.GetRequiredService<ICaseRegister>().CloseAsync(origin.Case.CaseId, "judgment", new DateOnly(2026, 3, 2));
                await db.CommitAsync();
            });
        var taken = await App.Taken(Enforce());
        await Assert.ThatAsync(
            () => App.Send(new RegisterFiling { Id = taken.Id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-effective")
        );
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<CourtOps.Kernel.Data.Db>();
                await db.BeginAsync();
                await s.GetRequiredService<ICaseRegister>().RecordAsync(origin.Case.CaseId, "effective", new DateOnly(2026, 3, 2), "effective");
                await db.CommitAsync();
            });
        await App.DrainAsync();
        var registered = await App.As("registrar").Send(new RegisterFiling { Id = taken.Id });
        Assert.That(registered.CaseNumber, Does.Contain("执1号"));
        Assert.That(await App.Value<long>("SELECT origin_id FROM workzone_case WHERE id = @CaseId", new { registered.CaseId }), Is.EqualTo(origin.Case.CaseId));
    }

    [Test]
    public async Task A_list_is_walked_to_its_end_and_counts_what_is_late()
    {
        for (var i = 0; i < 5; i++)
            await App.Taken(TriageSamples.Loan($"被告{i}"));
        await App.Send(new ReturnFiling { Id = (await App.Taken(TriageSamples.Loan("补正人"))).Id, Missing = ["借条"] });
        App.Advance(TimeSpan.FromDays(8));
        var http = await App.WithKey("registrar");
        var seen = new List<string>();
        for (var next = ""; ; )
        {
            var page = System.Text.Json.Nodes.JsonNode.Parse(await http.GetStringAsync($"/api/v1/filings?limit=2&after={Uri.EscapeDataString(next)}"))!;
            seen.AddRange(page["items"]!.AsArray().Select(i => (string)i!["number"]!));
            Assert.That(((int)page["overdue"]!, (int)page["counts"]!["received"]!), Is.EqualTo((5, 5)));
            if (page["next"] is not { } mark)
                break;
            next = (string)mark!;
        }
        Assert.That(seen, Has.Count.EqualTo(6).And.Unique);
        App.Advance(TimeSpan.FromDays(8));
        Assert.That((await App.Send(new ListFilings())).Overdue, Is.EqualTo(6), "not corrected in time");
        Assert.That((await http.GetAsync("/api/v1/filings?state=nothing")).StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
    }

    [Test]
    public async Task A_notice_printed_again_after_correction_still_names_its_day()
    {
        var taken = await App.Taken();
        await App.Send(new ReturnFiling { Id = taken.Id, Missing = ["借条"] });
        await App.Send(new CorrectFiling { Id = taken.Id });
        var http = await App.SignedIn("registrar");
        Assert.That(await http.GetStringAsync($"/triage/filings/{taken.Id}/print?kind=return"), Does.Contain("2026-03-17"));
    }
}
