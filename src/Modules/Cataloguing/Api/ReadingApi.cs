using System.Globalization;
using CourtOps.Cataloguing.Archive;
using CourtOps.Cataloguing.Efile;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Cataloguing.Api;

/// <summary>Notes on pages of the e-file, and agents' reading by a link, for programs.</summary>
internal static class ReadingApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/efile-notes",
                async (long? caseId, long? documentId, IMediator mediator) =>
                    Results.Ok(await mediator.Send(new ListNotes { CaseId = caseId, DocumentId = documentId }))
            )
            .Permit("cataloguing.read")
            .WithTags("cataloguing")
            .WithSummary("Notes on pages: one's own, and those of one's court's team");

        api.MapPost(
                "/cases/{id:long}/efile-notes",
                async (long id, NoteBody body, ICases cases, IMediator mediator, Idempotency idempotency, CancellationToken ct) =>
                {
                    await cases.GetAsync(id, ct); // before what is wrong with the request
                    idempotency.Shape = r => Reply.Created("/api/v1/efile-notes", new { id = r });
                    return Reply.Created(
                        "/api/v1/efile-notes",
                        new
                        {
                            id = await mediator.Send(
                                new WriteNote
                                {
                                    CaseId = id,
                                    DocumentId = body.DocumentId,
                                    At = body.Page ?? 1,
                                    Team = body.Team,
                                    Body = body.Body ?? "",
                                },
                                ct
                            ),
                        }
                    );
                }
            )
            .Permit("cataloguing.read")
            .WithTags("cataloguing")
            .WithSummary("A note on a page: {documentId, page, team, body}")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/efile-notes/{idAndVerb}",
                async (string idAndVerb, ChangeBody? body, IMediator mediator, Idempotency idempotency) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    idempotency.Shape = _ => Reply.Of(new { id });
                    _ = parts[1] switch
                    {
                        "change" => await mediator.Send(
                            new WriteNote
                            {
                                Id = id,
                                Team = body?.Team ?? false,
                                Body = body?.Body ?? "",
                                Version = body?.Version,
                            }
                        ),
                        "remove" => await mediator.Send(new RemoveNote { Id = id }),
                        var verb => throw new RuleBroken($"没有这个动作：{verb}。可用：change、remove。", "verb"),
                    };
                    return Reply.Of(new { id });
                }
            )
            .Permit("cataloguing.read")
            .WithTags("cataloguing")
            .WithSummary("One's own note: :change {team, body, version}, :remove")
            .Repeats();

        api.MapGet("/lendings/{id:long}/page-reads", async (long id, IMediator mediator) => Results.Ok(await mediator.Send(new ListPageReads { Id = id })))
            .Permit("cataloguing.read")
            .WithTags("cataloguing")
            .WithSummary("The pages that were opened through the links of a reading");

        // not repeated from memory: the code is told once and kept nowhere
        api.MapPost(
                "/lendings/{id:long}/link",
                async (long id, IMediator mediator) =>
                {
                    var given = await mediator.Send(new GiveLink { Id = id });
                    return Results.Ok(
                        new
                        {
                            path = Pages.Party.Read.Path + given.Token,
                            code = given.Code,
                            until = given.Until,
                        }
                    );
                }
            )
            .Permit("cataloguing.lend.ask")
            .WithTags("cataloguing")
            .WithSummary("A link and a code for an agent's approved reading, told once");
    }

    internal sealed record NoteBody
    {
        public long DocumentId { get; init; }
        public int? Page { get; init; }
        public bool Team { get; init; }
        public string? Body { get; init; }
    }

    internal sealed record ChangeBody
    {
        public bool Team { get; init; }
        public string? Body { get; init; }
        public int? Version { get; init; }
    }
}
