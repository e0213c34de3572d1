using System.Collections.Concurrent;
using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CourtOps.Enforcement.Linkage;

/// <summary>The other side of the webhooks, on a loopback port: takes what is signed with its key, each message once.</summary>
internal sealed class AgencyReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, string> taken = new();

    private AgencyReceiver(WebApplication app) => this.app = app;

    public string Url => app.Urls.First() + "/court";

    public string Key { get; set; } = "";

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>False: 503, as when nobody is there.</summary>
    public bool Up { get; set; } = true;

    public int Calls { get; private set; }

    public IReadOnlyCollection<string> Bodies => [.. taken.Values];

    public static async Task<AgencyReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new AgencyReceiver(app);
        app.MapPost("/court", (Delegate)receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext http)
    {
        Calls++;
        if (!Up)
            return Results.StatusCode(503);
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        if (
            !MessageSignature.Holds(
                Key,
                http.Request.Headers["X-Timestamp"],
                http.Request.Headers["X-Signature"],
                body,
                Clock.GetUtcNow(),
                AgencyCard.Tolerance
            )
        )
            return Results.Unauthorized();
        taken.TryAdd($"{http.Request.Headers["Idempotency-Key"]}", body);
        return Results.Ok();
    }
}
