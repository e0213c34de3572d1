using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.ServiceOfDocuments.Settings;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Jobs;

/// <summary>An address the court obtained, and no reading or reply in time: not served, go on by another method (C-04).</summary>
internal sealed class GiveUpUnread(Db db, Round round, IMediator mediator, TimeProvider clock, ISettings settings) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // none waits for less than a day; those that still wait stand in nobody's way
        for (var after = 0L; ; )
        {
            var rows = await db.PageAsync<Row>(
                """
                SELECT n.id, n.sent_at, c.court_id FROM service_notice n JOIN workzone_case_card c ON c.id = n.case_id
                WHERE n.state = 'sent' AND n.address_kind = 'obtained' AND n.sent_at < @before AND n.id > @after ORDER BY n.id
                """,
                new { before = now.AddDays(-1), after },
                200,
                ct
            );
            foreach (var row in rows)
                if (settings.At<NoReply>(row.CourtId, row.SentAt).Days is var days && row.SentAt.AddDays(days) < now)
                    await round.TryAsync(row.Id, () => mediator.Send(new GiveUp { NoticeId = row.Id, Days = days }, ct));
            if (rows.Count < 200)
                break;
            after = rows[^1].Id;
        }
        round.End();
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public DateTimeOffset SentAt { get; init; }
        public long CourtId { get; init; }
    }
}

[Permit(PermitAttribute.System)]
internal sealed record GiveUp : ICommand
{
    public long NoticeId { get; init; }

    /// <summary>The days that were waited, by the rule of the day of sending.</summary>
    public int Days { get; init; }

    internal sealed class Handler(Db db, Notices notices, NoticeBook book, Finishing finishing, Decisions decisions, Steward.StewardBook steward)
        : CommandHandler<GiveUp>
    {
        protected override async Task RunAsync(GiveUp command, CancellationToken ct)
        {
            var notice = await notices.GetAsync(command.NoticeId, ct);
            if (notice.State != NoticeState.Sent || notice.ServedAt is not null)
                return;
            // read in time, but the notification of it is still on its way: what was read is settled before what was not goes on
            var tasks = await notices.TasksAsync(notice.Id, ct);
            var read = await db.QueryAsync<int?>(
                "SELECT document_n FROM service_public_act WHERE notice_id = @Id AND kind IN ('read', 'confirmed')",
                new { notice.Id },
                ct
            );
            if (read.Any(n => n is null || (n >= 1 && n <= tasks.Count && tasks[n.Value - 1].EffectiveOn is null)) || tasks.All(t => t.EffectiveOn is not null))
                return;
            if (
                notice.SentAt is { } sent
                && await db.FirstAsync<long?>("SELECT court_id FROM workzone_case_card WHERE id = @CaseId", new { notice.CaseId }, ct) is { } court
            )
                await decisions.DecideAsync<SilenceOutcome>(Silence.Name, new SilenceFacts(notice.Id, null), court, notice.CaseId, at: sent, ct: ct);
            var left = tasks.Count(t => t.EffectiveOn is null);
            Said reason = $"查得的地址 {command.Days} 日内无阅知、无回复，不能视为送达，转其他方式";
            if (left < tasks.Count)
                reason = $"查得的地址 {command.Days} 日内 {left} 份文书未阅，这些文书转其他方式；已阅的已送达";
            await book.MoveAsync(
                notice,
                NoticeStep.GiveUp,
                ct,
                "reason = @reason, reason_said = @said",
                new
                {
                    notice.Id,
                    notice.Version,
                    reason = reason.ToString(),
                    said = reason.Stored(),
                }
            );
            await db.ExecuteAsync("UPDATE service_public_notice SET withdrawn_at = @now WHERE notice_id = @Id", new { notice.Id, now = notices.Now() }, ct);
            await notices.NoteAsync(notice, "unread", notices.Now(), new { reason = reason.ToString() }, null, ct);
            await steward.FailAsync(notice, ServeOrder.Channel, reason.ToString(), Steward.StewardBook.Name, ct);
            await finishing.LookAsync(notice.OrderId, ct);
        }
    }
}
