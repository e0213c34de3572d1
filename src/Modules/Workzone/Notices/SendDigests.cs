using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Mail;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using MediatR;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Workzone.Notices;

/// <summary>Queues the digests that are due. One holds numbers and a link, nothing of a case or a person.</summary>
internal sealed class SendDigests(IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        while (await mediator.Send(new Chunk(), ct) > 0) { }
    }

    [Permit(PermitAttribute.System)]
    [Audited("workzone.digest.queue")]
    internal sealed record Chunk : ICommand<int>
    {
        internal sealed class Handler(Db db, WorkQueue work, TimeProvider clock) : ICommandHandler<Chunk, int>
        {
            public async Task<int> Handle(Chunk request, CancellationToken cancellationToken)
            {
                var now = clock.GetUtcNow();
                var due = await db.PageAsync<Row>(
                    "SELECT d.person_id, d.pace, d.daily_hour, d.quiet_from, d.quiet_to, d.sent_up_to, d.due_at FROM workzone_digest d WHERE d.due_at "
                        + "IS NOT NULL AND d.due_at <= @now ORDER BY d.due_at",
                    new { now },
                    100,
                    cancellationToken
                );
                foreach (var row in due)
                {
                    var fresh = await db.FirstAsync<Fresh>(
                        "SELECT COUNT(*) AS unread, MAX(n.id) AS up_to FROM workzone_notice n WHERE n.person_id = @PersonId AND n.id > @SentUpTo AND "
                            + "n.read_at IS NULL",
                        row,
                        cancellationToken
                    );
                    if (fresh is { Unread: > 0 })
                    {
                        var overdue = await db.CountUpToAsync(
                            "SELECT o.id FROM workzone_order o WHERE o.assignee_id = @PersonId AND o.is_open = 1 AND o.due_at < @now AND o.state <> "
                                + "'feedback' AND o.state <> 'paused' ORDER BY o.due_at, o.id",
                            new { row.PersonId, now },
                            1000,
                            cancellationToken
                        );
                        await work.AddAsync(
                            DigestMail.Name,
                            $"{row.PersonId}:{fresh.UpTo}",
                            new DigestMail.Payload
                            {
                                PersonId = row.PersonId,
                                Unread = fresh.Unread,
                                Overdue = overdue,
                            },
                            null,
                            cancellationToken
                        );
                    }
                    await db.ExecuteAsync(
                        "UPDATE workzone_digest SET due_at = @next, sent_up_to = @upTo WHERE person_id = @PersonId AND due_at = @DueAt",
                        new
                        {
                            row.PersonId,
                            row.DueAt,
                            next = DigestTimes.Next(row.Pace, row.DailyHour, row.QuietFrom, row.QuietTo, now),
                            upTo = fresh?.UpTo ?? row.SentUpTo,
                        },
                        cancellationToken
                    );
                }
                return due.Count;
            }
        }
    }

    private sealed record Row
    {
        public long PersonId { get; init; }
        public string Pace { get; init; } = "";
        public int DailyHour { get; init; }
        public int QuietFrom { get; init; }
        public int QuietTo { get; init; }
        public long SentUpTo { get; init; }
        public DateTimeOffset DueAt { get; init; }
    }

    private sealed record Fresh
    {
        public int Unread { get; init; }
        public long? UpTo { get; init; }
    }
}

/// <summary>The mail of a digest. One that may have gone out already is not sent again: the next one tells the same.</summary>
internal sealed class DigestMail(Db db, Secrets secrets, SmtpMail mail, IConfiguration configuration) : IWorkHandler
{
    public const string Name = "workzone.digest";

    public string Queue => Name;

    public bool Repeatable => false;

    public int MaxAttempts => 10;

    public TimeSpan Lease => TimeSpan.FromMinutes(3);

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        var to = secrets.Reveal(
            await db.FirstAsync<string>(
                "SELECT d.email_enc FROM workzone_digest d JOIN workzone_person p ON p.id = d.person_id WHERE d.person_id = @PersonId AND d.pace <> "
                    + "'off' AND p.state = 'active'",
                new { payload.PersonId },
                ct
            )
        );
        if (to is null)
            return WorkOutcome.Done(); // switched off meanwhile
        var link = (configuration["CourtOps:BaseUrl"] ?? "http://localhost:5080").TrimEnd('/') + "/notices?unread=true";
        var subject = $"集约工作区：{payload.Unread} 条未读通知";
        var text =
            $"您有 {payload.Unread} 条未读通知，{payload.Overdue} 张工单已超期。\n{link}\n\n不想再收到：{link.Replace("?unread=true", "/settings", StringComparison.Ordinal)}\n";
        var html = $"<p>您有 {payload.Unread} 条未读通知，{payload.Overdue} 张工单已超期。</p><p><a href=\"{link}\">{link}</a></p>";
        var outcome = await mail.SendAsync("集约工作区", to, subject, text, html, $"digest.{item.Id}", ct);
        return outcome.End == WorkEnd.Wait ? outcome with { End = WorkEnd.Retry } : outcome;
    }

    /// <summary>The next digest tells the same.</summary>
    public bool IsForgettable => true;

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct) => Task.CompletedTask;

    internal sealed record Payload
    {
        public long PersonId { get; init; }
        public int Unread { get; init; }
        public int Overdue { get; init; }
    }
}
