using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Drafts;

/// <summary>What a court sets of signing documents off.</summary>
internal sealed record SignOffRules
{
    /// <summary>1: judgments and rulings of every case need the head's signature; 0: only those of the four kinds of case (四类案件).</summary>
    public int HeadForAll { get; init; }

    /// <summary>Of a hundred issued documents how many are looked at again.</summary>
    public int SamplePercent { get; init; } = 5;
}

/// <summary>A signature beside those of assistant and judge.</summary>
internal sealed record Signature
{
    public long PersonId { get; init; }

    /// <summary>member or head.</summary>
    public string Role { get; init; } = "";
    public string Name { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>What is still missing before a document may be issued. Pure.</summary>
internal static class SignOffChain
{
    public const string Member = "member";
    public const string Head = "head";

    public static readonly IReadOnlyDictionary<string, string> Roles = new Dictionary<string, string> { [Member] = "合议庭成员", [Head] = "院庭长" };

    /// <summary>What no program can see and the judge confirms before a judgment is issued.</summary>
    public static readonly IReadOnlyDictionary<string, string> Checklist = new Dictionary<string, string>
    {
        ["operative"] = "主文明确、能够执行",
        ["reasons"] = "说理回应了争议焦点和各方主要理由",
        ["privacy"] = "没有写入不应公开的隐私、秘密",
        ["law"] = "引用的法律与认定的事实对应",
        ["names"] = "姓名、金额、日期已与卷宗逐一核对",
    };

    /// <summary>Kinds that the panel signs; everything else is the judge's alone.</summary>
    public static bool IsDecision(string kind) => kind is "judgment" or "ruling" or "mediation";

    /// <summary>Judges of the panel, beside the judge of the case, who have not signed.</summary>
    public static IReadOnlyList<string> Unsigned(IReadOnlyList<Sitting> panel, long? judgeId, IReadOnlyList<Signature> signed) =>
        [.. panel.Where(p => p.PersonId is { } id && id != judgeId && signed.All(s => s.PersonId != id || s.Role != Member)).Select(p => p.Name)];

    /// <summary>Items of the checklist that were not confirmed; none for anything but a judgment.</summary>
    public static IReadOnlyList<string> Unconfirmed(string kind, IEnumerable<string> confirmed) =>
        kind == "judgment" ? [.. Checklist.Where(c => !confirmed.Contains(c.Key)).Select(c => c.Value)] : [];

    /// <summary>Whether the head signs: cases of the four kinds (法发〔2021〕30号), and by the court's own rule all.</summary>
    public static bool NeedsHead(string kind, IReadOnlyList<string> marks, SignOffRules rules) =>
        IsDecision(kind) && (marks.Count > 0 || rules.HeadForAll == 1);

    /// <summary>Whether a document is picked for another look: the same document always, spread evenly over ids.</summary>
    public static bool IsPicked(long draftId, int percent) => (int)(((ulong)draftId * 11400714819323198485UL) >> 33) % 100 < percent;
}

/// <summary>The chain of a draft; plain methods in the open transaction.</summary>
internal sealed class SignOffs(Db db, ICases cases, ICasePanels panels, ISettings settings, TimeProvider clock)
{
    /// <param name="Panel">The other judges who were asked when the judge signed.</param>
    internal sealed record Chain(IReadOnlyList<Sitting> Panel, IReadOnlyList<Signature> Signed, IReadOnlyList<string> Marks, bool NeedsHead, bool Searched);

    public async Task<Chain> OfAsync(Draft draft, CancellationToken ct)
    {
        var decision = SignOffChain.IsDecision(draft.Kind);
        var asked = await db.QueryAsync<Signature>(
            "SELECT person_id, 'member' AS role, name FROM trial_sign_due WHERE draft_id = @Id AND revision = @Revision ORDER BY name, person_id",
            new { draft.Id, draft.Revision },
            ct
        );
        var marks = decision && await cases.CanReadAsync(draft.CaseId, ct) ? await panels.MarksAsync(draft.CaseId, ct) : [];
        return new Chain(
            [.. asked.Select(a => new Sitting(a.Role, a.Name, a.PersonId))],
            await db.QueryAsync<Signature>(
                "SELECT person_id, role, name, at FROM trial_signature WHERE draft_id = @Id AND revision = @Revision ORDER BY at, person_id",
                new { draft.Id, draft.Revision },
                ct
            ),
            marks,
            SignOffChain.NeedsHead(draft.Kind, marks, settings.Current<SignOffRules>(draft.CourtId)),
            marks.Count == 0 || await db.ScalarAsync<int>("SELECT COUNT(*) FROM trial_search WHERE case_id = @CaseId", new { draft.CaseId }, ct) > 0
        );
    }

    /// <summary>The judge has signed: the other judges of the panel are asked.</summary>
    public async Task AskAsync(Draft draft, CancellationToken ct)
    {
        if (!SignOffChain.IsDecision(draft.Kind))
            return;
        foreach (var sitting in (await panels.OfAsync(draft.CaseId, Times.Day(clock.GetUtcNow()), ct)).Where(p => p.PersonId is { } id && id != draft.JudgeId))
            await db.ExecuteAsync(
                "INSERT INTO trial_sign_due (draft_id, revision, person_id, name) VALUES (@Id, @Revision, @PersonId, @Name)",
                new
                {
                    draft.Id,
                    draft.Revision,
                    sitting.PersonId,
                    sitting.Name,
                },
                ct
            );
    }

    /// <summary>Refuses to issue what the chain has not signed off.</summary>
    /// <exception cref="RuleBroken">Codes panel-unsigned, head-unsigned, no-search, checklist.</exception>
    public async Task DemandAsync(Draft draft, IReadOnlyList<string> confirmed, CancellationToken ct)
    {
        var chain = await OfAsync(draft, ct);
        // the panel as it is now: whoever came in after the judge had signed signs too
        var sitting = SignOffChain.IsDecision(draft.Kind) ? await panels.OfAsync(draft.CaseId, Times.Day(clock.GetUtcNow()), ct) : [];
        if (SignOffChain.Unsigned(sitting, draft.JudgeId, chain.Signed) is { Count: > 0 } members)
            throw new RuleBroken($"合议庭成员还没有签：{string.Join('、', members)}。", "", "panel-unsigned");
        if (!chain.Searched)
            throw new RuleBroken("四类案件须先提交类案检索报告，再制发文书（类案检索指导意见）。", "", "no-search");
        if (chain.NeedsHead && chain.Signed.All(s => s.Role != SignOffChain.Head))
            throw new RuleBroken("本案文书须院庭长审核签署后制发。", "", "head-unsigned");
        if (SignOffChain.Unconfirmed(draft.Kind, confirmed) is { Count: > 0 } open)
            throw new RuleBroken($"请逐项确认人工核对清单：{string.Join('；', open)}。", "Confirmed", "checklist");
    }

    /// <summary>The part in which somebody signs after the judge; null for nobody's.</summary>
    public static string? PartOf(Chain chain, Actor actor, Draft draft) =>
        actor.Id == draft.JudgeId ? null
        : chain.Panel.Any(p => p.PersonId == actor.Id) ? SignOffChain.Member
        : chain.NeedsHead && actor.Can("trial.head") ? SignOffChain.Head
        : null;

    public Task SignAsync(Draft draft, Actor actor, string role, CancellationToken ct) =>
        db.ExecuteAsync(
            "INSERT INTO trial_signature (draft_id, revision, person_id, role, name, at) VALUES (@Id, @Revision, @person, @role, @name, @now)",
            new
            {
                draft.Id,
                draft.Revision,
                person = actor.Id,
                role,
                name = actor.Name,
                now = clock.StoredNow(),
            },
            ct
        );
}
