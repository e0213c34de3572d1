using System.Globalization;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using Microsoft.Extensions.Configuration;

namespace CourtOps.ServiceOfDocuments.Electronic;

/// <summary>Hands one message to the gateway over HTTP, signed, under one idempotency key: asked twice, the gateway sends once.</summary>
internal sealed class SmsSender(IHttpClientFactory http, IConfiguration configuration, TimeProvider clock)
{
    /// <summary>Waits while no gateway is configured, is tried again when it does not answer, and fails when it refuses.</summary>
    /// <param name="key">Under which it is sent once.</param>
    /// <param name="id">By which the gateway reports.</param>
    public async Task<WorkOutcome> SendAsync(string key, string to, string text, string id, string template, CancellationToken ct)
    {
        if (configuration["CourtOps:Sms:Url"] is not { Length: > 0 } url)
            return WorkOutcome.Wait("没有配置短信网关（CourtOps:Sms:Url）", TimeSpan.FromMinutes(10));
        var secret = configuration["CourtOps:Sms:Key"] ?? "";
        var body = JsonSerializer.Serialize(
            new
            {
                to,
                text,
                id,
                template,
            },
            Json.Stored
        );
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        request.Headers.Add("X-Api-Key", secret);
        request.Headers.Add("X-Timestamp", timestamp);
        request.Headers.Add("X-Signature", MessageSignature.Of(secret, timestamp, body));
        try
        {
            using var answer = await http.CreateClient().SendAsync(request, ct);
            return (int)answer.StatusCode switch
            {
                >= 200 and < 300 => WorkOutcome.Done(new Accepted(clock.GetUtcNow())),
                408 or 429 or >= 500 => WorkOutcome.Retry($"短信网关答复 {(int)answer.StatusCode}"),
                _ => WorkOutcome.Failed($"短信网关拒收：{(int)answer.StatusCode}"),
            };
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return WorkOutcome.Retry("短信网关没有答复");
        }
    }

    /// <summary>When the gateway took it.</summary>
    internal sealed record Accepted(DateTimeOffset At);
}
