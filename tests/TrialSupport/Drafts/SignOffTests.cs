using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Drafts;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Register;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Drafts;

/// <summary>Who signs before a document goes out, what the judge confirms, and the second look afterwards.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SignOffTests(Engine engine) : AppTests(engine)
{
    private static readonly Sitting[] Panel = [new("presider", "甲", 1), new("member", "乙", 2), new("assessor", "丙", null)];

    [TestCase("", "乙")]
    [TestCase("2:member", "")]
    [TestCase("2:head", "乙")]
    public void Every_other_judge_of_the_panel_signs(string given, string missing) =>
        Assert.That(
            string.Join('、', SignOffChain.Unsigned(Panel, 1, [.. given.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Read)])),
            Is.EqualTo(missing)
        );

    private static Signature Read(string s) => new() { PersonId = s[0] - '0', Role = s[2..] };

    [TestCase("judgment", "", 0, false)]
    [TestCase("judgment", "mass", 0, true)]
    [TestCase("notice", "mass", 1, false)]
    [TestCase("ruling", "", 1, true)]
    public void The_head_signs_cases_of_the_four_kinds_or_all_by_rule(string kind, string marks, int all, bool needed) =>
        Assert.That(
            SignOffChain.NeedsHead(kind, marks.Split(' ', StringSplitOptions.RemoveEmptyEntries), new SignOffRules { HeadForAll = all }),
            Is.EqualTo(needed)
        );

    [Test]
    public void The_checklist_is_whole_for_a_judgment_and_the_sample_is_even()
    {
        Assert.That(SignOffChain.Unconfirmed("judgment", ["operative"]), Has.Count.EqualTo(SignOffChain.Checklist.Count - 1));
        Assert.That(SignOffChain.Unconfirmed("notice", []), Is.Empty);
        var picked = Enumerable.Range(1, 20_000).Count(i => SignOffChain.IsPicked(i * 4096L, 5));
        Assert.That(picked, Is.InRange(800, 1200));
        Assert.That(SignOffChain.IsPicked(7, 0), Is.False);
        Assert.That(SignOffChain.IsPicked(7, 100), Is.True);
    }

    [Test]
    public async Task A_judgment_of_a_marked_case_goes_out_when_the_panel_and_the_head_have_signed()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        await App.As("judge")
            .Send(
                new SavePanel
                {
                    CaseId = caseId,
                    FromOn = new(2026, 3, 2),
                    PresiderId = await App.IdOf("judge"),
                    MemberIds = [await App.IdOf("judge2")],
                    Assessors = "陪审员甲",
                }
            );
        await App.Change("UPDATE workzone_case SET marks = 'mass' WHERE id = @caseId", new { caseId });
        var draft = await App.As("judge")
            .In(s => s.GetRequiredService<DraftIntake>().WriteAsync(caseId, null, null, "吉林省汪清县人民法院\n判决的正文。", "judgment", "判决书", default));
        await App.Change("UPDATE trial_finding SET settled = 'x' WHERE draft_id = @Id", new { draft.Id });
        draft = await App.As("judge").Send(new SignDraft { Id = draft.Id, Version = draft.Version });
        Assert.That(draft.State, Is.EqualTo("signed"));
        IssueDraft issue = new() { Id = draft.Id, Confirmed = [.. SignOffChain.Checklist.Keys] };
        async Task Refused(string code, IssueDraft? by = null) =>
            await Assert.ThatAsync(() => App.As("judge").Send(by ?? issue), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo(code));
        await Refused("panel-unsigned");
        await Assert.ThatAsync(() => App.As("leader").Send(new SignDraft { Id = draft.Id }), Throws.TypeOf<RuleBroken>().Or.TypeOf<NotFound>());
        await App.Change(
            "INSERT INTO trial_signature (draft_id, revision, person_id, role, name, at) VALUES (@Id, @Revision, @member, 'member', '乙', @now)",
            new
            {
                draft.Id,
                draft.Revision,
                member = await App.IdOf("judge2"),
                now = App.Clock.GetUtcNow(),
            }
        );
        await Refused("no-search");
        await App.Change(
            "INSERT INTO trial_search (id, case_id, court_id, places, words, results, follow, reason, document_id, by_name, at) VALUES (1, @caseId, 1, "
                + "'library', 'w', 'r', 'none', 'r', 1, 'n', @now)",
            new { caseId, now = App.Clock.GetUtcNow() }
        );
        await Refused("head-unsigned");
        await App.Change(
            "INSERT INTO trial_signature (draft_id, revision, person_id, role, name, at) VALUES (@Id, @Revision, @head, 'head', '长', @now)",
            new
            {
                draft.Id,
                draft.Revision,
                head = await App.IdOf("leader"),
                now = App.Clock.GetUtcNow(),
            }
        );
        await Refused("checklist", issue with { Confirmed = ["operative"] });
        var http = await App.SignedIn("judge");
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/drafts/{draft.Id}")), Does.Contain("四类案件").And.Contain("主文明确、能够执行"));
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/drafts/{draft.Id}/revision?n=1")), Does.Contain("判决的正文。"));
        Assert.That((await App.As("judge").Send(issue)).State, Is.EqualTo("issuing"));
    }

    [Test]
    public async Task Who_of_the_panel_sees_the_case_signs_after_the_judge_once()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        await App.As("judge")
            .Send(
                new SavePanel
                {
                    CaseId = caseId,
                    FromOn = new(2026, 3, 2),
                    PresiderId = await App.IdOf("judge"),
                    MemberIds = [await App.IdOf("judge2")],
                    Assessors = "陪审员甲",
                }
            );
        var draft = await App.As("judge")
            .In(s => s.GetRequiredService<DraftIntake>().WriteAsync(caseId, null, null, "吉林省汪清县人民法院\n裁定的正文。", "ruling", "裁定书", default));
        await App.Change("UPDATE trial_finding SET settled = 'x' WHERE draft_id = @Id", new { draft.Id });
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowDraft { Id = draft.Id }), Throws.TypeOf<NotFound>(), "not asked yet");
        await App.As("judge").Send(new SignDraft { Id = draft.Id });
        await Assert.ThatAsync(() => App.As("judge").Send(new SignDraft { Id = draft.Id }), Throws.TypeOf<Forbidden>(), "the judge has signed");
        Assert.That((await App.As("judge2").Send(new ListToSign())).Select(d => d.Id), Is.EqualTo(new[] { draft.Id }));
        await Assert.ThatAsync(() => App.As("assistant").Send(new SignDraft { Id = draft.Id }), Throws.TypeOf<Forbidden>());
        var page = await App.SignedIn("judge2");
        Assert.That(WebUtility.HtmlDecode(await page.GetStringAsync($"/trial/drafts/{draft.Id}")), Does.Contain("合议庭成员签"));
        Assert.That(WebUtility.HtmlDecode(await page.GetStringAsync("/trial/drafts")), Does.Contain("等我签"));
        await App.As("judge2").Send(new SignDraft { Id = draft.Id });
        Assert.That(await App.As("judge2").Send(new ListToSign()), Is.Empty);
        Assert.That((await App.As("judge2").Send(new ShowDraft { Id = draft.Id })).Chain.Signed.Single().Role, Is.EqualTo("member"));
        await Assert.ThatAsync(
            () => App.As("judge2").Send(new SignDraft { Id = draft.Id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("signed")
        );
    }

    [Test]
    public async Task A_picked_document_is_looked_at_by_somebody_else()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var draft = await App.As("judge")
            .In(s => s.GetRequiredService<DraftIntake>().WriteAsync(caseId, null, null, "吉林省汪清县人民法院\n正文。", "ruling", "裁定书", default));
        await App.Change(
            "INSERT INTO trial_sample (id, draft_id, case_id, court_id, case_number, title, document_id, judge_id, picked_on, state, version) SELECT 9, d.id, "
                + "d.case_id, d.court_id, d.case_number, d.title, 1, @judge, '2026-03-02', 'open', 1 FROM trial_draft d WHERE d.id = @Id",
            new { draft.Id, judge = await App.IdOf("judge") }
        );
        await Assert.ThatAsync(() => App.As("judge").Send(new ListSamples()), Throws.TypeOf<Forbidden>());
        var seen = await App.As("leader").Send(new ListSamples());
        if (seen.Count == 0)
            return;
        await Assert.ThatAsync(
            () => App.As("leader").Send(new ReviewSample { Id = 9, Verdict = "faulty" }),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await App.As("leader")
            .Send(
                new ReviewSample
                {
                    Id = 9,
                    Version = 1,
                    Verdict = "faulty",
                    Words = "金额写错",
                }
            );
        await Assert.ThatAsync(
            () =>
                App.As("leader")
                    .Send(
                        new ReviewSample
                        {
                            Id = 9,
                            Version = 1,
                            Verdict = "good",
                        }
                    ),
            Throws.TypeOf<Conflict>()
        );
        Assert.That(await App.As("leader").Send(new ListSamples()), Is.Empty);
    }
}
