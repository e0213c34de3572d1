namespace CourtOps.Law;

/// <summary>The exact fees of 诉讼费用交纳办法 13–14 before rounding (G-09). All amounts in yuan.</summary>
public static class FeeSchedule
{
    // upper bound of the band, rate, constant of the quick formula
    private static readonly (decimal To, decimal Rate, decimal Plus)[] PropertyBands =
    [
        (10_000m, 0m, 50m),
        (100_000m, 0.025m, -200m),
        (200_000m, 0.02m, 300m),
        (500_000m, 0.015m, 1_300m),
        (1_000_000m, 0.01m, 3_800m),
        (2_000_000m, 0.009m, 4_800m),
        (5_000_000m, 0.008m, 6_800m),
        (10_000_000m, 0.007m, 11_800m),
        (20_000_000m, 0.006m, 21_800m),
        (decimal.MaxValue, 0.005m, 41_800m),
    ];

    private static readonly (decimal To, decimal Rate, decimal Plus)[] EnforcementBands =
    [
        (10_000m, 0m, 50m),
        (500_000m, 0.015m, -100m),
        (5_000_000m, 0.01m, 2_400m),
        (10_000_000m, 0.005m, 27_400m),
        (decimal.MaxValue, 0.001m, 67_400m),
    ];

    private static readonly (decimal To, decimal Rate, decimal Plus)[] PreservationBands =
    [
        (1_000m, 0m, 30m),
        (100_000m, 0.01m, 20m),
        (decimal.MaxValue, 0.005m, 520m),
    ];

    /// <summary>Fee of a property case by the amount claimed; unrounded.</summary>
    /// <exception cref="LawError">Field claim.</exception>
    public static decimal Property(decimal claim) => Banded(PropertyBands, Yuan.Check("claim", claim));

    /// <summary>Enforcement fee by the amount enforced; unrounded, not prepaid, borne by the debtor.</summary>
    /// <exception cref="LawError">Field claim.</exception>
    public static decimal Enforcement(decimal amount) => Banded(EnforcementBands, Yuan.Check("claim", amount));

    /// <summary>Preservation fee by the amount preserved, at most 5,000; unrounded.</summary>
    /// <exception cref="LawError">Field claim.</exception>
    public static decimal Preservation(decimal amount) => Math.Min(5_000m, Banded(PreservationBands, Yuan.Check("claim", amount)));

    /// <summary>A payment order costs a third of the property fee; unrounded.</summary>
    /// <exception cref="LawError">Field claim.</exception>
    public static decimal PaymentOrder(decimal claim) => Property(claim) / 3m;

    /// <summary>Divorce: the base and half a percent of the property over 200,000; unrounded.</summary>
    /// <exception cref="LawError">Field property.</exception>
    public static decimal Divorce(decimal fee, decimal property) => fee + (Math.Max(0m, Yuan.Check("property", property) - 200_000m) * 0.005m);

    /// <summary>Personality rights: the base, one percent of damages from 50,001 to 100,000 and half a percent above; unrounded.</summary>
    /// <exception cref="LawError">Field damages.</exception>
    public static decimal Personality(decimal fee, decimal damages)
    {
        Yuan.Check("damages", damages);
        var middle = Math.Clamp(damages - 50_000m, 0m, 50_000m) * 0.01m;
        return fee + middle + (Math.Max(0m, damages - 100_000m) * 0.005m);
    }

    /// <summary>Public summons: 100 yuan.</summary>
    public const decimal PublicSummons = 100m;

    /// <summary>Setting aside an arbitral award: 400 yuan.</summary>
    public const decimal ArbitrationSetAside = 400m;

    /// <summary>Bankruptcy: half the property fee on the estate, at most 300,000; unrounded.</summary>
    /// <exception cref="LawError">Field claim.</exception>
    public static decimal Bankruptcy(decimal estate) => Math.Min(300_000m, Property(estate) / 2m);

    private static decimal Banded((decimal To, decimal Rate, decimal Plus)[] bands, decimal amount)
    {
        foreach (var (to, rate, plus) in bands)
            if (amount <= to)
                return (amount * rate) + plus;
        throw new InvalidOperationException("bands have no end");
    }
}
