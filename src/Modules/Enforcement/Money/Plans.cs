using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
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

    /// <summary>The open sums of the criminal judgment take part, in the order of the setting (<see cref="Criminal.CriminalOrder"/>).</summary>
    public bool Criminal { get; init; }

    internal sealed record Part
    {
        public long? PartyId { get; init; }
        public string Name { get; init; } = "";

        /// <summary>1 comes before 2.</summary>
        public int Priority { get; init; } = 1;

        /// <summary>Yuan.</summary>
        public decimal? Claim { get; init; }

        /// <summary>The sum of a criminal judgment that it is of.</summary>
        internal long? ItemId { get; init; }
    }

    internal sealed class Validator : AbstractValidator<MakePlan>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Costs).Must(a => a is null or 0 || CaseMoney.IsMoney(a)).WithMessage("费用应不为负，最多两位小数。");
            RuleFor(c => c.Parts)
                .Must((c, p) => c.Criminal || p.Count > 0)
                .WithMessage("请至少填写一名受偿人。")
                .Must(p => p.Count <= 200)
                .WithMessage("最多 200 名受偿人。");
            RuleForEach(c => c.Parts).Must(p => p.Claim is > 0 && CaseMoney.IsMoney(p.Claim)).WithMessage("每名受偿人都要填写大于零的债权额，最多两位小数。");
            RuleForEach(c => c.Parts)
                .Must(p => p.PartyId is not null || p.Name.Trim().Length is > 0 and <= 200)
                .WithMessage("每名受偿人都要选择当事人或者填写姓名，最长 200 个字符。");
            RuleForEach(c => c.Parts).Must(p => p.Priority is >= 1 and <= 20).WithMessage("顺位从 1 到 20。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        CaseMoney money,
        Criminal.CriminalBook criminal,
        AuditTrail audit
    ) : ICommandHandler<MakePlan, long>
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
                .Parts.Concat(c.Criminal ? await ItemsAsync(card, held - costs, cancellationToken) : [])
                .Select(p =>
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
                "INSERT INTO enforcement_plan_line (plan_id, n, party_id, name, priority, claim, share, item_id) VALUES (@planId, @N, @PartyId, @Name, "
                    + "@Priority, @Amount, @Share, @ItemId)",
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
                                    parts[i].Part.ItemId,
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

        // what is still to be paid on each; the confiscation of all property takes what the others leave
        private async Task<IEnumerable<Part>> ItemsAsync(CaseCard card, long there, CancellationToken ct)
        {
            var order = criminal.Order(card.CourtId);
            var items = await criminal.OfAsync(card.Id, ct, "open");
            if (items.Count == 0)
                throw new RuleBroken("本案没有未执行完毕的财产刑、退赔、追缴项目。", "Criminal", "no-items");
            return items
                .Select(i => (Item: i, Left: Enforcement.Criminal.CriminalRules.Rest(i.Amount, i.Paid, there)))
                .Where(i => i.Left > 0)
                .Select(i => new Part
                {
                    Name = i.Item.PayeeName,
                    Priority = order.Of(i.Item.Kind),
                    Claim = i.Left / 100m,
                    ItemId = i.Item.Id,
                });
        }
    }
}
