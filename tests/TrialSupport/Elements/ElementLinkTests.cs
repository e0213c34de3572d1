using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Elements;

namespace CourtOps.TrialSupport.Tests.Elements;

/// <summary>The links of an element form go out through the service centre, and what became of them comes back.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ElementLinkTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_party_with_an_address_gets_its_link_by_mail_and_one_without_is_named()
    {
        _ = App.Smtp;
        var caseId = await App.Case(1, SampleParty.Provided);
        await App.As("judge").Send(new SendElements { CaseId = caseId, Code = "loan" });
        await App.DrainAsync();
        var sides = (await App.As("judge").Send(new ShowElements { CaseId = caseId })).Sides;
        var (mailed, bare) = (sides.Single(s => s.Row.PartyName == SampleParty.Provided.Name), sides.Single(s => s.Row.PartyName != SampleParty.Provided.Name));
        Assert.That((mailed.Row.Handed, mailed.Row.ToldChannel, mailed.Row.ToldReason), Is.EqualTo((1, "mail", (string?)null)));
        Assert.That((bare.Row.ToldChannel, bare.Row.ToldReason), Is.EqualTo(("", "当事人没有邮箱，也不能发短信：请把链接当面交给当事人")));
        Assert.That(App.Smtp.Mails, Has.Count.EqualTo(1));

        // once more by the clerk: another round, another mail
        await App.As("judge").Send(new SendElementLink { CaseId = caseId, PartyId = mailed.Row.PartyId });
        await Assert.ThatAsync(
            () => App.As("judge").Send(new SendElementLink { CaseId = caseId, PartyId = mailed.Row.PartyId }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("under-way")
        );
        await App.DrainAsync();
        Assert.That(App.Smtp.Mails, Has.Count.EqualTo(2));
        await Assert.ThatAsync(() => App.As("judge2").Send(new SendElementLink { CaseId = caseId, PartyId = mailed.Row.PartyId }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("judge").Send(new SendElementLink { CaseId = caseId, PartyId = 7 }), Throws.TypeOf<NotFound>());
        var page = WebUtility.HtmlDecode(await (await App.SignedIn("judge")).GetStringAsync($"/trial/cases/{caseId}/elements"));
        Assert.That(page, Does.Contain("链接已用邮件发出").And.Contain("链接没有发出").And.Contain("把链接再发一次"));
        await App.As("judge").Send(new CloseElements { CaseId = caseId });
        await Assert.ThatAsync(
            () => App.As("judge").Send(new SendElementLink { CaseId = caseId, PartyId = mailed.Row.PartyId }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("closed")
        );
    }
}
