using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourtOps.Cataloguing.Reading;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CourtOps.Cataloguing.Efile;

/// <summary>A person takes a volume as one PDF: in the access log before the first byte leaves.</summary>
[Permit("cataloguing.volume")]
internal sealed record TakeVolume : IQuery<ShowEfile.Result>
{
    public long CaseId { get; init; }

    internal sealed class Handler(ShowEfile.EfileReader efile, AccessLog reads) : IQueryHandler<TakeVolume, ShowEfile.Result>
    {
        public Task<ShowEfile.Result> Handle(TakeVolume request, CancellationToken cancellationToken)
        {
            reads.Note("cataloguing.volume.take", "case", request.CaseId, request.CaseId);
            return efile.ReadAsync(request.CaseId, cancellationToken);
        }
    }
}

/// <summary>
/// A volume as one PDF: the documents as they are, one after the other, with a bookmark for each and its page numbers as labels. Made by qpdf; nothing of a
/// page is
/// drawn anew. Outside any transaction.
/// </summary>
internal sealed class VolumePdf(BlobStore blobs, DataFolder folder)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The path of a private file that the caller deletes.</summary>
    /// <exception cref="RuleBroken">qpdf is missing, or a document cannot be joined.</exception>
    public async Task<string> MakeAsync(string caseNumber, ShowEfile.Volume volume, CancellationToken ct)
    {
        if (Tools.Find("qpdf") is not { } qpdf)
            throw new RuleBroken("服务器缺少合成 PDF 的程序 qpdf，请系统管理员安装。", code: "no-tool");
        var items = volume.Items.Where(i => i.Blob.Length > 0).ToList();
        if (items.Count == 0)
            throw new RuleBroken("这一卷还没有文书。", code: "empty");
        var plain = new List<PlainFile>();
        var (joined, marks, target) = (folder.Private(), folder.Private(), folder.Private());
        var done = false;
        try
        {
            foreach (var item in items)
                plain.Add(await blobs.PlainAsync(item.Blob, ct));
            Run(
                qpdf,
                [
                    "--empty",
                    "--pages",
                    .. plain.SelectMany(p => new[] { p.Path, "1-z" }),
                    "--",
                    "--object-streams=disable",
                    "--remove-unreferenced-resources=no",
                    joined,
                ]
            );
            await File.WriteAllTextAsync(marks, Update(qpdf, joined, caseNumber, volume.Name, items), ct);
            Run(qpdf, [joined, $"--update-from-json={marks}", "--object-streams=generate", target]);
            done = true;
            return target;
        }
        finally
        {
            plain.ForEach(p => p.Dispose());
            File.Delete(joined);
            File.Delete(marks);
            if (!done)
                File.Delete(target);
        }
    }

    // the catalogue of the joined file with outline and labels, as qpdf's JSON has objects
    private static string Update(string qpdf, string joined, string caseNumber, string volume, List<ShowEfile.Item> items)
    {
        var facts = JsonNode.Parse(Run(qpdf, ["--json=2", "--json-key=pages", "--json-key=qpdf", "--json-object=trailer", joined]))!;
        var pages = facts["pages"]!.AsArray().Select(p => p!["object"]!.GetValue<string>()).ToList();
        var header = facts["qpdf"]![0]!;
        var root = facts["qpdf"]![1]!["trailer"]!["value"]!["/Root"]!.GetValue<string>();
        var number = root.Split(' ')[0];
        var catalog = JsonNode.Parse(Run(qpdf, ["--json=2", "--json-key=qpdf", $"--json-object={number}", joined]))!["qpdf"]![1]![$"obj:{root}"]![
            "value"
        ]!.AsObject();
        var next = header["maxobjectid"]!.GetValue<int>() + 1;
        var outline = $"{next} 0 R";
        var objects = new JsonObject();
        var labels = new JsonArray();
        var at = 0;
        var last = items.Count - 1;
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            var mark = new JsonObject
            {
                ["/Title"] = "u:" + item.Title,
                ["/Parent"] = outline,
                ["/Dest"] = new JsonArray(pages[Math.Min(at, pages.Count - 1)], "/Fit"),
            };
            if (i > 0)
                mark["/Prev"] = $"{next + i} 0 R";
            if (i < last)
                mark["/Next"] = $"{next + i + 2} 0 R";
            objects[$"obj:{next + 1 + i} 0 R"] = new JsonObject { ["value"] = mark };
            labels.Add(at);
            labels.Add(item.FirstPage > 0 ? new JsonObject { ["/S"] = "/D", ["/St"] = item.FirstPage } : new JsonObject { ["/P"] = "u:" + item.Heading });
            at += item.Pages ?? 1;
        }
        objects[$"obj:{outline}"] = new JsonObject
        {
            ["value"] = new JsonObject
            {
                ["/Type"] = "/Outlines",
                ["/First"] = $"{next + 1} 0 R",
                ["/Last"] = $"{next + items.Count} 0 R",
                ["/Count"] = items.Count,
            },
        };
        var full = (JsonObject)catalog.DeepClone();
        full["/Outlines"] = outline;
        full["/PageMode"] = "/UseOutlines";
        full["/PageLabels"] = new JsonObject { ["/Nums"] = labels };
        full["/Lang"] = "u:zh-CN";
        objects[$"obj:{root}"] = new JsonObject { ["value"] = full };
        var info = next + items.Count + 1;
        objects[$"obj:{info} 0 R"] = new JsonObject
        {
            ["value"] = new JsonObject { ["/Title"] = $"u:{caseNumber} {(volume == "main" ? "正卷" : "副卷")}", ["/Producer"] = "u:CourtOps" },
        };
        var trailer = (JsonObject)facts["qpdf"]![1]!["trailer"]!["value"]!.DeepClone();
        trailer["/Info"] = $"{info} 0 R";
        objects["trailer"] = new JsonObject { ["value"] = trailer };
        return new JsonObject
        {
            ["qpdf"] = new JsonArray(
                new JsonObject
                {
                    ["jsonversion"] = 2,
                    ["pdfversion"] = "1.7",
                    ["pushedinheritedpageresources"] = false,
                    ["calledgetallpages"] = false,
                    ["maxobjectid"] = info,
                },
                objects
            ),
        }.ToJsonString();
    }

    /// <summary>How many pages a file has.</summary>
    /// <exception cref="RuleBroken">qpdf is missing, or the file is damaged.</exception>
    public static int PagesOf(string path) => int.Parse(Run(Qpdf, ["--show-npages", path]).Trim(), CultureInfo.InvariantCulture);

    /// <summary>One page of a file as a file of its own, which goes when it is closed.</summary>
    /// <exception cref="RuleBroken">qpdf is missing, or the file is damaged.</exception>
    public async Task<Stream> PageAsync(string blob, int n, CancellationToken ct)
    {
        var target = folder.Private();
        try
        {
            using var plain = await blobs.PlainAsync(blob, ct);
            Run(Qpdf, ["--empty", "--pages", plain.Path, n.ToString(CultureInfo.InvariantCulture), "--", target]);
            return new FileStream(
                target,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                1 << 16,
                FileOptions.Asynchronous | FileOptions.DeleteOnClose
            );
        }
        catch
        {
            File.Delete(target);
            throw;
        }
    }

    private static string Qpdf => Tools.Find("qpdf") ?? throw new RuleBroken("服务器缺少合成 PDF 的程序 qpdf，请系统管理员安装。", code: "no-tool");

    private static string Run(string qpdf, IEnumerable<string> arguments)
    {
        var (exit, said) = Tools.Run(qpdf, arguments, Limit);
        return exit is 0 or 3 ? said : throw new RuleBroken("合成这一卷没有成功，有一件文书的 PDF 已损坏。", code: "damaged");
    }
}

/// <summary>The volume over HTTP: marked on every page, or as it is for whoever has the right to originals.</summary>
internal sealed class VolumeDelivery(IMediator mediator, VolumePdf maker, PdfStamper stamper, Actor actor, Texts t, TimeProvider clock, Ids ids)
{
    public async Task<IResult> ToAsync(long caseId, string? volume, bool stamped, HttpContext http)
    {
        var ct = http.RequestAborted;
        var show = await mediator.Send(new TakeVolume { CaseId = caseId }, ct);
        var wanted =
            show.Volumes.FirstOrDefault(v => v.Name == (string.IsNullOrEmpty(volume) ? "main" : volume))
            ?? throw new RuleBroken("这一卷还没有文书。", code: "empty");
        var path = await maker.MakeAsync(show.CaseNumber, wanted, ct);
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{show.CaseNumber}_{(wanted.Name == "main" ? "正卷" : "副卷")}.pdf");
        http.Response.Headers.ContentDisposition = disposition.ToString();
        http.Response.Headers.CacheControl = "private, no-store";
        if (!stamped && actor.Can("workzone.documents.original"))
            return Results.File(
                new FileStream(
                    path,
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.Read | FileShare.Delete,
                    1 << 16,
                    FileOptions.Asynchronous | FileOptions.DeleteOnClose
                ),
                "application/pdf"
            );
        try
        {
            var copy = await stamper.StampAsync(
                path,
                t["{0}（{1}）　{2}　{3}　查阅记录 {4}", actor.Name, actor.Login, actor.CourtName, Times.Full(clock.GetUtcNow()), ids.Next()],
                TimeSpan.FromMinutes(2),
                ct
            );
            return copy.Content is { } content
                ? Results.File(content, "application/pdf")
                : throw new RuleBroken("服务器缺少加盖下载标记的程序，暂不能下载。请在线阅读，并请系统管理员安装 qpdf 和 chromium。", code: "no-tool");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
