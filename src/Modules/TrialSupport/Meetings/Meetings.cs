using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using FluentValidation;

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

/// <summary>Calls a meeting on a case; of the four kinds of case the search for similar ones comes first.</summary>
[Permit("trial.sign")]
[Audited("trial.meeting.call")]
internal sealed record CallMeeting : ICommand<long>
{
    public long CaseId { get; init; }
    public string Kind { get; init; } = "panel";
    public DateOnly? On { get; init; }
    public string Place { get; init; } = "";
    public string Agenda { get; init; } = "";
    public IReadOnlyList<long> Members { get; init; } = [];
    public string Special { get; init; } = "";

    /// <summary>What was searched for similar cases, where, and what was found (G-11).</summary>
    public string SearchReport { get; init; } = "";

    internal sealed class Validator : AbstractValidator<CallMeeting>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Kind).Must(MeetingRow.Kinds.ContainsKey).WithMessage("请选择评议的种类。");
            RuleFor(c => c.On)
                .NotNull()
                .WithMessage("请填写日期。")
                .Must(d => d is null or { Year: >= 2000 and <= 2100 })
                .WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.Place).MaximumLength(60).WithMessage("地点最长 60 个字符。");
            RuleFor(c => c.Agenda).NotEmpty().WithMessage("请写明评议的问题。").MaximumLength(4000).WithMessage("评议的问题最长 4000 个字符。");
            RuleFor(c => c.Special).Must(MeetingRow.Specials.ContainsKey).WithMessage("请选择是否属于四类案件。");
            RuleFor(c => c.SearchReport).MaximumLength(1000).WithMessage("检索报告最长 1000 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        ICaseRegister register,
        ICasePanels panels,
        IPeople people,
        AuditTrail audit
    ) : ICommandHandler<CallMeeting, long>
    {
        public async Task<long> Handle(CallMeeting c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            if (!await cases.CanReadSecondaryAsync(card.Id, cancellationToken))
                throw new Forbidden("trial.sign", "评议入副卷，由承办法官或者其团队召集。");
            var judges = await people.WithRolesAsync(card.CourtId, ["judge", "leader"], cancellationToken);
            var recused = await register.RecusedAsync(card.Id, cancellationToken);
            var members = c
                .Members.Append(actor.Id)
                .Distinct()
                .Select(id => judges.FirstOrDefault(j => j.Id == id) ?? throw new RuleBroken("参加评议的须是本院法官或者院领导。", "Members"))
                .ToList();
            if (members.FirstOrDefault(m => recused.Contains(m.Id)) is { } out1)
                throw new RuleBroken($"{out1.Name}已回避本案，不能参加评议。", "Members", "recused");
            if (MeetingRules.Size(c.Kind, members.Count) is { } wrong)
                throw wrong;
            var search = await Similar.ListSearches.OfCaseAsync(db, card.Id, cancellationToken) is [var newest, ..] ? newest : null;
            // the marks of the case say it; who calls may add one that is not marked yet
            var special =
                c.Special.Length > 0 ? c.Special
                : await panels.MarksAsync(card.Id, cancellationToken) is [var mark, ..] ? mark
                : "";
            if (search is null && (special.Length > 0 || c.Kind == "committee"))
                throw new RuleBroken("四类案件和提交审判委员会的案件，须先检索类案并提交检索报告（类案检索指导意见）。", "SearchReport", "no-search");
            var report =
                c.SearchReport.Trim() is { Length: > 0 } typed ? typed
                : search is null ? null
                : Hearings.HearingActs.Cut($"{search.Words}：{Similar.SearchRow.Follows[search.Follow]}。{search.Reason}", 1000);
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO trial_meeting (id, case_id, court_id, case_number, kind, held_on, place, agenda, special, search_report, state, called_by,
                    called_name, called_at, version)
                VALUES (@id, @CaseId, @CourtId, @Number, @Kind, @On, @Place, @agenda, @Special, @report, 'called', @me, @name, @now, 1)
                """,
                new
                {
                    id,
                    c.CaseId,
                    card.CourtId,
                    card.Number,
                    c.Kind,
                    c.On,
                    Place = c.Place.Trim(),
                    agenda = c.Agenda.Trim(),
                    Special = special,
                    report,
                    me = actor.Id,
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            await db.ExecuteManyAsync(
                "INSERT INTO trial_meeting_member (meeting_id, person_id, name, part) VALUES (@id, @Person, @Name, @Part)",
                [
                    .. members.Select(m =>
                        (object)
                            new
                            {
                                id,
                                Person = m.Id,
                                m.Name,
                                Part = m.Id == actor.Id ? "chair" : "member",
                            }
                    ),
                ],
                cancellationToken
            );
            audit.Note(
                "meeting",
                id,
                new
                {
                    c.Kind,
                    c.On,
                    members = members.Count,
                },
                card.Id
            );
            return id;
        }
    }
}

/// <summary>A member says what they think; only of their own, and until the conclusion is drawn.</summary>
[Permit("trial.read")]
[Audited("trial.meeting.vote")]
internal sealed record VoteInMeeting : ICommand
{
    public long Id { get; init; }
    public string Vote { get; init; } = "";
    public string Opinion { get; init; } = "";

    internal sealed class Validator : AbstractValidator<VoteInMeeting>
    {
        public Validator()
        {
            RuleFor(c => c.Vote).Must(MeetingRow.Votes.ContainsKey).WithMessage("请选择同意、不同意或者保留意见。");
            RuleFor(c => c.Opinion).NotEmpty().WithMessage("请写明评议意见。").MaximumLength(1000).WithMessage("意见最长 1000 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, MeetingBook book, AuditTrail audit) : CommandHandler<VoteInMeeting>
    {
        protected override async Task RunAsync(VoteInMeeting c, CancellationToken ct)
        {
            var m = await book.GetAsync(c.Id, null, ct);
            if (m.State != "called")
                throw new RuleBroken($"评议现在是“{MeetingRow.States[m.State]}”，不能再表决。", code: "state");
            if (
                await db.ExecuteAsync(
                    "UPDATE trial_meeting_member SET vote = @Vote, opinion = @opinion, voted_at = @now WHERE meeting_id = @Id AND person_id = @me",
                    new
                    {
                        c.Id,
                        c.Vote,
                        opinion = c.Opinion.Trim(),
                        me = actor.Id,
                        now = clock.StoredNow(),
                    },
                    ct
                ) == 0
            )
                throw new Forbidden("trial.read", "您不是这次评议的成员。");
            audit.Note("meeting", m.Id, new { voted = true }, m.CaseId);
        }
    }
}

/// <summary>The chair draws the conclusion, or cancels the meeting. The minutes go to the secondary volume only.</summary>
[Permit("trial.sign")]
[Audited("trial.meeting.hold")]
internal sealed record CloseMeeting : ICommand<MeetingRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public bool Cancel { get; init; }
    public string Conclusion { get; init; } = "";

    internal sealed class Validator : AbstractValidator<CloseMeeting>
    {
        public Validator() =>
            RuleFor(c => c.Conclusion).NotEmpty().WithMessage("请写明评议结论，或者取消的原因。").MaximumLength(4000).WithMessage("结论最长 4000 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, MeetingBook book, WorkQueue work, AuditTrail audit)
        : ICommandHandler<CloseMeeting, MeetingRow>
    {
        public async Task<MeetingRow> Handle(CloseMeeting c, CancellationToken cancellationToken)
        {
            var m = await book.GetAsync(c.Id, c.Version, cancellationToken);
            if (m.CalledBy != actor.Id)
                throw new Forbidden("trial.sign", "由召集人形成结论。");
            if (!c.Cancel)
            {
                if (m.HeldOn > Times.Day(clock.GetUtcNow()))
                    throw new RuleBroken("还没有到评议的日期。", "Conclusion");
                if (MeetingRules.Missing(await book.MembersAsync(m.Id, cancellationToken)) is { } missing)
                    throw missing;
            }
            await MeetingRow.Table.MoveAsync(
                db,
                c.Cancel ? "cancel" : "hold",
                m.State,
                new
                {
                    m.Id,
                    m.Version,
                    conclusion = c.Conclusion.Trim(),
                },
                "conclusion = @conclusion",
                cancellationToken
            );
            if (!c.Cancel)
                await work.AddAsync(MakeMinutes.Name, $"{m.Id}", new MakeMinutes.Payload { MeetingId = m.Id }, ct: cancellationToken);
            audit.Note("meeting", m.Id, new { c.Cancel }, m.CaseId);
            return await book.GetAsync(m.Id, null, cancellationToken);
        }
    }
}

/// <summary>Meetings the person may see: as a member, or with the secondary volume of the case.</summary>
[Permit("trial.read")]
internal sealed record ListMeetings : IQuery<IReadOnlyList<MeetingRow>>
{
    public long? CaseId { get; init; }

    internal sealed class Handler(Db db, ICases cases, MeetingBook book, AccessLog reads) : IQueryHandler<ListMeetings, IReadOnlyList<MeetingRow>>
    {
        public async Task<IReadOnlyList<MeetingRow>> Handle(ListMeetings request, CancellationToken cancellationToken)
        {
            var me = cases.Arguments.Me;
            var whole = false;
            if (request.CaseId is { } one)
            {
                await cases.GetAsync(one, cancellationToken);
                whole = await cases.CanReadSecondaryAsync(one, cancellationToken);
            }
            var rows = await db.PageAsync<MeetingRow>(
                $"SELECT {MeetingRow.Columns} FROM "
                    + (
                        whole
                            ? "trial_meeting m WHERE m.case_id = @CaseId"
                            : "trial_meeting_member x JOIN trial_meeting m ON m.id = x.meeting_id WHERE x.person_id = @me"
                                + (request.CaseId is null ? "" : " AND m.case_id = @CaseId")
                    )
                    + " ORDER BY m.held_on DESC, m.id DESC",
                new { me, request.CaseId },
                100,
                cancellationToken
            );
            var seen = new List<MeetingRow>();
            foreach (var row in rows)
                if (whole || await book.MayStillAsync(row, cancellationToken))
                    seen.Add(row);
            reads.List("trial.meeting.list", seen.Count, new { }, request.CaseId);
            return seen;
        }
    }
}

/// <summary>One meeting with its members; the opinions of others are shown once one has voted, or it is over.</summary>
[Permit("trial.read")]
internal sealed record ShowMeeting : IQuery<ShowMeeting.Result>
{
    public long Id { get; init; }

    internal sealed record Result(MeetingRow Row, IReadOnlyList<MemberRow> Members, MemberRow? Mine);

    internal sealed class Handler(MeetingBook book, Actor actor) : IQueryHandler<ShowMeeting, Result>
    {
        public async Task<Result> Handle(ShowMeeting request, CancellationToken cancellationToken)
        {
            var m = await book.GetAsync(request.Id, null, cancellationToken);
            var members = await book.MembersAsync(m.Id, cancellationToken);
            var mine = members.FirstOrDefault(x => x.PersonId == actor.Id);
            if (m.State == "called" && mine is { Vote: null })
                members = [.. members.Select(x => x.PersonId == actor.Id ? x : x with { Opinion = null, Vote = x.Vote is null ? null : "given" })];
            return new Result(m, members, mine);
        }
    }
}
