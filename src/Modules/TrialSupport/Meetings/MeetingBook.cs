using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;

namespace CourtOps.TrialSupport.Meetings;

internal sealed record MeetingRow
{
    public const string Columns =
        "m.id, m.case_id, m.court_id, m.case_number, m.kind, m.held_on, m.place, m.agenda, m.special, m.search_report, m.state, m.conclusion, "
        + "m.minutes_id, m.called_by, m.called_name, m.called_at, m.version";

    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["panel"] = "合议庭评议",
        ["judges"] = "专业法官会议",
        ["committee"] = "审判委员会",
    };

    /// <summary>四类案件 (法发〔2021〕30号): supervised, and searched for similar cases before the panel meets (G-11).</summary>
    public static readonly IReadOnlyDictionary<string, string> Specials = new Dictionary<string, string>
    {
        [""] = "不属于四类案件",
        ["grave"] = "重大、疑难、复杂、敏感",
        ["mass"] = "涉及群体性纠纷或者引发社会广泛关注",
        ["conflict"] = "与类案裁判可能发生冲突",
        ["reported"] = "有单位或者个人反映法官违法审判",
    };

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["called"] = "已召集",
        ["held"] = "已形成结论",
        ["cancelled"] = "已取消",
    };

    public static readonly IReadOnlyDictionary<string, string> Votes = new Dictionary<string, string>
    {
        ["agree"] = "同意",
        ["differ"] = "不同意",
        ["reserve"] = "保留意见",
    };

    public static readonly StateTable Table = new(
        "trial_meeting",
        "评议",
        new("hold", ["called"], "held"),
        new("cancel", ["called"], "cancelled"),
        new("paper", ["held"], null)
    );

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Kind { get; init; } = "";
    public DateOnly HeldOn { get; init; }
    public string Place { get; init; } = "";
    public string Agenda { get; init; } = "";
    public string Special { get; init; } = "";
    public string? SearchReport { get; init; }
    public string State { get; init; } = "";
    public string? Conclusion { get; init; }
    public long? MinutesId { get; init; }
    public long CalledBy { get; init; }
    public string CalledName { get; init; } = "";
    public DateTimeOffset CalledAt { get; init; }
    public int Version { get; init; }
}

internal sealed record MemberRow
{
    public long MeetingId { get; init; }
    public long PersonId { get; init; }
    public string Name { get; init; } = "";

    /// <summary>chair or member.</summary>
    public string Part { get; init; } = "";
    public string? Opinion { get; init; }
    public string? Vote { get; init; }
    public DateTimeOffset? VotedAt { get; init; }
}

/// <summary>Who decides what in a meeting. Pure.</summary>
internal static class MeetingRules
{
    /// <summary>What is missing before a conclusion may be drawn; null when nothing is. All have voted (CPL 45: the panel decides by majority, the minority's
    /// opinion is recorded); a conclusion needs more than half.</summary>
    public static RuleBroken? Missing(IReadOnlyList<MemberRow> members)
    {
        var silent = members.Where(m => m.Vote is null).Select(m => m.Name).ToList();
        if (silent.Count > 0)
            return new RuleBroken($"还有 {silent.Count} 人没有表决：{string.Join("、", silent)}。", "Conclusion", "not-voted");
        var agree = members.Count(m => m.Vote == "agree");
        return agree * 2 > members.Count
            ? null
            : new RuleBroken($"{members.Count} 人中只有 {agree} 人同意，没有形成多数意见；请继续评议，或者提交审判委员会。", "Conclusion", "no-majority");
    }

    /// <summary>A panel has an odd number, three at least; a committee more than half of its members, five at least here.</summary>
    public static RuleBroken? Size(string kind, int people) =>
        kind switch
        {
            "panel" when people < 3 || people % 2 == 0 => new RuleBroken("合议庭由三人以上单数组成（民诉法第40条）。", "Members", "panel-size"),
            "committee" when people < 5 => new RuleBroken("审判委员会会议至少五名委员出席。", "Members", "committee-size"),
            "judges" when people < 3 => new RuleBroken("专业法官会议至少三人参加。", "Members", "judges-size"),
            _ => null,
        };
}

/// <summary>Reads meetings; only who sees the secondary volume of the case sees them at all.</summary>
internal sealed class MeetingBook(Db db, Actor actor, ICases cases, ICaseRegister register)
{
    /// <exception cref="NotFound">No such meeting, or the secondary volume of its case is not for this actor.</exception>
    public async Task<MeetingRow> GetAsync(long id, int? version, CancellationToken ct)
    {
        var m = await db.FirstAsync<MeetingRow>($"SELECT {MeetingRow.Columns} FROM trial_meeting m WHERE m.id = @id", new { id }, ct);
        if (m is null || !await MayAsync(m, ct))
            throw new NotFound("评议", id);
        return version is null || version == m.Version ? m : throw new Conflict("评议刚被他人办理，请刷新后再看。");
    }

    public Task<IReadOnlyList<MemberRow>> MembersAsync(long meetingId, CancellationToken ct) =>
        db.QueryAsync<MemberRow>(
            "SELECT meeting_id, person_id, name, part, opinion, vote, voted_at FROM trial_meeting_member WHERE meeting_id = @meetingId ORDER BY part, name",
            new { meetingId },
            ct
        );

    /// <summary>The papers laid before it, by item.</summary>
    public Task<IReadOnlyList<MeetingPaper>> PapersAsync(long meetingId, CancellationToken ct) =>
        db.QueryAsync<MeetingPaper>($"SELECT {MeetingPaper.Columns} WHERE p.meeting_id = @meetingId ORDER BY p.item, p.added_at, p.id", new { meetingId }, ct);

    /// <summary>Members read a paper no more, or none of them at its end.</summary>
    public Task WithdrawAsync(long meetingId, long? paperId, DateTimeOffset now, CancellationToken ct) =>
        db.ExecuteAsync(
            "UPDATE trial_meeting_paper SET withdrawn_at = @now WHERE meeting_id = @meetingId AND withdrawn_at IS NULL"
                + (paperId is null ? "" : " AND id = @paperId"),
            new
            {
                meetingId,
                paperId,
                now,
            },
            ct
        );

    /// <summary>Whether the actor is a member, and still one who may hear of the case.</summary>
    public async Task<bool> IsMemberAsync(MeetingRow m, CancellationToken ct) =>
        (await MembersAsync(m.Id, ct)).Any(x => x.PersonId == actor.Id) && await MayStillAsync(m, ct);

    // a member sees the meeting; anybody else only with the secondary volume of the case
    private async Task<bool> MayAsync(MeetingRow m, CancellationToken ct)
    {
        var me = cases.Arguments.Me;
        return await cases.CanReadSecondaryAsync(m.CaseId, ct)
            || (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_meeting_member WHERE meeting_id = @meetingId AND person_id = @me",
                    new { meetingId = m.Id, me },
                    ct
                ) > 0
                && await MayStillAsync(m, ct)
            );
    }

    /// <summary>Whether a member still is one who may hear of the case: judge or leader in its court, acting there, and not recused.</summary>
    public async Task<bool> MayStillAsync(MeetingRow m, CancellationToken ct) =>
        (actor.Holds(Roles.Judge, m.CourtId) || actor.Holds(Roles.Leader, m.CourtId)) && !(await register.RecusedAsync(m.CaseId, ct)).Contains(actor.Id);
}
