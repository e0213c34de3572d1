using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.Imports;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Workzone.Api;

internal static class CasesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/cases:import",
                async (HttpRequest request, ICaseImport import, Texts texts, CancellationToken ct) =>
                {
                    var (content, name, format) = await BodyAsync(request, ct);
                    await using var disposing = content;
                    var begun = await import.BeginAsync(new CaseList(content, name, format) { IdempotencyKey = request.Headers[IdempotencyFilter.Header] }, ct);
                    await import.RunAsync(begun.Id, CancellationToken.None);
                    var outcomes = new List<CaseOutcome>();
                    await foreach (var outcome in import.OutcomesAsync(begun.Id, ct))
                        outcomes.Add(outcome.In(texts));
                    request.HttpContext.Response.Headers.Location = $"/api/v1/imports/{begun.Id}/outcome.csv";
                    if (begun.Before)
                        IdempotencyFilter.Replayed(request.HttpContext.Response);
                    return Results.Ok(outcomes);
                }
            )
            .Permit("workzone.cases.import")
            .WithTags("cases")
            .WithSummary("Imports a case list, CSV or JSON; an outcome per case")
            .WithDescription(
                "With an Idempotency-Key the same list again is the same import: while it runs the answer waits for it, afterwards it is the same outcomes."
            )
            .TakesKey()
            .TakesForm(
                new ApiField("file", "The list as CSV or JSON; it may also be the whole body, as text/csv or application/json", IsFile: true, Required: true)
            );

        api.MapGet(
                "/imports/{id:long}/outcome.csv",
                (long id, ICaseImport import, IMediator mediator, Texts texts, CancellationToken ct) =>
                    ImportFiles.OutcomeCsvAsync(id, import, mediator, texts, ct)
            )
            .Permit("workzone.cases.import")
            .WithTags("cases")
            .WithSummary("The outcomes of an import as CSV");

        api.MapGet(
                "/cases",
                async (string? number, string? after, int? take, IMediator mediator) =>
                {
                    var r = await mediator.Send(
                        new ListCases
                        {
                            Number = number,
                            After = after,
                            Take = Math.Clamp(take ?? 50, 1, 200),
                        }
                    );
                    return Results.Ok(new { items = r.Rows, next = r.Next });
                }
            )
            .Permit("workzone.cases.read")
            .WithTags("cases")
            .WithSummary("Cases the caller may see, by number or fragment");

        api.MapGet(
                "/cases/{id:long}",
                async (long id, IMediator mediator, HttpResponse response) =>
                {
                    var r = await mediator.Send(new ShowCase { Id = id });
                    response.Headers.ETag = $"\"{r.Case.Version}\"";
                    return Results.Ok(
                        new
                        {
                            r.Case.Id,
                            r.Case.Number,
                            court = new
                            {
                                id = r.Case.CourtId,
                                code = r.Case.CourtCode,
                                name = r.Case.CourtName,
                            },
                            r.Case.Kind,
                            r.Case.Cause,
                            procedure = r.Case.ProcedureCode,
                            r.Case.FiledOn,
                            amount = r.Case.Amount is { } cents ? (cents / 100m).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture) : null,
                            judge = r.Case.JudgeId is { } j ? new { id = j, name = r.Case.JudgeName } : null,
                            r.Case.AllottedOn,
                            r.Case.State,
                            r.Case.Version,
                            parties = r.Parties.Select(p => new
                            {
                                p.Id,
                                p.Name,
                                p.Role,
                                p.PartyType,
                                p.EService,
                                p.Language,
                                p.Version,
                                email = p.Email,
                                phone = p.Phone,
                                idNumber = p.IdNumber,
                                agents = p.Agents.Select(a => new { a.Name, type = a.AgentType }),
                            }),
                            clock = r.Clock is null
                                ? null
                                : new
                                {
                                    r.Clock.BaseEnd,
                                    r.Clock.End,
                                    r.Clock.LegalEnd,
                                    r.Clock.LastDayToApply,
                                    r.Clock.Provisional,
                                    used = r.UsedDays,
                                    left = r.LeftDays,
                                    explanation = r.Explanation,
                                },
                            inspection = r.Findings.Select(f => new
                            {
                                f.Code,
                                f.Field,
                                f.Severity,
                                text = f.Text,
                            }),
                            documents = r.Documents.Select(d => new
                            {
                                d.Id,
                                d.Kind,
                                d.Title,
                                d.Pages,
                                d.Size,
                                d.Volume,
                                d.CreatedAt,
                            }),
                        }
                    );
                }
            )
            .Permit("workzone.cases.read")
            .WithTags("cases")
            .WithSummary("One case with parties and clock");

        api.MapPost(
                "/cases/{id:long}/events",
                async (long id, EventBody body, IMediator mediator, ICases cases, Idempotency idempotency) =>
                {
                    await cases.GetAsync(id); // whoever may not see it hears nothing of what is wrong with the event
                    idempotency.Shape = r => Reply.Of(r);
                    return Reply.Of(
                        await mediator.Send(
                            new RecordCaseEvent
                            {
                                CaseId = id,
                                Event = body.Event ?? "",
                                On = body.On,
                                Detail = body.Detail ?? "",
                                Note = body.Note ?? "",
                                Key = body.Key,
                            }
                        )
                    );
                }
            )
            .Permit("workzone.cases.events")
            .WithTags("cases")
            .WithSummary("Something that happened to the case: {event, on, detail, note, key}; the same key, or event and day, is recorded once")
            .Repeats();

        api.MapPost(
                "/parties/{idAndVerb}",
                async (string idAndVerb, UnmaskBody? body, IMediator mediator, HttpResponse response) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (
                        parts.Length != 2
                        || parts[1] != "unmask"
                        || !long.TryParse(parts[0], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id)
                    )
                        throw new NotFound("路径", idAndVerb);
                    response.Headers.CacheControl = "no-store";
                    var shown = await mediator.Send(
                        new Unmask
                        {
                            PartyId = id,
                            Field = body?.Field ?? "",
                            Reason = body?.Reason ?? "",
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            id = shown.PartyId,
                            shown.Field,
                            shown.Value,
                        }
                    );
                }
            )
            .Permit("workzone.secrets.unmask")
            .WithTags("cases")
            .WithSummary("One field of a party whole, with a reason: :unmask {field: id-number | phone | email, reason}");

        api.MapPost(
                "/parties/{id:long}/address",
                async (long id, AddressBody? body, HttpRequest request, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = saved => Saved((SaveContact.Result)saved);
                    return Saved(
                        await mediator.Send(
                            new SaveContact
                            {
                                PartyId = id,
                                Version = OrdersApi.VersionOf(request),
                                Email = body?.Email?.Trim(),
                                Phone = body?.Phone?.Trim(),
                                IdNumber = body?.IdNumber?.Trim(),
                                Consent = body?.Consent,
                                Source = body?.Source,
                                On = body?.On,
                            }
                        )
                    );
                }
            )
            .Permit("workzone.parties.contact")
            .WithTags("cases")
            .WithSummary(
                "The address a party provided or confirmed: {email, phone, idNumber, consent: confirmed | provided | obtained, source, on}; what is "
                    + "absent stays, an empty text is taken away"
            )
            .Repeats()
            .Versioned();

        api.MapPost(
                "/cases/{id:long}/documents",
                async (long id, HttpRequest request, DocumentIntake intake, Idempotency idempotency, CancellationToken ct) =>
                {
                    idempotency.Shape = card => Added((DocumentCard)card);
                    await intake.DemandAsync(id, ct); // whether there is such a case comes before what is wrong with the request
                    if (!request.HasFormContentType)
                        throw new RuleBroken("请以 multipart/form-data 提交：file（或 uploadId）、kind、title。", "file");
                    var form = await request.FormAsync(ct);
                    return Added(
                        await intake.AddAsync(
                            id,
                            form.Files["file"] ?? (form.Files.Count == 1 ? form.Files[0] : null),
                            form["uploadId"],
                            form["kind"],
                            form["title"],
                            form["volume"],
                            Replaced(form["replaces"]),
                            ct
                        )
                    );
                }
            )
            .Permit("workzone.documents.add")
            .WithTags("cases")
            .WithSummary(
                "Adds a PDF to a case: its file, or the uploadId of a finished upload (see /uploads), with kind, title and volume (main, secondary); "
                    + "replaces names the document in whose place it comes"
            )
            .Produces(StatusCodes.Status201Created)
            .Repeats()
            .TakesForm(
                new("file", "The PDF; not with uploadId", IsFile: true),
                new("uploadId", "A finished upload instead"),
                new("kind", string.Join(", ", DocumentKinds.Labels.Keys) + "; other when empty"),
                new("title", "1 to 200 characters; the file's name when empty"),
                new("volume", "main or secondary"),
                new("replaces", "Id of the document of the case that it replaces")
            );

        api.MapGet(
                "/documents/{id:long}/content",
                (long id, bool? stamped, HttpContext http, DocumentDelivery delivery) => delivery.ToProgramAsync(id, stamped == true, http)
            )
            .Permit("workzone.documents.read")
            .WithTags("cases")
            .WithSummary("The bytes of a document: as they are with workzone.documents.original, otherwise (or with stamped=true) a copy marked on every page");
    }

    private static Reply Saved(SaveContact.Result saved) =>
        Reply.Of(
            new
            {
                id = saved.PartyId,
                saved.CaseId,
                saved.Version,
                saved.EService,
            },
            saved.Version
        );

    private static long? Replaced(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id
        : throw new RuleBroken("被替换的文书不在本案的同一卷里。", "replaces");

    private static Reply Added(DocumentCard card) =>
        Reply.Created(
            $"/api/v1/documents/{card.Id}/content",
            new
            {
                card.Id,
                card.CaseId,
                card.Kind,
                card.Title,
                card.Pages,
                card.Size,
                sha256 = card.Blob,
            }
        );

    internal sealed record UnmaskBody
    {
        public string? Field { get; init; }
        public string? Reason { get; init; }
    }

    internal sealed record EventBody
    {
        public string? Event { get; init; }
        public DateOnly? On { get; init; }
        public string? Detail { get; init; }
        public string? Note { get; init; }
        public string? Key { get; init; }
    }

    internal sealed record AddressBody
    {
        public string? Email { get; init; }
        public string? Phone { get; init; }
        public string? IdNumber { get; init; }
        public string? Consent { get; init; }
        public string? Source { get; init; }
        public DateOnly? On { get; init; }
    }

    private static async Task<(Stream, string, string)> BodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.HasFormContentType)
        {
            var form = await request.FormAsync(ct);
            var file = form.Files.Count == 1 ? form.Files[0] : throw new RuleBroken("请上传一个文件。", "file");
            return (
                file.OpenReadStream(),
                file.FileName,
                file.FileName.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || file.ContentType.Contains("json", StringComparison.Ordinal)
                    ? "json"
                    : "csv"
            );
        }
        var format = request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true ? "json" : "csv";
        return (request.Body, "api." + format, format);
    }
}

internal static class ImportFiles
{
    public static async Task<IResult> OutcomeCsvAsync(long id, ICaseImport import, IMediator mediator, Texts texts, CancellationToken ct)
    {
        await mediator.Send(new ImportState { Id = id }, ct); // somebody else's is not found, before a header is sent
        return Csv(id, import, texts, ct);
    }

    private static IResult Csv(long id, ICaseImport import, Texts texts, CancellationToken ct) =>
        Results.Stream(
            async stream =>
            {
                await using var writer = new StreamWriter(stream, new UTF8Encoding(true), leaveOpen: true);
                await writer.WriteLineAsync("行,案号,结果,字段,值,原因");
                await foreach (var o in import.OutcomesAsync(id, ct))
                {
                    if (o.Errors.Count == 0)
                        await writer.WriteLineAsync($"{o.Row},{SpreadsheetText.Cell(o.CaseNumber)},{o.Outcome},,,");
                    foreach (var e in o.Errors)
                        await writer.WriteLineAsync(
                            $"{o.Row},{SpreadsheetText.Cell(o.CaseNumber)},{o.Outcome},{e.Field},{SpreadsheetText.Cell(e.Value)},"
                                + $"{SpreadsheetText.Cell(e.In(texts).Reason)}"
                        );
                }
            },
            "text/csv; charset=utf-8",
            "outcome.csv"
        );
}
