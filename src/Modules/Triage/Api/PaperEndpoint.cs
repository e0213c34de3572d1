using CourtOps.Kernel.Files;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Contacts;
using CourtOps.Triage.Filings;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Triage.Api;

/// <summary>The bytes of a paper that belongs to no case yet.</summary>
internal static class PaperEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet(
                "/triage/papers/{id:long}",
                async (long id, IMediator mediator, BlobStore blobs, HttpContext http) =>
                    Pdf(http, blobs, (await mediator.Send(new ReadPaper { Id = id })).Blob)
            )
            .Permit("triage.filings");
        endpoints
            .MapGet(
                "/triage/contact-papers/{id:long}",
                async (long id, IMediator mediator, BlobStore blobs, HttpContext http) =>
                    Pdf(http, blobs, (await mediator.Send(new ReadContactPaper { Id = id })).Blob)
            )
            .Permit("triage.filings");
    }

    private static IResult Pdf(HttpContext http, BlobStore blobs, string blob)
    {
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.Stream(blobs.Open(blob), "application/pdf", enableRangeProcessing: true);
    }
}
