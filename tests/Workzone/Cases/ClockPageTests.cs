using System.Net;
using System.Net.Http.Json;

namespace CourtOps.Workzone.Cases;

/// <summary>The pages and the API of trial limits: forms, refusals, decisions, taking back.</summary>
public sealed class ClockPageTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task A_judge_applies_and_a_leader_decides_on_the_pages()
    {
        var (id, paper) = await CaseAsync(9401);
        App.At(TestClock.Shanghai(2026, 5, 4, 9, 0));
        var judge = await App.SignedIn("judge");
        var page = WebUtility.HtmlDecode(await judge.GetStringAsync($"/cases/{id}/clock"));
        Assert.That(page, Does.Contain("申请转换程序").And.Contain("登记扣除").And.Not.Contain("补充侦查"));
        var late = await Browsing.PostForm(
            judge,
            $"/cases/{id}/clock",
            $"/cases/{id}/clock?handler=Extend",
            ("Data.N", "9"),
            ("Data.Unit", "month"),
            ("Data.DocumentId", $"{paper}"),
            ("Data.Reason", "案情复杂")
        );
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(WebUtility.HtmlDecode(await late.Content.ReadAsStringAsync()), Does.Contain("6 个月").And.Contain("案情复杂"), "what was typed stays");
        await Browsing.PostForm(
            judge,
            $"/cases/{id}/clock",
            $"/cases/{id}/clock?handler=Extend",
            ("Data.N", "3"),
            ("Data.Unit", "month"),
            ("Data.DocumentId", $"{paper}"),
            ("Data.Reason", "案情复杂")
        );
        var leader = await App.SignedIn("leader");
        Assert.That(WebUtility.HtmlDecode(await leader.GetStringAsync("/extensions")), Does.Contain(Sample.Number(9401)));
        Assert.That(await leader.GetStringAsync("/shell/counts"), Does.Contain("id=\"count-extensions\" hx-swap-oob=\"true\">1<"));
        var asked = await App.As(null).Value<long>("SELECT id FROM workzone_extension WHERE case_id = @id", new { id });
        await Browsing.PostForm(
            leader,
            $"/cases/{id}/clock",
            $"/cases/{id}/clock?handler=Decide",
            ("extension", $"{asked}"),
            ("version", "1"),
            ("granted", "true")
        );
        Assert.That(await App.As(null).Value<string>("SELECT state FROM workzone_extension WHERE id = @asked", new { asked }), Is.EqualTo("granted"));
        var fact = await App.As(null).Value<long>("SELECT id FROM workzone_clock_fact WHERE case_id = @id", new { id });
        await Browsing.PostForm(leader, $"/cases/{id}/clock", $"/cases/{id}/clock?handler=Undo", ("fact", $"{fact}"), ("why", "批错了案件"));
        Assert.That(await App.As(null).Value<string>("SELECT state FROM workzone_extension WHERE id = @asked", new { asked }), Is.EqualTo("undone"));
        Assert.That(WebUtility.HtmlDecode(await leader.GetStringAsync($"/cases/{id}/clock")), Does.Contain("批错了案件"));
    }

    [Test]
    public async Task A_program_records_asks_decides_and_reads_the_history()
    {
        var (id, paper) = await CaseAsync(9402);
        App.At(TestClock.Shanghai(2026, 5, 4, 9, 0));
        var judge = await App.WithKey("judge");
        var wrong = await judge.PostAsJsonAsync(
            $"/api/v1/cases/{id}/deductions",
            new
            {
                code = "D-BC",
                from = "2026-04-01",
                documentId = paper,
            }
        );
        Assert.That((int)wrong.StatusCode, Is.EqualTo(422));
        var deducted = await judge.PostAsJsonAsync(
            $"/api/v1/cases/{id}/deductions",
            new
            {
                code = "D-GG",
                from = "2026-04-01",
                documentId = paper,
                reason = "公告送达",
            }
        );
        Assert.That(deducted.IsSuccessStatusCode, Is.True, await deducted.Content.ReadAsStringAsync());
        var fact = await App.As(null).Value<long>("SELECT id FROM workzone_clock_fact WHERE case_id = @id", new { id });
        Assert.That((int)(await judge.PostAsJsonAsync($"/api/v1/cases/{id}/clock-facts/{fact}/end", new { to = "2026-03-01" })).StatusCode, Is.EqualTo(422));
        Assert.That((await judge.PostAsJsonAsync($"/api/v1/cases/{id}/clock-facts/{fact}/end", new { to = "2026-04-21" })).IsSuccessStatusCode, Is.True);
        var history = await judge.GetStringAsync($"/api/v1/cases/{id}/limit-history");
        Assert.That(history, Does.Contain("\"days\":20").And.Contain("公告送达").And.Contain("2026-04-21"));
        var asked = await judge.PostAsJsonAsync(
            $"/api/v1/cases/{id}/conversions",
            new
            {
                procedure = "MC-SUM",
                documentId = paper,
                reason = "双方同意",
            }
        );
        Assert.That(asked.IsSuccessStatusCode, Is.True, await asked.Content.ReadAsStringAsync());
        var leader = await App.WithKey("leader");
        Assert.That(await leader.GetStringAsync("/api/v1/extensions"), Does.Contain("conversion"));
        var application = await App.As(null).Value<long>("SELECT id FROM workzone_extension WHERE case_id = @id", new { id });
        Assert.That((int)(await leader.PostAsJsonAsync($"/api/v1/extensions/{application}/decision", new { granted = false })).StatusCode, Is.EqualTo(422));
        Assert.That((await leader.PostAsJsonAsync($"/api/v1/extensions/{application}/decision", new { granted = true })).IsSuccessStatusCode, Is.True);
        Assert.That((await judge.PostAsJsonAsync($"/api/v1/cases/{id}/clock-facts/{fact}/undo", new { reason = "重复" })).IsSuccessStatusCode, Is.True);
        Assert.That((int)(await judge.PostAsJsonAsync($"/api/v1/cases/{id}/reopen", new { reason = "误报" })).StatusCode, Is.EqualTo(403));
        Assert.That((int)(await leader.PostAsJsonAsync($"/api/v1/cases/{id}/reopen", new { reason = "误报" })).StatusCode, Is.EqualTo(422));
    }

    private async Task<(long Id, long Paper)> CaseAsync(int serial)
    {
        var id = await App.Case(serial, new SampleParty("王某乙") { IdNumber = "" });
        return (id, await App.As("judge").Document(id, "报告"));
    }
}
