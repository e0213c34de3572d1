using System.Security.Cryptography;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Files;

/// <summary>Files at rest: every edge of a chunk comes back, every part is served, every change is found.</summary>
public sealed class SealedFileTests : IDisposable
{
    private const int Chunk = SealedFile.Chunk;
    private readonly DataFolder folder = new(Directory.CreateTempSubdirectory("courtops-test-").FullName);
    private Secrets secrets = null!;

    [OneTimeSetUp]
    public void Keys() => secrets = new Secrets(folder, null);

    public void Dispose()
    {
        secrets.Dispose();
        Directory.Delete(folder.Root, recursive: true);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(15)]
    [TestCase(Chunk - 1)]
    [TestCase(Chunk)]
    [TestCase(Chunk + 1)]
    [TestCase((2 * Chunk) - 1)]
    [TestCase(2 * Chunk)]
    [TestCase((2 * Chunk) + 1)]
    [TestCase((5 * Chunk) + 777)]
    public void Comes_back_whole_and_in_parts(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);
        var path = Seal(plain);
        using var opened = Open(path);
        Assert.That(opened.Length, Is.EqualTo(length));
        Assert.That(All(opened), Is.EqualTo(plain));
        foreach (var (from, count) in new[] { (0, 1), (length / 2, 10), (Math.Max(0, length - 1), 5), (Chunk - 1, 2), (Chunk, Chunk), (length, 1) })
        {
            if (from > length)
                continue;
            opened.Seek(from, SeekOrigin.Begin);
            var part = new byte[count];
            var n = opened.ReadAtLeast(part, count, throwOnEndOfStream: false);
            Assert.That(part[..n], Is.EqualTo(plain.Skip(from).Take(count)), $"{from}+{count}");
        }
    }

    [Test]
    public void A_flipped_bit_anywhere_is_refused()
    {
        var path = Seal(RandomNumberGenerator.GetBytes((2 * Chunk) + 100));
        var bytes = File.ReadAllBytes(path);
        foreach (var at in new[] { 0, 5, 12, 16, 40, 512, 512 + Chunk - 1, 512 + Chunk, 512 + Chunk + 16, bytes.Length - 17, bytes.Length - 1 })
            Assert.That(
                () => Read(Changed(bytes, b => b[at] ^= 1)),
                Throws.InstanceOf<CryptographicException>().Or.InstanceOf<InvalidDataException>(),
                $"byte {at}"
            );
    }

    [TestCase(1)]
    [TestCase(17)]
    [TestCase(Chunk)]
    [TestCase(Chunk + 16)]
    public void A_file_cut_short_or_made_longer_is_refused(int by)
    {
        var bytes = File.ReadAllBytes(Seal(RandomNumberGenerator.GetBytes(3 * Chunk)));
        Assert.That(() => Read(bytes[..^by]), Throws.InstanceOf<InvalidDataException>());
        Assert.That(() => Read([.. bytes, .. new byte[by]]), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void A_file_cut_at_a_chunk_with_its_length_mended_is_refused()
    {
        var bytes = File.ReadAllBytes(Seal(RandomNumberGenerator.GetBytes(3 * Chunk)))[..^(Chunk + 16)];
        BitConverter.GetBytes((long)(2 * Chunk)).CopyTo(bytes, 4);
        Assert.That(() => Read(bytes), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public void Chunks_exchanged_or_from_another_file_are_refused()
    {
        const int whole = Chunk + 16;
        var one = File.ReadAllBytes(Seal(new byte[3 * Chunk]));
        var two = File.ReadAllBytes(Seal(new byte[3 * Chunk]));
        Assert.That(
            () =>
                Read(
                    Changed(
                        one,
                        b =>
                        {
                            one.AsSpan(512, whole).CopyTo(b.AsSpan(512 + whole));
                            one.AsSpan(512 + whole, whole).CopyTo(b.AsSpan(512));
                        }
                    )
                ),
            Throws.InstanceOf<CryptographicException>()
        );
        Assert.That(() => Read(Changed(one, b => two.AsSpan(512, whole).CopyTo(b.AsSpan(512)))), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => Read(Changed(one, b => two.AsSpan(0, 512).CopyTo(b))), Throws.InstanceOf<CryptographicException>());
    }

    private string Seal(byte[] plain)
    {
        var path = Path.Combine(folder.Root, Guid.NewGuid().ToString("n"));
        using var source = new MemoryStream(plain);
        using var target = File.Create(path);
        SealedFile.Encrypt(source, target, secrets);
        return path;
    }

    private OpenedFile Open(string path) => new(File.OpenRead(path), secrets);

    private byte[] Read(byte[] bytes)
    {
        var path = Path.Combine(folder.Root, Guid.NewGuid().ToString("n"));
        File.WriteAllBytes(path, bytes);
        using var opened = Open(path);
        return All(opened);
    }

    private static byte[] Changed(byte[] bytes, Action<byte[]> change)
    {
        var copy = bytes.ToArray();
        change(copy);
        return copy;
    }

    private static byte[] All(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}

/// <summary>The store with files at rest: plain ones stay readable and are converted; nothing plain is left behind.</summary>
public sealed class BlobStoreTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task Plain_files_stay_readable_and_are_converted_when_encryption_is_turned_on()
    {
        var id = await App.Document(await App.Case(1, SampleParty.Provided));
        var sha = await App.As(null).Value<string>("SELECT blob FROM workzone_document WHERE id = @id", new { id });
        var plain = Directory.GetFiles(Path.Combine(App.Folder, "blobs"), sha + "*", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(plain);
        await using (var scope = App.Services.CreateAsyncScope())
        {
            BlobStore On(bool encrypt) =>
                new(
                    scope.ServiceProvider.GetRequiredService<DataFolder>(),
                    scope.ServiceProvider.GetRequiredService<Db>(),
                    App.Clock,
                    scope.ServiceProvider.GetRequiredService<Secrets>(),
                    new FileSettings(encrypt)
                );
            Assert.That(await On(false).EncryptPlainAsync(default), Is.Zero, "only by setting");
            Assert.That(await On(true).EncryptPlainAsync(default), Is.EqualTo(1));
            Assert.That(File.Exists(plain), Is.False);
            Assert.That((await File.ReadAllBytesAsync(plain + ".enc")).AsSpan().IndexOf("%PDF"u8), Is.EqualTo(-1));
            using var given = await On(true).PlainAsync(sha!, default);
            Assert.That(await File.ReadAllBytesAsync(given.Path), Is.EqualTo(bytes));
        }
        Assert.That(Directory.GetFiles(Path.Combine(App.Folder, "private")), Is.Empty);
        Assert.That(await App.Verify("blobs"), Is.Empty);
        var client = await App.SignedIn("judge");
        using var part = new HttpRequestMessage(HttpMethod.Get, $"/documents/{id}/content");
        part.Headers.Range = new(100, 199);
        part.Headers.Add("X-Viewer", "1"); // a download is a marked copy, the viewer reads parts of the file itself
        using var answer = await client.SendAsync(part);
        Assert.That(answer.StatusCode, Is.EqualTo(System.Net.HttpStatusCode.PartialContent));
        Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes[100..200]));
    }

    [Test]
    public void What_a_crash_left_in_the_private_folder_is_cleared()
    {
        var folder = App.Services.GetRequiredService<DataFolder>();
        var left = folder.Private();
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(left), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        var sub = Directory.CreateDirectory(Path.Combine(App.Folder, "private", "open-1")).FullName;
        File.WriteAllText(Path.Combine(sub, "page.jpg"), "plain");
        folder.ClearPrivate(DateTimeOffset.UtcNow.AddHours(-1)); // compared with the times of files, which the machine gives
        Assert.That((File.Exists(left), Directory.Exists(sub)), Is.EqualTo((true, true)), "another process may use what is new");
        folder.ClearPrivate();
        Assert.That((File.Exists(left), Directory.Exists(sub)), Is.EqualTo((false, false)));
    }
}
