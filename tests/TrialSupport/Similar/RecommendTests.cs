using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Meetings;
using CourtOps.TrialSupport.Similar;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Similar;

/// <summary>What is recommended beside a draft, when a departure is told, and the duty of search.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RecommendTests(Engine engine) : AppTests(engine)
{
    [TestCase("判决如下：|一、被告偿还原告借款五万元；|案件受理费50元", "Granted")]
    [TestCase("判决如下：|一、被告偿还原告借款五万元；|二、驳回原告的其他诉讼请求。|案件受理费50元", "Partly")]
    [TestCase("判决如下：|驳回原告的诉讼请求。|如不服本判决", "Rejected")]
    [TestCase("裁定如下：|准许原告撤回起诉。", "Withdrawn")]
    [TestCase("当事人自愿达成如下协议：|一、还款", "Mediated")]
    [TestCase("特此证明。", "Unknown")]
    public void How_a_judgment_ended(string text, string ended) => Assert.That(Likeness.Ended(text.Split('|')).ToString(), Is.EqualTo(ended));

    [TestCase("Rejected", "Granted Granted Partly", "Granted 3 3")]
    [TestCase("Rejected", "Granted Granted Granted Rejected", "Granted 3 4")]
    [TestCase("Rejected", "Granted Rejected Rejected", null)]
    [TestCase("Rejected", "Granted Granted", null, Description = "too few")]
    [TestCase("Unknown", "Granted Granted Granted", null)]
    [TestCase("Granted", "Mediated Withdrawn Unknown Rejected", null)]
    public void A_departure_is_told(string own, string others, string? told)
    {
        var departs = Likeness.Departs(Enum.Parse<Disposition>(own), [.. others.Split(' ').Select(Enum.Parse<Disposition>)]);
        Assert.That(departs is { } d ? $"{d.Most} {d.Count} {d.Of}" : null, Is.EqualTo(told));
    }

    [Test]
    public void What_matched_is_said_and_what_has_nothing_of_it_is_left_out()
    {
        var asked = CaseText.Of("原告张某与被告王某民间借贷纠纷一案，借款50000元。依照《中华人民共和国民法典》第六百七十五条规定");
        var ranked = Likeness.Rank(
            asked,
            "民间借贷纠纷",
            [
                (1, "民间借贷纠纷", CaseText.Of("借款60000元未还。依照《中华人民共和国民法典》第六百七十五条规定")),
                (2, "离婚纠纷", CaseText.Of("感情破裂")),
                (3, "民间借贷纠纷", CaseText.Of("借款900000元")),
            ],
            5
        );
        Assert.That(
            ranked.Select(r => (r.Id, r.SameCause, string.Join(',', r.Articles), r.LikeSum)),
            Is.EqualTo(new[] { (1L, true, "民法典675", true), (3L, true, "", false) })
        );
        Assert.That(Likeness.Rank(asked, "x", [], 5), Is.Empty);
    }

    [Test]
    public async Task Issued_documents_are_recommended_a_departure_is_told_and_the_search_comes_before_the_panel()
    {
        for (var i = 1; i <= 3; i++)
            await DraftAsync(await App.Case(i, SampleParty.Provided), "一、被告王某乙偿还原告张某甲借款50000元。", issued: true);
        var caseId = await App.Case(4, SampleParty.Provided);
        await DraftAsync(caseId, "驳回原告张某甲的诉讼请求。", issued: false);
        var shown = await App.As("judge").Send(new Recommend { CaseId = caseId });
        Assert.That(
            (shown.Cases.Count, shown.Own, shown.Departs),
            Is.EqualTo((3, Disposition.Rejected, ((Disposition, int, int)?)(Disposition.Granted, 3, 3)))
        );
        Assert.That(shown.Cases[0].Like.SameCause, Is.True);
        await Assert.ThatAsync(() => App.As("judge2").Send(new Recommend { CaseId = caseId }), Throws.TypeOf<NotFound>());
        var http = await App.SignedIn("judge");
        foreach (
            var path in new[]
            {
                $"/trial/cases/{caseId}/similar?draftId={shown.Draft!.Id}",
                $"/trial/cases/{caseId}/similar",
                $"/trial/cases/{caseId}/searches",
            }
        )
            Assert.That((await http.GetAsync(path)).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.OK), path);
        CallMeeting call = new()
        {
            CaseId = caseId,
            On = new(2026, 3, 2),
            Agenda = "是否驳回",
            Members = [await App.IdOf("judge2"), await App.IdOf("leader")],
            Special = "conflict",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(call), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-search"));
        FileSearch search = new()
        {
            CaseId = caseId,
            Places = ["own"],
            Words = "借贷",
            Results = "（2026）一号",
            Follow = "depart",
            Reason = "没有交付借款",
        };
        await Assert.ThatAsync(() => FileAsync(search), Throws.TypeOf<FluentValidation.ValidationException>().With.Message.Contains("案例库"));
        search = search with { Places = ["library", "own"] };
        await Assert.ThatAsync(() => FileAsync(search, "judge2"), Throws.TypeOf<NotFound>());
        await FileAsync(search);
        var filed = (await App.As("judge").Send(new ListSearches { CaseId = caseId })).Rows.Single();
        Assert.That(
            await App.As(null).Value<string>("SELECT volume FROM workzone_document WHERE id = @DocumentId", new { filed.DocumentId }),
            Is.EqualTo("secondary")
        );
        var meeting = await App.As("judge").Send(call);
        Assert.That((await App.As("judge").Send(new ShowMeeting { Id = meeting })).Row.SearchReport, Is.EqualTo("借贷：不参照。没有交付借款"));
    }

    private Task<long> FileAsync(FileSearch search, string by = "judge") =>
        App.As(by).In(s => s.GetRequiredService<SearchReports>().FileAsync(search, default));

    private async Task DraftAsync(long caseId, string main, bool issued)
    {
        var bytes = DocxWriter.Write([
            new("吉林省汪清县人民法院", ParaStyle.Title),
            new("民事判决书", ParaStyle.Title),
            new("原告张某甲与被告王某乙民间借贷纠纷一案，本院立案后公开开庭。"),
            new("本院认为，借款事实清楚。依照《中华人民共和国民法典》第六百七十五条规定，判决如下："),
            new(main),
        ]);
        var draft = await App.As("judge")
            .In(s =>
                s.GetRequiredService<DraftIntake>()
                    .AddAsync(caseId, null, null, new FormFile(new MemoryStream(bytes), 0, bytes.Length, "File", "文书.docx"), "judgment", "判决书", default)
            );
        if (issued)
            await App.As(null).Change("UPDATE trial_draft SET state = 'issued', issued_on = '2026-03-02' WHERE id = @Id", new { draft.Id });
    }
}
