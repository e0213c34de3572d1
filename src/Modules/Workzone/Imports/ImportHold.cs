using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Imports;

/// <summary>Another run has this import in hand now.</summary>
internal sealed class TakenOver() : Conflict("这个导入已由另一处接着办理。");

/// <summary>One run at a time has an import in hand: each of its steps says so anew, and one that was silent for a while loses it.</summary>
internal sealed class ImportHold(Db db, TimeProvider clock)
{
    /// <summary>A step takes a second or two; a run this long silent is taken for dead. If it is not, its next step finds out.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>Takes it if no run that is alive has it.</summary>
    public async Task<bool> TakeAsync(long import, long runner, CancellationToken ct) =>
        await db.ExecuteAsync(
            "UPDATE workzone_import SET runner = @runner, active_at = @now WHERE id = @import AND state IN ('staging', 'importing') AND (runner IS "
                + "NULL OR runner = @runner OR active_at < @since)",
            new
            {
                import,
                runner,
                now = clock.GetUtcNow(),
                since = Since,
            },
            ct
        ) > 0;

    /// <summary>Part of each step: it is this run's turn still.</summary>
    /// <exception cref="TakenOver">It is not.</exception>
    public async Task DemandAsync(long import, long runner, CancellationToken ct)
    {
        if (
            await db.ExecuteAsync(
                "UPDATE workzone_import SET active_at = @now WHERE id = @import AND runner = @runner",
                new
                {
                    import,
                    runner,
                    now = clock.GetUtcNow(),
                },
                ct
            ) == 0
        )
            throw new TakenOver();
    }

    /// <summary>Whether a run that is alive has it.</summary>
    /// <param name="runner">The run that took it last.</param>
    /// <param name="activeAt">When that run was heard last.</param>
    public bool Holds(long? runner, DateTimeOffset? activeAt) => runner is not null && activeAt >= Since;

    private DateTimeOffset Since => clock.GetUtcNow() - Silence;
}

/// <summary>Takes an import in hand, if no other run has it. Half a stage left by a run before goes: the file is read anew. Answers where it stands; null:
/// not taken.</summary>
[Permit("workzone.cases.import")]
[Audited("workzone.import.take")]
internal sealed record TakeImport : ICommand<string?>
{
    public long Id { get; init; }
    public long Runner { get; init; }

    internal sealed class Handler(Db db, ImportHold hold, AuditTrail audit) : ICommandHandler<TakeImport, string?>
    {
        public async Task<string?> Handle(TakeImport request, CancellationToken cancellationToken)
        {
            if (!await hold.TakeAsync(request.Id, request.Runner, cancellationToken))
                return null;
            var state = await db.FirstAsync<string>("SELECT state FROM workzone_import WHERE id = @Id", new { request.Id }, cancellationToken);
            if (state == "staging")
                await db.ExecuteAsync("DELETE FROM workzone_import_row WHERE import_id = @Id", new { request.Id }, cancellationToken);
            audit.Note("import", request.Id, new { request.Runner });
            return state;
        }
    }
}
