using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Checks;

/// <summary>One condition of 终本 (D-07).</summary>
/// <param name="Code">A key of <see cref="ClosingCheck.Labels"/>.</param>
/// <param name="Met">Null: the records cannot say, a person confirms it.</param>
/// <param name="Missing">What is missing.</param>
internal sealed record ClosingItem(string Code, bool? Met, Said Missing);

/// <summary>What the records say of the persuading of debtors and creditors.</summary>
/// <param name="Unrestricted">Debtors whose consumption is not restricted.</param>
/// <param name="Heard">The creditor was heard.</param>
/// <param name="Agrees">Whether they agree; null: not said.</param>
internal sealed record Persuaded(IReadOnlyList<string> Unrestricted, bool Heard, bool? Agrees)
{
    /// <summary>Debtors who neither reported their property nor were punished for it.</summary>
    public IReadOnlyList<string> Unreported { get; init; } = [];

    /// <summary>Every debtor is on the dishonest list.</summary>
    public bool Listed { get; init; }

    /// <summary>A talk with a debtor is recorded: they were found.</summary>
    public bool Met { get; init; }
}

/// <summary>The conditions for ending this round of enforcement (终本规定, CPL-I 517; D-07), filled from the records, as a pure rule.</summary>
internal static class ClosingCheck
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["notice"] = "已发出执行通知书和报告财产令",
        ["months"] = "立案满三个月",
        ["inquiry"] = "三个月内查询齐全",
        ["offline"] = "至少一次线下调查或搜查",
        ["clues"] = "线索全部核实",
        ["assets"] = "查到的财产已控制或有理由",
        ["disposed"] = "在控财产已处置或不能处置",
        ["unpaid"] = "有未履行的金额",
        ["findings"] = "没有待处理的查漏事项",
        ["restrict"] = "已限制消费",
        ["report"] = "已报告财产，违反的已处罚",
        ["dishonest"] = "符合条件的已列失信",
        ["missing"] = "下落不明的被执行人已查找",
        ["heard"] = "已约谈申请执行人并记录意见",
        ["consent"] = "申请人书面同意，或合议并报院长批准",
    };

    /// <param name="offline">Inquiries on site or by search that are recorded.</param>
    /// <param name="openFindings">Findings that are open.</param>
    /// <param name="p">Restrictions and talks that are recorded.</param>
    public static IReadOnlyList<ClosingItem> Run(CaseFacts f, LeakRules rules, int offline, int openFindings, Persuaded p)
    {
        var from = f.FiledOn.AddMonths(3);
        var since = f.Today.AddMonths(-3).AddDays(-1);
        var uninquired = f
            .Debtors.SelectMany(d =>
                Property
                    .Asked.Where(c => !f.Inquiries.Any(i => i.PartyId == d.Id && i.Category == c.Key && i.AskedOn >= since))
                    .Select(c => $"{d.Name} {c.Value}")
            )
            .ToList();
        var clues = f.Assets.Count(a => a.State == AssetState.Clue);
        var free = f.Assets.Where(a => a.State == AssetState.Found && !LeakChecks.IsSmall(a, f, rules)).Select(a => a.Name).ToList();
        var held = f.Measures.Count(m => m.State == MeasureState.Active);
        return
        [
            new("notice", f.Nodes.Any(n => n.Code == "notice" && n.DoneOn is not null), Say($"没有登记发出的日期")),
            new("months", f.Today > from, Say($"自 {Times.Iso(from.AddDays(1))} 起满足")),
            new("inquiry", uninquired.Count == 0, Say($"还缺 {uninquired.Count} 项：{string.Join("、", uninquired.Take(12))}")),
            new("offline", offline > 0, Say($"没有线下调查或者搜查的记录")),
            new("clues", clues == 0, Say($"还有 {clues} 条线索没有核实")),
            new("assets", free.Count == 0, Say($"没有控制：{string.Join("、", free.Take(12))}")),
            new("disposed", held == 0 ? true : null, Say($"{held} 项财产在控，逐项说明处置结果或者不能处置的理由")),
            new("unpaid", f.Owed is { } owed ? owed > 0 : null, f.Owed is null ? Say($"没有登记标的额") : Say($"标的额已全部发放，应以执行完毕结案")),
            new("findings", openFindings == 0, Say($"还有 {openFindings} 项")),
            new("restrict", p.Unrestricted.Count == 0, Say($"没有限制消费：{string.Join("、", p.Unrestricted.Take(12))}")),
            new("report", p.Unreported.Count == 0, Say($"没有报告财产，也没有处罚：{string.Join("、", p.Unreported.Take(12))}")),
            new("dishonest", p.Listed ? true : null, Say($"有被执行人没有列入失信名单的，说明不符合法定情形")),
            new("missing", p.Met ? true : null, Say($"没有与被执行人谈话的记录：下落不明的，说明查找的情况")),
            new("heard", p.Heard, Say($"没有约谈申请执行人的记录")),
            new("consent", p.Agrees == true ? true : null, Say($"申请人没有书面同意的，须经合议庭审查并报院长批准")),
        ];
    }

    private static Said Say(Said said) => said;
}

/// <summary>The check of a case.</summary>
[Permit("enforcement.read")]
internal sealed record ShowClosing : IQuery<ShowClosing.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(CaseCard Case, IReadOnlyList<ClosingItem> Items);

    internal sealed class Handler(ICases cases, Persuade.ClosingBook closing) : IQueryHandler<ShowClosing, Result>
    {
        public async Task<Result> Handle(ShowClosing request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            return new Result(card, await closing.ItemsAsync(card, cancellationToken));
        }
    }
}
