using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Laws;
using CourtOps.TrialSupport.Similar;
using CourtOps.Workzone.Api;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>The law library and the library of public judgments.</summary>
internal static class LibraryApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/laws", async (IMediator mediator) => Results.Ok((await mediator.Send(new ListLaws())).Select(Shown)))
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Versions of laws in the library, by law and day");

        api.MapGet(
                "/laws/articles",
                async (string? q, string? law, int? article, DateOnly? on, LawShelf shelf, Actor actor, CancellationToken ct) =>
                {
                    actor.Demand("trial.read");
                    var library = await shelf.OpenAsync(ct);
                    return Results.Ok(library?.Find(q is { Length: > 200 } ? q[..200] : q ?? "", law, article, on, 30) ?? []);
                }
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Articles by words, law and number, in force on a day where one is given");

        api.MapGet(
                "/laws/{id:long}",
                async (long id, IMediator mediator) =>
                    await mediator.Send(new ShowLaw { Id = id }) is var s ? Results.Ok(new { law = Shown(s.Row), articles = s.Articles }) : null
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("One version of a law with its articles");

        api.MapPost(
                "/laws",
                async (LawBody body, LawIntake intake, Idempotency idempotency, CancellationToken ct) =>
                {
                    idempotency.Shape = r => Reply.Of(Shown((LawRow)r));
                    return Reply.Of(Shown(await intake.TakeAsync(Lines(body.Text), "api.txt", body.Name, body.From, body.To, ct)));
                }
            )
            .Permit("trial.library")
            .WithTags("trial")
            .WithSummary("Imports a version of a law from its text; name and first day as the text says, unless given")
            .Repeats();

        api.MapPost(
                "/laws/{idAndVerb}",
                async (string idAndVerb, DropBody? body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(new { id = (long)r });
                    return Reply.Of(new { id = await mediator.Send(new DropLaw { Id = Dropped(idAndVerb), Reason = body?.Reason ?? "" }) });
                }
            )
            .Permit("trial.library")
            .WithTags("trial")
            .WithSummary(":drop takes a version out of the library, with the reason")
            .Repeats();

        api.MapGet(
                "/library-cases",
                async (string? q, IMediator mediator) => Results.Ok((await mediator.Send(new ListLibrary { Words = q ?? "" })).Select(Shown))
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Public judgments of the library, by cause or number where one is given");

        api.MapGet(
                "/library-cases/{id:long}",
                async (long id, IMediator mediator) =>
                    await mediator.Send(new ShowLibraryCase { Id = id }) is var s ? Results.Ok(new { judgment = Shown(s.Row), text = s.Paragraphs }) : null
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("One public judgment with its text");

        api.MapPost(
                "/library-cases",
                async (CaseBody body, CaseIntake intake, Idempotency idempotency, CancellationToken ct) =>
                {
                    idempotency.Shape = r => Reply.Of(Shown((LibraryCase)r));
                    return Reply.Of(Shown(await intake.TakeAsync(Lines(body.Text), "api.txt", body.Origin, body.Title, ct)));
                }
            )
            .Permit("trial.library")
            .WithTags("trial")
            .WithSummary("Imports a public judgment from its text; it is compared with drafts from then on")
            .Repeats();

        api.MapPost(
                "/library-cases/{idAndVerb}",
                async (string idAndVerb, DropBody? body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(new { id = (long)r });
                    return Reply.Of(new { id = await mediator.Send(new DropCase { Id = Dropped(idAndVerb), Reason = body?.Reason ?? "" }) });
                }
            )
            .Permit("trial.library")
            .WithTags("trial")
            .WithSummary(":drop takes a judgment out of the library, with the reason")
            .Repeats();
    }

    private static IReadOnlyList<string> Lines(string? text) =>
        string.IsNullOrWhiteSpace(text) ? throw new RuleBroken("请给出正文。", "Text")
        : text.Length > LibraryFiles.MostBytes / 4 ? throw new RuleBroken($"正文 {text.Length} 个字符，超过上限 {LibraryFiles.MostBytes / 4} 个。", "Text")
        : text.ReplaceLineEndings("\n").Split('\n');

    private static long Dropped(string idAndVerb)
    {
        var parts = idAndVerb.Split(':');
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            throw new NotFound("路径", idAndVerb);
        return parts[1] == "drop" ? id : throw new RuleBroken($"没有这个动作：{parts[1]}。可用：drop。", "verb");
    }

    private static object Shown(LawRow l) =>
        new
        {
            l.Id,
            l.Law,
            from = l.FromOn,
            to = l.ToOn,
            l.ArticleCount,
            l.SourceName,
            dropped = l.DroppedAt is not null,
        };

    private static object Shown(LibraryCase l) =>
        new
        {
            l.Id,
            l.Title,
            l.CaseNumber,
            l.CourtName,
            l.Cause,
            l.JudgedOn,
            l.Origin,
            dropped = l.DroppedAt is not null,
        };

    internal sealed record LawBody
    {
        public string? Name { get; init; }
        public DateOnly? From { get; init; }
        public DateOnly? To { get; init; }
        public string? Text { get; init; }
    }

    internal sealed record CaseBody
    {
        public string? Origin { get; init; }
        public string? Title { get; init; }
        public string? Text { get; init; }
    }

    internal sealed record DropBody
    {
        public string? Reason { get; init; }
    }
}
