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
        Assert.That(Kept("blobs", "private", "uploads"), Is.Empty, "no byte of it stays in any folder");
    }

    [TestCaseSource(nameof(Bad))]
    public async Task The_page_refuses_it_with_the_same_reason_and_keeps_no_upload(byte[] file, string reason)
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var judge = await App.SignedIn("judge");
        var page = $"/cases/{caseId}";
        string said;
        if (file.Length is 0 or > 1 << 20)
        {
            var answer = await TestApp.BeginUpload(judge, page, "文书.pdf", file.Length);
            Assert.That(
                (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType),
                Is.EqualTo((HttpStatusCode.UnprocessableEntity, "application/problem+json"))
            );
            said = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!;
        }
        else
        {
            var id = await TestApp.Uploaded(judge, page, "文书.pdf", file);
            var answer = await TestApp.PostForm(judge, page, page, ("Data.UploadId", id), ("Data.Kind", "evidence"));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
            said = await answer.Content.ReadAsStringAsync();
        }
        Assert.That(said, Does.Contain(reason));
        Assert.That(Kept("blobs", "private", "uploads"), Is.Empty);
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_upload"), Is.Zero);
    }

    [Test]
    public async Task An_upload_that_was_taken_leaves_its_document_and_no_second_copy()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var judge = await App.SignedIn("judge");
        var page = $"/cases/{caseId}";
        Assert.That(
            await (await judge.GetAsync(new Uri(page, UriKind.Relative))).Content.ReadAsStringAsync(),
            Does.Contain("data-upload-max=\"1048576\""),
            "the script knows the limit before it sends a byte"
        );
        var id = await TestApp.Uploaded(judge, page, "文书.pdf", SamplePdf.Of(2));
        Assert.That(
            (await TestApp.PostForm(judge, page, page, ("Data.UploadId", id), ("Data.Kind", "evidence"))).StatusCode,
            Is.EqualTo(HttpStatusCode.Redirect)
        );
        Assert.That((Kept("uploads", "private").Count, Kept("blobs").Count), Is.EqualTo((0, 1)));
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
            Assert.That(
                (await client.GetAsync(new Uri($"/api/v1/documents/{body["id"]}/content", UriKind.Relative))).StatusCode,
                Is.EqualTo(HttpStatusCode.NotFound)
            );
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

    private List<string> Kept(params string[] folders) =>
        [.. folders.Select(f => Path.Combine(App.Folder, f)).Where(Directory.Exists).SelectMany(f => Directory.GetFiles(f, "*", SearchOption.AllDirectories))];

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

/// <summary>The limits as they are shipped.</summary>
public sealed class LargeDocumentTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task A_file_of_130_megabytes_comes_in_over_the_api()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var judge = await App.WithKey("judge");
        using var form = new MultipartFormDataContent();
        await using var large = SamplePdf.Large(130L << 20);
        using var file = new StreamContent(large);
        form.Add(file, "file", "卷宗.pdf");
        var answer = await judge.PostAsync(new Uri($"/api/v1/cases/{caseId}/documents", UriKind.Relative), form);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created), body.ToJsonString());
        Assert.That(((int?)body["pages"], body["size"]!.ToString()), Is.EqualTo(((int?)1, $"{large.Length}")));
    }

    [Test]
    public async Task A_file_above_the_limit_is_refused_in_words_over_the_api()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var judge = await App.WithKey("judge");
        using var form = new MultipartFormDataContent();
        await using var large = SamplePdf.Large(301L << 20);
        using var file = new StreamContent(large);
        form.Add(file, "file", "卷宗.pdf");
        var answer = await judge.PostAsync(new Uri($"/api/v1/cases/{caseId}/documents", UriKind.Relative), form);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That((string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"], Does.Contain("301 MB").And.Contain("300 MB"));
    }

    [TestCase("/api/v1/cases/{0}/documents", "application/problem+json")]
    [TestCase("/cases/{0}", "text/html")]
    public async Task A_request_that_no_file_can_need_is_refused_before_a_byte_is_sent(string address, string kind)
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var judge = kind == "text/html" ? await App.SignedIn("judge") : await App.WithKey("judge");
        await using var large = SamplePdf.Large(700L << 20);
        using var file = new StreamContent(large);
        file.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, address, caseId), UriKind.Relative)
        )
        {
            Content = file,
        };
        request.Headers.ExpectContinue = true;
        var answer = await judge.SendAsync(request);
        Assert.That((answer.StatusCode, answer.Content.Headers.ContentType!.MediaType), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, kind)));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("内容太大"));
        Assert.That(large.Position, Is.LessThan(1 << 20));
    }

    [TestCase("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\nhalf", 400, TestName = "{m}(cut off)")]
    [TestCase("--x\r\n{0}\r\n\r\nx\r\n--x--\r\n", 413, TestName = "{m}(endless headers)")]
    public async Task A_form_that_is_none_gets_an_answer_of_the_caller_and_not_of_the_server(string body, int status)
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var judge = await App.WithKey("judge");
        using var content = new StringContent(
            body.Replace(
                "{0}",
                string.Concat(Enumerable.Repeat("Content-Disposition: form-data; name=\"file\"\r\n", 20_000)).TrimEnd(),
                StringComparison.Ordinal
            )
        );
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        var answer = await judge.PostAsync(new Uri($"/api/v1/cases/{caseId}/documents", UriKind.Relative), content);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status), await answer.Content.ReadAsStringAsync());
    }
}
