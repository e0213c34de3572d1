using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using CourtOps.Cataloguing.Archive;
using CourtOps.Contracts;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Inspections;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Cataloguing.Tests.Archive;

/// <summary>An agent asks over the web to read: the court decides, the answer stands on the asker's page; whoever is no agent learns nothing of the
/// case.</summary>
public sealed partial class AskReadingTests() : AppTests(Engine.Sqlite)
{
    private static readonly byte[] Mandate = SamplePdf.Of(1, "mandate");

    [Test]
    public async Task An_agent_asks_the_court_approves_and_the_agent_reads_by_their_own_link()
    {
        var (caseId, _) = await Given(61);
        var agent = await App.Http();
        var path = await AskAsync(agent, Sample.Number(61, "吉2424"));
        Assert.That(await PageAsync(agent, path), Does.Contain("已收到，正在核对"));
        await App.DrainAsync();
        Assert.That(await PageAsync(agent, path), Does.Contain("等待法院审批").And.Not.Contain("开始阅卷"));

        var asked = (await App.As("judge").Send(new ListLendings { CaseId = caseId })).Single();
        Assert.That(
            (asked.State, asked.Applicant, asked.AgentName, asked.AskedByName, asked.Credential),
            Is.EqualTo((LendingState.Asked, "韩某", "韩某", "网上申请", "执业证一"))
        );
        var judge = await App.SignedIn("judge");
        Assert.That(await judge.GetByteArrayAsync(new Uri($"/cataloguing/lendings/{asked.Id}/mandate.pdf", UriKind.Relative)), Is.EqualTo(Mandate));
        Assert.That(
            await judge.GetStringAsync(new Uri($"/cataloguing/lendings?caseId={caseId}", UriKind.Relative)),
            Does.Contain("看委托手续").And.Contain("网上申请")
        );
        Assert.That(
            (await (await App.SignedIn("judge2")).GetAsync(new Uri($"/cataloguing/lendings/{asked.Id}/mandate.pdf", UriKind.Relative))).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound)
        );
        await App.As("judge").Send(new DecideLending { Id = asked.Id, Approve = true });
        Assert.That(await PageAsync(agent, path), Does.Contain("正在制作阅卷文件"));
        var blob = await App.In(s => s.GetRequiredService<BlobStore>().WriteAsync(new MemoryStream(SamplePdf.Of(2, "阅卷")), 1 << 20, default));
        await App.As(null).Change("UPDATE cataloguing_lending SET state = 'out', copy_blob = @Sha256, pages = 2 WHERE id = @Id", new { blob.Sha256, asked.Id });

        var given = await App.As("archivist").Send(new GiveLink { Id = asked.Id });
        Assert.That(given.Token, Is.Empty, "the court does not know the asker's link");
        Assert.That(await PageAsync(agent, path), Does.Contain("开始阅卷").And.Not.Contain(given.Code));
        var read = path.Replace("/p/reading/", "/p/read/", StringComparison.Ordinal);
        await TestApp.PostForm(agent, read, read, ("Code", given.Code));
        Assert.That(await PageAsync(agent, read), Does.Contain("class=\"wm\"").And.Contain("韩某"));
        // a new code ends the one before; the link stays
        var second = await App.As("archivist").Send(new GiveLink { Id = asked.Id });
        Assert.That((await App.As(null).Send(new IdentifyReader { Token = read[^32..], Code = second.Code })).Done);

        // sealed meanwhile: nothing opens any more
        await App.As("judge").Send(new SealCase { CaseId = caseId, Reason = "封存" });
        Assert.That((await agent.GetAsync(new Uri(read, UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Unknown_number_sealed_case_wrong_name_and_wrong_phone_are_answered_alike()
    {
        await Given(62);
        var (sealedCase, _) = await Given(63);
        await App.As("judge").Send(new SealCase { CaseId = sealedCase, Reason = "封存" });
        var agent = await App.Http();
        var known = Sample.Number(62, "吉2424");
        var paths = new List<string>
        {
            await AskAsync(agent, Sample.Number(99, "吉2424")),
            await AskAsync(agent, Sample.Number(63, "吉2424")),
            await AskAsync(agent, known, person: "韩某甲"),
            await AskAsync(agent, known, phone: "13800000001"),
            await AskAsync(agent, known, court: "吉2401"),
            await AskAsync(agent, "某案"),
        };
        var before = await Bare(agent, paths);
        Assert.That(before.Distinct().Count(), Is.EqualTo(1));
        await App.DrainAsync();
        var after = await Bare(agent, paths);
        Assert.That(after.Distinct().Count(), Is.EqualTo(1), string.Join("\n----\n", after.Distinct()));
        Assert.That(after[0], Does.Contain("没有找到"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM cataloguing_lending"), Is.Zero);
    }

    [Test]
    public async Task A_refusal_says_why_and_the_same_notice_twice_is_one_application()
    {
        var (caseId, party) = await Given(64);
        var agent = await App.Http();
        // half-width brackets, spaces and no sign at the end are the same number
        var path = await AskAsync(agent, Sample.Number(64, "吉2424").Replace('（', '(').Replace('）', ')').TrimEnd('号'), person: " 韩某 ");
        await App.DrainAsync();
        var asked = (await App.As("judge").Send(new ListLendings { CaseId = caseId })).Single();
        var id = await App.As(null).Value<long>("SELECT id FROM cataloguing_public_reading_ask");
        await App.Hear(new ReadingAsked { PublicId = id, At = App.Clock.GetUtcNow() }, $"reading-ask:{id}");
        Assert.That(await App.As("judge").Send(new ListLendings { CaseId = caseId }), Has.Count.EqualTo(1));
        await Assert.ThatAsync(() => App.As("judge").Send(new DecideLending { Id = asked.Id }), Throws.TypeOf<FluentValidation.ValidationException>());
        await App.As("judge").Send(new DecideLending { Id = asked.Id, Words = "委托书没有签名" });
        Assert.That(await PageAsync(agent, path), Does.Contain("不同意").And.Contain("委托书没有签名"));

        // asked again and approved, the reading ends with the agency
        path = await AskAsync(agent, Sample.Number(64, "吉2424"));
        await App.DrainAsync();
        asked = (await App.As("judge").Send(new ListLendings { CaseId = caseId, State = LendingState.Asked })).Single();
        await App.As("judge").Send(new DecideLending { Id = asked.Id, Approve = true });
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
        Assert.That(await PageAsync(agent, path), Does.Contain("阅卷已结束"));
        Assert.That((await agent.GetAsync(new Uri("/p/reading/" + new string('0', 32), UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Bad_input_is_named_keeps_what_was_typed_and_too_many_are_turned_away()
    {
        var agent = await App.Http();
        using (var none = await PostAsync(agent, Sample.Number(65, "吉2424"), mandate: SamplePdf.Broken()))
        {
            Assert.That((int)none.StatusCode, Is.EqualTo(422));
            Assert.That(await none.Content.ReadAsStringAsync(), Does.Contain("value=\"准备上诉\"").Or.Contain("value=\"&#x51C6;"), "what was typed stays");
        }
        using (var empty = await PostAsync(agent, "", person: "", phone: "12"))
            Assert.That(await empty.Content.ReadAsStringAsync(), Does.Contain("请填写案号").And.Contain("请填写姓名").And.Contain("7 到 15 位数字"));
        for (var i = 0; i < 20; i++)
            (await PostAsync(agent, "", person: "")).Dispose();
        using var last = await PostAsync(agent, Sample.Number(65, "吉2424"));
        Assert.That(await last.Content.ReadAsStringAsync(), Does.Contain("申请太多了"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM cataloguing_public_reading_ask"), Is.Zero);
    }

    // the pages without what the asker typed and when
    private static async Task<IReadOnlyList<string>> Bare(HttpClient agent, IReadOnlyList<string> paths)
    {
        var all = new List<string>();
        foreach (var path in paths)
            all.Add(Case().Replace(await PageAsync(agent, path), "").Replace(path[^32..], "", StringComparison.Ordinal));
        return all;
    }

    private static async Task<string> PageAsync(HttpClient agent, string path)
    {
        var text = await agent.GetStringAsync(new Uri(path, UriKind.Relative));
        return Regex.Match(text, "<main.*</main>", RegexOptions.Singleline).Value;
    }

    private static async Task<string> AskAsync(HttpClient agent, string number, string person = "韩某", string phone = "138 0000 0009", string court = "吉2424")
    {
        using var answer = await PostAsync(agent, number, person, phone, court);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    private static async Task<HttpResponseMessage> PostAsync(
        HttpClient agent,
        string number,
        string person = "韩某",
        string phone = "138 0000 0009",
        string court = "吉2424",
        byte[]? mandate = null
    )
    {
        var page = await agent.GetStringAsync(new Uri("/p/reading", UriKind.Relative));
        var form = new MultipartFormDataContent();
        foreach (
            var (name, value) in new[]
            {
                ("__RequestVerificationToken", Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value),
                ("Court", court),
                ("CaseNumber", number),
                ("Person", person),
                ("Phone", phone),
                ("Licence", "执业证一"),
                ("Purpose", "准备上诉"),
                ("Wanted", "庭审笔录"),
            }
        )
            form.Add(new StringContent(value), name);
        var paper = new ByteArrayContent(mandate ?? Mandate);
        paper.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        form.Add(paper, "paper", "委托书.pdf");
        return await agent.PostAsync(new Uri("/p/reading", UriKind.Relative), form);
    }

    // a case with an agent and an order of the archivist
    private async Task<(long CaseId, long PartyId)> Given(int serial)
    {
        var caseId = await App.Case(serial, SampleParty.Provided);
        await App.Document(caseId, "民事起诉状", "complaint");
        await App.DrainAsync();
        var party = await App.As(null).Value<long>("SELECT id FROM workzone_party WHERE case_id = @caseId ORDER BY id", new { caseId });
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
        return (caseId, party);
    }

    [GeneratedRegex("<dd class=\"no\">.*?</dd>|韩某甲?|<input[^>]*>")]
    private static partial Regex Case();
}
