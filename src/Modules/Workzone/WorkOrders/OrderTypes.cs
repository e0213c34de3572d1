using CourtOps.Kernel.Messaging;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Whose duty a piece of work is (三张清单).</summary>
public enum Duty
{
    Judge,
    Assistant,
    Support,
}

/// <summary>A kind of work, declared by the centre that does it.</summary>
public sealed record OrderType
{
    /// <summary>"service.serve": the centre, then the work.</summary>
    public required string Code { get; init; }
    public required string Centre { get; init; }

    /// <summary>Chinese; the key of its translation.</summary>
    public required string Label { get; init; }
    public Duty Duty { get; init; } = Duty.Support;

    /// <summary>Working hours (court hours) from opening.</summary>
    public required int TargetHours { get; init; }
    public decimal Points { get; init; } = 1;

    /// <summary>What the same work took by hand; for the savings shown later.</summary>
    public int ManualMinutes { get; init; }

    /// <summary>Whether a leader reviews it first.</summary>
    public bool Review { get; init; }

    /// <summary>What whoever gets it automatically must be able to do.</summary>
    public IReadOnlyList<string> Skills { get; init; } = [];

    /// <summary>What this work is and how it is asked for; Chinese, the key of its translation.</summary>
    public string Guide { get; init; } = "";

    /// <summary>What is looked at before it is fed back; each Chinese, the key of its translation.</summary>
    public IReadOnlyList<string> Checklist { get; init; } = [];

    /// <summary>Rises when guide or checklist change.</summary>
    public int GuideVersion { get; init; } = 1;

    /// <summary>What is asked of whoever opens a generic order, in this order.</summary>
    public IReadOnlyList<OrderField> Form { get; init; } = [];

    /// <summary>Where a centre-driven order is asked for, {0} is the case id; null for a generic order.</summary>
    public string? RequestPage { get; init; }

    /// <summary>The action that page asks for; who has it not is not offered the type. Null where everybody who asks for orders may open it.</summary>
    public string? RequestAction { get; init; }

    /// <summary>The centre's task page, {0} is the order id; null for a generic order.</summary>
    public string? TaskPage { get; init; }

    /// <summary>What whoever accepts or feeds back must be allowed beside the step itself: "service.work". Null: nothing more.</summary>
    public string? WorkAction { get; init; }

    public bool IsDriven => TaskPage is not null;

    /// <summary>Steps of a driven order that its centre may keep to its task page, see <see cref="IDrivenOrder.Offers"/>.</summary>
    public static readonly IReadOnlySet<string> Driven = new HashSet<string> { OrderStep.Accept, OrderStep.Feedback, OrderStep.Close, OrderStep.Reopen };
}

/// <summary>Every order type of this host.</summary>
public sealed class OrderTypes(IEnumerable<OrderType> all)
{
    private readonly Dictionary<string, OrderType> byCode = all.ToDictionary(t => t.Code);

    public IReadOnlyCollection<OrderType> All => byCode.Values;

    public OrderType this[string code] => byCode.TryGetValue(code, out var t) ? t : throw new RuleBroken($"没有这种工单：{code}。", "type");

    public OrderType? Find(string code) => byCode.GetValueOrDefault(code);

    /// <summary>Unique per cause: type:case:subject:round.</summary>
    public static string CauseKey(string type, long? caseId, string subject, int round) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{type}:{caseId ?? 0}:{subject}:{round}");
}
