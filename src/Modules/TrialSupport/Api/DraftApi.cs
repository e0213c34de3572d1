using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafts;
using CourtOps.Workzone.Api;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>Drafts: written as plain text, checked as they come, signed, issued.</summary>
internal static class DraftApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/cases/{id:long}/drafts",
                async (long id, IMediator mediator) => Results.Ok((await mediator.Send(new ListDrafts { CaseId = id })).Select(Shown))
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Drafts of a case, newest first");

        api.MapGet(
                "/drafts/{id:long}",
                async (long id, IMediator mediator) =>
                    await mediator.Send(new ShowDraft { Id = id }) is var s
                        ? Results.Ok(
                            new
                            {
                                draft = Shown(s.Draft),
                                text = string.Join('\n', s.Paragraphs),
                                findings = s.Findings.Select(f => new
                                {
                                    f.N,
                                    check = f.CheckCode,
                                    f.Severity,
                                    f.Paragraph,
                                    f.Words,
                                    f.Reason,
                                    f.Source,
                                    f.Fix,
                                    f.Settled,
                                }),
                            }
                        )
                        : null
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("A draft with its text and what the check found");

        api.MapPost(
                "/cases/{id:long}/drafts",
                async (long id, WriteBody body, DraftIntake intake, Actor actor, Idempotency idempotency, CancellationToken ct) =>
                {
                    actor.Demand("trial.draft");
                    idempotency.Shape = r => Reply.Of(Shown((Draft)r));
                    return Reply.Of(Shown(await intake.WriteAsync(id, body.DraftId, body.Version, body.Text, body.Kind ?? "", body.Title, ct)));
                }
            )
            .OfCase()
            .Permit("trial.draft")
            .WithTags("trial")
            .WithSummary("Writes a draft as text, one paragraph a line, or a new revision of the one named; it is checked")
            .Repeats();

        api.MapPost(
                "/drafts/{idAndVerb}",
                async (string idAndVerb, HttpRequest http, IMediator mediator, Idempotency idempotency, StepBody? body) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    var version = body?.Version ?? IfMatch.Version(http);
                    idempotency.Shape = r => Reply.Of(Shown((Draft)r));
                    return Reply.Of(
                        Shown(
                            parts[1] switch
                            {
                                "settle" => await mediator.Send(
                                    new SettleFinding
                                    {
                                        Id = id,
                                        Version = version,
                                        N = body?.N ?? 0,
                                        Words = body?.Words ?? "",
                                    }
                                ),
                                "sign" => await mediator.Send(new SignDraft { Id = id, Version = version }),
                                "issue" => await mediator.Send(
                                    new IssueDraft
                                    {
                                        Id = id,
                                        Version = version,
                                        Confirmed = body?.Confirmed ?? [],
                                    }
                                ),
                                "withdraw" => await mediator.Send(
                                    new WithdrawDraft
                                    {
                                        Id = id,
                                        Version = version,
                                        Reason = body?.Words ?? "",
                                    }
                                ),
                                _ => throw new RuleBroken($"没有这个动作：{parts[1]}。可用：settle、sign、issue、withdraw。", "verb"),
                            }
                        )
                    );
                }
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary(":settle a finding with its reason, :sign, :issue, :withdraw")
            .Repeats();
    }

    internal static void MapSamples(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/document-samples",
                async (string? state, IMediator mediator) => Results.Ok(await mediator.Send(new ListSamples { State = state ?? "open" }))
            )
            .Permit("trial.sample")
            .WithTags("trial")
            .WithSummary("Issued documents that were picked for another look");

        api.MapPost(
                "/document-samples/{id:long}/review",
                async (long id, ReviewBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(new { ((SampleRow)r).Id, ((SampleRow)r).Verdict });
                    var row = await mediator.Send(
                        new ReviewSample
                        {
                            Id = id,
                            Version = body.Version,
                            Verdict = body.Verdict ?? "",
                            Words = body.Words ?? "",
                        }
                    );
                    return Reply.Of(new { row.Id, row.Verdict });
                }
            )
            .Permit("trial.sample")
            .WithTags("trial")
            .WithSummary("Says whether a picked document is good or faulty")
            .Repeats();
    }

    internal sealed record ReviewBody
    {
        public int? Version { get; init; }
        public string? Verdict { get; init; }
        public string? Words { get; init; }
    }

    private static object Shown(Draft d) =>
        new
        {
            d.Id,
            d.CaseId,
            d.Kind,
            d.Title,
            d.Revision,
            d.State,
            d.Errors,
            d.Warnings,
            d.AssistantName,
            d.JudgeName,
            d.DocumentId,
            d.IssuedOn,
            d.Version,
        };

    internal sealed record WriteBody
    {
        public long? DraftId { get; init; }
        public int? Version { get; init; }
        public string? Kind { get; init; }
        public string? Title { get; init; }
        public string? Text { get; init; }
    }

    internal sealed record StepBody
    {
        public int? Version { get; init; }
        public int? N { get; init; }
        public string? Words { get; init; }

        /// <summary>Of :issue: the items of the checklist that are confirmed.</summary>
        public IReadOnlyList<string>? Confirmed { get; init; }
    }
}
