using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Trails;

/// <summary>The alarms for the auditor: open ones first.</summary>
[Permit("workzone.audit.read")]
internal sealed record ListAlarms : IQuery<IReadOnlyList<ListAlarms.Row>>
{
    public bool Closed { get; init; }

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Kind { get; init; } = "";
        public long PersonId { get; init; }
        public string PersonLogin { get; init; } = "";
        public string PersonName { get; init; } = "";
        public DateTimeOffset WindowFrom { get; init; }
        public DateTimeOffset WindowTo { get; init; }
        public int Hits { get; init; }
        public string State { get; init; } = "";
        public DateTimeOffset RaisedAt { get; init; }
        public string? DecidedBy { get; init; }
        public DateTimeOffset? DecidedAt { get; init; }
        public string? Decision { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListAlarms, IReadOnlyList<Row>>
    {
        public async Task<IReadOnlyList<Row>> Handle(ListAlarms request, CancellationToken cancellationToken)
        {
            var scope = await AuditScope.OfAsync(db, actor, cancellationToken);
            return await scope.NewestAsync<Row>(
                db,
                "SELECT x.id, x.kind, x.person_id, x.person_login, x.person_name, x.window_from, x.window_to, x.hits, x.state, x.raised_at, "
                    + "x.decided_by, x.decided_at, x.decision FROM kernel_alarm x WHERE "
                    + scope.Condition
                    + "x.state = @state",
                new { state = request.Closed ? "acknowledged" : "open", court = scope.Walked },
                200,
                r => r.Id,
                cancellationToken
            );
        }
    }
}

/// <summary>The auditor has looked into it and says what it was. The words stay.</summary>
[Permit("workzone.audit.decide")]
[Audited("workzone.alarm.decide")]
internal sealed record AcknowledgeAlarm : ICommand
{
    public long Id { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, Actor actor, AuditTrail audit, TimeProvider clock) : CommandHandler<AcknowledgeAlarm>
    {
        protected override async Task RunAsync(AcknowledgeAlarm command, CancellationToken ct)
        {
            if (command.Reason.Trim().Length < 4)
                throw new RuleBroken("请写明核查结论，至少 4 个字。", "Reason");
            var scope = await AuditScope.OfAsync(db, actor, ct);
            if (await db.FirstAsync<long?>("SELECT court_id FROM kernel_alarm WHERE id = @Id", new { command.Id }, ct) is not { } court || !scope.Covers(court))
                throw new NotFound("告警", command.Id);
            if (
                await db.ExecuteAsync(
                    "UPDATE kernel_alarm SET state = 'acknowledged', decided_by = @Name, decided_at = @now, decision = @words WHERE id = @Id AND "
                        + "state = 'open' AND person_id <> @me",
                    new
                    {
                        actor.Name,
                        now = clock.GetUtcNow(),
                        words = command.Reason.Trim(),
                        command.Id,
                        me = actor.Id,
                    },
                    ct
                ) == 0
            )
                throw new RuleBroken("这条告警已经处理过，或者涉及您本人。", "Reason");
            audit.Note("alarm", command.Id);
        }
    }
}
