using System.Text.Json;

namespace CourtOps.Faults.Tests;

/// <summary>The verbs as a program: JSON and nothing else on standard output, exit 2 with {"error","field"} on bad input.</summary>
internal sealed class VerbTests
{
    private static readonly Dictionary<string, string> Password = new() { ["COURTOPS_PASSWORD"] = "Kept-for-this-test-2026" };
    private string folder = "";
    private string data = "";

    [OneTimeSetUp]
    public async Task Migrated()
    {
        folder = Directory.CreateTempSubdirectory("courtops-verbs-").FullName;
        data = Path.Combine(folder, "data");
        Assert.That((await JsonAsync(0, null, "migrate", "--data", data)).GetProperty("current").GetBoolean(), Is.True);
        Assert.That(
            (await JsonAsync(0, Password, "create-admin", "--login", "root", "--court", "吉2424", "--court-name", "汪清县人民法院", "--data", data))
                .GetProperty("role")
                .GetString(),
            Is.EqualTo("sysadmin")
        );
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task What_was_made_by_verbs_is_saved_restored_and_whole()
    {
        var people = Path.Combine(folder, "people.csv");
        await File.WriteAllTextAsync(people, "登录名,姓名,法院,角色\njudge1,李测试,吉2424,法官\nreg1,沈虚拟,吉2424,lead:triage\nbad one,坏,吉2424,法官\n");
        Assert.That(
            (await JsonAsync(0, null, "import", "people", people, "--data", data)).EnumerateArray().Select(o => o.GetProperty("outcome").GetString()),
            Is.EqualTo(new[] { "created", "created", "refused" })
        );
        var cases = Path.Combine(folder, "cases.csv");
        await File.WriteAllTextAsync(
            cases,
            "案号,法院,案由,立案日期,适用程序,承办法官,分案日期,当事人,诉讼地位,当事人类型,证件号码,电话,电子邮箱,电子送达,语言\n（2026）吉2424民初1号,吉2424,民间借贷纠纷,2026-02-02,MC-ORD,李测试,2026-02-02,张某甲,原告,,,,,,\n"
        );
        var imported = await JsonAsync(0, null, "import", "cases", cases, "--data", data);
        Assert.That((imported.GetProperty("created").GetInt32(), imported.GetProperty("refused").GetInt32()), Is.EqualTo((1, 0)), imported.ToString());
        Assert.That(
            (await JsonAsync(0, null, "create-key", "--user", "judge1", "--purpose", "test", "--data", data)).GetProperty("key").GetString(),
            Has.Length.GreaterThan(40)
        );
        Assert.That((await JsonAsync(0, null, "verify", "--data", data)).GetProperty("findings").GetArrayLength(), Is.Zero);

        var zip = Path.Combine(folder, "saved.zip");
        Assert.That((await JsonAsync(0, null, "backup", zip, "--data", data)).GetProperty("files").GetInt32(), Is.GreaterThan(2));
        await RefusedAsync("to", "exists already", "backup", zip, "--data", data);
        var other = Path.Combine(folder, "other");
        using (var saved = System.IO.Compression.ZipFile.OpenRead(zip))
            Assert.That(saved.Entries.Where(e => e.FullName.StartsWith("keys", StringComparison.Ordinal)), Is.Empty, "the keys lie apart");
        var apart = Path.Combine(folder, "safe.keys");
        File.Move(zip + ".keys", apart);
        await RefusedAsync("keys", "not here", "restore", zip, "--data", other);
        await RefusedAsync("keys", "no keys", "restore", zip, "--data", other, "--keys", zip);
        await JsonAsync(0, null, "restore", zip, "--data", other, "--keys", apart);
        Assert.That((await JsonAsync(0, null, "verify", "--data", other)).GetProperty("findings").GetArrayLength(), Is.Zero);
        var again = await JsonAsync(0, null, "import", "cases", cases, "--data", other);
        Assert.That(again.GetProperty("unchanged").GetInt32(), Is.EqualTo(1), "the case is there");
        await RefusedAsync("data", "holds a database already", "restore", zip, "--data", other);
    }

    [Test]
    public async Task Calculators_answer_without_a_database()
    {
        var elsewhere = Path.Combine(folder, "none");
        var period = await JsonAsync(0, null, "calculate", "period", "--trigger", "2026-11-02", "--n", "15", "--unit", "day");
        Assert.That((period.GetProperty("legalLastDay").GetString(), period.GetProperty("rolled").GetBoolean()), Is.EqualTo(("2026-11-17", false)));
        Assert.That((await JsonAsync(0, null, "parse-case-number", "（2026）吉2424民初1号")).GetProperty("court").GetString(), Is.EqualTo("吉2424"));
        Assert.That(Directory.Exists(elsewhere), Is.False);
        await RefusedAsync("trigger", "", "calculate", "period", "--trigger", "2026-02-30", "--n", "15", "--unit", "day");
        await RefusedAsync("name", "", "calculate", "horoscope");
        await RefusedAsync("text", "", "parse-case-number", "not a number");
    }

    [TestCase("verb", "Unknown verb", "fly")]
    [TestCase("password", "COURTOPS_PASSWORD", "create-admin", "--login", "second", "--court", "吉2424", "--data", "@")]
    [TestCase("verb", "Usage: import", "import", "cattle", "x.csv", "--data", "@")]
    [TestCase("file", "There is no file", "import", "cases", "missing.csv", "--data", "@")]
    [TestCase("to", "Usage: backup", "backup", "--data", "@")]
    [TestCase("path", "no-such-folder", "backup", "@/no-such-folder/x.zip", "--data", "@")]
    [TestCase("from", "There is no file", "restore", "missing.zip", "--data", "@-new")]
    [TestCase("from", "no zip file", "restore", "@.txt", "--data", "@-new")]
    [TestCase("path", "", "migrate", "--data", "@.txt")]
    [TestCase("data", "cannot be opened", "migrate", "--data", "@-garbage")]
    public async Task Bad_input_is_said_in_one_form(string field, string words, params string[] args)
    {
        await File.WriteAllTextAsync(data + ".txt", "not what it should be");
        Directory.CreateDirectory(data + "-garbage");
        await File.WriteAllTextAsync(
            Path.Combine(data + "-garbage", "courtops.db"),
            "this is no database, whatever its name says, and long enough to be looked at as one"
        );
        await RefusedAsync(field, words, [.. args.Select(a => a.StartsWith('@') ? data + a[1..] : a)]);
    }

    private static async Task RefusedAsync(string field, string words, params string[] args)
    {
        var answer = await JsonAsync(2, null, args);
        Assert.That(
            (answer.GetProperty("field").GetString(), answer.GetProperty("error").GetString()!.Contains(words, StringComparison.Ordinal)),
            Is.EqualTo((field, true)),
            answer.ToString()
        );
    }

    private static async Task<JsonElement> JsonAsync(int exit, IReadOnlyDictionary<string, string>? settings, params string[] args)
    {
        var (ended, text, said) = await HostProcess.RawAsync(settings, args);
        Assert.That(ended, Is.EqualTo(exit), $"{string.Join(' ', args)}: {text}{said}");
        return JsonDocument.Parse(text).RootElement;
    }
}
