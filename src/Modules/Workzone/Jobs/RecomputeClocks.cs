using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using MediatR;

namespace CourtOps.Workzone.Jobs;

/// <summary>A calendar that has arrived changes rolled ends and removes "provisional": every night the clocks of open cases are computed again.</summary>
internal sealed class RecomputeClocks(IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        for (long? after = 0; after is not null;)
            after = await mediator.Send(new RecomputeSome { After = after.Value }, ct);
    }
}

/// <summary>Some hundred cases at a time; answers the last id, or null at the end.</summary>
[Permit(PermitAttribute.System)]
internal sealed record RecomputeSome : ICommand<long?>
{
    public long After { get; init; }

    internal sealed class Handler(Db db, ICalendarSource calendars, TimeProvider time) : ICommandHandler<RecomputeSome, long?>
    {
        public async Task<long?> Handle(RecomputeSome request, CancellationToken cancellationToken)
        {
            var rows = await db.PageAsync<Row>(
                """
                SELECT c.id, t.code AS court_code, c.procedure_code, c.filed_on, c.custody_until, c.clock_base_end AS base_end, c.clock_end AS ending, c.clock_legal_end AS legal_end, c.clock_last_apply AS last_apply, c.clock_provisional AS provisional
                FROM workzone_case c
                JOIN workzone_court t ON t.id = c.court_id
                WHERE c.id > @After AND c.state = 'open'
                ORDER BY c.id
                """, new { request.After }, 500, cancellationToken);
            if (rows.Count == 0)
                return null;
            var facts = (await db.QueryAsync<ClockFact>(ClockBook.Columns + " WHERE case_id IN @ids AND undone_at IS NULL", new { ids = rows.Select(r => r.Id) }, cancellationToken)).ToLookup(f => f.CaseId);
            var today = Kernel.Web.Times.Day(time.GetUtcNow());
            foreach (var row in rows)
            {
                var clock = ClockBook.Compute(row.ProcedureCode, row.FiledOn, [.. facts[row.Id]], row.CustodyUntil is not null, today, calendars.For(row.CourtCode));
                if (clock == new ClockCard(row.BaseEnd, row.Ending, row.LegalEnd, row.LastApply, row.Provisional))
                    continue;
                await db.ExecuteAsync("UPDATE workzone_case SET clock_base_end = @BaseEnd, clock_end = @End, clock_legal_end = @LegalEnd, clock_last_apply = @LastDayToApply, clock_provisional = @Provisional WHERE id = @Id",
                    new { row.Id, clock.BaseEnd, clock.End, clock.LegalEnd, clock.LastDayToApply, clock.Provisional }, cancellationToken);
            }
            return rows[^1].Id;
        }

        private sealed record Row
        {
            public long Id { get; init; }
            public string CourtCode { get; init; } = "";
            public string ProcedureCode { get; init; } = "";
            public DateOnly FiledOn { get; init; }
            public DateOnly? CustodyUntil { get; init; }
            public DateOnly? BaseEnd { get; init; }
            public DateOnly? Ending { get; init; }
            public DateOnly? LegalEnd { get; init; }
            public DateOnly? LastApply { get; init; }
            public bool Provisional { get; init; }
        }
    }
}
