using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Papers;
using CourtOps.Workzone.Api;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>Papers of the court that were made elsewhere: held until they are checked and let out.</summary>
internal static class PaperApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/cases/{id:long}/held-papers",
                async (long id, IMediator mediator) =>
                    Results.Ok(
                        (await mediator.Send(new ListHeld { CaseId = id })).Select(r => new
                        {
                            r.Paper.Id,
                            r.Paper.Kind,
                            r.Paper.Title,
                            checkedAt = r.Check?.CheckedAt,
                            r.Check?.Errors,
                            r.Check?.Warnings,
                        })
                    )
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Uploaded judgments, rulings, notices and summonses of a case that may not be served yet");

        api.MapPost(
                "/held-papers/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, PaperReading reading, Idempotency idempotency, ReleaseBody? body, CancellationToken ct) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    switch (parts[1])
                    {
                        case "check":
                            idempotency.Shape = r => Reply.Of(Shown((PaperCheck)r));
                            return Reply.Of(Shown(await reading.CheckAsync(id, ct)));
                        case "release":
                            idempotency.Shape = r => Reply.Of(new { id = (long)r });
                            return Reply.Of(new { id = await mediator.Send(new ReleasePaper { DocumentId = id, Reason = body?.Reason ?? "" }, ct) });
                        default:
                            throw new RuleBroken($"没有这个动作：{parts[1]}。可用：check、release。", "verb");
                    }
                }
            )
            .Permit("trial.draft")
            .WithTags("trial")
            .WithSummary(":check the text of a held paper, :release it with the reason (its judge)")
            .Repeats();
    }

    private static object Shown(PaperCheck c) =>
        new
        {
            c.DocumentId,
            c.Readable,
            c.Errors,
            c.Warnings,
            findings = c.List.Select(f => new
            {
                f.Check,
                f.Severity,
                f.Paragraph,
                f.Text,
                f.Reason,
                f.Source,
                f.Fix,
            }),
        };

    internal sealed record ReleaseBody
    {
        public string? Reason { get; init; }
    }
}
