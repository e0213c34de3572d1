using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace CourtOps.TrialSupport.Meetings;

/// <summary>Hands a paper of a meeting to a member.</summary>
internal static class PaperEndpoint
{
    private const string Word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet(
                "/trial/meetings/{id:long}/papers/{paper:long}",
                async (long id, long paper, HttpContext http, IMediator mediator, BlobStore blobs, Marking marking) =>
                {
                    var p = await mediator.Send(new ReadMeetingPaper { Id = id, PaperId = paper });
                    var pdf = p.Kind == "document";
                    var disposition = new ContentDispositionHeaderValue(pdf ? "inline" : "attachment");
                    disposition.SetHttpFileName(p.Title + (pdf ? ".pdf" : ".docx"));
                    http.Response.Headers.ContentDisposition = disposition.ToString();
                    http.Response.Headers.CacheControl = "private, no-store";
                    return pdf ? Results.File(await marking.MarkAsync(p, http.RequestAborted), "application/pdf") : Results.File(blobs.Open(p.Blob), Word);
                }
            )
            .ExcludeFromDescription()
            .WithMetadata(new PermitAttribute("trial.read"));
}

/// <summary>A copy that leaves bears on each page who has it and for which meeting.</summary>
internal sealed class Marking(BlobStore blobs, PdfStamper stamper, DownloadSettings settings, Actor actor, Texts t, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <exception cref="RuleBroken">Code no-stamp: it cannot be marked, and the court lets no unmarked copy out.</exception>
    public async Task<Stream> MarkAsync(MeetingPaper p, CancellationToken ct)
    {
        Stamped copy;
        using (var plain = await blobs.PlainAsync(p.Blob, ct))
            copy = await stamper.StampAsync(
                plain.Path,
                t["{0}（{1}）　{2}　仅供评议 {3}", actor.Name, actor.Login, Times.Full(clock.GetUtcNow()), p.MeetingId],
                Limit,
                ct
            );
        return copy.Content
            ?? (settings.WithoutStamp ? blobs.Open(p.Blob) : throw new RuleBroken("这份材料暂时不能加盖标记，没有打开。请稍后再试。", "PaperId", "no-stamp"));
    }
}
