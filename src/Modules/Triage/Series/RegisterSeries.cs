using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;
using MediatR;

namespace CourtOps.Triage.Series;

/// <summary>Registers them all: some at a time by the job, so that nobody waits for a number meanwhile.</summary>
[Permit("triage.work")]
[Audited("triage.series.register")]
internal sealed record RegisterSeries : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Handler(Db db, SeriesBook book, AuditTrail audit) : CommandHandler<RegisterSeries>
    {
        protected override async Task RunAsync(RegisterSeries command, CancellationToken ct)
        {
            var s = await book.GetAsync(command.Id, ct);
            await SeriesBook.Table.MoveAsync(db, "register", s.State, new { s.Id, Version = command.Version ?? s.Version }, ct: ct);
            await db.ExecuteAsync("UPDATE triage_series_case SET stage = 'taken', problem = '' WHERE series_id = @Id AND stage = 'refused'", new { s.Id }, ct);
            audit.Note("series", s.Id, new { s.Total });
        }
    }
}

/// <summary>Registers what is asked for, a chunk a transaction, until nothing is left; wakes who waits for a model suit.</summary>
internal sealed class WorkOnSeries(Db db, Round round, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var id in await db.QueryAsync<long>("SELECT id FROM triage_series WHERE state = 'registering' ORDER BY id", null, ct))
            await round.TryAsync(
                id,
                async () =>
                {
                    while (await mediator.Send(new RegisterSeriesChunk { Id = id }, ct) > 0) { }
                }
            );
        foreach (
            var id in await db.PageAsync<long>(
                "SELECT id FROM triage_series WHERE wake_on <= @today AND state = 'parked' AND woken_at IS NULL ORDER BY id",
                new { today = Times.Day(clock.GetUtcNow()) },
                200,
                ct
            )
        )
            await round.TryAsync(id, () => mediator.Send(new WakeSeries { Id = id }, ct));
        round.End();
    }
}

/// <summary>Some cases of a series get their numbers; what cannot be registered says why.</summary>
[Permit(PermitAttribute.System)]
[Audited("triage.series.chunk")]
internal sealed record RegisterSeriesChunk : ICommand<int>
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, SeriesBook book, Registering registering, Texts texts, AuditTrail audit) : ICommandHandler<RegisterSeriesChunk, int>
    {
        private const int Size = 25;

        public async Task<int> Handle(RegisterSeriesChunk request, CancellationToken cancellationToken)
        {
            var s = await book.GetAsync(request.Id, cancellationToken);
            if (s.State != "registering")
                return 0;
            var rows = await db.PageAsync<SeriesCase>(
                "SELECT c.filing_id, c.row_no, c.case_id, c.case_number, c.name, c.amount, c.stage AS state, c.problem FROM triage_series_case c "
                    + "WHERE c.series_id = @Id AND c.stage = 'taken' ORDER BY c.row_no",
                new { s.Id },
                Size,
                cancellationToken
            );
            foreach (var c in rows)
                try
                {
                    await db.SavepointAsync(async () =>
                    {
                        var done = await registering.RegisterAsync(
                            c.FilingId,
                            null,
                            false,
                            s.Number,
                            cancellationToken,
                            series: s.Registered > 0 || c != rows[0]
                        );
                        await db.ExecuteAsync(
                            "UPDATE triage_series_case SET stage = 'registered', case_id = @CaseId, case_number = @CaseNumber WHERE filing_id = @FilingId",
                            new
                            {
                                done.CaseId,
                                done.CaseNumber,
                                c.FilingId,
                            },
                            cancellationToken
                        );
                    });
                }
                catch (Exception e) when (e is RuleBroken or Conflict or NotFound)
                {
                    var why = e is RuleBroken rule ? texts.Of(rule) : e.Message;
                    await db.ExecuteAsync(
                        "UPDATE triage_series_case SET stage = 'refused', problem = @why WHERE filing_id = @FilingId",
                        new { why = why.Length > 400 ? why[..400] : why, c.FilingId },
                        cancellationToken
                    );
                }
            if (rows.Count < Size)
                await SeriesBook.Table.MoveAsync(db, "ready", s.State, new { s.Id, s.Version }, ct: cancellationToken);
            audit.Note("series", s.Id, new { rows = rows.Count });
            return rows.Count < Size ? 0 : rows.Count;
        }
    }
}
