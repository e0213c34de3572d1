using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Law;

namespace CourtOps.Enforcement.Checks;

/// <summary>The eight leak checks of D-05, the differing receipt, the waiting measure to be confirmed and the lapse, as pure rules over the facts of a
/// case.</summary>
internal static class LeakChecks
{
    public const string Inquiry = "inquiry";
    public const string Control = "control";
    public const string Pair = "pair";
    public const string Renew = "renew";
    public const string Release = "release";
    public const string Register = "register";
    public const string Over = "over";
    public const string Rank = "rank";
    public const string Receipt = "receipt";
    public const string Head = "head";
    public const string Lapsed = "lapsed";
    public const string Clue = "clue";
    public const string Node = "node";

    /// <summary>Chinese names; the keys of their translations.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Inquiry] = "漏查",
        [Control] = "漏控",
        [Pair] = "漏封",
        [Renew] = "漏续",
        [Release] = "漏解",
        [Register] = "漏登记",
        [Over] = "超标的",
        [Rank] = "顺位不符",
        [Receipt] = "回执日期不一致",
        [Head] = "轮候待核实",
        [Clue] = "线索待核实",
        [Lapsed] = "已失效未续",
        [Node] = "节点将到期",
    };

    /// <summary>The leaks of a case on a day, and the next day on which time alone can bring or end one.</summary>
    public static (IReadOnlyList<Leak> Leaks, DateOnly NextLook) Run(CaseFacts f, LeakRules rules)
    {
        var leaks = new List<Leak>();
        var next = f.Today.AddDays(30);
        if (f.ClosedOn is null && !f.IsSatisfied)
            leaks.AddRange(NotInquired(f, rules, Look));
        if (f.ClosedOn is null)
            leaks.AddRange(Late(f, Look));
        // the end of a round, a judgment, a settlement that runs: the claim is open, and its property is watched as before
        if (!f.IsSatisfied)
        {
            leaks.AddRange(NotControlled(f, rules));
            leaks.AddRange(Halves(f));
            leaks.AddRange(Lapses(f));
            if (Excess(f, rules) is { } over)
                leaks.Add(over);
        }
        foreach (var m in f.Measures.Where(m => MeasureState.IsLive(m.State)))
            leaks.AddRange(OfMeasure(f, rules, m, Look));
        return (leaks, next);

        // a day in the future on which to look again
        void Look(DateOnly day)
        {
            if (day > f.Today && day < next)
                next = day;
        }
    }

    private static IEnumerable<Leak> NotInquired(CaseFacts f, LeakRules rules, Action<DateOnly> look)
    {
        if (!f.Inquires)
            yield break;
        var due = f.FiledOn.AddDays(rules.InquiryDays);
        look(due.AddDays(1));
        foreach (var debtor in f.Debtors)
        {
            var missing = new List<string>();
            foreach (var category in Property.Asked.Keys)
            {
                var last = f.Inquiries.Where(i => i.PartyId == debtor.Id && i.Category == category).Select(i => (DateOnly?)i.AskedOn).Max();
                if (last is { } on && on.AddDays(rules.InquiryWindow) >= f.Today)
                    look(on.AddDays(rules.InquiryWindow + 1));
                else
                    missing.Add(Property.Asked[category]);
            }
            if (missing.Count > 0 && f.Today > due)
                yield return new Leak(
                    Inquiry,
                    $"party:{debtor.Id}",
                    f.Calendar.AddWorkdays(f.Today, 3),
                    Say($"{debtor.Name}还没有查询：{string.Join("、", missing)}")
                )
                {
                    PartyId = debtor.Id,
                    Grade = missing.Count,
                };
        }
    }

    private static IEnumerable<Leak> NotControlled(CaseFacts f, LeakRules rules)
    {
        foreach (var a in f.Assets)
        {
            if (a.State == AssetState.Clue)
                yield return new Leak(
                    Clue,
                    $"asset:{a.Id}",
                    a.NextDate ?? f.Today,
                    Say($"线索“{a.Name}”应在 {Times.Iso(a.NextDate ?? f.Today)} 前核实（财产调查规定第2条）")
                )
                {
                    AssetId = a.Id,
                    PartyId = a.PartyId,
                };
            if (a.State != AssetState.Found || IsSmall(a, f, rules))
                continue;
            var due = f.Calendar.AddWorkdays(a.FoundOn, rules.ControlWorkdays);
            yield return new Leak(
                Control,
                $"asset:{a.Id}",
                due,
                a.Value is { } value
                    ? Say($"{a.PartyName} {a.Name} {Yuan.Text(value / 100m)} 元没有控制，应在 {Times.Iso(due)} 前控制")
                    : Say($"{a.PartyName} {a.Name} 没有控制，应在 {Times.Iso(due)} 前控制")
            )
            {
                AssetId = a.Id,
                PartyId = a.PartyId,
                Grade = a.Value ?? 0,
            };
        }
    }

    /// <summary>Small both in itself and against the claim; a value that is not known is not small.</summary>
    internal static bool IsSmall(AssetRow a, CaseFacts f, LeakRules rules) =>
        a.Value is { } value && value < rules.Least && (f.Claim is not { } claim || value * 100 <= claim * rules.LeastPercent);

    // 查扣冻规定 21: building and land are sealed together; where they are registered apart, at both registries
    private static IEnumerable<Leak> Halves(CaseFacts f)
    {
        foreach (var a in f.Assets.Where(a => a.Part.Length > 0 && a.State == AssetState.Controlled))
        {
            var other = f.Assets.FirstOrDefault(o => o.Id == a.PairAssetId || (o.PairAssetId == a.Id && o.Id != a.Id));
            if (other is null || other.State is not (AssetState.Controlled or AssetState.Excused))
                yield return new Leak(
                    Pair,
                    $"asset:{a.Id}",
                    f.Calendar.AddWorkdays(f.Today, 3),
                    Say($"{a.Name}已查封{Property.Parts[a.Part]}，分别登记的另一半没有查封（查扣冻规定第21条）")
                )
                {
                    AssetId = a.Id,
                    PartyId = a.PartyId,
                };
        }
    }

    private static IEnumerable<Leak> Lapses(CaseFacts f) =>
        from m in f.Measures
        where m.State == MeasureState.Lapsed && !f.Measures.Any(l => l.AssetId == m.AssetId && l.Id > m.Id && MeasureState.IsLive(l.State))
        select new Leak(Lapsed, $"measure:{m.Id}:{m.Round}", m.EndOn!.Value, Say($"{m.PartyName} {m.AssetName} 的措施已在 {Times.Iso(m.EndOn!.Value)} 失效"))
        {
            MeasureId = m.Id,
            AssetId = m.AssetId,
            PartyId = m.PartyId,
        };

    // D-06: told three days before the last day
    private static IEnumerable<Leak> Late(CaseFacts f, Action<DateOnly> look)
    {
        foreach (var n in f.Nodes.Where(n => n.DoneOn is null))
        {
            look(n.DueOn.AddDays(-3));
            if (f.Today >= n.DueOn.AddDays(-3))
                yield return new Leak(
                    Node,
                    $"node:{n.Code}",
                    n.DueOn,
                    Say($"{Nodes.Labels[n.Code]}应在 {Times.Iso(n.DueOn)} 前完成（{Nodes.Sources[n.Code]}）")
                );
        }
    }

    private static Leak? Excess(CaseFacts f, LeakRules rules)
    {
        if (f.Claim is not > 0 || f.Need is not { } need)
            return null;
        var held = Held(f.Measures);
        return held * 100 > need * (100 + rules.Tolerance)
            ? new Leak(
                Over,
                "case",
                f.Calendar.AddWorkdays(f.Today, 3),
                Say($"控制总额 {Yuan.Text(held / 100m)} 元，超过尚欠的债权和费用 {Yuan.Text(need / 100m)} 元的 {100 + rules.Tolerance}%（查扣冻规定第19条）")
            )
            {
                Grade = held,
            }
            : null;
    }

    /// <summary>Realisable value under first measures, in cents: what was frozen in fact where the authority said so, the lower of amount and
    /// value where both are known; what is known where one is; nothing where none is.</summary>
    public static long Held(IEnumerable<MeasureRow> measures) =>
        measures
            .Where(m => m.State == MeasureState.Active)
            .Sum(m => m.Frozen ?? (m.Amount is { } a && m.AssetValue is { } v ? Math.Min(a, v) : m.AssetValue ?? m.Amount ?? 0));

    private static IEnumerable<Leak> OfMeasure(CaseFacts f, LeakRules rules, MeasureRow m, Action<DateOnly> look)
    {
        if (f.IsSatisfied)
        {
            var due = f.SatisfiedOn!.Value.AddDays(rules.ReleaseDays);
            yield return Of(
                Release,
                m,
                due,
                f.ClosedOn is null
                    ? Say($"和解已履行完毕，{m.PartyName} {m.AssetName} 的措施应在 {Times.Iso(due)} 前解除")
                    : Say($"案件已结，{m.PartyName} {m.AssetName} 的措施应在 {Times.Iso(due)} 前解除（保全规定第23条）")
            );
        }
        if (m.State == MeasureState.Ruled)
        {
            var due = f.Calendar.AddWorkdays(m.RuledOn!.Value, rules.ControlWorkdays);
            yield return Of(Register, m, due, Say($"{m.AssetName} 已在 {Times.Iso(m.RuledOn!.Value)} 裁定，没有协助执行通知书的送达记录（查扣冻规定第1条）"));
        }
        if (m.State == MeasureState.Active && !f.IsSatisfied)
        {
            var from = m.EndOn!.Value.AddDays(-rules.RenewDays);
            look(from);
            if (f.Today >= from)
                yield return Of(
                    Renew,
                    m,
                    m.LastRenewal > f.Today ? m.LastRenewal.Value : m.CourtLast ?? m.EndOn.Value,
                    Say($"{m.PartyName} {m.AssetName} 将在 {Times.Iso(m.EndOn.Value)} 届满，没有续行")
                );
            if (m.ReceiptEnd is { } receipt && m.ComputedEnd is { } computed && receipt != computed)
                yield return Of(
                    Receipt,
                    m,
                    f.Calendar.AddWorkdays(f.Today, 3),
                    Say($"{m.AssetName} 回执届满日 {Times.Iso(receipt)} 与推算的 {Times.Iso(computed)} 不一致，以回执为准，请核对")
                ) with
                {
                    Grade = Math.Abs(receipt.DayNumber - computed.DayNumber),
                };
        }
        if (m.State == MeasureState.Waiting && m.HeadEnd is { } head)
        {
            look(head.AddDays(1));
            if (f.Today > head)
                yield return Of(
                    Head,
                    m,
                    f.Calendar.AddWorkdays(head, 3),
                    Say($"{m.AssetName} 的首封已在 {Times.Iso(head)} 届满，请向登记机关核实轮候是否生效")
                );
        }
        if (m.ReceiptPlace is { } place && place != m.Place)
            yield return Of(Rank, m, f.Calendar.AddWorkdays(f.Today, 3), Say($"{m.AssetName} 记录为第 {m.Place} 顺位，回执为第 {place} 顺位")) with
            {
                Grade = place,
            };
    }

    private static Leak Of(string code, MeasureRow m, DateOnly due, Said words) =>
        new(code, $"measure:{m.Id}:{m.Round}", due, words)
        {
            MeasureId = m.Id,
            AssetId = m.AssetId,
            PartyId = m.PartyId,
        };

    private static Said Say(Said said) => said;
}
