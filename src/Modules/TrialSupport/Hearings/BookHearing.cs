using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;

namespace CourtOps.TrialSupport.Hearings;

/// <summary>Books a hearing provisionally: at the time and room named, or at the first that fits.</summary>
[Permit("trial.schedule")]
[Audited("trial.hearing.book")]
internal sealed record BookHearing : ICommand<BookHearing.Result>
{
    public static readonly string[] SessionKinds = ["开庭审理", "庭前会议", "询问", "宣判"];

    public long CaseId { get; init; }
    public string Session { get; init; } = "开庭审理";
    public int? Minutes { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }

    /// <summary>Local time; null: the first that fits between the days.</summary>
    public DateTime? Start { get; init; }
    public long? RoomId { get; init; }
    public bool Online { get; init; }

    /// <summary>Where the consent of the parties to an online hearing is recorded (G-04).</summary>
    public string Consent { get; init; } = "";

    /// <summary>Of an online hearing: that nothing of Art 21 keeps the case from it was looked at (在线诉讼规则 21).</summary>
    public bool NoneOf21 { get; init; }
    public int Size { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];
    public IReadOnlyList<long> Panel { get; init; } = [];
    public long? ClerkId { get; init; }

    /// <summary>Assessors are to sit: the day leaves time to draw them (陪审员法解释 3).</summary>
    public bool WithAssessors { get; init; }
    public string Waived { get; init; } = "";

    /// <summary>The language an interpreter is needed for (民诉法 11, 刑诉法 9: one's own language); blank: none is.</summary>
    public string Language { get; init; } = "";

    /// <summary>Somebody is brought from custody: the court has a limit a day.</summary>
    public bool Escort { get; init; }

    /// <summary>Null: by the cause (G-01).</summary>
    public bool? Open { get; init; }

    public Wish Wish =>
        new()
        {
            CaseId = CaseId,
            Minutes = Minutes ?? 0,
            From = Start is { } s ? DateOnly.FromDateTime(s) : From,
            Until = Start is { } e ? DateOnly.FromDateTime(e) : Until,
            Online = Online,
            Size = Size,
            Features = Features,
            Panel = Panel,
            ClerkId = ClerkId,
            WithAssessors = WithAssessors,
            Waived = Waived.Trim(),
            Language = Language.Trim(),
            Escort = Escort,
        };

    internal sealed record Result(long Id, string State, DateTimeOffset Start, DateTimeOffset End, long RoomId, string Room, DateOnly ServeBy, int Version);

    internal sealed class Validator : AbstractValidator<BookHearing>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Session).Must(s => SessionKinds.Contains(s)).WithMessage("庭次只能是开庭审理、庭前会议、询问或宣判。");
            RuleFor(c => c.Minutes)
                .NotNull()
                .WithMessage("请填写时长。")
                .InclusiveBetween(15, 210)
                .WithMessage("时长应在 15 到 210 分钟之间；更长的分成几次。");
            RuleFor(c => c.Size).InclusiveBetween(0, 2000).WithMessage("座位数应在 0 到 2000 之间。");
            RuleFor(c => c.Start)
                .Must(s => s is null || s.Value.Minute % Slots.Minutes == 0)
                .WithMessage("开始时间应是整刻：0、15、30 或 45 分。")
                .Must((c, s) => s is null || c.RoomId is not null)
                .WithMessage("指定时间的，请同时指定法庭。");
            RuleFor(c => c.Start).Must(s => s is null || s.Value.Year is >= 2000 and <= 2100).WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.From).Must(d => d is null || d.Value.Year is >= 2000 and <= 2100).WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.Until).Must(d => d is null || d.Value.Year is >= 2000 and <= 2100).WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.Consent)
                .NotEmpty()
                .When(c => c.Online)
                .WithMessage("在线开庭须写明各方同意的记录（在线诉讼规则第四条）。")
                .MaximumLength(200)
                .WithMessage("最长 200 个字符。");
            RuleFor(c => c.NoneOf21)
                .Equal(true)
                .When(c => c.Online)
                .WithMessage(
                    "请确认没有不适用在线庭审的情形：当事人不同意或者没有条件、须当庭查验原件实物、疑难复杂证据繁多、国家安全秘密、重大社会影响（在线诉讼规则第二十一条）。"
                );
            RuleFor(c => c.Waived).MaximumLength(400).WithMessage("最长 400 个字符。");
            RuleFor(c => c.Language).MaximumLength(Interpreters.InterpreterRules.LongestLanguage).WithMessage("语言最长 20 个字符。");
            RuleFor(c => c.Panel).Must(p => p.Count <= 6).WithMessage("合议庭最多再加 6 人。");
            RuleForEach(c => c.Features).Must(Room.Kinds.ContainsKey).WithMessage("没有这种设备。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        Docket docket,
        HearingBook book,
        Workzone.Cases.ICasePanels panels,
        AuditTrail audit
    ) : ICommandHandler<BookHearing, Result>
    {
        public async Task<Result> Handle(BookHearing request, CancellationToken cancellationToken)
        {
            var looked = await docket.LookAsync(request.Wish, cancellationToken);
            if (
                request.Online
                && Courtroom.CourtroomRules.NotOnline(looked.Case.Cause, await panels.MarksAsync(looked.Case.Id, cancellationToken)) is { } against
            )
                throw new RuleBroken($"{against}，不能在线开庭（在线诉讼规则第二十一条）。", "Online", "not-online");
            var fit = request.Start is null ? First(looked.Ask) : Named(looked.Ask, request.Start.Value, request.RoomId!.Value);
            var id = ids.Next();
            var (card, judge) = (looked.Case, looked.People[0]);
            var clerk = looked.People.FirstOrDefault(p => p.Part == "clerk");
            var byCause = Openness.ByCause(card.Kind, card.Cause);
            if (request.Open == true && !byCause && !actor.Can("trial.sign"))
                throw new RuleBroken("本案案由依法可能不公开审理，公开须由承办法官决定。", "Open", "judge-decides");
            var waived = request.Waived.Trim();
            await db.ExecuteAsync(
                """
                INSERT INTO trial_hearing (id, case_id, court_id, case_number, cause, session, room_id, room_name, online, open_court, starts_at, ends_at,
                    held_on, minutes, judge_id, judge_name, clerk_id, clerk_name, panel, waived, consent, size, features, assessors, language, escort,
                    serve_by, state, turn, created_by, created_name, created_at, version)
                VALUES (@id, @CaseId, @CourtId, @Number, @Cause, @Session, @RoomId, @RoomName, @Online, @open, @Start, @End, @Day, @Minutes, @judgeId,
                    @judgeName, @clerkId, @clerkName, @panel, @waived, @consent, @Size, @features, @WithAssessors, @language, @Escort,
                    @ServeBy, 'provisional', 1, @me, @name, @now, 1)
                """,
                new
                {
                    id,
                    CaseId = card.Id,
                    card.CourtId,
                    card.Number,
                    card.Cause,
                    request.Session,
                    fit.RoomId,
                    fit.RoomName,
                    request.Online,
                    open = request.Open ?? byCause,
                    fit.Start,
                    fit.End,
                    fit.Day,
                    request.Minutes,
                    judgeId = judge.PersonId,
                    judgeName = judge.Name,
                    clerkId = clerk?.PersonId,
                    clerkName = clerk?.Name,
                    panel = HearingBook.PanelOf(looked.People),
                    waived = waived.Length == 0 ? null : waived,
                    consent = request.Online ? request.Consent.Trim() : null,
                    request.Size,
                    request.WithAssessors,
                    language = request.Language.Trim(),
                    request.Escort,
                    features = string.Join(' ', request.Features.Distinct()),
                    fit.ServeBy,
                    me = actor.Id,
                    name = actor.Name,
                    now = clock.GetUtcNow(),
                },
                cancellationToken
            );
            var people = looked.With(fit.Interpreter);
            await book.AttendAsync(id, people, cancellationToken);
            await book.BookAsync(id, fit.RoomId, fit.RoomName, fit.Start, request.Minutes!.Value, people, cancellationToken);
            await book.NoteAsync(id, "booked", $"{Times.Full(fit.Start)} {fit.RoomName}", cancellationToken);
            audit.Note(
                "hearing",
                id,
                new
                {
                    fit.Start,
                    room = fit.RoomName,
                    request.Minutes,
                },
                card.Id
            );
            return new Result(id, HearingState.Provisional, fit.Start, fit.End, fit.RoomId, fit.RoomName, fit.ServeBy, 1);
        }

        private static Fit First(FitAsk ask)
        {
            var answer = FirstFit.Find(ask, 1);
            return answer.Fits.Count > 0
                ? answer.Fits[0]
                : throw new RuleBroken(
                    $"{Times.Iso(ask.From)} 至 {Times.Iso(ask.Until)} 没有合适的庭期。请放宽日期、法庭要求或查看每天的原因。",
                    "From",
                    "no-fit"
                );
        }

        internal static Fit Named(FitAsk ask, DateTime start, long roomId)
        {
            var (day, time) = (DateOnly.FromDateTime(start), TimeOnly.FromDateTime(start));
            var room = ask.Rooms.FirstOrDefault(r => r.Id == roomId) ?? throw new RuleBroken("没有这个法庭，或者它已停用。", "RoomId");
            if (FirstFit.Judge(ask, day, time, room) is { } no)
                throw Refused(no);
            var at = Slots.At(day, time);
            return new Fit(
                day,
                at,
                at.AddMinutes(ask.Minutes),
                room.Id,
                room.Name,
                FirstFit.ServeBy(day, ask.Notice),
                FirstFit.InterpreterFor(ask, day, [.. Slots.Range(at, ask.Minutes)])
            );
        }

        // the words of a refusal are a text key with one value: they come out in the reader's language
        private static RuleBroken Refused(Refusal no)
        {
            var parts = no.Reason.Split("{0}");
            var said = new Said(no.Reason.Length, 1);
            said.AppendLiteral(parts[0]);
            said.AppendFormatted(no.Value);
            said.AppendLiteral(parts[1]);
            var taken = no.Reason.EndsWith("另有安排", StringComparison.Ordinal) || no.Reason.EndsWith("已占用", StringComparison.Ordinal);
            return new RuleBroken(said, "Start", taken ? "double-booked" : "constraint");
        }
    }
}

/// <summary>Whether a hearing is public (CPL 137, G-01): what the cause alone says; the judge decides.</summary>
internal static class Openness
{
    private static readonly string[] Closed = ["离婚", "收养", "抚养", "监护", "探望", "隐私", "商业秘密", "国家秘密", "未成年", "强奸", "猥亵", "性骚扰"];

    /// <summary>False where privacy or secrets must be thought of: nothing of it is announced by itself.</summary>
    public static bool ByCause(string kind, string cause) =>
        kind is "civil" or "criminal" or "admin" && !Closed.Any(c => cause.Contains(c, StringComparison.Ordinal));
}
