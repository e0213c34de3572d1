using System.Net;
using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Pages.Drafts;
using CourtOps.TrialSupport.Publication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Drafts;

/// <summary>A draft from its template or upload over check and signatures to a document of the case.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DraftTests(Engine engine) : AppTests(engine)
{
    private static readonly DocxPara[] Certificate =
    [
        new("吉林省汪清县人民法院", ParaStyle.Title),
        new("裁判文书生效证明书", ParaStyle.Title),
        new("本院（2026）吉2424民初1号判决已发生法律效力。"),
        new("二〇二六年三月二日", ParaStyle.Right),
    ];

    private async Task<Draft> Upload(long caseId, byte[] bytes, string by = "judge", string kind = "other", Draft? again = null)
    {
        App.As(by);
        return await App.In(async s =>
        {
            using var stream = new MemoryStream(bytes);
            return await s.GetRequiredService<DraftIntake>()
                .AddAsync(caseId, again?.Id, again?.Version, new FormFile(stream, 0, bytes.Length, "File", "文书.docx"), kind, "证明书", default);
        });
    }

    private static byte[] Ruling(string court = "吉林省汪清县人民法院") =>
        DocxWriter.Write([
            new(court, ParaStyle.Title),
            new("民事裁定书", ParaStyle.Title),
            new("（2026）吉2424民初1号", ParaStyle.Right),
            new("原告：张某甲，男，1980年1月1日出生，汉族，住汪清县。"),
            new("被告：王某乙，男，1981年2月2日出生，汉族，住汪清县。"),
            new("原告张某甲与被告王某乙民间借贷纠纷一案，本院立案后，张某甲申请撤诉。"),
            new("本院认为，撤诉申请不违反法律规定。依照《中华人民共和国民事诉讼法》第一百四十八条规定，裁定如下："),
            new("准许原告张某甲撤回起诉。"),
            new("审判员　李测试", ParaStyle.Right),
            new("二〇二六年三月二日", ParaStyle.Right),
            new("书记员　钱演示", ParaStyle.Right),
        ]);

    [Test]
    public async Task A_clean_ruling_is_signed_issued_and_becomes_a_document_once()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var draft = await Upload(caseId, Ruling(), "assistant", "ruling");
        Assert.That((draft.State, draft.Errors), Is.EqualTo(("checked", 0)));
        draft = await App.As("assistant").Send(new SignDraft { Id = draft.Id, Version = draft.Version });
        Assert.That((draft.State, draft.AssistantName is not null), Is.EqualTo(("checked", true)));
        await Assert.ThatAsync(
            () => App.As("judge").Send(new IssueDraft { Id = draft.Id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("unsigned")
        );
        await Assert.ThatAsync(() => App.As("assistant").Send(new IssueDraft { Id = draft.Id }), Throws.TypeOf<Forbidden>());
        draft = await App.As("judge").Send(new SignDraft { Id = draft.Id, Version = draft.Version });
        await App.As("judge").Send(new IssueDraft { Id = draft.Id, Version = draft.Version });
        await App.DrainAsync();
        await App.DrainAsync();
        var issued = (await App.Published<DocumentIssued>()).Single();
        Assert.That((issued.CaseId, issued.Kind), Is.EqualTo((caseId, "ruling")));
        Assert.That((await App.As("judge").Send(new ShowDraft { Id = draft.Id })).Draft.DocumentId, Is.EqualTo(issued.DocumentId));
        Assert.That((await App.Published<DocumentAdded>()).Count(d => d.DocumentId == issued.DocumentId), Is.EqualTo(1));
        await Assert.ThatAsync(() => App.As("judge").Send(new IssueDraft { Id = draft.Id }), Throws.TypeOf<RuleBroken>());
        Assert.That(await App.Verify(), Is.Empty);
        var asked = await App.As("judge")
            .Send(
                new AskPublication
                {
                    DraftId = draft.Id,
                    EffectiveOn = new(2026, 3, 2),
                    Names = ["钱演示"],
                }
            );
        Assert.That((asked.State, asked.Reason, asked.DueOn, asked.Changes > 0), Is.EqualTo(("asked", (string?)null, new DateOnly(2026, 3, 11), true)));
        await Assert.ThatAsync(() => App.As("judge2").Send(new DecidePublication { Id = asked.Id, Step = "publish" }), Throws.TypeOf<NotFound>());
        await App.As("judge").Send(new DecidePublication { Id = asked.Id, Step = "publish" });
        var shown = (await App.As(null).Send(new PublicDocuments { Id = asked.Id })).Single();
        Assert.That(string.Join("", shown.Paragraphs), Does.Contain("钱某").And.Not.Contain("钱演示").And.Contain("住××"));
        await App.As("judge").Send(new CourtOps.Workzone.Cases.SealCase { CaseId = caseId, Reason = "涉密" });
        Assert.That(await App.As(null).Send(new PublicDocuments()), Is.Empty, "of a case that was sealed nothing is published");
    }

    [Test]
    public async Task With_an_error_open_nobody_signs_and_a_new_revision_takes_signatures_away()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var draft = await Upload(caseId, Ruling("汪清县人民法院"), kind: "ruling");
        Assert.That(draft.Errors, Is.EqualTo(1));
        await Assert.ThatAsync(
            () => App.As("judge").Send(new SignDraft { Id = draft.Id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("open-errors")
        );
        await Assert.ThatAsync(
            () =>
                App.As("assistant")
                    .Send(
                        new SettleFinding
                        {
                            Id = draft.Id,
                            N = 1,
                            Words = "惯例",
                        }
                    ),
            Throws.TypeOf<Forbidden>(),
            "an error is the judge's to answer for"
        );
        await App.As("judge")
            .Send(
                new SettleFinding
                {
                    Id = draft.Id,
                    N = 1,
                    Words = "省高院统一格式",
                }
            );
        draft = await App.As("judge").Send(new SignDraft { Id = draft.Id });
        Assert.That(draft.State, Is.EqualTo("signed"));
        draft = await Upload(caseId, Ruling(), kind: "ruling", again: draft);
        Assert.That((draft.State, draft.Revision, draft.Errors, draft.JudgeName), Is.EqualTo(("checked", 2, 0, (string?)null)));
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowDraft { Id = draft.Id }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task A_damaged_file_is_refused_and_nothing_is_kept()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        await Assert.ThatAsync(() => Upload(caseId, [1, 2, 3]), Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("File"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM trial_draft"), Is.Zero);
        Assert.That(Certificate, Is.Not.Empty);
    }

    [Test]
    public async Task Every_template_is_filled_from_the_case_and_reads_back()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        Assert.That(CourtTemplates.All, Has.Count.GreaterThanOrEqualTo(8));
        foreach (var template in CourtTemplates.All)
        {
            var made = await App.As("judge").Send(new Template.Query { CaseId = caseId, Code = template.Code });
            using var stream = new MemoryStream(DocxWriter.Write(made.Paragraphs));
            var paper = new Paper(Docx.Read(stream));
            Assert.That(paper.All[0].Text, Is.EqualTo("吉林省汪清县人民法院"), template.Code);
            Assert.That(paper.Number.Text, Is.EqualTo("（2026）吉2424民初1号"), template.Code);
            var errors = Checker
                .Run(
                    new CheckAsk(
                        paper,
                        new CaseFile
                        {
                            Number = "（2026）吉2424民初1号",
                            Court = "汪清县人民法院",
                            Parties = [new() { Name = "张某甲", Role = "原告" }, new() { Name = "王某乙", Role = "被告" }],
                        },
                        new DateOnly(2026, 3, 2)
                    )
                )
                .Where(f => f.Check is "party-missing" or "party-name" or "court-name" or "case-number" or "date");
            Assert.That(errors.Select(e => $"{template.Code}: {e.Check} {e.Text}"), Is.Empty);
        }
        await Assert.ThatAsync(() => App.As("judge").Send(new Template.Query { CaseId = caseId, Code = "nothing" }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task The_pages_open_and_the_template_is_a_file()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var draft = await Upload(caseId, Ruling("汪清县人民法院"), kind: "ruling");
        var judge = await App.SignedIn("judge");
        foreach (
            var (path, words) in new[]
            {
                ($"/trial/drafts/{draft.Id}", "暂不能签发"),
                ("/trial/drafts", "证明书"),
                ($"/trial/cases/{caseId}/drafts", "从模板生成"),
                ($"/trial/cases/{caseId}/closing", "报结"),
                ($"/trial/cases/{caseId}/templates/judgment", "判决如下"),
                ("/trial", "庭审"),
                ("/trial/calendar", "排期"),
                ("/trial/cause-list", "庭审表"),
                ("/trial/rooms", "法庭"),
                ($"/trial/cases/{caseId}/schedule", "找庭期"),
                ("/hearings", "开庭公告"),
            }
        )
        {
            var answer = await judge.GetAsync(new Uri(path, UriKind.Relative));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(words), path);
        }
        var file = await judge.GetAsync(new Uri($"/trial/cases/{caseId}/templates/judgment?docx=true", UriKind.Relative));
        using var stream = new MemoryStream(await file.Content.ReadAsByteArrayAsync());
        Assert.That(Docx.Read(stream).Paragraphs[1], Is.EqualTo("民事判决书"));
    }
}
