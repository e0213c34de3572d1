using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Enforcement.Linkage;

/// <summary>The papers an agency was sent, over its link.</summary>
internal static class PublicEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/p/agency/{token}/d/{n:int}", async (string token, int n, HttpContext http, IMediator mediator, BlobStore blobs) =>
        {
            var request = await mediator.Send(new FindRequest { Token = token });
            var paper = request.Papers.FirstOrDefault(p => p.N == n) ?? throw new NotFound("文书", n);
            http.Response.Headers.CacheControl = "private, no-store";
            return Results.File(blobs.Open(paper.Blob), "application/pdf", enableRangeProcessing: true);
        }).ExcludeFromDescription().WithMetadata(new PermitAttribute(PermitAttribute.Anyone));
}
