namespace CourtOps.Law;

/// <summary>One step of how a result came about.</summary>
/// <param name="Text">The step in words.</param>
/// <param name="Date">The date the step arrives at, as yyyy-MM-dd or yyyy-MM-ddTHH:mm; null when it has none.</param>
/// <param name="Source">Where the rule comes from. When the tag is not T the source itself says that it is practice or a default.</param>
/// <param name="Tag">How well the rule is known.</param>
public sealed record ExplanationLine(string Text, string? Date, string Source, LawTag Tag);
