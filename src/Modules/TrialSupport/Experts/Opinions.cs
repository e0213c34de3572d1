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

    /// <summary>A key of <see cref="ExpertRules.Choices"/>; null for what was entrusted before it was kept.</summary>
    public string? Chosen { get; init; }

    /// <summary>Of a draw: who was in it, with 、 between, and its seed.</summary>
    public string? Candidates { get; init; }
    public string? Seed { get; init; }

    /// <summary>The day on which the fee was paid in advance; null: not, or none is asked.</summary>
    public DateOnly? FeeOn { get; init; }
    public int Extended { get; init; }
    public string Steps { get; init; } = "";
    public string Items { get; init; } = "";

    /// <summary>The centre's order behind it; null for what was entrusted before there was one.</summary>
    public long? OrderId { get; init; }
    public int Version { get; init; }

    /// <summary>The last day of the period (working days after the entrusting).</summary>
    public static DateOnly Due(DateOnly entrusted, bool complex, CourtCalendar calendar) => calendar.AddWorkdays(entrusted, complex ? ComplexDays : Days);
}

/// <summary>The one place where opinions change.</summary>
internal sealed class OpinionBook(Db db, ICases cases)
{
    public const string Columns =
        "SELECT o.id, o.case_id, o.case_number, o.matter, o.institution, o.complex, o.entrusted_on, o.due_on, o.ended_on, o.outcome, o.urged, "
        + "o.urged_on, o.state, o.chosen, o.candidates, o.seed, o.fee_on, o.extended, o.steps, o.items, o.order_id, o.version "
        + "FROM trial_opinion o";

    public static readonly StateTable Table = new(
        "trial_opinion",
        "鉴定",
        new("urge", ["open"], null),
        new("extend", ["open"], null),
        new("end", ["open"], "ended"),
        new("step", ["ended"], null)
    );

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

    /// <summary>A key of <see cref="ExpertRules.Choices"/>: by agreement first, else by the court, as a rule by lot (证据规定 32).</summary>
    public string Chosen { get; init; } = "agreed";

    /// <summary>Of a draw: the institutions in it, two at least; the one drawn is entrusted.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>The day the fee was paid in advance (证据规定 31); null where none is asked.</summary>
    public DateOnly? FeeOn { get; init; }
    public bool Complex { get; init; }
    public DateOnly? On { get; init; }

    internal sealed class Validator : AbstractValidator<EntrustExpert>
    {
        public Validator()
        {
            RuleFor(c => c.Matter).NotEmpty().WithMessage("请写明鉴定事项。").MaximumLength(400).WithMessage("鉴定事项最长 400 个字符。");
            RuleFor(c => c.Institution)
                .NotEmpty()
                .When(c => c.Chosen != "lot")
                .WithMessage("请写明鉴定机构。")
                .MaximumLength(120)
                .WithMessage("鉴定机构最长 120 个字符。");
            RuleFor(c => c.Chosen).Must(ExpertRules.Choices.ContainsKey).WithMessage("请选择鉴定机构是怎样确定的。");
            RuleFor(c => c.Candidates)
                .Must(c => c.Select(x => x.Trim()).Where(x => x.Length > 0).Distinct().Count() is >= 2 and <= 20)
                .When(c => c.Chosen == "lot")
                .WithMessage("随机抽取的，请列出二到二十个备选机构。")
                .Must(c => c.All(x => x.Trim().Length <= 120) && c.Sum(x => x.Length + 1) <= 1000)
                .WithMessage("备选机构太长：每个最长 120 个字符，合计 1000 个。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        ICalendarSource calendars,
        ExpertOrders orders,
        Outbox outbox,
        AuditTrail audit
    ) : ICommandHandler<EntrustExpert, long>
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
            if (request.FeeOn > Times.Day(now))
                throw new RuleBroken("交费日期在今天之后。", "FeeOn");
            var id = ids.Next();
            var candidates = request.Candidates.Select(c => c.Trim()).Where(c => c.Length > 0).Distinct().ToList();
            var seed = request.Chosen == "lot" ? Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)) : null;
            var institution = seed is null ? request.Institution.Trim() : ExpertRules.Draw(candidates, seed);
            var due = Opinion.Due(on, request.Complex, calendars.For(CaseNumber.TryParse(card.Number, out var number) ? number.Court : null));
            var order = await orders.OpenAsync(id, card, request.Matter, institution, request.Complex, due, cancellationToken);
            await db.ExecuteAsync(
                """
                INSERT INTO trial_opinion (id, case_id, court_id, case_number, matter, institution, complex, entrusted_on, due_on, urged, state, chosen,
                    candidates, seed, fee_on, order_id, created_name, created_at, version)
                VALUES (@id, @CaseId, @CourtId, @Number, @Matter, @institution, @Complex, @on, @due, 0, 'open', @Chosen, @candidates, @seed, @FeeOn, @order,
                    @name, @now, 1)
                """,
                new
                {
                    id,
                    CaseId = card.Id,
                    card.CourtId,
                    card.Number,
                    request.Matter,
                    institution,
                    request.Chosen,
                    candidates = seed is null ? null : string.Join('、', candidates),
                    seed,
                    request.FeeOn,
                    order,
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
                    institution,
                    request.Chosen,
                    seed,
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
[Permit("trial.expert")]
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
[Permit("trial.expert")]
[Audited("trial.expert.urge")]
internal sealed record UrgeExpert : ICommand<long>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<UrgeExpert>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明鉴定。");
    }

    internal sealed class Handler(OpinionBook book, ExpertOrders orders, TimeProvider clock, AuditTrail audit) : ICommandHandler<UrgeExpert, long>
    {
        public async Task<long> Handle(UrgeExpert request, CancellationToken cancellationToken)
        {
            var o = await book.OpenAsync(request.Id, request.Version, cancellationToken);
            var today = Times.Day(clock.GetUtcNow());
            if (today <= o.DueOn)
                throw new RuleBroken($"鉴定期限到 {Times.Iso(o.DueOn)}，还没有届满，不需要催办。", "", "not-due");
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
            await orders.UrgedAsync(o, cancellationToken);
            audit.Note("expert-opinion", o.Id, new { times = o.Urged + 1, late = today.DayNumber - o.DueOn.DayNumber }, o.CaseId);
            return o.CaseId;
        }
    }
}
