using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Checks;

/// <summary>The handler gives a reason why a finding is left as it is; another person decides. Meanwhile its clock goes on.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.finding.explain")]
internal sealed record ExplainFinding : ICommand<FindingRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ExplainFinding>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(Findings findings, FindingBook book, Actor actor, AuditTrail audit) : ICommandHandler<ExplainFinding, FindingRow>
    {
        public async Task<FindingRow> Handle(ExplainFinding c, CancellationToken cancellationToken)
        {
            var f = await findings.GetAsync(c.Id, c.Version, cancellationToken);
            audit.Note("finding", f.Id, new { f.Leak }, f.CaseId);
            return await book.MoveAsync(
                f,
                FindingStep.Ask,
                cancellationToken,
                "reason = @Reason, reason_by = @by, decided_words = NULL",
                new
                {
                    f.Id,
                    f.Version,
                    c.Reason,
                    by = actor.Id,
                }
            );
        }
    }
}

/// <summary>Approves or refuses the reason of another. An approved one ends the finding; an asset that is not to be controlled is excused with it.</summary>
[Permit("enforcement.approve")]
[Audited("enforcement.finding.decide")]
internal sealed record DecideFinding : ICommand<FindingRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public bool Approve { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DecideFinding>
    {
        public Validator()
        {
            RuleFor(c => c.Words).NotEmpty().When(c => !c.Approve).WithMessage("不准的，请写明理由。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Findings findings, FindingBook book, MeasureBook measures, Actor actor, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<DecideFinding, FindingRow>
    {
        public async Task<FindingRow> Handle(DecideFinding c, CancellationToken cancellationToken)
        {
            var f = await findings.GetAsync(c.Id, c.Version, cancellationToken);
            if (f.ReasonBy == actor.Id)
                throw new RuleBroken("自己提出的理由不能自己批准。", code: "own-reason");
            var now = clock.StoredNow();
            f = c.Approve
                ? await book.MoveAsync(
                    f,
                    FindingStep.Approve,
                    cancellationToken,
                    "next_date = NULL, ended_at = @now, ended_how = 'reason', decided_by = @by, decided_words = @Words",
                    new
                    {
                        f.Id,
                        f.Version,
                        now,
                        by = actor.Id,
                        c.Words,
                    }
                )
                : await book.MoveAsync(
                    f,
                    FindingStep.Refuse,
                    cancellationToken,
                    "decided_by = @by, decided_words = @Words",
                    new
                    {
                        f.Id,
                        f.Version,
                        by = actor.Id,
                        c.Words,
                    }
                );
            if (
                c.Approve
                && f.Leak is LeakChecks.Control or LeakChecks.Clue
                && f.AssetId is { } id
                && await db.FirstAsync<AssetRow>(AssetRow.Columns + " WHERE a.id = @id", new { id }, cancellationToken)
                    is { State: AssetState.Found or AssetState.Clue } asset
            )
                await measures.MoveAsync(
                    asset,
                    AssetStep.Excuse,
                    cancellationToken,
                    "next_date = NULL, ended_on = @today, reason = @Reason",
                    new
                    {
                        asset.Id,
                        asset.Version,
                        today = Kernel.Web.Times.Day(now),
                        f.Reason,
                    }
                );
            audit.Note("finding", f.Id, new { f.Leak, c.Approve }, f.CaseId);
            return f;
        }
    }
}

/// <summary>Reads findings.</summary>
internal sealed class Findings(Db db, ICases cases)
{
    /// <exception cref="NotFound">No such finding, or its case is not for this actor.</exception>
    /// <exception cref="Conflict">It was changed since it was seen.</exception>
    public async Task<FindingRow> GetAsync(long id, int? version, CancellationToken ct)
    {
        var found = await db.FirstAsync<FindingRow>(FindingRow.Columns + " WHERE f.id = @id", new { id }, ct);
        if (found is null || !await cases.CanReadAsync(found.CaseId, ct))
            throw new NotFound("查漏事项", id);
        return version is null || version == found.Version ? found : throw new Conflict("查漏事项刚被他人办理，请刷新后再看。");
    }
}
