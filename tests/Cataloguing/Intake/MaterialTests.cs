using System.IO.Compression;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using CourtOps.Cataloguing.Efile;
using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Workbench;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Cataloguing.Tests.Intake;

/// <summary>From a heap of files to a searchable volume: what is taken, what is refused, what is asked, what is filed.</summary>
public sealed class MaterialTests() : AppTests(Engine.Sqlite)
{
    [SetUp]
    public void Need() => Paper.NeedEngine();

    [Test]
    public async Task Good_files_are_read_sorted_confirmed_and_filed_and_the_volume_is_searchable()
    {
        var caseId = await App.Case(31, SampleParty.Provided);
        var taken = await Take(
            caseId,
            3,
            ("1.jpg", Paper.Jpeg("民事起诉状", Paper.Complaint[..4])),
            ("2.jpg", Paper.Jpeg("", [.. Paper.Plain, .. Paper.Complaint[4..]])),
            ("3.jpg", Paper.Jpeg("民事答辩状", Paper.Defence))
        );
        await App.DrainAsync();
        var show = await Shown(taken.Id);
        Assert.That(
            show.Batch.State,
            Is.EqualTo(BatchState.Review),
            string.Join(' ', show.Files.Select(f => $"{f.Name} {f.State} {f.Reason} {f.Detail}").Concat(show.Pages.Select(p => $"{p.N} {p.State} {p.Problem}")))
        );
        Assert.That(
            show.Pieces.Select(p => (p.PaperType, p.Title, p.Look)),
            Is.EqualTo(new[] { ("complaint", "民事起诉状（原告张某甲）", "sure"), ("defence", "民事答辩状（被告王某乙）", "sure") }),
            string.Join('\n', show.Pieces)
        );
        Assert.That(show.Pieces.Select(p => p.PaperDate), Is.EqualTo(new DateOnly?[] { new DateOnly(2026, 2, 1), new DateOnly(2026, 2, 20) }));
        Assert.That(show.Counts.Agree);
        await Accept(taken.OrderId);
        Assert.That(await App.As("archivist").Send(new ConfirmBatch { Id = taken.Id, Version = show.Batch.Version }), Is.EqualTo(2));
        await App.DrainAsync();
        var volume = (await App.As("judge").Send(new ShowEfile { CaseId = caseId })).Volumes.Single();
        Assert.That(volume.Items.Select(i => (i.Heading, i.Pages, i.FirstPage)), Is.EqualTo(new[] { ("起诉状", (int?)2, 1), ("答辩状", 1, 3) }));
        var filed = await Shown(taken.Id);
        Assert.That(filed.Counts.Filed, Is.EqualTo(3));
        Assert.That((await App.As("judge").In(s => s.GetRequiredService<IWorkOrders>().GetAsync(taken.OrderId))).State, Is.EqualTo(OrderState.Feedback));
        var hit = (await App.As("judge").Send(new FindPages { Text = "到期后没有偿还" })).Hits.Single();
        Assert.That((hit.CaseId, hit.Page, hit.Found), Is.EqualTo((caseId, 1, "到期后没有偿还")));
        Assert.That((await App.As("judge2").Send(new FindPages { Text = "到期后没有偿还" })).Hits, Is.Empty);
        var path = await App.As("judge").In(s => s.GetRequiredService<VolumePdf>().MakeAsync("号", volume, default));
        var (exit, said) = Tools.Run(Tools.Find("qpdf")!, ["--check", path], TimeSpan.FromSeconds(30), errors: true);
        Assert.That(exit, Is.Zero, said);
        Assert.That(Tools.Run(Tools.Find("pdftotext")!, [path, "-"], TimeSpan.FromSeconds(30)).Output, Does.Contain("答辩人").And.Contain("多次催要"));
        using var marks = JsonDocument.Parse(
            Tools.Run(Tools.Find("qpdf")!, ["--json=2", "--json-key=outlines", "--json-key=pagelabels", path], TimeSpan.FromSeconds(30)).Output
        );
        Assert.That(
            marks.RootElement.GetProperty("outlines").EnumerateArray().Select(o => o.GetProperty("title").GetString()),
            Is.EqualTo(new[] { "民事起诉状（原告张某甲）", "民事答辩状（被告王某乙）" })
        );
        Assert.That(marks.RootElement.GetProperty("pagelabels").GetArrayLength(), Is.GreaterThan(0));
        File.Delete(path);
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task What_cannot_be_taken_is_refused_with_its_reason_and_the_rest_goes_on()
    {
        var caseId = await App.Case(32, SampleParty.Provided);
        var good = Paper.Jpeg("民事起诉状", Paper.Complaint);
        var taken = await Take(
            caseId,
            null,
            ("空.pdf", []),
            ("坏.pdf", SamplePdf.Broken()),
            ("锁.pdf", SamplePdf.Locked()),
            ("假.pdf", SamplePdf.Disguised()),
            ("截.jpg", good[..(good.Length / 2)]),
            ("好.jpg", good),
            ("又.jpg", good),
            (
                "表.pdf",
                System.Text.Encoding.Latin1.GetBytes(
                    System.Text.Encoding.Latin1.GetString(SamplePdf.Of(1)).Replace("%%EOF", "%/XFA \n%%EOF", StringComparison.Ordinal)
                )
            ),
            ("环.pdf", Loop()),
            ("垃圾.pdf", [.. new byte[800], .. SamplePdf.Of(2, "junk")])
        );
        await App.DrainAsync();
        var show = await Shown(taken.Id);
        Assert.That(
            show.Files.ToDictionary(f => f.Name, f => f.Reason),
            Is.EqualTo(
                new Dictionary<string, string?>
                {
                    ["空.pdf"] = "empty",
                    ["坏.pdf"] = "broken",
                    ["锁.pdf"] = "encrypted",
                    ["假.pdf"] = "kind",
                    ["截.jpg"] = "broken",
                    ["好.jpg"] = null,
                    ["又.jpg"] = "same-here",
                    ["表.pdf"] = "xfa",
                    ["环.pdf"] = "broken",
                    ["垃圾.pdf"] = null,
                }
            ),
            string.Join('\n', show.Files.Select(f => $"{f.Name} {f.Reason} {f.Detail}"))
        );
        Assert.That(show.Counts.Received, Is.EqualTo(3));
        // every byte that came is there by its digest, also of what was refused
        var blobs = App.Services.GetRequiredService<IServiceScopeFactory>().CreateScope().ServiceProvider.GetRequiredService<BlobStore>();
        foreach (var f in show.Files.Where(f => f.Size > 0))
            await using (var stream = blobs.Open(f.Blob))
                Assert.That(Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)), Is.EqualTo(f.Blob));
        // the same bundle once more
        var again = await Take(caseId, null, ("好.jpg", good));
        await App.DrainAsync();
        Assert.That((await Shown(again.Id)).Files.Single().Reason, Is.EqualTo("same-case"));
    }

    [Test]
    public async Task A_zip_is_unpacked_a_tiff_has_its_pages_and_nothing_is_there_twice_when_work_is_done_again()
    {
        var caseId = await App.Case(33, SampleParty.Provided);
        var tiff = NetVips
            .Image.Arrayjoin([Paper.Draw("庭审笔录", "时间：2026年3月2日上午9时", "审判员：李测试"), Paper.Draw("", Paper.Plain)], across: 1)
            .Mutate(m => m.Set(NetVips.GValue.GIntType, "page-height", Paper.Height))
            .TiffsaveBuffer(compression: NetVips.Enums.ForeignTiffCompression.Ccittfax4, bitdepth: 1);
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            foreach (
                var (name, content) in new[]
                {
                    ("内/笔录.tif", tiff),
                    ("内/起诉状.jpg", Paper.Jpeg("民事起诉状", Paper.Complaint)),
                    ("说明.txt", "x"u8.ToArray()),
                }
            )
                using (var entry = archive.CreateEntry(name).Open())
                    entry.Write(content);
        var taken = await Take(caseId, 3, ("包.zip", zip.ToArray()));
        await App.DrainAsync();
        var show = await Shown(taken.Id);
        Assert.That(
            show.Files.Select(f => (f.Name, f.State, f.Pages)),
            Is.EquivalentTo(
                new[] { ("包.zip", "unpacked", (int?)0), ("内/笔录.tif", "accepted", 2), ("内/起诉状.jpg", "accepted", 1), ("说明.txt", "refused", null) }
            )
        );
        Assert.That(show.Pages, Has.Count.EqualTo(3));
        await App.As(null).Change("UPDATE kernel_work SET state = 'ready', attempts = 0 WHERE queue IN ('cataloguing.open', 'cataloguing.read')");
        await App.DrainAsync();
        Assert.That((await Shown(taken.Id)).Pages, Has.Count.EqualTo(3));
    }

    [TestCase(-1, "crashed")]
    [TestCase(-2, "hung")]
    public async Task A_page_that_ends_or_hangs_the_engine_goes_to_a_person_and_the_rest_goes_on(int trap, string problem)
    {
        var caseId = await App.Case(34, SampleParty.Provided);
        var taken = await Take(caseId, 2, ("1.jpg", Paper.Jpeg("民事起诉状", Paper.Complaint)), ("2.jpg", Paper.Jpeg("民事答辩状", Paper.Defence)));
        while (await App.Value<int>("SELECT COUNT(*) FROM cataloguing_page WHERE state = 'waiting'") < 2)
            await App.Services.GetRequiredService<Kernel.Work.WorkPump>().RunOneAsync(default);
        await App.As(null).Change("UPDATE cataloguing_page SET turn = @trap WHERE ordinal < 15000000", new { trap });
        await App.DrainAsync();
        var show = await Shown(taken.Id);
        Assert.That(show.Pages.Select(p => (p.State, p.Problem)), Is.EqualTo(new[] { (PageState.Person, problem), (PageState.Ready, (string?)null) }));
        Assert.That(show.Batch.State, Is.EqualTo(BatchState.Review));
        Assert.That(show.Pieces[0].QuestionList, Does.Contain("page"));
    }

    [Test]
    public async Task Two_people_do_not_overwrite_each_other_and_the_last_act_can_be_taken_back()
    {
        var caseId = await App.Case(35, SampleParty.Provided);
        var taken = await Take(
            caseId,
            null,
            ("1.jpg", Paper.Jpeg("民事起诉状", Paper.Complaint)),
            ("2.jpg", Paper.Jpeg("", Paper.Plain)),
            ("3.jpg", Paper.Jpeg("民事答辩状", Paper.Defence))
        );
        await App.DrainAsync();
        await Accept(taken.OrderId);
        var show = await Shown(taken.Id, "archivist");
        var first = show.Pieces[0];
        App.As("archivist");
        await App.Send(
            new ActOnPiece
            {
                BatchId = taken.Id,
                Act = BenchAct.Split,
                PageId = show.Pages[1].Id,
                Version = first.Version,
            }
        );
        Assert.That((await Shown(taken.Id, "archivist")).Pieces, Has.Count.EqualTo(3));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new ActOnPiece
                    {
                        BatchId = taken.Id,
                        Act = BenchAct.Confirm,
                        PieceId = first.Id,
                        Version = first.Version,
                        Type = "defence",
                        Title = "民事答辩状",
                    }
                ),
            Throws.TypeOf<Conflict>()
        );
        Assert.That(await App.Send(new UndoAct { BatchId = taken.Id }), Is.EqualTo(BenchAct.Split));
        show = await Shown(taken.Id, "archivist");
        Assert.That(show.Pieces.Select(p => p.Title), Is.EqualTo(new[] { "民事起诉状（原告张某甲）", "民事答辩状（被告王某乙）" }));
        // a page goes behind the last one of another document, and back again
        await App.Send(
            new ActOnPiece
            {
                BatchId = taken.Id,
                Act = BenchAct.Move,
                PageId = show.Pages[0].Id,
                TargetId = show.Pages[2].Id,
                After = true,
            }
        );
        var moved = await Shown(taken.Id, "archivist");
        Assert.That(
            moved.Pages.Select(p => (p.Id, p.PieceId)),
            Is.EqualTo(new[] { (show.Pages[1].Id, (long?)first.Id), (show.Pages[2].Id, show.Pages[2].PieceId), (show.Pages[0].Id, show.Pages[2].PieceId) })
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new ActOnPiece
                    {
                        BatchId = taken.Id,
                        Act = BenchAct.Move,
                        PageId = show.Pages[0].Id,
                        TargetId = show.Pages[0].Id,
                    }
                ),
            Throws.TypeOf<RuleBroken>()
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new ActOnPiece
                    {
                        BatchId = taken.Id,
                        Act = BenchAct.Move,
                        PageId = show.Pages[0].Id,
                        TargetId = 1,
                    }
                ),
            Throws.TypeOf<NotFound>()
        );
        Assert.That(await App.Send(new UndoAct { BatchId = taken.Id }), Is.EqualTo(BenchAct.Move));
        Assert.That((await Shown(taken.Id, "archivist")).Pages.Select(p => p.Id), Is.EqualTo(show.Pages.Select(p => p.Id)));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new ActOnPiece
                    {
                        BatchId = taken.Id,
                        Act = BenchAct.Confirm,
                        PieceId = first.Id,
                        Type = "deliberation",
                        Title = "合议庭评议笔录",
                        Volume = "main",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("leak")
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new ActOnPiece
                    {
                        BatchId = taken.Id,
                        Act = BenchAct.Confirm,
                        PieceId = first.Id,
                        Type = "evidence",
                        Title = "材料一",
                    }
                ),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await App.Send(
            new ActOnPiece
            {
                BatchId = taken.Id,
                Act = BenchAct.Join,
                PieceId = show.Pieces[1].Id,
            }
        );
        await App.Send(
            new ActOnPiece
            {
                BatchId = taken.Id,
                Act = BenchAct.Remove,
                PageId = show.Pages[2].Id,
            }
        );
        show = await Shown(taken.Id, "archivist");
        Assert.That((show.Pieces.Count, show.Counts.Blank), Is.EqualTo((1, 1)));
        await App.Send(
            new ActOnPiece
            {
                BatchId = taken.Id,
                Act = BenchAct.Turn,
                PageId = show.Pages[0].Id,
                Degrees = 180,
            }
        );
        await App.DrainAsync();
        show = await Shown(taken.Id, "archivist");
        Assert.That((show.Pages[0].Orientation, show.Batch.State), Is.EqualTo((180, BatchState.Review)));
    }

    [Test]
    public async Task It_works_over_the_interface_and_is_for_who_may_see_the_case()
    {
        var caseId = await App.Case(36, SampleParty.Provided);
        var client = await App.SignedIn("judge");
        var page = await client.GetStringAsync(new Uri($"/cataloguing/cases/{caseId}/new", UriKind.Relative));
        Assert.That(page, Does.Contain("申报页数"));
        var taken = await Take(caseId, 9, ("1.jpg", Paper.Jpeg("民事起诉状", Paper.Complaint)));
        await App.DrainAsync();
        foreach (var path in new[] { "", "/work", "/receipt" })
            Assert.That(
                await client.GetStringAsync(new Uri($"/cataloguing/batches/{taken.Id}{path}", UriKind.Relative)),
                Does.Contain("民事起诉状").Or.Contain("1.jpg")
            );
        var leaf = (await Shown(taken.Id)).Pages[0].Id;
        foreach (var picture in new[] { "view", "thumb" })
            Assert.That(
                (await client.GetByteArrayAsync(new Uri($"/cataloguing/pages/{leaf}/{picture}.jpg", UriKind.Relative)))[..2],
                Is.EqualTo(new byte[] { 0xFF, 0xD8 })
            );
        var other = await App.SignedIn("judge2");
        foreach (var path in new[] { $"/cataloguing/batches/{taken.Id}", $"/cataloguing/pages/{leaf}/view.jpg", $"/cataloguing/cases/{caseId}/new" })
            Assert.That((int)(await other.GetAsync(new Uri(path, UriKind.Relative))).StatusCode, Is.EqualTo(404), path);
        await Accept(taken.OrderId);
        await Assert.ThatAsync(
            () => App.As("archivist").Send(new ConfirmBatch { Id = taken.Id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("difference")
        );
        await Assert.ThatAsync(() => App.As("judge").Send(new ConfirmBatch { Id = taken.Id }), Throws.TypeOf<Forbidden>());
    }

    private async Task<ShowBatch.Result> Shown(long id, string person = "judge") => await App.As(person).Send(new ShowBatch { Id = id });

    private Task Accept(long order) =>
        App.As("archivist")
            .In(async s =>
            {
                var db = s.GetRequiredService<Kernel.Data.Db>();
                await db.BeginAsync();
                await s.GetRequiredService<IWorkOrders>().StepAsync(order, OrderStep.Accept);
                await db.CommitAsync();
            });

    private async Task<TakeBatch.Result> Take(long caseId, int? announced, params (string Name, byte[] Content)[] files)
    {
        App.As("judge");
        var kept = new List<TakenFile>();
        foreach (var (name, content) in files)
            kept.Add(new TakenFile(name, await App.In(s => s.GetRequiredService<BlobStore>().WriteAsync(new MemoryStream(content), 1 << 26, default))));
        return await App.Send(
            new TakeBatch
            {
                CaseId = caseId,
                Sender = "张某甲",
                Announced = announced,
                Files = kept,
            }
        );
    }

    // the tree of pages leads back to its root
    private static byte[] Loop() =>
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[2 0 R]>>\nendobj\ntrailer\n<</Root 1 0 R/Size 3>>\n%%EOF\n"u8.ToArray();

    protected override void Prepare(TestAppOptions options)
    {
        options.Settings["CourtOps:Reading:SecondsPerPage"] = "12";
        Environment.SetEnvironmentVariable("COURTOPS_READING_TRAPS", "1");
    }
}
