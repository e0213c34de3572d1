namespace CourtOps.Enforcement.Money;

/// <summary>The accounts of the money of enforcement cases (案款). Each entry sums up to nothing; what the court owes is negative.</summary>
internal static class Accounts
{
    public const string Bank = "bank";

    /// <summary>Held for a case.</summary>
    public const string Held = "held";

    /// <summary>Came without a case that is known.</summary>
    public const string Suspense = "suspense";

    /// <summary>Deposits of bidders: owed to them until the sale is over.</summary>
    public const string Deposit = "deposit";

    /// <summary>Value taken in kind; what comes is set off at once.</summary>
    public const string Kind = "in-kind";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Bank] = "案款专户",
        [Held] = "在案待发",
        [Suspense] = "不明来款",
        [Deposit] = "竞买保证金",
        [Kind] = "以物抵债",
    };

    public static readonly IReadOnlyDictionary<string, string> Sources = new Dictionary<string, string>
    {
        ["transfer"] = "当事人转入",
        ["deduct"] = "扣划",
        ["auction"] = "拍卖价款",
        ["cash"] = "现金",
        ["other"] = "其他",
    };

    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["creditor"] = "发申请执行人",
        ["state"] = "上缴国库",
        ["fee"] = "执行费、诉讼费",
        ["cost"] = "评估等费用",
        ["refund"] = "退被执行人",
        ["other"] = "其他",
    };

    public static readonly IReadOnlyDictionary<string, string> PayoutStates = new Dictionary<string, string>
    {
        ["asked"] = "待审批",
        ["approved"] = "待付款",
        ["paid"] = "已付",
        ["failed"] = "付款退回",
        ["refused"] = "未批准",
        ["cancelled"] = "已撤回",
    };

    public static readonly IReadOnlyDictionary<string, string> PlanStates = new Dictionary<string, string>
    {
        ["draft"] = "拟定",
        ["served"] = "已送达，异议期",
        ["objected"] = "有异议",
        ["opposed"] = "异议被反对，起诉期",
        ["sued"] = "分配方案异议之诉",
        ["final"] = "已生效",
        ["cancelled"] = "已撤销",
    };

    public static readonly IReadOnlyDictionary<string, string> ReceiptStates = new Dictionary<string, string>
    {
        ["suspense"] = "不明来款",
        ["held"] = "在案",
        ["deposit"] = "竞买保证金",
        ["returned"] = "已退回",
    };
}

/// <summary>When money is to be paid out; practice under 法发〔2017〕6号.</summary>
internal sealed record MoneyRules
{
    /// <summary>Days from the receipt; 30 at most.</summary>
    public int PayDays { get; init; } = 15;

    /// <summary>Days in which money without a case finds one or goes back.</summary>
    public int SuspenseDays { get; init; } = 30;
}

internal sealed record ReceiptRow
{
    public const string Columns =
        "r.id, r.court_id, r.case_id, r.amount, r.left_over, r.received_on, r.payer, r.memo, r.reference, r.source, r.state, r.due_on, r.words, r.return_by, "
        + "r.return_name, r.version";

    public long Id { get; init; }
    public long CourtId { get; init; }
    public long? CaseId { get; init; }
    public string? CaseNumber { get; init; }

    /// <summary>Cents.</summary>
    public long Amount { get; init; }

    /// <summary>Cents of it not yet paid out.</summary>
    public long LeftOver { get; init; }
    public DateOnly ReceivedOn { get; init; }
    public string Payer { get; init; } = "";
    public string Memo { get; init; } = "";
    public string Reference { get; init; } = "";
    public string Source { get; init; } = "";
    public string State { get; init; } = "";
    public DateOnly? DueOn { get; init; }
    public string? Words { get; init; }

    /// <summary>Who asked for it to go back; another person decides.</summary>
    public long? ReturnBy { get; init; }
    public string? ReturnName { get; init; }
    public int Version { get; init; }
}

internal sealed record PayoutRow
{
    public const string Columns =
        "p.id, p.case_id, p.court_id, p.plan_id, p.party_id, p.payee, p.account_hint, p.kind, p.amount, p.words, p.state, p.asked_by, p.asked_name, "
        + "p.asked_at, p.account_by, p.decided_name, p.decided_at, p.decided_words, p.paid_on, p.reference, p.item_id, p.version";

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string CaseNumber { get; init; } = "";
    public long? PlanId { get; init; }
    public long? PartyId { get; init; }
    public string Payee { get; init; } = "";
    public string? AccountHint { get; init; }
    public string Kind { get; init; } = "";
    public long Amount { get; init; }
    public string Words { get; init; } = "";
    public string State { get; init; } = "";
    public long AskedBy { get; init; }
    public string AskedName { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>Who entered the account, where that was not with the request.</summary>
    public long? AccountBy { get; init; }
    public string? DecidedName { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedWords { get; init; }
    public DateOnly? PaidOn { get; init; }

    /// <summary>The sum of a criminal judgment that it pays.</summary>
    public long? ItemId { get; init; }
    public string? Reference { get; init; }
    public int Version { get; init; }
}

internal sealed record PlanRow
{
    public const string Columns =
        "p.id, p.case_id, p.court_id, p.total, p.costs, p.state, p.served_on, p.object_until, p.objection, p.counter_until, p.sue_until, p.costs_asked, "
        + "p.created_name, p.created_at, p.version";

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public long Total { get; init; }
    public long Costs { get; init; }
    public string State { get; init; } = "";
    public DateOnly? ServedOn { get; init; }
    public DateOnly? ObjectUntil { get; init; }
    public string? Objection { get; init; }

    /// <summary>Last day for the others to oppose the objection.</summary>
    public DateOnly? CounterUntil { get; init; }

    /// <summary>Last day for whoever objected to sue.</summary>
    public DateOnly? SueUntil { get; init; }
    public bool CostsAsked { get; init; }
    public string CreatedName { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public int Version { get; init; }
}

internal sealed record PlanLine
{
    public const string Columns = "l.plan_id, l.n, l.party_id, l.name, l.priority, l.claim, l.share, l.disputed, l.asked, l.item_id";

    public long PlanId { get; init; }
    public int N { get; init; }
    public long? PartyId { get; init; }
    public string Name { get; init; } = "";
    public int Priority { get; init; }
    public long Claim { get; init; }
    public long Share { get; init; }

    /// <summary>The objection is against this share; it stays with the court until that is decided (CPL-I 510).</summary>
    public bool Disputed { get; init; }

    /// <summary>Its payout was asked for.</summary>
    public bool Asked { get; init; }

    /// <summary>The sum of a criminal judgment that it pays.</summary>
    public long? ItemId { get; init; }
}
