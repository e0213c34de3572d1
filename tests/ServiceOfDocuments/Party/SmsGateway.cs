using System.Collections.Concurrent;
using System.Net;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>A court's SMS gateway on loopback; the application is set to it.</summary>
internal sealed class SmsGateway : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<Request> asked = new();
    private readonly Task serving;

    public SmsGateway(TestApp app)
    {
        using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/sms/";
        }
        listener.Prefixes.Add(Address);
        listener.Start();
        serving = ServeAsync();
        app.Set("CourtOps:Party:SecondCode", "sms");
        app.Set("CourtOps:Sms:Url", Address);
        app.Set("CourtOps:Sms:Key", "gateway-key");
    }

    public string Address { get; }

    public int Status { get; set; } = 200;

    public IReadOnlyList<Request> Asked => [.. asked];

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
        listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var call = await listener.GetContextAsync();
                using var reader = new StreamReader(call.Request.InputStream);
                asked.Enqueue(
                    new Request(call.Request.Headers["X-Api-Key"] ?? "", call.Request.Headers["Idempotency-Key"] ?? "", await reader.ReadToEndAsync())
                );
                call.Response.StatusCode = Status;
                call.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    internal sealed record Request(string ApiKey, string IdempotencyKey, string Body);
}
