namespace CourtOps.Law;

/// <summary>Where an address comes from, in the order in which it is used when the person gives none (C-03; practice).</summary>
public enum AddressOrigin
{
    /// <summary>Given or confirmed in this case, or carried on from an earlier instance.</summary>
    Confirmed,

    /// <summary>Agreed in the contract or correspondence.</summary>
    Agreed,

    /// <summary>In papers filed in this case.</summary>
    Filed,

    /// <summary>Given in another suit or arbitration within a year.</summary>
    OtherCase,

    /// <summary>Habitually used in civil life within a year.</summary>
    Habitual,

    /// <summary>Registered household, residence or seat.</summary>
    Registered,
}

/// <summary>One known address.</summary>
/// <param name="Id">Whatever identifies it for the caller.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="UsedOn">Day of last use; needed for those that lapse after a year.</param>
public readonly record struct KnownAddress(string Id, AddressOrigin Origin, DateOnly? UsedOn);

/// <summary>The order in which addresses are tried.</summary>
public static class AddressChain
{
    /// <summary>Orders the addresses; those of other cases or of habit that are older than a year, or undated, are left out.</summary>
    /// <param name="addresses">What is known.</param>
    /// <param name="on">The day of service.</param>
    /// <exception cref="LawError">Field on.</exception>
    public static IReadOnlyList<KnownAddress> Order(IEnumerable<KnownAddress> addresses, DateOnly on)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var yearAgo = LawDates.Check("on", on).AddYears(-1);
        return
        [
            .. addresses
                .Where(a => a.Origin is not (AddressOrigin.OtherCase or AddressOrigin.Habitual) || a.UsedOn >= yearAgo)
                .OrderBy(a => a.Origin)
                .ThenByDescending(a => a.UsedOn ?? DateOnly.MinValue),
        ];
    }
}
