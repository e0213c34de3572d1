using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Workzone.Api;

/// <summary>Trial limits over the API: facts, evidence, applications and their decisions, taking back; the same commands as the pages.</summary>
internal static class ClockApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        MapFacts(api);
        MapApplications(api);
        MapTransfer(api);
    }

    private static void MapFacts(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/cases/{id:long}/limit-history",
                async (long id, ICases cases) =>
                {
                    var h = await cases.LimitHistoryAsync(id);
                    return Results.Ok(
                        new
                        {
                            procedure = h.Procedure,
                            filedOn = h.FiledOn,
                            end = h.End,
                            closedOn = h.ClosedOn,
                            items = h.Items,
                        }
                    );
                }
            )
            .Permit("workzone.cases.read")
            .WithTags("clock")
            .WithSummary("The limit of a case with its deductions, extensions and conversions, each with reason and days");

        api.MapPost(
                "/cases/{id:long}/deductions",
                async (long id, DeductionBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new DeductTime
                        {
                            CaseId = id,
                            Code = body.Code ?? "",
                            From = body.From,
                            To = body.To,
                            DocumentId = body.DocumentId,
                            Reason = body.Reason ?? "",
                        }
                    );
                    return Reply.Of(new { id });
                }
            )
            .OfCase()
            .Permit("workzone.cases.clock")
            .WithTags("clock")
            .WithSummary("Time that is not counted, with its document: {code, from, to, documentId, reason}; without to it runs")
            .Repeats();

        api.MapPost(
                "/cases/{id:long}/clock-facts/{factId:long}/end",
                async (long id, long factId, EndBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new EndDeduction
                        {
                            CaseId = id,
                            FactId = factId,
                            To = body.To,
                        }
                    );
                    return Reply.Of(new { id = factId });
                }
            )
            .OfCase()
            .Permit("workzone.cases.clock")
            .WithTags("clock")
            .WithSummary("A running deduction ends: {to}, the first day that counts again")
            .Repeats();

        api.MapPost(
                "/cases/{id:long}/clock-facts/{factId:long}/evidence",
                async (long id, long factId, EvidenceBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new AttachEvidence
                        {
                            CaseId = id,
                            FactId = factId,
                            DocumentId = body.DocumentId,
                        }
                    );
                    return Reply.Of(new { id = factId });
                }
            )
            .OfCase()
            .Permit("workzone.cases.clock")
            .WithTags("clock")
            .WithSummary("The document of a fact that came without one: {documentId}; from then on it counts")
            .Repeats();

        api.MapPost(
                "/cases/{id:long}/clock-facts/{factId:long}/undo",
                async (long id, long factId, RegisterApi.ReasonBody body, HttpRequest request, IMediator mediator) =>
                {
                    await mediator.Send(
                        new UndoClockFact
                        {
                            CaseId = id,
                            FactId = factId,
                            Reason = body.Reason ?? "",
                            Version = OrdersApi.VersionOf(request),
                        }
                    );
                    return Reply.Of(new { id = factId });
                }
            )
            .OfCase()
            .Permit("workzone.cases.read")
            .WithTags("clock")
            .WithSummary("Takes a deduction, extension or conversion back: {reason}; extensions, conversions and what a centre recorded by a leader")
            .Repeats()
            .Versioned();

        api.MapPost(
                "/cases/{id:long}/reopen",
                async (long id, RegisterApi.ReasonBody body, HttpRequest request, IMediator mediator) =>
                {
                    await mediator.Send(
                        new ReopenCase
                        {
                            CaseId = id,
                            Reason = body.Reason ?? "",
                            Version = OrdersApi.VersionOf(request),
                        }
                    );
                    return Reply.Of(new { id });
                }
            )
            .OfCase()
            .Permit("workzone.cases.reopen")
            .WithTags("cases")
            .WithSummary("Takes a closing back that was entered wrongly: {reason}")
            .Repeats()
            .Versioned();
    }

    private static void MapTransfer(IEndpointRouteBuilder api) =>
        api.MapPost(
                "/cases/{id:long}/transfer",
                async (long id, TransferBody body, HttpRequest request, IMediator mediator) =>
                {
                    var r = await mediator.Send(
                        new TransferCase
                        {
                            CaseId = id,
                            CourtId = body.CourtId,
                            DocumentId = body.DocumentId,
                            Reason = body.Reason ?? "",
                            Version = OrdersApi.VersionOf(request),
                        }
                    );
                    return Reply.Of(new { id, withdrawn = r.Withdrawn });
                }
            )
            .OfCase()
            .Permit("workzone.cases.transfer")
            .WithTags("cases")
            .WithSummary("The case goes to another court: {courtId, documentId, reason}; its open orders are withdrawn and it is closed as transferred")
            .Repeats()
            .Versioned();

    private static void MapApplications(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/cases/{id:long}/extensions",
                async (long id, ExtensionBody body, IMediator mediator) =>
                    Reply.Of(
                        new
                        {
                            id = await mediator.Send(
                                new AskExtension
                                {
                                    CaseId = id,
                                    N = body.N,
                                    Unit = body.Unit ?? "month",
                                    DocumentId = body.DocumentId,
                                    Reason = body.Reason ?? "",
                                }
                            ),
                        }
                    )
            )
            .OfCase()
            .Permit("workzone.cases.clock")
            .WithTags("clock")
            .WithSummary(
                "Applies for an extension: {n, unit: month | day, documentId, reason}; too late is refused with the article and what is still possible"
            )
            .Repeats();

        api.MapPost(
                "/cases/{id:long}/conversions",
                async (long id, ConversionBody body, IMediator mediator) =>
                    Reply.Of(
                        new
                        {
                            id = await mediator.Send(
                                new AskConversion
                                {
                                    CaseId = id,
                                    Procedure = body.Procedure ?? "",
                                    DocumentId = body.DocumentId,
                                    Reason = body.Reason ?? "",
                                }
                            ),
                        }
                    )
            )
            .OfCase()
            .Permit("workzone.cases.clock")
            .WithTags("clock")
            .WithSummary("Applies for another procedure: {procedure, documentId, reason}")
            .Repeats();

        api.MapGet(
                "/extensions",
                async (string? after, IMediator mediator) =>
                {
                    var r = await mediator.Send(new ListExtensions { After = after });
                    return Results.Ok(new { items = r.Rows, next = r.Next });
                }
            )
            .Permit("workzone.cases.extend")
            .WithTags("clock")
            .WithSummary("Extensions and conversions that wait for a decision, what is to be decided first before the others");

        api.MapPost(
                "/extensions/{applicationId:long}/decision",
                async (long applicationId, DecisionBody body, HttpRequest request, IMediator mediator) =>
                {
                    await mediator.Send(
                        new DecideExtension
                        {
                            Id = applicationId,
                            Granted = body.Granted,
                            Words = body.Words ?? "",
                            DocumentId = body.DocumentId,
                            Version = OrdersApi.VersionOf(request),
                        }
                    );
                    return Reply.Of(new { id = applicationId });
                }
            )
            .Permit("workzone.cases.extend")
            .WithTags("clock")
            .WithSummary("Grants or refuses: {granted, words, documentId}; documentId is the paper of the court above where that court decides")
            .Repeats()
            .Versioned();
    }

    internal sealed record DeductionBody
    {
        public string? Code { get; init; }
        public DateOnly? From { get; init; }
        public DateOnly? To { get; init; }
        public long? DocumentId { get; init; }
        public string? Reason { get; init; }
    }

    internal sealed record TransferBody
    {
        public long? CourtId { get; init; }
        public long? DocumentId { get; init; }
        public string? Reason { get; init; }
    }

    internal sealed record EndBody
    {
        public DateOnly? To { get; init; }
    }

    internal sealed record EvidenceBody
    {
        public long? DocumentId { get; init; }
    }

    internal sealed record ExtensionBody
    {
        public int N { get; init; }
        public string? Unit { get; init; }
        public long? DocumentId { get; init; }
        public string? Reason { get; init; }
    }

    internal sealed record ConversionBody
    {
        public string? Procedure { get; init; }
        public long? DocumentId { get; init; }
        public string? Reason { get; init; }
    }

    internal sealed record DecisionBody
    {
        public bool Granted { get; init; }
        public string? Words { get; init; }
        public long? DocumentId { get; init; }
    }
}
