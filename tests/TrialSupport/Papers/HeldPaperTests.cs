using System.Net;
using CourtOps.Contracts;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Papers;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Papers;

/// <summary>A judgment that was uploaded: held, checked, let out, served.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class HeldPaperTests(Engine engine) : AppTests(engine)
{
    [TestCase(
        "吉林省汪清县人民法院|民事判决书|- 1 -|这是一行很长很长很长很长很长很长很长很长的正文没有写完|接着写完。|第 2 页",
        "吉林省汪清县人民法院|民事判决书|这是一行很长很长很长很长很长很长很长很长的正文没有写完接着写完。"
    )]
    [TestCase("", "")]
    public void Lines_of_a_page_become_paragraphs(string lines, string paragraphs) =>
        Assert.That(string.Join('|', PaperText.Paragraphs(lines.Split('|', StringSplitOptions.RemoveEmptyEntries))), Is.EqualTo(paragraphs));

    [Test]
    public async Task An_uploaded_judgment_is_not_served_until_its_judge_lets_it_out()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var paper = await App.Document(caseId, "判决书", "judgment", held: true);
        ReleasePaper release = new() { DocumentId = paper, Reason = "原系统制作，已逐字核对" };
        await Assert.ThatAsync(() => App.As("judge").Send(release), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("unchecked"));
        await Assert.ThatAsync(() => App.As("judge2").In(s => s.GetRequiredService<PaperReading>().CheckAsync(paper, default)), Throws.TypeOf<NotFound>());
        Assert.That(await App.As("judge").Send(new ListHeld { CaseId = caseId }), Has.Count.EqualTo(1));
        await App.As("judge").Send(new KeepPaperCheck { DocumentId = paper, Readable = true });
        await Assert.ThatAsync(() => App.As("judge").Send(release with { Reason = "" }), Throws.TypeOf<FluentValidation.ValidationException>());
        await Assert.ThatAsync(() => App.As("assistant").Send(release), Throws.TypeOf<Forbidden>());
        var http = await App.SignedIn("judge");
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/papers/{paper}")), Does.Contain("放行"));
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/cases/{caseId}/drafts")), Does.Contain("外部制作的文书"));
        await App.As("judge").Send(release);
        Assert.That((await App.Published<DocumentIssued>()).Single().DocumentId, Is.EqualTo(paper));
        await Assert.ThatAsync(() => App.As("judge").Send(release), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-held"));
        Assert.That(await App.As("judge").Send(new ListHeld { CaseId = caseId }), Is.Empty);
        Assert.That((await App.As("judge").Send(new ShowPaper { DocumentId = paper })).Release!.ReleasedReason, Does.Contain("逐字核对"));
    }

    [Test]
    public async Task The_text_of_an_uploaded_file_is_read_and_checked_against_the_record()
    {
        if (!File.Exists("/usr/bin/pdftotext"))
            Assert.Ignore("pdftotext is not installed");
        var caseId = await App.Case(1, SampleParty.Provided);
        var paper = await App.Document(caseId, "判决书", "judgment", held: true);
        var check = await App.As("judge").In(s => s.GetRequiredService<PaperReading>().CheckAsync(paper, default));
        Assert.That((check.DocumentId, check.CheckedName.Length > 0), Is.EqualTo((paper, true)));
        var again = await App.As("judge").In(s => s.GetRequiredService<PaperReading>().CheckAsync(paper, default));
        Assert.That(again.Errors, Is.EqualTo(check.Errors));
        Assert.That(await App.As(null).In(s => Task.FromResult(s.GetRequiredService<BlobStore>() is not null)), Is.True);
    }
}
