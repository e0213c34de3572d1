using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace CourtOps.Faults.Tests;

/// <summary>kill -9 right after an answer: what was answered is in the access log, and the log still verifies.</summary>
internal sealed class AccessLogKillTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("COURTOPS_LONG") == "1" ? 30 : 4;

    [Test]
    public async Task Every_answered_read_is_in_the_log_after_a_kill()
    {
        var data = Path.Combine(Path.GetTempPath(), "courtops-faults-" + Guid.NewGuid().ToString("n")[..8]);
        using var host = new HostProcess(data, 0);
        try
        {
            await host.StartAsync();
            host.Kill();
            var key = (await HostProcess.VerbAsync(data, "create-key", "--user", "judge", "--purpose", "fault test"))
                .Answer.RootElement.GetProperty("key")
                .GetString()!;
            await host.StartAsync();
            var random = new Random(20261125);
            var answered = new ConcurrentBag<string>();
            var ids = await CasesAsync(host, key);
            Assert.That(ids, Is.Not.Empty);
            for (var round = 0; round < Rounds; round++)
            {
                using var stop = new CancellationTokenSource();
                var readers = Enumerable.Range(0, 6).Select(n => ReadAsync(host, key, ids, round, n, answered, stop.Token)).ToList();
                var before = answered.Count;
                while (answered.Count < before + 30 + random.Next(60))
                    await Task.Delay(1);
                host.Kill();
                await stop.CancelAsync();
                await Task.WhenAll(readers);
                await host.StartAsync();
            }
            host.Kill();
            var (_, verified) = await HostProcess.VerbAsync(data, "verify"); // opens the log, which takes in what the killed host left
            var logged = await LoggedAsync(Path.Combine(data, "access.db"));
            Assert.That(answered.Count, Is.GreaterThan(Rounds * 30));
            Assert.That(answered.Where(a => !logged.Contains(a)), Is.Empty, "answered, and not in the log");
            Assert.That(
                verified
                    .RootElement.GetProperty("findings")
                    .EnumerateArray()
                    .Where(f => f.GetProperty("check").GetString() is "access-log" or "audit")
                    .Select(f => f.ToString()),
                Is.Empty
            );
            TestContext.Out.WriteLine($"{Rounds} kills, {answered.Count} answers, {logged.Count} marks in the log");
        }
        finally
        {
            host.Dispose();
            Directory.Delete(data, recursive: true);
        }
    }

    // the mark goes with the request as its search text, and the log keeps the filter of a list
    private static async Task ReadAsync(
        HostProcess host,
        string key,
        List<string> ids,
        int round,
        int reader,
        ConcurrentBag<string> answered,
        CancellationToken ct
    )
    {
        using var http = new HttpClient { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(10) };
        http.DefaultRequestHeaders.Add("X-Api-Key", key);
        for (var n = 0; !ct.IsCancellationRequested; n++)
        {
            var mark = $"m{round}r{reader}n{n}x";
            try
            {
                using var answer = await http.GetAsync(new Uri($"/api/v1/cases?number={mark}", UriKind.Relative), ct);
                if (answer.IsSuccessStatusCode)
                    answered.Add(mark);
                using var one = await http.GetAsync(new Uri($"/api/v1/cases/{ids[n % ids.Count]}", UriKind.Relative), ct);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                return;
            }
        }
    }

    private static async Task<List<string>> CasesAsync(HostProcess host, string key)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        http.DefaultRequestHeaders.Add("X-Api-Key", key);
        using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v1/cases?take=20", UriKind.Relative)));
        return [.. json.RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];
    }

    private static async Task<HashSet<string>> LoggedAsync(string path)
    {
        var marks = new HashSet<string>();
        await using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT detail FROM kernel_access WHERE action = 'workzone.case.list'";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            if (JsonDocument.Parse(reader.GetString(0)).RootElement.TryGetProperty("number", out var number))
                marks.Add(number.GetString() ?? "");
        return marks;
    }
}
