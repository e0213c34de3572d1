using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace CourtOps.Workzone.Documents;

/// <summary>What people hand in, through the door they use.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DocumentTests(Engine engine) : AppTests(engine)
{
    protected override void Prepare(TestAppOptions options) => options.Settings["CourtOps:Upload:MaxMegabytes"] = "1";

    [Test]
    public async Task A_good_file_is_kept_byte_for_byte_with_its_pages()
    {
        var (judge, caseId) = await Case();
        var (status, body) = await Upload(judge, caseId, SamplePdf.Of(5));
        Assert.That((status, (int?)body["pages"]), Is.EqualTo((HttpStatusCode.Created, (int?)5)), body.ToJsonString());
        var bytes = await judge.GetByteArrayAsync(new Uri($"/api/v1/documents/{body["id"]}/content", UriKind.Relative));
        Assert.That(bytes, Is.EqualTo(SamplePdf.Of(5)));
        Assert.That(await App.Verify(), Is.Empty);
        Assert.That(await App.Reads("workzone.document.original"), Is.EqualTo(1), "who read it is written down");
    }

    private static IEnumerable<TestCaseData> Bad()
    {
        yield return new TestCaseData(Array.Empty<byte>(), "空").SetArgDisplayNames("empty");
        yield return new TestCaseData(SamplePdf.Disguised(), "不是 PDF").SetArgDisplayNames("disguised");
        yield return new TestCaseData(SamplePdf.Broken(), "损坏").SetArgDisplayNames("broken");
        yield return new TestCaseData(SamplePdf.Locked(), "密码").SetArgDisplayNames("locked");
        yield return new TestCaseData(new byte[(1 << 20) + 1], "上限").SetArgDisplayNames("huge");
    }

    [TestCaseSource(nameof(Bad))]
    public async Task A_file_that_is_no_document_is_refused_with_a_reason_and_leaves_nothing(byte[] file, string reason)
    {
        var (judge, caseId) = await Case();
        var (status, body) = await Upload(judge, caseId, file);
        Assert.That(status, Is.EqualTo(HttpStatusCode.UnprocessableEntity), body.ToJsonString());
        Assert.That((string?)body["detail"], Does.Contain(reason));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_document"), Is.Zero);
    }

    [Test]
    public async Task The_same_content_twice_in_one_case_is_refused_and_in_another_is_not()
    {
        var (judge, caseId) = await Case();
        await Upload(judge, caseId, SamplePdf.Of(2));
        var (status, body) = await Upload(judge, caseId, SamplePdf.Of(2));
        Assert.That((status, (string?)body["code"]), Is.EqualTo((HttpStatusCode.UnprocessableEntity, "same-content")));
        var other = await App.Case(2, SampleParty.Provided);
        Assert.That((await Upload(judge, other, SamplePdf.Of(2))).Status, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_blob"), Is.EqualTo(1), "the bytes are kept once");
    }

    [Test]
    public async Task A_case_that_is_not_ones_own_takes_nothing_and_gives_nothing()
    {
        var (judge, caseId) = await Case();
        var (_, body) = await Upload(judge, caseId, SamplePdf.Of(2));
        foreach (var stranger in new[] { "judge2", "judge-yanji" })
        {
            var client = await App.WithKey(stranger);
            Assert.That((await Upload(client, caseId, SamplePdf.Of(3))).Status, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That((await client.GetAsync(new Uri($"/api/v1/documents/{body["id"]}/content", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }

    [Test]
    public async Task A_blob_that_was_changed_or_is_gone_is_found()
    {
        var (judge, caseId) = await Case();
        await Upload(judge, caseId, SamplePdf.Of(2));
        var file = Directory.GetFiles(Path.Combine(App.Folder, "blobs"), "*", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[20] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        Assert.That((await App.Verify("blobs")).Single().What, Does.Contain("changed"));
        File.Delete(file);
        Assert.That((await App.Verify("blobs")).Single().What, Does.Contain("missing"));
    }

    private async Task<(HttpClient Judge, long CaseId)> Case()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        return (await App.WithKey("judge"), caseId);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> Upload(HttpClient client, long caseId, byte[] bytes)
    {
        using var form = new MultipartFormDataContent();
        using var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        form.Add(file, "file", "文书.pdf");
        using var kind = new StringContent("evidence");
        form.Add(kind, "kind");
        var answer = await client.PostAsync(new Uri($"/api/v1/cases/{caseId}/documents", UriKind.Relative), form);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
