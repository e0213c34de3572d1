using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Documents;
using FluentValidation;

namespace CourtOps.Workzone.Cases;

/// <summary>The document of a deduction, extension or conversion that came without one; from then on it counts.</summary>
[Permit("workzone.cases.clock")]
[Audited("workzone.clock.evidence")]
internal sealed record AttachEvidence : ICommand
{
    public long CaseId { get; init; }
    public long FactId { get; init; }
    public long? DocumentId { get; init; }

    internal sealed class Validator : AbstractValidator<AttachEvidence>
    {
        public Validator() => RuleFor(c => c.DocumentId).NotNull().WithMessage("请从本案文书中选择证明文件。");
    }

    internal sealed class Handler(ICases cases, IDocuments documents, ClockBook clocks, AuditTrail audit) : CommandHandler<AttachEvidence>
    {
        protected override async Task RunAsync(AttachEvidence command, CancellationToken ct)
        {
            await cases.GetAsync(command.CaseId, ct);
            var fact =
                (await clocks.FactsAsync(command.CaseId, ct)).FirstOrDefault(f => f.Id == command.FactId && f.UndoneAt is null)
                ?? throw new NotFound("审限登记", command.FactId);
            if ((await documents.GetAsync(command.DocumentId!.Value, ct)).CaseId != command.CaseId)
                throw new RuleBroken("证明文件不是本案的文书。", "DocumentId");
            if (!await clocks.EvidenceAsync(command.CaseId, fact, command.DocumentId, ct))
                throw new RuleBroken("这项登记已有证明文件；有误的请撤销后重新登记。", "DocumentId", "has-evidence");
            audit.Note("case", command.CaseId, new { command.FactId, command.DocumentId }, command.CaseId);
        }
    }
}

/// <summary>
/// A deduction, extension or conversion that was recorded wrongly is taken back; it stays in the record with who and why, the limit is computed without it
/// and the right one can be recorded. What a centre's work recorded, extensions and conversions are taken back by a leader.
/// </summary>
[Permit("workzone.cases.read")]
[Audited("workzone.clock.undo")]
internal sealed record UndoClockFact : ICommand
{
    public long CaseId { get; init; }
    public long FactId { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>The version the person saw; null where a program did not look.</summary>
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<UndoClockFact>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明撤销的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(
        Db db,
        ICases cases,
        ClockBook clocks,
        Triggers.EventOrders orders,
        Supervision.CaseCounts counts,
        Inspections.InspectionBook inspections,
        TimeProvider clock,
        Actor actor,
        AuditTrail audit
    ) : CommandHandler<UndoClockFact>
    {
        protected override async Task RunAsync(UndoClockFact command, CancellationToken ct)
        {
            await cases.GetAsync(command.CaseId, ct);
            var facts = await clocks.FactsAsync(command.CaseId, ct);
            var fact = facts.FirstOrDefault(f => f.Id == command.FactId && f.UndoneAt is null) ?? throw new NotFound("审限登记", command.FactId);
            var key = await clocks.KeyAsync(fact.Id, ct);
            var byHand = fact.Kind == "deduction" && (key.StartsWith("by-hand:", StringComparison.Ordinal) || key.StartsWith("api:", StringComparison.Ordinal));
            actor.Demand(byHand && !actor.Can("workzone.cases.extend") ? "workzone.cases.clock" : "workzone.cases.extend");
            if (command.Version is { } seen && seen != fact.Version)
                throw new Conflict("这项登记刚被他人修改，请核对后再撤销。");
            if (fact.Kind == "conversion")
                await UnconvertAsync(fact, facts, ct);
            await clocks.UndoAsync(fact, command.Reason.Trim(), ct);
            var withdrawn = new List<string>();
            foreach (
                var id in await db.QueryAsync<long>(
                    "SELECT id FROM workzone_case_event WHERE case_id = @CaseId AND source_key IN @keys AND undone_at IS NULL",
                    new { command.CaseId, keys = EventKeys(fact, key) },
                    ct
                )
            )
            {
                await db.ExecuteAsync(
                    "UPDATE workzone_case_event SET undone_at = @now, source_key = CONCAT('undone:', id) WHERE id = @id",
                    new { id, now = clock.GetUtcNow() },
                    ct
                );
                withdrawn.AddRange(await orders.WithdrawAsync(id, "所依据的审限登记已经撤销。", ct));
            }
            if (key.StartsWith("extension:", StringComparison.Ordinal) && long.TryParse(key["extension:".Length..], out var application))
                await db.ExecuteAsync(
                    "UPDATE workzone_extension SET state = 'undone', version = version + 1 WHERE id = @application AND case_id = @CaseId",
                    new { application, command.CaseId },
                    ct
                );
            await clocks.RecomputeAsync(command.CaseId, "undone", ct);
            audit.Note(
                "case",
                command.CaseId,
                new
                {
                    undone = fact.Kind,
                    fact.Code,
                    fact.FromOn,
                    withdrawn,
                },
                command.CaseId,
                command.Reason.Trim()
            );
            await inspections.InspectAsync([command.CaseId], ct);
        }

        // the events that stand for a fact
        private static string[] EventKeys(ClockFact fact, string key) =>
            fact.Kind switch
            {
                "deduction" => ["deduct:" + key, "deduct-end:" + key],
                "extension" => ["extend:" + key],
                _ => [$"converted:{fact.Code}:{Times.Iso(fact.FromOn)}"],
            };

        // what came after it comes from what it came from; of the last one the case goes back
        private async Task UnconvertAsync(ClockFact fact, IReadOnlyList<ClockFact> facts, CancellationToken ct)
        {
            var from = fact.FromCode ?? throw new RuleBroken("这次转换没有记录原来的程序，不能撤销；请更正适用程序。", "FactId", "no-origin");
            var next = facts
                .Where(f => f.Kind == "conversion" && f.UndoneAt is null && (f.FromOn > fact.FromOn || (f.FromOn == fact.FromOn && f.Id > fact.Id)))
                .OrderBy(f => f.FromOn)
                .ThenBy(f => f.Id)
                .FirstOrDefault();
            if (next is not null)
            {
                ConversionRules.Demand(from, next.Code);
                await db.ExecuteAsync("UPDATE workzone_clock_fact SET from_code = @from, version = version + 1 WHERE id = @Id", new { from, next.Id }, ct);
                return;
            }
            await counts.ExecuteAsync(
                fact.CaseId,
                "UPDATE workzone_case SET procedure_code = @from, changed_at = @now, moved_at = @now, version = version + 1 WHERE id = @CaseId",
                new
                {
                    from,
                    fact.CaseId,
                    now = clock.GetUtcNow(),
                },
                ct
            );
        }
    }
}

/// <summary>
/// A closing that was entered wrongly is taken back: the case is open, its limit runs, the orders of the closing are withdrawn, and whoever heard of the
/// closing hears of this. A case that is archived, effective or decided above stays closed.
/// </summary>
[Permit("workzone.cases.reopen")]
[Audited("workzone.case.reopen")]
internal sealed record ReopenCase : ICommand
{
    public long CaseId { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>The version the person saw; null where a program did not look.</summary>
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<ReopenCase>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明撤回结案的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(
        Db db,
        ICases cases,
        ICaseRegister register,
        ClockBook clocks,
        Triggers.EventOrders orders,
        Supervision.CaseCounts counts,
        Inspections.InspectionBook inspections,
        Outbox outbox,
        TimeProvider clock,
        AuditTrail audit,
        Kernel.Search.SearchChanges search
    ) : CommandHandler<ReopenCase>
    {
        private static readonly Dictionary<string, string> Final = new()
        {
            ["archived"] = "案件已经归档，不能撤回结案；请先由编目中心退回档案。",
            ["effective"] = "裁判已经登记生效，不能撤回结案；登记有误的请先撤回生效。",
            ["transferred"] = "案件已经移送其他法院，不能撤回结案；移送登记有误的请先撤回移送。",
            ["upper-result"] = "上级法院已经裁判，不能撤回结案。",
        };

        protected override async Task RunAsync(ReopenCase command, CancellationToken ct)
        {
            await cases.GetAsync(command.CaseId, ct);
            var c = (
                await db.FirstAsync<Row>("SELECT state, closed_on, closed_how, version FROM workzone_case WHERE id = @CaseId", new { command.CaseId }, ct)
            )!;
            if (command.Version is { } seen && seen != c.Version)
                throw new Conflict("案件信息刚被他人修改，请核对后再撤回结案。");
            if (c.State != "closed" || c.ClosedOn is not { } closed)
                throw new RuleBroken("案件没有结案，不用撤回。", "Reason", "open");
            var lived = await db.QueryAsync<Lived>(
                "SELECT id, event, on_day FROM workzone_case_event WHERE case_id = @CaseId AND undone_at IS NULL ORDER BY on_day, id",
                new { command.CaseId },
                ct
            );
            if (lived.Select(l => Final.GetValueOrDefault(l.Event)).FirstOrDefault(w => w is not null) is { } why)
                throw new RuleBroken(why, "Reason", "final");
            if (
                await counts.ExecuteAsync(
                    command.CaseId,
                    "UPDATE workzone_case SET state = 'open', closed_on = NULL, closed_how = NULL, changed_at = @now, moved_at = @now, version = version + 1 "
                        + "WHERE id = @CaseId AND state = 'closed' AND version = @Version",
                    new
                    {
                        command.CaseId,
                        c.Version,
                        now = clock.GetUtcNow(),
                    },
                    ct
                ) == 0
            )
                throw new Conflict("案件信息刚被他人修改，请核对后再撤回结案。");
            var withdrawn = new List<string>();
            foreach (var e in lived.Where(l => l.Event == "closed"))
            {
                await db.ExecuteAsync(
                    "UPDATE workzone_case_event SET undone_at = @now, source_key = CONCAT('undone:', id) WHERE id = @Id",
                    new { e.Id, now = clock.GetUtcNow() },
                    ct
                );
                withdrawn.AddRange(await orders.WithdrawAsync(e.Id, "结案已经撤回。", ct));
            }
            await clocks.RecomputeAsync(command.CaseId, "reopened", ct);
            await outbox.AddAsync(
                Catalogue.CaseKey(command.CaseId),
                new CaseClosed
                {
                    CaseId = command.CaseId,
                    On = closed,
                    How = c.ClosedHow ?? "other",
                    Reopened = true,
                },
                ct
            );
            var today = Times.Day(clock.GetUtcNow());
            await register.RecordAsync(
                command.CaseId,
                "reopened",
                today,
                $"reopened:{lived.Where(l => l.Event == "closed").Select(l => l.Id).LastOrDefault()}:{c.Version}",
                new Dictionary<string, string> { ["was"] = Times.Iso(closed), ["note"] = command.Reason.Trim() },
                null,
                ct
            );
            await search.AddManyAsync(Search.CaseSource.Name, [command.CaseId], ct);
            audit.Note(
                "case",
                command.CaseId,
                new
                {
                    reopened = true,
                    closed,
                    c.ClosedHow,
                    withdrawn,
                },
                command.CaseId,
                command.Reason.Trim()
            );
            await inspections.InspectAsync([command.CaseId], ct);
        }

        private sealed record Row
        {
            public string State { get; init; } = "";
            public DateOnly? ClosedOn { get; init; }
            public string? ClosedHow { get; init; }
            public int Version { get; init; }
        }

        private sealed record Lived
        {
            public long Id { get; init; }
            public string Event { get; init; } = "";
            public DateOnly OnDay { get; init; }
        }
    }
}
