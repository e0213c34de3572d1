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

/// <summary>The network inquiry: batches, feedback, proposals and drafts of control that follow from it.</summary>
internal static class InquiryApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/inquiry-batches",
                async (BatchBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = b => Batch((Network.BatchRow)b);
                    return Batch(await mediator.Send(new Network.AskNetwork { CaseId = body.CaseId, Categories = body.Categories ?? [] }));
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Asks the network about the debtors of a case, or of all one's cases that are due")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/inquiry-batches/{id:long}",
                async (long id, IMediator mediator) =>
                    Results.Ok(
                        (await mediator.Send(new Network.ShowBatch { Id = id })).Items.Select(i => new
                        {
                            @ref = i.Reference,
                            name = i.PartyName,
                            i.IdTail,
                            i.Category,
                            i.AnsweredAt,
                            i.Found,
                        })
                    )
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("The lines of a batch: asked against answered");

        api.MapPost(
                "/inquiry-batches/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency) =>
                {
                    var (id, verb) = EnforcementApi.Parts(idAndVerb);
                    if (verb != "resend")
                        throw new RuleBroken($"没有这个动作：{verb}。可用：resend。", "verb");
                    idempotency.Shape = b => Resent((Network.BatchRow)b);
                    return Resent(await mediator.Send(new Network.ResendBatch { Id = id }));
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary(":resend, the lines without an answer once more")
            .Repeats();

        api.MapGet(
                "/cases/{caseId:long}/control-proposals",
                async (long caseId, IMediator mediator) =>
                    Results.Ok(
                        (await mediator.Send(new Control.ShowProposals { CaseId = caseId })).Proposals.Select(p => new
                        {
                            p.AssetId,
                            p.PartyName,
                            p.AssetName,
                            p.Category,
                            p.Act,
                            p.Authority,
                            p.Value,
                            p.Amount,
                            p.Due,
                            p.Chosen,
                            why = $"{p.Why}",
                        })
                    )
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("What was found and is free, with what to do about it; amounts in cents");

        api.MapPost(
                "/cases/{caseId:long}/control-drafts",
                async (long caseId, DraftBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = m => Drafted(caseId, (IReadOnlyList<MeasureRow>)m);
                    return Drafted(caseId, await mediator.Send(new Control.DraftControl { CaseId = caseId, AssetIds = body.AssetIds ?? [] }));
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Rules the control of what is proposed, or of the assets named, and drafts the papers")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/inquiry-feedback",
                async (FeedbackBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(r);
                    return Reply.Of(await mediator.Send(new Network.TakeFeedback { Text = body.Lines ?? "" }));
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Answers as JSON lines, an outcome each; the same line again changes nothing")
            .Repeats();
    }

    private static Reply Batch(Network.BatchRow b) =>
        Reply.Created(
            $"/api/v1/inquiry-batches/{b.Id}",
            new
            {
                b.Id,
                b.Items,
                b.Channel,
                b.State,
            },
            b.Version
        );

    private static Reply Resent(Network.BatchRow b) =>
        Reply.Of(
            new
            {
                b.Id,
                b.Items,
                b.Answered,
                b.Round,
                b.State,
            },
            b.Version
        );

    private static Reply Drafted(long caseId, IReadOnlyList<MeasureRow> made) =>
        Reply.Created(
            $"/api/v1/cases/{caseId}/control-proposals",
            made.Select(m => new
                {
                    m.Id,
                    m.AssetId,
                    m.Act,
                    m.Amount,
                    m.Place,
                    m.State,
                })
                .ToList()
        );

    internal sealed record DraftBody
    {
        public IReadOnlyList<long>? AssetIds { get; init; }
    }

    internal sealed record BatchBody
    {
        public long? CaseId { get; init; }
        public IReadOnlyList<string>? Categories { get; init; }
    }

    internal sealed record FeedbackBody
    {
        public string? Lines { get; init; }
    }
}
