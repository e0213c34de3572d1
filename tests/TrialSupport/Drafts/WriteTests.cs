using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Drafts;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Drafts;

/// <summary>The writing page: text becomes a checked draft, and a new revision of it.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WriteTests(Engine engine) : AppTests(engine)
{
    [TestCase(0, "Title")]
    [TestCase(1, "Title")]
    [TestCase(2, "Right")]
    [TestCase(3, "Body")]
    [TestCase(4, "Body")]
    [TestCase(5, "Right")]
    [TestCase(6, "Right")]
    [TestCase(7, "Right")]
    public void Paragraphs_stand_as_a_document_of_the_court_does(int line, string style)
    {
        var paragraphs = DraftText.Paragraphs(
            "吉林省汪清县人民法院\n民 事 判 决 书\n\n（2026）吉2424民初1号\r\n原告张某甲与被告王某乙民间借贷纠纷一案，本院于2026年3月1日立案。\n驳回原告的诉讼请求。\n审　判　员　　李测试\n二〇二六年三月二日\n书　记　员　　钱演示"
        );
        Assert.That(paragraphs[line].Style.ToString(), Is.EqualTo(style), paragraphs[line].Text);
    }

    [Test]
    public async Task Typed_text_is_checked_and_a_new_revision_loses_its_signatures()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var intake = (string? text, long? draft, int? version) =>
            App.As("judge").In(s => s.GetRequiredService<DraftIntake>().WriteAsync(caseId, draft, version, text, "ruling", "裁定书", default));
        await Assert.ThatAsync(() => intake(" ", null, null), Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("Text"));
        await Assert.ThatAsync(() => intake(new string('长', DraftText.Most + 1), null, null), Throws.TypeOf<RuleBroken>());
        var draft = await intake("吉林省汪清县人民法院\n民事裁定书\n（2026）吉2424民初999号\n案号有误。", null, null);
        Assert.That((draft.Revision, draft.Errors > 0), Is.EqualTo((1, true)), "the number is another case's");
        var again = await intake("改过的正文。", draft.Id, draft.Version);
        Assert.That((again.Id, again.Revision), Is.EqualTo((draft.Id, 2)));
        await Assert.ThatAsync(() => intake("再改。", draft.Id, draft.Version), Throws.TypeOf<Conflict>(), "somebody wrote meanwhile");
        await Assert.ThatAsync(
            () => App.As("judge2").In(s => s.GetRequiredService<DraftIntake>().WriteAsync(caseId, null, null, "正文", "ruling", "裁定书", default)),
            Throws.TypeOf<NotFound>()
        );
    }

    [Test]
    public async Task The_page_is_filled_by_a_template_and_keeps_what_was_typed_when_it_is_refused()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var http = await App.SignedIn("judge");
        var page = $"/trial/cases/{caseId}/write?template=judgment";
        var shown = WebUtility.HtmlDecode(await http.GetStringAsync(page));
        Assert.That(shown, Does.Contain("民事判决书").And.Contain("data-open-document").Or.Contain("本案还没有文书和材料"));
        var refused = await TestApp.PostForm(http, page, $"/trial/cases/{caseId}/write", ("Kind", "judgment"), ("Title", ""), ("Text", "写了一半的正文"));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync()), Does.Contain("写了一半的正文"));
        var kept = await TestApp.PostForm(
            http,
            page,
            $"/trial/cases/{caseId}/write",
            ("Kind", "judgment"),
            ("Title", "民事判决书"),
            ("Text", "吉林省汪清县人民法院\n民事判决书")
        );
        Assert.That(kept.StatusCode, Is.EqualTo(HttpStatusCode.Redirect).Or.EqualTo(HttpStatusCode.OK));
        var draft = (await App.As("judge").Send(new ListDrafts { CaseId = caseId })).Single();
        Assert.That((draft.Title, draft.Kind), Is.EqualTo(("民事判决书", "judgment")));
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/cases/{caseId}/write?draftId={draft.Id}")), Does.Contain("第 1 稿"));
    }
}
