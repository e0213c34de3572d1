using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Reading;
using CourtOps.Kernel.Files;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Cataloguing.Tests.Intake;

/// <summary>Word files: what is in them becomes pages; what they would fetch or run does not; damaged, locked, endless and oversized ones are refused with
/// the reason.</summary>
public sealed class WordFilesTests() : AppTests(Engine.Sqlite)
{
    private const string Rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private readonly List<string> folders = [];

    [Test]
    public async Task Word_files_become_pages_and_bad_ones_are_refused_and_nothing_outside_is_fetched()
    {
        Paper.NeedEngine();
        using var outside = new TcpListener(IPAddress.Loopback, 0);
        outside.Start();
        var complaint = Docx(["民事起诉状", .. Paper.Complaint], $"http://127.0.0.1:{((IPEndPoint)outside.LocalEndpoint).Port}/seen.png");
        var caseId = await App.Case(41, SampleParty.Provided);
        var files = new List<(string Name, byte[] Content, string? Reason)>
        {
            ("起诉状.docx", complaint, null),
            ("损坏.docx", Damaged(), "broken"),
            ("半个.docx", complaint[..(complaint.Length / 2)], "broken"),
        };
        if (Tools.Find("soffice") is { } program)
        {
            // a short one keeps its text among the small pieces of the file, a long one has sectors of its own
            var (brief, lengthy) = Docs(
                program,
                Docx(["民事答辩状", .. Paper.Defence]),
                Docx(["委托书", .. Enumerable.Repeat(Paper.Plain, 12).SelectMany(p => p)])
            );
            files.AddRange([("答辩状.doc", brief, null), ("锁.doc", Locked(lengthy), "office-password")]);
        }
        files.AddRange([
            ("锁.docx", Ole("EncryptedPackage"), "office-password"),
            ("表.doc", Ole("Workbook"), "kind"),
            ("表.docx", Zip("[Content_Types].xml", "xl/workbook.xml"), "kind"),
            ("票.zip", Zip("OFD.xml", "Doc_0/Document.xml"), "ofd"),
            ("胀.docx", Bomb(), "zip-large"),
        ]);
        var kept = new List<TakenFile>();
        App.As("judge");
        foreach (var (name, content, _) in files)
            kept.Add(new TakenFile(name, await App.In(s => s.GetRequiredService<BlobStore>().WriteAsync(new MemoryStream(content), 1 << 26, default))));
        var taken = await App.Send(
            new TakeBatch
            {
                CaseId = caseId,
                Sender = "张某甲",
                Files = kept,
            }
        );
        await App.DrainAsync();
        var show = await App.As("judge").Send(new ShowBatch { Id = taken.Id });
        if (Tools.Find("soffice") is null)
        {
            Assert.That(show.Files[0].Reason, Is.EqualTo("office"), "said at once, and the original is kept");
            Assert.Ignore("soffice is not installed: the conversion itself is not tried here");
        }
        Assert.That(
            show.Files.ToDictionary(f => f.Name, f => f.Reason),
            Is.EqualTo(files.ToDictionary(f => f.Name, f => f.Reason)),
            string.Join('\n', show.Files.Select(f => $"{f.Name} {f.Reason} {f.Detail}"))
        );
        Assert.That(
            show.Pieces.Select(p => (p.PaperType, p.Title)),
            Is.EqualTo(new[] { ("complaint", "民事起诉状（原告张某甲）"), ("defence", "民事答辩状（被告王某乙）") })
        );
        Assert.That(outside.Pending(), Is.False, "the linked picture was asked for");
        Assert.That(Directory.GetDirectories(Path.Combine(App.Folder, "private")), Is.Empty);
    }

    [Test]
    public async Task A_hung_conversion_is_ended_with_all_it_began_and_also_when_the_host_stops()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("the stand-in is a shell script");
        var program = Script("sleep 600 & echo $! > \"$HOME/child\"; wait");
        var one = Work();
        await Assert.ThatAsync(
            () => new WordFiles(program, TimeSpan.FromSeconds(1)).ConvertAsync(Source(one), old: true, one, default),
            Throws.TypeOf<BadPage>().With.Property("Code").EqualTo("slow")
        );
        await GoneAsync(one);
        var two = Work();
        using var stop = new CancellationTokenSource();
        var running = new WordFiles(program, TimeSpan.FromMinutes(5)).ConvertAsync(Source(two), old: true, two, stop.Token);
        while (!File.Exists(Path.Combine(two, "child")))
            await Task.Delay(20); // a process of its own: there is nothing to be woken by
        await stop.CancelAsync();
        await Assert.ThatAsync(() => running, Throws.InstanceOf<OperationCanceledException>());
        await GoneAsync(two);
    }

    [Test]
    public async Task Two_conversions_run_at_once_each_with_a_profile_of_its_own()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("the stand-in is a shell script");
        var meet = Work();
        // each waits until the other is there, and writes down its profile
        var program = Script(
            $"echo \"$1\" > \"{meet}/$$\"; while [ $(ls \"{meet}\" | wc -l) -lt 2 ]; do sleep 0.05; done; cp \"$HOME/in.doc\" \"$HOME/in.pdf\""
        );
        var (one, two) = (Work(), Work());
        var word = new WordFiles(program, TimeSpan.FromSeconds(60));
        await Task.WhenAll(word.ConvertAsync(Source(one), old: true, one, default), word.ConvertAsync(Source(two), old: true, two, default));
        Assert.That(Directory.GetFiles(meet).Select(File.ReadAllText).Distinct().Count(), Is.EqualTo(2));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(one, "profile", "user", "registrymodifications.xcu")), Does.Contain("DisableMacrosExecution"));
    }

    [TearDown]
    public void Clear()
    {
        foreach (var folder in folders)
            Directory.Delete(folder, recursive: true);
        folders.Clear();
    }

    private string Work()
    {
        folders.Add(Directory.CreateTempSubdirectory("word").FullName);
        return folders[^1];
    }

    private string Script(string body)
    {
        var path = Path.Combine(Work(), "soffice");
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static string Source(string folder)
    {
        var path = Path.Combine(folder, "given");
        File.WriteAllText(path, "x");
        return path;
    }

    private static async Task GoneAsync(string folder)
    {
        var id = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "child")), System.Globalization.CultureInfo.InvariantCulture);
        var waited = Stopwatch.StartNew(); // the limit is kept by the process, whose clock is the machine's
        while (waited.Elapsed < TimeSpan.FromSeconds(20) && Alive(id))
            await Task.Delay(50);
        Assert.That(Alive(id), Is.False, "what it began still runs");
    }

    // one that ended and was not yet waited for still has a number
    private static bool Alive(int id) => File.Exists($"/proc/{id}/stat") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z", StringComparison.Ordinal);

    private static byte[] Docx(IEnumerable<string> lines, string? picture = null)
    {
        var body = string.Concat(lines.Select(l => $"<w:p><w:r><w:t>{l}</w:t></w:r></w:p>"));
        if (picture is not null)
            body += $"""
                <w:p><w:r><w:drawing xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
                <a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr>
                <pic:blipFill><a:blip xmlns:r="{Rel}" r:link="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>
                """;
        var parts = new List<(string, string)>
        {
            ("word/document.xml", $"<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"),
            ("word/vbaProject.bin", "no macro is ever run"),
        };
        if (picture is not null)
            parts.Add(
                (
                    "word/_rels/document.xml.rels",
                    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" "
                        + $"Type=\"{Rel}/image\" Target=\"{picture}\" TargetMode=\"External\"/></Relationships>"
                )
            );
        return Package(parts);
    }

    private static byte[] Package(List<(string Name, string Text)> parts)
    {
        const string type = "application/vnd.openxmlformats";
        parts.Add(
            (
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" "
                    + $"ContentType=\"{type}-package.relationships+xml\"/><Default Extension=\"bin\" "
                    + "ContentType=\"application/vnd.ms-office.vbaProject\"/><Override PartName=\"/word/document.xml\" "
                    + $"ContentType=\"{type}-officedocument.wordprocessingml.document.main+xml\"/></Types>"
            )
        );
        parts.Add(
            (
                "_rels/.rels",
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" "
                    + $"Type=\"{Rel}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
            )
        );
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in parts)
                using (var entry = new StreamWriter(zip.CreateEntry(name).Open()))
                    entry.Write(text);
        return made.ToArray();
    }

    // a document that ends in the middle of a word, in a whole archive
    private static byte[] Damaged() =>
        Package([("word/document.xml", "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>半")]);

    // 600 MB of nothing in half a megabyte
    private static byte[] Bomb()
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var types = zip.CreateEntry("[Content_Types].xml").Open())
                types.Write("<Types/>"u8);
            using var body = zip.CreateEntry("word/document.xml").Open();
            var nothing = new byte[1 << 20];
            for (var i = 0; i < 600; i++)
                body.Write(nothing);
        }
        return made.ToArray();
    }

    private static byte[] Zip(params string[] names)
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var name in names)
                using (var entry = zip.CreateEntry(name).Open())
                    entry.Write("<x/>"u8);
        return made.ToArray();
    }

    private static byte[] Ole(string stream)
    {
        var file = new byte[4096];
        BinaryPrimitives.WriteUInt64BigEndian(file, 0xD0CF11E0A1B11AE1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(30), 9);
        Encoding.Unicode.GetBytes(stream).CopyTo(file, 1024 + 128);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(1024 + 128 + 64), (ushort)((stream.Length + 1) * 2));
        return file;
    }

    private (byte[] One, byte[] Two) Docs(string program, byte[] one, byte[] two)
    {
        var folder = Work();
        var (a, b) = (Path.Combine(folder, "a.docx"), Path.Combine(folder, "b.docx"));
        File.WriteAllBytes(a, one);
        File.WriteAllBytes(b, two);
        Tools.Run(
            program,
            [$"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "doc:MS Word 97", "--outdir", folder, a, b],
            TimeSpan.FromSeconds(120)
        );
        return (File.ReadAllBytes(Path.ChangeExtension(a, ".doc")), File.ReadAllBytes(Path.ChangeExtension(b, ".doc")));
    }

    // the mark that a text is encrypted, in the head of the stream WordDocument
    private static byte[] Locked(byte[] doc)
    {
        var locked = doc.ToArray();
        var at = locked.AsSpan().IndexOf(Encoding.Unicode.GetBytes("WordDocument"));
        locked[(int)((BinaryPrimitives.ReadUInt32LittleEndian(locked.AsSpan(at + 116)) + 1) * 512) + 11] |= 1;
        return locked;
    }
}
