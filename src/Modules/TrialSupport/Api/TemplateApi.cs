using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafting;
using CourtOps.Workzone.Api;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>Templates of the court: saved as text, filled from a case, and for a series of cases.</summary>
internal static class TemplateApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/document-templates", async (IMediator mediator) => Results.Ok((await mediator.Send(new ListTemplates())).Select(Shown)))
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Versions of the court's templates, the newest of each first");

        api.MapGet(
                "/document-templates/{id:long}",
                async (long id, string? number, IMediator mediator) =>
                    await mediator.Send(new ShowTemplate { Id = id, Number = number ?? "" }) is var s
                        ? Results.Ok(
                            new
                            {
                                template = Shown(s.Row),
                                lines = s.Row.Lines.Select(l => l.Text),
                                fields = TemplateText.Names(s.Row.Lines),
                                preview = s.Preview.Select(p => new { p.Text, p.Source }),
                            }
                        )
                        : null
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("One version; with the number of a case, as it looks for that case");

        api.MapPost(
                "/document-templates",
                async (TemplateBody body, TemplateIntake intake, Actor actor, Idempotency idempotency, CancellationToken ct) =>
                {
                    actor.Demand("trial.templates");
                    idempotency.Shape = r => Reply.Of(Shown((TemplateRow)r));
                    return Reply.Of(Shown(await intake.SaveTextAsync(body.Text, body.Code, body.Title, body.Kind, body.From, ct)));
                }
            )
            .Permit("trial.templates")
            .WithTags("trial")
            .WithSummary("Saves a template, or the next version of the one named by its code; an unknown field is refused by its name")
            .Repeats();

        api.MapPost(
                "/document-templates/{idAndVerb}",
                async (string idAndVerb, ReasonBody? body, IMediator mediator, Idempotency idempotency) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    if (parts[1] != "drop")
                        throw new RuleBroken($"没有这个动作：{parts[1]}。可用：drop。", "verb");
                    idempotency.Shape = r => Reply.Of(new { id = (long)r });
                    return Reply.Of(new { id = await mediator.Send(new DropTemplate { Id = id, Reason = body?.Reason ?? "" }) });
                }
            )
            .Permit("trial.templates")
            .WithTags("trial")
            .WithSummary(":drop takes a version out of use, with the reason")
            .Repeats();

        api.MapPost(
                "/draft-batches",
                async (BatchBody body, TemplateIntake intake, CancellationToken ct) =>
                    Results.Ok(await intake.BatchAsync(body.Code ?? "", body.Numbers ?? [], ct))
            )
            .Permit("trial.draft")
            .WithTags("trial")
            .WithSummary("A checked draft from one template for each case of a series; each line says what became of it");
    }

    private static object Shown(TemplateRow t) =>
        new
        {
            t.Id,
            t.Code,
            t.N,
            t.Title,
            t.Kind,
            from = t.FromOn,
            dropped = t.DroppedAt is not null,
        };

    internal sealed record TemplateBody
    {
        public string? Code { get; init; }
        public string? Title { get; init; }
        public string? Kind { get; init; }
        public DateOnly? From { get; init; }
        public string? Text { get; init; }
    }

    internal sealed record ReasonBody
    {
        public string? Reason { get; init; }
    }

    internal sealed record BatchBody
    {
        public string? Code { get; init; }
        public IReadOnlyList<string>? Numbers { get; init; }
    }
}
