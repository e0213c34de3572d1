using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Elements;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>The element form of a case.</summary>
internal static class ElementApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/cases/{id:long}/elements",
                async (long id, IMediator mediator) =>
                    await mediator.Send(new ShowElements { CaseId = id }) is var s
                        ? Results.Ok(
                            new
                            {
                                code = s.Row?.Code,
                                s.Row?.State,
                                s.Row?.Version,
                                sides = s.Sides.Select(x => new
                                {
                                    x.Row.PartyId,
                                    x.Row.PartyName,
                                    x.Row.Role,
                                    own = x.Row.Own,
                                    x.Link,
                                    sent = x.Row.ToldChannel,
                                    sentAt = x.Row.ToldAt,
                                    notSent = x.Row.ToldReason,
                                }),
                                elements = s.Compared.Select(c => new
                                {
                                    c.Element.Key,
                                    c.Element.Label,
                                    standing = c.Standing.ToString(),
                                    values = c.Values.Select(v => new
                                    {
                                        v.Party,
                                        v.Role,
                                        v.Value,
                                    }),
                                }),
                            }
                        )
                        : null
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("What the sides answered, question by question: Agreed, Disputed, OnlyClaim, OnlyDefence, Open");

        api.MapPost(
                "/cases/{id:long}/elements",
                async (long id, SendBody body, IMediator mediator) =>
                    Results.Ok(new { formId = await mediator.Send(new SendElements { CaseId = id, Code = body.Code ?? "" }) })
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("Sends the form of the cause, or the one named, to every party");

        api.MapPost(
                "/cases/{id:long}/elements/answers",
                async (long id, FillBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new FillElements
                        {
                            CaseId = id,
                            PartyId = body.PartyId ?? 0,
                            Answers = body.Answers ?? [],
                        }
                    );
                    return Results.NoContent();
                }
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("Writes down what a party says");

        api.MapPost(
                "/cases/{id:long}/elements/link",
                async (long id, LinkBody body, IMediator mediator) =>
                {
                    await mediator.Send(new SendElementLink { CaseId = id, PartyId = body.PartyId ?? 0 });
                    return Results.NoContent();
                }
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("Sends a party its link once more, by mail or short message");

        api.MapPost(
                "/cases/{id:long}/elements/close",
                async (long id, CloseBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new CloseElements
                        {
                            CaseId = id,
                            Version = body.Version,
                            Open = body.Open ?? false,
                        }
                    );
                    return Results.NoContent();
                }
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("Closes the form to the parties, or opens it again");
    }

    internal sealed record LinkBody
    {
        public long? PartyId { get; init; }
    }

    internal sealed record SendBody
    {
        public string? Code { get; init; }
    }

    internal sealed record FillBody
    {
        public long? PartyId { get; init; }
        public Dictionary<string, string>? Answers { get; init; }
    }

    internal sealed record CloseBody
    {
        public int? Version { get; init; }
        public bool? Open { get; init; }
    }
}
