using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using MediatR;

namespace CourtOps.Triage.Jobs;

/// <summary>Drafts that nobody handed in are deleted with all they hold when their time has run out.</summary>
internal sealed class ForgetDrafts(IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        while (await mediator.Send(new ForgetDraftPage(), ct) == ForgetDraftPage.Size) { }
    }
}

[Permit(PermitAttribute.System)]
internal sealed record ForgetDraftPage : ICommand<int>
{
    public const int Size = 100;

    internal sealed class Handler(Db db, TimeProvider clock) : ICommandHandler<ForgetDraftPage, int>
    {
        public async Task<int> Handle(ForgetDraftPage request, CancellationToken cancellationToken)
        {
            var ids = await db.PageAsync<long>(
                "SELECT id FROM triage_public_filing WHERE stage IN ('draft', 'withdrawn') AND expires_at < @now AND filing_id IS NULL ORDER BY expires_at, id",
                new { now = clock.GetUtcNow() },
                Size,
                cancellationToken
            );
            await db.ExecuteAsync("DELETE FROM triage_public_account WHERE expires_at < @now", new { now = clock.GetUtcNow() }, cancellationToken);
            if (ids.Count == 0)
                return 0;
            await db.ExecuteAsync("DELETE FROM triage_public_link WHERE public_id IN @ids", new { ids }, cancellationToken);
            await db.ExecuteAsync("DELETE FROM triage_public_paper WHERE public_id IN @ids", new { ids }, cancellationToken);
            await db.ExecuteAsync("DELETE FROM triage_public_message WHERE public_id IN @ids", new { ids }, cancellationToken);
            await db.ExecuteAsync("DELETE FROM triage_public_filing WHERE id IN @ids", new { ids }, cancellationToken);
            return ids.Count;
        }
    }
}
