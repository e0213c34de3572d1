using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Recordings.Recorder;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>Files of the recorders' folder: what was taken, and what waits for a clerk.</summary>
internal static class RecorderApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/recorder-files",
                async (string? state, IMediator mediator) =>
                    Results.Ok(
                        (await mediator.Send(new ListRecorderFiles { State = state ?? RecorderFile.Waiting })).Rows.Select(r => Shown(r.File, r.CaseNumber))
                    )
            )
            .Permit("trial.hold")
            .WithTags("trial")
            .WithSummary("Files of the recorders' folder by state: waiting, watched, taken, double, refused");

        api.MapPost(
                "/recorder-files/{idAndVerb}",
                async (string idAndVerb, RecorderBody body, HttpRequest http, IMediator mediator, CancellationToken ct) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    switch (parts[1])
                    {
                        case "assign":
                            var s = await mediator.Send(
                                new AssignRecorderFile
                                {
                                    Id = id,
                                    Version = IfMatch.Version(http),
                                    HearingId = body.HearingId ?? 0,
                                    Start = body.Start,
                                    End = body.End,
                                    Words = body.Reason ?? "",
                                },
                                ct
                            );
                            return Results.Ok(
                                new
                                {
                                    s.RecordingId,
                                    s.N,
                                    sha256 = s.Blob,
                                    s.Chain,
                                    start = s.StartsAt,
                                    end = s.EndsAt,
                                }
                            );
                        case "refuse":
                            var refused = await mediator.Send(
                                new RefuseRecorderFile
                                {
                                    Id = id,
                                    Version = IfMatch.Version(http),
                                    Reason = body.Reason ?? "",
                                },
                                ct
                            );
                            return Results.Ok(Shown(refused, null));
                        default:
                            throw new RuleBroken($"没有这个动作：{parts[1]}。可用：assign、refuse。", "verb");
                    }
                }
            )
            .Permit("trial.hold")
            .WithTags("trial")
            .WithSummary(":assign to a hearing (times and their ground where the recorder's were wrong), :refuse with the reason");
    }

    private static object Shown(RecorderFile f, string? caseNumber) =>
        new
        {
            f.Id,
            room = f.RoomName,
            f.Name,
            f.Size,
            f.State,
            f.Reason,
            f.Detail,
            sha256 = f.Blob,
            start = f.StartsAt,
            end = f.EndsAt,
            caseNumber,
            hearingId = caseNumber is null ? null : f.HearingId,
            segment = f.SegmentN,
            decidedBy = f.DecidedName,
            decidedAt = f.DecidedAt,
            words = f.DecidedWords,
            f.Version,
        };

    internal sealed record RecorderBody
    {
        public long? HearingId { get; init; }
        public DateTime? Start { get; init; }
        public DateTime? End { get; init; }
        public string? Reason { get; init; }
    }
}
