using System.Globalization;
using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
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
                    "SELECT COUNT(*) FROM enforcement_plan WHERE case_id = @Id AND state IN ('draft', 'served', 'objected')",
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

/// <summary>Steps of a plan: served (15 days to object, CPL-I 509), objected to, settled and served again, final, cancelled.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.plan-step")]
internal sealed record StepPlan : ICommand<PlanRow>
{
    /// <summary>Days to object from the day after the plan was received (CPL-I 509).</summary>
    public const int ObjectionDays = 15;

    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>serve, object, settle, final or cancel.</summary>
    public string Step { get; init; } = "";

    /// <summary>The day the last of them received it; the day of the objection.</summary>
    public DateOnly? On { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<StepPlan>
    {
        public Validator()
        {
            RuleFor(c => c.Step).Must(s => s is "serve" or "object" or "settle" or "final" or "cancel").WithMessage("没有这个动作。");
            RuleFor(c => c.On).NotNull().When(c => c.Step is "serve" or "settle").WithMessage("请填写最后一名收到方案的日期。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Step is "object" or "settle" or "cancel")
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
                    var until = Periods
                        .Compute(
                            c.On!.Value,
                            ObjectionDays,
                            PeriodUnit.Day,
                            calendars.For(CaseNumber.TryParse(card.Number, out var number) ? number.Court : null)
                        )
                        .LegalLastDay;
                    await CaseMoney.Plans.MoveAsync(
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
                        "served_on = @On, object_until = @until" + (c.Step == "settle" ? ", objection = @words" : ""),
                        cancellationToken
                    );
                    await dates.SetAsync(
                        card.Id,
                        card.CourtId,
                        $"plan:{p.Id}",
                        DateKinds.Plan,
                        until.AddDays(1),
                        $"分配方案异议期 {Times.Iso(until)} 届满，转发放",
                        cancellationToken
                    );
                    break;
                case "object":
                    if ((c.On ?? money.Today) > p.ObjectUntil)
                        throw new RuleBroken($"异议期 {Times.Iso(p.ObjectUntil!.Value)} 已届满（民诉法解释第509条）。", "On", "late");
                    await CaseMoney.Plans.MoveAsync(
                        db,
                        "object",
                        p.State,
                        new
                        {
                            p.Id,
                            p.Version,
                            words = c.Words.Trim(),
                        },
                        "objection = @words",
                        cancellationToken
                    );
                    break;
                case "final":
                    if (money.Today <= p.ObjectUntil)
                        throw new RuleBroken($"异议期至 {Times.Iso(p.ObjectUntil!.Value)}，届满后才能按方案发放。", "On", "early");
                    await CaseMoney.Plans.MoveAsync(db, "final", p.State, new { p.Id, p.Version }, ct: cancellationToken);
                    await dates.EndAsync($"plan:{p.Id}", cancellationToken);
                    foreach (
                        var line in await db.QueryAsync<PlanLine>(
                            "SELECT l.plan_id, l.n, l.party_id, l.name, l.priority, l.claim, l.share FROM enforcement_plan_line l WHERE l.plan_id = "
                                + "@Id AND l.share > 0 ORDER BY l.n",
                            new { p.Id },
                            cancellationToken
                        )
                    )
                        await money.AskAsync(
                            card,
                            p.Id,
                            line.PartyId,
                            line.Name,
                            null,
                            null,
                            "creditor",
                            line.Share,
                            $"分配方案第 {line.N} 项",
                            cancellationToken
                        );
                    if (p.Costs > 0)
                        await money.AskAsync(card, p.Id, null, "执行费用", null, null, "cost", p.Costs, "分配方案：费用", cancellationToken);
                    break;
                default:
                    await CaseMoney.Plans.MoveAsync(
                        db,
                        "cancel",
                        p.State,
                        new
                        {
                            p.Id,
                            p.Version,
                            words = c.Words.Trim(),
                        },
                        "objection = @words",
                        cancellationToken
                    );
                    await dates.EndAsync($"plan:{p.Id}", cancellationToken);
                    break;
            }
            audit.Note("plan", p.Id, new { c.Step, c.On }, p.CaseId);
            return await money.PlanAsync(p.Id, null, cancellationToken);
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
        foreach (
            var (line, n) in text.ReplaceLineEndings("\n")
                .Split('\n')
                .Select((l, i) => (l.Normalize(System.Text.NormalizationForm.FormKC).Trim(), i + 1))
                .Where(l => l.Item1.Length > 0)
        )
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
