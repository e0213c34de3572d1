using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Attacks;

/// <summary>What a stranger tries first: forged posts, foreign targets, paths out of the folder, disguised and exploding files, inner addresses,
/// guessing.</summary>
public sealed partial class WebTests() : AppTests(Engine.Sqlite)
{
    protected override void Prepare(TestAppOptions options)
    {
        options.Settings["CourtOps:Limits:SignIn"] = "6";
        options.Settings["CourtOps:Limits:Stranger"] = "60";
        options.Settings["CourtOps:Http:Allow"] = "";
    }

    [Test]
    public async Task Every_answer_carries_the_headers_and_no_page_has_script_or_style_inside()
    {
        var judge = await App.SignedIn("judge");
        foreach (var path in new[] { "/", "/cases", "/orders", "/absences", "/account", "/calculate", "/nothing" })
        {
            var answer = await judge.GetAsync(Url(path));
            var csp = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.That(
                csp,
                Does.Contain("default-src 'self'").And.Contain("object-src 'none'").And.Contain("base-uri 'none'").And.Not.Contain("unsafe"),
                path
            );
            Assert.That(answer.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
            Assert.That(answer.Headers.CacheControl?.NoStore, Is.True, $"{path} may hold somebody's case");
            var html = await answer.Content.ReadAsStringAsync();
            Assert.That(InlineCode().Matches(html).Select(m => m.Value), Is.Empty, path);
        }
    }

    [Test]
    public async Task A_post_without_the_token_of_the_page_changes_nothing()
    {
        var judge = await App.SignedIn("judge");
        foreach (var path in new[] { "/absences", "/account", "/sign-out", "/notices?handler=Read" })
        {
            using var form = new FormUrlEncodedContent([new("Data.From", "2026-12-01"), new("Data.Until", "2026-12-02")]);
            Assert.That((await judge.PostAsync(Url(path), form)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), path);
        }
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_absence"), Is.Zero);
        // nor does a cookie through the API
        using var json = new StringContent("{}", Encoding.UTF8, "application/json");
        Assert.That((await judge.PostAsync(Url("/api/v1/absences"), json)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase("/cases", ExpectedResult = "/cases")]
    [TestCase("/orders?view=mine&due=today", ExpectedResult = "/orders?view=mine&due=today")]
    [TestCase("//evil.example", ExpectedResult = "/")]
    [TestCase("/\\evil.example", ExpectedResult = "/")]
    [TestCase("https://evil.example", ExpectedResult = "/")]
    [TestCase("javascript:alert(1)", ExpectedResult = "/")]
    [TestCase("/\r\nSet-Cookie: a=b", ExpectedResult = "/")]
    [TestCase("/\t/evil.example", ExpectedResult = "/")]
    [TestCase("", ExpectedResult = "/")]
    [TestCase(null, ExpectedResult = "/")]
    public string Where_a_page_may_lead(string? next) => PageExtensions.LocalTarget(next);

    [TestCase("//evil.example")]
    [TestCase("https://evil.example/cases")]
    [TestCase("/\\evil.example")]
    public async Task Signing_in_never_leads_outside(string next)
    {
        var browser = await App.Http();
        var answer = await TestApp.PostForm(
            browser,
            "/sign-in?next=" + Uri.EscapeDataString(next),
            "/sign-in",
            ("Login", "judge"),
            ("Password", TestApp.Password),
            ("Next", next)
        );
        Assert.That(answer.Headers.Location!.ToString(), Is.EqualTo("/"));
    }

    [TestCase("/lib/..%2f..%2fappsettings.json")]
    [TestCase("/css/..%2f..%2f..%2fcourtops.db")]
    [TestCase("/css/%2e%2e/%2e%2e/CourtOps.Host.dll")]
    [TestCase("/courtops.db")]
    [TestCase("/keys/secret.key")]
    [TestCase("/uploads/..%2f..%2fkeys%2fsecret.key")]
    [TestCase("/documents/1%2f..%2f2/content")]
    public async Task No_path_leads_out_of_the_folder(string path)
    {
        var judge = await App.SignedIn("judge");
        Assert.That((int)(await judge.GetAsync(Url(path))).StatusCode, Is.EqualTo(404).Or.EqualTo(400));
    }

    [TestCase("DELETE", "/api/v1/cases", "", 405)]
    [TestCase("PUT", "/api/v1/work-orders/1", "", 405)]
    [TestCase("POST", "/api/v1/service-requests", "text/plain", 415)]
    [TestCase("POST", "/api/v1/service-requests", "application/json", 400)]
    [TestCase("POST", "/events", "", 405)]
    public async Task A_wrong_method_or_type_is_said_and_breaks_nothing(string method, string path, string type, int status)
    {
        var client = path.StartsWith("/api", StringComparison.Ordinal) ? await App.WithKey("judge") : await App.SignedIn("judge");
        using var request = new HttpRequestMessage(new HttpMethod(method), Url(path));
        if (type.Length > 0)
            request.Content = new StringContent("{ not json", Encoding.UTF8, type);
        var answer = await client.SendAsync(request);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status), await answer.Content.ReadAsStringAsync());
        if (path.StartsWith("/api", StringComparison.Ordinal))
            Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
    }

    [TestCase("../../keys/secret.key")]
    [TestCase("AAAA")]
    [TestCase("")]
    public async Task A_blob_has_a_digest_for_a_name_and_nothing_else(string name) =>
        await App.As(null)
            .In(s =>
            {
                Assert.That(() => s.GetRequiredService<BlobStore>().Exists(name), Throws.ArgumentException);
                return Task.CompletedTask;
            });

    [TestCase("%PDF-1.7\n", ExpectedResult = "pdf")]
    [TestCase("PK\u0003\u0004", ExpectedResult = "zip")]
    [TestCase("\u007fELF", ExpectedResult = "elf")]
    [TestCase("MZ\u0090", ExpectedResult = "exe")]
    [TestCase("GIF89a", ExpectedResult = "gif")]
    [TestCase("  <?xml version=\"1.0\"?>", ExpectedResult = "xml")]
    [TestCase("案号,法院\n", ExpectedResult = "text")]
    [TestCase("a\0b", ExpectedResult = "binary")]
    [TestCase("", ExpectedResult = "text")]
    public string A_file_is_what_its_bytes_say(string content) =>
        FileKinds.Of(content.All(c => c < 256) ? Encoding.Latin1.GetBytes(content) : Encoding.UTF8.GetBytes(content));

    [TestCase("../outside.txt")]
    [TestCase("a/../../outside.txt")]
    [TestCase("/etc/outside.txt")]
    public async Task An_archive_does_not_write_outside(string name)
    {
        using var zip = Zip((name, "x"u8.ToArray()));
        await Assert.ThatAsync(() => Unpack(zip), Throws.TypeOf<RuleBroken>());
        Assert.That(File.Exists(Path.Combine(App.Folder, "outside.txt")) || File.Exists("/etc/outside.txt"), Is.False);
    }

    [Test]
    public async Task An_archive_brings_no_links()
    {
        var stream = new MemoryStream();
        await using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            var link = zip.CreateEntry("innocent.txt");
            link.ExternalAttributes = unchecked((int)0xA1FF0000); // a symbolic link of Unix
            await using var target = await link.OpenAsync();
            await target.WriteAsync("/etc/passwd"u8.ToArray());
        }
        stream.Position = 0;
        await Assert.ThatAsync(() => Unpack(stream), Throws.TypeOf<RuleBroken>().With.Message.Contains("路径不安全"));
    }

    [Test]
    public async Task An_archive_that_lies_about_its_size_is_counted_as_it_unpacks()
    {
        using var bomb = Zip(("zeros", new byte[4 << 20]));
        var bytes = bomb.ToArray();
        var central = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(central + 24), 10); // says ten bytes
        using var lying = new MemoryStream(bytes);
        try
        {
            await Unpack(lying);
        }
        catch (Exception e) when (e is RuleBroken or InvalidDataException)
        {
            // the engine notices the lie, or our own count does
        }
        Assert.That(Directory.GetFiles(Path.Combine(App.Folder, "unpack")).Sum(f => new FileInfo(f).Length), Is.LessThanOrEqualTo(1 << 20));
    }

    [Test]
    public async Task An_archive_that_explodes_is_stopped()
    {
        using var bomb = Zip(("zeros", new byte[8 << 20]));
        Assert.That(bomb.Length, Is.LessThan(64 << 10), "small on the outside");
        await Assert.ThatAsync(() => Unpack(bomb), Throws.TypeOf<RuleBroken>().With.Message.Contains("超过上限"));
        using var crowd = Zip([.. Enumerable.Range(0, 200).Select(i => ($"f{i}", "x"u8.ToArray()))]);
        await Assert.ThatAsync(() => Unpack(crowd), Throws.TypeOf<RuleBroken>());
    }

    private static IEnumerable<TestCaseData> BadXml =>
        [
            new TestCaseData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>").SetArgDisplayNames("a file"),
            new TestCaseData("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><a>&b;</a>").SetArgDisplayNames(
                "entities that grow"
            ),
            new TestCaseData("<a>" + new string('x', 5000) + "</a>").SetArgDisplayNames("without end"),
        ];

    [TestCaseSource(nameof(BadXml))]
    public void Xml_with_entities_or_without_end_is_stopped(string xml)
    {
        using var reader = SafeArchive.Xml(new MemoryStream(Encoding.UTF8.GetBytes(xml)), mostCharacters: 1000);
        Assert.That(
            () =>
            {
                while (reader.Read()) { }
            },
            Throws.TypeOf<System.Xml.XmlException>()
        );
    }

    [TestCase("http://127.0.0.1:9/")]
    [TestCase("http://localhost:9/")]
    [TestCase("http://169.254.169.254/latest/meta-data/")]
    [TestCase("http://10.0.0.1/")]
    [TestCase("http://192.168.1.1/")]
    [TestCase("http://172.16.0.1/")]
    [TestCase("http://100.64.0.1/")]
    [TestCase("http://[::1]:9/")]
    [TestCase("http://[fd00::1]/")]
    [TestCase("http://[::ffff:127.0.0.1]:9/")]
    [TestCase("http://0.0.0.0:9/")]
    public async Task The_program_calls_no_inner_address_unless_it_is_named(string address)
    {
        using var client = App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.Timeout = TimeSpan.FromSeconds(5);
        await Assert.ThatAsync(
            () => client.GetAsync(new Uri(address)),
            Throws
                .TypeOf<HttpRequestException>()
                .With.Message.Contains("inner address")
                .Or.TypeOf<HttpRequestException>()
                .With.InnerException.Message.Contains("inner address")
        );
    }

    [Test]
    public async Task A_redirect_to_an_inner_address_is_not_followed()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        App.Set("CourtOps:Http:Allow", "127.0.0.1");
        var serving = Task.Run(async () =>
        {
            using var caller = await listener.AcceptTcpClientAsync();
            await using var stream = caller.GetStream();
            await stream.ReadAtLeastAsync(new byte[16], 16);
            await stream.WriteAsync(
                "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray()
            );
        });
        using var client = App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.Timeout = TimeSpan.FromSeconds(10);
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
        await serving;
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), "what is named is called, what it points to is not");
    }

    [TestCase("//evil.example")]
    [TestCase("https://evil.example")]
    [TestCase("/\\evil.example")]
    public async Task No_form_leads_outside(string target)
    {
        var judge = await App.SignedIn("judge");
        foreach (var (post, field) in new[] { ("/language", "back"), ("/notices?handler=Open", "to") })
            Assert.That((await TestApp.PostForm(judge, "/cases", post, (field, target), ("id", "1"))).Headers.Location?.ToString(), Is.EqualTo("/"), post);
    }

    [Test]
    public async Task Guessing_is_slowed_down_by_address()
    {
        var browser = await App.Http();
        var statuses = new List<int>();
        for (var i = 0; i < 9; i++)
            statuses.Add((int)(await TestApp.PostForm(browser, "/sign-in", "/sign-in", ("Login", "nobody" + i), ("Password", "wrong-wrong"))).StatusCode);
        Assert.That(statuses.Take(6), Has.All.EqualTo(422));
        Assert.That(statuses[^1], Is.EqualTo(429));
    }

    [Test]
    public async Task A_stranger_who_asks_without_end_is_told_to_wait()
    {
        var browser = await App.Http();
        HttpResponseMessage? last = null;
        for (var i = 0; i < 70; i++)
            last = await browser.GetAsync(Url("/p/" + new string((char)('0' + (i % 10)), 32)));
        Assert.That((int)last!.StatusCode, Is.EqualTo(429));
        Assert.That(last.Headers.RetryAfter, Is.Not.Null);
    }

    private Task Unpack(Stream zip) => SafeArchive.UnpackAsync(zip, Path.Combine(App.Folder, "unpack"), 1 << 20, 100, default);

    private static MemoryStream Zip(params (string Name, byte[] Content)[] files)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        stream.Position = 0;
        return stream;
    }

    private static Uri Url(string path) => new(path, UriKind.Relative);

    [GeneratedRegex("<script(?![^>]*\\bsrc=)[^>]*>|\\sstyle=\"|\\son[a-z]+=\"|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();
}
