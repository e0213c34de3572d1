using System.Net;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Elements;

namespace CourtOps.TrialSupport.Tests.Elements;

/// <summary>Element forms: the comparison as a table, the two doors by which they are filled in.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ElementTests(Engine engine) : AppTests(engine)
{
    [TestCase("principal", "50000", "50,000.00", "Agreed")]
    [TestCase("principal", "50000", "48000", "Disputed")]
    [TestCase("lentOn", "2025-01-31", "2025-01-31", "Agreed")]
    [TestCase("rate", "月息一分。", "月息一分", "Agreed")]
    [TestCase("rate", "月息一分", "", "OnlyClaim")]
    [TestCase("rate", "", "无利息", "OnlyDefence")]
    [TestCase("rate", " ", "", "Open")]
    [TestCase("paper", "是", "否", "Disputed")]
    public void What_the_sides_say_is_compared(string key, string claim, string defence, string standing)
    {
        var form = ElementForms.Find("loan")!;
        var compared = ElementForms.Compare(
            form,
            [
                new("甲", "原告", true, new Dictionary<string, string> { [key] = claim }),
                new("乙", "被告", false, new Dictionary<string, string> { [key] = defence }),
            ]
        );
        Assert.That(compared.Single(c => c.Element.Key == key).Standing.ToString(), Is.EqualTo(standing));
    }

    [TestCase("principal", "五万", false)]
    [TestCase("principal", "50000.123", false)]
    [TestCase("lentOn", "2025-02-30", false)]
    [TestCase("paper", "也许", false)]
    [TestCase("way", "转账", true)]
    [TestCase("way", "支票", false)]
    [TestCase("rate", "随便写", true)]
    [TestCase("rate", "", true)]
    public void An_answer_is_checked_by_its_kind(string key, string value, bool good) =>
        Assert.That(ElementForms.Fault(ElementForms.Find("loan")!.Elements.Single(e => e.Key == key), value) is null, Is.EqualTo(good));

    [TestCase("民间借贷纠纷", "loan")]
    [TestCase("机动车交通事故责任纠纷", "traffic")]
    [TestCase("劳动争议", "labour")]
    [TestCase("离婚纠纷", "divorce")]
    [TestCase("物业服务合同纠纷", "property")]
    [TestCase("买卖合同纠纷", "sale")]
    [TestCase("名誉权纠纷", null)]
    public void A_cause_has_its_form(string cause, string? code) => Assert.That(ElementForms.For(cause)?.Code, Is.EqualTo(code));

    [Test]
    public async Task Sent_to_both_filled_by_link_and_by_the_clerk_and_put_into_the_draft()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        await Assert.ThatAsync(() => App.As("judge2").Send(new SendElements { CaseId = caseId, Code = "loan" }), Throws.TypeOf<NotFound>());
        await App.As("judge").Send(new SendElements { CaseId = caseId, Code = "loan" });
        await Assert.ThatAsync(
            () => App.As("judge").Send(new SendElements { CaseId = caseId, Code = "loan" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("sent")
        );
        var show = await App.As("judge").Send(new ShowElements { CaseId = caseId });
        var (claim, defence) = (show.Sides.Single(s => s.Row.Claims), show.Sides.Single(s => !s.Row.Claims));
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new FillElements
                        {
                            CaseId = caseId,
                            PartyId = claim.Row.PartyId,
                            Answers = Said(("principal", "五万")),
                        }
                    ),
            Throws.TypeOf<FluentValidation.ValidationException>().With.Message.Contains("请填写金额")
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new FillElements
                        {
                            CaseId = caseId,
                            PartyId = 7,
                            Answers = Said(("principal", "5")),
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        await App.As("judge")
            .Send(
                new FillElements
                {
                    CaseId = caseId,
                    PartyId = claim.Row.PartyId,
                    Answers = Said(("principal", "50000"), ("rate", "月息一分")),
                }
            );
        var phone = await App.Http();
        Assert.That((await phone.GetAsync("/p/elements/" + new string('0', 32))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        var page = await phone.GetStringAsync(defence.Link!);
        Assert.That(page, Does.Contain("实际交付的本金").And.Not.Contain("50000"), "no answers of others");
        var tail = Regex.IsMatch(page, "name=\"Tail\"");
        if (tail)
            Assert.That(
                (await TestApp.PostForm(phone, defence.Link!, defence.Link!, ("a-principal", "50000.00"), ("Tail", "9999"))).StatusCode,
                Is.EqualTo(HttpStatusCode.UnprocessableEntity),
                "a wrong tail"
            );
        var posted = await TestApp.PostForm(phone, defence.Link!, defence.Link!, ("a-principal", "50000.00"), ("a-rate", "没有约定"), ("Tail", "001X"));
        Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.Redirect).Or.EqualTo(HttpStatusCode.OK));
        show = await App.As("judge").Send(new ShowElements { CaseId = caseId });
        Assert.That(
            show.Compared.Where(c => c.Standing != Standing.Open).Select(c => (c.Element.Key, c.Standing)),
            Is.EqualTo(new[] { ("principal", Standing.Agreed), ("rate", Standing.Disputed) })
        );
        Assert.That(show.Sides.Single(s => !s.Row.Claims).Row.Own, Is.True);
        var text = await (await App.SignedIn("judge")).GetStringAsync($"/trial/cases/{caseId}/templates/element-judgment");
        Assert.That(WebUtility.HtmlDecode(text), Does.Contain("实际交付的本金（元）：50000。").And.Contain("要素表：原告"));
        await App.As("judge").Send(new CloseElements { CaseId = caseId });
        Assert.That((await phone.GetAsync(defence.Link!)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "closed");
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new FillElements
                        {
                            CaseId = caseId,
                            PartyId = claim.Row.PartyId,
                            Answers = Said(("principal", "5")),
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That(
            await App.As(null).Value<string>("SELECT answers_enc FROM trial_public_element WHERE answers_enc IS NOT NULL"),
            Does.Not.Contain("50000"),
            "sealed where it lies"
        );
        Assert.That(CourtTemplates.Find("element-judgment"), Is.Not.Null);
    }

    [Test]
    public async Task Too_many_wrong_tails_shut_the_link()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        await App.As("judge").Send(new SendElements { CaseId = caseId, Code = "loan" });
        var side = (await App.As("judge").Send(new ShowElements { CaseId = caseId })).Sides.First(s => s.Row.PartyName == SampleParty.Provided.Name);
        var token = side.Link!.Split('/')[^1];
        for (var i = 0; i < OpenElement.MostTries; i++)
            Assert.That(
                await App.As(null)
                    .Send(
                        new FillByLink
                        {
                            Token = token,
                            Tail = "0000",
                            Answers = Said(("rate", "x")),
                        }
                    ),
                Is.False
            );
        await Assert.ThatAsync(
            () =>
                App.As(null)
                    .Send(
                        new FillByLink
                        {
                            Token = token,
                            Tail = "001X",
                            Answers = Said(("rate", "x")),
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
    }

    private static Dictionary<string, string> Said(params (string Key, string Value)[] answers) => answers.ToDictionary(a => a.Key, a => a.Value);
}
