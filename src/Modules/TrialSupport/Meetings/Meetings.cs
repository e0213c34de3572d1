using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using FluentValidation;

namespace CourtOps.TrialSupport.Meetings;

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
            await book.WithdrawAsync(m.Id, null, clock.StoredNow(), cancellationToken);
            if (!c.Cancel)
                await work.AddAsync(MakeMinutes.Name, $"{m.Id}", new MakeMinutes.Payload { MeetingId = m.Id }, ct: cancellationToken);
            audit.Note("meeting", m.Id, new { c.Cancel }, m.CaseId);
            return await book.GetAsync(m.Id, null, cancellationToken);
        }
    }
}
