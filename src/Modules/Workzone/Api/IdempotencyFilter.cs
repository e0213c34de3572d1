using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Api;

/// <summary>A post with an Idempotency-Key that was answered before gets the same answer again and does nothing.</summary>
public sealed class IdempotencyFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length == 0)
            return await next(context);
        var idempotency = http.RequestServices.GetRequiredService<Idempotency>();
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}\n{http.Request.ContentLength}\n{string.Join('\n', context.Arguments.Where(a => a is not null && a.GetType().Name.EndsWith("Body", StringComparison.Ordinal)).Select(a => System.Text.Json.JsonSerializer.Serialize(a, a!.GetType(), Json.Web)))}")));
        var answer = await idempotency.FindAsync(http.RequestServices.GetRequiredService<Db>(), key, digest, http.RequestAborted);
        if (answer is null)
            return await next(context);
        http.Response.Headers["Idempotency-Replayed"] = "true";
        return Results.Text(answer, "application/json", Encoding.UTF8);
    }
}
