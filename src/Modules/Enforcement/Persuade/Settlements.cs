using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Persuade;

internal sealed record SettlementRow
{
    public const string Columns = "s.id, s.case_id, s.court_id, s.signed_on, s.total, s.words, s.state, s.ended_on, s.ended_words, s.created_name, s.version";

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["running"] = "履行中",
        ["performed"] = "履行完毕",
        ["broken"] = "未履行，恢复执行",
    };

    public static readonly StateTable Table = new(
        "enforcement_settlement",
        "执行和解",
        new("pay", ["running"], null),
        new("perform", ["running"], "performed"),
        new("break", ["running"], "broken")
    );

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public DateOnly SignedOn { get; init; }
    public long Total { get; init; }
    public string Words { get; init; } = "";
    public string State { get; init; } = "";
    public DateOnly? EndedOn { get; init; }
    public string? EndedWords { get; init; }
    public string CreatedName { get; init; } = "";
    public int Version { get; init; }
}

internal sealed record InstalmentRow
{
    public long SettlementId { get; init; }
    public int N { get; init; }
    public DateOnly DueOn { get; init; }
    public long Amount { get; init; }
    public DateOnly? PaidOn { get; init; }
}

/// <summary>Records a settlement with its instalments; each is a date.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.settlement.record")]
internal sealed record RecordSettlement : ICommand<long>
{
    public long CaseId { get; init; }
    public DateOnly? SignedOn { get; init; }
    public string Words { get; init; } = "";
    public IReadOnlyList<Part> Parts { get; init; } = [];

    internal sealed record Part
    {
        public DateOnly? On { get; init; }

        /// <summary>Yuan.</summary>
        public decimal? Amount { get; init; }
    }

    internal sealed class Validator : AbstractValidator<RecordSettlement>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.SignedOn).NotNull().WithMessage("请填写签订日期。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明和解内容。").MaximumLength(1000).WithMessage("内容最长 1000 个字符。");
            RuleFor(c => c.Parts).NotEmpty().WithMessage("请至少填写一期。").Must(p => p.Count <= 120).WithMessage("最多 120 期。");
            RuleForEach(c => c.Parts).Must(p => p.On is { Year: >= 2000 and <= 2100 }).WithMessage("每期都要填写履行日期。");
            RuleForEach(c => c.Parts).Must(p => p.Amount is > 0 && CaseMoney.IsMoney(p.Amount)).WithMessage("每期的金额应大于零，最多两位小数。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, CaseDates dates, AuditTrail audit)
        : ICommandHandler<RecordSettlement, long>
    {
        public async Task<long> Handle(RecordSettlement c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var today = Times.Day(clock.GetUtcNow());
            if (c.SignedOn > today || c.SignedOn < card.FiledOn)
                throw new RuleBroken("签订日期应在立案之后、今天以前。", "SignedOn");
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM enforcement_settlement WHERE case_id = @Id AND state = 'running'",
                    new { card.Id },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("本案已有履行中的和解；先结束再登记新的。", "CaseId", "running");
            var parts = c.Parts.OrderBy(p => p.On).ToList();
            if (parts[0].On < c.SignedOn)
                throw new RuleBroken($"第一期 {Times.Iso(parts[0].On!.Value)} 早于签订日期。", "Parts");
            var id = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO enforcement_settlement (id, case_id, court_id, signed_on, total, words, state, created_name, created_at, version) VALUES "
                    + "(@id, @CaseId, @CourtId, @SignedOn, @total, @words, 'running', @name, @now, 1)",
                new
                {
                    id,
                    c.CaseId,
                    card.CourtId,
                    c.SignedOn,
                    total = parts.Sum(p => CaseMoney.Cents(p.Amount!.Value)),
                    words = c.Words.Trim(),
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            for (var n = 1; n <= parts.Count; n++)
            {
                var (on, amount) = (parts[n - 1].On!.Value, CaseMoney.Cents(parts[n - 1].Amount!.Value));
                await db.ExecuteAsync(
                    "INSERT INTO enforcement_instalment (settlement_id, n, due_on, amount) VALUES (@id, @n, @on, @amount)",
                    new
                    {
                        id,
                        n,
                        on,
                        amount,
                    },
                    cancellationToken
                );
                await dates.SetAsync(
                    card.Id,
                    card.CourtId,
                    $"instalment:{id}:{n}",
                    DateKinds.Instalment,
                    on,
                    $"和解第 {n} 期 {Ui.Yuan(amount)} 元",
                    cancellationToken
                );
            }
            audit.Note("settlement", id, new { parts = parts.Count }, card.Id);
            return id;
        }
    }
}

/// <summary>An instalment was paid; the last one performs the settlement. Or the settlement is broken and enforcement goes on.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.settlement.step")]
internal sealed record StepSettlement : ICommand<SettlementRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>pay or break.</summary>
    public string Step { get; init; } = "";
    public int N { get; init; }
    public DateOnly? On { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<StepSettlement>
    {
        public Validator()
        {
            RuleFor(c => c.Step).Must(s => s is "pay" or "break").WithMessage("可以登记履行或者恢复执行。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Step == "break")
                .WithMessage("请写明没有履行的情况。")
                .MaximumLength(400)
                .WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        TimeProvider clock,
        ICases cases,
        CaseDates dates,
        Checks.Lookout lookout,
        InstalmentBook instalments,
        ICalendarSource calendars,
        AuditTrail audit
    ) : ICommandHandler<StepSettlement, SettlementRow>
    {
        public async Task<SettlementRow> Handle(StepSettlement c, CancellationToken cancellationToken)
        {
            var s = await db.FirstAsync<SettlementRow>(
                $"SELECT {SettlementRow.Columns} FROM enforcement_settlement s WHERE s.id = @Id",
                new { c.Id },
                cancellationToken
            );
            if (s is null || !await cases.CanReadAsync(s.CaseId, cancellationToken))
                throw new NotFound("执行和解", c.Id);
            if (c.Version is { } seen && seen != s.Version)
                throw new Conflict("执行和解刚被他人办理，请刷新后再看。");
            var today = Times.Day(clock.GetUtcNow());
            var on = c.On ?? today;
            if (on > today || on < s.SignedOn)
                throw new RuleBroken("日期应在签订之后、今天以前。", "On");
            var open = await db.QueryAsync<InstalmentRow>(
                "SELECT settlement_id, n, due_on, amount, paid_on FROM enforcement_instalment WHERE settlement_id = @Id AND paid_on IS NULL ORDER BY n",
                new { s.Id },
                cancellationToken
            );
            if (c.Step == "break")
            {
                await SettlementRow.Table.MoveAsync(
                    db,
                    "break",
                    s.State,
                    new
                    {
                        s.Id,
                        s.Version,
                        on,
                        words = c.Words.Trim(),
                    },
                    "ended_on = @on, ended_words = @words",
                    cancellationToken
                );
                foreach (var i in open)
                    await dates.EndAsync($"instalment:{s.Id}:{i.N}", cancellationToken);
                // a case that was closed by it goes on only when the creditor asks: they are told
                var card = await cases.GetAsync(s.CaseId, cancellationToken);
                if (card.State != "open")
                    await dates.SetAsync(
                        card.Id,
                        card.CourtId,
                        $"resume:{card.Id}",
                        DateKinds.Instalment,
                        calendars.For(null).AddWorkdays(today, 5),
                        "和解没有履行：告知申请执行人可以申请恢复执行，立执恢案件",
                        cancellationToken
                    );
            }
            else
            {
                var one = open.FirstOrDefault(i => i.N == c.N) ?? throw new RuleBroken($"第 {c.N} 期不存在，或者已经登记履行。", "N");
                await instalments.PayAsync(s, one.N, on, cancellationToken);
            }
            await lookout.LookAsync(s.CaseId, cancellationToken);
            audit.Note(
                "settlement",
                s.Id,
                new
                {
                    c.Step,
                    c.N,
                    on,
                },
                s.CaseId
            );
            return (
                await db.FirstAsync<SettlementRow>(
                    $"SELECT {SettlementRow.Columns} FROM enforcement_settlement s WHERE s.id = @Id",
                    new { s.Id },
                    cancellationToken
                )
            )!;
        }
    }
}

/// <summary>The instalments of a settlement as they are typed: a day and yuan on each line.</summary>
internal static class InstalmentLines
{
    /// <exception cref="RuleBroken">Field Data.Parts: which line cannot be read.</exception>
    public static IReadOnlyList<RecordSettlement.Part> Read(string text)
    {
        var parts = new List<RecordSettlement.Part>();
        foreach (var (line, n) in text.ReplaceLineEndings("\n").Split('\n').Select((l, i) => (l.Folded().Trim(), i + 1)).Where(l => l.Item1.Length > 0))
        {
            var cells = line.Split([',', ';', '\t', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (
                cells.Length != 2
                || !DateOnly.TryParseExact(
                    cells[0],
                    ["yyyy-MM-dd", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd"],
                    System.Globalization.CultureInfo.InvariantCulture,
                    System.Globalization.DateTimeStyles.None,
                    out var on
                )
                || !decimal.TryParse(
                    cells[1],
                    System.Globalization.NumberStyles.AllowDecimalPoint,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var amount
                )
            )
                throw new RuleBroken($"第 {n} 行不能读：应为日期、金额两项，如 2026-06-30，10000。", "Data.Parts");
            parts.Add(new RecordSettlement.Part { On = on, Amount = amount });
        }
        return parts;
    }
}
