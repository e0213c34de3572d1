using System.Threading.RateLimiting;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.RateLimiting;

namespace CourtOps.Host.Web;

/// <summary>
/// How often somebody may ask, by the minute on this host: sign-in by address, strangers by address, people by person. Keys have figures of their own.
/// Settings CourtOps:Limits:SignIn, :Stranger, :Person; 0 switches one off.
/// </summary>
internal static class RateLimits
{
    public const string SignIn = "sign-in";

    public static void AddCourtOpsRateLimits(this IServiceCollection services, IConfiguration configuration) =>
        services.AddRateLimiter(o =>
        {
            o.RejectionStatusCode = 429;
            o.OnRejected = async (context, ct) =>
            {
                var http = context.HttpContext;
                http.Response.Headers.RetryAfter = "60";
                await http.RequestServices.GetRequiredService<Refusals>().NoteAsync(http, Refusals.TooMany, http.Request.Path);
                var texts = http.RequestServices.GetRequiredService<Texts>();
                if (http.Request.Path.StartsWithSegments("/api"))
                    await Results.Problem(texts["请求太频繁，请一分钟后再试。"], statusCode: 429, title: texts["请求太频繁"]).ExecuteAsync(http);
            };
            o.AddPolicy(
                SignIn,
                http => Window("sign-in", http.Connection.RemoteIpAddress?.ToString() ?? "", configuration.GetValue("CourtOps:Limits:SignIn", 300))
            );
            o.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
            {
                var actor = http.RequestServices.GetRequiredService<Actor>();
                var path = http.Request.Path;
                var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
                if (
                    http.Features.Get<IStatusCodeReExecuteFeature>() is not null
                    || path.StartsWithSegments("/health")
                    || path.StartsWithSegments("/metrics")
                    || actor.Kind == ActorKind.Key
                )
                    return RateLimitPartition.GetNoLimiter("free");
                if (
                    HttpMethods.IsPost(http.Request.Method)
                    && (path.StartsWithSegments("/sign-in") || path.StartsWithSegments("/first-run") || path.StartsWithSegments("/second-factor"))
                )
                    return Window("sign-in", address, configuration.GetValue("CourtOps:Limits:SignIn", 300));
                return actor.SignedIn
                    ? Window(
                        "person",
                        actor.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        configuration.GetValue("CourtOps:Limits:Person", 1200)
                    )
                    : Window("stranger", address, configuration.GetValue("CourtOps:Limits:Stranger", 6000));
            });
        });

    private static RateLimitPartition<string> Window(string kind, string who, int perMinute) =>
        perMinute <= 0
            ? RateLimitPartition.GetNoLimiter("free")
            : RateLimitPartition.GetSlidingWindowLimiter(
                $"{kind}:{who}",
                _ => new SlidingWindowRateLimiterOptions
                {
                    PermitLimit = perMinute,
                    Window = TimeSpan.FromMinutes(1),
                    SegmentsPerWindow = 6,
                    QueueLimit = 0,
                }
            );
}
