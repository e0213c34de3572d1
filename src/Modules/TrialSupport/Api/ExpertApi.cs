using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Experts;
using CourtOps.Workzone.Api;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>Expert opinions: entrusted, urged, extended, received, and what is done with them.</summary>
internal static class ExpertApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/cases/{id:long}/expert-opinions",
                async (long id, EntrustBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(new { id = (long)r });
                    return Reply.Of(
                        new
                        {
                            id = await mediator.Send(
                                new EntrustExpert
                                {
                                    CaseId = id,
                                    Matter = body.Matter ?? "",
                                    Institution = body.Institution ?? "",
                                    Chosen = body.Chosen ?? "agreed",
                                    Candidates = body.Candidates ?? [],
                                    FeeOn = body.FeeOn,
                                    Complex = body.Complex,
                                    On = body.On,
                                }
                            ),
                        }
                    );
                }
            )
            .OfCase()
            .Permit("trial.draft")
            .WithTags("trial")
            .WithSummary("Entrusts an expert: by agreement, by lot from candidates, or by the court; the trial limit stands still")
            .Repeats();

        api.MapPost(
                "/expert-opinions/{idAndVerb}",
                async (string idAndVerb, OpinionBody? body, IMediator mediator, Idempotency idempotency) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    idempotency.Shape = r => Reply.Of(new { caseId = (long)r });
                    return Reply.Of(
                        new
                        {
                            caseId = parts[1] switch
                            {
                                "urge" => await mediator.Send(new UrgeExpert { Id = id, Version = body?.Version }),
                                "extend" => await mediator.Send(
                                    new ExtendExpert
                                    {
                                        Id = id,
                                        Version = body?.Version,
                                        Until = body?.Until,
                                        Reason = body?.Reason ?? "",
                                    }
                                ),
                                "end" => await mediator.Send(
                                    new EndExpert
                                    {
                                        Id = id,
                                        Version = body?.Version,
                                        On = body?.On,
                                        Outcome = body?.Outcome ?? "",
                                        Words = body?.Reason ?? "",
                                    }
                                ),
                                "step" => await mediator.Send(
                                    new StepExpert
                                    {
                                        Id = id,
                                        Version = body?.Version,
                                        Step = body?.Step ?? "",
                                        On = body?.On,
                                        Items = body?.Items,
                                    }
                                ),
                                _ => throw new RuleBroken($"没有这个动作：{parts[1]}。可用：urge、extend、end、step。", "verb"),
                            },
                        }
                    );
                }
            )
            .Permit("trial.expert")
            .WithTags("trial")
            .WithSummary(":urge, :extend, :end (received, returned, withdrawn) and :step (content, copies, objections, answer) of an opinion")
            .Repeats();
    }

    internal sealed record EntrustBody
    {
        public string? Matter { get; init; }
        public string? Institution { get; init; }
        public string? Chosen { get; init; }
        public IReadOnlyList<string>? Candidates { get; init; }
        public DateOnly? FeeOn { get; init; }
        public bool Complex { get; init; }
        public DateOnly? On { get; init; }
    }

    internal sealed record OpinionBody
    {
        public int? Version { get; init; }
        public DateOnly? On { get; init; }
        public DateOnly? Until { get; init; }
        public string? Outcome { get; init; }
        public string? Step { get; init; }
        public IReadOnlyList<string>? Items { get; init; }
        public string? Reason { get; init; }
    }
}
