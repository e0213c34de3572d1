using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Rights;
using FluentValidation;

namespace CourtOps.Workzone.Courts;

/// <summary>
/// A court has become part of another: from now on the rules of the other count for what it still has in hand; its own stay in the history and count again
/// where the merger is taken back. Cases, people and numbers stay where they are.
/// </summary>
[Permit("workzone.courts.manage")]
[Audited("workzone.court.merge")]
internal sealed record MergeCourt : ICommand
{
    public long Id { get; init; }

    /// <summary>Code of the court it has become part of; empty takes the merger back.</summary>
    public string Into { get; init; } = "";
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<MergeCourt>
    {
        public Validator()
        {
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明合并或者撤销合并的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
            RuleFor(c => c.Into).MaximumLength(20).WithMessage("法院代字形如“吉”“吉24”“吉2424”。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, AuditTrail audit, Kernel.Settings.SettingStore settings) : CommandHandler<MergeCourt>
    {
        protected override async Task RunAsync(MergeCourt command, CancellationToken ct)
        {
            if (
                await db.ScalarAsync<int>(
                    """
                    SELECT COUNT(*)
                    FROM workzone_court
                    WHERE id = @Id
                    """,
                    new { command.Id },
                    ct
                ) == 0
                || !(actor.IsSystem || AdminScope.Covers(actor, command.Id))
            )
                throw new NotFound("法院", command.Id);
            long? into = null;
            if (command.Into.Trim() is { Length: > 0 } code)
            {
                into = await db.FirstAsync<long?>("SELECT id FROM workzone_court WHERE code = @code", new { code }, ct);
                if (into is null || !(actor.IsSystem || AdminScope.Covers(actor, into.Value)))
                    throw new RuleBroken("该法院不在您管理的范围内。", "Into", "scope");
                if (into == command.Id)
                    throw new RuleBroken("法院不能并入自己。", "Into", "circle");
                if (
                    await db.ScalarAsync<int>(
                        """
                        SELECT COUNT(*)
                        FROM workzone_court
                        WHERE (id = @into AND merged_into_id IS NOT NULL) OR merged_into_id = @Id
                        """,
                        new { into, command.Id },
                        ct
                    ) > 0
                )
                    throw new RuleBroken("其中一个法院已经并入别的法院，或者有法院并入它；请先撤销那次合并。", "Into", "circle");
            }
            await db.ExecuteAsync("UPDATE workzone_court SET merged_into_id = @into, version = version + 1 WHERE id = @Id", new { into, command.Id }, ct);
            audit.Note("court", command.Id, new { merged = into }, reason: command.Reason.Trim());
            await settings.TouchAsync(db, ct);
        }
    }
}
