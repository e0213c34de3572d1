namespace CourtOps.Faults.Tests;

/// <summary>An old copy of a database put back in place: everything in it fits together, and only the anchors outside know that there was more.</summary>
internal sealed class RestoredCopyTests
{
    [TestCase("courtops.db", "audit")]
    [TestCase("access.db", "access-log")]
    public async Task An_old_copy_is_found_by_the_anchors_outside_and_the_log_is_named(string file, string log)
    {
        var data = Path.Combine(Path.GetTempPath(), "courtops-copy-" + Guid.NewGuid().ToString("n")[..8]);
        var away = Directory.CreateDirectory(data + "-away").FullName;
        using var host = new HostProcess(data, 0);
        try
        {
            await host.StartAsync();
            await host.EndAsync();
            var key = (await HostProcess.VerbAsync(data, "create-key", "--user", "judge", "--purpose", "fault test"))
                .Answer.RootElement.GetProperty("key")
                .GetString()!;
            await WorkAsync(host, data, key);
            Copy(data, away, file);
            Assert.That(await FindingsAsync(data), Is.Empty);
            await WorkAsync(host, data, key);
            Assert.That(await FindingsAsync(data), Is.Empty);

            Copy(away, data, file);

            var found = await FindingsAsync(data);
            Assert.That(
                found
                    .Where(f => f.Check == log && f.Where.Contains(" line ", StringComparison.Ordinal) && f.Where.Contains("seal ", StringComparison.Ordinal))
                    .Select(f => f.What),
                Has.Some.Contains("old copy was restored"),
                string.Join('\n', found)
            );
            Assert.That(found.Select(f => f.Check).Where(c => c is "audit" or "access-log").Distinct(), Is.EqualTo(new[] { log }), "the other log is whole");
        }
        finally
        {
            host.Dispose();
            Directory.Delete(data, recursive: true);
            Directory.Delete(away, recursive: true);
        }
    }

    // what is done and read, up to the seal and the anchor that the orderly end writes
    private static async Task WorkAsync(HostProcess host, string data, string key)
    {
        await host.StartAsync();
        using (var http = new HttpClient { BaseAddress = host.Address })
        {
            http.DefaultRequestHeaders.Add("X-Api-Key", key);
            (await http.GetAsync(new Uri("/api/v1/cases", UriKind.Relative))).EnsureSuccessStatusCode();
        }
        await host.EndAsync();
        await HostProcess.VerbAsync(data, "create-key", "--user", "clerk", "--purpose", "something to record");
        await host.StartAsync();
        await host.EndAsync();
    }

    private static async Task<List<(string Check, string Where, string What)>> FindingsAsync(string data)
    {
        var (exit, answer) = await HostProcess.VerbAsync(data, "verify");
        var found = answer
            .RootElement.GetProperty("findings")
            .EnumerateArray()
            .Select(f => (f.GetProperty("check").GetString()!, f.GetProperty("where").GetString()!, f.GetProperty("what").GetString()!))
            .ToList();
        Assert.That(exit, Is.EqualTo(found.Count == 0 ? 0 : 1));
        return found;
    }

    private static void Copy(string from, string to, string file)
    {
        foreach (var end in new[] { "", "-wal", "-shm" })
        {
            File.Delete(Path.Combine(to, file + end));
            if (File.Exists(Path.Combine(from, file + end)))
                File.Copy(Path.Combine(from, file + end), Path.Combine(to, file + end));
        }
    }
}
