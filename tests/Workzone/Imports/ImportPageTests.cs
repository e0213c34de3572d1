using System.Net;
using System.Text;

namespace CourtOps.Workzone.Imports;

/// <summary>Case lists through the page, which leaves the run to the pump.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ImportPageTests(Engine engine) : AppTests(engine)
{
    private static readonly string Good = Sample.Csv(
        Sample.Row(Sample.Number(1), new SampleParty("张某甲", "原告")),
        Sample.Row(Sample.Number(1), SampleParty.Provided)
    );

    [TestCase("PK\u0003\u0004 no list", "Excel", TestName = "{m}(a workbook)")]
    [TestCase("案号,法院\n1,2\n", "案由")]
    [TestCase(Sample.Header + "\n", "没有案件")]
    public async Task A_list_that_cannot_be_read_is_told_to_its_person_and_is_no_fault_of_the_system(string list, string reason)
    {
        var registrar = await App.SignedIn("registrar");
        var page = await Import(registrar, Encoding.UTF8.GetBytes(list));
        await App.DrainAsync();
        Assert.That(await (await registrar.GetAsync(page)).Content.ReadAsStringAsync(), Does.Contain(reason));
        Assert.That(await App.As(null).Value<string>("SELECT state FROM workzone_import"), Is.EqualTo("failed"));
        Assert.That(await App.As(null).Rows<string>("SELECT state FROM kernel_work WHERE queue = 'workzone.import'"), Is.EqualTo(new[] { "done" }));
        Assert.That(await App.Verify(), Is.Empty, "what is wrong with a list of somebody's makes no check red");
        Assert.That(Files("uploads", "imports"), Is.Empty);
    }

    [Test]
    public async Task A_list_leaves_no_plain_copy_when_it_is_in()
    {
        var registrar = await App.SignedIn("registrar");
        var page = await Import(registrar, Encoding.UTF8.GetBytes(Good));
        Assert.That(
            (Files("uploads").Count, Files("imports").Count),
            Is.EqualTo((0, 1)),
            "the upload is used up when the import begins; its own copy waits for the pump"
        );
        await App.DrainAsync();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_case"), Is.EqualTo(1), "it was read to its end without the upload");
        Assert.That(await (await registrar.GetAsync(page)).Content.ReadAsStringAsync(), Does.Contain("新建"));
        Assert.That(Files("uploads", "imports"), Is.Empty);
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task An_upload_serves_one_import()
    {
        var registrar = await App.SignedIn("registrar");
        var id = await TestApp.Uploaded(registrar, "/imports", "案件.csv", Encoding.UTF8.GetBytes(Good));
        Assert.That((await TestApp.PostForm(registrar, "/imports", "/imports", ("UploadId", id))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await TestApp.PostForm(registrar, "/imports", "/imports", ("UploadId", id))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_import"), Is.EqualTo(1));
    }

    [Test]
    public async Task What_a_crash_left_of_ended_imports_goes_after_a_day_and_what_is_under_way_stays()
    {
        var registrar = await App.SignedIn("registrar");
        await Import(registrar, Encoding.UTF8.GetBytes(Good));
        await App.DrainAsync();
        var done = await App.As(null).Value<long>("SELECT id FROM workzone_import");
        await Import(registrar, Encoding.UTF8.GetBytes(Good));
        var waiting = await App.As(null).Value<long>("SELECT id FROM workzone_import WHERE state = 'staging'");
        foreach (var name in new[] { $"{done}", $"{waiting}", "4711" })
        {
            var file = Path.Combine(App.Folder, "imports", name);
            await File.WriteAllTextAsync(file, Good);
            File.SetLastWriteTimeUtc(file, TestClock.Monday.UtcDateTime);
        }
        await App.RunJob<CollectImports>();
        Assert.That(Files("imports"), Has.Count.EqualTo(3), "not before a day has gone");
        App.Advance(TimeSpan.FromHours(25));
        await App.RunJob<CollectImports>();
        Assert.That(Files("imports").Select(Path.GetFileName), Is.EqualTo(new[] { $"{waiting}" }));
    }

    private static async Task<Uri> Import(HttpClient registrar, byte[] list)
    {
        var id = await TestApp.Uploaded(registrar, "/imports", "案件.csv", list);
        var answer = await TestApp.PostForm(registrar, "/imports", "/imports", ("UploadId", id));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!;
    }

    private List<string> Files(params string[] folders) =>
        [.. folders.Select(f => Path.Combine(App.Folder, f)).Where(Directory.Exists).SelectMany(f => Directory.GetFiles(f, "*", SearchOption.AllDirectories))];
}
