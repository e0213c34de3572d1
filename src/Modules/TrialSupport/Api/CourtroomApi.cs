using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Courtroom;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>Consents, attendance and exhibits.</summary>
internal static class CourtroomApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/hearings/{id:long}/attendance",
                async (long id, IMediator mediator) =>
                    await mediator.Send(new ShowCourtroom { HearingId = id }) is var s
                        ? Results.Ok(
                            new
                            {
                                people = s.Seats.Select(x => new
                                {
                                    x.Person.Resource,
                                    x.Person.Name,
                                    x.Person.Part,
                                    x.Role,
                                    x.Row?.Presence,
                                    x.Row?.Words,
                                    x.Follows,
                                }),
                                consents = s.Consents.Select(c => new
                                {
                                    c.PartyId,
                                    c.PartyName,
                                    c.Answer,
                                    c.Way,
                                    c.Words,
                                    c.GivenOn,
                                }),
                            }
                        )
                        : null
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Who came to a hearing, what follows of an absence, who agreed to it online");

        api.MapPost(
                "/hearings/{id:long}/attendance",
                async (long id, PresenceBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new RecordAttendance
                        {
                            HearingId = id,
                            Presence = body.Presence ?? [],
                            Words = body.Words ?? "",
                        }
                    );
                    return Results.NoContent();
                }
            )
            .Permit("trial.hold")
            .WithTags("trial")
            .WithSummary("Writes down who came: resource to present, online, late, excused, absent, left");

        api.MapPost(
                "/hearings/{id:long}/consents",
                async (long id, ConsentBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new RecordConsent
                        {
                            HearingId = id,
                            PartyId = body.PartyId ?? 0,
                            Answer = body.Answer ?? "",
                            Way = body.Way ?? "",
                            Words = body.Words ?? "",
                            On = body.On,
                        }
                    );
                    return Results.NoContent();
                }
            )
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("A party's answer to an online hearing: yes, no, offline");

        api.MapGet("/cases/{id:long}/exhibits", async (long id, IMediator mediator) => Results.Ok((await mediator.Send(new ListExhibits { CaseId = id })).Rows))
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("The list of evidence of a case");

        api.MapPost(
                "/cases/{id:long}/exhibits",
                async (long id, ExhibitBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            id = await mediator.Send(
                                new SaveExhibit
                                {
                                    CaseId = id,
                                    Id = body.ExhibitId,
                                    Version = body.Version,
                                    Name = body.Name ?? "",
                                    PartyId = body.PartyId,
                                    Form = body.Form ?? "copy",
                                    Pieces = body.Pieces ?? 1,
                                    Purpose = body.Purpose ?? "",
                                    Opinion = body.Opinion ?? "",
                                    Finding = body.Finding ?? "open",
                                    Place = body.Place ?? "",
                                }
                            ),
                        }
                    )
            )
            .OfCase()
            .Permit("trial.hold")
            .WithTags("trial")
            .WithSummary("Adds an exhibit, or changes the one named by exhibitId and version");

        api.MapPost(
                "/cases/{id:long}/exhibits/return",
                async (long id, ReturnBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new ReturnExhibit
                        {
                            CaseId = id,
                            Id = body.ExhibitId ?? 0,
                            Version = body.Version,
                            To = body.To ?? "",
                            On = body.On,
                        }
                    );
                    return Results.NoContent();
                }
            )
            .OfCase()
            .Permit("trial.hold")
            .WithTags("trial")
            .WithSummary("Gives an exhibit back");
    }

    internal sealed record PresenceBody
    {
        public Dictionary<string, string>? Presence { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record ConsentBody
    {
        public long? PartyId { get; init; }
        public string? Answer { get; init; }
        public string? Way { get; init; }
        public string? Words { get; init; }
        public DateOnly? On { get; init; }
    }

    internal sealed record ExhibitBody
    {
        public long? ExhibitId { get; init; }
        public int? Version { get; init; }
        public string? Name { get; init; }
        public long? PartyId { get; init; }
        public string? Form { get; init; }
        public int? Pieces { get; init; }
        public string? Purpose { get; init; }
        public string? Opinion { get; init; }
        public string? Finding { get; init; }
        public string? Place { get; init; }
    }

    internal sealed record ReturnBody
    {
        public long? ExhibitId { get; init; }
        public int? Version { get; init; }
        public string? To { get; init; }
        public DateOnly? On { get; init; }
    }
}
