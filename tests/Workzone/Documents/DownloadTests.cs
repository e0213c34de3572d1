using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Printing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Documents;

/// <summary>What leaves as a file bears who took it; the viewer and whoever may have the original get the bytes as they are.</summary>
public sealed class DownloadTests() : AppTests(Engine.Sqlite)
{
    private long caseId;
    private long paper;
    private byte[] bytes = [];

    protected override void Prepare(TestAppOptions options) => options.Settings["CourtOps:Downloads:WithoutStamp"] = "refuse";

    [SetUp]
    public async Task Paper()
    {
        caseId = await App.Case(1, SampleParty.Provided);
        paper = await App.Document(caseId);
        bytes = SamplePdf.Of(2, $"{caseId} 起诉状副本");
    }

    [Test]
    public async Task A_download_bears_name_login_court_time_and_the_entry_of_the_access_log()
    {
        var answer = await GetAsync(await App.SignedIn("judge"), $"/documents/{paper}/content");
        Assert.That(answer.Content.Headers.ContentDisposition?.DispositionType, Is.EqualTo("attachment"));
        Assert.That(answer.Headers.AcceptRanges, Is.Empty);
        var sent = await answer.Content.ReadAsByteArrayAsync();
        Assert.That(sent.AsSpan(0, 5).SequenceEqual("%PDF-"u8) && !sent.SequenceEqual(bytes), Is.True);
        var row = (await App.AccessRows("workzone.document.download")).Single();
        Assert.That((row.Actor, row.ObjectId, row.CaseId, row.Result), Is.EqualTo(("judge", $"{paper}", (long?)caseId, "done")));
        Assert.That(row.Detail, Does.Contain("\"stamped\":true"));
        Assert.That(
            WebUtility.HtmlDecode(App.Printer.Html[^1]),
            Does.Contain("李测试（judge）").And.Contain(Sample.Court).And.Contain("2026-03-02").And.Contain(row.Id.ToString(CultureInfo.InvariantCulture))
        );
        Assert.That(await App.Verify("blobs"), Is.Empty, "the original is as it was");
        Assert.That(Directory.GetFiles(Path.Combine(App.Folder, "private")), Is.Empty);
    }

    [Test]
    public async Task The_viewer_reads_parts_of_the_bytes_as_they_are()
    {
        var client = await Viewing();
        client.DefaultRequestHeaders.Range = new RangeHeaderValue(5, 19);
        using var part = await client.GetAsync(new Uri($"/documents/{paper}/content", UriKind.Relative));
        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes[5..20]));
        Assert.That((await App.Reads("workzone.document.content"), await App.Reads("workzone.document.download")), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task The_original_goes_to_who_has_the_right_and_is_an_activity_of_its_own()
    {
        var judge = await App.SignedIn("judge");
        Assert.That(await (await GetAsync(judge, $"/documents/{paper}/content?original=true")).Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes));
        Assert.That((await App.AccessRows("workzone.document.original")).Single().ObjectId, Is.EqualTo($"{paper}"));
        Assert.That(await judge.GetStringAsync(new Uri($"/documents/{paper}", UriKind.Relative)), Does.Contain("original=true"));
        var assistant = await App.SignedIn("assistant");
        Assert.That(
            (await assistant.GetAsync(new Uri($"/documents/{paper}/content?original=true", UriKind.Relative))).StatusCode,
            Is.EqualTo(HttpStatusCode.Forbidden)
        );
        Assert.That(await assistant.GetStringAsync(new Uri($"/documents/{paper}", UriKind.Relative)), Does.Not.Contain("original=true"));
        Assert.That(await App.Reads("workzone.document.original"), Is.EqualTo(1));
        Assert.That(
            (await App.As("auditor").Send(new Trails.ShowReaders { DocumentId = paper })).Readers.Single(r => r.Actor == "judge").Opened,
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task A_key_gets_the_original_with_the_right_and_a_marked_copy_without()
    {
        async Task<byte[]> Of(string person, string more = "") =>
            await (await GetAsync(await App.WithKey(person), $"/api/v1/documents/{paper}/content{more}")).Content.ReadAsByteArrayAsync();
        Assert.That(await Of("judge"), Is.EqualTo(bytes));
        Assert.That(await Of("judge", "?stamped=true"), Is.Not.EqualTo(bytes));
        Assert.That(await Of("assistant"), Is.Not.EqualTo(bytes));
        Assert.That((await App.Reads("workzone.document.original"), await App.Reads("workzone.document.download")), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Without_the_program_the_download_is_refused_with_the_way_out()
    {
        App.Printer.Missing = new PrinterMissing("chromium", "chromium");
        await RefusedAsync(paper, "chromium");
        Assert.That(
            await (await GetAsync(await Viewing(), $"/documents/{paper}/content")).Content.ReadAsByteArrayAsync(),
            Is.EqualTo(bytes),
            "reading goes on"
        );
    }

    [Test]
    public async Task A_file_with_a_password_or_damage_is_told_as_such()
    {
        await RefusedAsync(await Stored(SamplePdf.Locked()), "打开密码");
        await RefusedAsync(await Stored(SamplePdf.Broken()[..200]), "损坏");
    }

    private async Task RefusedAsync(long document, string words)
    {
        var client = await App.SignedIn("judge");
        using var answer = await client.GetAsync(new Uri($"/documents/{document}/content", UriKind.Relative));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(WebUtility.HtmlDecode(await client.GetStringAsync(answer.Headers.Location)), Does.Contain("role=\"alert\"").And.Contain(words));
        using var program = await (await App.WithKey("judge")).GetAsync(new Uri($"/api/v1/documents/{document}/content?stamped=true", UriKind.Relative));
        Assert.That(program.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(await program.Content.ReadAsStringAsync(), Does.Contain(words));
        Assert.That(await App.Reads("workzone.document.download"), Is.Zero, "what did not leave is no download");
    }

    private async Task<HttpClient> Viewing()
    {
        var client = await App.SignedIn("judge");
        client.DefaultRequestHeaders.Add(DocumentDelivery.Viewer, "1");
        return client;
    }

    // past the intake, as a file that was sound when it came
    private Task<long> Stored(byte[] content) =>
        App.As("judge")
            .In(async s =>
            {
                using var stream = new MemoryStream(content);
                var blob = await s.GetRequiredService<BlobStore>().WriteAsync(stream, 1 << 20, default);
                return (
                    await s.GetRequiredService<IMediator>()
                        .Send(
                            new AddDocument
                            {
                                CaseId = caseId,
                                Kind = "other",
                                Title = "旧文件",
                                Blob = blob,
                                Pages = 1,
                            }
                        )
                ).Id;
            });

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path)
    {
        var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        return answer;
    }
}

/// <summary>Where the court has said so, what cannot be marked leaves as it is, and the log says that too.</summary>
public sealed class UnmarkedDownloadTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task An_unmarked_download_is_recorded_as_such()
    {
        var paper = await App.Document(await App.Case(1, SampleParty.Provided));
        App.Printer.Missing = new PrinterMissing("chromium", "chromium");
        using var answer = await (await App.SignedIn("assistant")).GetAsync(new Uri($"/documents/{paper}/content", UriKind.Relative));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await App.AccessRows("workzone.document.download")).Single().Detail, Does.Contain("\"stamped\":false"));
    }
}
