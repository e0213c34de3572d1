using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Settings;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone;
using FluentValidation;
using Microsoft.Extensions.Configuration;

namespace CourtOps.ServiceOfDocuments.Calls;

internal sealed record RecordingRow
{
    public long Id { get; init; }
    public string Blob { get; init; } = "";
    public long CourtId { get; init; }
    public string Name { get; init; } = "";
    public string Mime { get; init; } = "";
    public long Size { get; init; }
    public string? NumberTail { get; init; }
    public DateTimeOffset? CalledAt { get; init; }
    public DateTimeOffset TakenAt { get; init; }
}

/// <summary>Recordings and the calls they belong to; in the open transaction.</summary>
internal sealed class RecordingBook(Db db, Ids ids, BlobStore blobs, Notices notices, EvidenceBook evidence, Secrets secrets)
{
    public const string Columns = "SELECT r.id, r.blob, r.court_id, r.name, r.mime, r.size, r.number_tail, r.called_at, r.taken_at FROM service_recording r";

    /// <summary>Writes one down and gives it to its call, if that is there and is the only one.</summary>
    public async Task TakeAsync(FoundRecording found, CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_recording WHERE blob = @Sha256", new { found.Blob.Sha256 }, ct) > 0)
            return;
        await blobs.KeepAsync(found.Blob, ct);
        var read = RecordingName.Of(found.Name);
        var row = new RecordingRow
        {
            Id = ids.Next(),
            Blob = found.Blob.Sha256,
            CourtId = found.CourtId,
            Name = found.Name,
            Mime = found.Mime,
            Size = found.Blob.Size,
            CalledAt = read.At,
            TakenAt = notices.Now(),
        };
        await db.ExecuteAsync(
            """
            INSERT INTO service_recording (id, blob, court_id, name, mime, size, number_enc, number_tail, called_at, taken_at)
            VALUES (@Id, @Blob, @CourtId, @Name, @Mime, @Size, @number, @tail, @CalledAt, @TakenAt)
            """,
            new
            {
                row.Id,
                row.Blob,
                row.CourtId,
                row.Name,
                row.Mime,
                row.Size,
                number = secrets.Protect(read.Digits.Length > 0 ? read.Digits : null),
                tail = Secrets.Tail(read.Digits),
                row.CalledAt,
                row.TakenAt,
            },
            ct
        );
        await MatchAsync(row, read, ct);
    }

    /// <summary>Looks again for the call of one that has none: calls are written down after they end.</summary>
    public Task MatchAsync(RecordingRow row, CancellationToken ct) => MatchAsync(row, RecordingName.Of(row.Name), ct);

    private async Task MatchAsync(RecordingRow row, RecordingName read, CancellationToken ct)
    {
        if (read.Digits.Length == 0 || read.At is not { } at)
            return;
        var near = await db.QueryAsync<CallOf>(
            """
            SELECT c.id, c.notice_id, c.step_id, c.number_enc, c.at FROM service_call c
            WHERE c.number_tail = @tail AND c.at >= @from AND c.at <= @to AND c.court_id = @CourtId AND c.notice_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM
                service_recording r WHERE r.call_id = c.id)
            """,
            new
            {
                tail = Secrets.Tail(read.Digits),
                from = at.AddMinutes(-5),
                to = at + RecordingName.Near,
                row.CourtId,
            },
            ct
        );
        var fits = near.Where(c => read.Fits(secrets.Reveal(c.NumberEnc) ?? "", c.At)).OrderBy(c => c.At).ToList();
        // of several calls to one number the first written down after the recording began
        if (fits.Count > 0)
            await GiveAsync(row, fits[0], Steward.StewardBook.Name, ct);
    }

    public async Task GiveAsync(RecordingRow row, CallOf call, string by, CancellationToken ct)
    {
        var notice = await notices.GetAsync(call.NoticeId, ct);
        if (
            await db.ExecuteAsync(
                "UPDATE service_recording SET call_id = @call, settled_at = @now, settled_by = @by WHERE id = @Id AND settled_at IS NULL",
                new
                {
                    row.Id,
                    call = call.Id,
                    now = notices.Now(),
                    by,
                },
                ct
            ) == 0
        )
            throw new Conflict("这段录音已被认领，请刷新后再看。");
        await evidence.AddAsync(
            notice,
            call.StepId,
            new TakenFile("audio", row.Name, row.Mime, new Blob(row.Blob, row.Size)),
            "audio",
            row.CalledAt ?? row.TakenAt,
            null,
            "通话录音",
            by,
            notices.Now(),
            ct
        );
    }

    internal sealed record CallOf
    {
        public long Id { get; init; }
        public long NoticeId { get; init; }
        public long? StepId { get; init; }
        public string? NumberEnc { get; init; }
        public DateTimeOffset At { get; init; }
    }
}

/// <summary>A file of the telephone system, kept already.</summary>
internal sealed record FoundRecording(long CourtId, string Name, string Mime, Blob Blob);

/// <summary>
/// Looks into the folder of the telephone system (CourtOps:Recordings:Folder): each court's recordings lie in a sub-folder named by its sign; with one court
/// they may lie in
/// the folder itself. What is no recording stays there. Each is taken once and moved to "done" beside it.
/// </summary>
internal sealed class TakeRecordings(Db db, BlobStore blobs, RecordingBook book, ICourts courts, TimeProvider clock, IConfiguration configuration)
    : IWorkHandler
{
    public const string Name = "service.recordings";
    private const int Most = 100;
    private const long Largest = 200L * 1024 * 1024;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 3;

    public TimeSpan Lease => TimeSpan.FromMinutes(10);

    public int AtOnce => 1;

    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        if (configuration["CourtOps:Recordings:Folder"] is not { Length: > 0 } root || !Directory.Exists(root))
            return WorkOutcome.Failed("没有录音文件夹（CourtOps:Recordings:Folder）");
        var all = await courts.AllAsync(ct);
        var found = new List<FoundRecording>();
        var places = all.Select(c => (Court: c.Id, Folder: Path.Combine(root, c.Code))).Where(p => Directory.Exists(p.Folder)).ToList();
        if (all.Count == 1)
            places.Add((all[0].Id, root));
        foreach (var (court, folder) in places)
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            if (found.Count < Most && await LookAsync(court, folder, file, ct) is { } one)
                found.Add(one);
        return WorkOutcome.Done(found);
    }

    private async Task<FoundRecording?> LookAsync(long court, string folder, string file, CancellationToken ct)
    {
        try
        {
            var info = new FileInfo(file);
            // still being written, empty, or larger than a call can be
            if (info.LastWriteTimeUtc > clock.GetUtcNow().UtcDateTime - Quiet || info.Length is 0 or > Largest || info.LinkTarget is not null)
                return null;
            var head = new byte[16];
            await using (var stream = info.OpenRead())
                if (EvidenceFiles.KindOf(head.AsSpan(0, await stream.ReadAtLeastAsync(head, 16, throwOnEndOfStream: false, ct))) is not ("audio", _))
                    return null;
            await using var content = info.OpenRead();
            var blob = await blobs.WriteAsync(content, Largest, ct);
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_recording WHERE blob = @Sha256", new { blob.Sha256 }, ct) == 0)
                return new FoundRecording(court, info.Name.Length > 200 ? info.Name[..200] : info.Name, EvidenceFiles.KindOf(head)!.Value.Mime, blob);
            // written down already: it only has to go out of the way
            File.Move(
                file,
                Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "done")).FullName, $"{blob.Sha256[..12]}-{info.Name}"),
                overwrite: true
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the telephone system still holds it: it waits, the others do not
        }
        return null;
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.Result is not List<FoundRecording> found)
            return;
        foreach (var one in found)
            await book.TakeAsync(one, ct);
        foreach (
            var open in await db.PageAsync<RecordingRow>(
                RecordingBook.Columns + " WHERE r.settled_at IS NULL AND r.taken_at > @since ORDER BY r.id",
                new { since = clock.GetUtcNow().AddDays(-3) },
                200,
                ct
            )
        )
            await book.MatchAsync(open, ct);
    }

    internal sealed record Payload
    {
        public string Folder { get; init; } = "";
    }
}

/// <summary>Looks into the folder of the telephone system each two minutes, where there is one; then tells of calls whose recording did not come.</summary>
internal sealed class LookForRecordings(
    Db db,
    Round round,
    MediatR.IMediator mediator,
    ICourts courts,
    ISettings settings,
    TimeProvider clock,
    IConfiguration configuration
) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (configuration["CourtOps:Recordings:Folder"] is not { Length: > 0 })
            return;
        await mediator.Send(new AskForRecordings(), ct);
        foreach (var court in await courts.AllAsync(ct))
            if (settings.Current<StewardRules>(court.Id).RecordingHours is > 0 and var hours)
                foreach (
                    var id in await db.PageAsync<long>(
                        """
                        SELECT c.id FROM service_call c
                        WHERE c.court_id = @court AND c.at > @since AND c.at <= @before AND c.direction = 'out' AND c.outcome IN ('reached', 'refused',
                            'e-consent') AND c.notice_id IS NOT NULL
                          AND NOT EXISTS (SELECT 1 FROM service_recording r WHERE r.call_id = c.id)
                          AND NOT EXISTS (SELECT 1 FROM service_evidence e WHERE e.notice_id = c.notice_id AND e.step_id = c.step_id AND e.kind = 'audio' AND
                              e.recorded_at >= c.at)
                          AND NOT EXISTS (SELECT 1 FROM service_alarm a WHERE a.cause_key = CONCAT('recording:', c.id))
                        ORDER BY c.at, c.id
                        """,
                        new
                        {
                            court = court.Id,
                            since = clock.GetUtcNow().AddDays(-30),
                            before = clock.GetUtcNow().AddHours(-hours),
                        },
                        200,
                        ct
                    )
                )
                    await round.TryAsync(id, () => mediator.Send(new WarnRecording { CallId = id }, ct));
        round.End();
    }
}

/// <summary>A call whose recording is its evidence and did not come.</summary>
[Permit(PermitAttribute.System)]
[Audited("service.plan.watch")]
internal sealed record WarnRecording : ICommand
{
    public long CallId { get; init; }

    internal sealed class Handler(Db db, Notices notices, Alarms alarms, AuditTrail audit) : CommandHandler<WarnRecording>
    {
        protected override async Task RunAsync(WarnRecording command, CancellationToken ct)
        {
            var call = await db.FirstAsync<CallRow>(
                "SELECT c.id, c.notice_id, c.step_id, c.direction, c.outcome, c.words, c.by_name, c.at FROM service_call c WHERE c.id = @CallId AND "
                    + "NOT EXISTS (SELECT 1 FROM service_recording r WHERE r.call_id = c.id)",
                new { command.CallId },
                ct
            );
            if (call?.NoticeId is not { } noticeId)
                return;
            var notice = await notices.GetAsync(noticeId, ct);
            await alarms.RaiseAsync(
                "recording",
                $"recording:{call.Id}",
                notice.CaseId,
                notice.Id,
                notice.Recipient,
                $"{call.ByName} {Times.Full(call.At)} 的通话（{AttemptRules.Outcomes["phone"][call.Outcome]}）没有录音：请在待认领的录音里查找；确实没有的，办结本提醒时写明原因。",
                ct
            );
            audit.Note("call", call.Id);
        }
    }
}

[Permit(PermitAttribute.System)]
internal sealed record AskForRecordings : ICommand
{
    internal sealed class Handler(WorkQueue work, TimeProvider clock) : CommandHandler<AskForRecordings>
    {
        protected override Task RunAsync(AskForRecordings command, CancellationToken ct) =>
            work.AddAsync(TakeRecordings.Name, $"{clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute}", new TakeRecordings.Payload(), ct: ct);
    }
}

/// <summary>Recordings of this court without a call, and its calls that have no recording.</summary>
[Permit("service.work")]
internal sealed record ListRecordings : IQuery<ListRecordings.Result>
{
    internal sealed record Result(IReadOnlyList<RecordingRow> Open, IReadOnlyList<CallRow> Calls);

    internal sealed class Handler(Db db, Workzone.WorkOrders.IWorkOrders orders, Actor actor, TimeProvider clock, AccessLog reads)
        : IQueryHandler<ListRecordings, Result>
    {
        public async Task<Result> Handle(ListRecordings request, CancellationToken cancellationToken)
        {
            var open = await db.PageAsync<RecordingRow>(
                RecordingBook.Columns + " WHERE r.court_id = @CourtId AND r.settled_at IS NULL ORDER BY r.id",
                new { actor.CourtId },
                100,
                cancellationToken
            );
            if (open.Count == 0)
                return new Result(open, []);
            var (me, courts, places) = orders.SeenArguments;
            var calls = await db.PageAsync<CallRow>(
                """
                SELECT c.id, c.notice_id, c.step_id, c.direction, c.number_tail, c.outcome, c.words, c.by_name, c.at, c.callback_at, n.recipient
                FROM service_call c JOIN service_notice n ON n.id = c.notice_id
                WHERE c.court_id = @court AND c.at > @since AND NOT EXISTS (SELECT 1 FROM service_recording r WHERE r.call_id = c.id) AND
                """
                    + " "
                    + orders.Seen("n.order_id")
                    + " ORDER BY c.id DESC",
                new
                {
                    court = actor.CourtId,
                    since = clock.GetUtcNow().AddDays(-30),
                    me,
                    courts,
                    places,
                },
                100,
                cancellationToken
            );
            reads.List("service.recording.list", open.Count, new { });
            return new Result(open, calls);
        }
    }
}

/// <summary>A recording without a call, to listen to.</summary>
[Permit("service.work")]
internal sealed record ReadRecording : IQuery<RecordingRow>
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, Actor actor, AccessLog reads) : IQueryHandler<ReadRecording, RecordingRow>
    {
        public async Task<RecordingRow> Handle(ReadRecording request, CancellationToken cancellationToken)
        {
            var row =
                await db.FirstAsync<RecordingRow>(
                    RecordingBook.Columns + " WHERE r.id = @Id AND r.court_id = @CourtId AND r.settled_at IS NULL",
                    new { request.Id, actor.CourtId },
                    cancellationToken
                ) ?? throw new NotFound("通话录音", request.Id);
            reads.Note("service.recording.read", "recording", row.Id);
            return row;
        }
    }
}

/// <summary>A person says to which call a recording belongs, or that it belongs to none.</summary>
[Permit("service.work")]
[Audited("service.recording.claim")]
internal sealed record ClaimRecording : ICommand
{
    public long Id { get; init; }

    /// <summary>Null: it belongs to no call of the centre.</summary>
    public long? CallId { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ClaimRecording>
    {
        public Validator() =>
            RuleFor(c => c.Words)
                .MaximumLength(200)
                .WithMessage("说明最长 200 个字符。")
                .Must(w => !string.IsNullOrWhiteSpace(w))
                .When(c => c.CallId is null)
                .WithMessage("请选择通话，或者说明为什么不属于任何通话。");
    }

    internal sealed class Handler(Db db, RecordingBook book, Notices notices, Actor actor, AuditTrail audit) : CommandHandler<ClaimRecording>
    {
        protected override async Task RunAsync(ClaimRecording command, CancellationToken ct)
        {
            var row =
                await db.FirstAsync<RecordingRow>(RecordingBook.Columns + " WHERE r.id = @Id AND r.court_id = @CourtId", new { command.Id, actor.CourtId }, ct)
                ?? throw new NotFound("通话录音", command.Id);
            if (command.CallId is not { } callId)
            {
                if (
                    await db.ExecuteAsync(
                        "UPDATE service_recording SET settled_at = @now, settled_by = @by WHERE id = @Id AND settled_at IS NULL",
                        new
                        {
                            row.Id,
                            now = notices.Now(),
                            by = actor.Name,
                        },
                        ct
                    ) == 0
                )
                    throw new Conflict("这段录音已被认领，请刷新后再看。");
                audit.Note("recording", row.Id, new { none = command.Words.Trim() });
                return;
            }
            var call =
                await db.FirstAsync<RecordingBook.CallOf>(
                    "SELECT id, notice_id, step_id, number_enc, at FROM service_call WHERE id = @callId AND notice_id IS NOT NULL",
                    new { callId },
                    ct
                ) ?? throw new NotFound("通话", callId);
            try
            {
                await notices.OpenAsync(call.NoticeId, null, ct);
            }
            catch (NotFound)
            {
                throw new NotFound("通话", callId);
            }
            await book.GiveAsync(row, call, actor.Name, ct);
            audit.Note("recording", row.Id, new { callId });
        }
    }
}
