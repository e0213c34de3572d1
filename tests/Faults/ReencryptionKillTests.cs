using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace CourtOps.Faults.Tests;

/// <summary>kill -9 in the middle of a re-encryption: every value opens, none is lost, and going on brings all under the new key.</summary>
internal sealed class ReencryptionKillTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("COURTOPS_LONG") == "1" ? 20 : 3;

    private static readonly string[] Columns = ["id_number_enc", "phone_enc", "email_enc"];

    [Test]
    public async Task A_re_encryption_goes_on_after_kills_and_nothing_is_lost()
    {
        var data = Path.Combine(Path.GetTempPath(), "courtops-keys-" + Guid.NewGuid().ToString("n")[..8]);
        using var host = new HostProcess(data, 0);
        try
        {
            await host.StartAsync(); // migrates, and brings the people of the demo
            host.Kill();
            var list = Path.Combine(data, "cases.csv");
            await File.WriteAllTextAsync(list, Cases(3000), Encoding.UTF8);
            var (imported, answer) = await HostProcess.VerbAsync(data, "import", "cases", list);
            Assert.That(imported, Is.Zero, answer.RootElement.ToString());
            var values = await CountAsync(data, "%");
            Assert.That(values, Is.GreaterThanOrEqualTo(3000 * Columns.Length), "those of the list, and of the demo");
            var between = 0;
            for (var round = 0; round < Rounds; round++)
            {
                var key = round + 2;
                await KillWhileAsync(data, key, ["rotate-keys", "--reason", "fault test"], first: true);
                between += await IsBetweenAsync(data, key, values) ? 1 : 0;
                await KillWhileAsync(data, key, ["rotate-keys", "--continue"], first: false);
                between += await IsBetweenAsync(data, key, values) ? 1 : 0;
                Assert.That(await CountAsync(data, "%"), Is.EqualTo(values), "a value was lost");
                Assert.That(await SecretsAsync(data), Is.Empty, "half way every value opens and has its index");

                var (exit, end) = await HostProcess.VerbAsync(data, "rotate-keys", "--continue");
                Assert.That(exit, Is.Zero, end.RootElement.ToString());
                Assert.That(await CountAsync(data, $"{key}:%"), Is.EqualTo(values), "all under the new key");
                Assert.That(
                    end.RootElement.GetProperty("uses").EnumerateArray().Select(u => u.GetProperty("key").GetInt32()).Distinct(),
                    Is.EqualTo(new[] { key })
                );
                Assert.That(await SecretsAsync(data), Is.Empty);
            }
            Assert.That(between, Is.GreaterThan(0), "no kill came in the middle");
            TestContext.Out.WriteLine($"{Rounds} rotations of {values} values, {between} of {Rounds * 2} kills in the middle");
        }
        finally
        {
            host.Dispose();
            Directory.Delete(data, recursive: true);
        }
    }

    private static string Cases(int n)
    {
        var text = new StringBuilder("案号,法院,案由,立案日期,当事人,诉讼地位,证件号码,电话,电子邮箱\n");
        for (var i = 1; i <= n; i++)
            text.Append(
                CultureInfo.InvariantCulture,
                $"（2026）吉2424民初{700000 + i}号,汪清县人民法院,民间借贷纠纷,2026-02-02,某人{i},被告,9901{i:D14},139{i:D8},p{i}@party.example\n"
            );
        return text.ToString();
    }

    // ends the verb as soon as some values stand under the new key, or more than did before
    private static async Task KillWhileAsync(string data, int key, string[] verb, bool first)
    {
        var before = first ? 0 : await CountAsync(data, $"{key}:%");
        using var process = HostProcess.StartVerb(data, verb);
        var watch = Stopwatch.StartNew();
        while (!process.HasExited && watch.Elapsed < TimeSpan.FromMinutes(2) && await CountAsync(data, $"{key}:%") <= before)
            await Task.Delay(1);
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
    }

    private static async Task<bool> IsBetweenAsync(string data, int key, int values) => await CountAsync(data, $"{key}:%") is > 0 and var done && done < values;

    private static async Task<int> CountAsync(string data, string like)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "courtops.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        var n = 0;
        foreach (var column in Columns)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the columns stand above
            command.CommandText = $"SELECT COUNT(*) FROM workzone_party WHERE {column} LIKE @like";
#pragma warning restore CA2100
            command.Parameters.AddWithValue("@like", like);
            n += Convert.ToInt32(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }
        return n;
    }

    private static async Task<List<string>> SecretsAsync(string data)
    {
        var (_, answer) = await HostProcess.VerbAsync(data, "verify");
        return
        [
            .. answer
                .RootElement.GetProperty("findings")
                .EnumerateArray()
                .Where(f => f.GetProperty("check").GetString() == "secrets")
                .Select(f => f.ToString()),
        ];
    }
}
