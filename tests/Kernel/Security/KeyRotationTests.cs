using System.Security.Cryptography;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Security;

/// <summary>Keys are changed while values stand: old ones read, half-done passes go on, nothing is lost, a wrong key is refused.</summary>
public sealed class KeyRotationTests() : AppTests(Engine.Sqlite)
{
    private readonly List<long> cases = [];

    protected override void Prepare(TestAppOptions options) => options.Settings["CourtOps:Files:Encrypt"] = "true";

    [SetUp]
    public async Task Parties()
    {
        await App.Services.GetRequiredService<KeyGuard>().CheckAsync(record: true);
        for (var i = 1; i <= 3; i++)
            cases.Add(await App.Case(i, new SampleParty("王某乙") { Phone = $"1380000000{i}", Email = $"p{i}@party.example" }));
        await App.Document(cases[0]);
    }

    [Test]
    public async Task A_rotation_moves_every_value_and_its_index_and_the_old_key_can_go()
    {
        await Rotate();
        Assert.That(await Values("2:%"), Is.Zero, "nothing has moved yet, and all of it reads");
        await AllRead();
        await Pass();
        Assert.That((await Values("1:%"), await Values("2:%")), Is.EqualTo((0, 15)));
        await AllRead();
        App.Advance(KeyRing.Spread);
        await Remove(1);
        Assert.That(Ring.All.Select(k => k.State), Is.EqualTo(new[] { "removed", "active" }));
        await AllRead();
        Assert.That(
            (await App.Rows<string>("SELECT action FROM kernel_audit WHERE action LIKE 'kernel.keys.%' ORDER BY id")),
            Is.EqualTo(new[] { "kernel.keys.rotated", "kernel.keys.reencrypted", "kernel.keys.removed" })
        );
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public async Task A_pass_stopped_after_any_chunk_goes_on_and_does_nothing_twice(int chunks)
    {
        await Rotate();
        await App.As(null).In(s => s.GetRequiredService<KeyRotation>().ReencryptAsync(default, chunks));
        await AllRead();
        await Pass();
        Assert.That(await Values("1:%"), Is.Zero);
        await AllRead();
        Assert.That(await App.In(s => s.GetRequiredService<KeyRotation>().ReencryptAsync(default)), Is.Zero, "there is nothing left to do");
    }

    [Test]
    public async Task The_index_finds_a_number_before_while_and_after()
    {
        async Task<int> Find() =>
            await App.As(null)
                .Value<int>(
                    "SELECT COUNT(*) FROM workzone_party WHERE phone_idx IN @all",
                    new { all = App.Services.GetRequiredService<Secrets>().BlindAll("13800000002") }
                );
        Assert.That(await Find(), Is.EqualTo(1));
        await Rotate();
        Assert.That(await Find(), Is.EqualTo(1));
        await Pass();
        Assert.That(await Find(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_key_in_use_is_not_removed_and_the_answer_says_where()
    {
        await Rotate();
        App.Advance(KeyRing.Spread);
        await Assert.ThatAsync(() => Remove(1), Throws.TypeOf<RuleBroken>().With.Message.Contains("workzone_party.phone_enc 6"));
        await Assert.ThatAsync(() => Remove(2), Throws.TypeOf<RuleBroken>());
    }

    [Test]
    public async Task A_key_stays_until_every_host_has_seen_the_new_one_and_what_one_wrote_meanwhile_has_followed()
    {
        using var late = new Secrets(new KeyRing(new DataFolder(App.Folder), Key()));
        var written = late.Protect("13900000000")!; // by a host that has not looked yet
        await Rotate();
        await Pass();
        App.Advance(KeyRing.Spread - TimeSpan.FromSeconds(1));
        await Assert.ThatAsync(() => Remove(1), Throws.TypeOf<RuleBroken>().With.Message.Contains("一分钟"));
        await App.Change(
            "UPDATE workzone_party SET phone_enc = @written, phone_idx = @index WHERE phone_tail = '0002'",
            new { written, index = late.Blind("13900000000") }
        );
        App.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThatAsync(() => Remove(1), Throws.TypeOf<RuleBroken>().With.Message.Contains("workzone_party.phone_enc 1"));
        await Pass();
        await Remove(1);
        Assert.That(await App.Verify("secrets"), Is.Empty);
    }

    [Test]
    public async Task Rows_of_an_import_follow_by_their_own_key()
    {
        var secrets = App.Services.GetRequiredService<Secrets>();
        await App.Change(
            "INSERT INTO workzone_import (id, person_id, file_name, digest, format, state, total, created_count, updated_count, unchanged_count, "
                + "refused_count, position, started_at) VALUES (77, 1, 'x', '', 'csv', 'running', 0, 0, 0, 0, 0, '', @now), (78, 1, 'x', '', 'csv', "
                + "'running', 0, 0, 0, 0, 0, '', @now)",
            new { now = App.Clock.GetUtcNow() }
        );
        foreach (var import in new[] { 77L, 78L })
            for (var row = 0; row < 600; row++) // three to a case, chunks end within one
                await App.Change(
                    "INSERT INTO workzone_import_row (import_id, row_number, case_number, body) VALUES (@import, @row, @number, @body)",
                    new
                    {
                        import,
                        row,
                        number = $"{row / 3}",
                        body = secrets.Protect($"{import}/{row}"),
                    }
                );
        await Rotate();
        await App.As(null).In(s => s.GetRequiredService<KeyRotation>().ReencryptAsync(default, 9));
        await Pass();
        var rows = await App.Rows<Stored>("SELECT import_id, row_number, body FROM workzone_import_row");
        Assert.That(rows.Where(r => Secrets.KeyOf(r.Body) != 2 || secrets.Reveal(r.Body) != $"{r.ImportId}/{r.RowNumber}"), Is.Empty);
        Assert.That(rows, Has.Count.EqualTo(1200));
        var column = App
            .Services.GetRequiredService<Modules.ModuleList>()
            .Declared.SelectMany(d => d.Declaration.Secrets)
            .Single(c => c.Table == "workzone_import_row");
        await using var file = new SqliteConnection($"Data Source={Path.Combine(App.Folder, "courtops.db")};Mode=ReadOnly");
        await file.OpenAsync();
        await using var explain = file.CreateCommand();
#pragma warning disable CA2100 // the text is the product's own
        explain.CommandText =
            $"EXPLAIN QUERY PLAN SELECT {column.Read} FROM {column.Table} WHERE body NOT LIKE '2:%' AND {column.Behind} ORDER BY {column.Order}";
#pragma warning restore CA2100
        foreach (var (name, value) in new[] { ("@K0", "77"), ("@K1", "9"), ("@K2", "1") })
            explain.Parameters.AddWithValue(name, value);
        var plan = new List<string>();
        await using (var step = await explain.ExecuteReaderAsync())
            while (await step.ReadAsync())
                plan.Add(step.GetString(3));
        Assert.That(plan.Single(), Does.StartWith("SEARCH").And.Contain("import_id>"), "walked, not sorted");
    }

    [Test]
    public async Task A_wrong_or_missing_key_is_refused_before_anything_is_written()
    {
        await Rotate();
        var ring = Path.Combine(App.Folder, "keys", "ring.json");
        var text = await File.ReadAllTextAsync(ring);
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(ring), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        File.Delete(ring);
        await Assert.ThatAsync(() => Check(Key()), Throws.TypeOf<BadSetting>().With.Message.Contains("Key 2").And.Message.Contains("missing"));
        await File.WriteAllTextAsync(ring, text);
        await Assert.ThatAsync(() => Check(Convert.ToBase64String(new byte[64])), Throws.TypeOf<BadSetting>().With.Message.Contains("Key 1 is not the key"));
        await Assert.ThatAsync(() => Check(null), Throws.TypeOf<BadSetting>().With.Message.Contains("Key 1 is missing"));
        await File.WriteAllTextAsync(ring, text[..(text.Length / 2)]);
        await Assert.ThatAsync(() => Check(Key()), Throws.TypeOf<BadSetting>().With.Message.Contains("damaged"));
        await File.WriteAllTextAsync(ring, text);
        await Check(Key());
    }

    [Test]
    public async Task A_database_from_before_check_values_is_refused_under_a_wrong_key()
    {
        await App.Change("DELETE FROM kernel_key");
        await Assert.ThatAsync(() => Check(Convert.ToBase64String(new byte[64])), Throws.TypeOf<BadSetting>().With.Message.Contains("does not open"));
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM kernel_key"), Is.Zero);
        await Check(Key());
    }

    [TestCase("UPDATE workzone_party SET phone_idx = 'x' WHERE phone_tail = '0002'")]
    [TestCase("UPDATE workzone_party SET phone_enc = (SELECT x.phone_enc FROM workzone_party x WHERE x.phone_tail = '0003') WHERE phone_tail = '0002'")]
    [TestCase("UPDATE workzone_party SET phone_enc = '9:AAAA' WHERE phone_tail = '0002'")]
    public async Task Verify_names_a_value_that_does_not_open_or_an_index_that_does_not_fit(string fraud)
    {
        Assert.That(await App.Verify("secrets"), Is.Empty);
        await App.As(null).Change(fraud);
        Assert.That((await App.Verify("secrets")).Single().Where, Does.StartWith("workzone_party.phone_enc "));
    }

    private KeyRing Ring => App.Services.GetRequiredService<KeyRing>();

    private static string Key() => new TestAppOptions().Settings["CourtOps:Secrets:Key"]!;

    private Task Rotate() => App.As(null).In(s => s.GetRequiredService<KeyRotation>().RotateAsync("test", default));

    private Task Remove(int key) => App.As(null).In(s => s.GetRequiredService<KeyRotation>().RemoveAsync(key, "test", default));

    private Task Pass() => App.As(null).RunJob<ReencryptSecrets>();

    private async Task Check(string? key)
    {
        using var secrets = new Secrets(new KeyRing(new DataFolder(App.Folder), key));
        await new KeyGuard(App.Services.GetRequiredService<Database>(), secrets, App.Services.GetRequiredService<Modules.ModuleList>(), App.Clock).CheckAsync(
            record: true
        );
    }

    private Task<int> Values(string like) =>
        App.As(null)
            .Value<int>(
                "SELECT (SELECT COUNT(*) FROM workzone_party WHERE phone_enc LIKE @like) + (SELECT COUNT(*) FROM workzone_party WHERE id_number_enc "
                    + "LIKE @like) + (SELECT COUNT(*) FROM workzone_party WHERE email_enc LIKE @like)",
                new { like }
            );

    private async Task AllRead()
    {
        Assert.That(await App.Verify("secrets"), Is.Empty);
        Assert.That(await App.Verify("blobs"), Is.Empty);
        var contact = (await App.As("judge").In(s => s.GetRequiredService<Workzone.Cases.ICases>().PartiesAsync(cases[1]))).Single(p => p.Name == "王某乙");
        Assert.That((contact.Phone, contact.Email), Is.EqualTo(("13800000002", "p2@party.example")));
    }

    private sealed record Stored
    {
        public long ImportId { get; init; }
        public int RowNumber { get; init; }
        public string Body { get; init; } = "";
    }
}

/// <summary>What any provider of ciphers must do; a certified one is added to the list and stands under the same tests.</summary>
[TestFixtureSource(nameof(Suites))]
public sealed class CipherSuiteTests(ICipherSuite suite)
{
    public static IEnumerable<TestFixtureData> Suites => [new TestFixtureData(new AesSuite())];

    private readonly byte[] key = RandomNumberGenerator.GetBytes(suite.KeyBytes);
    private readonly byte[] nonce = new byte[12];

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(15)]
    [TestCase(16)]
    [TestCase(65536)]
    public void What_goes_in_comes_out_and_any_change_is_refused(int length)
    {
        using var cipher = suite.Open(key);
        var plain = RandomNumberGenerator.GetBytes(length);
        var (sealedBytes, tag, back) = (new byte[length], new byte[16], new byte[length]);
        cipher.Encrypt(nonce, plain, sealedBytes, tag, "a"u8);
        cipher.Decrypt(nonce, sealedBytes, tag, back, "a"u8);
        Assert.That(back, Is.EqualTo(plain));
        Assert.That(() => cipher.Decrypt(nonce, sealedBytes, tag, back, "b"u8), Throws.InstanceOf<CryptographicException>(), "what is associated");
        tag[0] ^= 1;
        Assert.That(() => cipher.Decrypt(nonce, sealedBytes, tag, back, "a"u8), Throws.InstanceOf<CryptographicException>(), "the tag");
        tag[0] ^= 1;
        Assert.That(
            () => cipher.Decrypt(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, sealedBytes, tag, back, "a"u8),
            Throws.InstanceOf<CryptographicException>(),
            "the nonce"
        );
        using var other = suite.Open(RandomNumberGenerator.GetBytes(suite.KeyBytes));
        Assert.That(() => other.Decrypt(nonce, sealedBytes, tag, back, "a"u8), Throws.InstanceOf<CryptographicException>(), "the key");
    }

    [Test]
    public void A_keyed_digest_has_32_bytes_and_depends_on_key_and_data()
    {
        var mac = suite.Mac(key, "x"u8);
        Assert.That(mac, Has.Length.EqualTo(32));
        Assert.That(suite.Mac(key, "x"u8), Is.EqualTo(mac));
        Assert.That(suite.Mac(key, "y"u8), Is.Not.EqualTo(mac));
        Assert.That(suite.Mac(RandomNumberGenerator.GetBytes(32), "x"u8), Is.Not.EqualTo(mac));
    }

    [Test]
    public void A_cipher_serves_many_threads()
    {
        using var cipher = suite.Open(key);
        Parallel.For(
            0,
            200,
            i =>
            {
                var plain = BitConverter.GetBytes(i);
                var n = new byte[12];
                BitConverter.GetBytes(i).CopyTo(n, 0);
                var (c, t, back) = (new byte[4], new byte[16], new byte[4]);
                cipher.Encrypt(n, plain, c, t, default);
                cipher.Decrypt(n, c, t, back, default);
                Assert.That(back, Is.EqualTo(plain));
            }
        );
    }

    [Test]
    public void A_suite_that_is_not_there_is_refused_by_name() =>
        Assert.That(
            () => new KeyRing(new DataFolder(Directory.CreateTempSubdirectory("courtops-test-").FullName), null, [suite], "sm4-gcm"),
            Throws.TypeOf<BadSetting>().With.Message.Contains("sm4-gcm")
        );
}
