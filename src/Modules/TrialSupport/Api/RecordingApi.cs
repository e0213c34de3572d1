using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Recordings;
using CourtOps.TrialSupport.Speech;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>The recording of a hearing; a segment's bytes come by /uploads before.</summary>
internal static class RecordingApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        MapSpeech(api);
        api.MapGet(
                "/hearings/{id:long}/recording",
                async (long id, IMediator mediator) =>
                    await mediator.Send(new ShowRecording { HearingId = id }) is var s
                        ? Results.Ok(
                            new
                            {
                                hearingId = id,
                                recordingId = s.Row?.Id,
                                s.Row?.Mode,
                                s.Row?.State,
                                s.Row?.Chain,
                                broken = s.Broken,
                                s.Row?.Version,
                                segments = s.Segments.Select(x => new
                                {
                                    x.N,
                                    x.Name,
                                    x.Mime,
                                    sha256 = x.Blob,
                                    x.Size,
                                    start = x.StartsAt,
                                    end = x.EndsAt,
                                    x.Chain,
                                }),
                                marks = s.Marks.Select(m => new
                                {
                                    at = m.AtTime,
                                    m.Kind,
                                    m.Speaker,
                                    m.Words,
                                    by = m.PersonName,
                                }),
                                gaps = s.Gaps.Select(g => new
                                {
                                    from = g.From,
                                    to = g.To,
                                    named = g.Named,
                                }),
                            }
                        )
                        : null
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Segments, marks and gaps of a hearing's recording");

        api.MapPost(
                "/hearings/{id:long}/recording",
                async (long id, OpenBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            recordingId = await mediator.Send(
                                new OpenRecording
                                {
                                    HearingId = id,
                                    Mode = body.Mode ?? "beside",
                                    Consent = body.Consent ?? "",
                                }
                            ),
                        }
                    )
            )
            .Permit("trial.hold")
            .WithTags("trial")
            .WithSummary("Opens the recording: beside the transcript, or in its place with consent");

        api.MapPost(
                "/hearings/{id:long}/recording/segments",
                async (long id, SegmentBody body, IMediator mediator, SegmentIntake intake, Actor actor, CancellationToken ct) =>
                {
                    actor.Demand("trial.hold");
                    var s = await intake.AddAsync(await OfAsync(mediator, id), null, body.UploadId, body.Start, body.End, ct);
                    return Results.Ok(
                        new
                        {
                            s.N,
                            s.Name,
                            s.Mime,
                            sha256 = s.Blob,
                            s.Size,
                            s.Chain,
                            start = s.StartsAt,
                            end = s.EndsAt,
                        }
                    );
                }
            )
            .Permit("trial.hold")
            .WithTags("trial")
            .WithSummary("Adds a finished upload as the next segment: local start and end; written once");

        api.MapPost(
                "/hearings/{id:long}/recording/marks",
                async (long id, MarkBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new AddMark
                        {
                            RecordingId = await OfAsync(mediator, id),
                            At = body.At,
                            Kind = body.Kind ?? "note",
                            Speaker = body.Speaker ?? "",
                            Words = body.Words ?? "",
                        }
                    );
                    return Results.NoContent();
                }
            )
            .Permit("trial.hold")
            .WithTags("trial")
            .WithSummary("Marks a second of the hearing: speech, stage, evidence, pause, fault, note");

        api.MapPost(
                "/hearings/{id:long}/recording/close",
                async (long id, CloseBody body, IMediator mediator) =>
                {
                    var r = await mediator.Send(new CloseRecording { Id = await OfAsync(mediator, id), Version = body.Version });
                    return Results.Ok(
                        new
                        {
                            r.State,
                            r.Chain,
                            r.Version,
                        }
                    );
                }
            )
            .Permit("trial.hold")
            .WithTags("trial")
            .WithSummary("Seals the recording; every gap must be named");
    }

    private static void MapSpeech(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/hearings/{id:long}/transcript",
                async (long id, IMediator mediator) =>
                    await mediator.Send(new ShowTranscript { HearingId = id }) is var s
                        ? Results.Ok(
                            new
                            {
                                s.Engine,
                                segments = s.Asked.Select(a => new
                                {
                                    n = a.SegmentN,
                                    a.State,
                                    a.Reason,
                                }),
                                lines = s.Lines.Select(l => new
                                {
                                    l.Id,
                                    segment = l.SegmentN,
                                    l.FromMs,
                                    l.UntilMs,
                                    l.Speaker,
                                    l.Words,
                                    l.Version,
                                }),
                                changes = s.Changes.Select(c => new
                                {
                                    c.LineId,
                                    c.N,
                                    c.Speaker,
                                    c.Words,
                                    c.ByName,
                                    c.At,
                                }),
                            }
                        )
                        : null
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("What was said, line by line, with what stood there before it was mended");

        api.MapPost(
                "/hearings/{id:long}/transcript",
                async (long id, HearBody body, IMediator mediator) =>
                    Results.Ok(new { transcriptId = await mediator.Send(new AskTranscript { HearingId = id, N = body.N ?? 0 }) })
            )
            .Permit("trial.hold")
            .WithTags("trial")
            .WithSummary("Lets the engine listen to a segment");

        api.MapPost(
                "/hearings/{id:long}/transcript/lines",
                async (long id, MendBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new MendLine
                        {
                            HearingId = id,
                            LineId = body.LineId ?? 0,
                            Version = body.Version,
                            Speaker = body.Speaker ?? "",
                            Words = body.Words ?? "",
                        }
                    );
                    return Results.NoContent();
                }
            )
            .Permit("trial.hold")
            .WithTags("trial")
            .WithSummary("Mends a line");
    }

    private static async Task<long> OfAsync(IMediator mediator, long hearingId) =>
        (await mediator.Send(new ShowRecording { HearingId = hearingId })).Row?.Id ?? throw new RuleBroken("还没有开始收录。", "id", "not-open");

    internal sealed record HearBody
    {
        public int? N { get; init; }
    }

    internal sealed record MendBody
    {
        public long? LineId { get; init; }
        public int? Version { get; init; }
        public string? Speaker { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record OpenBody
    {
        public string? Mode { get; init; }
        public string? Consent { get; init; }
    }

    internal sealed record SegmentBody
    {
        public string? UploadId { get; init; }
        public DateTime? Start { get; init; }
        public DateTime? End { get; init; }
    }

    internal sealed record MarkBody
    {
        public DateTime? At { get; init; }
        public string? Kind { get; init; }
        public string? Speaker { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record CloseBody
    {
        public int? Version { get; init; }
    }
}
