using CourtOps.Cataloguing.Intake;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Cataloguing.Workbench;

/// <summary>A person looks at the picture of a page that came in.</summary>
[Permit("cataloguing.read")]
internal sealed record ShowPicture : IQuery<Page>
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, BatchBook book, AccessLog reads) : IQueryHandler<ShowPicture, Page>
    {
        public async Task<Page> Handle(ShowPicture request, CancellationToken cancellationToken)
        {
            var page =
                await db.FirstAsync<Page>(BatchBook.PageColumns + " WHERE p.id = @Id", new { request.Id }, cancellationToken)
                ?? throw new NotFound("页面", request.Id);
            try
            {
                await book.OpenAsync(page.BatchId, cancellationToken);
            }
            catch (Exception e) when (e is NotFound or RuleBroken)
            {
                throw new NotFound("页面", request.Id);
            }
            reads.Note("cataloguing.page.view", "page", page.Id, page.CaseId);
            return page;
        }
    }
}

internal static class PagePictures
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet(
                "/cataloguing/pages/{id:long}/view.jpg",
                (long id, IMediator mediator, BlobStore blobs, HttpContext http) => PictureAsync(id, p => p.ViewBlob ?? p.Image, mediator, blobs, http)
            )
            .Permit("cataloguing.read");
        endpoints
            .MapGet(
                "/cataloguing/pages/{id:long}/thumb.jpg",
                (long id, IMediator mediator, BlobStore blobs, HttpContext http) =>
                    PictureAsync(id, p => p.ThumbBlob ?? p.ViewBlob ?? p.Image, mediator, blobs, http)
            )
            .Permit("cataloguing.read");
    }

    /// <summary>A volume for the browser: always marked.</summary>
    public static void MapVolume(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet(
                "/cataloguing/cases/{caseId:long}/volume.pdf",
                (long caseId, string? volume, HttpContext http, Efile.VolumeDelivery delivery) => delivery.ToAsync(caseId, volume, true, http)
            )
            .Permit("cataloguing.volume");

    private static async Task<IResult> PictureAsync(long id, Func<Page, string> which, IMediator mediator, BlobStore blobs, HttpContext http)
    {
        var page = await mediator.Send(new ShowPicture { Id = id }, http.RequestAborted);
        http.Response.Headers.CacheControl = "private, no-store";
        var blob = which(page);
        return Results.Stream(blobs.Open(blob), blob == page.Image && page.ImageKind == "png" ? "image/png" : "image/jpeg");
    }
}
