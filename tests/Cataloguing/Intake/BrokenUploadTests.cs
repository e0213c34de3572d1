using System.IO.Compression;
using System.Security.Cryptography;
using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Reading;
using CourtOps.Kernel.Files;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Cataloguing.Tests.Intake;

/// <summary>What comes in breaks off, or is an office file: nothing is lost, and what cannot be is said.</summary>
public sealed class BrokenUploadTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task An_upload_that_fails_in_the_middle_keeps_what_came_and_goes_on()
    {
        var content = new byte[300_000];
        new Random(7).NextBytes(content);
        App.As("judge");
        var id = (await App.In(s => s.GetRequiredService<Uploads>().BeginAsync("扫描.pdf", content.Length, default))).Id;
        await Assert.ThatAsync(() => App.In(s => s.GetRequiredService<Uploads>().AppendAsync(id, 0, new Failing(content, 200_000), default)), Throws.TypeOf<IOException>());
        var kept = await App.In(s => s.GetRequiredService<Uploads>().FindAsync(id, default));
        Assert.That(kept.Received, Is.InRange(65_536, 200_000), "what had come before is there");
        await Assert.ThatAsync(() => App.In(s => s.GetRequiredService<Uploads>().CompleteAsync(id, default)), Throws.TypeOf<Kernel.Messaging.RuleBroken>());
        var done = await App.In(s => s.GetRequiredService<Uploads>().AppendAsync(id, kept.Received, new MemoryStream(content[(int)kept.Received..]), default));
        Assert.That(done.Received, Is.EqualTo(content.Length));
        var (_, path) = await App.In(s => s.GetRequiredService<Uploads>().CompleteAsync(id, default));
        Assert.That(Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(path))), Is.EqualTo(Convert.ToHexString(SHA256.HashData(content))));
    }

    [Test]
    public async Task A_store_that_fails_while_a_file_is_written_keeps_no_half_of_it()
    {
        var content = new byte[200_000];
        var before = await App.In(s => Task.FromResult(Files(s)));
        await Assert.ThatAsync(() => App.In(s => s.GetRequiredService<BlobStore>().WriteAsync(new Failing(content, 100_000), 1 << 20, default)), Throws.TypeOf<IOException>());
        Assert.That(await App.In(s => Task.FromResult(Files(s))), Is.EqualTo(before));
    }

    [Test]
    public async Task A_word_file_is_converted_where_the_program_is_there_and_refused_with_the_reason_where_it_is_not()
    {
        Paper.NeedEngine();
        using var docx = new MemoryStream();
        using (var zip = new ZipArchive(docx, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in new[]
            {
                ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"),
                ("_rels/.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>"),
                ("word/document.xml", "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>Agreement of 2026</w:t></w:r></w:p></w:body></w:document>"),
            })
                using (var entry = new StreamWriter(zip.CreateEntry(name).Open()))
                    entry.Write(text);
        var caseId = await App.Case(41, SampleParty.Provided);
        docx.Position = 0;
        var blob = await App.As("judge").In(s => s.GetRequiredService<BlobStore>().WriteAsync(docx, 1 << 20, default));
        var taken = await App.Send(new TakeBatch { CaseId = caseId, Sender = "张某甲", Files = [new TakenFile("协议.docx", blob)] });
        await App.DrainAsync();
        var show = await App.As("judge").Send(new ShowBatch { Id = taken.Id });
        if (Tools.Find("soffice") is null)
        {
            Assert.That((show.Files.Single().State, show.Files.Single().Reason), Is.EqualTo((FileState.Refused, "office")), "said at once, and the original is kept");
            Assert.Ignore("soffice is not installed: the conversion itself is not tried here");
        }
        Assert.That((show.Files.Single().State, show.Pages.Count), Is.EqualTo((FileState.Accepted, 1)), show.Files.Single().Reason);
    }

    private static int Files(IServiceProvider services) => Directory.GetFiles(Path.GetDirectoryName(services.GetRequiredService<Kernel.Data.DataFolder>().File("blobs", "x"))!, "*", SearchOption.AllDirectories).Length;

    // gives so many bytes and breaks: a line that is cut, a disk that is full
    private sealed class Failing(byte[] content, int until) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= until ? throw new IOException("No space left on device") : base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, until - Position)], cancellationToken);
    }
}
