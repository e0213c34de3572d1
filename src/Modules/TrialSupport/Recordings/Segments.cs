using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Http;

namespace CourtOps.TrialSupport.Recordings;

/// <summary>Takes a segment in: its bytes are written and their digest is known before the command runs; the same bytes are one segment.</summary>
internal sealed class SegmentIntake(IMediator mediator, BlobStore blobs, Uploads uploads, UploadLimits limits)
{
    /// <exception cref="RuleBroken">No file, no recording, too large: field File.</exception>
    public async Task<SegmentRow> AddAsync(long recordingId, IFormFile? file, string? uploadId, DateTime? start, DateTime? end, CancellationToken ct)
    {
        var (name, stream) = ("", (Stream?)null);
        if (!string.IsNullOrEmpty(uploadId))
        {
            var (state, path) = await uploads.CompleteAsync(uploadId, ct, recording: true);
            (name, stream) = (state.Name, File.OpenRead(path));
        }
        else if (file is { Length: > 0 })
        {
            (name, stream) = (Path.GetFileName(file.FileName), file.OpenReadStream());
        }
        if (stream is null)
            throw new RuleBroken("请选择录音录像文件。", "File");
        await using (stream)
        {
            var head = new byte[16];
            var n = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
            if (RecordingRules.Mime(head.AsSpan(0, n)) is not { } mime)
                throw new RuleBroken($"“{name}”不是可以播放的录音录像：支持 MP4、WebM、WAV、MP3、OGG。", "File", "not-media");
            if (stream.Length > limits.MaxRecordingBytes)
                throw new RuleBroken($"文件 {stream.Length >> 20} MB，超过上限 {limits.MaxRecordingBytes >> 20} MB。", "File", "size");
            var fault = MediaCheck.Judge(stream, mime);
            stream.Position = 0;
            var blob = await blobs.WriteAsync(stream, limits.MaxRecordingBytes, ct);
            return await mediator.Send(
                new AddSegment
                {
                    RecordingId = recordingId,
                    Name = name.Length <= 200 ? name : name[..200],
                    Mime = mime,
                    Fault = fault,
                    Blob = blob,
                    Start = start,
                    End = end,
                    UploadId = uploadId,
                },
                ct
            );
        }
    }
}

/// <summary>Writes a segment down: never changed, never deleted; the chain goes on over its digest.</summary>
[Permit("trial.hold")]
[Audited("trial.recording.add")]
internal sealed record AddSegment : ICommand<SegmentRow>
{
    public long RecordingId { get; init; }
    public string Name { get; init; } = "";
    public string Mime { get; init; } = "";

    /// <summary>As the file itself says.</summary>
    internal string? Fault { get; init; }
    public Blob Blob { get; init; } = new("", 0);

    /// <summary>Local time.</summary>
    public DateTime? Start { get; init; }
    public DateTime? End { get; init; }
    public string? UploadId { get; init; }

    internal sealed class Validator : AbstractValidator<AddSegment>
    {
        public Validator()
        {
            RuleFor(c => c.Start)
                .NotNull()
                .WithMessage("请填写这一段开始的时间。")
                .Must(s => s is null or { Year: >= 2000 and <= 2100 })
                .WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.End)
                .NotNull()
                .WithMessage("请填写这一段结束的时间。")
                .Must((c, e) => e is null || e > c.Start)
                .WithMessage("结束时间应晚于开始时间。");
        }
    }

    internal sealed class Handler(RecordingBook book, Uploads uploads, AuditTrail audit) : ICommandHandler<AddSegment, SegmentRow>
    {
        public async Task<SegmentRow> Handle(AddSegment c, CancellationToken cancellationToken)
        {
            var r = await book.GetAsync(c.RecordingId, cancellationToken);
            var said = new NewSegment(c.Name, c.Mime, c.Fault, c.Blob, Times.At(c.Start!.Value), Times.At(c.End!.Value));
            var (segment, made) = await book.AddAsync(r, said, cancellationToken);
            if (!made)
                return segment;
            if (!string.IsNullOrEmpty(c.UploadId))
                await uploads.TakeAsync(c.UploadId, cancellationToken);
            audit.Note(
                "recording",
                r.Id,
                new
                {
                    n = segment.N,
                    digest = c.Blob.Sha256,
                    c.Blob.Size,
                },
                r.CaseId
            );
            return segment;
        }
    }
}

/// <summary>The bytes of a segment, in the access log before the first of them leaves.</summary>
[Permit("trial.read")]
internal sealed record PlaySegment : IQuery<SegmentRow>
{
    public long RecordingId { get; init; }
    public int N { get; init; }

    internal sealed class Handler(RecordingBook book, AccessLog reads) : IQueryHandler<PlaySegment, SegmentRow>
    {
        public async Task<SegmentRow> Handle(PlaySegment request, CancellationToken cancellationToken)
        {
            var r = await book.GetAsync(request.RecordingId, cancellationToken);
            var segment = (await book.SegmentsAsync(r.Id, cancellationToken)).FirstOrDefault(s => s.N == request.N) ?? throw new NotFound("录像", request.N);
            reads.List("trial.recording.play", 1, new { r.Id, request.N }, r.CaseId);
            return segment;
        }
    }
}
