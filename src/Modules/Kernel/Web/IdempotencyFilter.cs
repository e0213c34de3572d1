using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Web;

/// <summary>A post with an Idempotency-Key that was answered before gets the same answer again and does nothing.</summary>
public sealed class IdempotencyFilter : IEndpointFilter
{
    public const string Header = "Idempotency-Key";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var key = http.Request.Headers[Header].ToString();
        if (key.Length == 0)
            return await next(context);
        var said = new StringBuilder($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n{http.Request.Headers.IfMatch}\n");
        if (http.Request.HasFormContentType)
            await SayAsync(await http.Request.ReadFormAsync(http.RequestAborted), said, http.RequestAborted);
        else
            said.AppendJoin(
                '\n',
                context
                    .Arguments.Where(a => a?.GetType().Name.EndsWith("Body", StringComparison.Ordinal) == true)
                    .Select(a => System.Text.Json.JsonSerializer.Serialize(a, a!.GetType(), Json.Web))
            );
        if (await http.RequestServices.GetRequiredService<Idempotency>().FindAsync(key, said.ToString(), http.RequestAborted) is not { } reply)
            return await next(context);
        Replayed(http.Response);
        return reply;
    }

    /// <summary>Says that the answer is that of an earlier request.</summary>
    public static void Replayed(HttpResponse response) => response.Headers["Idempotency-Replayed"] = "true";

    private static async Task SayAsync(IFormCollection form, StringBuilder said, CancellationToken ct)
    {
        foreach (var field in form.OrderBy(f => f.Key, StringComparer.Ordinal))
            said.Append(System.Text.Json.JsonSerializer.Serialize(new[] { field.Key, field.Value.ToString() })).Append('\n');
        foreach (var file in form.Files)
        {
            await using var content = file.OpenReadStream();
            said.Append(
                    System.Text.Json.JsonSerializer.Serialize(
                        new[] { file.Name, file.FileName, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct)) }
                    )
                )
                .Append('\n');
        }
    }
}
