using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Jobs;

/// <summary>Announcements whose days have passed take effect.</summary>
internal sealed class MatureAnnouncements(Db db, Round round, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (
            var id in await db.PageAsync<long>(
                "SELECT id FROM service_attempt WHERE settled_at IS NULL AND effective_on <= @today ORDER BY effective_on, id",
                new { today = Times.Day(clock.GetUtcNow()) },
                500,
                ct
            )
        )
            await round.TryAsync(id, () => mediator.Send(new MatureAttempt { Id = id }, ct));
        round.End();
    }
}

/// <summary>One of them.</summary>
[Permit(PermitAttribute.System)]
[Audited("service.attempt.mature")]
internal sealed record MatureAttempt : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, Notices notices, OtherWays ways, AuditTrail audit) : CommandHandler<MatureAttempt>
    {
        protected override async Task RunAsync(MatureAttempt command, CancellationToken ct)
        {
            var row = await db.FirstAsync<Row>("SELECT notice_id, facts FROM service_attempt WHERE id = @Id AND settled_at IS NULL", new { command.Id }, ct);
            if (row is null)
                return;
            var notice = await notices.GetAsync(row.NoticeId, ct);
            if (notice.State == NoticeState.Sending) // a mail is on its way: the next round knows what came of it
                return;
            if (NoticeBook.Table.Find(NoticeStep.Otherwise, notice.State) is not null)
                await ways.SettleAsync(notice, command.Id, JsonSerializer.Deserialize<AttemptFacts>(row.Facts, Json.Stored)!, ct);
            else // served otherwise or withdrawn meanwhile: the announcement comes to nothing
                await db.ExecuteAsync("UPDATE service_attempt SET settled_at = @now WHERE id = @Id", new { command.Id, now = notices.Now() }, ct);
            audit.Note("notice", notice.Id, new { matured = true });
        }

        private sealed record Row
        {
            public long NoticeId { get; init; }
            public string Facts { get; init; } = "";
        }
    }
}
