using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Drafts;
using CourtOps.Workzone.Cases;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Drafts;

/// <summary>Templates of a court: fields, loops, conditions, versions, preview, a series of cases.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class TemplateTests(Engine engine) : AppTests(engine)
{
    private static readonly TemplateFacts Facts = new(
        new CaseCard
        {
            Number = "（2026）吉2424民初1号",
            CourtName = "汪清县人民法院",
            Kind = "civil",
            Cause = "民间借贷纠纷",
            ProcedureCode = "MC-SUM",
            FiledOn = new(2026, 2, 2),
            JudgeName = "李测试",
        },
        [
            new PartyContact
            {
                Id = 1,
                Name = "张某甲",
                Role = "原告",
                PartyType = "natural",
                IdNumber = "22242419800101001X",
            },
            new PartyContact
            {
                Id = 2,
                Name = "某公司",
                Role = "被告",
                PartyType = "legal",
            },
        ],
        [
            new AgentCard
            {
                PartyId = 2,
                Name = "代理甲",
                AgentType = "律师",
            },
        ],
        new(2026, 3, 2),
        null,
        null
    )
    {
        FeeYuan = 525,
        Claims = ["偿还借款50000元"],
    };

    [TestCase("{{案号}}", "（2026）吉2424民初1号")]
    [TestCase("{{ 法院全称 }}与{{书记员}}", "吉林省汪清县人民法院与＿＿＿＿")]
    [TestCase(
        "{{#当事人}}|{{诉讼地位}}：{{姓名}}{{#自然人}}，{{性别}}，{{出生日期}}出生{{/自然人}}。|{{/当事人}}",
        "原告：张某甲，男，1980年1月1日出生。|被告：某公司。"
    )]
    [TestCase("{{#简易程序}}独任{{/简易程序}}{{^简易程序}}合议{{/简易程序}}", "独任")]
    [TestCase("{{^有第三人}}|没有第三人|{{/有第三人}}", "没有第三人")]
    [TestCase("{{#被告}}|{{姓名}}{{#代理人}}，代理人{{姓名}}{{/代理人}}|{{/被告}}", "某公司，代理人代理甲")]
    [TestCase("{{#各项请求}}|{{序号大写}}、{{请求内容}}|{{/各项请求}}", "一、偿还借款50000元")]
    [TestCase("{{受理费负担句}}", "案件受理费1050元，减半收取计525元")]
    public void A_template_is_filled(string template, string made) =>
        Assert.That(
            string.Join('|', TemplateText.Fill([.. template.Split('|').Select(l => new TemplateLine(l, ParaStyle.Body))], Facts).Select(p => p.Text)),
            Is.EqualTo(made)
        );

    [TestCase("{{没有这个}}", "第 1 段：没有字段“没有这个”")]
    [TestCase("{{#当事人}}", "第 1 段：“当事人”没有结尾")]
    [TestCase("正文|{{/当事人}}", "第 2 段：“{{/当事人}}”没有对应的开头")]
    [TestCase("{{#什么}}{{/什么}}", "第 1 段：没有条件或者循环“什么”")]
    [TestCase("{{案号", "第 1 段：有不完整的“{{”或者“}}”")]
    [TestCase("{{案号}}", "")]
    public void A_fault_is_named_with_its_paragraph(string template, string fault) =>
        Assert.That(string.Join('；', TemplateText.Faults([.. template.Split('|').Select(l => new TemplateLine(l, ParaStyle.Body))])), Is.EqualTo(fault));

    [Test]
    public void Each_paragraph_says_where_its_fields_come_from()
    {
        Assert.That(
            TemplateText.Fill([new TemplateLine("{{案号}}，{{受理费}}元", ParaStyle.Body)], Facts).Single().Source,
            Is.EqualTo("案号：案件登记；受理费：立案登记")
        );
        Assert.That(TemplateFields.SourcesIn("由李测试审理民间借贷纠纷", Facts), Is.EqualTo("案由：案件登记；承办法官：案件登记"));
    }

    [TestCase("22242419800101001X", "男 1980-01-01")]
    [TestCase("222424198013010021", null, Description = "no such month")]
    [TestCase("2224241980010100", null)]
    [TestCase(null, null)]
    public void The_number_says_sex_and_birth(string? number, string? said) =>
        Assert.That(IdFacts.Of(number) is { } f ? $"{f.Sex} {f.Born:yyyy-MM-dd}" : null, Is.EqualTo(said));

    private Task<TemplateRow> Save(string text, string? code = null, DateOnly? from = null, string by = "scheduler") =>
        App.As(by)
            .In(async s =>
            {
                var bytes = DocxWriter.Write(DraftText.Paragraphs(text));
                using var stream = new MemoryStream(bytes);
                return await s.GetRequiredService<TemplateIntake>()
                    .SaveAsync(new FormFile(stream, 0, bytes.Length, "File", "通知.docx"), code, "缴费提醒", "notice", from, default);
            });

    [Test]
    public async Task A_template_has_versions_with_dates_is_previewed_and_makes_a_series()
    {
        await App.Case(1, SampleParty.Provided);
        await App.Case(2, SampleParty.Provided);
        await Assert.ThatAsync(() => Save("{{不存在}}"), Throws.TypeOf<RuleBroken>().With.Message.Contains("没有字段“不存在”"));
        await Assert.ThatAsync(() => Save("{{案号}}", by: "judge"), Throws.TypeOf<Forbidden>());
        await Assert.ThatAsync(() => Save("{{案号}}", "no-such-code"), Throws.TypeOf<NotFound>());
        const string text = "{{法院全称}}\n通知书\n{{案号}}\n{{#被告}}\n{{姓名}}：\n{{/被告}}\n请按期缴费。\n{{今天大写}}";
        var first = await Save(text);
        var later = await Save(text.Replace("请按期缴费", "请于七日内缴费"), first.Code, new(2026, 4, 1));
        Assert.That((first.N, later.N, later.Code), Is.EqualTo((1, 2, first.Code)));
        var shown = await App.As("judge").Send(new ShowTemplate { Id = first.Id, Number = "（2026）吉2424民初1号" });
        Assert.That(shown.Preview.Select(p => p.Text), Does.Contain("王某乙：").And.Contain("请按期缴费。"));
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowTemplate { Id = first.Id, Number = "（2026）吉2424民初1号" }), Throws.TypeOf<NotFound>());
        var lines = await App.As("judge")
            .In(s =>
                s.GetRequiredService<TemplateIntake>()
                    .BatchAsync(first.Code, ["（2026）吉2424民初1号", "（2026）吉2424民初2号", "（2026）吉2424民初99号", " "], default)
            );
        Assert.That(lines.Select(l => (l.DraftId is not null, l.Refused is null)), Is.EqualTo(new[] { (true, true), (true, true), (false, false) }));
        Assert.That(await App.As("judge").Send(new ListDrafts()), Has.Count.EqualTo(2));
        var http = await App.SignedIn("judge");
        foreach (var path in new[] { "/trial/templates", $"/trial/templates/{first.Id}?Number=（2026）吉2424民初1号", "/trial/templates/batch" })
            Assert.That((await http.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        App.At(new DateTimeOffset(2026, 4, 2, 1, 0, 0, TimeSpan.Zero));
        async Task<string> Made()
        {
            var caseId = await App.As(null).Value<long>("SELECT id FROM workzone_case WHERE number = '（2026）吉2424民初1号'");
            return string.Join(
                '|',
                (await App.As("judge").Send(new CourtOps.TrialSupport.Pages.Drafts.Template.Query { CaseId = caseId, Code = first.Code })).Paragraphs.Select(
                    p => p.Text
                )
            );
        }
        Assert.That(await Made(), Does.Contain("请于七日内缴费"));
        await App.As("scheduler").Send(new DropTemplate { Id = later.Id, Reason = "写错" });
        Assert.That(await Made(), Does.Contain("请按期缴费"), "the version before fills again");
    }

    [Test]
    public async Task A_built_in_template_gives_way_to_the_courts_own_and_titles_follow_the_kind_of_case()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        async Task<CourtOps.TrialSupport.Pages.Drafts.Template.Result> Made(string code) =>
            await App.As("judge").Send(new CourtOps.TrialSupport.Pages.Drafts.Template.Query { CaseId = caseId, Code = code });
        await App.Change("UPDATE workzone_case SET kind = 'enforcement' WHERE id = @caseId", new { caseId });
        Assert.That((await Made("suspend-ruling")).Paragraphs[1].Text, Is.EqualTo("执行裁定书"));
        await App.Change("UPDATE workzone_case SET kind = 'civil' WHERE id = @caseId", new { caseId });
        var built = await Made("judgment");
        Assert.That(built.Paragraphs.Where(p => p.Source.Length > 0).Select(p => p.Source), Has.Some.Contains("案由：案件登记"));
        await Save("{{法院全称}}\n民事判决书\n{{案号}}\n本院自己的格式。", "judgment");
        Assert.That((await Made("judgment")).Paragraphs.Select(p => p.Text), Does.Contain("本院自己的格式。"));
    }
}
