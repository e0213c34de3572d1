using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Workzone.Register;

/// <summary>Who may sit, and how many. Pure.</summary>
internal static class PanelRules
{
    public const string Presider = "presider";
    public const string Member = "member";
    public const string Assessor = "assessor";

    public static readonly IReadOnlyDictionary<string, string> Roles = new Dictionary<string, string>
    {
        [Presider] = "审判长",
        [Member] = "审判员",
        [Assessor] = "人民陪审员",
    };

    /// <summary>Why a panel cannot sit so; null where it can. 3 or 7 with assessors, any odd number from three without (CPL 40, 41; 人民陪审员法 14).</summary>
    /// <param name="judges">Presider and members.</param>
    /// <param name="assessors">Names of assessors.</param>
    /// <param name="second">Second instance: judges alone.</param>
    public static string? WhyNot(IReadOnlyList<long> judges, IReadOnlyList<string> assessors, bool second)
    {
        var all = judges.Count + assessors.Count;
        if (all < 3 || all % 2 == 0)
            return "合议庭应为三人以上的单数。";
        if (judges.Distinct().Count() < judges.Count || assessors.Distinct().Count() < assessors.Count)
            return "合议庭成员重复。";
        if (second && assessors.Count > 0)
            return "第二审合议庭由审判员组成，不能有人民陪审员。";
        if (assessors.Count > 0 && all is not (3 or 7))
            return "有人民陪审员的合议庭为三人或者七人。";
        return assessors.Count > 4 || (all == 7 && assessors.Count != 4 && assessors.Count > 0) ? "七人合议庭由审判员三人、人民陪审员四人组成。" : null;
    }
}

/// <summary>The panel of a case from a day on; the one before stays in the history.</summary>
[Permit("workzone.cases.panel")]
[Audited("workzone.case.panel")]
internal sealed record SavePanel : ICommand<bool>
{
    public long CaseId { get; init; }
    public DateOnly? FromOn { get; init; }
    public long PresiderId { get; init; }
    public IReadOnlyList<long> MemberIds { get; init; } = [];

    /// <summary>Names, with 、 or a blank between.</summary>
    public string Assessors { get; init; } = "";
    public string Reason { get; init; } = "";

    /// <summary>What it comes from, where another system says it: the same key is one panel.</summary>
    public string? Key { get; init; }

    internal sealed class Validator : AbstractValidator<SavePanel>
    {
        public Validator()
        {
            RuleFor(c => c.FromOn).NotNull().WithMessage("请填从哪天起。");
            RuleFor(c => c.PresiderId).GreaterThan(0).WithMessage("请选择审判长。");
            RuleFor(c => c.Assessors).MaximumLength(300).WithMessage("人民陪审员最长 300 个字符。");
            RuleFor(c => c.Reason).MaximumLength(400).WithMessage("理由最长 400 个字符。");
            RuleFor(c => c.Key).MaximumLength(100).WithMessage("key 最长 100 个字符。");
        }
    }

    internal sealed class Handler(PanelBook panels, ICases cases) : ICommandHandler<SavePanel, bool>
    {
        public async Task<bool> Handle(SavePanel request, CancellationToken cancellationToken)
        {
            await cases.GetAsync(request.CaseId, cancellationToken);
            return await panels.SaveAsync(request, cancellationToken);
        }
    }
}

/// <summary>Writes panels in the transaction that is open; what arrives late stands behind what is later.</summary>
internal sealed class PanelBook(Db db, Ids ids, TimeProvider clock, Actor actor, ICaseRegister register, AuditTrail audit)
{
    /// <summary>False where the key has its panel already.</summary>
    public async Task<bool> SaveAsync(SavePanel request, CancellationToken ct)
    {
        var c =
            await db.FirstAsync<CaseRow>(
                """
                SELECT id, court_id, number_type, filed_on
                FROM workzone_case
                WHERE id = @CaseId
                """,
                new { request.CaseId },
                ct
            ) ?? throw new NotFound("案件", request.CaseId);
        var on = request.FromOn!.Value;
        if (on < c.FiledOn)
            throw new RuleBroken($"组成日期 {Times.Iso(on)} 早于立案日期 {Times.Iso(c.FiledOn)}。", "FromOn");
        if (on > Times.Day(clock.GetUtcNow()))
            throw new RuleBroken($"组成日期 {Times.Iso(on)} 在今天之后。", "FromOn");
        List<long> judges = [request.PresiderId, .. request.MemberIds];
        var assessors = Names(request.Assessors);
        if (PanelRules.WhyNot(judges, assessors, c.NumberType.Contains('终', StringComparison.Ordinal)) is { } why)
            throw new RuleBroken(why, "MemberIds", "panel");
        var known = (await register.JudgesAsync(c.CourtId, on, ct)).ToDictionary(j => j.Id);
        var recused = await register.RecusedAsync(request.CaseId, ct);
        foreach (var id in judges)
        {
            if (!known.TryGetValue(id, out var judge))
                throw new RuleBroken("不是本院在岗的法官。", id == request.PresiderId ? "PresiderId" : "MemberIds");
            if (recused.Contains(id))
                throw new RuleBroken($"{judge.Name}已在本案回避。", id == request.PresiderId ? "PresiderId" : "MemberIds", "recused");
        }
        var key = request.Key is { Length: > 0 } given
            ? "api:" + given
            : $"{Times.Iso(on)}:{Secrets.Digest(string.Join(',', judges) + "|" + string.Join(',', assessors))[..16]}";
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_panel WHERE case_id = @CaseId AND source_key = @key", new { request.CaseId, key }, ct) > 0)
            return false;
        var panel = ids.Next();
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_panel (id, case_id, from_on, reason, source_key, recorded_by, recorded_at)
            VALUES (@panel, @CaseId, @on, @reason, @key, @by, @now)
            """,
            new
            {
                panel,
                request.CaseId,
                on,
                reason = request.Reason.Trim(),
                key,
                by = actor.Name,
                now = clock.GetUtcNow(),
            },
            ct
        );
        var n = 0;
        foreach (var id in judges)
            await db.ExecuteAsync(
                "INSERT INTO workzone_panel_member (panel_id, n, role, name, person_id) VALUES (@panel, @n, @role, @Name, @id)",
                new
                {
                    panel,
                    n = ++n,
                    role = n == 1 ? PanelRules.Presider : PanelRules.Member,
                    known[id].Name,
                    id,
                },
                ct
            );
        foreach (var name in assessors)
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_panel_member (panel_id, n, role, name, person_id)
                VALUES (@panel, @n, 'assessor', @name, NULL)
                """,
                new
                {
                    panel,
                    n = ++n,
                    name,
                },
                ct
            );
        await register.RecordAsync(
            request.CaseId,
            "panel-formed",
            on,
            "panel:" + key,
            new Dictionary<string, string> { ["presider"] = known[request.PresiderId].Name, ["members"] = $"{n}" },
            null,
            ct
        );
        audit.Note("case", request.CaseId, new { panel = judges, assessors = assessors.Count }, request.CaseId, request.Reason.Trim());
        return true;
    }

    internal static IReadOnlyList<string> Names(string text) =>
        [.. text.Split(['、', ',', '，', ' ', '　', ';', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private sealed record CaseRow
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
        public string NumberType { get; init; } = "";
        public DateOnly FiledOn { get; init; }
    }
}
