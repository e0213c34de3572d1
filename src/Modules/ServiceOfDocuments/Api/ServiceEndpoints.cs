using CourtOps.Kernel.Files;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Party;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.ServiceOfDocuments.Api;

/// <summary>Everything of the module outside API and pages.</summary>
internal static class ServiceEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        PartyEndpoints.Map(endpoints);
        Electronic.Hooks.Map(endpoints);
        endpoints
            .MapGet(
                "/service/evidence/{id:long}",
                async (long id, HttpContext http, IMediator mediator, BlobStore blobs) =>
                {
                    var row = await mediator.Send(new Attempts.ReadEvidence { Id = id });
                    if (row.Blob is null)
                        throw new Kernel.Messaging.NotFound("送达证据", id);
                    http.Response.Headers.CacheControl = "private, no-store";
                    http.Response.Headers.ContentSecurityPolicy = "default-src 'none'";
                    return Results.File(blobs.Open(row.Blob), row.Mime, enableRangeProcessing: true);
                }
            )
            .ExcludeFromDescription()
            .Permit("service.read");
        endpoints
            .MapGet(
                "/service/recordings/{id:long}",
                async (long id, HttpContext http, IMediator mediator, BlobStore blobs) =>
                {
                    var row = await mediator.Send(new Calls.ReadRecording { Id = id });
                    http.Response.Headers.CacheControl = "private, no-store";
                    return Results.File(blobs.Open(row.Blob), row.Mime, enableRangeProcessing: true);
                }
            )
            .ExcludeFromDescription()
            .Permit("service.work");
        endpoints
            .MapGet(
                "/service/entrusted/{id:long}/d/{n:int}",
                async (long id, int n, HttpContext http, IMediator mediator, BlobStore blobs) =>
                {
                    var paper = await mediator.Send(new Entrust.ReadEntrustedPaper { Id = id, N = n });
                    http.Response.Headers.CacheControl = "private, no-store";
                    return Results.File(blobs.Open(paper.Blob), "application/pdf", paper.Title + ".pdf", enableRangeProcessing: true);
                }
            )
            .ExcludeFromDescription()
            .Permit("service.work");
        endpoints
            .MapGet(
                "/service/announcements/newspaper.txt",
                async (IMediator mediator) => Results.Text(await mediator.Send(new Announce.ExportNewspaper()), "text/plain; charset=utf-8")
            )
            .ExcludeFromDescription()
            .Permit("service.work");
    }
}
