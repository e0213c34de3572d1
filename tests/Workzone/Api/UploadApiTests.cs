using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CourtOps.Workzone.Tests.Api;

/// <summary>A file in pieces over the API, on a line that breaks.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class UploadApiTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_broken_upload_goes_on_where_it_stopped()
    {
        var (judge, caseId) = (await App.WithKey("judge"), await App.Case(1, SampleParty.Provided));
        var pdf = SamplePdf.Of(3, "in pieces");
        var id = await Begun(judge, "长文书.pdf", pdf.Length);
        Assert.That(await Sent(judge, id, 0, pdf[..100]), Is.EqualTo(100));
        // the answer was lost: the same piece again, and a piece beyond what is there, change nothing
        Assert.That(await Sent(judge, id, 0, pdf[..100]), Is.EqualTo(100));
        Assert.That(await Sent(judge, id, 150, pdf[150..]), Is.EqualTo(100));
        var state = await Json(await judge.GetAsync(Url($"/api/v1/uploads/{id}")));
        Assert.That(((string?)state["received"], (string?)state["size"], (bool)state["complete"]!), Is.EqualTo(("100", $"{pdf.Length}", false)));
        var early = await judge.PostAsync(Url($"/api/v1/cases/{caseId}/documents"), Form(id));
        Assert.That(
            (early.StatusCode, await early.Content.ReadAsStringAsync()),
            Is.EqualTo((HttpStatusCode.UnprocessableEntity, await early.Content.ReadAsStringAsync()))
        );
        Assert.That(await early.Content.ReadAsStringAsync(), Does.Contain($"100 / {pdf.Length}"));
        Assert.That(await Sent(judge, id, 100, pdf[100..]), Is.EqualTo(pdf.Length));
        var taken = await judge.PostAsync(Url($"/api/v1/cases/{caseId}/documents"), Form(id));
        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.Created), await taken.Content.ReadAsStringAsync());
        var document = await Json(taken);
        Assert.That(
            ((int)document["pages"]!, (string?)document["sha256"]),
            Is.EqualTo((3, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(pdf))))
        );
        Assert.That((await judge.GetAsync(Url($"/api/v1/uploads/{id}"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "used up");
    }

    [Test]
    public async Task More_than_was_announced_is_refused()
    {
        var judge = await App.WithKey("judge");
        var id = await Begun(judge, "a.pdf", 10);
        var answer = await Put(judge, id, 0, new byte[11]);
        Assert.That(
            (answer.StatusCode, await answer.Content.ReadAsStringAsync()),
            Is.EqualTo((HttpStatusCode.UnprocessableEntity, await answer.Content.ReadAsStringAsync()))
        );
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("声明的文件大小"));
        Assert.That(await Sent(judge, id, 0, new byte[10]), Is.EqualTo(10), "nothing of it was kept");
    }

    [Test]
    public async Task Somebody_elses_upload_is_not_found()
    {
        var (judge, other) = (await App.WithKey("judge"), await App.WithKey("judge-yanji"));
        var id = await Whole(judge, "a.pdf", SamplePdf.Of(1, "a"));
        Assert.That((await other.GetAsync(Url($"/api/v1/uploads/{id}"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await Put(other, id, 0, [1])).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("""{"name":"","size":"10"}""", 422)]
    [TestCase("""{"name":"a.pdf","size":"0"}""", 422)]
    [TestCase("""{"name":"a.pdf","size":"-1"}""", 400)]
    [TestCase("""{"name":"a.pdf","size":"999999999999"}""", 422)]
    [TestCase("""{"name":"a.pdf"}""", 422)]
    [TestCase("not json", 400)]
    public async Task What_cannot_be_an_upload_is_refused(string body, int status)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await (await App.WithKey("judge")).PostAsync(Url("/api/v1/uploads"), content);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status), await answer.Content.ReadAsStringAsync());
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
    }

    /// <summary>An upload in one piece; answers its id.</summary>
    internal static async Task<string> Whole(HttpClient client, string name, byte[] content)
    {
        var id = await Begun(client, name, content.Length);
        Assert.That(await Sent(client, id, 0, content), Is.EqualTo(content.Length));
        return id;
    }

    private static async Task<string> Begun(HttpClient client, string name, long size)
    {
        var answer = await client.PostAsync(Url("/api/v1/uploads"), JsonContent.Create(new { name, size = $"{size}" }));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created), await answer.Content.ReadAsStringAsync());
        var id = (string)(await Json(answer))["id"]!;
        Assert.That(answer.Headers.Location, Is.EqualTo(Url($"/api/v1/uploads/{id}")));
        return id;
    }

    private static async Task<long> Sent(HttpClient client, string id, long offset, byte[] piece)
    {
        var answer = await Put(client, id, offset, piece);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        return long.Parse((string)(await Json(answer))["received"]!, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<HttpResponseMessage> Put(HttpClient client, string id, long offset, byte[] piece)
    {
        using var content = new ByteArrayContent(piece);
        content.Headers.ContentType = new("application/octet-stream");
        return await client.PutAsync(Url($"/api/v1/uploads/{id}?offset={offset}"), content);
    }

    private static MultipartFormDataContent Form(string upload) =>
        new() { { new StringContent(upload), "uploadId" }, { new StringContent("judgment"), "kind" } };

    private static async Task<JsonNode> Json(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    private static Uri Url(string path) => new(path, UriKind.Relative);
}
