using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Enforcement.Linkage;

/// <summary>An agency that answers by two: the first prepares over one link, the second releases over another.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class TwoPersonsTests(Engine engine) : AppTests(engine)
{
    [TestCase("经办某", "复核某", "经办某（复核：复核某）")]
    [TestCase("经办某", "经办某", null)]
    [TestCase("Li Lei", "ＬＩ　ＬＥＩ", null, Description = "the same name in other signs")]
    [TestCase("经办某", " ", null)]
    public void Another_person_releases(string one, string other, string? both)
    {
        if (both is null)
            Assert.That(() => TwoPersons.Both(one, other, "By"), Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("By"));
        else
            Assert.That(TwoPersons.Both(one, other, "By"), Is.EqualTo(both));
    }

    [Test]
    public async Task What_the_first_prepared_counts_when_the_second_released_it()
    {
        var caseId = await App.Case(1, new SampleParty("王某乙"));
        await App.As("leader")
            .Send(
                new SaveAgency
                {
                    Name = "汪清测试银行",
                    Kind = "bank",
                    TwoPersons = true,
                }
            );
        var sent = (
            await App.As("judge")
                .Send(
                    new SendLinkage
                    {
                        CaseId = caseId,
                        Agencies = ["汪清测试银行"],
                        Act = "query",
                        Words = "查询账户",
                        Due = new(2026, 3, 9),
                    }
                )
        ).Single();
        var (first, second) = await App.In(s =>
            Task.FromResult((s.GetRequiredService<Secrets>().Reveal(sent.TokenEnc)!, s.GetRequiredService<Secrets>().Reveal(sent.ReleaseEnc)!))
        );
        var http = await App.Http();
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync("/p/agency/" + second)), Does.Contain("经办人还没有提交反馈"));
        await Assert.ThatAsync(
            () =>
                App.As(null)
                    .Send(
                        new AnswerByLink
                        {
                            Token = second,
                            Answer = "无",
                            By = "复核某",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("release-link")
        );
        await App.As(null)
            .Send(
                new AnswerByLink
                {
                    Token = first,
                    Answer = "账户一个，余额 8000 元",
                    Receipt = "R1",
                    By = "经办某",
                }
            );
        await App.DrainAsync();
        Assert.That((await App.As("judge").Send(new ShowLinkage { Id = sent.Id })).Request.State, Is.EqualTo("sent"), "nothing leaves before it is released");
        await Assert.ThatAsync(
            () => App.As(null).Send(new ReleaseAnswer { Token = second, By = "经办某" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("same-person")
        );
        await Assert.ThatAsync(
            () => App.As(null).Send(new ReleaseAnswer { Token = first, By = "复核某" }),
            Throws.TypeOf<NotFound>(),
            "the first link releases nothing"
        );
        await App.As(null)
            .Send(
                new ReleaseAnswer
                {
                    Token = second,
                    By = "复核某",
                    Release = false,
                    Words = "请附流水",
                }
            );
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync("/p/agency/" + first)), Does.Contain("请附流水").And.Contain("账户一个，余额 8000 元"));
        await App.As(null)
            .Send(
                new AnswerByLink
                {
                    Token = first,
                    Answer = "账户一个，余额 8000 元，流水已附",
                    Receipt = "R1",
                    By = "经办某",
                }
            );
        var posted = await TestApp.PostForm(http, "/p/agency/" + second, $"/p/agency/{second}?handler=Release", ("By", "复核某"), ("release", "true"));
        Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.Redirect).Or.EqualTo(HttpStatusCode.OK));
        await App.DrainAsync();
        var row = (await App.As("judge").Send(new ShowLinkage { Id = sent.Id })).Request;
        Assert.That((row.State, row.Answer, row.AnsweredBy), Is.EqualTo(("answered", "账户一个，余额 8000 元，流水已附", "经办某（复核：复核某）")));
        await Assert.ThatAsync(
            () => App.As(null).Send(new ReleaseAnswer { Token = second, By = "复核某" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("answered")
        );
    }
}
