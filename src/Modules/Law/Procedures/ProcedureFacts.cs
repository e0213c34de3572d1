namespace CourtOps.Law;

/// <summary>One claim of a civil suit.</summary>
/// <param name="Type">money for payment of money; anything else is not.</param>
/// <param name="Amount">Yuan, if it has an amount.</param>
public readonly record struct ProcedureClaim(string Type, decimal? Amount);

/// <summary>Facts of a civil case that choose the procedure (E-04). Missing ones are false.</summary>
public sealed record CivilProcedureFacts
{
    /// <summary>basic, intermediate, high or supreme.</summary>
    public string Court { get; init; } = "basic";

    public string? Province { get; init; }

    public DateOnly? Filed { get; init; }

    public IReadOnlyList<ProcedureClaim> Claims { get; init; } = [];

    public bool FactsClear { get; init; }

    public bool RightsClear { get; init; }

    public bool DisputeSmall { get; init; }

    public bool AgreeSmall { get; init; }

    public bool AgreeSimple { get; init; }

    /// <summary>Name of a matter of special procedure; null when it is none.</summary>
    public string? SpecialMatter { get; init; }

    public bool DefendantMissing { get; init; }

    public bool Remand { get; init; }

    public bool Retrial { get; init; }

    public bool ThirdPartyRevocation { get; init; }

    public bool PublicInterest { get; init; }

    public bool ManyParties { get; init; }

    public bool Foreign { get; init; }

    public bool ExpertOpinionNeeded { get; init; }

    public bool Counterclaim { get; init; }

    public bool PersonalStatus { get; init; }

    public bool TitleConfirmation { get; init; }
}

/// <summary>Facts of a criminal case at a basic court (E-04b).</summary>
public sealed record CriminalProcedureFacts
{
    public bool Pleads { get; init; }

    public bool AgreesProcedure { get; init; }

    public bool FactsClear { get; init; }

    /// <summary>Likely sentence in months; null when not told.</summary>
    public int? MaxSentenceMonths { get; init; }

    public bool Minor { get; init; }

    public bool BlindDeafMute { get; init; }

    public bool SettledCivil { get; init; }

    public bool CoAccusedObjects { get; init; }
}

/// <summary>Facts of an administrative case at first instance (E-04b).</summary>
public sealed record AdminProcedureFacts
{
    /// <summary>Stands for all three conditions: facts clear, rights and duties clear, little dispute.</summary>
    public bool FactsClear { get; init; }

    /// <summary>The act was made on the spot.</summary>
    public bool SummaryPenalty { get; init; }

    /// <summary>Yuan; null when not told.</summary>
    public decimal? Amount { get; init; }

    public bool InformationDisclosure { get; init; }

    public bool BothAgree { get; init; }

    public bool Remand { get; init; }

    public bool Retrial { get; init; }
}

/// <summary>The procedure chosen.</summary>
/// <param name="Procedure">SMALL, SIMPLE, ORDINARY, SPECIAL or FAST-TRACK.</param>
/// <param name="Mandatory">Whether the law leaves no other choice.</param>
/// <param name="Row">Row of the decision table that fired.</param>
/// <param name="Why">The reasons.</param>
/// <param name="Limit">Code of B-01.</param>
/// <param name="Provisional">Whether a figure used has lapsed or is unknown.</param>
public sealed record ProcedureChoice(string Procedure, bool Mandatory, string Row, Explanation Why, string Limit, bool Provisional);
