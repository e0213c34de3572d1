using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using CourtOps.Kernel.Files;

namespace CourtOps.Workzone.Tests.Api;

/// <summary>Posts that carry files, made twice with one Idempotency-Key.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RepeatedPostsTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_document_posted_again_is_the_document_of_before()
    {
        var (judge, path) = (await App.WithKey("judge"), $"/api/v1/cases/{await App.Case(1, SampleParty.Provided)}/documents");
        var first = await Post(judge, path, File(SamplePdf.Of(2, "a")), "k1");
        var again = await Post(judge, path, File(SamplePdf.Of(2, "a")), "k1");
        Assert.That(
            (first.StatusCode, again.StatusCode),
            Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.Created)),
            await again.Content.ReadAsStringAsync()
        );
        Assert.That(await again.Content.ReadAsStringAsync(), Is.EqualTo(await first.Content.ReadAsStringAsync()));
        Assert.That(again.Headers.Location, Is.EqualTo(first.Headers.Location).And.Not.Null);
        Assert.That((first.Headers.Contains("Idempotency-Replayed"), again.Headers.Contains("Idempotency-Replayed")), Is.EqualTo((false, true)));
        Assert.That(await Count("workzone_document"), Is.EqualTo(1));
    }

    [TestCase("bytes")]
    [TestCase("title")]
    public async Task Another_document_under_the_same_key_is_a_conflict(string other)
    {
        var (judge, path) = (await App.WithKey("judge"), $"/api/v1/cases/{await App.Case(1, SampleParty.Provided)}/documents");
        await Post(judge, path, File(SamplePdf.Of(1, "a")), "k1");
        var answer = await Post(judge, path, other == "bytes" ? File(SamplePdf.Of(1, "b")) : File(SamplePdf.Of(1, "a"), title: "裁定书"), "k1");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await Count("workzone_document"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_finished_upload_is_taken_once_and_its_answer_given_again()
    {
        var (judge, path) = (await App.WithKey("judge"), $"/api/v1/cases/{await App.Case(1, SampleParty.Provided)}/documents");
        var upload = await UploadApiTests.Whole(judge, "a.pdf", SamplePdf.Of(1, "a"));
        MultipartFormDataContent Form() =>
            new()
            {
                { new StringContent(upload), "uploadId" },
                { new StringContent("judgment"), "kind" },
                { new StringContent("判决书"), "title" },
            };
        var first = await Post(judge, path, Form(), "k1");
        var again = await Post(judge, path, Form(), "k1");
        Assert.That(
            (first.StatusCode, again.StatusCode),
            Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.Created)),
            await first.Content.ReadAsStringAsync()
        );
        Assert.That((await Post(judge, path, Form(), "k2")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "used up");
        Assert.That(await Count("workzone_document"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_list_posted_again_is_the_same_import()
    {
        var registrar = await App.WithKey("registrar");
        var csv = Sample.Csv(Sample.Row(Sample.Number(1), SampleParty.Provided), Sample.Row("（2026）吉9999民初1号", SampleParty.Provided));
        var first = await Import(registrar, csv, "k1");
        var again = await Import(registrar, csv, "k1");
        Assert.That((first.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(
            await again.Content.ReadAsStringAsync(),
            Is.EqualTo(await first.Content.ReadAsStringAsync()).And.Contains("created").And.Contains("refused"),
            "not unchanged"
        );
        Assert.That(again.Headers.Location, Is.EqualTo(first.Headers.Location));
        Assert.That((first.Headers.Contains("Idempotency-Replayed"), again.Headers.Contains("Idempotency-Replayed")), Is.EqualTo((false, true)));
        Assert.That(await Count("workzone_import"), Is.EqualTo(1));
        Assert.That(Directory.GetFiles(Path.Combine(App.Folder, "imports")), Is.Empty);
        Assert.That(
            (await Import(registrar, csv.Replace("民初1号", "民初2号", StringComparison.Ordinal), "k1")).StatusCode,
            Is.EqualTo(HttpStatusCode.Conflict)
        );
        Assert.That((await Import(registrar, csv, "k2")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "another key is another import");
        Assert.That(await Count("workzone_import"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_list_that_was_refused_is_refused_the_same_way_again()
    {
        var registrar = await App.WithKey("registrar");
        var (first, again) = (await Import(registrar, "案号,法院\n1,2\n", "k1"), await Import(registrar, "案号,法院\n1,2\n", "k1"));
        Assert.That((first.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity)));
        Assert.That(Told(await again.Content.ReadAsStringAsync()), Is.EqualTo(Told(await first.Content.ReadAsStringAsync())).And.Contains("案由"));
        Assert.That(await Count("workzone_import"), Is.EqualTo(1));
    }

    [Test]
    public async Task The_same_list_posted_twice_at_once_is_imported_once()
    {
        var registrar = await App.WithKey("registrar");
        var csv = Sample.Csv([.. Enumerable.Range(1, 600).Select(n => Sample.Row(Sample.Number(n), SampleParty.Provided))]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Import(registrar, csv, "k1")));
        // whoever came while the first was just beginning is told to come again
        Assert.That(
            answers.Select(a => a.StatusCode).Distinct(),
            Is.SubsetOf(new[] { HttpStatusCode.OK, HttpStatusCode.Conflict }).And.Contains(HttpStatusCode.OK)
        );
        Assert.That((await Count("workzone_import"), await Count("workzone_case")), Is.EqualTo((1, 600)));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task An_absence_entered_again_is_answered_as_it_was()
    {
        var judge = await App.WithKey("judge");
        var body = new
        {
            from = "2026-12-01",
            until = "2026-12-02",
            reason = "test",
        };
        var first = await Post(judge, "/api/v1/absences", JsonContent.Create(body), "k1");
        var again = await Post(judge, "/api/v1/absences", JsonContent.Create(body), "k1");
        Assert.That((first.StatusCode, await again.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.Created, await first.Content.ReadAsStringAsync())));
        Assert.That((again.StatusCode, again.Headers.Location), Is.EqualTo((HttpStatusCode.Created, first.Headers.Location)));
    }

    [Test]
    public async Task Answers_are_kept_for_a_week()
    {
        var judge = await App.WithKey("judge");
        await Post(judge, "/api/v1/absences", JsonContent.Create(new { from = "2026-12-01", until = "2026-12-02" }), "k1");
        App.Advance(Kernel.Messaging.Idempotency.Age - TimeSpan.FromMinutes(1));
        await App.RunJob<CollectFiles>();
        Assert.That(await Count("kernel_idempotency"), Is.EqualTo(1));
        App.Advance(TimeSpan.FromMinutes(2));
        await App.RunJob<CollectFiles>();
        Assert.That(await Count("kernel_idempotency"), Is.Zero);
    }

    private Task<int> Count(string table) => App.As(null).Value<int>("SELECT COUNT(*) FROM " + table);

    private static string Told(string problem) => (string)System.Text.Json.Nodes.JsonNode.Parse(problem)!["detail"]!;

    private static Task<HttpResponseMessage> Import(HttpClient client, string csv, string key) =>
        Post(client, "/api/v1/cases:import", new StringContent(csv, Encoding.UTF8, "text/csv"), key);

    private static MultipartFormDataContent File(byte[] pdf, string title = "判决书")
    {
        var file = new ByteArrayContent(pdf);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        return new MultipartFormDataContent
        {
            { file, "file", "a.pdf" },
            { new StringContent("judgment"), "kind" },
            { new StringContent(title), "title" },
        };
    }

    private static async Task<HttpResponseMessage> Post(HttpClient client, string path, HttpContent content, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request);
    }
}
