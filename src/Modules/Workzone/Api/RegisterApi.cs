using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.CaseChanges;
using CourtOps.Workzone.Inspections;
using CourtOps.Workzone.Register;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Workzone.Api;

/// <summary>Inspection, panels, links, marks, causes and lists of changes over the API: the same commands as the pages.</summary>
internal static class RegisterApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        MapInspection(api);
        MapRegister(api);
        MapChanges(api);
    }

    private static void MapInspection(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/inspection",
                async (string? severity, string? team, bool? late, long? after, IMediator mediator) =>
                {
                    var r = await mediator.Send(
                        new ListFindings
                        {
                            Severity = severity,
                            Team = team,
                            Late = late == true,
                            After = after ?? long.MaxValue,
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            rates = r.Rates,
                            items = r.Rows,
                            next = r.Next,
                        }
                    );
                }
            )
            .Permit("workzone.inspection.read")
            .WithTags("inspection")
            .WithSummary("Rates by team, and what is to be corrected in the cases the caller sees");

        api.MapGet(
                "/cases/{id:long}/record",
                async (long id, string? of, string? after, int? take, IMediator mediator) =>
                {
                    var r = await mediator.Send(
                        new Cases.CaseRecord
                        {
                            CaseId = id,
                            Of = of ?? "",
                            After = after,
                            Take = Math.Clamp(take ?? Cases.CaseRecord.Size, 1, 200),
                        }
                    );
                    return Results.Ok(new { items = r.Lines, next = r.Next });
                }
            )
            .Permit("workzone.cases.read")
            .WithTags("cases")
            .WithSummary("One time line of a case over all modules, newest first; of = orders, documents or events, after = next of the page before");

        api.MapGet(
                "/cases/{id:long}/inspection",
                async (long id, IMediator mediator) =>
                {
                    var r = await mediator.Send(new ShowCaseInspection { CaseId = id });
                    return Results.Ok(
                        new
                        {
                            complete = r.Look?.Complete,
                            rules = r.Look?.Rules,
                            lookedAt = r.Look?.LookedAt,
                            findings = r.Findings,
                            mended = r.Mended,
                            waived = r.Waivers,
                        }
                    );
                }
            )
            .Permit("workzone.inspection.read")
            .WithTags("inspection")
            .WithSummary("What the inspection says of a case, and how complete its record is");

        api.MapPost(
                "/cases/{id:long}/inspection",
                async (long id, IMediator mediator) =>
                {
                    await mediator.Send(new InspectCase { CaseId = id });
                    return Reply.Of(new { id });
                }
            )
            .Permit("workzone.inspection.correct")
            .WithTags("inspection")
            .WithSummary("Inspects the case now")
            .Repeats();

        api.MapPost(
                "/cases/{id:long}/corrections",
                async (long id, CorrectionBody body, HttpRequest request, IMediator mediator) =>
                {
                    await mediator.Send(
                        new CorrectCase
                        {
                            CaseId = id,
                            Kind = body.Kind,
                            Cause = body.Cause,
                            Amount = body.Amount,
                            FiledOn = body.FiledOn,
                            AllottedOn = body.AllottedOn,
                            CustodyUntil = body.CustodyUntil,
                            NoCustody = body.NoCustody,
                            ClosedOn = body.ClosedOn,
                            ClosedHow = body.ClosedHow,
                            Reason = body.Reason ?? "",
                            Version = OrdersApi.VersionOf(request),
                        }
                    );
                    return Reply.Of(new { id });
                }
            )
            .OfCase()
            .Permit("workzone.inspection.correct")
            .WithTags("inspection")
            .WithSummary(
                "Corrects what is recorded: {kind, cause, amount, filedOn, allottedOn, custodyUntil, noCustody, closedOn, closedHow, reason}; what is "
                    + "absent stays"
            )
            .Repeats()
            .Versioned();

        api.MapPost(
                "/cases/{id:long}/events/{eventId:long}/undo",
                async (long id, long eventId, ReasonBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new UndoEvent
                        {
                            CaseId = id,
                            EventId = eventId,
                            Reason = body.Reason ?? "",
                        }
                    );
                    return Reply.Of(new { id, eventId });
                }
            )
            .OfCase()
            .Permit("workzone.inspection.correct")
            .WithTags("cases")
            .WithSummary("Takes an event back that was recorded by hand: {reason}")
            .Repeats();

        api.MapPost(
                "/inspection/findings/{findingId:long}/waive",
                async (long findingId, ReasonBody body, IMediator mediator) =>
                {
                    await mediator.Send(new WaiveFinding { Id = findingId, Reason = body.Reason ?? "" });
                    return Reply.Of(new { id = findingId });
                }
            )
            .Permit("workzone.inspection.waive")
            .WithTags("inspection")
            .WithSummary("Leaves what was found as it is recorded: {reason}")
            .Repeats();

        api.MapPost(
                "/parties/{partyId:long}/standing",
                async (long partyId, StandingBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new CorrectParty
                        {
                            PartyId = partyId,
                            Role = body.Role ?? "",
                            PartyType = body.PartyType ?? "",
                        }
                    );
                    return Reply.Of(new { id = partyId });
                }
            )
            .OfParty()
            .Permit("workzone.inspection.correct")
            .WithTags("cases")
            .WithSummary("Corrects how a party stands in its case: {role, partyType: natural | legal | other}")
            .Repeats();

        api.MapPost(
                "/parties/{partyId:long}/agents",
                async (long partyId, AgentBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new SaveAgent
                        {
                            PartyId = partyId,
                            Name = body.Name ?? "",
                            Type = body.Type ?? "",
                            Phone = body.Phone ?? "",
                            Ended = body.Ended,
                        }
                    );
                    return Reply.Of(new { id = partyId });
                }
            )
            .OfParty()
            .Permit("workzone.inspection.correct")
            .WithTags("cases")
            .WithSummary("An agent of a party: {name, type, phone, ended}")
            .Repeats();
    }

    private static void MapRegister(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/cases/{id:long}/register",
                async (long id, IMediator mediator) =>
                {
                    var r = await mediator.Send(new ShowRegister { CaseId = id });
                    return Results.Ok(
                        new
                        {
                            panels = r.Panels,
                            links = r.Links,
                            marks = r.Marks,
                            watchers = r.Leaders.Where(l => r.Watchers.Contains(l.Id)).Select(l => new { l.Id, l.Name }),
                        }
                    );
                }
            )
            .Permit("workzone.cases.read")
            .WithTags("cases")
            .WithSummary("Panels with their history, related cases, marks and watchers");

        api.MapPost(
                "/cases/{id:long}/panels",
                async (long id, PanelBody body, IMediator mediator) =>
                    Reply.Of(
                        new
                        {
                            recorded = await mediator.Send(
                                new SavePanel
                                {
                                    CaseId = id,
                                    FromOn = body.FromOn,
                                    PresiderId = body.PresiderId,
                                    MemberIds = body.MemberIds ?? [],
                                    Assessors = body.Assessors ?? "",
                                    Reason = body.Reason ?? "",
                                    Key = body.Key,
                                }
                            ),
                        }
                    )
            )
            .OfCase()
            .Permit("workzone.cases.panel")
            .WithTags("cases")
            .WithSummary("The panel from a day on: {fromOn, presiderId, memberIds, assessors, reason, key}; the same key is one panel")
            .Repeats();

        api.MapPost(
                "/cases/{id:long}/prosecution",
                async (long id, ProsecutionBody body, HttpRequest request, IMediator mediator) =>
                {
                    await mediator.Send(
                        new SaveProsecution
                        {
                            CaseId = id,
                            Office = body.Office ?? "",
                            Number = body.Number ?? "",
                            Volumes = body.Volumes,
                            Version = OrdersApi.VersionOf(request),
                        }
                    );
                    return Reply.Of(new { id });
                }
            )
            .OfCase()
            .Permit("workzone.inspection.correct")
            .WithTags("cases")
            .WithSummary("What came with the prosecution: {office, number, volumes}")
            .Repeats()
            .Versioned();

        api.MapPost(
                "/parties/{partyId:long}/register",
                async (long partyId, PartyRegisterBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new SavePartyRegister
                        {
                            PartyId = partyId,
                            RoleBefore = body.RoleBefore ?? "",
                            CustodyUntil = body.CustodyUntil,
                            CustodyPlace = body.CustodyPlace ?? "",
                        }
                    );
                    return Reply.Of(new { id = partyId });
                }
            )
            .OfParty()
            .Permit("workzone.inspection.correct")
            .WithTags("cases")
            .WithSummary("How a party stood before, and custody of an accused: {roleBefore, custodyUntil, custodyPlace}")
            .Repeats();

        api.MapPost(
                "/cases/{id:long}/links",
                async (long id, LinkBody body, IMediator mediator) =>
                    Reply.Of(
                        new
                        {
                            id = await mediator.Send(
                                new LinkCase
                                {
                                    CaseId = id,
                                    Number = body.Number ?? "",
                                    Kind = body.Kind ?? "",
                                    Note = body.Note ?? "",
                                }
                            ),
                        }
                    )
            )
            .OfCase()
            .Permit("workzone.cases.link")
            .WithTags("cases")
            .WithSummary("A related case: {number, kind: related | series | origin, note}")
            .Repeats();

        api.MapPost(
                "/cases/{id:long}/links/{linkId:long}/end",
                async (long id, long linkId, IMediator mediator) =>
                {
                    await mediator.Send(new UnlinkCase { CaseId = id, LinkId = linkId });
                    return Reply.Of(new { id = linkId });
                }
            )
            .Permit("workzone.cases.link")
            .WithTags("cases")
            .WithSummary("The two cases do not belong together")
            .Repeats();

        api.MapPost(
                "/cases/{id:long}/marks",
                async (long id, MarkBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new MarkCase
                        {
                            CaseId = id,
                            Marks = body.Marks ?? [],
                            WatcherIds = body.WatcherIds ?? [],
                            Reason = body.Reason ?? "",
                        }
                    );
                    return Reply.Of(new { id });
                }
            )
            .OfCase()
            .Permit("workzone.cases.mark")
            .WithTags("cases")
            .WithSummary("Marks of a case and who watches it: {marks: grave | mass | conflict | reported, watcherIds, reason}")
            .Repeats();

        api.MapGet(
                "/causes",
                async (string? kind, DateOnly? on, string? q, long? after, IMediator mediator) =>
                    Results.Ok(
                        await mediator.Send(
                            new ListCauses
                            {
                                Kind = kind,
                                On = on,
                                Text = q,
                                After = after ?? 0,
                            }
                        )
                    )
            )
            .Permit("workzone.causes.read")
            .WithTags("causes")
            .WithSummary("The causes in force on a day, and the editions");

        api.MapPost(
                "/causes",
                async (CauseBody body, IMediator mediator) =>
                    Reply.Of(
                        await mediator.Send(
                            new ImportCauses
                            {
                                Edition = body.Edition ?? "",
                                FromOn = body.FromOn,
                                Text = body.Text ?? "",
                                Shipped = body.Shipped ?? false,
                            }
                        )
                    )
            )
            .Permit("workzone.causes.manage")
            .WithTags("causes")
            .WithSummary(
                "An edition of causes: {edition, fromOn, text: CSV of kind,code,name,parent}, or {shipped: true} for the one that comes with the product"
            )
            .Repeats();
    }

    private static void MapChanges(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/law-updates",
                async (LawBody body, IMediator mediator) =>
                    Reply.Of(
                        new
                        {
                            id = await mediator.Send(
                                new Calendars.AskForLaw
                                {
                                    Json = body.Json ?? "",
                                    Reason = body.Reason ?? "",
                                    Seen = body.Seen,
                                }
                            ),
                        }
                    )
            )
            .Permit(Settings.SettingRights.Change)
            .WithTags("settings")
            .WithSummary("Asks for a law update: {json: law, from, pending, limits of code, months, days; reason, seen}; a second person confirms")
            .Repeats();

        api.MapGet(
                "/law-updates",
                async (int? after, IMediator mediator) =>
                {
                    var moved = await mediator.Send(new Calendars.ShowRecompute { After = after ?? 0, SettingKey = Calendars.LawUpdates.Key });
                    return Results.Ok(
                        new
                        {
                            run = moved.Run,
                            moved = moved.Lines,
                            next = moved.Next,
                        }
                    );
                }
            )
            .Permit(Settings.SettingRights.Read)
            .WithTags("settings")
            .WithSummary("The newest computation after a law update, with the cases the caller sees whose dates moved");

        api.MapPost(
                "/changes",
                async (ChangesBody body, IMediator mediator, Kernel.Work.WorkSignal signal) =>
                {
                    var id = await mediator.Send(new TakeChanges { FileName = "api", Text = body.Text ?? "" });
                    signal.Wake();
                    return Reply.Created($"/api/v1/changes/{id}", new { id });
                }
            )
            .Permit("workzone.cases.changes")
            .WithTags("changes")
            .WithSummary(
                "Changes of cases, {text}: a CSV with a heading line, or JSON [{caseNumber, event, on, detail, key, judge, members, assessors, "
                    + "note}]; applied in the background, an outcome a line"
            )
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/changes/{fileId:long}",
                async (long fileId, string? outcome, int? after, IMediator mediator) =>
                {
                    var r = await mediator.Send(
                        new ShowChanges
                        {
                            Id = fileId,
                            Outcome = outcome,
                            After = after ?? 0,
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            file = r.Files[0],
                            items = r.Rows.Select(x => new
                            {
                                x.N,
                                x.CaseNumber,
                                @event = x.Line.Event,
                                x.Line.On,
                                x.Outcome,
                                x.Reason,
                            }),
                            next = r.Next,
                        }
                    );
                }
            )
            .Permit("workzone.cases.changes")
            .WithTags("changes")
            .WithSummary("How far a list of changes is, with the outcome of each line");
    }

    internal sealed record ReasonBody
    {
        public string? Reason { get; init; }
    }

    internal sealed record CorrectionBody
    {
        public string? Kind { get; init; }
        public string? Cause { get; init; }
        public decimal? Amount { get; init; }
        public DateOnly? FiledOn { get; init; }
        public DateOnly? AllottedOn { get; init; }
        public DateOnly? CustodyUntil { get; init; }
        public bool NoCustody { get; init; }
        public DateOnly? ClosedOn { get; init; }
        public string? ClosedHow { get; init; }
        public string? Reason { get; init; }
    }

    internal sealed record StandingBody
    {
        public string? Role { get; init; }
        public string? PartyType { get; init; }
    }

    internal sealed record AgentBody
    {
        public string? Name { get; init; }
        public string? Type { get; init; }
        public string? Phone { get; init; }
        public bool Ended { get; init; }
    }

    internal sealed record PanelBody
    {
        public DateOnly? FromOn { get; init; }
        public long PresiderId { get; init; }
        public IReadOnlyList<long>? MemberIds { get; init; }
        public string? Assessors { get; init; }
        public string? Reason { get; init; }
        public string? Key { get; init; }
    }

    internal sealed record ProsecutionBody
    {
        public string? Office { get; init; }
        public string? Number { get; init; }
        public int? Volumes { get; init; }
    }

    internal sealed record PartyRegisterBody
    {
        public string? RoleBefore { get; init; }
        public DateOnly? CustodyUntil { get; init; }
        public string? CustodyPlace { get; init; }
    }

    internal sealed record LinkBody
    {
        public string? Number { get; init; }
        public string? Kind { get; init; }
        public string? Note { get; init; }
    }

    internal sealed record MarkBody
    {
        public IReadOnlyList<string>? Marks { get; init; }
        public IReadOnlyList<long>? WatcherIds { get; init; }
        public string? Reason { get; init; }
    }

    internal sealed record CauseBody
    {
        public string? Edition { get; init; }
        public DateOnly? FromOn { get; init; }
        public string? Text { get; init; }

        /// <summary>The list that comes with the product instead of the other fields.</summary>
        public bool? Shipped { get; init; }
    }

    internal sealed record LawBody
    {
        public string? Json { get; init; }
        public string? Reason { get; init; }
        public int Seen { get; init; }
    }

    internal sealed record ChangesBody
    {
        public string? Text { get; init; }
    }
}
