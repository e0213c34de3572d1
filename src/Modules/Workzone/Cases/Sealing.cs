using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Rights;

namespace CourtOps.Workzone.Cases;

/// <summary>A sealed case is seen by its judge and by whoever has an order of it in hand; by no team and no court-wide view. Called inside commands.</summary>
internal sealed class Sealing(Db db, TeamAccess teams, AuditTrail audit, Changes changes, Supervision.CaseCounts counts)
{
    public async Task CloseAsync(long caseId, string reason, CancellationToken ct)
    {
        if (
            await counts.ExecuteAsync(
                caseId,
                "UPDATE workzone_case SET sealed = 1, sealed_reason = @reason, version = version + 1 WHERE id = @caseId AND sealed = 0",
                new { caseId, reason },
                ct
            ) == 0
        )
            throw new RuleBroken("案件已经封存。", code: "state");
        await SpreadAsync(caseId, "sealed", ct);
    }

    public async Task OpenAsync(long caseId, CancellationToken ct)
    {
        if (
            await counts.ExecuteAsync(
                caseId,
                "UPDATE workzone_case SET sealed = 0, sealed_reason = NULL, version = version + 1 WHERE id = @caseId AND sealed = 1",
                new { caseId },
                ct
            ) == 0
        )
            throw new RuleBroken("案件没有封存。", code: "state");
        await SpreadAsync(caseId, "unsealed", ct);
    }

    private async Task SpreadAsync(long caseId, string what, CancellationToken ct)
    {
        await teams.RefreshCaseAsync(caseId, ct);
        await db.ExecuteAsync("UPDATE workzone_order SET restricted = @restricted WHERE case_id = @caseId", new { caseId, restricted = what == "sealed" }, ct);
        audit.Note("case", caseId, new { what });
        var topics = (await db.QueryAsync<long>("SELECT id FROM workzone_order WHERE case_id = @caseId", new { caseId }, ct))
            .Select(o => $"order:{o}")
            .Append($"case:{caseId}")
            .ToList();
        db.OnCommitted(() => topics.ForEach(changes.Reshuffle));
    }
}

/// <summary>Seals a case at once: it only lessens who sees it.</summary>
[Permit("workzone.cases.seal")]
[Audited("workzone.case.seal")]
internal sealed record SealCase : ICommand
{
    public long CaseId { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(CaseAccess access, Sealing sealing) : CommandHandler<SealCase>
    {
        protected override async Task RunAsync(SealCase command, CancellationToken ct)
        {
            await access.DemandAsync(command.CaseId, ct);
            if (string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > 200)
                throw new RuleBroken("请写明封存的理由，最长 200 个字符。", "Reason");
            await sealing.CloseAsync(command.CaseId, command.Reason.Trim(), ct);
        }
    }
}

/// <summary>Asks for a sealed case to be opened; a leader of the court, another person, decides.</summary>
[Permit("workzone.cases.seal")]
[Audited("workzone.case.ask-unseal")]
internal sealed record AskToUnseal : ICommand<long>
{
    public long CaseId { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(Db db, CaseAccess access, RightsBook book) : ICommandHandler<AskToUnseal, long>
    {
        public async Task<long> Handle(AskToUnseal request, CancellationToken cancellationToken)
        {
            await access.DemandAsync(request.CaseId, cancellationToken);
            var row =
                await db.FirstAsync<Row>("SELECT id, number, court_id, sealed FROM workzone_case WHERE id = @CaseId", new { request.CaseId }, cancellationToken)
                ?? throw new NotFound("案件", request.CaseId);
            if (!row.Sealed)
                throw new RuleBroken("案件没有封存。", code: "state");
            return await book.AskAsync(
                ChangeKind.Unseal,
                row.Id,
                row.Number,
                row.CourtId,
                new UnsealBody(row.Id, row.Number),
                request.Reason.Trim(),
                null,
                cancellationToken
            );
        }
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public long CourtId { get; init; }
        public bool Sealed { get; init; }
    }
}
