using System.Security.Cryptography;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;

namespace CourtOps.Kernel.Tests.Security;

public sealed class SecretsTests
{
    private readonly Secrets secrets = With(1);

    [TestCase("990101198001010019")]
    [TestCase("𠮷田·阿卜杜热西提")]
    public void What_is_protected_comes_back(string plain)
    {
        var stored = secrets.Protect(plain);
        Assert.That(stored, Does.Not.Contain(plain));
        Assert.That(secrets.Reveal(stored), Is.EqualTo(plain));
        Assert.That(secrets.Protect(plain), Is.Not.EqualTo(stored), "equal values are not seen to be equal");
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("  ")]
    public void Nothing_stays_nothing(string? nothing) =>
        Assert.That((secrets.Protect(nothing), secrets.Blind(nothing), secrets.Reveal(null)), Is.EqualTo(((string?)null, (string?)null, (string?)null)));

    [Test]
    public void A_changed_value_is_not_revealed()
    {
        var bytes = Convert.FromBase64String(secrets.Protect("13800000001")![2..]);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.That(() => secrets.Reveal("1:" + Convert.ToBase64String(bytes)), Throws.InstanceOf<CryptographicException>(), $"byte {i}");
            bytes[i] ^= 1;
        }
        Assert.That(() => secrets.Reveal("13800000001"), Throws.InstanceOf<CryptographicException>(), "a plain value is no protected one");
    }

    [Test]
    public void Another_key_reveals_nothing_and_gives_another_index()
    {
        Assert.That(() => With(2).Reveal(secrets.Protect("x")), Throws.InstanceOf<CryptographicException>());
        Assert.That(With(2).Blind("x"), Is.Not.EqualTo(secrets.Blind("x")));
    }

    [Test]
    public void The_index_finds_the_same_number_however_it_is_typed() =>
        Assert.That(secrets.Blind(" 99010119800101001x "), Is.EqualTo(secrets.Blind("99010119800101001X")));

    [Test]
    public void A_key_of_the_wrong_length_is_refused() =>
        Assert.That(() => new Secrets(Folder(), Convert.ToBase64String(new byte[32])), Throws.TypeOf<Kernel.Messaging.BadSetting>());

    [Test]
    public void A_key_is_made_once_and_only_for_its_owner()
    {
        var folder = Folder();
        var stored = new Secrets(folder, null).Protect("x");
        Assert.That(new Secrets(folder, null).Reveal(stored), Is.EqualTo("x"));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(folder.File("keys", "secret.key")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void Tokens_are_long_and_never_the_same() =>
        Assert.That(Enumerable.Range(0, 1000).Select(_ => Secrets.NewToken()), Is.Unique.And.All.Match("^[0-9a-f]{32}$"));

    private static Secrets With(byte seed) => new(Folder(), Convert.ToBase64String([.. Enumerable.Repeat(seed, 64)]));

    private static DataFolder Folder() => new(Directory.CreateTempSubdirectory("courtops-test-").FullName);
}
