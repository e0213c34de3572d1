using System.Globalization;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Enforcement.Linkage;

/// <summary>The papers an agency was sent, over its link.</summary>
internal static class PublicEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet(
                "/p/agency/{token}/d/{n:int}",
                async (string token, int n, HttpContext http, IMediator mediator, BlobStore blobs) =>
                {
                    var request = await mediator.Send(new FindRequest { Token = token });
                    var paper = request.Papers.FirstOrDefault(p => p.N == n) ?? throw new NotFound("文书", n);
                    http.Response.Headers.CacheControl = "private, no-store";
                    return Results.File(blobs.Open(paper.Blob), "application/pdf", enableRangeProcessing: true);
                }
            )
            .ExcludeFromDescription()
            .WithMetadata(new PermitAttribute(PermitAttribute.Anyone));
        endpoints
            .MapGet(
                "/p/agency/{token}/prepared",
                async (string token, HttpContext http, IMediator mediator, BlobStore blobs) =>
                {
                    var request = await mediator.Send(new FindRequest { Token = token });
                    http.Response.Headers.CacheControl = "private, no-store";
                    return Results.File(
                        blobs.Open(request is { IsRelease: true, PreparedSha: { } sha } ? sha : throw new NotFound("文书")),
                        "application/pdf",
                        enableRangeProcessing: true
                    );
                }
            )
            .ExcludeFromDescription()
            .WithMetadata(new PermitAttribute(PermitAttribute.Anyone));
        endpoints.MapPost("/hooks/enforcement/answers", TakeAsync).ExcludeFromDescription().WithMetadata(new PermitAttribute(PermitAttribute.Anyone));
        endpoints.MapGet("/hooks/enforcement/requests", ListAsync).ExcludeFromDescription().WithMetadata(new PermitAttribute(PermitAttribute.Anyone));
    }

    // signed with the agency's key (X-Agency, X-Timestamp, X-Signature): forged or stale is 401, a second time 409, nonsense 400
    private static async Task<IResult> TakeAsync(HttpContext http, IMediator mediator)
    {
        if (await HookBody.ReadAsync(http) is not { } body)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        try
        {
            var done = await mediator.Send(
                new TakeAgencyMessage
                {
                    AgencyId = AgencyOf(http),
                    Timestamp = $"{http.Request.Headers["X-Timestamp"]}",
                    Signature = $"{http.Request.Headers["X-Signature"]}",
                    Body = body,
                },
                http.RequestAborted
            );
            return done.Held ? Results.Json(new { taken = true }) : Results.Unauthorized();
        }
        catch (RuleBroken e) when (e.Code != "answered")
        {
            return Results.BadRequest(new { error = e.Message, field = e.Field });
        }
        catch (Exception e) when (e is RuleBroken or Conflict)
        {
            return Results.Conflict(new { error = e.Message });
        }
        catch (NotFound)
        {
            return Results.NotFound();
        }
    }

    private static async Task<IResult> ListAsync(HttpContext http, IMediator mediator, IConfiguration configuration)
    {
        var rows = await mediator.Send(
            new ListForAgency
            {
                AgencyId = AgencyOf(http),
                Timestamp = $"{http.Request.Headers["X-Timestamp"]}",
                Signature = $"{http.Request.Headers["X-Signature"]}",
            },
            http.RequestAborted
        );
        return rows is null
            ? Results.Unauthorized()
            : Results.Json(
                rows.Select(r => new
                {
                    request = r.Id,
                    act = r.Act,
                    words = r.Words,
                    basis = r.Basis,
                    due = r.DueOn,
                    digest = r.Digest,
                    urged = r.Urged,
                    link = $"{configuration["CourtOps:BaseUrl"]?.TrimEnd('/')}/p/agency/{r.TokenEnc}",
                })
            );
    }

    private static long AgencyOf(HttpContext http) =>
        long.TryParse($"{http.Request.Headers["X-Agency"]}", NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
}
