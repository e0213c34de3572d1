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
        for (long? after = 0; after is not null; )
            after = await mediator.Send(new RecomputeSome { After = after.Value }, ct);
    }
}

/// <summary>Some hundred cases at a time; answers the last id, or null at the end.</summary>
[Permit(PermitAttribute.System)]
internal sealed record RecomputeSome : ICommand<long?>
{
    public long After { get; init; }

    /// <summary>The run that keeps a line for each case whose dates moved; 0 for the nightly look.</summary>
    public long RunId { get; init; }

    internal sealed class Handler(
        Db db,
        ICalendarSource calendars,
        Calendars.LawChanges law,
        Notices.Notifier notifier,
        TimeProvider time,
        Supervision.CaseCounts counts
    ) : ICommandHandler<RecomputeSome, long?>
    {
        public async Task<long?> Handle(RecomputeSome request, CancellationToken cancellationToken)
        {
            var rows = await db.PageAsync<Row>(
                """
                SELECT c.id, t.code AS court_code, c.procedure_code, c.filed_on, c.custody_until, c.clock_base_end AS base_end, c.clock_end AS ending,
                    c.clock_legal_end AS legal_end, c.clock_last_apply AS last_apply, c.clock_provisional AS provisional,
                       c.number, c.judge_id
                FROM workzone_case c
                JOIN workzone_court t ON t.id = c.court_id
                WHERE c.id > @After AND c.state = 'open'
                ORDER BY c.id
                """,
                new { request.After },
                500,
                cancellationToken
            );
            var facts =
                rows.Count == 0
                    ? null
                    : (
                        await db.QueryAsync<ClockFact>(
                            ClockBook.Columns + " WHERE case_id IN @ids AND undone_at IS NULL",
                            new { ids = rows.Select(r => r.Id) },
                            cancellationToken
                        )
                    ).ToLookup(f => f.CaseId);
            var today = Kernel.Web.Times.Day(time.GetUtcNow());
            var why =
                request.RunId == 0
                    ? ""
                    : await db.FirstAsync<string>("SELECT setting_key FROM workzone_recompute WHERE id = @RunId", new { request.RunId }, cancellationToken)
                        ?? "";
            var moved =
                request.RunId == 0
                    ? 0
                    : await db.ScalarAsync<int>("SELECT moved_count FROM workzone_recompute WHERE id = @RunId", new { request.RunId }, cancellationToken);
            var moving = new List<Moving>();
            foreach (var row in rows)
            {
                ClockCard card;
                try
                {
                    card = ClockBook.Compute(
                        row.ProcedureCode,
                        row.FiledOn,
                        [.. facts![row.Id]],
                        row.CustodyUntil is not null,
                        today,
                        calendars.For(row.CourtCode),
                        law.All
                    );
                }
                catch (LawError)
                {
                    // its page says what is wrong with its facts; the other cases are computed
                    continue;
                }
                if (card != new ClockCard(row.BaseEnd, row.Ending, row.LegalEnd, row.LastApply, row.Provisional))
                    moving.Add(new(row, card));
            }
            await counts.AroundAsync(
                [.. moving.Select(m => m.Row.Id)],
                () =>
                    db.ExecuteManyAsync(
                        "UPDATE workzone_case SET clock_base_end = @BaseEnd, clock_end = @End, clock_legal_end = @LegalEnd, clock_last_apply = "
                            + "@LastDayToApply, clock_provisional = @Provisional WHERE id = @Id",
                        [
                            .. moving.Select(m => new
                            {
                                m.Row.Id,
                                m.Card.BaseEnd,
                                m.Card.End,
                                m.Card.LegalEnd,
                                m.Card.LastDayToApply,
                                m.Card.Provisional,
                            }),
                        ],
                        cancellationToken
                    ),
                cancellationToken
            );
            if (request.RunId != 0)
                moved = await MovedAsync(
                    request.RunId,
                    why,
                    moved,
                    [.. moving.Where(m => m.Card.End != m.Row.Ending || m.Card.LegalEnd != m.Row.LegalEnd)],
                    cancellationToken
                );
            if (request.RunId != 0)
                await db.ExecuteAsync(
                    "UPDATE workzone_recompute SET after_id = @last, seen_count = seen_count + @seen, moved_count = @moved, state = @state, ended_at "
                        + "= @ended WHERE id = @RunId AND after_id = @After AND state = 'running'",
                    new
                    {
                        request.RunId,
                        request.After,
                        last = rows.Count == 0 ? request.After : rows[^1].Id,
                        seen = rows.Count,
                        moved,
                        state = rows.Count == 0 ? "done" : "running",
                        ended = rows.Count == 0 ? time.GetUtcNow() : (DateTimeOffset?)null,
                    },
                    cancellationToken
                );
            return rows.Count == 0 ? null : rows[^1].Id;
        }

        // a line for each case whose dates moved, and a notice to its judge unless recused; answers how many the run has now
        private async Task<int> MovedAsync(long runId, string why, int before, IReadOnlyList<Moving> moving, CancellationToken ct)
        {
            if (moving.Count == 0)
                return before;
            await db.ExecuteManyAsync(
                "INSERT INTO workzone_recompute_line (run_id, n, case_id, was_end, now_end, was_legal_end, now_legal_end) VALUES (@runId, @n, @Id, "
                    + "@Ending, @End, @was, @LegalEnd)",
                [
                    .. moving.Select(
                        (m, i) =>
                            new
                            {
                                runId,
                                n = before + i + 1,
                                m.Row.Id,
                                m.Row.Ending,
                                m.Card.End,
                                was = m.Row.LegalEnd,
                                m.Card.LegalEnd,
                            }
                    ),
                ],
                ct
            );
            var recused = (
                await db.QueryAsync<Recused>(
                    "SELECT case_id, person_id FROM workzone_recusal WHERE case_id IN @ids AND ended_at IS NULL",
                    new { ids = moving.Select(m => m.Row.Id) },
                    ct
                )
            ).ToHashSet();
            foreach (var (row, card) in moving)
                if (row.JudgeId is { } judge && !recused.Contains(new Recused { CaseId = row.Id, PersonId = judge }))
                    await notifier.AddAsync(
                        judge,
                        Notices.NoticeKinds.DatesMoved,
                        $"dates-moved:{runId}:{row.Id}",
                        new
                        {
                            caseId = row.Id,
                            number = row.Number,
                            why,
                            was = row.LegalEnd ?? row.Ending,
                            now = card.LegalEnd ?? card.End,
                        },
                        ct: ct
                    );
            return before + moving.Count;
        }

        private sealed record Moving(Row Row, ClockCard Card);

        private sealed record Recused
        {
            public long CaseId { get; init; }
            public long PersonId { get; init; }
        }

        private sealed record Row
        {
            public long Id { get; init; }
            public string CourtCode { get; init; } = "";
            public string Number { get; init; } = "";
            public long? JudgeId { get; init; }
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
