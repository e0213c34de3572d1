using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Closing;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Laws;
using CourtOps.TrialSupport.Publication;
using CourtOps.TrialSupport.Similar;
using CourtOps.Workzone.Register;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Drafts;

/// <summary>The check in the product: against the record of the case and the library, with its history.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RecordCheckTests(Engine engine) : AppTests(engine)
{
    private static readonly string[] Judgment =
    [
        "吉林省汪清县人民法院",
        "民事判决书",
        "（2026）吉2424民初1号",
        "原告：张某甲，男，1980年1月1日出生，汉族，住吉林省汪清县。",
        "被告：王某乙，男，1981年2月2日出生，汉族，住吉林省汪清县。",
        "原告张某甲与被告王某乙民间借贷纠纷一案，本院立案后，公开开庭进行了审理。",
        "本院认为，借款事实清楚。依照《中华人民共和国民法典》第六百七十五条规定，判决如下：",
        "一、被告王某乙于本判决生效之日起十日内偿还原告张某甲借款50000元。",
        "如果未按本判决指定的期间履行给付金钱义务，应当依照《中华人民共和国民事诉讼法》第二百六十四条规定，加倍支付迟延履行期间的债务利息。",
        "案件受理费1050元，由被告王某乙负担。",
        "如不服本判决，可以在判决书送达之日起十五日内，向本院递交上诉状，并按对方当事人的人数提出副本，上诉于吉林省延边朝鲜族自治州中级人民法院。",
        "审判员　李测试",
        "二〇二六年三月二日",
        "书记员　钱演示",
    ];

    private Task<Draft> Write(long caseId, IEnumerable<string> lines, Draft? again = null, string kind = "judgment", string title = "判决书") =>
        App.As("judge")
            .In(s => s.GetRequiredService<DraftIntake>().WriteAsync(caseId, again?.Id, again?.Version, string.Join('\n', lines), kind, title, default));

    private async Task<IReadOnlyList<DraftFinding>> Found(Draft draft) => (await App.As("judge").Send(new ShowDraft { Id = draft.Id })).Findings;

    private async Task Library(params LawArticle[] articles)
    {
        var path = await App.As(null).In(s => Task.FromResult(s.GetRequiredService<DataFolder>().File("laws", "laws.json")));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(articles, Json.Stored));
    }

    [Test]
    public async Task Fee_claims_panel_and_library_of_the_record_are_looked_at()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        await App.Change("UPDATE workzone_case SET procedure_code = 'MC-ORD' WHERE id = @caseId", new { caseId });
        await App.Hear(
            new CaseRegistered
            {
                CaseId = caseId,
                ProcedureCode = "MC-SUM",
                FeeCents = 52500,
                Claims = ["判令被告偿还借款50000元", "判令被告支付利息2000元"],
            },
            Catalogue.CaseKey(caseId)
        );
        await App.HearAgain<CaseRegistered>();
        var name = await App.As(null).Value<string>("SELECT name FROM workzone_person WHERE id = @id", new { id = await App.IdOf("judge") });
        var lines = Judgment.Select(l => l.Replace("李测试", name)).ToList();
        var clean = await Found(await Write(caseId, lines));
        Assert.That(clean.Where(f => f.Severity == "error").Select(f => $"{f.CheckCode} {f.Words}"), Is.EqualTo(new[] { "claims 判令被告支付利息2000元" }));
        var wrong = await Found(await Write(caseId, lines.Select(l => l.Replace("受理费1050元", "受理费525元"))));
        Assert.That(wrong.Select(f => f.CheckCode), Does.Contain("fee"), "half is paid in the simple procedure, and the case has left it");
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
        var panel = await Found(await Write(caseId, lines));
        Assert.That(panel.Where(f => f.CheckCode == "signers").Select(f => f.Reason), Has.Some.Contains("没有署名"));
        await Library(new LawArticle("中华人民共和国民法典", "第六百七十五条", 675, "借款人应当按照约定的期限返还借款。", new(2027, 1, 1), null, "a"));
        var dated = await Found(await Write(caseId, lines));
        Assert.That(dated.Where(f => f.CheckCode == "citation").Select(f => f.Source), Has.Some.Contains("2026-03-02"), "no version of that law on the day");
    }

    [Test]
    public async Task A_library_beside_a_draft_is_asked_by_words_and_never_narrowed_by_what_the_draft_cites()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        await Library(
            new LawArticle("中华人民共和国民法典", "第六百七十五条", 675, "借款人应当按照约定的期限返还借款。", new(2021, 1, 1), null, "a"),
            new LawArticle("中华人民共和国民法典", "第五百七十七条", 577, "当事人一方不履行合同义务的，应当承担违约责任。", new(2021, 1, 1), null, "a"),
            new LawArticle("民间借贷规定", "第二十五条", 25, "出借人请求借款人按照合同约定利率支付利息的，人民法院应予支持。", new(2021, 1, 1), null, "b")
        );
        var lines = Judgment.Select(l =>
            l.Replace(
                "本院认为，借款事实清楚。",
                "本院认为，借款人应当按照约定的期限返还借款，并按照合同约定利率支付利息，出借人的请求成立，被告不履行合同义务，应当承担责任。"
            )
        );
        await Write(caseId, lines);
        var shown = await App.As("judge").Send(new Recommend { CaseId = caseId });
        var near = await App.In(s => s.GetRequiredService<LawShelf>().NearAsync(shown.Words, default));
        Assert.That(near!.Select(l => l.Law).Distinct().Count(), Is.EqualTo(2), "both laws, not the first that is cited");
        Assert.That(near!.Count, Is.EqualTo(3));
        var http = await App.SignedIn("judge");
        var page = System.Net.WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/cases/{caseId}/similar"));
        Assert.That(page, Does.Contain("第二十五条").And.Contain("第六百七十五条"));
    }

    [TestCase("民法典第5七条")]
    [TestCase("第12345678901条")]
    [TestCase("民法典第５７７条")]
    [TestCase("第条")]
    public void A_number_that_is_none_is_just_words(string query)
    {
        var laws = LawLibrary.Of([new LawArticle("中华人民共和国民法典", "第五百七十七条", 577, "违约责任", null, null, "a")]);
        Assert.That(() => laws.Find(query, null, null, null, 3), Throws.Nothing);
        var paper = new CourtOps.TrialSupport.Checks.Paper(
            new CourtOps.TrialSupport.Checks.DocxText(
                [$"依照《中华人民共和国民法典》{query}，偿还１２３元和99999999999999999999999999999999元。"],
                [],
                0,
                null,
                [null]
            )
        );
        Assert.That(() => CourtOps.TrialSupport.Checks.Checker.Run(new CourtOps.TrialSupport.Checks.CheckAsk(paper, null, new(2026, 3, 2))), Throws.Nothing);
    }

    [Test]
    public async Task A_blank_is_an_error_nobody_settles_and_a_text_with_one_is_not_issued()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var draft = await Write(
            caseId,
            ["吉林省汪清县人民法院", "通知书", "（2026）吉2424民初1号", "请于＿＿＿＿日前到庭。", "二〇二六年三月二日"],
            kind: "notice"
        );
        var blank = (await Found(draft)).Single(f => f.CheckCode == "blank");
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new SettleFinding
                        {
                            Id = draft.Id,
                            N = blank.N,
                            Words = "当场填写",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("blank")
        );
        // signed before blanks were looked for
        await App.Change("UPDATE trial_draft SET state = 'signed' WHERE id = @Id", new { draft.Id });
        await Assert.ThatAsync(
            () => App.As("judge").Send(new IssueDraft { Id = draft.Id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("blank")
        );
    }

    [Test]
    public async Task What_the_first_check_found_stays_when_it_is_mended()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var draft = await Write(caseId, ["吉林省汪清县人民法院", "民事判决书", "（2026）吉2424民初999号", "正文。"]);
        Assert.That(draft.Errors, Is.GreaterThan(0));
        var before = await Found(draft);
        var again = await Write(caseId, ["吉林省汪清县人民法院", "通知书", "（2026）吉2424民初1号", "已改。", "二〇二六年三月二日"], draft, "notice");
        var shown = await App.As("judge").Send(new ShowDraft { Id = draft.Id });
        Assert.That(shown.Revisions.Select(r => (r.Revision, r.Errors > 0)), Is.EqualTo(new[] { (2, again.Errors > 0), (1, true) }));
        Assert.That(await App.As("judge").In(s => s.GetRequiredService<DraftBook>().PastAsync(draft.Id, 1, default)), Has.Count.EqualTo(before.Count));
        var board = await App.As("judge").Send(new ShowTrialBoard());
        Assert.That((board.All.Drafts, board.All.CleanDrafts), Is.EqualTo((1, 0)), "mended is not right at once");
        Assert.That(board.Faults.Where(f => f.CheckCode == "case-number").Select(f => (f.N, f.JudgeName.Length > 0)), Is.EqualTo(new[] { (1, true) }));
    }

    [TestCase("吉林省汪清县人民法院|民 事 判 决 书|（2026）吉2424民初1号", "民事判决书")]
    [TestCase("张某甲诉王某乙离婚|正文", "裁判文书")]
    public void What_is_published_is_called_by_its_kind(string text, string title) => Assert.That(Redaction.PublicTitle(text.Split('|')), Is.EqualTo(title));

    [TestCase("""{"lines":[{"from":1,"until":2,"speaker":null,"words":null},{"from":2,"words":"好"},null]}""", "好")]
    [TestCase("""{"lines":[{"from":1,"speaker":null,"words":"是"}]}""", "是")]
    public void A_line_of_speech_without_words_or_speaker_does_no_harm(string json, string words) =>
        Assert.That(CourtOps.TrialSupport.Speech.SpeechEngine.Read(json).Lines!.Select(l => (l.Words, l.Speaker)), Is.EqualTo(new[] { (words, "") }));

    [Test]
    public async Task Only_the_judge_of_the_case_closes_it()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        await App.As("judge").Send(new AskClosing { CaseId = caseId });
        await App.Change("UPDATE workzone_case SET judge_id = @other WHERE id = @caseId", new { caseId, other = await App.IdOf("judge2") });
        CloseCase close = new()
        {
            CaseId = caseId,
            How = "withdrawn",
            On = new(2026, 3, 2),
        };
        await Assert.ThatAsync(() => App.As("judge").Send(close), Throws.TypeOf<Forbidden>().Or.TypeOf<NotFound>());
    }
}
