using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Notices;
using MediatR;

namespace CourtOps.Workzone.Cases;

/// <summary>Tells the leaders of a court of an application, and whoever applied of the decision; nobody who may not see the case.</summary>
internal sealed class ExtensionNotices(Db db, Notifier notifier, Supervision.SlipAddressees addressees, TimeProvider clock)
{
    /// <summary>To every leader of the court who sees the case.</summary>
    public async Task AskedAsync(long id, CancellationToken ct)
    {
        var row = await ReadAsync(id, ct);
        foreach (var leader in await LeadersAsync(row, ct))
            await AddAsync(leader, row, "asked", $"extension-asked:{row.Id}", ct);
    }

    /// <summary>To whoever applied.</summary>
    public async Task DecidedAsync(ExtensionRow row, string number, string state, CancellationToken ct)
    {
        if (await addressees.ReachedAsync(row.AskedBy, row.CaseId, ct))
            await AddAsync(row.AskedBy, new Waiting(row, number), state, $"extension-decided:{row.Id}", ct);
    }

    /// <summary>The day before it is to be decided, and once more when that day has passed: then to whoever applied as well.</summary>
    public async Task RemindAsync(long id, CancellationToken ct)
    {
        var row = await ReadAsync(id, ct);
        var late = row.Row.DecideBy < Times.Day(clock.GetUtcNow());
        var what = late ? "late" : "due";
        foreach (var leader in await LeadersAsync(row, ct))
            await AddAsync(leader, row, what, $"extension-{what}:{row.Id}", ct);
        if (late && await addressees.ReachedAsync(row.Row.AskedBy, row.Row.CaseId, ct))
            await AddAsync(row.Row.AskedBy, row, what, $"extension-{what}:{row.Id}", ct);
    }

    private Task AddAsync(long person, Waiting w, string what, string key, CancellationToken ct) =>
        notifier.AddAsync(
            person,
            NoticeKinds.Extension,
            key,
            new
            {
                what,
                caseId = w.Row.CaseId,
                number = w.Number,
                kind = w.Row.Kind,
                to = w.Row.ProcedureTo ?? "",
                by = w.Row.AskedByName,
                decideBy = w.Row.DecideBy is { } day ? Times.Iso(day) : "",
            },
            caseId: w.Row.CaseId,
            ct: ct
        );

    private async Task<IReadOnlyList<long>> LeadersAsync(Waiting w, CancellationToken ct)
    {
        var reached = new List<long>();
        foreach (
            var leader in await db.PageAsync<long>(
                """
                SELECT DISTINCT r.person_id FROM workzone_role_grant r
                WHERE r.role = 'leader' AND r.court_id = @CourtId AND r.person_id <> @AskedBy AND (r.until_at IS NULL OR r.until_at > @now)
                ORDER BY r.person_id
                """,
                new
                {
                    w.Row.CourtId,
                    w.Row.AskedBy,
                    now = clock.GetUtcNow(),
                },
                20,
                ct
            )
        )
            if (await addressees.ReachedAsync(leader, w.Row.CaseId, ct))
                reached.Add(leader);
        return reached;
    }

    private async Task<Waiting> ReadAsync(long id, CancellationToken ct)
    {
        var row = await db.FirstAsync<ExtensionRow>(ExtensionRow.Select + " WHERE e.id = @id", new { id }, ct) ?? throw new NotFound("延长申请", id);
        return new(row, await db.FirstAsync<string>("SELECT number FROM workzone_case WHERE id = @CaseId", new { row.CaseId }, ct) ?? "");
    }

    private sealed record Waiting(ExtensionRow Row, string Number)
    {
        public long Id => Row.Id;
    }
}

/// <summary>Every morning: applications that are to be decided by tomorrow, and those whose day has passed; each is told once.</summary>
internal sealed class RemindExtensions(IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        for (long? after = 0; after is not null; )
            after = await mediator.Send(new Chunk { After = after.Value }, ct);
    }

    /// <summary>Some applications at a time; answers the last id, or null at the end.</summary>
    [Permit(PermitAttribute.System)]
    [Audited("workzone.clock.remind")]
    internal sealed record Chunk : ICommand<long?>
    {
        private const int Page = 100;

        public long After { get; init; }

        internal sealed class Handler(Db db, ExtensionNotices notices, TimeProvider clock) : ICommandHandler<Chunk, long?>
        {
            public async Task<long?> Handle(Chunk request, CancellationToken cancellationToken)
            {
                var rows = await db.PageAsync<long>(
                    "SELECT e.id FROM workzone_extension e WHERE e.state = 'asked' AND e.decide_by <= @soon AND e.id > @After ORDER BY e.id",
                    new { soon = Times.Day(clock.GetUtcNow()).AddDays(1), request.After },
                    Page,
                    cancellationToken
                );
                foreach (var id in rows)
                    await notices.RemindAsync(id, cancellationToken);
                return rows.Count < Page ? null : rows[^1];
            }
        }
    }
}
