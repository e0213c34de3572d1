using System.Globalization;
using System.Text.Json;
using CourtOps.Cataloguing.Efile;
using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Cataloguing.Workbench;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Cataloguing.Api;

internal static class MaterialsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/cases/{id:long}/efile", async (long id, IMediator mediator) => Results.Ok(await mediator.Send(new ShowEfile { CaseId = id })))
            .Permit("cataloguing.read")
            .WithTags("cataloguing")
            .WithSummary("The volumes of a case in order");

        api.MapGet(
                "/cases/{id:long}/efile/volume.pdf",
                (long id, string? volume, bool? stamped, HttpContext http, VolumeDelivery delivery) => delivery.ToAsync(id, volume, stamped == true, http)
            )
            .Permit("cataloguing.volume")
            .WithTags("cataloguing")
            .WithSummary(
                "A volume (main, secondary) as one searchable PDF with bookmarks and page labels; marked on every page without workzone.documents.original"
            );

        api.MapGet(
                "/pages/search",
                async (string? q, long? caseId, IMediator mediator) => Results.Ok(await mediator.Send(new FindPages { Text = q ?? "", CaseId = caseId }))
            )
            .Permit("cataloguing.read")
            .WithTags("cataloguing")
            .WithSummary("Filed pages with these words, in one case or in all that may be seen");

        api.MapPost(
                "/cases/{id:long}/materials",
                async (long id, HttpRequest request, MaterialIntake intake, IMediator mediator, Idempotency idempotency, CancellationToken ct) =>
                {
                    idempotency.Shape = r => Taken((TakeBatch.Result)r);
                    await intake.DemandAsync(id, ct); // whether there is such a case comes before what is wrong with the request
                    if (!request.HasFormContentType)
                        throw new RuleBroken("请以 multipart/form-data 提交：若干 file（或 uploadId）和 manifest。", "file");
                    var form = await request.FormAsync(ct);
                    var manifest = Manifest(form["manifest"]);
                    var files = await intake.KeepAsync(id, form.Files, form["uploadId"], ct);
                    return Taken(
                        await mediator.Send(
                            new TakeBatch
                            {
                                CaseId = id,
                                Sender = manifest.Sender ?? "",
                                Announced = manifest.Pages,
                                Urgent = manifest.Urgent,
                                Note = manifest.Note ?? "",
                                Source = "api",
                                Files = files,
                            },
                            ct
                        )
                    );
                }
            )
            .Permit("cataloguing.intake")
            .WithTags("cataloguing")
            .WithSummary("Material of a case for cataloguing: several files and a manifest {sender, pages}")
            .Produces(StatusCodes.Status201Created)
            .Repeats()
            .TakesForm(
                new("file", "PDF, TIFF, JPEG, PNG, DOC, DOCX or a ZIP of these; several", IsFile: true),
                new("uploadId", "A finished upload instead; several"),
                new("manifest", "{\"sender\",\"pages\",\"urgent\",\"note\"}", Required: true)
            );

        api.MapGet("/materials/{id:long}", async (long id, IMediator mediator) => Results.Ok(Shown(await mediator.Send(new ShowBatch { Id = id }))))
            .Permit("cataloguing.read")
            .WithTags("cataloguing")
            .WithSummary("A batch of material: states, pages with type, place, confidence and flags");

        api.MapPost(
                "/materials/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency, ActBody? body) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    body ??= new ActBody();
                    switch (parts[1])
                    {
                        case "act":
                            idempotency.Shape = r => Reply.Of(r);
                            return Reply.Of(
                                await mediator.Send(
                                    new ActOnPiece
                                    {
                                        BatchId = id,
                                        Act = body.Act ?? "",
                                        PieceId = body.PieceId ?? 0,
                                        PageId = body.PageId,
                                        Version = body.Version,
                                        Type = body.Type ?? "",
                                        Title = body.Title ?? "",
                                        Author = body.Author ?? "",
                                        Date = body.Date,
                                        Volume = body.Volume ?? "",
                                        Place = body.Place,
                                        Degrees = body.Degrees ?? 90,
                                        Words = body.Words ?? "",
                                    }
                                )
                            );
                        case "undo":
                            idempotency.Shape = r => Reply.Of(new { undone = r });
                            return Reply.Of(new { undone = await mediator.Send(new UndoAct { BatchId = id }) });
                        case "confirm":
                            idempotency.Shape = r => Reply.Of(new { documents = r });
                            return Reply.Of(
                                new
                                {
                                    documents = await mediator.Send(
                                        new ConfirmBatch
                                        {
                                            Id = id,
                                            Version = body.Version,
                                            Difference = body.Words ?? "",
                                        }
                                    ),
                                }
                            );
                        default:
                            throw new RuleBroken($"没有这个动作：{parts[1]}。可用：act、undo、confirm。", "verb");
                    }
                }
            )
            .Permit("cataloguing.work")
            .WithTags("cataloguing")
            .WithSummary("The acts on a batch: :act, :undo, :confirm")
            .Repeats()
            .WithDescription(
                ":act {act: confirm, split, join, turn, remove, restore, earlier, later, note, rescan; pieceId, pageId, version, type, title, author, "
                    + "date, volume, place, degrees, words}; an older version answers 409. :confirm files every document; words explain a difference of pages."
            );
    }

    private static Reply Taken(TakeBatch.Result r) =>
        Reply.Created(
            $"/api/v1/materials/{r.Id}",
            new
            {
                r.Id,
                r.Number,
                r.OrderId,
                r.Files,
            }
        );

    private static ManifestBody Manifest(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new RuleBroken("缺少 manifest：{\"sender\",\"pages\"}。", "manifest");
        try
        {
            return JsonSerializer.Deserialize<ManifestBody>(text, Json.Web) ?? throw new RuleBroken("缺少 manifest：{\"sender\",\"pages\"}。", "manifest");
        }
        catch (JsonException)
        {
            throw new RuleBroken("manifest 不是正确的 JSON：{\"sender\",\"pages\"}。", "manifest");
        }
    }

    private static object Shown(ShowBatch.Result s)
    {
        var pieces = s.Pieces.ToDictionary(p => p.Id);
        return new
        {
            s.Batch.Id,
            s.Batch.Number,
            s.Batch.CaseId,
            s.Batch.OrderId,
            s.Batch.State,
            s.Batch.Sender,
            s.Batch.Urgent,
            s.Batch.ReceivedAt,
            s.Batch.DueAt,
            s.Batch.ReadyAt,
            s.Batch.ConfirmedAt,
            s.Batch.Version,
            counts = new
            {
                s.Counts.Announced,
                s.Counts.Received,
                removed = s.Counts.Blank,
                s.Counts.Filed,
                s.Counts.Agree,
            },
            files = s.Files.Select(f => new
            {
                f.Id,
                f.Name,
                f.Kind,
                f.State,
                f.Pages,
                sha256 = f.Blob,
                reason = f.Reason is { } r ? Refusals.Of(r) : null,
                code = f.Reason,
            }),
            documents = s.Pieces.Select(p => new
            {
                p.Id,
                type = p.PaperType,
                typeLabel = p.PaperType.Length > 0 ? PaperTypes.Of(p.PaperType).Label : "",
                p.Title,
                p.Author,
                date = p.PaperDate,
                p.Volume,
                p.Place,
                confidence = p.Confidence / 100.0,
                border = p.Border / 100.0,
                p.Reason,
                questions = p.QuestionList,
                look = p.Look,
                p.DocumentId,
                p.Version,
            }),
            pages = s.Pages.Select(
                (p, i) =>
                    new
                    {
                        p.Id,
                        n = i + 1,
                        p.FileId,
                        pageOfFile = p.N,
                        p.State,
                        p.Removed,
                        documentId = p.PieceId,
                        type = p.PieceId is { } id && pieces.TryGetValue(id, out var piece) ? piece.PaperType : null,
                        place = p.PieceId is { } id2 && pieces.TryGetValue(id2, out var piece2) ? piece2.Place : (int?)null,
                        confidence = p.Confidence / 1000.0,
                        flags = p.FlagList,
                        p.Language,
                        p.Dpi,
                        p.Orientation,
                        skew = p.Skew / 100.0,
                        p.Problem,
                        p.Note,
                        sha256 = p.Image,
                    }
            ),
        };
    }

    internal sealed record ManifestBody
    {
        public string? Sender { get; init; }
        public int? Pages { get; init; }
        public bool Urgent { get; init; }
        public string? Note { get; init; }
    }

    internal sealed record ActBody
    {
        public string? Act { get; init; }
        public long? PieceId { get; init; }
        public long? PageId { get; init; }
        public int? Version { get; init; }
        public string? Type { get; init; }
        public string? Title { get; init; }
        public string? Author { get; init; }
        public DateOnly? Date { get; init; }
        public string? Volume { get; init; }
        public int? Place { get; init; }
        public int? Degrees { get; init; }
        public string? Words { get; init; }
    }
}
