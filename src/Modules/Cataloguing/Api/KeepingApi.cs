using System.Globalization;
using CourtOps.Cataloguing.Archive;
using CourtOps.Cataloguing.Board;
using CourtOps.Cataloguing.Checking;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Cataloguing.Api;

/// <summary>Checks, archive, lendings and the board for programs.</summary>
internal static class KeepingApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/catalogue-board", async (int? days, IMediator mediator) => Results.Ok(await mediator.Send(new ShowBoard { Days = days ?? 30 })))
            .Permit("cataloguing.read")
            .WithTags("cataloguing")
            .WithSummary("Minutes, first-pass rate and backlog, with the rows behind them");

        api.MapGet("/catalogue-checks", async (string? state, IMediator mediator) => Results.Ok(await mediator.Send(new ListChecks { State = state ?? "" })))
            .Permit("cataloguing.check.read")
            .WithTags("cataloguing")
            .WithSummary("Batches drawn for a check, and rates of error");

        api.MapPost(
                "/catalogue-checks/{idAndVerb}",
                async (string idAndVerb, CheckBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(r);
                    var (id, verb) = Parts(idAndVerb);
                    return verb == "decide"
                        ? Reply.Of(
                            await mediator.Send(
                                new DecideCheck
                                {
                                    Id = id,
                                    Version = body.Version,
                                    Words = body.Words ?? "",
                                    Defects = body.Found,
                                }
                            )
                        )
                        : throw new RuleBroken($"没有这个动作：{verb}。可用：decide。", "verb");
                }
            )
            .Permit("cataloguing.check")
            .WithTags("cataloguing")
            .WithSummary("The result of a check: :decide {words, pageIds, kinds, notes}: a kind and a note for each page")
            .Repeats();

        api.MapPost(
                "/catalogue-checks/{id:long}:mend",
                async (long id, MendBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(new { id = r });
                    return Reply.Of(
                        new
                        {
                            id = await mediator.Send(
                                new MendCheck
                                {
                                    Id = id,
                                    Version = body.Version,
                                    Words = body.Words ?? "",
                                }
                            ),
                        }
                    );
                }
            )
            .Permit("cataloguing.work")
            .WithTags("cataloguing")
            .WithSummary("What a check returned was put right: {words}; the checker looks once more")
            .Repeats();

        api.MapGet("/archives", async (string? state, IMediator mediator) => Results.Ok(await mediator.Send(new ListArchives { State = state ?? "" })))
            .Permit("cataloguing.archive.read")
            .WithTags("cataloguing")
            .WithSummary("Files of closed cases by when they are due");

        api.MapGet("/cases/{id:long}/archive", async (long id, IMediator mediator) => Results.Ok(Shown(await mediator.Send(new ShowArchive { CaseId = id }))))
            .Permit("cataloguing.archive.read")
            .WithTags("cataloguing")
            .WithSummary("What a file lacks before it is archived, and its package");

        api.MapPost(
                "/cases/{id:long}/archive",
                async (long id, ArchiveBody? body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = _ => Reply.Accepted($"/api/v1/cases/{id}/archive", new { id });
                    await mediator.Send(
                        new PackCase
                        {
                            CaseId = id,
                            Reason = body?.Reason ?? "",
                            Retention = body?.Retention ?? "",
                            Version = body?.Version,
                        }
                    );
                    return Reply.Accepted($"/api/v1/cases/{id}/archive", new { id });
                }
            )
            .Permit("cataloguing.archive")
            .WithTags("cataloguing")
            .WithSummary("一键归档: {reason, retention}; 422 names what is missing")
            .Produces(StatusCodes.Status202Accepted)
            .Repeats();

        api.MapGet(
                "/lendings",
                async (string? state, long? caseId, IMediator mediator) =>
                    Results.Ok(await mediator.Send(new ListLendings { State = state ?? "", CaseId = caseId }))
            )
            .Permit("cataloguing.read")
            .WithTags("cataloguing")
            .WithSummary("Readings, loans and transfers on appeal");

        api.MapPost(
                "/cases/{id:long}/lendings",
                async (long id, LendingBody body, ICases cases, IMediator mediator, Idempotency idempotency, CancellationToken ct) =>
                {
                    await cases.GetAsync(id, ct); // before what is wrong with the request
                    idempotency.Shape = r => Reply.Created("/api/v1/lendings", new { id = r });
                    return Reply.Created(
                        "/api/v1/lendings",
                        new
                        {
                            id = await mediator.Send(
                                new AskLending
                                {
                                    CaseId = id,
                                    Kind = body.Kind ?? "",
                                    Applicant = body.Applicant ?? "",
                                    Credential = body.Credential ?? "",
                                    Purpose = body.Purpose ?? "",
                                    Until = body.Until,
                                    Agent = body.Agent ?? "",
                                    PartyId = body.PartyId,
                                    Wanted = body.Wanted ?? "",
                                },
                                ct
                            ),
                        }
                    );
                }
            )
            .Permit("cataloguing.lend.ask")
            .WithTags("cataloguing")
            .WithSummary("An application: {kind: reading, loan, appeal; applicant, credential, purpose, until, agent and partyId of the case, wanted}")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/lendings/{idAndVerb}",
                async (string idAndVerb, DecisionBody? body, IMediator mediator, Idempotency idempotency) =>
                {
                    var (id, verb) = Parts(idAndVerb);
                    idempotency.Shape = _ => Reply.Of(new { id });
                    _ = verb switch
                    {
                        "approve" => await mediator.Send(
                            new DecideLending
                            {
                                Id = id,
                                Version = body?.Version,
                                Approve = true,
                                Words = body?.Words ?? "",
                            }
                        ),
                        "refuse" => await mediator.Send(
                            new DecideLending
                            {
                                Id = id,
                                Version = body?.Version,
                                Words = body?.Words ?? "",
                            }
                        ),
                        "end" => await mediator.Send(new EndLending { Id = id, Version = body?.Version }),
                        _ => throw new RuleBroken($"没有这个动作：{verb}。可用：approve、refuse、end。", "verb"),
                    };
                    return Reply.Of(new { id });
                }
            )
            .Permit("cataloguing.read")
            .WithTags("cataloguing")
            .WithSummary("The acts on an application: :approve, :refuse {words}, :end")
            .Repeats();
    }

    private static (long Id, string Verb) Parts(string idAndVerb)
    {
        var parts = idAndVerb.Split(':');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (id, parts[1])
            : throw new NotFound("路径", idAndVerb);
    }

    private static object Shown(ShowArchive.Result s) =>
        new
        {
            s.Archive.CaseId,
            s.Archive.CaseNumber,
            s.Archive.State,
            s.Archive.ClosedOn,
            s.Archive.DueOn,
            s.Archive.Retention,
            s.Archive.Manifest,
            package = s.Archive.Package,
            s.Archive.Files,
            s.Archive.PackedAt,
            s.Archive.VerifiedOk,
            s.Archive.Receipt,
            s.Archive.Version,
            missing = s.Missing.Select(m => new
            {
                type = m.Type,
                label = PaperTypes.Of(m.Type).Label,
                owes = m.Owes,
            }),
            open = s.Open,
        };

    internal sealed record MendBody
    {
        public int? Version { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record CheckBody
    {
        public int? Version { get; init; }
        public string? Words { get; init; }
        public IReadOnlyList<long>? PageIds { get; init; }
        public IReadOnlyList<string>? Kinds { get; init; }
        public IReadOnlyList<string>? Notes { get; init; }

        internal IReadOnlyList<DecideCheck.Defect> Found =>
            [
                .. (PageIds ?? []).Select(
                    (page, i) =>
                        new DecideCheck.Defect
                        {
                            PageId = page,
                            Kind = Kinds?.ElementAtOrDefault(i) ?? "",
                            Words = Notes?.ElementAtOrDefault(i) ?? "",
                        }
                ),
            ];
    }

    internal sealed record ArchiveBody
    {
        public int? Version { get; init; }
        public string? Reason { get; init; }
        public string? Retention { get; init; }
    }

    internal sealed record LendingBody
    {
        public string? Kind { get; init; }
        public string? Applicant { get; init; }
        public string? Credential { get; init; }
        public string? Purpose { get; init; }
        public DateOnly? Until { get; init; }
        public string? Agent { get; init; }
        public long? PartyId { get; init; }
        public string? Wanted { get; init; }
    }

    internal sealed record DecisionBody
    {
        public int? Version { get; init; }
        public string? Words { get; init; }
    }
}
