using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Measures;
using CourtOps.Law;

namespace CourtOps.Enforcement.Checks;

/// <summary>What the checks know of a case; nothing else decides.</summary>
internal sealed record CaseFacts
{
    public required DateOnly Today { get; init; }
    public required CourtCalendar Calendar { get; init; }

    /// <summary>A case of enforcement (执, 执恢), whose debtors are inquired about; false for 执保 and the suits whose preservation is kept here.</summary>
    public bool Inquires { get; init; }
    public DateOnly FiledOn { get; init; }
    public DateOnly? ClosedOn { get; init; }

    /// <summary>Code of the closing: performed, settled, withdrawn, terminated …</summary>
    public string ClosedHow { get; init; } = "";

    /// <summary>Cents; null where no amount is known.</summary>
    public long? Claim { get; init; }

    /// <summary>Cents that the creditors have received.</summary>
    public long Paid { get; init; }

    /// <summary>Cents on the court's account that belong to the case.</summary>
    public long HeldMoney { get; init; }

    /// <summary>Cents of the fee of enforcement that is not yet paid; nothing in preservation.</summary>
    public long Costs { get; init; }

    /// <summary>The day on which the last settlement was performed; null where none was, or another one runs.</summary>
    public DateOnly? SettledOn { get; init; }
    public IReadOnlyList<Debtor> Debtors { get; init; } = [];
    public IReadOnlyList<Inquired> Inquiries { get; init; } = [];
    public IReadOnlyList<AssetRow> Assets { get; init; } = [];
    public IReadOnlyList<MeasureRow> Measures { get; init; } = [];
    public IReadOnlyList<NodeRow> Nodes { get; init; } = [];

    /// <summary>Cents of the claim that are still owed; null where no amount is known.</summary>
    public long? Owed => Claim is { } claim ? Math.Max(0, claim - Paid) : null;

    /// <summary>Cents up to which property may be controlled: what is owed and the fee, without the money that is here (查扣冻规定 19).</summary>
    public long? Need => Owed is { } owed ? Math.Max(0, owed + Costs - HeldMoney) : null;

    /// <summary>The day from which nothing may stay under control (D-05 check 5): closed by performance, withdrawal or dismissal, or a settlement was
    /// performed. A case closed by a settlement that is not yet performed keeps its measures.</summary>
    public DateOnly? SatisfiedOn => ClosedOn is { } closed && ClosedHow is "performed" or "withdrawn" or "dismissed" ? closed : SettledOn;

    public bool IsSatisfied => SatisfiedOn is not null;

    /// <summary>Every debtor was asked about for every kind of property, and no lead is open (D-06: property investigation done).</summary>
    public bool IsInvestigated =>
        Inquires
        && Debtors.Count > 0
        && Assets.All(a => a.State != AssetState.Clue)
        && Debtors.All(d => Property.Asked.Keys.All(k => Inquiries.Any(i => i.PartyId == d.Id && i.Category == k)));

    internal sealed record Debtor(long Id, string Name);

    internal sealed record Inquired
    {
        public long PartyId { get; init; }
        public string Category { get; init; } = "";
        public DateOnly AskedOn { get; init; }
    }
}

/// <summary>A leak as the rules see it.</summary>
/// <param name="Code">One of <see cref="LeakChecks.Labels"/>.</param>
/// <param name="Subject">What it is of: the same leak of the same subject is one finding.</param>
/// <param name="Due">Last day on which it is mended in time.</param>
internal sealed record Leak(string Code, string Subject, DateOnly Due, Kernel.Messaging.Said Words)
{
    public long? AssetId { get; init; }
    public long? MeasureId { get; init; }
    public long? PartyId { get; init; }

    /// <summary>How bad it is, in the unit of its kind: cents, kinds not asked about, days. What was excused is found anew when this grows; null:
    /// never.</summary>
    public long? Grade { get; init; }
}

/// <summary>Thresholds of the checks; practice, not law (D-05).</summary>
internal sealed record LeakRules
{
    /// <summary>Days after filing by which every debtor was inquired about.</summary>
    public int InquiryDays { get; init; } = 10;

    /// <summary>Days for which an inquiry counts.</summary>
    public int InquiryWindow { get; init; } = 90;

    /// <summary>Cents below which a balance may stay free, if it is small against the claim too.</summary>
    public long Least { get; init; } = 100_000;

    /// <summary>Percent of the claim above which a smaller value counts too.</summary>
    public int LeastPercent { get; init; } = 5;
    public int ControlWorkdays { get; init; } = 3;
    public int RenewDays { get; init; } = 15;
    public int ReleaseDays { get; init; } = 5;

    /// <summary>Percent over the claim that is tolerated.</summary>
    public int Tolerance { get; init; } = 20;

    /// <summary>The sale of a whole thing ends the measures that wait behind (法函〔2007〕100号, practice).</summary>
    public bool SaleEndsWaiting { get; init; } = true;
}
