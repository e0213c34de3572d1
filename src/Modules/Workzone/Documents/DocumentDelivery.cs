using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Net.Http.Headers;

namespace CourtOps.Workzone.Documents;

/// <param name="WithoutStamp">CourtOps:Downloads:WithoutStamp: what happens to a download that cannot be marked. "refuse" (default), or "allow".</param>
public sealed record DownloadSettings(bool WithoutStamp)
{
    /// <exception cref="BadSetting">Another word.</exception>
    public static DownloadSettings Read(IConfiguration configuration) =>
        configuration["CourtOps:Downloads:WithoutStamp"] switch
        {
            null or "" or "refuse" => new DownloadSettings(false),
            "allow" => new DownloadSettings(true),
            var other => throw new BadSetting("CourtOps:Downloads:WithoutStamp", $"CourtOps:Downloads:WithoutStamp is {other}; it is refuse or allow."),
        };
}

/// <summary>
/// The bytes of a document, by what they are for: for the viewer as they are, which lays its own watermark over; as a download with a mark on every
/// page; as the original for who has the right to it. Each is an activity of its own, in the access log before the first byte leaves.
/// </summary>
internal sealed class DocumentDelivery(
    IMediator mediator,
    BlobStore blobs,
    PdfStamper stamper,
    AccessLog reads,
    Ids ids,
    Actor actor,
    Texts t,
    TimeProvider clock,
    DownloadSettings settings
)
{
    /// <summary>The viewer says so in this header, which no link and no address can send. A key has no viewer: it gets a marked copy.</summary>
    public const string Viewer = "X-Viewer";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>To a person's browser: the viewer, a download, or the original where it is asked for.</summary>
    public Task<IResult> ToBrowserAsync(long id, bool original, HttpContext http) =>
        original ? OriginalAsync(id, http)
        : actor.Kind == ActorKind.Person && http.Request.Headers.ContainsKey(Viewer) ? WholeAsync(id, DocumentUse.View, http)
        : StampedAsync(id, http, why => Results.LocalRedirect($"/documents/{id}?problem={why}"));

    /// <summary>To another program: the original to keys with the right to it, a marked copy to others or when asked for.</summary>
    public Task<IResult> ToProgramAsync(long id, bool stamped, HttpContext http) =>
        !stamped && actor.Can(OriginalAction) ? OriginalAsync(id, http) : StampedAsync(id, http, why => throw new RuleBroken(Refusals[why], "Document", why));

    public const string OriginalAction = "workzone.documents.original";

    /// <summary>Why a download was refused, by what the address of the document's page says of it.</summary>
    public static readonly IReadOnlyDictionary<string, string> Refusals = new Dictionary<string, string>
    {
        ["no-tool"] = "服务器缺少加盖下载标记的程序，暂不能下载。请在线阅读，并请系统管理员安装 qpdf 和 chromium。",
        ["locked"] = "PDF 有打开密码，不能加盖下载标记，未下载。请上传去掉密码的文件，或由有权下载原件的人员办理。",
        ["late"] = "加盖下载标记用时过长，未下载。请稍后再试，或在线阅读。",
        ["damaged"] = "PDF 已损坏，不能加盖下载标记，未下载。请重新上传完好的文件，或由有权下载原件的人员办理。",
    };

    private Task<IResult> OriginalAsync(long id, HttpContext http)
    {
        actor.Demand(OriginalAction);
        return WholeAsync(id, DocumentUse.Original, http);
    }

    private async Task<IResult> WholeAsync(long id, DocumentUse use, HttpContext http)
    {
        var card = await mediator.Send(new ReadDocument { Id = id, Use = use });
        Head(http, card, use == DocumentUse.View);
        return Results.File(blobs.Open(card.Blob), "application/pdf", enableRangeProcessing: true);
    }

    private async Task<IResult> StampedAsync(long id, HttpContext http, Func<string, IResult> refuse)
    {
        var ct = http.RequestAborted;
        var card = await mediator.Send(new ReadDocument { Id = id, Use = DocumentUse.Download }, ct);
        var reference = ids.Next();
        Stamped copy;
        using (var plain = await blobs.PlainAsync(card.Blob, ct))
            copy = await stamper.StampAsync(plain.Path, Words(reference), Limit, ct);
        if (copy.Content is null && !settings.WithoutStamp)
            return refuse(
                copy.Problem switch
                {
                    PdfProblem.ToolMissing => "no-tool",
                    PdfProblem.Encrypted => "locked",
                    PdfProblem.TimedOut => "late",
                    _ => "damaged",
                }
            );
        reads.Note(Downloaded, "document", card.Id, card.CaseId, detail: new { stamped = copy.Content is not null }, id: reference);
        Head(http, card, inline: false);
        // a copy is made anew each time: parts of two would not fit together
        return Results.File(copy.Content ?? blobs.Open(card.Blob), "application/pdf");
    }

    public const string Downloaded = "workzone.document.download";

    private string Words(long reference) =>
        t["{0}（{1}）　{2}　{3}　查阅记录 {4}", actor.Name, actor.Login, actor.CourtName, Times.Full(clock.GetUtcNow()), reference];

    private static void Head(HttpContext http, DocumentCard card, bool inline)
    {
        var disposition = new ContentDispositionHeaderValue(inline ? "inline" : "attachment");
        disposition.SetHttpFileName(card.Title + ".pdf");
        http.Response.Headers.ContentDisposition = disposition.ToString();
        http.Response.Headers.CacheControl = "private, no-store";
    }
}
