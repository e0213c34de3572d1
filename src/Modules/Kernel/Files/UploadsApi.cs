using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Kernel.Files;

/// <summary>Files in pieces for programs, for lines that break: begin, send, ask how far it came, send on.</summary>
internal static class UploadsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/uploads",
                async (UploadBody body, Uploads uploads, HttpContext http) =>
                {
                    var state = await uploads.BeginAsync(body.Name ?? "", body.Size, http.RequestAborted);
                    return Results.Created($"/api/v1/uploads/{state.Id}", Shown(state));
                }
            )
            .Permit(PermitAttribute.SignedIn)
            .WithTags("uploads")
            .WithSummary("Begins an upload: {name, size in bytes}")
            .Produces(StatusCodes.Status201Created)
            .WithDescription(
                "The upload belongs to the caller. It is used up by the request that names it as uploadId, and is forgotten when nothing was added to "
                    + "it for a day."
            );

        api.MapGet("/uploads/{id}", async (string id, Uploads uploads, CancellationToken ct) => Results.Ok(Shown(await uploads.FindAsync(id, ct))))
            .Permit(PermitAttribute.SignedIn)
            .WithTags("uploads")
            .WithSummary("How much of an upload has arrived");

        api.MapPut(
                "/uploads/{id}",
                async (string id, [FromQuery] long offset, Uploads uploads, HttpContext http) =>
                    Results.Ok(Shown(await uploads.AppendAsync(id, offset, http.Request.Body, http.RequestAborted)))
            )
            .Permit(PermitAttribute.SignedIn)
            .WithTags("uploads")
            .WithSummary("A piece of the file, as it is, beginning at the offset")
            .WithDescription(
                "The answer tells what has arrived, and the next piece begins there. A piece that begins anywhere else is left aside, whether it was "
                    + "sent before or another is missing. What arrived of a piece before its line broke is kept."
            )
            .TakesBytes("The bytes of the piece");
    }

    private static object Shown(Uploads.State state) =>
        new
        {
            state.Id,
            state.Name,
            size = $"{state.Size}",
            received = $"{state.Received}",
            complete = state.Received == state.Size,
        };

    internal sealed record UploadBody
    {
        public string? Name { get; init; }
        public long Size { get; init; }
    }
}
