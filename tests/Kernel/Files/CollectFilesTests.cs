using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Files;

/// <summary>What nobody uses goes after a day; what somebody uses, or may be about to use, stays.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CollectFilesTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task An_upload_goes_a_day_after_its_last_piece()
    {
        var old = await Upload("old");
        var resumed = await Upload("resumed");
        Touch("uploads", old, TestClock.Monday);
        Touch("uploads", resumed, TestClock.Monday.AddHours(20));
        App.Advance(TimeSpan.FromHours(25));
        await App.RunJob<CollectFiles>();
        Assert.That(Names("uploads"), Is.EqualTo(new[] { resumed }));
        Assert.That(await App.As(null).Rows<string>("SELECT id FROM kernel_upload"), Is.EqualTo(new[] { resumed }));
        await Assert.ThatAsync(() => App.As("judge").In(s => s.GetRequiredService<Uploads>().FindAsync(old, default)), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task What_one_person_leaves_lying_has_a_limit_and_what_is_handed_in_or_old_frees_it()
    {
        Task<string> Begin(string login, long size) =>
            App.As(login).In(async s => (await s.GetRequiredService<Uploads>().BeginAsync("大卷宗.pdf", size, default)).Id);
        var limits = App.Services.GetRequiredService<UploadLimits>();
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
            ids.Add(await Begin("judge", limits.MaxBytes));
        Assert.That(() => Begin("judge", 1), Throws.TypeOf<RuleBroken>().With.Message.Contains("20 个文件").And.Property("Code").EqualTo("quota"));
        Assert.That(await Begin("judge2", 10), Is.Not.Empty, "it is each person's own");
        await App.As("judge")
            .In(async s =>
            {
                await s.GetRequiredService<Uploads>().DropAsync(ids[0], default);
                return 0;
            });
        Assert.That(await Begin("judge", limits.MaxBytes), Is.Not.Empty);
        foreach (var id in Names("uploads"))
            Touch("uploads", id, TestClock.Monday);
        App.Advance(TimeSpan.FromHours(25));
        await App.RunJob<CollectFiles>();
        Assert.That(await Begin("judge", limits.MaxBytes), Is.Not.Empty);
    }

    [TestCase("false")]
    [TestCase("true")]
    public async Task Bytes_without_a_row_go_after_a_day_and_bytes_with_one_stay(string encrypt)
    {
        App.Set("CourtOps:Files:Encrypt", encrypt);
        var (kept, orphan, young) = (await Write("kept", keep: true), await Write("orphan"), await Write("young"));
        Touch("blobs", kept, TestClock.Monday);
        Touch("blobs", orphan, TestClock.Monday);
        Touch("blobs", young, TestClock.Monday.AddHours(20));
        App.Advance(TimeSpan.FromHours(25));
        await App.RunJob<CollectFiles>();
        Assert.That(Names("blobs").Select(n => n[..64]), Is.EquivalentTo(new[] { kept, young }));
        Assert.That(await App.Verify("blobs"), Is.Empty);
    }

    [Test]
    public async Task An_orphan_that_is_handed_in_again_is_young_again()
    {
        var orphan = await Write("again");
        Touch("blobs", orphan, TestClock.Monday);
        App.Advance(TimeSpan.FromHours(25));
        Assert.That(await Write("again"), Is.EqualTo(orphan)); // found there; its row comes with the commit
        await App.RunJob<CollectFiles>();
        Assert.That(Names("blobs"), Is.EqualTo(new[] { orphan }));
    }

    [Test]
    public async Task Bytes_refused_by_their_check_are_never_kept()
    {
        await Assert.ThatAsync(
            () =>
                App.As(null)
                    .In(s =>
                        s.GetRequiredService<BlobStore>()
                            .WriteAsync(
                                new MemoryStream("refused"u8.ToArray()),
                                100,
                                default,
                                path => File.ReadAllText(path) == "refused" ? throw new RuleBroken("no") : Task.CompletedTask
                            )
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That(Names("blobs").Concat(Names("private")), Is.Empty);
    }

    private Task<string> Upload(string name) =>
        App.As("judge")
            .In(async s =>
            {
                var uploads = s.GetRequiredService<Uploads>();
                var state = await uploads.BeginAsync(name, 10, default);
                await uploads.AppendAsync(state.Id, 0, new MemoryStream("1234"u8.ToArray()), default);
                return state.Id;
            });

    private Task<string> Write(string text, bool keep = false) =>
        App.As(null)
            .In(async s =>
            {
                var blobs = s.GetRequiredService<BlobStore>();
                var blob = await blobs.WriteAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), 100, default);
                if (keep)
                {
                    var db = s.GetRequiredService<Db>();
                    await db.BeginAsync();
                    await blobs.KeepAsync(blob, default);
                    await db.CommitAsync();
                }
                return blob.Sha256;
            });

    private void Touch(string folder, string name, DateTimeOffset at) =>
        File.SetLastWriteTimeUtc(Directory.GetFiles(Path.Combine(App.Folder, folder), name + "*", SearchOption.AllDirectories).Single(), at.UtcDateTime);

    private List<string> Names(string folder) =>
        Directory.Exists(Path.Combine(App.Folder, folder))
            ? [.. Directory.GetFiles(Path.Combine(App.Folder, folder), "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f))]
            : [];
}
