using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Api;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

internal static class TrialApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/hearings",
                async (HearingBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Booked((BookHearing.Result)r);
                    return Booked(
                        await mediator.Send(
                            new BookHearing
                            {
                                CaseId = body.CaseId,
                                Session = body.Session ?? "开庭审理",
                                Minutes = body.Minutes,
                                From = body.From,
                                Until = body.To,
                                Start = body.Start,
                                RoomId = body.RoomId,
                                Online = body.Online,
                                Consent = body.Consent ?? "",
                                NoneOf21 = body.NoneOf21,
                                WithAssessors = body.WithAssessors,
                                Size = body.Size,
                                Features = body.Features ?? [],
                                Panel = body.Panel ?? [],
                                ClerkId = body.ClerkId,
                                Waived = body.Waived ?? "",
                                Open = body.Open,
                                Language = body.Language ?? "",
                                Escort = body.Escort,
                            }
                        )
                    );
                }
            )
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("Books the first time that fits, or the one named, provisionally")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/hearings",
                async (long? caseId, DateOnly? from, DateOnly? to, IMediator mediator) =>
                    Results.Ok(
                        (
                            await mediator.Send(
                                new ListHearings
                                {
                                    CaseId = caseId,
                                    From = from,
                                    Until = to,
                                }
                            )
                        ).Select(Shown)
                    )
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Hearings of cases one may see");

        api.MapPost(
                "/hearings/{idAndVerb}",
                async (string idAndVerb, HttpRequest http, IMediator mediator, Idempotency idempotency, ChangeBody? body) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    var version = body?.Version ?? IfMatch.Version(http);
                    idempotency.Shape = r => Changed((Hearing)r);
                    return Changed(
                        parts[1] switch
                        {
                            "confirm" => await mediator.Send(new ConfirmHearing { Id = id, Version = version }),
                            "move" => await mediator.Send(
                                new MoveHearing
                                {
                                    Id = id,
                                    Version = version,
                                    Start = body?.Start,
                                    RoomId = body?.RoomId,
                                    Minutes = body?.Minutes,
                                    Reason = body?.Reason ?? "",
                                    Ground = body?.Ground ?? "",
                                    Approved = body?.Approved ?? "",
                                    Agreed = body?.Agreed ?? false,
                                }
                            ),
                            "cancel" => await mediator.Send(
                                new CancelHearing
                                {
                                    Id = id,
                                    Version = version,
                                    Reason = body?.Reason ?? "",
                                }
                            ),
                            "open" => await mediator.Send(
                                new DecideOpenness
                                {
                                    Id = id,
                                    Version = version,
                                    Open = body?.Open,
                                    Reason = body?.Reason ?? "",
                                }
                            ),
                            "hold" => await mediator.Send(
                                new HoldHearing
                                {
                                    Id = id,
                                    Version = version,
                                    Outcome = body?.Outcome ?? "",
                                    Attendance = body?.Attendance ?? "",
                                    Ground = body?.Ground ?? "",
                                    Next = body?.Next,
                                    Approved = body?.Approved ?? "",
                                    Agreed = body?.Agreed ?? false,
                                }
                            ),
                            "substitute" => await mediator.Send(
                                new SubstituteJudge
                                {
                                    Id = id,
                                    Version = version,
                                    OutId = body?.OutId ?? 0,
                                    InId = body?.InId ?? 0,
                                    Reason = body?.Reason ?? "",
                                }
                            ),
                            _ => throw new RuleBroken($"没有这个动作：{parts[1]}。可用：confirm、move、cancel、open、hold、substitute。", "verb"),
                        }
                    );
                }
            )
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary(":confirm, :move, :cancel, :open (public or not), :hold (what became of it) and :substitute (a judge of the panel) of a hearing")
            .Versioned()
            .Repeats();
    }

    private static Reply Booked(BookHearing.Result r) => Reply.Created($"/api/v1/hearings?id={r.Id}", r, r.Version);

    private static Reply Changed(Hearing h) => Reply.Of(Shown(h), h.Version);

    private static object Shown(Hearing h) =>
        new
        {
            h.Id,
            h.CaseId,
            h.CaseNumber,
            h.Session,
            start = h.StartsAt,
            end = h.EndsAt,
            h.RoomId,
            room = h.RoomName,
            h.Online,
            open = h.OpenCourt,
            h.JudgeName,
            h.ClerkName,
            h.State,
            h.ServeBy,
            h.Version,
        };

    internal sealed record HearingBody
    {
        public long CaseId { get; init; }
        public string? Session { get; init; }
        public int? Minutes { get; init; }
        public DateOnly? From { get; init; }
        public DateOnly? To { get; init; }
        public DateTime? Start { get; init; }
        public long? RoomId { get; init; }
        public bool Online { get; init; }
        public string? Consent { get; init; }

        /// <summary>Of an online hearing: nothing of Art 21 keeps the case from it.</summary>
        public bool NoneOf21 { get; init; }
        public bool WithAssessors { get; init; }
        public int Size { get; init; }
        public IReadOnlyList<string>? Features { get; init; }
        public IReadOnlyList<long>? Panel { get; init; }
        public long? ClerkId { get; init; }
        public string? Waived { get; init; }
        public bool? Open { get; init; }

        /// <summary>An interpreter of this language is booked with the hearing.</summary>
        public string? Language { get; init; }

        /// <summary>Somebody is brought from custody.</summary>
        public bool Escort { get; init; }
    }

    internal sealed record ChangeBody
    {
        public int? Version { get; init; }
        public DateTime? Start { get; init; }
        public long? RoomId { get; init; }
        public int? Minutes { get; init; }
        public string? Reason { get; init; }
        public bool? Open { get; init; }
        public string? Outcome { get; init; }
        public string? Attendance { get; init; }
        public string? Ground { get; init; }
        public DateOnly? Next { get; init; }
        public string? Approved { get; init; }
        public bool? Agreed { get; init; }
        public long? OutId { get; init; }
        public long? InId { get; init; }
    }
}
