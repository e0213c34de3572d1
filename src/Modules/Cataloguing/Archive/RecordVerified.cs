using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace CourtOps.Cataloguing.Archive;

/// <summary>A package was verified once more, file by file; what came of it is kept.</summary>
[Permit("cataloguing.archive")]
[Audited("cataloguing.archive.verify")]
internal sealed record RecordVerified : ICommand<long>
{
    public long CaseId { get; init; }

    /// <summary>The first file that is not as the list says; empty where all are.</summary>
    public string Wrong { get; init; } = "";

    internal sealed class Validator : AbstractValidator<RecordVerified>
    {
        public Validator() => RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
    }

    internal sealed class Handler(Db db, ArchiveBook book, AuditTrail audit) : ICommandHandler<RecordVerified, long>
    {
        public async Task<long> Handle(RecordVerified request, CancellationToken cancellationToken)
        {
            var archive = await book.GetAsync(request.CaseId, cancellationToken);
            await ArchiveBook.Table.MoveAsync(
                db,
                "verified",
                archive.State,
                new
                {
                    archive.Id,
                    archive.Version,
                    now = book.Now(),
                    ok = request.Wrong.Length == 0,
                },
                "verified_at = @now, verified_ok = @ok",
                cancellationToken
            );
            audit.Note("archive", archive.Id, new { ok = request.Wrong.Length == 0, request.Wrong }, archive.CaseId);
            return archive.Id;
        }
    }
}

/// <summary>Somebody takes a whole package: in the access log before the first byte leaves.</summary>
[Permit("cataloguing.archive")]
internal sealed record TakePackage : IQuery<ArchiveRow>
{
    public long CaseId { get; init; }

    internal sealed class Handler(ArchiveBook book, Workzone.Cases.ICases cases, AccessLog reads) : IQueryHandler<TakePackage, ArchiveRow>
    {
        public async Task<ArchiveRow> Handle(TakePackage request, CancellationToken cancellationToken)
        {
            var archive = await book.GetAsync(request.CaseId, cancellationToken);
            // both volumes are in it
            if (!await cases.CanReadSecondaryAsync(request.CaseId, cancellationToken) || archive.Package is null)
                throw new NotFound("归档包", request.CaseId);
            reads.Note("cataloguing.archive.take", "archive", archive.Id, archive.CaseId);
            return archive;
        }
    }
}

internal static class ArchiveEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet(
                "/cataloguing/archive/{caseId:long}/package.zip",
                async (long caseId, IMediator mediator, BlobStore blobs, HttpContext http) =>
                {
                    var archive = await mediator.Send(new TakePackage { CaseId = caseId }, http.RequestAborted);
                    return Download(http, archive.CaseNumber + ".zip", blobs.Open(archive.Package!), "application/zip");
                }
            )
            .Permit("cataloguing.archive");
        endpoints
            .MapGet(
                "/cataloguing/lendings/{id:long}/copy.pdf",
                async (long id, IMediator mediator, BlobStore blobs, HttpContext http) =>
                {
                    var lending = await mediator.Send(new TakeCopy { Id = id }, http.RequestAborted);
                    return Download(http, $"{lending.CaseNumber}_{lending.Reference}.pdf", blobs.Open(lending.CopyBlob!), "application/pdf");
                }
            )
            .Permit("cataloguing.lend.ask");
        endpoints
            .MapGet(
                "/cataloguing/lendings/{id:long}/mandate.pdf",
                async (long id, IMediator mediator, BlobStore blobs, HttpContext http) =>
                {
                    var mandate = await mediator.Send(new TakeMandate { Id = id }, http.RequestAborted);
                    return Download(http, mandate.Name, blobs.Open(mandate.Blob), "application/pdf");
                }
            )
            .Permit("cataloguing.read");
    }

    private static IResult Download(HttpContext http, string name, Stream content, string type)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        http.Response.Headers.ContentDisposition = disposition.ToString();
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.Stream(content, type);
    }
}
