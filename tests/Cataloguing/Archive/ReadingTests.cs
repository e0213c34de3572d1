using System.Net;
using CourtOps.Cataloguing.Archive;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Inspections;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Cataloguing.Tests.Archive;

/// <summary>An agent reads the main volume by a link: with a code, page by page, until the time, the court or the agency ends it.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ReadingTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task An_agent_reads_page_by_page_and_each_opening_is_kept()
    {
        var (caseId, _, id) = await Given(1);
        await Assert.ThatAsync(() => App.As("archivist").Send(new GiveLink { Id = id }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("state"));
        await App.As("judge").Send(new DecideLending { Id = id, Approve = true });
        await Ready(id);
        var link = await App.As("archivist").Send(new GiveLink { Id = id });
        var path = "/p/read/" + link.Token;
        var agent = await App.Http();
        Assert.That(
            await agent.GetStringAsync(new Uri(path, UriKind.Relative)),
            Does.Contain("name=\"Code\"").And.Not.Contain("data-viewer"),
            "nothing before the code"
        );
        Assert.That((await agent.GetAsync(new Uri(path + "/page/1", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((int)(await TestApp.PostForm(agent, path, path, ("Code", Wrong(link.Code)))).StatusCode, Is.EqualTo(422));
        await TestApp.PostForm(agent, path, path, ("Code", link.Code));
        var page = await agent.GetStringAsync(new Uri(path + "?n=2", UriKind.Relative));
        Assert.That(page, Does.Contain("韩某").And.Contain("class=\"wm\"").And.Contain(path + "/page/2"), "the mark names who reads");
        var pdf = await agent.GetAsync(new Uri(path + "/page/2", UriKind.Relative));
        Assert.That((pdf.StatusCode, (await pdf.Content.ReadAsStringAsync())[..5]), Is.EqualTo((HttpStatusCode.OK, "%PDF-")));
        Assert.That((await agent.GetAsync(new Uri(path + "/page/3", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await App.As("archivist").Send(new ListPageReads { Id = id })).Select(r => r.N), Is.EqualTo(new[] { 2 }));
        Assert.That((await App.Send(new ListLendings { CaseId = caseId })).Single().PageReads, Is.EqualTo(1));
        await Assert.ThatAsync(() => App.As("judge2").Send(new ListPageReads { Id = id }), Throws.TypeOf<NotFound>());
        await App.As("archivist").Send(new EndLending { Id = id });
        Assert.That((await agent.GetAsync(new Uri(path, UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "withdrawn by the court");
        Assert.That((await agent.GetAsync(new Uri(path + "/page/1", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_link_ends_with_the_agency_and_with_its_time_and_a_new_one_replaces_it()
    {
        var (_, party, id) = await Given(2);
        await App.As("judge").Send(new DecideLending { Id = id, Approve = true });
        await Ready(id);
        var first = await App.As("archivist").Send(new GiveLink { Id = id });
        var second = await App.Send(new GiveLink { Id = id });
        await Assert.ThatAsync(() => App.As(null).Send(new FindReading { Token = first.Token }), Throws.TypeOf<NotFound>());
        Assert.That((await App.Send(new FindReading { Token = second.Token })).Reader, Is.EqualTo("韩某"));
        App.Advance(TimeSpan.FromDays(16));
        await Assert.ThatAsync(() => App.Send(new FindReading { Token = second.Token }), Throws.TypeOf<NotFound>());
        App.Advance(TimeSpan.FromDays(-16));
        await App.As("judge")
            .Send(
                new SaveAgent
                {
                    PartyId = party,
                    Name = "韩某",
                    Ended = true,
                }
            );
        await App.DrainAsync();
        await Assert.ThatAsync(() => App.As(null).Send(new FindReading { Token = second.Token }), Throws.TypeOf<NotFound>());
        Assert.That(await App.Value<string>("SELECT state FROM cataloguing_lending WHERE id = @id", new { id }), Is.EqualTo(LendingState.Ended));
        await Assert.ThatAsync(() => App.As("archivist").Send(new GiveLink { Id = id }), Throws.TypeOf<RuleBroken>());
    }

    [Test]
    public async Task Wrong_codes_lock_the_link_and_end_it()
    {
        var (_, _, id) = await Given(3);
        await App.As("judge").Send(new DecideLending { Id = id, Approve = true });
        await Ready(id);
        var link = await App.As("archivist").Send(new GiveLink { Id = id });
        var wrong = new IdentifyReader { Token = link.Token, Code = Wrong(link.Code) };
        App.As(null);
        for (var left = 4; left > 0; left--)
            Assert.That((await App.Send(wrong)).Left, Is.EqualTo(left));
        Assert.That((await App.Send(wrong)).LockedUntil, Is.EqualTo(App.Clock.GetUtcNow().AddMinutes(15)));
        Assert.That((await App.Send(wrong with { Code = link.Code })).Done, Is.False, "locked for the right code too");
        App.Advance(TimeSpan.FromMinutes(16));
        Assert.That((await App.Send(wrong with { Code = link.Code })).Done, Is.True);
        for (var i = 0; i < IdentifyReader.BeforeEnd; i++)
        {
            await App.Send(wrong);
            App.Advance(TimeSpan.FromHours(2));
        }
        await Assert.ThatAsync(() => App.Send(wrong with { Code = link.Code }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task Only_an_agent_of_the_case_is_named_and_only_for_a_reading()
    {
        var (caseId, _, _) = await Given(4);
        await Assert.ThatAsync(
            () =>
                App.As("archivist")
                    .Send(
                        new AskLending
                        {
                            CaseId = caseId,
                            Agent = "某人",
                            Credential = "1",
                            Purpose = "x",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("Agent")
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new AskLending
                    {
                        CaseId = caseId,
                        Kind = LendingKind.Loan,
                        Agent = "韩某",
                        Credential = "1",
                        Purpose = "x",
                    }
                ),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        var loan = await App.Send(
            new AskLending
            {
                CaseId = caseId,
                Kind = LendingKind.Loan,
                Applicant = "某庭",
                Credential = "1",
                Purpose = "x",
            }
        );
        await App.As("judge").Send(new DecideLending { Id = loan, Approve = true });
        await Ready(loan);
        await Assert.ThatAsync(
            () => App.As("archivist").Send(new GiveLink { Id = loan }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-agent")
        );
        var page = await (await App.SignedIn("archivist")).GetStringAsync(new Uri($"/cataloguing/lendings?caseId={caseId}", UriKind.Relative));
        Assert.That(page, Does.Contain("韩某（律师）").And.Contain("要看的内容"));
    }

    private static string Wrong(string code) => code == "000000" ? "000001" : "000000";

    // the copy is there, with two pages, whether or not this machine has the programs that make it
    private async Task Ready(long id)
    {
        var blob = await App.In(s =>
            Microsoft
                .Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Kernel.Files.BlobStore>(s)
                .WriteAsync(new MemoryStream(SamplePdf.Of(2, "阅卷")), 1 << 20, default)
        );
        await App.As(null).Change("UPDATE cataloguing_lending SET state = 'out', copy_blob = @Sha256, pages = 2 WHERE id = @id", new { blob.Sha256, id });
    }

    // a case with an agent, whose reading the archivist took down
    private async Task<(long CaseId, long PartyId, long Id)> Given(int serial)
    {
        var caseId = await App.Case(serial, SampleParty.Provided);
        await App.Document(caseId, "民事起诉状", "complaint");
        await App.DrainAsync();
        var party = await App.As(null).Value<long>("SELECT id FROM workzone_party WHERE case_id = @caseId", new { caseId });
        await App.As("judge")
            .Send(
                new SaveAgent
                {
                    PartyId = party,
                    Name = "韩某",
                    Type = "律师",
                    Phone = "13800000009",
                }
            );
        var scan = new Dictionary<string, IReadOnlyList<string>>
        {
            ["material"] = ["收据"],
            ["pages"] = ["2"],
            ["volume"] = ["正卷"],
            ["handover"] = ["2026-03-09"],
            ["originals"] = ["扫描后退回"],
        };
        var asked = await App.Send(
            new AskOrder
            {
                CaseId = caseId,
                Type = "cataloguing.scan",
                Form = scan,
            }
        );
        await App.As("archivist").Send(new TakeStep { Id = asked.Order.Id, Step = OrderStep.Accept });
        return (
            caseId,
            party,
            await App.Send(
                new AskLending
                {
                    CaseId = caseId,
                    Agent = "韩某",
                    Credential = "执业证一",
                    Purpose = "准备上诉",
                    Wanted = "庭审笔录",
                }
            )
        );
    }
}
