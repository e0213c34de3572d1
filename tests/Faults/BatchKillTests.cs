using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CourtOps.Faults.Tests;

/// <summary>kill -9 of the host in the middle of a batch: it is taken up again, each order is assigned exactly once, verify is clean.</summary>
internal sealed class BatchKillTests
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("COURTOPS_LONG") == "1";

    [Test]
    public async Task A_batch_survives_a_killed_host_and_does_each_order_once()
    {
        var (orders, kills) = Long ? (5000, 5) : (300, 1);
        var data = Path.Combine(Path.GetTempPath(), "courtops-batch-" + Guid.NewGuid().ToString("n")[..8]);
        using var host = new HostProcess(data, 9);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        try
        {
            await host.StartAsync();
            host.Kill();
            var key = (await HostProcess.VerbAsync(data, "create-key", "--user", "lead", "--purpose", "fault test"))
                .Answer.RootElement.GetProperty("key")
                .GetString()!;
            // one seeded order in twenty waits to be assigned
            Assert.That((await HostProcess.VerbAsync(data, "seed", "--cases", "50", "--orders", $"{orders * 22}")).Exit, Is.Zero);
            http.DefaultRequestHeaders.Add("X-Api-Key", key);
            await host.StartAsync();
            var first = JsonNode.Parse(await http.GetStringAsync(new Uri(host.Address, "/api/v1/work-orders?view=centre&take=200")))!["items"]!.AsArray();
            var clerk = first.First(o => o!["assigneeId"] is not null)!["assigneeId"]!.GetValue<string>();
            var posted = await http.PostAsJsonAsync(
                new Uri(host.Address, "/api/v1/work-orders:batch"),
                new
                {
                    step = "assign",
                    filter = "view=centre&state=queued",
                    personId = clerk,
                }
            );
            Assert.That((int)posted.StatusCode, Is.EqualTo(202), await posted.Content.ReadAsStringAsync());
            var batch = JsonNode.Parse(await posted.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
            var random = new Random(20261125);
            for (var i = 0; i < kills; i++)
            {
                await Task.Delay(random.Next(5, Long ? 900 : 60));
                host.Kill();
                await host.StartAsync();
            }
            JsonNode state;
            for (var tries = 0; ; tries++)
            {
                Assert.That(tries, Is.LessThan(240), "the batch never ended");
                state = JsonNode.Parse(await http.GetStringAsync(new Uri(host.Address, $"/api/v1/batches/{batch}")))!;
                if (state["state"]!.GetValue<string>() != "running")
                    break;
                await Task.Delay(500);
            }
            Assert.Multiple(() =>
            {
                Assert.That(state["state"]!.GetValue<string>(), Is.EqualTo("done"));
                Assert.That(state["done"]!.GetValue<int>(), Is.EqualTo(state["total"]!.GetValue<int>()).And.GreaterThanOrEqualTo(orders / 2));
                Assert.That(state["refused"]!.GetValue<int>(), Is.Zero, "an order assigned twice would have been another's");
            });
            foreach (var item in state["items"]!.AsArray().Take(20))
            {
                var nodes = JsonNode.Parse(await http.GetStringAsync(new Uri(host.Address, $"/api/v1/work-orders/{item!["orderId"]}")))!["nodes"]!.AsArray();
                Assert.That(nodes.Count(n => n!["step"]!.GetValue<string>() == "assign"), Is.EqualTo(1));
            }
            host.Kill();
            var (exit, answer) = await HostProcess.VerbAsync(data, "verify");
            Assert.That(exit, Is.Zero, answer.RootElement.GetRawText());
        }
        finally
        {
            host.Dispose();
            Directory.Delete(data, recursive: true);
        }
    }
}
