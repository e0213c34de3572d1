using System.Text.RegularExpressions;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;
using Microsoft.Extensions.Configuration;
using MimeKit;

namespace CourtOps.ServiceOfDocuments.Electronic;

/// <param name="NoticeId">Null: of no mail of ours.</param>
/// <param name="Kind">failed, delayed or other (an automatic answer, anything else).</param>
internal sealed record ReadBounce(string Digest, long? NoticeId, string Kind, string Reason, DateTimeOffset At);

/// <summary>Reads a bounce (RFC 3464) or what passes for one. Nonsense is "other" and never an exception.</summary>
internal static partial class BounceReading
{
    public static ReadBounce Read(byte[] bytes, DateTimeOffset now)
    {
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        try
        {
            using var stream = new MemoryStream(bytes);
            using var message = MimeMessage.Load(stream);
            var all = System.Text.Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, 2_000_000));
            var texts = string.Join('\n', message.BodyParts.OfType<TextPart>().Select(p => p.Text).Append(all));
            var status = message.BodyParts.OfType<MessageDeliveryStatus>().SelectMany(s => s.StatusGroups).ToList();
            var action = status.Select(g => g["Action"]).FirstOrDefault(a => a is not null)?.Trim().ToLowerInvariant();
            var code =
                status.Select(g => g["Status"]).FirstOrDefault(a => a is not null)?.Trim() ?? (Code().Match(texts) is { Success: true } c ? c.Value : "");
            var diagnostic = status.Select(g => g["Diagnostic-Code"]).FirstOrDefault(a => a is not null);
            var own = Ours(message, texts);
            var at =
                message.Date == DateTimeOffset.MinValue || message.Date > now.AddMinutes(5) || message.Date < now.AddDays(-30)
                    ? now
                    : message.Date.ToUniversalTime();
            var automatic = message.Headers["Auto-Submitted"]?.Contains("replied", StringComparison.OrdinalIgnoreCase) == true;
            var kind = action switch
            {
                "failed" => "failed",
                "delayed" or "relayed" or "delivered" or "expanded" => "delayed",
                _ when automatic => "other",
                _ when code.StartsWith('5') => "failed",
                _ when code.StartsWith('4') => "delayed",
                _ => "other",
            };
            return new ReadBounce(
                digest,
                own,
                kind,
                Contests.Cut($"{code} {diagnostic ?? message.Subject}".Trim() is { Length: > 0 } r ? Printable(r) : "没有说明", 400),
                at
            );
        }
        catch (Exception e) when (e is FormatException or IOException or ArgumentException or InvalidOperationException)
        {
            return new ReadBounce(digest, null, "other", "无法识别的文件", now);
        }
    }

    // <notice.attempt@domain> in the returned headers, or as what it refers to
    private static long? Ours(MimeMessage message, string texts)
    {
        foreach (var text in new[] { message.InReplyTo ?? "", string.Join(' ', message.References), texts })
            if (
                Id().Match(text) is { Success: true } m
                && long.TryParse(m.Groups[1].Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id)
            )
                return id;
        return null;
    }

    private static string Printable(string text) => string.Concat(text.Where(c => !char.IsControl(c)));

    [GeneratedRegex(@"(?<![\d.])([1-9]\d{9,17})\.\d{1,3}@")]
    private static partial Regex Id();

    [GeneratedRegex(@"\b[245]\.\d{1,3}\.\d{1,3}\b")]
    private static partial Regex Code();
}

/// <summary>Writes bounces down, each once, and draws what follows; in the open transaction.</summary>
internal sealed class BounceBook(Db db, Ids ids, Notices notices, Bounces bounces, TimeProvider clock)
{
    public async Task<bool> TakeAsync(ReadBounce read, string way, CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_bounce WHERE digest = @Digest", new { read.Digest }, ct) > 0)
            return false;
        var notice =
            read.NoticeId is { } id
            && await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_notice WHERE id = @id AND released_at IS NOT NULL", new { id }, ct) > 0
                ? await notices.GetAsync(id, ct)
                : null;
        await db.ExecuteAsync(
            "INSERT INTO service_bounce (id, digest, way, notice_id, kind, reason, at, taken_at) VALUES (@id, @Digest, @way, @notice, @Kind, @Reason, "
                + "@At, @now)",
            new
            {
                id = ids.Next(),
                read.Digest,
                way,
                notice = notice?.Id,
                read.Kind,
                read.Reason,
                read.At,
                now = clock.GetUtcNow(),
            },
            ct
        );
        if (notice is not null && read.Kind == "failed" && notice.SentAt is not null && NoticeBook.Table.Find(NoticeStep.Bounce, notice.State) is not null)
            await bounces.TakeAsync(notice, read.At < notice.ReleasedAt ? notices.Now() : read.At, read.Reason, ct);
        return true;
    }
}

/// <summary>The court's bounce mailbox as a folder of .eml files (CourtOps:Bounces:Folder): each is read once and moved to "done" beside it.</summary>
internal sealed class ReadBounces(Db db, BounceBook book, IConfiguration configuration, TimeProvider clock) : IWorkHandler
{
    public const string Name = "service.bounces";
    private const int Most = 200;
    private const long Largest = 10 * 1024 * 1024;

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 3;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        if (configuration["CourtOps:Bounces:Folder"] is not { Length: > 0 } folder || !Directory.Exists(folder))
            return WorkOutcome.Failed("没有退信文件夹（CourtOps:Bounces:Folder）");
        var done = Directory.CreateDirectory(Path.Combine(folder, "done")).FullName;
        var found = new List<ReadBounce>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.eml").Order(StringComparer.Ordinal).Take(Most))
        {
            var bytes = new FileInfo(file).Length > Largest ? [] : await File.ReadAllBytesAsync(file, ct);
            var read = BounceReading.Read(bytes, clock.GetUtcNow());
            // what is written down already only has to go out of the way: a crash between the two loses nothing
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_bounce WHERE digest = @Digest", new { read.Digest }, ct) > 0)
                File.Move(file, Path.Combine(done, $"{read.Digest[..12]}-{Path.GetFileName(file)}"), overwrite: true);
            else
                found.Add(read);
        }
        return WorkOutcome.Done(found);
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.Result is not List<ReadBounce> found)
            return;
        foreach (var read in found)
            await book.TakeAsync(read, "mailbox", ct);
    }

    internal sealed record Payload
    {
        public string Folder { get; init; } = "";
    }
}

/// <summary>Looks into the mailbox each two minutes, where there is one.</summary>
internal sealed class LookForBounces(MediatR.IMediator mediator, IConfiguration configuration) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (configuration["CourtOps:Bounces:Folder"] is { Length: > 0 })
            await mediator.Send(new AskForBounces(), ct);
    }
}

[Permit(PermitAttribute.System)]
internal sealed record AskForBounces : ICommand
{
    internal sealed class Handler(WorkQueue work, TimeProvider clock) : CommandHandler<AskForBounces>
    {
        protected override Task RunAsync(AskForBounces command, CancellationToken ct) =>
            work.AddAsync(ReadBounces.Name, $"{clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute}", new ReadBounces.Payload(), ct: ct);
    }
}

/// <summary>The relay tells of a bounce by webhook: {"messageId","status","reason","at"}.</summary>
[Permit(PermitAttribute.Anyone)]
[Kernel.Audit.Audited("service.notice.bounce")]
internal sealed record HookBounce : ICommand<bool>
{
    public string MessageId { get; init; } = "";
    public string Status { get; init; } = "";
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, WorkQueue work, TimeProvider clock, Kernel.Audit.AuditTrail audit) : ICommandHandler<HookBounce, bool>
    {
        public async Task<bool> Handle(HookBounce request, CancellationToken cancellationToken)
        {
            var parts = request.MessageId.Trim('<', '>', ' ').Split('@')[0].Split('.');
            long? id =
                parts.Length == 2
                && long.TryParse(parts[0], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n)
                    ? n
                    : null;
            var kind =
                request.Status.StartsWith('5') || request.Status is "failed" or "bounce" ? "failed"
                : request.Status.StartsWith('4') || request.Status is "delayed" ? "delayed"
                : "other";
            audit.Note("notice", id ?? 0, new { hook = true, kind });
            var read = new ReadBounce(
                Secrets.Digest($"hook:{request.MessageId}:{request.Status}:{request.Reason}"),
                id,
                kind,
                Contests.Cut($"{request.Status} {request.Reason}".Trim(), 400),
                clock.StoredNow()
            );
            if (
                await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_bounce WHERE digest = @Digest", new { read.Digest }, cancellationToken) > 0
                || await work.FindAsync(TakeBounce.Name, read.Digest, cancellationToken) is not null
            )
                return false;
            // whoever reports has no right to anything inside: the consequence is drawn there
            await work.AddAsync(TakeBounce.Name, read.Digest, read, ct: cancellationToken);
            return true;
        }
    }
}

/// <summary>A reported bounce comes inside.</summary>
internal sealed class TakeBounce(BounceBook book) : IWorkHandler
{
    public const string Name = "service.bounce";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 20;

    public TimeSpan Lease => TimeSpan.FromMinutes(1);

    public Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct) => Task.FromResult(WorkOutcome.Done());

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct) =>
        outcome.End == WorkEnd.Done ? book.TakeAsync(item.Read<ReadBounce>(), "webhook", ct) : Task.CompletedTask;
}
