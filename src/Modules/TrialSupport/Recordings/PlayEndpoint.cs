using CourtOps.Kernel.Files;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Recordings;

/// <summary>Plays a segment, from any second.</summary>
internal static class PlayEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet(
                "/trial/recordings/{id:long}/{n:int}",
                async (long id, int n, HttpContext http, IMediator mediator, BlobStore blobs) =>
                {
                    var segment = await mediator.Send(new PlaySegment { RecordingId = id, N = n });
                    http.Response.Headers.CacheControl = "private, no-store";
                    return Results.File(blobs.Open(segment.Blob), segment.Mime, enableRangeProcessing: true);
                }
            )
            .ExcludeFromDescription()
            .WithMetadata(new PermitAttribute("trial.read"));
}
