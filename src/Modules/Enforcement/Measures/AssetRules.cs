namespace CourtOps.Enforcement.Measures;

/// <summary>What becomes of an asset that is found again, and of what waits behind a sold one. Pure.</summary>
internal static class AssetRules
{
    /// <summary>The step of an asset that is reported or found once more; null where its state stays.</summary>
    /// <param name="state">One of <see cref="AssetState"/>.</param>
    /// <param name="isClue">Only reported, nobody has looked yet.</param>
    /// <param name="lifted">Of a released one: why its last measure was lifted.</param>
    /// <param name="was">Cents known before; null for none.</param>
    /// <param name="now">Cents known now; null for none.</param>
    /// <remarks>
    /// A lead is confirmed by what was found. What led to nothing, and what was released because the claim was satisfied or the thing sold, is there again.
    /// What was excused, or released because it is another's, too much or replaced by security, comes back only with a larger value.
    /// </remarks>
    public static string? Again(string state, bool isClue, string? lifted, long? was, long? now) =>
        state switch
        {
            AssetState.Clue when !isClue => AssetStep.Verify,
            AssetState.Gone => isClue ? AssetStep.Doubt : AssetStep.Return,
            AssetState.Excused when now > (was ?? 0) => AssetStep.Return,
            AssetState.Released when lifted is "third-party" or "over" or "substituted" => now > (was ?? 0) ? AssetStep.Return : null,
            AssetState.Released when !isClue => AssetStep.Return,
            _ => null,
        };

    /// <summary>
    /// Whether the sale of a thing leaves nothing for those that wait: the whole thing was disposed of, so the waiting measures never took effect
    /// (法函〔2007〕100号,
    /// practice). Of a deposit only a sum is taken; the rest is there for the next.
    /// </summary>
    /// <param name="why">A code of <see cref="Property.Reasons"/>.</param>
    /// <param name="kind">A code of <see cref="Property.Kinds"/>.</param>
    public static bool EndsWhatWaits(string why, string kind) => why == "sold" && kind != "deposit";
}
