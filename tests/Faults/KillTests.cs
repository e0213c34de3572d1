using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourtOps.Testing;
using Microsoft.Data.Sqlite;

namespace CourtOps.Faults.Tests;

/// <summary>
/// kill -9 of the host at random moments of the whole path. A client that repeats each step until it is answered (with the
/// same Idempotency-Key) must end with one order, one effect, one proof, nothing lost, every doubt listed, verify clean.
/// Each second round goes to an address the court found out: there the party's reading is the effect, and the kills go on while it acts.
/// </summary>
internal sealed class KillTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("COURTOPS_LONG") == "1" ? 50 : 5;

    [Test]
    public async Task A_killed_host_loses_nothing_and_does_nothing_twice()
    {
        var data = Path.Combine(Path.GetTempPath(), "courtops-faults-" + Guid.NewGuid().ToString("n")[..8]);
        await using var smtp = new SmtpServer();
        using var host = new HostProcess(data, smtp.Port);
        try
        {
            await host.StartAsync();
            host.Kill();
            var keys = new Dictionary<string, string>();
            foreach (var login in new[] { "registrar", "judge", "lead", "clerk" })
                keys[login] = (await HostProcess.VerbAsync(data, "create-key", "--user", login, "--purpose", "fault test"))
                    .Answer.RootElement.GetProperty("key")
                    .GetString()!;
            await host.StartAsync();
            var random = new Random(20261122);
            var doubts = 0;
            for (var round = 1; round <= Rounds; round++)
                doubts += await RoundAsync(host, data, keys, smtp, round, random);
            host.Kill();
            TestContext.Out.WriteLine($"{Rounds} rounds, {doubts} doubts decided, {smtp.Mails.Count} mails taken");
        }
        finally
        {
            host.Dispose();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<int> RoundAsync(HostProcess host, string data, Dictionary<string, string> keys, SmtpServer smtp, int round, Random random)
    {
        var provided = round % 2 == 1;
        var email = $"fault{round}@party.example";
        var link = LinkAsync(smtp, email);
        var kills = Task.Run(async () =>
        {
            async Task KillAsync(int within)
            {
                await Task.Delay(random.Next(10, within)); // a real process, killed at a real moment
                host.Kill();
                await host.StartAsync();
            }
            // two kills a round, at any moment of a path that takes about two seconds
            await KillAsync(1500);
            await KillAsync(1500);
            if (provided)
                return;
            // and two while the party acts, which takes less
            await link;
            await KillAsync(150);
            await KillAsync(300);
        });
        var number = $"（2026）吉2424民初{7000 + round}号";
        var client = new Client(host, keys, round);
        await client.ImportAsync(number, email, provided ? "同意" : "");
        var caseId = await client.CaseAsync(number);
        var paper = SamplePdf.Of(1, $"round {round}");
        var document = await client.UploadAsync(caseId, paper);
        var party = await client.PartyAsync(caseId, "被告");
        var (order, task) = await client.RequestAsync(caseId, document, party);
        await client.UntilAsync("lead", order, ["queued"], "assign", new { personId = await client.PersonAsync(order) });
        await client.UntilAsync("clerk", order, ["assigned"], "accept", new { });
        var reading = provided ? Task.CompletedTask : ActAsync(host, data, caseId, link, paper);
        var doubts = 0;
        for (var watch = Stopwatch.StartNew(); ; )
        {
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromMinutes(3)), "the order never closed");
            var state = await client.TaskStateAsync(caseId, task);
            if (state == "ready")
                await client.ActAsync(task, "send", new { });
            if (state == "doubt")
            {
                doubts++;
                // what a person reads in the mail server's log
                var went = smtp.Mails.Any(m => m.To.Contains(email, StringComparison.Ordinal));
                await client.ActAsync(
                    task,
                    "decide",
                    new
                    {
                        went,
                        at = went ? DateTimeOffset.UtcNow.AddMilliseconds(-5) : (DateTimeOffset?)null,
                        words = "by the server's log",
                    }
                );
            }
            if (await client.OrderStateAsync(order) == "closed")
                break;
            await Task.Delay(100);
        }
        await reading;
        await kills;
        var served = await client.TaskAsync(caseId, task);
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(served["state"]!.GetValue<string>(), Is.EqualTo("served"));
            Assert.That(served["effectiveOn"]!.GetValue<string>(), Is.Not.Empty);
            Assert.That(served["proofDocumentId"], Is.Not.Null);
            Assert.That(
                await CountsAsync(data, caseId),
                Is.EqualTo((1, 1, 1, 1)),
                "one effect drawn, DocumentServed once, ProofMade once, one proof in the case"
            );
            Assert.That(smtp.Mails.Count(m => m.To.Contains(email, StringComparison.Ordinal)), Is.EqualTo(1), "one mail to the party");
        });
        // filing follows by notification, a moment after the order has closed
        var filed = 0;
        for (var tries = 0; tries < 100 && filed < 2; tries++, await Task.Delay(100))
            filed = JsonNode.Parse(await client.GetAsync("judge", $"/api/v1/cases/{caseId}/efile"))!["volumes"]!
                .AsArray()
                .Sum(v => v!["items"]!.AsArray().Count);
        Assert.That(filed, Is.EqualTo(2), "the document and its proof are filed, each once");
        var orders = JsonNode.Parse(await client.GetAsync("judge", $"/api/v1/work-orders?caseId={caseId}&view=asked&closed=true"))!;
        Assert.That(orders["items"]!.AsArray(), Has.Count.EqualTo(1), "one order");
        var (exit, answer) = await HostProcess.VerbAsync(data, "verify");
        Assert.That(exit, Is.Zero, answer.RootElement.GetRawText());
        return doubts;
    }

    /// <summary>The party identifies itself, reads and confirms, and then does all of it once more. The effect is of the first reading and stays where it
    /// was.</summary>
    private static async Task ActAsync(HostProcess host, string data, string caseId, Task<string> link, byte[] paper)
    {
        using var party = new Party(host.Address, await link);
        await party.IdentifyAsync("0123");
        Assert.That(await party.ReadAsync(), Is.EqualTo(paper), "the party reads what was put in");
        var effect = await Patience.UntilAsync(
            "the reading never took effect",
            () =>
                StoredAsync(
                    data,
                    "SELECT CONCAT(n.served_at, ' ', n.effective_on, ' ', n.basis) FROM service_notice n WHERE n.case_id = @id AND n.served_at IS NOT NULL",
                    caseId
                )
        );
        await party.ConfirmAsync();
        await party.IdentifyAsync("0123");
        await party.ReadAsync();
        await party.ConfirmAsync();
        var after = await Patience.UntilAsync(
            "the confirmation never came in",
            () =>
                StoredAsync(
                    data,
                    "SELECT CONCAT(n.served_at, ' ', n.effective_on, ' ', n.basis) FROM service_notice n WHERE n.case_id = @id AND n.confirmed_at IS NOT NULL",
                    caseId
                )
        );
        Assert.That(after, Is.EqualTo(effect), "confirmation moves nothing");
        Assert.That(
            await StoredAsync(
                data,
                "SELECT GROUP_CONCAT(a.kind) FROM (SELECT kind FROM service_public_act WHERE notice_id IN (SELECT id FROM service_notice WHERE "
                    + "case_id = @id) ORDER BY kind) a",
                caseId
            ),
            Is.EqualTo("confirmed,opened,read"),
            "each act counts once"
        );
    }

    private static Task<string> LinkAsync(SmtpServer smtp, string email) =>
        Patience.UntilAsync(
            $"no mail came for {email}",
            () => Task.FromResult(smtp.Mails.FirstOrDefault(m => m.To.Contains(email, StringComparison.Ordinal))?.Link)
        );

    private static async Task<(int Effects, int Served, int Proved, int Proofs)> CountsAsync(string data, string caseId)
    {
        async Task<int> CountAsync(string of) =>
            int.Parse((await StoredAsync(data, "SELECT COUNT(*) FROM " + of, caseId))!, System.Globalization.CultureInfo.InvariantCulture);
        return (
            await CountAsync("kernel_decision WHERE name = 'service.effect' AND case_id = @id"),
            await CountAsync("kernel_outbox WHERE name = 'service.document-served' AND event_key = 'case:' || @id"),
            await CountAsync("kernel_outbox WHERE name = 'service.proof-made' AND event_key = 'case:' || @id"),
            await CountAsync("workzone_document WHERE kind = 'proof' AND case_id = @id")
        );
    }

    // what the file holds, whether a host runs or not
    private static async Task<string?> StoredAsync(string data, string sql, string id)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "courtops.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // written above
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("@id", id);
        return await command.ExecuteScalarAsync() is { } value and not DBNull
            ? Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>A patient caller: asks again until there is an answer.</summary>
    private sealed class Client(HostProcess host, Dictionary<string, string> keys, int round)
    {
        private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

        public async Task ImportAsync(string number, string email, string eService)
        {
            var body = JsonSerializer.Serialize(
                new[]
                {
                    new
                    {
                        caseNumber = number,
                        court = "吉2424",
                        cause = "民间借贷纠纷",
                        filedOn = "2026-11-02",
                        judge = "judge",
                        allottedOn = "2026-11-02",
                        parties = new object[]
                        {
                            new { name = "张某甲", role = "原告" },
                            new
                            {
                                name = "王某乙",
                                role = "被告",
                                idNumber = "990101199001010123",
                                email,
                                eService,
                            },
                        },
                    },
                }
            );
            var answer = await SendAsync("registrar", () => Keyed("/api/v1/cases:import", "list", new StringContent(body, Encoding.UTF8, "application/json")));
            Assert.That(
                JsonNode.Parse(answer)!.AsArray().Select(o => (string?)o!["outcome"]),
                Is.EqualTo(new[] { "created" }),
                "however often it was posted, it is the first import"
            );
        }

        public async Task<string> CaseAsync(string number)
        {
            for (var i = 0; i < 100; i++)
            {
                var found = JsonNode.Parse(await GetAsync("judge", "/api/v1/cases?number=" + Uri.EscapeDataString(number)))!["items"]!.AsArray();
                if (found.Count == 1)
                    return found[0]!["id"]!.GetValue<string>();
                await Task.Delay(200);
            }
            throw new AssertionException("the case was lost");
        }

        public async Task<string> UploadAsync(string caseId, byte[] pdf)
        {
            var text = await SendAsync(
                "judge",
                () =>
                {
                    var file = new ByteArrayContent(pdf);
                    file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
                    return Keyed(
                        $"/api/v1/cases/{caseId}/documents",
                        "document",
                        new MultipartFormDataContent
                        {
                            { file, "file", "a.pdf" },
                            { new StringContent("evidence"), "kind" },
                            { new StringContent("判决书"), "title" },
                        }
                    );
                }
            );
            return JsonNode.Parse(text)!["id"]!.GetValue<string>();
        }

        public async Task<string> PartyAsync(string caseId, string role) =>
            JsonNode.Parse(await GetAsync("judge", $"/api/v1/cases/{caseId}"))!["parties"]!.AsArray().Single(p => p!["role"]!.GetValue<string>() == role)![
                "id"
            ]!.GetValue<string>();

        public async Task<(string Order, string Task)> RequestAsync(string caseId, string document, string party)
        {
            var text = await SendAsync(
                "judge",
                () =>
                    Keyed(
                        "/api/v1/service-requests",
                        "request",
                        JsonContent.Create(
                            new
                            {
                                caseId,
                                documentIds = new[] { document },
                                partyIds = new[] { party },
                            }
                        )
                    )
            );
            var node = JsonNode.Parse(text)!;
            return (node["orderId"]!.GetValue<string>(), node["taskIds"]![0]!.GetValue<string>());
        }

        public async Task<string> PersonAsync(string order)
        {
            _ = order;
            var (status, text) = await TryAsync("clerk", () => new HttpRequestMessage(HttpMethod.Get, "/api/v1/me"));
            return status == HttpStatusCode.OK ? JsonNode.Parse(text)!["id"]!.GetValue<string>() : await PersonAsync(order);
        }

        public async Task UntilAsync(string who, string order, List<string> from, string verb, object body)
        {
            for (var i = 0; i < 100; i++)
            {
                var state = await OrderStateAsync(order);
                if (!from.Contains(state))
                    return;
                await TryAsync(
                    who,
                    () => new HttpRequestMessage(HttpMethod.Post, $"/api/v1/work-orders/{order}:{verb}") { Content = JsonContent.Create(body) }
                );
            }
        }

        public async Task<string> OrderStateAsync(string order) =>
            JsonNode.Parse(await GetAsync("judge", $"/api/v1/work-orders/{order}"))!["state"]!.GetValue<string>();

        public async Task<JsonNode> TaskAsync(string caseId, string task) =>
            JsonNode.Parse(await GetAsync("judge", $"/api/v1/service-tasks?caseId={caseId}"))!.AsArray().Single(t => t!["id"]!.GetValue<string>() == task)!;

        public async Task<string> TaskStateAsync(string caseId, string task) => (await TaskAsync(caseId, task))["state"]!.GetValue<string>();

        public Task ActAsync(string task, string verb, object body) =>
            TryAsync("clerk", () => new HttpRequestMessage(HttpMethod.Post, $"/api/v1/service-tasks/{task}:{verb}") { Content = JsonContent.Create(body) });

        public Task<string> GetAsync(string who, string path) => SendAsync(who, () => new HttpRequestMessage(HttpMethod.Get, path));

        private HttpRequestMessage Keyed(string path, string what, HttpContent content)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            request.Headers.Add("Idempotency-Key", $"fault-{round}-{what}");
            return request;
        }

        private async Task<string> SendAsync(string who, Func<HttpRequestMessage> make)
        {
            for (var watch = Stopwatch.StartNew(); ; await Task.Delay(50)) // the host is another process
            {
                var (status, text) = await TryAsync(who, make);
                if (status is not null && (int)status < 300)
                    return text;
                Assert.That(status, Is.Null.Or.EqualTo(HttpStatusCode.Conflict).Or.EqualTo(HttpStatusCode.ServiceUnavailable), text);
                Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromMinutes(2)), $"no answer: {status} {text}");
            }
        }

        private async Task<(HttpStatusCode? Status, string Text)> TryAsync(string who, Func<HttpRequestMessage> make)
        {
            using var request = make();
            request.RequestUri = new Uri(host.Address, request.RequestUri!);
            request.Headers.Add("X-Api-Key", keys[who]);
            try
            {
                using var answer = await Http.SendAsync(request);
                return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                await Task.Delay(100);
                return (null, e.Message);
            }
        }
    }
}
