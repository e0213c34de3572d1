using System.Globalization;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Linkage;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Enforcement.Api;

/// <summary>Requests to agencies and their answers: the same commands as the pages.</summary>
internal static class LinkageApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/linkage-requests",
                async (LinkageBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = l => Sent((IReadOnlyList<LinkageRow>)l);
                    return Sent(
                        await mediator.Send(
                            new SendLinkage
                            {
                                CaseId = body.CaseId,
                                Agencies = body.Agencies ?? [],
                                Act = body.Act ?? "",
                                Words = body.Words ?? "",
                                Basis = body.Basis ?? "",
                                DocumentIds = body.DocumentIds ?? [],
                                Due = body.Due,
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("The same request to several agencies, by their names or ids")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/linkage-requests/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency, AnswerBody body) =>
                {
                    var (id, verb) = EnforcementApi.Parts(idAndVerb);
                    if (verb != "answer")
                        throw new RuleBroken($"没有这个动作：{verb}。可用：answer。", "verb");
                    idempotency.Shape = l => Answered((LinkageRow)l);
                    return Answered(
                        await mediator.Send(
                            new AnswerLinkage
                            {
                                Id = id,
                                Answer = body.Answer ?? "",
                                Receipt = body.Receipt ?? "",
                                ReleasedBy = body.ReleasedBy ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.answer")
            .WithTags("enforcement")
            .WithSummary(":answer, with the key of the agency's own account")
            .Repeats();

        api.MapPost(
                "/linkage-requests/{id:long}/measure",
                async (long id, HttpRequest http, IMediator mediator, Idempotency idempotency, FillBody? body) =>
                {
                    idempotency.Shape = r => Filled((FillMeasure.Result)r);
                    body ??= new FillBody();
                    return Filled(
                        await mediator.Send(
                            new FillMeasure
                            {
                                Id = id,
                                Version = IfMatch.Version(http),
                                MeasureId = body.MeasureId,
                                On = body.On,
                                Authority = body.Authority ?? "",
                                Receipt = body.Receipt ?? "",
                                End = body.End,
                                Place = body.Place,
                                Amount = body.Amount,
                                Why = body.Why ?? "",
                                Sure = body.Sure ?? false,
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Records the answer with the measure it was asked for; what is left out comes from the answer")
            .Repeats()
            .Versioned();
    }

    private static Reply Sent(IReadOnlyList<LinkageRow> sent) => Reply.Created("/api/v1/linkage-requests", sent.Select(Shape).ToList());

    private static Reply Answered(LinkageRow l) => Reply.Of(Shape(l), l.Version);

    private static Reply Filled(FillMeasure.Result r) =>
        Reply.Of(
            new
            {
                r.Request.Id,
                r.Request.CaseId,
                measure = new
                {
                    r.Measure.Id,
                    r.Measure.State,
                    r.Measure.Place,
                    r.Measure.Authority,
                    r.Measure.Receipt,
                    start = r.Measure.StartOn,
                    end = r.Measure.EndOn,
                    differs = r.Measure.ReceiptEnd is { } e && e != r.Measure.ComputedEnd,
                    frozen = r.Measure.Frozen / 100m,
                    r.Measure.Version,
                },
                r.Request.Version,
            },
            r.Request.Version
        );

    private static object Shape(LinkageRow l) =>
        new
        {
            l.Id,
            l.CaseId,
            agency = l.AgencyName,
            l.Act,
            l.State,
            due = l.DueOn,
            l.SentAt,
            l.Digest,
            l.AnsweredAt,
            l.Answer,
            l.Receipt,
            l.Version,
        };

    internal sealed record LinkageBody
    {
        public long CaseId { get; init; }
        public IReadOnlyList<string>? Agencies { get; init; }
        public string? Act { get; init; }
        public string? Words { get; init; }
        public string? Basis { get; init; }
        public IReadOnlyList<long>? DocumentIds { get; init; }
        public DateOnly? Due { get; init; }
    }

    internal sealed record FillBody
    {
        public long? MeasureId { get; init; }
        public DateOnly? On { get; init; }
        public string? Authority { get; init; }
        public string? Receipt { get; init; }
        public DateOnly? End { get; init; }
        public int? Place { get; init; }
        public decimal? Amount { get; init; }
        public string? Why { get; init; }
        public bool? Sure { get; init; }
    }

    internal sealed record AnswerBody
    {
        public string? Answer { get; init; }
        public string? Receipt { get; init; }
        public string? ReleasedBy { get; init; }
    }
}
