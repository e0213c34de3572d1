using System.Globalization;
using System.Text;
using CourtOps.Kernel.Data;

namespace CourtOps.Host.Running;

/// <summary>Figures for /metrics, in the Prometheus text form.</summary>
internal sealed class Counters(TimeProvider clock)
{
    private readonly DateTimeOffset started = clock.GetUtcNow();
    private long delivered;

    public void Delivered(int n) => Interlocked.Add(ref delivered, n);

    /// <summary>From this machine itself, past no proxy; or with the word of CourtOps:Metrics:Key in the header Authorization, as a bearer.</summary>
    public static bool MayRead(HttpContext http)
    {
        var key = http.RequestServices.GetRequiredService<IConfiguration>()["CourtOps:Metrics:Key"];
        if (!string.IsNullOrEmpty(key))
            return System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(http.Request.Headers.Authorization.ToString()),
                Encoding.UTF8.GetBytes("Bearer " + key)
            );
        return (http.Connection.RemoteIpAddress is not { } from || System.Net.IPAddress.IsLoopback(from))
            && !http.Request.Headers.ContainsKey("X-Forwarded-For")
            && !http.Request.Headers.ContainsKey("Forwarded");
    }

    public async Task<IResult> WriteAsync(Db db, CancellationToken ct)
    {
        var text = new StringBuilder();
        void Line(string name, string type, double value, string labels = "") =>
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n{name}{labels} {value}\n");
        Line("courtops_uptime_seconds", "gauge", Math.Round((clock.GetUtcNow() - started).TotalSeconds));
        Line("courtops_deliveries_total", "counter", Interlocked.Read(ref delivered));
        Line(
            "courtops_deliveries_pending",
            "gauge",
            await db.CountUpToAsync("SELECT outbox_id FROM kernel_delivery WHERE state = 'pending' ORDER BY outbox_id", null, 100_000, ct)
        );
        Line("courtops_deliveries_parked", "gauge", await db.ScalarAsync<int>("SELECT COUNT(*) FROM kernel_block WHERE parked = 1", ct: ct));
        foreach (var row in await db.QueryAsync<Row>("SELECT state, queue, COUNT(*) AS n FROM kernel_work WHERE state <> 'done' GROUP BY state, queue", ct: ct))
            text.Append(CultureInfo.InvariantCulture, $"courtops_work{{queue=\"{row.Queue}\",state=\"{row.State}\"}} {row.N}\n");
        Line("process_resident_memory_bytes", "gauge", Environment.WorkingSet);
        return Results.Text(text.ToString(), "text/plain; version=0.0.4");
    }

    private sealed record Row
    {
        public string State { get; init; } = "";
        public string Queue { get; init; } = "";
        public int N { get; init; }
    }
}
