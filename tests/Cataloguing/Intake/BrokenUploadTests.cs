using System.Security.Cryptography;
using CourtOps.Kernel.Files;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Cataloguing.Tests.Intake;

/// <summary>What comes in breaks off: nothing is lost, and no half is kept.</summary>
public sealed class BrokenUploadTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task An_upload_that_fails_in_the_middle_keeps_what_came_and_goes_on()
    {
        var content = new byte[300_000];
        new Random(7).NextBytes(content);
        App.As("judge");
        var id = (await App.In(s => s.GetRequiredService<Uploads>().BeginAsync("扫描.pdf", content.Length, default))).Id;
        await Assert.ThatAsync(
            () => App.In(s => s.GetRequiredService<Uploads>().AppendAsync(id, 0, new Failing(content, 200_000), default)),
            Throws.TypeOf<IOException>()
        );
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
        await Assert.ThatAsync(
            () => App.In(s => s.GetRequiredService<BlobStore>().WriteAsync(new Failing(content, 100_000), 1 << 20, default)),
            Throws.TypeOf<IOException>()
        );
        Assert.That(await App.In(s => Task.FromResult(Files(s))), Is.EqualTo(before));
    }

    private static int Files(IServiceProvider services) =>
        Directory
            .GetFiles(Path.GetDirectoryName(services.GetRequiredService<Kernel.Data.DataFolder>().File("blobs", "x"))!, "*", SearchOption.AllDirectories)
            .Length;

    // gives so many bytes and breaks: a line that is cut, a disk that is full
    private sealed class Failing(byte[] content, int until) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= until
                ? throw new IOException("No space left on device")
                : base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, until - Position)], cancellationToken);
    }
}
