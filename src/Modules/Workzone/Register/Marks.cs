using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Notices;
using FluentValidation;

namespace CourtOps.Workzone.Register;

/// <summary>四类案件: cases that the court's leaders watch (《关于进一步完善“四类案件”监督管理工作机制的指导意见》).</summary>
internal static class CaseMarks
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["grave"] = "重大、疑难、复杂、敏感",
        ["mass"] = "涉及群体性纠纷或者引发社会广泛关注",
        ["conflict"] = "可能与类案裁判发生冲突",
        ["reported"] = "有关单位或者个人反映法官有违法审判行为",
    };

    public static IReadOnlyList<string> Of(string? stored) => string.IsNullOrEmpty(stored) ? [] : stored.Split(' ');
}

/// <summary>Marks a case, or takes the marks away, and says which leaders watch it besides: they hear of everything that happens to it.</summary>
[Permit("workzone.cases.mark")]
[Audited("workzone.case.mark")]
internal sealed record MarkCase : ICommand
{
    public long CaseId { get; init; }
    public IReadOnlyList<string> Marks { get; init; } = [];
    public IReadOnlyList<long> WatcherIds { get; init; } = [];
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<MarkCase>
    {
        public Validator()
        {
            RuleFor(c => c.Marks).Must(m => m.All(CaseMarks.Labels.ContainsKey)).WithMessage("没有这种标识。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明标识或者取消的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
            RuleFor(c => c.WatcherIds).Must(w => w.Count <= 20).WithMessage("监督人最多 20 名。");
            RuleFor(c => c.WatcherIds).Empty().When(c => c.Marks.Count == 0).WithMessage("没有标识的案件没有监督人。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        ICases cases,
        Watchers watchers,
        TimeProvider clock,
        Notifier notifier,
        AuditTrail audit,
        Changes changes,
        Supervision.CaseCounts counts
    ) : CommandHandler<MarkCase>
    {
        protected override async Task RunAsync(MarkCase command, CancellationToken ct)
        {
            var card = await cases.GetAsync(command.CaseId, ct);
            var leaders = await watchers.PossibleAsync(command.CaseId, ct);
            if (command.WatcherIds.Any(w => leaders.All(l => l.Id != w)))
                throw new RuleBroken("监督人应是本院在岗、没有在本案回避的院领导。", "WatcherIds");
            var now = clock.GetUtcNow();
            var marks = string.Join(' ', CaseMarks.Labels.Keys.Where(command.Marks.Contains));
            await counts.ExecuteAsync(
                command.CaseId,
                """
                UPDATE workzone_case
                SET marks = @marks, changed_at = @now, moved_at = @now, version = version + 1
                WHERE id = @CaseId
                """,
                new
                {
                    command.CaseId,
                    marks = marks.Length == 0 ? null : marks,
                    now,
                },
                ct
            );
            await db.ExecuteAsync(
                """
                UPDATE workzone_case_watch
                SET ended_at = @now
                WHERE case_id = @CaseId AND ended_at IS NULL AND person_id NOT IN @keep
                """,
                new
                {
                    command.CaseId,
                    now,
                    keep = command.WatcherIds.Append(0L),
                },
                ct
            );
            foreach (var leader in leaders.Where(l => command.WatcherIds.Contains(l.Id)))
                if (
                    await db.ScalarAsync<int>(
                        """
                        SELECT COUNT(*)
                        FROM workzone_case_watch
                        WHERE case_id = @CaseId AND person_id = @Id AND ended_at IS NULL
                        """,
                        new { command.CaseId, leader.Id },
                        ct
                    ) == 0
                )
                {
                    await db.ExecuteAsync(
                        """
                        INSERT INTO workzone_case_watch (id, case_id, person_id, person_name, since)
                        VALUES (@id, @CaseId, @person, @Name, @now)
                        """,
                        new
                        {
                            id = ids.Next(),
                            command.CaseId,
                            person = leader.Id,
                            leader.Name,
                            now,
                        },
                        ct
                    );
                    await notifier.AddAsync(
                        leader.Id,
                        NoticeKinds.Watched,
                        $"watched:{command.CaseId}:{now:yyyyMMddHHmmss}",
                        new
                        {
                            caseId = card.Id,
                            number = card.Number,
                            what = "marked",
                        },
                        caseId: card.Id,
                        ct: ct
                    );
                }
            audit.Note("case", command.CaseId, new { marks, watchers = command.WatcherIds }, command.CaseId, command.Reason.Trim());
            db.OnCommitted(() => changes.Say($"case:{command.CaseId}"));
        }
    }
}

/// <summary>Who may watch a marked case, and who does.</summary>
internal sealed class Watchers(Db db, TimeProvider clock)
{
    /// <summary>Leaders of the case's court in office who are not recused from it.</summary>
    public async Task<IReadOnlyList<PersonCard>> PossibleAsync(long caseId, CancellationToken ct) =>
        (
            await db.QueryAsync<PersonCard>(
                """
                SELECT DISTINCT p.id, p.login, p.name FROM workzone_person p
                JOIN workzone_role_grant r ON r.person_id = p.id AND r.role = 'leader' AND (r.until_at IS NULL OR r.until_at > @now)
                JOIN workzone_case c ON c.court_id = r.court_id
                WHERE c.id = @caseId AND p.state = 'active' AND NOT EXISTS (SELECT 1 FROM workzone_recusal x WHERE x.case_id = c.id AND x.person_id = p.id
                    AND x.ended_at IS NULL)
                ORDER BY p.name, p.id
                """,
                new { caseId, now = clock.GetUtcNow() },
                ct
            )
        ).ByName(p => p.Name);

    public Task<IReadOnlyList<long>> OfAsync(long caseId, CancellationToken ct) =>
        db.QueryAsync<long>(
            """
            SELECT w.person_id
            FROM workzone_case_watch w
            JOIN workzone_person p ON p.id = w.person_id
            WHERE w.case_id = @caseId AND w.ended_at IS NULL AND p.state = 'active'
            """,
            new { caseId },
            ct
        );
}
