using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Contacts;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Triage.Api;

internal static class ContactsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/contacts",
                async (TakeContact body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Taken((TakeContact.Result)r);
                    return Taken(await mediator.Send(Whole(body)));
                }
            )
            .Permit("triage.work")
            .WithTags("triage")
            .WithSummary("A call, visit or letter for this court or another of the group")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/contacts",
                async (string? view, string? after, IMediator mediator) =>
                {
                    if (view is { Length: > 0 } and not ("todo" or "out" or "late" or "done"))
                        throw new RuleBroken($"没有这个清单：{view}。", "view");
                    var r = await mediator.Send(new ListContacts { View = view is { Length: > 0 } ? view : "todo", After = after ?? "" });
                    return Results.Ok(
                        new
                        {
                            items = r.Rows.Select(Shown),
                            r.Sum.Todo,
                            r.Sum.Late,
                            forOthers = r.Sum.Away,
                            r.Sum.Done,
                            duty = r.Duty?.PersonName,
                            next = r.Next,
                        }
                    );
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("Contacts by the day the answer is due; view todo, out, late or done");

        api.MapGet(
                "/contacts/{id:long}",
                async (long id, IMediator mediator) =>
                {
                    var s = await mediator.Send(new ShowContact { Id = id });
                    return Results.Ok(
                        new
                        {
                            contact = Shown(s.Contact),
                            words = s.Contact.Words,
                            papers = s.Papers.Select(p => new
                            {
                                p.Id,
                                p.Title,
                                p.Pages,
                                p.DocumentId,
                            }),
                            events = s.Events,
                        }
                    );
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("A contact with its papers and its chain of hands");

        api.MapPost(
                "/contacts/{id:long}/papers",
                async (long id, HttpRequest request, IPapers papers, IMediator mediator, CancellationToken ct) =>
                {
                    await mediator.Send(new ShowContact { Id = id }, ct); // whether there is such a matter comes before what is wrong with the request
                    if (!request.HasFormContentType)
                        throw new RuleBroken("请以 multipart/form-data 提交：file、title。", "file");
                    var form = await request.FormAsync(ct);
                    var taken = await papers.TakeAsync(form.Files.GetFile("file"), null, ct);
                    var title = form["title"].ToString();
                    var paper = await mediator.Send(
                        new AddContactPaper
                        {
                            ContactId = id,
                            Title = title.Length > 0 ? title : Path.GetFileNameWithoutExtension(taken.Name),
                            Blob = taken.Blob,
                            Pages = taken.Pages,
                        },
                        ct
                    );
                    return Reply.Created($"/api/v1/contacts/{id}", new { id = paper, taken.Pages });
                }
            )
            .Permit("triage.work")
            .WithTags("triage")
            .WithSummary("A paper of a material transfer; its pages are counted")
            .Produces(StatusCodes.Status201Created)
            .TakesForm(new ApiField("file", "The PDF.", IsFile: true, Required: true), new ApiField("title", "Its name; the file's own without."));

        api.MapPost(
                "/contacts/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency, HttpContext http, ActBody? body) =>
                {
                    var (id, verb) = FeesApi.Split(idAndVerb);
                    int? version = int.TryParse(
                        http.Request.Headers.IfMatch.ToString().Trim('"'),
                        System.Globalization.CultureInfo.InvariantCulture,
                        out var seen
                    )
                        ? seen
                        : body?.Version;
                    idempotency.Shape = _ => Reply.Of(new { id });
                    ICommand act = verb switch
                    {
                        "accept" => new AcceptContact { Id = id, Version = version },
                        "pass" => new PassContact
                        {
                            Id = id,
                            Version = version,
                            Court = body?.Court ?? "",
                            Words = body?.Words ?? "",
                        },
                        "finish" => new FinishContact
                        {
                            Id = id,
                            Version = version,
                            Answer = body?.Words ?? "",
                        },
                        "mark" => new MarkContact
                        {
                            Id = id,
                            Mark = body?.Mark,
                            Words = body?.Words ?? "",
                        },
                        "hand" => new HandOver
                        {
                            Id = id,
                            Version = version,
                            To = body?.To ?? "",
                            Pages = body?.Pages,
                            Words = body?.Words ?? "",
                            IntoFile = body?.IntoFile ?? false,
                        },
                        _ => throw new RuleBroken($"没有这个动作：{verb}。可用：accept、pass、finish、mark、hand。", "verb"),
                    };
                    await mediator.Send(act);
                    return Reply.Of(new { id });
                }
            )
            .Permit("triage.work")
            .WithTags("triage")
            .WithSummary("The acts on a contact: :accept, :pass {court, words}, :finish {words}, :mark {mark}, :hand {to or intoFile, pages}")
            .Repeats()
            .Versioned();

        api.MapGet(
                "/duty",
                async (DateOnly? month, IMediator mediator) => Results.Ok(new { items = (await mediator.Send(new ListDuty { Month = month })).Days })
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("Who is on duty, by day of a month");

        api.MapPost(
                "/duty",
                async (SaveDuty body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = _ => Reply.Of(new { saved = true });
                    await mediator.Send(body with { Person = body.Person ?? "", Phone = body.Phone ?? "" });
                    return Reply.Of(new { saved = true });
                }
            )
            .Permit("triage.duty")
            .WithTags("triage")
            .WithSummary("Puts somebody on duty from a day until a day")
            .Repeats();
    }

    // a field that is null is one that is blank
    private static TakeContact Whole(TakeContact b) =>
        b with
        {
            Service = b.Service ?? "",
            Channel = b.Channel ?? "counter",
            Court = b.Court ?? "",
            Person = b.Person ?? "",
            Phone = b.Phone ?? "",
            CaseNumber = b.CaseNumber ?? "",
            Words = b.Words ?? "",
        };

    private static Reply Taken(TakeContact.Result r) =>
        Reply.Created(
            $"/api/v1/contacts/{r.Id}",
            new
            {
                r.Id,
                r.Number,
                r.DueOn,
            }
        );

    private static object Shown(Contact k) =>
        new
        {
            k.Id,
            k.Number,
            k.Service,
            k.Channel,
            k.State,
            takenBy = k.CourtName,
            finishedBy = k.ForCourtName,
            k.CaseNumber,
            k.TakenAt,
            k.AcceptedAt,
            k.FinishedAt,
            k.DueOn,
            k.Answer,
            k.Mark,
            escalatedTo = k.EscalatedAt is null ? null : k.EscalatedTo,
            k.Version,
        };

    internal sealed record ActBody
    {
        public string? Court { get; init; }
        public string? Words { get; init; }
        public int? Mark { get; init; }
        public string? To { get; init; }
        public int? Pages { get; init; }
        public bool? IntoFile { get; init; }
        public int? Version { get; init; }
    }
}
