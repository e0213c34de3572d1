using System.Globalization;
using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Money;

/// <summary>Draws up a distribution plan over what is held for a case: the shares are computed.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.plan")]
internal sealed record MakePlan : ICommand<long>
{
    public long CaseId { get; init; }

    /// <summary>Yuan that go to the costs of enforcement first.</summary>
    public decimal? Costs { get; init; }
    public IReadOnlyList<Part> Parts { get; init; } = [];

    internal sealed record Part
    {
        public long? PartyId { get; init; }
        public string Name { get; init; } = "";

        /// <summary>1 comes before 2.</summary>
        public int Priority { get; init; } = 1;

        /// <summary>Yuan.</summary>
        public decimal? Claim { get; init; }
    }

    internal sealed class Validator : AbstractValidator<MakePlan>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Costs).Must(a => a is null or 0 || CaseMoney.IsMoney(a)).WithMessage("费用应不为负，最多两位小数。");
            RuleFor(c => c.Parts).NotEmpty().WithMessage("请至少填写一名受偿人。").Must(p => p.Count <= 200).WithMessage("最多 200 名受偿人。");
            RuleForEach(c => c.Parts).Must(p => p.Claim is > 0 && CaseMoney.IsMoney(p.Claim)).WithMessage("每名受偿人都要填写大于零的债权额，最多两位小数。");
            RuleForEach(c => c.Parts)
                .Must(p => p.PartyId is not null || p.Name.Trim().Length is > 0 and <= 200)
                .WithMessage("每名受偿人都要选择当事人或者填写姓名，最长 200 个字符。");
            RuleForEach(c => c.Parts).Must(p => p.Priority is >= 1 and <= 20).WithMessage("顺位从 1 到 20。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, CaseMoney money, AuditTrail audit)
        : ICommandHandler<MakePlan, long>
    {
        public async Task<long> Handle(MakePlan c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var parties = await cases.PartiesAsync(card.Id, cancellationToken);
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM enforcement_plan WHERE case_id = @Id AND state IN ('draft', 'served', 'objected', 'opposed', 'sued')",
                    new { card.Id },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("本案已有一份没有办完的分配方案；先撤销再重做。", "CaseId", "open-already");
            var held = await money.HeldAsync(card.Id, cancellationToken) - await money.PromisedAsync(card.Id, cancellationToken);
            var costs = CaseMoney.Cents(c.Costs ?? 0);
            if (held <= 0 || costs >= held)
                throw new RuleBroken($"在案待发 {Ui.Yuan(held)} 元，扣除费用后没有可以分配的款项。", "Costs", "nothing");
            var parts = c
                .Parts.Select(p =>
                    p.PartyId is { } id
                        ? (Party: parties.FirstOrDefault(x => x.Id == id) ?? throw new RuleBroken("请选择本案的当事人。", "Parts"), Part: p)
                        : (Party: null!, Part: p)
                )
                .ToList();
            var claims = parts.Select(p => new Claim(p.Party?.Name ?? p.Part.Name.Trim(), p.Part.Priority, CaseMoney.Cents(p.Part.Claim!.Value))).ToList();
            var shares = Distribution.Share(held - costs, claims);
            var planId = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO enforcement_plan (id, case_id, court_id, total, costs, state, created_by, created_name, created_at, version) VALUES "
                    + "(@planId, @CaseId, @CourtId, @held, @costs, 'draft', @by, @name, @now, 1)",
                new
                {
                    planId,
                    CaseId = card.Id,
                    card.CourtId,
                    held,
                    costs,
                    by = actor.Id,
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            await db.ExecuteManyAsync(
                "INSERT INTO enforcement_plan_line (plan_id, n, party_id, name, priority, claim, share) VALUES (@planId, @N, @PartyId, @Name, "
                    + "@Priority, @Amount, @Share)",
                [
                    .. claims.Select(
                        (x, i) =>
                            (object)
                                new
                                {
                                    planId,
                                    N = i + 1,
                                    PartyId = parts[i].Party?.Id,
                                    x.Name,
                                    x.Priority,
                                    x.Amount,
                                    Share = shares[i],
                                }
                    ),
                ],
                cancellationToken
            );
            audit.Note(
                "plan",
                planId,
                new
                {
                    held,
                    costs,
                    parts = claims.Count,
                },
                card.Id
            );
            return planId;
        }
    }
}

/// <summary>
/// Steps of a plan: served (15 days to object), objected to, told to the others (15 days to oppose), opposed (15 days to sue), sued over, settled and served
/// again, final, cancelled (CPL-I 509, 510). What nobody disputes is paid out meanwhile; the disputed shares stay with the court.
/// </summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.plan-step")]
internal sealed record StepPlan : ICommand<PlanRow>
{
    /// <summary>Days to object from the day after the plan was received, to oppose from the notice of the objection, to sue from the notice of the opposition
    /// (CPL-I 509, 510).</summary>
    public const int ObjectionDays = 15;

    public static readonly IReadOnlyList<string> Steps = ["serve", "object", "notify", "oppose", "sue", "release", "settle", "final", "cancel"];

    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>One of <see cref="Steps"/>.</summary>
    public string Step { get; init; } = "";

    /// <summary>The day the last of them received it; the day of the objection, of the opposition, of the suit.</summary>
    public DateOnly? On { get; init; }

    /// <summary>With an objection: the numbers of the shares it is against; none: all.</summary>
    public IReadOnlyList<int> Lines { get; init; } = [];
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<StepPlan>
    {
        public Validator()
        {
            RuleFor(c => c.Step).Must(Steps.Contains).WithMessage("没有这个动作。");
            RuleFor(c => c.On).NotNull().When(c => c.Step is "serve" or "settle").WithMessage("请填写最后一名收到方案的日期。");
            RuleFor(c => c.On).NotNull().When(c => c.Step == "notify").WithMessage("请填写最后一名收到异议通知的日期。");
            RuleFor(c => c.On).NotNull().When(c => c.Step == "oppose").WithMessage("请填写异议人收到反对意见通知的日期。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Step is "object" or "oppose" or "sue" or "settle" or "cancel")
                .WithMessage("请写明异议或者处理的情况。")
                .MaximumLength(400)
                .WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, ICases cases, CaseMoney money, CaseDates dates, ICalendarSource calendars, AuditTrail audit)
        : ICommandHandler<StepPlan, PlanRow>
    {
        public async Task<PlanRow> Handle(StepPlan c, CancellationToken cancellationToken)
        {
            var p = await money.PlanAsync(c.Id, c.Version, cancellationToken);
            var card = await cases.GetAsync(p.CaseId, cancellationToken);
            if (c.On > money.Today || c.On < Times.Day(p.CreatedAt))
                throw new RuleBroken($"日期应在方案拟定（{Times.Iso(Times.Day(p.CreatedAt))}）之后、今天以前。", "On");
            switch (c.Step)
            {
                case "serve" or "settle":
                    await ServeAsync(c, p, card, cancellationToken);
                    break;
                case "object":
                    await ObjectAsync(c, p, card, cancellationToken);
                    break;
                case "notify":
                    var counter = Last(c.On!.Value, card);
                    await MoveAsync(c, p, "counter_until = @until", counter, cancellationToken);
                    await DateAsync(p, card, counter.AddDays(1), $"反对意见期 {Times.Iso(counter)} 届满：无人反对的，按异议修正方案", cancellationToken);
                    break;
                case "oppose":
                    if (p.CounterUntil is null)
                        throw new RuleBroken("还没有登记将异议通知其他债权人和被执行人。", "Step", "not-notified");
                    var sue = Last(c.On!.Value, card);
                    await MoveAsync(c, p, "sue_until = @until, objection = @words", sue, cancellationToken);
                    await DateAsync(p, card, sue.AddDays(1), $"起诉期 {Times.Iso(sue)} 届满：没有起诉的，按原方案发放", cancellationToken);
                    break;
                case "sue":
                    if ((c.On ?? money.Today) > p.SueUntil)
                        throw new RuleBroken($"起诉期 {Times.Iso(p.SueUntil!.Value)} 已届满（民诉法解释第510条）。", "On", "late");
                    await MoveAsync(c, p, "objection = @words", null, cancellationToken);
                    await DateAsync(p, card, money.Today.AddDays(90), "分配方案异议之诉：核对审理的进展", cancellationToken);
                    break;
                case "release":
                    if (money.Today <= p.ObjectUntil)
                        throw new RuleBroken($"异议期至 {Times.Iso(p.ObjectUntil!.Value)}，届满后才能发放没有争议的部分。", "On", "early");
                    await MoveAsync(c, p, "", null, cancellationToken);
                    if (await PayOutAsync(p, card, disputed: false, cancellationToken) == 0)
                        throw new RuleBroken("没有可以先行发放的部分：各项都有争议，或者已经转发放。", "Step", "nothing");
                    break;
                case "final":
                    if (p.State == "objected")
                        throw new RuleBroken("异议还没有结果：无人反对的，撤销后按异议重新拟定；有人反对的，登记反对意见。", "Step", "objected");
                    if (p.State == "served" && money.Today <= p.ObjectUntil)
                        throw new RuleBroken($"异议期至 {Times.Iso(p.ObjectUntil!.Value)}，届满后才能按方案发放。", "On", "early");
                    if (p.State == "opposed" && money.Today <= p.SueUntil)
                        throw new RuleBroken($"起诉期至 {Times.Iso(p.SueUntil!.Value)}，届满后没有起诉的才能按方案发放。", "On", "early");
                    if (p.State == "sued" && c.Words.Trim().Length == 0)
                        throw new RuleBroken("请写明异议之诉的结果：维持方案的裁判和生效日期。", "Words");
                    await MoveAsync(c, p, p.State == "sued" ? "objection = @words" : "", null, cancellationToken);
                    await dates.EndAsync($"plan:{p.Id}", cancellationToken);
                    await PayOutAsync(p, card, disputed: true, cancellationToken);
                    break;
                default:
                    await MoveAsync(c, p, "objection = @words", null, cancellationToken);
                    await dates.EndAsync($"plan:{p.Id}", cancellationToken);
                    break;
            }
            audit.Note("plan", p.Id, new { c.Step, c.On }, p.CaseId);
            return await money.PlanAsync(p.Id, null, cancellationToken);
        }

        private async Task ServeAsync(StepPlan c, PlanRow p, CaseCard card, CancellationToken ct)
        {
            var until = Last(c.On!.Value, card);
            if (c.Step == "serve" && await money.HeldAsync(card.Id, ct) - await money.PromisedAsync(card.Id, ct) < p.Total)
                throw new RuleBroken("在案待发已不够这份方案的总额，请撤销后重新拟定。", "Step", "not-enough");
            await MoveAsync(
                c,
                p,
                "served_on = @On, object_until = @until, counter_until = NULL, sue_until = NULL" + (c.Step == "settle" ? ", objection = @words" : ""),
                until,
                ct
            );
            await db.ExecuteAsync("UPDATE enforcement_plan_line SET disputed = 0 WHERE plan_id = @Id", new { p.Id }, ct);
            await DateAsync(p, card, until.AddDays(1), $"分配方案异议期 {Times.Iso(until)} 届满，转发放", ct);
        }

        private async Task ObjectAsync(StepPlan c, PlanRow p, CaseCard card, CancellationToken ct)
        {
            if ((c.On ?? money.Today) > p.ObjectUntil)
                throw new RuleBroken($"异议期 {Times.Iso(p.ObjectUntil!.Value)} 已届满（民诉法解释第509条）。", "On", "late");
            var lines = (await LinesAsync(p, ct)).Select(l => l.N).ToList();
            if (c.Lines.Except(lines).ToList() is { Count: > 0 } strange)
                throw new RuleBroken($"方案没有第 {strange[0]} 项。", "Lines");
            await MoveAsync(c, p, "objection = @words", null, ct);
            await db.ExecuteAsync(
                "UPDATE enforcement_plan_line SET disputed = 1 WHERE plan_id = @Id AND n IN @numbers",
                new { p.Id, numbers = c.Lines.Count > 0 ? c.Lines : lines },
                ct
            );
            await DateAsync(p, card, calendars.For(null).AddWorkdays(money.Today, 3), "将异议通知没有提出异议的债权人和被执行人", ct);
        }

        private DateOnly Last(DateOnly from, CaseCard card) =>
            Periods
                .Compute(from, ObjectionDays, PeriodUnit.Day, calendars.For(CaseNumber.TryParse(card.Number, out var number) ? number.Court : null))
                .LegalLastDay;

        private Task DateAsync(PlanRow p, CaseCard card, DateOnly due, string words, CancellationToken ct) =>
            dates.SetAsync(card.Id, card.CourtId, $"plan:{p.Id}", DateKinds.Plan, due, words, ct);

        private Task MoveAsync(StepPlan c, PlanRow p, string set, DateOnly? until, CancellationToken ct) =>
            CaseMoney.Plans.MoveAsync(
                db,
                c.Step,
                p.State,
                new
                {
                    p.Id,
                    p.Version,
                    c.On,
                    until,
                    words = c.Words.Trim(),
                },
                set,
                ct
            );

        private Task<IReadOnlyList<PlanLine>> LinesAsync(PlanRow p, CancellationToken ct) =>
            db.QueryAsync<PlanLine>($"SELECT {PlanLine.Columns} FROM enforcement_plan_line l WHERE l.plan_id = @Id ORDER BY l.n", new { p.Id }, ct);

        // asks for the payouts of the shares that were not asked for yet; of the disputed ones only where they are decided
        private async Task<int> PayOutAsync(PlanRow p, CaseCard card, bool disputed, CancellationToken ct)
        {
            var all = await LinesAsync(p, ct);
            var lines = all.Where(l => l is { Asked: false, Share: > 0 } && (disputed || !l.Disputed)).ToList();
            foreach (var line in lines)
            {
                await db.ExecuteAsync("UPDATE enforcement_plan_line SET asked = 1 WHERE plan_id = @Id AND n = @N", new { p.Id, line.N }, ct);
                await money.AskAsync(card, p.Id, line.PartyId, line.Name, null, null, "creditor", line.Share, $"分配方案第 {line.N} 项", ct);
            }
            if (p.Costs == 0 || p.CostsAsked || (!disputed && all.All(l => l.Disputed)))
                return lines.Count;
            await db.ExecuteAsync("UPDATE enforcement_plan SET costs_asked = 1 WHERE id = @Id", new { p.Id }, ct);
            await money.AskAsync(card, p.Id, null, "执行费用", null, null, "cost", p.Costs, "分配方案：费用", ct);
            return lines.Count + 1;
        }
    }
}

/// <summary>The lines of a plan as they are typed: name, priority, claim in yuan.</summary>
internal static class PlanLines
{
    /// <exception cref="RuleBroken">Field Data.Parts: which line cannot be read, and why.</exception>
    public static IReadOnlyList<MakePlan.Part> Read(string text, IReadOnlyList<PartyContact> parties)
    {
        var parts = new List<MakePlan.Part>();
        foreach (var (line, n) in text.ReplaceLineEndings("\n").Split('\n').Select((l, i) => (l.Folded().Trim(), i + 1)).Where(l => l.Item1.Length > 0))
        {
            var cells = line.Split([',', ';', '\t'], StringSplitOptions.TrimEntries);
            if (
                cells.Length != 3
                || !int.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var priority)
                || !decimal.TryParse(cells[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var claim)
            )
                throw new RuleBroken($"第 {n} 行不能读：应为姓名、顺位、债权额三项。", "Data.Parts");
            parts.Add(
                new MakePlan.Part
                {
                    PartyId = parties.FirstOrDefault(p => p.Name == cells[0])?.Id,
                    Name = cells[0],
                    Priority = priority,
                    Claim = claim,
                }
            );
        }
        return parts;
    }
}
