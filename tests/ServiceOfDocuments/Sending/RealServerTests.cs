using System.Net;
using CourtOps.ServiceOfDocuments.Tasks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.ServiceOfDocuments.Sending;

/// <summary>Against a mail server that is none of ours: TLS, sign-in, refusals, and the whole path of a notice.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RealServerTests(Engine engine) : AppTests(engine)
{
    private static readonly MailServerWish Guarded = new()
    {
        Tls = true,
        User = "courtops",
        Password = "Brief & Siegel",
    };

    [TestCase("PLAIN")]
    [TestCase("LOGIN")]
    public async Task A_notice_goes_out_over_TLS_and_the_party_acts_by_the_link_of_its_mail(string method)
    {
        await using var server = await Server(Guarded with { Method = method });
        var order = await Sent(SampleParty.Obtained);
        var (mail, tls, user) = await server.NextAsync();
        Assert.That((mail.From, mail.To, tls, user), Is.EqualTo(("service@court.localhost", "piao@party.example", true, "courtops")));
        Assert.That(mail.Text, Does.Contain("诉讼文书送达通知").And.Contain(Sample.Number(1)));
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sent"));
        var page = new Uri(mail.Link).AbsolutePath;
        var phone = await App.Http();
        await TestApp.PostForm(phone, page, page, ("Tail", PartyActs.Tail));
        Assert.That((await phone.GetAsync(new Uri(page + "/d/1", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await TestApp.PostForm(phone, page, page + "?handler=Confirm");
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.ConfirmedAt, notice.ProofDocumentId is not null), Is.EqualTo(("served", (DateTimeOffset?)TestClock.Monday, true)));
        Assert.That(server.Left, Is.Zero, "one mail");
        Assert.That(await App.Verify(), Is.Empty);
    }

    [TestCase("CourtOps:Smtp:Password", "wrong", "不接受本系统发信：535")]
    [TestCase("CourtOps:Smtp:User", "", "不接受本系统发信：Error: authentication Required")]
    [TestCase("CourtOps:Smtp:Tls", "false", "不接受本系统发信")]
    [TestCase("CourtOps:Smtp:Certificate", "", "的 TLS 证书不可信")]
    [TestCase("CourtOps:Smtp:Certificate", "00:11:22:33", "的 TLS 证书不可信")]
    public async Task What_is_set_up_wrong_is_said_and_the_mail_waits_for_it(string setting, string wrong, string word)
    {
        await using var server = await Server(Guarded);
        var right = App.Services.GetRequiredService<IConfiguration>()[setting];
        App.Set(setting, wrong);
        var order = await Sent(SampleParty.Provided);
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sending"));
        Assert.That(await Waiting(order), Does.Contain($"127.0.0.1:{server.Port}").And.Contain(word));
        App.Set(setting, right);
        App.Advance(TimeSpan.FromMinutes(3));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("served"));
        Assert.That((await server.NextAsync()).User, Is.EqualTo("courtops"));
        Assert.That(server.Left, Is.Zero, "one mail");
    }

    [Test]
    public async Task A_refused_recipient_fails_with_the_servers_words_and_the_other_is_served()
    {
        await using var server = await Server(new MailServerWish { Refused = ["wang@party.example"] });
        var order = await Sent(SampleParty.Provided, SampleParty.Provided with { Name = "李某丁", Email = "li@party.example" });
        var refused = await NoticeRow.Of(App, order.Notices[0]);
        Assert.That((refused.State, refused.Reason), Is.EqualTo(("failed", "邮件服务器拒收：550 no such mailbox here")));
        Assert.That((await NoticeRow.Of(App, order.Notices[1])).State, Is.EqualTo("served"));
        Assert.That((await server.NextAsync()).Mail.To, Is.EqualTo("li@party.example"));
        Assert.That(server.Left, Is.Zero);
    }

    [Test]
    public async Task A_server_that_says_later_is_asked_later()
    {
        await using var server = await Server(new MailServerWish { Busy = 1 });
        var order = await Sent(SampleParty.Provided);
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("sending"));
        Assert.That(await Waiting(order), Does.Contain("邮件服务器暂时不收：451 come back later"));
        App.Advance(TimeSpan.FromMinutes(10));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("served"));
        await server.NextAsync();
        Assert.That(server.Left, Is.Zero, "one mail");
    }

    private async Task<RealSmtpServer> Server(MailServerWish wish)
    {
        var server = await RealSmtpServer.StartAsync(wish);
        App.Set("CourtOps:Smtp:Host", "127.0.0.1");
        App.Set("CourtOps:Smtp:Port", $"{server.Port}");
        App.Set("CourtOps:Smtp:Tls", wish.Tls ? "true" : "false");
        App.Set("CourtOps:Smtp:Certificate", wish.Tls ? server.Fingerprint : "");
        App.Set("CourtOps:Smtp:User", wish.User);
        App.Set("CourtOps:Smtp:Password", wish.Password);
        return server;
    }

    private async Task<string?> Waiting(ServedOrder order) => (await App.As("clerk").Send(new ShowTasks { OrderId = order.OrderId })).Notices.Single().Waiting;

    private async Task<ServedOrder> Sent(params SampleParty[] parties)
    {
        var order = await App.Asked(1, parties);
        foreach (var notice in order.Notices)
            await App.SendNotice(notice);
        await App.DrainAsync();
        return order;
    }
}
