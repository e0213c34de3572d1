using System.Net;
using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Laws;
using CourtOps.TrialSupport.Similar;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Similar;

/// <summary>The libraries that users fill: laws by version, public judgments, and the index that grows with both.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class LibraryTests(Engine engine) : AppTests(engine)
{
    private const string Law = "# 示例借贷规定\n施行日期：2021-01-01\n第一条 借款人应当按期返还借款。\n第二条 逾期的支付利息。\n";

    private const string Judgment =
        "吉林省高级人民法院\n民事判决书\n（2025）吉民终77号\n原告赵某与被告孙某民间借贷纠纷一案，本院立案后公开开庭进行了审理。\n"
        + "本院认为，出借人已经交付借款，借款人应当按照约定返还借款本金并支付利息，抗辩不能成立。依照《中华人民共和国民法典》第六百七十五条规定，判决如下：\n"
        + "驳回上诉，维持原判。\n二〇二五年六月一日";

    private static FormFile File(string name, byte[] bytes) => new(new MemoryStream(bytes), 0, bytes.Length, "File", name);

    private Task<LawRow> Import(string name, string text, DateOnly? from = null, string by = "scheduler") =>
        App.As(by).In(s => s.GetRequiredService<LawIntake>().ImportAsync(File(name, Encoding.UTF8.GetBytes(text)), null, from, null, default));

    private Task<LibraryCase> Case(string text, string by = "scheduler") =>
        App.As(by).In(s => s.GetRequiredService<CaseIntake>().ImportAsync(File("案例.txt", Encoding.UTF8.GetBytes(text)), "library", null, default));

    [Test]
    public async Task A_law_is_imported_by_version_looked_up_and_taken_out()
    {
        var first = await Import("规定.md", Law);
        Assert.That((first.Law, first.FromOn, first.ArticleCount), Is.EqualTo(("示例借贷规定", (DateOnly?)new DateOnly(2021, 1, 1), 2)));
        await Assert.ThatAsync(() => Import("又一份.md", Law), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("twin"));
        await Assert.ThatAsync(() => Import("新.txt", "示例借贷规定\n第一条 改了。"), Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("From"));
        var second = await Import("新.txt", "示例借贷规定\n第一条 借款人应当全部返还借款。", new(2026, 1, 1));
        await Assert.ThatAsync(() => Import("空.txt", "没有条文"), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-article"));
        await Assert.ThatAsync(() => Import("a.exe", Law), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("kind"));
        await Assert.ThatAsync(
            () => App.As("scheduler").In(s => s.GetRequiredService<LawIntake>().ImportAsync(File("a.txt", [0xff, 0xfe, 0x41]), null, null, null, default)),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("encoding")
        );
        await Assert.ThatAsync(() => Import("规定.md", Law, by: "judge"), Throws.TypeOf<Forbidden>());
        async Task<string?> On(int year) =>
            (await App.As("judge").In(s => s.GetRequiredService<LawShelf>().OpenAsync(default)))!.Article("示例借贷规定", 1, new DateOnly(year, 6, 1));
        Assert.That((await On(2025), await On(2026)), Is.EqualTo(("借款人应当按期返还借款。", "借款人应当全部返还借款。")));
        var judge = await App.SignedIn("judge");
        Assert.That(
            WebUtility.HtmlDecode(await judge.GetStringAsync("/trial/laws?Q=" + Uri.EscapeDataString("示例借贷规定第一条") + "&On=2025-03-01")),
            Does.Contain("借款人应当按期返还借款。")
        );
        Assert.That(
            WebUtility.HtmlDecode(await judge.GetStringAsync($"/trial/laws/{first.Id}")),
            Does.Contain("逾期的支付利息").And.Not.Contain("停用这个文本")
        );
        await Assert.ThatAsync(() => App.As("scheduler").Send(new DropLaw { Id = second.Id }), Throws.TypeOf<FluentValidation.ValidationException>());
        await App.As("scheduler").Send(new DropLaw { Id = second.Id, Reason = "文本有误" });
        await Assert.ThatAsync(() => App.As("scheduler").Send(new DropLaw { Id = second.Id, Reason = "x" }), Throws.TypeOf<RuleBroken>());
        Assert.That(await On(2026), Is.EqualTo("借款人应当按期返还借款。"), "the version before is in force again");
    }

    [Test]
    public async Task Public_judgments_and_what_is_issued_are_recommended_by_an_index_that_grows_and_is_written_down()
    {
        var caseId = await App.Case(4, SampleParty.Provided);
        await App.As("judge")
            .In(s =>
                s.GetRequiredService<DraftIntake>()
                    .WriteAsync(
                        caseId,
                        null,
                        null,
                        "吉林省汪清县人民法院\n民事判决书\n本院认为，借款人应当返还借款本金并支付利息。依照《中华人民共和国民法典》第六百七十五条规定，判决如下：\n一、偿还借款。",
                        "judgment",
                        "判决书",
                        default
                    )
            );
        Assert.That((await App.As("judge").Send(new Recommend { CaseId = caseId })).Cases, Is.Empty);
        var imported = await Case(Judgment);
        Assert.That(
            (imported.Title, imported.CaseNumber, imported.Cause, imported.JudgedOn),
            Is.EqualTo(("吉林省高级人民法院民事判决书", "（2025）吉民终77号", "民间借贷纠纷", (DateOnly?)new DateOnly(2025, 6, 1)))
        );
        await Assert.ThatAsync(() => Case(Judgment), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("twin"));
        await Assert.ThatAsync(() => Case("太短"), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("too-short"));
        await Assert.ThatAsync(() => Case(Judgment + "x", "judge"), Throws.TypeOf<Forbidden>());
        var found = (await App.As("judge").Send(new Recommend { CaseId = caseId })).Cases.Single();
        Assert.That((found.LibraryId, found.Href), Is.EqualTo(((long?)imported.Id, $"/trial/library/{imported.Id}")));
        var http = await App.SignedIn("judge");
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/cases/{caseId}/similar")), Does.Contain("吉林省高级人民法院民事判决书"));
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync("/trial/library")), Does.Contain("人民法院案例库"));
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/library/{imported.Id}")), Does.Contain("维持原判"));
        await App.RunJob<SaveIndex>();
        var place = await App.As(null).In(s => Task.FromResult(Path.GetDirectoryName(s.GetRequiredService<DataFolder>().File("similar", "cases.idx"))!));
        Assert.That(CaseIndex.Open(place).Ids, Is.EqualTo(new[] { "l" + imported.Id }));
        await App.As("scheduler").Send(new DropCase { Id = imported.Id, Reason = "重复" });
        Assert.That((await App.As("judge").Send(new Recommend { CaseId = caseId })).Cases, Is.Empty, "what was taken out is recommended no more");
    }

    [Test]
    public void An_index_that_grew_answers_as_one_that_was_made_at_once()
    {
        var texts = Enumerable
            .Range(0, 60)
            .Select(i =>
                ($"c{i}", CaseText.Of($"原告{i}与被告民间借贷纠纷一案，借款{i * 1000}元，第{i % 7}次催要，依照《中华人民共和国民法典》第六百七十五条规定"))
            )
            .ToList();
        var whole = CaseIndex.Empty.With(texts);
        var grown = CaseIndex.Empty.With(texts[..10]).With(texts[10..11]).With(texts[11..]);
        const string asked = "借款8000元，催要多次，民间借贷纠纷一案，依照《中华人民共和国民法典》第六百七十五条规定";
        Assert.That(grown.Query(asked, 20), Is.EqualTo(whole.Query(asked, 20)));
        var folder = Directory.CreateTempSubdirectory("index-").FullName;
        grown.Save(folder);
        Assert.That(CaseIndex.Open(folder).Query(asked, 20), Is.EqualTo(whole.Query(asked, 20)));
        Directory.Delete(folder, recursive: true);
    }
}
