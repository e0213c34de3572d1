using System.Globalization;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Dates;

/// <summary>A period of preservation or enforcement that a person starts by an event.</summary>
/// <param name="Label">Chinese, the key of its translation.</param>
/// <param name="From">The event it counts from; Chinese, the key of its translation.</param>
/// <param name="Source">The article.</param>
internal sealed record PeriodKind(string Code, string Label, string From, int N, PeriodUnit Unit, string Source);

/// <summary>The periods of D-04, by Law's names, and those of D-06. Pure.</summary>
internal static class CasePeriods
{
    private static readonly string[] Named =
    [
        "PRES-RULING",
        "PRES-URGENT",
        "PRES-BEGIN",
        "PRES-SUE",
        "PRES-ENFORCE",
        "PRES-REVIEW-DECISION",
        "PRES-LIFT",
        "PRES-LIFT-URGENT",
        "PRES-THIRD-PARTY",
        "PRES-TRANSFER",
        "PRES-WAITING-REQUEST",
        "ENFORCEMENT-NOTICE-AFTER",
    ];

    /// <summary>All kinds by code, those of preservation first.</summary>
    public static readonly IReadOnlyDictionary<string, PeriodKind> All = Named
        .Select(c => NamedPeriods.Get(c))
        .Select(p => new PeriodKind(p.Code, p.Name.Zh, p.From.Zh, p.N, p.Unit, p.Article))
        .Concat([
            new("debt-notice", "第三人履行到期债务或者提出异议", "第三人收到履行通知", 15, PeriodUnit.Day, "执行规定第45条"),
            new("jurisdiction", "对执行管辖提出异议", "收到执行通知书", 10, PeriodUnit.Day, "执行程序解释第3条"),
            new("audit", "审计、悬赏的决定", "收到申请", 10, PeriodUnit.Day, "财产调查规定第17条、第21条"),
            new("price-start", "启动确定参考价", "查封、扣押、冻结", 30, PeriodUnit.Day, "参考价规定第1条"),
            new("price-told", "向当事人发送参考价报告", "收到报告", 3, PeriodUnit.Day, "参考价规定第21条"),
            new("sale-start", "启动拍卖、变卖", "参考价确定", 10, PeriodUnit.Day, "参考价规定第30条"),
            new("entrust-start", "受委托法院开始执行", "收到委托函件", 15, PeriodUnit.Day, "《民事诉讼法》第240条"),
            new("entrust-report", "受委托法院函复执行结果", "收到委托函件", 30, PeriodUnit.Day, "《民事诉讼法》第240条"),
        ])
        .ToDictionary(p => p.Code);

    /// <summary>The last day of a period; of one in hours the hour too.</summary>
    /// <param name="at">Of a period in hours: when the event was.</param>
    /// <exception cref="RuleBroken">Field At: a period in hours without its time, or no time of day. Field On: out of range.</exception>
    public static (DateOnly Day, TimeOnly? Hour) Due(PeriodKind kind, DateOnly on, string at, CourtCalendar calendar)
    {
        var time = TimeOnly.TryParseExact(at.Folded().Trim(), "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : (TimeOnly?)null;
        if (time is null && at.Trim().Length > 0)
            throw new RuleBroken($"时间“{at}”不能读，应形如 10:20。", "At");
        if (kind.Unit == PeriodUnit.Hour && time is null)
            throw new RuleBroken("按小时计算的期限，请填写时间，形如 10:20。", "At");
        try
        {
            if (kind.Unit != PeriodUnit.Hour)
                return (Periods.Compute(on, kind.N, kind.Unit, calendar).LegalLastDay, null);
            var last = NamedPeriods.DueAt(kind.Code, on.ToDateTime(time!.Value), calendar).Last;
            return (DateOnly.FromDateTime(last), TimeOnly.FromDateTime(last));
        }
        catch (LawError e)
        {
            throw new RuleBroken(e.Reason, "On");
        }
    }
}

/// <summary>An event starts a period of the law: a date of the case with its order and escalation, ended by the act.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.period.start")]
internal sealed record StartPeriod : ICommand<DateRow>
{
    public long CaseId { get; init; }

    /// <summary>A code of <see cref="CasePeriods.All"/>.</summary>
    public string Code { get; init; } = "";

    /// <summary>Day of the event; today where it is not given.</summary>
    public DateOnly? On { get; init; }

    /// <summary>Of a period in hours: the time of the event.</summary>
    public string At { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<StartPeriod>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Code).Must(CasePeriods.All.ContainsKey).WithMessage("请选择期限。");
            RuleFor(c => c.At).MaximumLength(10).WithMessage("时间应形如 10:20。");
            RuleFor(c => c.Words).MaximumLength(100).WithMessage("说明最长 100 个字符。");
        }
    }

    internal sealed class Handler(Db db, ICases cases, MeasureWork work, Lookout lookout, CaseDates dates, ICalendarSource calendars, AuditTrail audit)
        : ICommandHandler<StartPeriod, DateRow>
    {
        public async Task<DateRow> Handle(StartPeriod c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var on = c.On ?? work.Today;
            if (on > work.Today)
                throw new RuleBroken($"日期不能晚于今天 {Times.Iso(work.Today)}。", "On");
            var kind = CasePeriods.All[c.Code];
            var (due, hour) = CasePeriods.Due(kind, on, c.At, calendars.For(CaseNumber.TryParse(card.Number, out var n) ? n.Court : null));
            var subject = $"period:{card.Id}:{kind.Code}:{on:yyyyMMdd}";
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM enforcement_date WHERE subject = @subject AND done_on IS NULL",
                    new { subject },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("这个期限已经登记。", "Code", "there-already");
            await lookout.TrackAsync(card, cancellationToken);
            await dates.SetAsync(
                card.Id,
                card.CourtId,
                subject,
                DateKinds.Period,
                due,
                $"{kind.Label}（{Times.Iso(on)} {kind.From}{(hour is { } h ? $"，至 {h:HH:mm}" : "")}）{c.Words.Trim()}",
                cancellationToken
            );
            audit.Note(
                "case",
                card.Id,
                new
                {
                    c.Code,
                    on,
                    due,
                },
                card.Id
            );
            return (
                await db.FirstAsync<DateRow>($"SELECT {DateRow.Columns} FROM enforcement_date d WHERE d.subject = @subject", new { subject }, cancellationToken)
            )!;
        }
    }
}

/// <summary>What a period waited for was done, or it needs not be done; with words.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.period.end")]
internal sealed record EndPeriod : ICommand<DateRow>
{
    public long Id { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<EndPeriod>
    {
        public Validator() => RuleFor(c => c.Words).NotEmpty().WithMessage("请写明办理的情况。").MaximumLength(200).WithMessage("情况最长 200 个字符。");
    }

    internal sealed class Handler(Db db, ICases cases, CaseDates dates, AuditTrail audit) : ICommandHandler<EndPeriod, DateRow>
    {
        public async Task<DateRow> Handle(EndPeriod c, CancellationToken cancellationToken)
        {
            var d = await ReadAsync(c.Id, cancellationToken);
            if (d is null || d.Kind != DateKinds.Period || !await cases.CanReadAsync(d.CaseId, cancellationToken))
                throw new NotFound("法定期限", c.Id);
            if (d.DoneOn is not null)
                throw new RuleBroken("这个期限已经办结。", code: "done");
            await dates.EndAsync(d.Subject, cancellationToken);
            audit.Note("date", d.Id, new { words = c.Words.Trim() }, d.CaseId);
            return (await ReadAsync(d.Id, cancellationToken))!;
        }

        private Task<DateRow?> ReadAsync(long id, CancellationToken ct) =>
            db.FirstAsync<DateRow>($"SELECT {DateRow.Columns} FROM enforcement_date d WHERE d.id = @id", new { id }, ct);
    }
}

/// <summary>The periods of a case, open and done.</summary>
[Permit("enforcement.read")]
internal sealed record ShowPeriods : IQuery<ShowPeriods.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(CaseCard Case, IReadOnlyList<DateRow> Rows);

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ShowPeriods, Result>
    {
        public async Task<Result> Handle(ShowPeriods request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var rows = await db.QueryAsync<DateRow>(
                $"SELECT {DateRow.Columns} FROM enforcement_date d WHERE d.case_id = @CaseId AND d.kind = 'period' ORDER BY d.due_on, d.id",
                new { request.CaseId },
                cancellationToken
            );
            reads.List("enforcement.date.list", rows.Count, new { kind = DateKinds.Period }, card.Id);
            return new Result(card, rows);
        }
    }
}
