using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using CourtOps.Contracts;
using CourtOps.Enforcement.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Enforcement.Linkage;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class LinkageTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task One_request_goes_to_several_agencies_and_comes_back_over_the_link_with_a_paper()
    {
        var (caseId, ruling) = await AgenciesAsync();
        var sent = await App.As("judge").Send(Freeze(caseId, ruling));
        Assert.That(sent.Select(l => (l.AgencyName, l.State)), Is.EqualTo(new[] { ("汪清测试银行", "sent"), ("延边测试登记", "sent") }));
        await Assert.ThatAsync(() => App.As("judge").Send(Freeze(caseId, ruling)), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("sent-already"));
        var link = "/p/agency/" + await App.As(null).In(s => Task.FromResult(s.GetRequiredService<Secrets>().Reveal(sent[0].TokenEnc)!));
        var agency = await App.Http();
        var page = WebUtility.HtmlDecode(await agency.GetStringAsync(new Uri(link, UriKind.Relative)));
        Assert.That(page, Does.Contain("冻结 1000 元").And.Contain("协助冻结").And.Contain(sent[0].Digest).And.Not.Contain("王某乙"), "only what was sent");
        Assert.That((await agency.GetAsync(new Uri(link + "/d/1", UriKind.Relative))).Content.Headers.ContentType!.MediaType, Is.EqualTo("application/pdf"));
        Assert.That((await agency.GetAsync(new Uri(link + "/d/2", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        using var form = new MultipartFormDataContent
        {
            { new StringContent("已冻结 1000 元"), "Answer" },
            { new StringContent("回执7"), "Receipt" },
            { new StringContent("经办某"), "By" },
            { new ByteArrayContent(SamplePdf.Of(1, "回执")), "paper", "r.pdf" },
            {
                new StringContent(Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value),
                "__RequestVerificationToken"
            },
        };
        var answered = await agency.PostAsync(new Uri(link, UriKind.Relative), form);
        Assert.That(answered.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await answered.Content.ReadAsStringAsync());
        await App.DrainAsync();
        await App.HearAgain<LinkageAnswered>();
        var row = await App.As(null).Value<LinkageRow>(LinkageRow.Columns + " WHERE l.id = @Id", new { sent[0].Id });
        Assert.That(
            (row!.State, row.Answer, row.Receipt, row.AnsweredBy, row.AnswerDocumentId is not null),
            Is.EqualTo(("answered", "已冻结 1000 元", "回执7", "经办某", true))
        );
        Assert.That(
            await App.Value<int>("SELECT COUNT(*) FROM workzone_document WHERE case_id = @caseId AND source = 'enforcement'", new { caseId }),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task The_agencys_own_key_answers_its_requests_and_no_others()
    {
        var (caseId, ruling) = await AgenciesAsync();
        var sent = await App.As("judge").Send(Freeze(caseId, ruling));
        var key = await App.WithKey("bank-key");
        var url = new Uri($"/api/v1/linkage-requests/{sent[0].Id}:answer", UriKind.Relative);
        var first = await key.PostAsJsonAsync(url, new { answer = "已冻结", receipt = "R1" });
        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK), await first.Content.ReadAsStringAsync());
        Assert.That(
            (await key.PostAsJsonAsync(url, new { answer = "已冻结", receipt = "R1" })).StatusCode,
            Is.EqualTo(HttpStatusCode.OK),
            "the same again changes nothing"
        );
        Assert.That((await key.PostAsJsonAsync(url, new { answer = "另一个", receipt = "R2" })).StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(
            (await key.PostAsJsonAsync(new Uri($"/api/v1/linkage-requests/{sent[1].Id}:answer", UriKind.Relative), new { answer = "x" })).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound),
            "another agency's"
        );
        Assert.That((await key.GetAsync(new Uri("/api/v1/measures", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task A_late_agency_is_urged_every_three_working_days_and_a_withdrawn_link_is_dead()
    {
        var (caseId, ruling) = await AgenciesAsync();
        var sent = await App.As("judge").Send(Freeze(caseId, ruling));
        for (var day = 0; day < 14; day++)
        {
            App.Advance(TimeSpan.FromDays(1));
            await App.RunJob<Sweep>();
        }
        Assert.That(
            await App.As(null).Rows<int>("SELECT urged FROM enforcement_linkage ORDER BY id"),
            Is.EqualTo(new[] { 3, 3 }),
            "from 6 March: 6, 11 and 16 March"
        );
        await App.As("judge").Send(new StepLinkage { Id = sent[0].Id, Step = "withdraw" });
        var link = "/p/agency/" + await App.As(null).In(s => Task.FromResult(s.GetRequiredService<Secrets>().Reveal(sent[0].TokenEnc)!));
        Assert.That((await (await App.Http()).GetAsync(new Uri(link, UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Bad_requests_are_refused()
    {
        var (caseId, ruling) = await AgenciesAsync();
        var good = Freeze(caseId, ruling);
        await Assert.ThatAsync(() => App.As("judge").Send(good with { DocumentIds = [] }), Throws.TypeOf<FluentValidation.ValidationException>());
        await Assert.ThatAsync(
            () => App.As("judge").Send(good with { Due = new DateOnly(2026, 3, 1) }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("Due")
        );
        await Assert.ThatAsync(() => App.As("judge").Send(good with { Agencies = ["没有的银行"] }), Throws.TypeOf<NotFound>());
        var other = await App.Case(2, new SampleParty("尹某己"));
        var foreign = await App.Document(other);
        await Assert.ThatAsync(
            () => App.As("judge").Send(good with { DocumentIds = [foreign] }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("DocumentIds")
        );
    }

    private async Task<(long CaseId, long Ruling)> AgenciesAsync()
    {
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = "bank-key",
                    Name = "银行接口",
                    Court = "吉2424",
                    Roles = ["agency"],
                    Password = TestApp.Password,
                }
            );
        await App.As("leader")
            .Send(
                new SaveAgency
                {
                    Name = "汪清测试银行",
                    Kind = "bank",
                    Login = "bank-key",
                }
            );
        await App.Send(new SaveAgency { Name = "延边测试登记", Kind = "realty" });
        var caseId = await App.Case(1, new SampleParty("王某乙"));
        return (caseId, await App.Document(caseId, "执行裁定书", "ruling"));
    }

    private static SendLinkage Freeze(long caseId, long ruling) =>
        new()
        {
            CaseId = caseId,
            Agencies = ["汪清测试银行", "延边测试登记"],
            Act = "freeze",
            Words = "冻结 1000 元",
            Basis = "《民事诉讼法》第二百五十三条",
            DocumentIds = [ruling],
            Due = new DateOnly(2026, 3, 5),
        };
}
