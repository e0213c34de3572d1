using System.Text;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Kernel.Messaging;

/// <summary>What a post of the API answers. Kept with its Idempotency-Key, so that a repetition gets the same to the letter.</summary>
/// <param name="Json">The body.</param>
/// <param name="Status">200, 201 or 202.</param>
/// <param name="Location">Where the new thing is.</param>
/// <param name="Version">The version of the thing after the change, for If-Match.</param>
public sealed record Reply(string Json, int Status = StatusCodes.Status200OK, string? Location = null, int? Version = null) : IResult
{
    public static Reply Of(object? body, int? version = null) => new(Write(body), Version: version);

    public static Reply Created(string location, object? body, int? version = null) => new(Write(body), StatusCodes.Status201Created, location, version);

    public static Reply Accepted(string location, object? body) => new(Write(body), StatusCodes.Status202Accepted, location);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json; charset=utf-8";
        if (Location is not null)
            response.Headers.Location = Location;
        if (Version is not null)
            response.Headers.ETag = $"\"{Version}\"";
        await response.WriteAsync(Json, Encoding.UTF8, httpContext.RequestAborted);
    }

    private static string Write(object? body) => System.Text.Json.JsonSerializer.Serialize(body, body?.GetType() ?? typeof(object), Messaging.Json.Web);
}
