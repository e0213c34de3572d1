namespace CourtOps.Faults.Tests;

/// <summary>What cannot run as it is set up does not start: exit 2, the setting named, nothing written.</summary>
internal sealed class RefusedStartTests
{
    private string data = "";

    [OneTimeSetUp]
    public async Task Migrated()
    {
        data = Path.Combine(Path.GetTempPath(), "courtops-start-" + Guid.NewGuid().ToString("n")[..8]);
        Assert.That((await HostProcess.VerbAsync(data, "migrate")).Exit, Is.Zero);
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(data, recursive: true);

    [TestCase("CourtOps__Retention__RecordDays", "1095", "CourtOps:Retention:RecordDays")]
    [TestCase("CourtOps__Retention__NetworkDays", "183", "CourtOps:Retention:NetworkDays")]
    [TestCase("CourtOps__Secrets__Suite", "sm4-gcm", "CourtOps:Secrets:Suite")]
    [TestCase("CourtOps__Secrets__Key", "no Base64", "CourtOps:Secrets:Key")]
    [TestCase("CourtOps__Downloads__WithoutStamp", "perhaps", "CourtOps:Downloads:WithoutStamp")]
    [TestCase("CourtOps__Proxy__Trusted", "proxy.intranet", "CourtOps:Proxy:Trusted")]
    public async Task A_setting_that_cannot_be_is_named(string name, string value, string named) =>
        Assert.That(await ServeAsync((name, value)), Does.StartWith(named + ": "));

    [Test]
    public async Task A_file_that_is_no_calendar_is_named()
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(data, "calendars")).FullName, "2031.json");
        await File.WriteAllTextAsync(file, "{");
        Assert.That(await ServeAsync(null), Does.StartWith("data: 2031.json"));
        File.Delete(file);
    }

    [Test]
    public async Task A_missing_key_is_not_made_anew()
    {
        var (key, away) = (Path.Combine(data, "keys", "secret.key"), Path.Combine(data, "secret.key"));
        File.Move(key, away);
        Assert.That(await ServeAsync(null), Does.StartWith("CourtOps:Secrets:Key: Key 1 ").And.Contain("missing"));
        Assert.That(File.Exists(key), Is.False);
        File.Move(away, key);
        Assert.That((await HostProcess.VerbAsync(data, "verify")).Exit, Is.Zero);
    }

    private async Task<string> ServeAsync((string, string)? setting)
    {
        var (exit, answer) = await HostProcess.VerbAsync(data, setting, "serve", "--port", "0", "--no-demo");
        Assert.That(exit, Is.EqualTo(2));
        return answer.RootElement.GetProperty("field").GetString() + ": " + answer.RootElement.GetProperty("error").GetString();
    }
}
