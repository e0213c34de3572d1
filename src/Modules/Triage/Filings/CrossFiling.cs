using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone;
using FluentValidation;

namespace CourtOps.Triage.Filings;

/// <summary>What a court checks before it passes a filing on, and how a cross-court filing stands (E-08). Pure.</summary>
internal static class CrossRules
{
    public static readonly IReadOnlyDictionary<string, string> Checks = new Dictionary<string, string>
    {
        ["identity"] = "已核对提交人身份",
        ["copies"] = "材料已逐份扫描或拍照，页数清点无误",
        ["form"] = "诉状载明当事人、请求、事实和理由",
        ["court"] = "已告知由管辖法院决定是否立案",
    };

    /// <summary>First instance civil and administrative cases, private prosecutions and enforcement.</summary>
    public static bool Fits(string kind, string type, FilingFacts facts) =>
        kind switch
        {
            "civil" => type is "" or "民初",
            "admin" => type is "" or "行初",
            "criminal" => facts.Has("privateProsecution"),
            "enforcement" => type is "" or "执",
            _ => false,
        };

    /// <summary>late-pass, late-reply, late-law or in time: which clock of which court has run out.</summary>
    public static string Standing(DateOnly? passBy, DateTimeOffset? passedAt, DateOnly? replyBy, DateTimeOffset? repliedAt, DateOnly? decideBy, DateOnly today)
    {
        if (passBy is { } p && (passedAt is { } passed ? Times.Day(passed) : today) > p)
            return passedAt is null ? "late-pass"
                : repliedAt is null && replyBy < today ? "late-reply"
                : "passed-late";
        if (repliedAt is null && decideBy < today)
            return "late-law";
        return replyBy is { } r && (repliedAt is { } replied ? Times.Day(replied) : today) > r
            ? repliedAt is null
                ? "late-reply"
                : "replied-late"
            : "in-time";
    }

    public static readonly IReadOnlyDictionary<string, string> Standings = new Dictionary<string, string>
    {
        ["in-time"] = "按时",
        ["late-pass"] = "转交超时",
        ["passed-late"] = "转交迟于当日",
        ["late-reply"] = "答复超时",
        ["replied-late"] = "答复迟于目标",
        ["late-law"] = "审查超期",
    };
}

/// <summary>Takes a filing for another court: identity and form are checked here, the court with jurisdiction decides.</summary>
[Permit("triage.work")]
[Audited("triage.cross.take")]
internal sealed record TakeCrossFiling : ICommand<TakeFiling.Result>
{
    /// <summary>Sign or name of the court with jurisdiction.</summary>
    public string Court { get; init; } = "";
    public TakeFiling Filing { get; init; } = new();

    /// <summary>Codes of <see cref="CrossRules.Checks"/>; all of them before it is passed on.</summary>
    public IReadOnlyList<string> Checked { get; init; } = [];

    internal sealed class Validator : AbstractValidator<TakeCrossFiling>
    {
        public Validator()
        {
            RuleFor(c => c.Filing).SetValidator(new TakeFiling.Validator()).OverridePropertyName("");
            RuleFor(c => c.Court).NotEmpty().WithMessage("请选择管辖法院。");
            RuleFor(c => c.Checked)
                .Must(c => c.All(x => x is not null && CrossRules.Checks.ContainsKey(x)))
                .WithMessage("有不认识的核对项。")
                .Must(c => c.Contains("identity"))
                .WithMessage("请先核对提交人的身份。");
            RuleFor(c => c.Filing)
                .Must(f => CrossRules.Fits(f.Kind, f.CaseType, f.Facts))
                .OverridePropertyName("Kind")
                .WithMessage("跨域立案只收一审民事、行政、刑事自诉和申请执行。");
        }
    }

    internal sealed class Handler(Actor actor, ICourts courts, Intake intake) : ICommandHandler<TakeCrossFiling, TakeFiling.Result>
    {
        public async Task<TakeFiling.Result> Handle(TakeCrossFiling request, CancellationToken cancellationToken)
        {
            var court =
                await courts.FindAsync(PartyReading.Fold(request.Court), cancellationToken)
                ?? throw new RuleBroken($"没有“{request.Court}”这个法院。", "Court");
            if (court.Id == actor.CourtId)
                throw new RuleBroken("管辖法院就是本院，请在本院收件。", "Court");
            return await intake.TakeAsync(
                request.Filing,
                new Entry("cross", court, await courts.GetAsync(actor.CourtId, cancellationToken), string.Join(' ', request.Checked.Distinct())),
                cancellationToken
            );
        }
    }
}

/// <summary>Passes a filing on to the court with jurisdiction: its clock begins (民诉法解释 126), it should answer on the next working day.</summary>
[Permit("triage.work")]
[Audited("triage.cross.pass")]
internal sealed record PassFiling : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>What has been checked since.</summary>
    public IReadOnlyList<string> Checked { get; init; } = [];

    internal sealed class Validator : AbstractValidator<PassFiling>
    {
        public Validator() =>
            RuleFor(c => c.Checked).Must(c => c.All(x => x is not null && CrossRules.Checks.ContainsKey(x))).WithMessage("有不认识的核对项。");
    }

    internal sealed class Handler(FilingBook book, Actor actor, TimeProvider clock, ICourts courts, ICalendarSource calendars, AuditTrail audit)
        : CommandHandler<PassFiling>
    {
        protected override async Task RunAsync(PassFiling command, CancellationToken ct)
        {
            var filing = await book.SharedAsync(command.Id, command.Version, ct);
            if (filing.FromCourtId is not { } from || !actor.Courts.Contains(from))
                throw new RuleBroken("这件不是本院代收的跨域立案。", code: "not-ours");
            var done = filing.Checked.Split(' ', StringSplitOptions.RemoveEmptyEntries).Union(command.Checked).ToList();
            if (CrossRules.Checks.Keys.Except(done).ToList() is { Count: > 0 } open)
                throw new RuleBroken($"还没有核对：{string.Join('、', open.Select(o => CrossRules.Checks[o]))}。", "Checked", "unchecked");
            if ((await book.PapersAsync(filing.Id, ct)).Count == 0)
                throw new RuleBroken("还没有上传材料，管辖法院无从审查。", "File", "no-papers");
            var calendar = calendars.For((await courts.GetAsync(filing.CourtId, ct)).Code);
            var now = clock.GetUtcNow();
            var today = Times.Day(now);
            var decideBy = FilingClock.DecideBy(filing.Kind, filing.Cause, filing.FactSet.Ticks, today, calendar);
            var replyBy = Periods.Compute(today, 1, PeriodUnit.Workday, calendar).LegalLastDay;
            await book.MoveAsync(
                filing,
                FilingStep.Pass,
                new
                {
                    filing.Id,
                    filing.Version,
                    now,
                    today,
                    decideBy,
                    replyBy,
                    done = string.Join(' ', done),
                },
                "passed_at = @now, clock_from = @today, decide_by = @decideBy, reply_by = @replyBy, checked = @done",
                ct
            );
            await book.NoteAsync(filing.Id, FilingStep.Pass, filing.CourtName, ct);
            audit.Note(
                "filing",
                filing.Id,
                new
                {
                    to = filing.CourtId,
                    decideBy,
                    replyBy,
                }
            );
        }
    }
}

/// <summary>Taken back by whoever handed it in, before it has a number.</summary>
[Permit("triage.work")]
[Audited("triage.filing.withdraw")]
internal sealed record WithdrawFiling : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<WithdrawFiling>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明谁撤回、为什么。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(FilingBook book, AuditTrail audit) : CommandHandler<WithdrawFiling>
    {
        protected override async Task RunAsync(WithdrawFiling command, CancellationToken ct)
        {
            var filing = await book.SharedAsync(command.Id, command.Version, ct);
            await book.MoveAsync(
                filing,
                FilingStep.Withdraw,
                new
                {
                    filing.Id,
                    filing.Version,
                    reason = command.Reason.Trim(),
                },
                "reason = @reason, decide_by = NULL",
                ct
            );
            await book.NoteAsync(filing.Id, FilingStep.Withdraw, command.Reason.Trim(), ct);
            audit.Note("filing", filing.Id, null, null, command.Reason);
        }
    }
}

/// <summary>The clerk puts right what was written down: cause, facts, procedure. What Law proposes is asked again.</summary>
[Permit("triage.work")]
[Audited("triage.filing.amend")]
internal sealed record AmendFiling : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Cause { get; init; } = "";
    public IReadOnlyList<string> Ticks { get; init; } = [];

    /// <summary>Blank for what Law proposes.</summary>
    public string Procedure { get; init; } = "";
    public string ProcedureReason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AmendFiling>
    {
        public Validator()
        {
            RuleFor(c => c.Cause).NotEmpty().WithMessage("请填写案由。").MaximumLength(120).WithMessage("案由最长 120 个字符。");
            RuleFor(c => c.Procedure).Must(p => string.IsNullOrEmpty(p) || TrialLimitTable.Has(p)).WithMessage("没有这个适用程序代码。");
            RuleFor(c => c.ProcedureReason).MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(FilingBook book, ICourts courts, ICalendarSource calendars, AuditTrail audit) : CommandHandler<AmendFiling>
    {
        protected override async Task RunAsync(AmendFiling command, CancellationToken ct)
        {
            var filing = await book.SharedAsync(command.Id, command.Version, ct);
            if (command.Ticks.Except(FactCodes.Of(filing.Kind).Keys).Any())
                throw new RuleBroken("有不认识的案情选项。", "Ticks");
            var court = await courts.GetAsync(filing.CourtId, ct);
            var facts = filing.FactSet with { Ticks = command.Ticks };
            var cause = PartyReading.Fold(command.Cause);
            var proposed = Proposal.Of(filing.Kind, filing.CaseType, court.Level, court.Code[..1], filing.ReceivedOn, filing.ClaimList, facts);
            var procedure = command.Procedure.Length == 0 ? proposed.Code : command.Procedure;
            if (!CaseKinds.ProceduresOf(filing.Kind, filing.CaseType).Contains(procedure))
                throw new RuleBroken("这类案件不适用这个程序，请按案件类型和案件字号选择。", "Procedure");
            if (procedure != proposed.Code && string.IsNullOrWhiteSpace(command.ProcedureReason))
                throw new RuleBroken($"按规则应适用 {proposed.Code}，改用 {procedure} 须写明理由。", "ProcedureReason", "procedure-reason");
            var decideBy =
                filing.State == FilingState.Received
                    ? FilingClock.DecideBy(filing.Kind, cause, facts.Ticks, filing.ClockFrom, calendars.For(court.Code))
                    : filing.DecideBy;
            await book.MoveAsync(
                filing,
                FilingStep.Amend,
                new
                {
                    filing.Id,
                    filing.Version,
                    cause,
                    facts = JsonSerializer.Serialize(facts, Json.Stored),
                    procedure,
                    own = proposed.Code,
                    why = JsonSerializer.Serialize(proposed.Why, Json.Stored),
                    because = command.ProcedureReason.Trim(),
                    decideBy,
                },
                "cause = @cause, facts = @facts, procedure_code = @procedure, procedure_own = @own, why = @why, procedure_reason = @because, "
                    + "decide_by = @decideBy",
                ct
            );
            await book.NoteAsync(filing.Id, FilingStep.Amend, cause == filing.Cause ? "" : $"{filing.Cause} → {cause}", ct);
            audit.Note(
                "filing",
                filing.Id,
                new
                {
                    from = filing.Cause,
                    cause,
                    filing.ProcedureCode,
                    procedure,
                }
            );
        }
    }
}

/// <summary>What this court took for others, and others for this one, with both clocks.</summary>
[Permit("triage.filings")]
internal sealed record ListCross : IQuery<ListCross.Result>
{
    /// <summary>out: taken here for others; in: taken by others for this court.</summary>
    public string Direction { get; init; } = "out";
    public long? Before { get; init; }

    internal sealed record Result(IReadOnlyList<Row> Rows, string? Next, int Count, int Late);

    internal sealed record Row(Filing Filing, string Standing);

    internal sealed class Handler(Db db, FilingBook book, Actor actor, TimeProvider clock) : IQueryHandler<ListCross, Result>
    {
        private const int Size = 50;

        public async Task<Result> Handle(ListCross request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var today = Times.Day(clock.GetUtcNow());
            var before = request.Before ?? long.MaxValue;
            // what has become a case of the other court is shown here without names and number
            var side = request.Direction == "in" ? $"f.from_court_id IS NOT NULL AND f.court_id = @court AND {book.Seen}" : "f.from_court_id = @court";
            var rows = await db.PageAsync<Filing>(
                $"SELECT {FilingBook.Columns} FROM triage_filing f WHERE {side} AND f.id < @before ORDER BY f.id DESC",
                new
                {
                    court = actor.CourtId,
                    before,
                    me,
                    courts,
                    places,
                },
                Size + 1,
                cancellationToken
            );
            var sums = await db.FirstAsync<Sums>(
                $"""
                SELECT COUNT(*) AS n, COALESCE(SUM(CASE WHEN (f.passed_at IS NULL AND f.pass_by < @today AND f.state = 'collected') OR (f.replied_at IS NULL AND
                    f.reply_by < @today AND f.state = 'received') THEN 1 ELSE 0 END), 0) AS late
                FROM triage_filing f WHERE {side}
                """,
                new
                {
                    court = actor.CourtId,
                    today,
                    me,
                    courts,
                    places,
                },
                cancellationToken
            );
            return new Result(
                [
                    .. rows.Take(Size)
                        .Select(f => request.Direction != "in" && f.CaseId is not null ? f with { PartiesText = "", Cause = "", CaseNumber = null } : f)
                        .Select(f => new Row(f, CrossRules.Standing(f.PassBy, f.PassedAt, f.ReplyBy, f.RepliedAt, f.DecideBy, today))),
                ],
                rows.Count > Size ? rows[Size - 1].Id.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
                sums!.N,
                sums.Late
            );
        }

        private sealed record Sums
        {
            public int N { get; init; }
            public int Late { get; init; }
        }
    }
}
