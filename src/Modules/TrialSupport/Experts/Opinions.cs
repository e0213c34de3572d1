using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Experts;

/// <summary>An expert opinion that was entrusted (鉴定, G-05).</summary>
internal sealed record Opinion
{
    /// <summary>Working days of an ordinary opinion, and of a complex one (法〔2020〕202号 Art 13).</summary>
    public const int Days = 30;
    public const int ComplexDays = 60;

    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>
    {
        ["received"] = "收到意见",
        ["returned"] = "退回委托",
        ["withdrawn"] = "撤回申请",
    };

    public long Id { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Matter { get; init; } = "";
    public string Institution { get; init; } = "";
    public bool Complex { get; init; }
    public DateOnly EntrustedOn { get; init; }

    /// <summary>The last working day of the period; the institution is urged after it.</summary>
    public DateOnly DueOn { get; init; }
    public DateOnly? EndedOn { get; init; }
    public string? Outcome { get; init; }
    public int Urged { get; init; }
    public DateOnly? UrgedOn { get; init; }
    public string State { get; init; } = "";
    public int Version { get; init; }

    /// <summary>The last day of the period (working days after the entrusting).</summary>
    public static DateOnly Due(DateOnly entrusted, bool complex, CourtCalendar calendar) => calendar.AddWorkdays(entrusted, complex ? ComplexDays : Days);
}

/// <summary>The one place where opinions change.</summary>
internal sealed class OpinionBook(Db db, ICases cases)
{
    public const string Columns =
        "SELECT o.id, o.case_id, o.case_number, o.matter, o.institution, o.complex, o.entrusted_on, o.due_on, o.ended_on, o.outcome, o.urged, "
        + "o.urged_on, o.state, o.version FROM trial_opinion o";

    public static readonly StateTable Table = new("trial_opinion", "鉴定", new("urge", ["open"], null), new("end", ["open"], "ended"));

    public async Task<Opinion> OpenAsync(long id, int? version, CancellationToken ct)
    {
        var o = await db.FirstAsync<Opinion>(Columns + " WHERE o.id = @id", new { id }, ct);
        if (o is null || !await cases.CanReadAsync(o.CaseId, ct))
            throw new NotFound("鉴定", id);
        return version is null || version == o.Version ? o : throw new Conflict("鉴定刚被他人修改，请刷新后再看。");
    }

    public Task MoveAsync(Opinion o, string step, string set, object args, CancellationToken ct) => Table.MoveAsync(db, step, o.State, args, set, ct);
}

/// <summary>Entrusts an expert; from then on the trial limit stands still (D-JD).</summary>
[Permit("trial.draft")]
[Audited("trial.expert.entrust")]
internal sealed record EntrustExpert : ICommand<long>
{
    public long CaseId { get; init; }
    public string Matter { get; init; } = "";
    public string Institution { get; init; } = "";
    public bool Complex { get; init; }
    public DateOnly? On { get; init; }

    internal sealed class Validator : AbstractValidator<EntrustExpert>
    {
        public Validator()
        {
            RuleFor(c => c.Matter).NotEmpty().WithMessage("请写明鉴定事项。").MaximumLength(400).WithMessage("鉴定事项最长 400 个字符。");
            RuleFor(c => c.Institution).NotEmpty().WithMessage("请写明鉴定机构。").MaximumLength(120).WithMessage("鉴定机构最长 120 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, ICalendarSource calendars, Outbox outbox, AuditTrail audit)
        : ICommandHandler<EntrustExpert, long>
    {
        public async Task<long> Handle(EntrustExpert request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            if (card.State != "open")
                throw new RuleBroken("案件已经结案，不能再委托鉴定。", "CaseId", "closed");
            var now = clock.GetUtcNow();
            var on = request.On ?? Times.Day(now);
            if (on > Times.Day(now) || on < card.FiledOn)
                throw new RuleBroken("委托日期应在立案之后、今天以前。", "On");
            var id = ids.Next();
            var due = Opinion.Due(on, request.Complex, calendars.For(CaseNumber.TryParse(card.Number, out var number) ? number.Court : null));
            await db.ExecuteAsync(
                """
                INSERT INTO trial_opinion (id, case_id, court_id, case_number, matter, institution, complex, entrusted_on, due_on, urged, state, created_name,
                    created_at, version)
                VALUES (@id, @CaseId, @CourtId, @Number, @Matter, @Institution, @Complex, @on, @due, 0, 'open', @name, @now, 1)
                """,
                new
                {
                    id,
                    CaseId = card.Id,
                    card.CourtId,
                    card.Number,
                    request.Matter,
                    request.Institution,
                    request.Complex,
                    on,
                    due,
                    name = actor.Name,
                    now,
                },
                cancellationToken
            );
            await outbox.AddAsync(
                Catalogue.CaseKey(card.Id),
                new ExpertEntrusted
                {
                    OpinionId = id,
                    CaseId = card.Id,
                    On = on,
                },
                cancellationToken
            );
            audit.Note(
                "expert-opinion",
                id,
                new
                {
                    request.Institution,
                    on,
                    due,
                },
                card.Id
            );
            return id;
        }
    }
}

/// <summary>The opinion has come, or the entrusting has ended without it; the trial limit runs on from the day after.</summary>
[Permit("trial.draft")]
[Audited("trial.expert.end")]
internal sealed record EndExpert : ICommand<long>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public DateOnly? On { get; init; }
    public string Outcome { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<EndExpert>
    {
        public Validator()
        {
            RuleFor(c => c.Outcome).Must(Opinion.Outcomes.ContainsKey).WithMessage("请选择鉴定结果：收到意见、退回委托或者撤回申请。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(OpinionBook book, TimeProvider clock, Outbox outbox, AuditTrail audit) : ICommandHandler<EndExpert, long>
    {
        public async Task<long> Handle(EndExpert request, CancellationToken cancellationToken)
        {
            var o = await book.OpenAsync(request.Id, request.Version, cancellationToken);
            var today = Times.Day(clock.GetUtcNow());
            var on = request.On ?? today;
            if (on < o.EntrustedOn || on > today)
                throw new RuleBroken("结束日期应在委托之后、今天以前。", "On");
            await book.MoveAsync(
                o,
                "end",
                "ended_on = @on, outcome = @Outcome, words = @Words",
                new
                {
                    o.Id,
                    o.Version,
                    on,
                    request.Outcome,
                    request.Words,
                },
                cancellationToken
            );
            await outbox.AddAsync(
                Catalogue.CaseKey(o.CaseId),
                new ExpertEnded
                {
                    OpinionId = o.Id,
                    CaseId = o.CaseId,
                    On = on,
                },
                cancellationToken
            );
            audit.Note("expert-opinion", o.Id, new { request.Outcome, on }, o.CaseId);
            return o.CaseId;
        }
    }
}

/// <summary>Urges an institution whose period is over; each urging is counted.</summary>
[Permit("trial.draft")]
[Audited("trial.expert.urge")]
internal sealed record UrgeExpert : ICommand<long>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<UrgeExpert>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明鉴定。");
    }

    internal sealed class Handler(OpinionBook book, TimeProvider clock, AuditTrail audit) : ICommandHandler<UrgeExpert, long>
    {
        public async Task<long> Handle(UrgeExpert request, CancellationToken cancellationToken)
        {
            var o = await book.OpenAsync(request.Id, request.Version, cancellationToken);
            var today = Times.Day(clock.GetUtcNow());
            if (o.UrgedOn == today)
                throw new RuleBroken("今天已经催过。", "");
            await book.MoveAsync(
                o,
                "urge",
                "urged = urged + 1, urged_on = @today",
                new
                {
                    o.Id,
                    o.Version,
                    today,
                },
                cancellationToken
            );
            audit.Note("expert-opinion", o.Id, new { times = o.Urged + 1, late = today.DayNumber - o.DueOn.DayNumber }, o.CaseId);
            return o.CaseId;
        }
    }
}
