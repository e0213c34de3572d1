using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CourtOps.Enforcement.Simulator;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Work;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Enforcement.Network;

/// <summary>The inquiry system over HTTP: batches are posted, what was not answered at once is fetched later. Outside any transaction.</summary>
internal sealed class InquirySystem(IHttpClientFactory http, IConfiguration configuration, Db db, DemoRegistries demo)
{
    /// <summary>Longest answer that is read, in bytes.</summary>
    private const int Most = 20_000_000;

    public bool Is => Address is not null || demo.On;

    /// <summary>Nothing is configured, and the registries of the demo answer.</summary>
    public bool Simulated => Address is null && demo.On;

    private string? Address => configuration["CourtOps:Enforcement:InquiryUrl"] is { Length: > 0 } url ? url : null;

    /// <summary>The key under which the other side takes one sending of a batch once.</summary>
    public static string KeyOf(long batchId, int round) =>
        round == 1 ? string.Create(CultureInfo.InvariantCulture, $"batch-{batchId}") : string.Create(CultureInfo.InvariantCulture, $"batch-{batchId}-{round}");

    /// <summary>Posts the lines of a batch; Done brings what was answered at once as <see cref="Answer"/>.</summary>
    public Task<WorkOutcome> PostAsync(string key, string lines, CancellationToken ct) =>
        Simulated
            ? SimulateAsync(key, first: true, ct)
            : SendAsync(
                () =>
                    new HttpRequestMessage(HttpMethod.Post, Address)
                    {
                        Content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson"),
                        Headers = { { "Idempotency-Key", key } },
                    },
                lines,
                ct
            );

    /// <summary>Fetches what has been answered since; Done brings it as <see cref="Answer"/>.</summary>
    public Task<WorkOutcome> FetchAsync(string key, CancellationToken ct) =>
        Simulated
            ? SimulateAsync(key, first: false, ct)
            : SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"{Address}?batch={Uri.EscapeDataString(key)}"), key, ct);

    /// <summary>HMAC-SHA256 over the body of a post, or over the batch's key of a fetch; lower case hexadecimal.</summary>
    public static string Sign(string key, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));

    private async Task<WorkOutcome> SimulateAsync(string key, bool first, CancellationToken ct)
    {
        var (batch, round) = DemoRegistries.Parts(key);
        var open = await db.QueryAsync<BatchItem>(
            $"SELECT {BatchItem.Columns} FROM enforcement_batch_item i WHERE i.batch_id = @batch AND i.answered_at IS NULL ORDER BY i.reference",
            new { batch },
            ct
        );
        var poll = first ? 0 : await db.ScalarAsync<int>("SELECT polls FROM enforcement_batch WHERE id = @batch", new { batch }, ct);
        return WorkOutcome.Done(new Answer(DemoRegistries.Answer(open, round, poll)));
    }

    private async Task<WorkOutcome> SendAsync(Func<HttpRequestMessage> make, string signed, CancellationToken ct)
    {
        if (!Is)
            return WorkOutcome.Wait("没有配置网络查控系统的地址", TimeSpan.FromMinutes(10));
        using var request = make();
        if (configuration["CourtOps:Enforcement:InquiryKey"] is { Length: > 0 } key)
            request.Headers.Add("X-Signature", Sign(key, signed));
        try
        {
            using var client = http.CreateClient();
            client.Timeout = TimeSpan.FromSeconds(60);
            client.MaxResponseContentBufferSize = Most;
            using var response = await client.SendAsync(request, ct);
            var code = (int)response.StatusCode;
            if (code is >= 400 and < 500 and not 408 and not 429)
                return WorkOutcome.Failed($"网络查控系统拒绝：{code}");
            if (!response.IsSuccessStatusCode)
                return WorkOutcome.Retry($"网络查控系统没有接收：{code}");
            return WorkOutcome.Done(new Answer(await response.Content.ReadAsStringAsync(ct)));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return WorkOutcome.Retry($"网络查控系统没有答复：{e.Message}");
        }
    }

    /// <summary>JSON lines; empty where nothing was answered yet.</summary>
    internal sealed record Answer(string Text);
}
