using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace CourtOps.ServiceOfDocuments.Electronic;

/// <summary>Where gateways and relays report: signed with the key of the gateway (X-Timestamp, X-Signature). Anything else is 401, nonsense 400; never a
/// 500.</summary>
internal static class Hooks
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapPost(
                "/hooks/service/sms",
                (HttpContext http, IMediator mediator, IConfiguration configuration, TimeProvider clock) =>
                    TakeAsync(
                        http,
                        configuration,
                        clock,
                        root =>
                            mediator.Send(
                                new ReportSms
                                {
                                    Id = Text(root, "id"),
                                    Status = Text(root, "status"),
                                    Reason = Text(root, "reason"),
                                }
                            )
                    )
            )
            .ExcludeFromDescription()
            .WithMetadata(new PermitAttribute(PermitAttribute.Anyone));
        endpoints
            .MapPost(
                "/hooks/service/bounce",
                (HttpContext http, IMediator mediator, IConfiguration configuration, TimeProvider clock) =>
                    TakeAsync(
                        http,
                        configuration,
                        clock,
                        root =>
                            mediator.Send(
                                new HookBounce
                                {
                                    MessageId = Text(root, "messageId"),
                                    Status = Text(root, "status"),
                                    Reason = Text(root, "reason"),
                                }
                            )
                    )
            )
            .ExcludeFromDescription()
            .WithMetadata(new PermitAttribute(PermitAttribute.Anyone));
    }

    private static async Task<IResult> TakeAsync(HttpContext http, IConfiguration configuration, TimeProvider clock, Func<JsonElement, Task<bool>> take)
    {
        if (await HookBody.ReadAsync(http) is not { } body)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (
            !MessageSignature.Holds(
                configuration["CourtOps:Sms:Key"],
                http.Request.Headers["X-Timestamp"],
                http.Request.Headers["X-Signature"],
                body,
                clock.GetUtcNow()
            )
        )
            return Results.Unauthorized();
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return Results.BadRequest();
            return Results.Json(new { known = await take(json.RootElement) });
        }
        catch (Exception e) when (e is JsonException or RuleBroken)
        {
            return Results.BadRequest();
        }
    }

    private static string Text(JsonElement root, string name)
    {
        try
        {
            return root.TryGetProperty(name, out var v)
                ? v.ValueKind switch
                {
                    JsonValueKind.String => v.GetString() ?? "",
                    JsonValueKind.Number => v.GetRawText(),
                    _ => "",
                }
                : "";
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"{name} is no text.", e); // half a sign, "\ud800"
        }
    }
}
