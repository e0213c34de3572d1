using CourtOps.Kernel.Search;

namespace CourtOps.Workzone.Cases;

/// <summary>How one party is reached, for the comparison of the sides.</summary>
public sealed record SidedAddress(string Name, string Role, string? Email, string? Phone);

/// <summary>Which side of a case a party stands on. Pure.</summary>
public static class Sides
{
    private static readonly HashSet<string> Claiming =
    [
        "原告",
        "申请人",
        "申请执行人",
        "上诉人",
        "公诉机关",
        "自诉人",
        "赔偿请求人",
        "再审申请人",
        "起诉人",
        "反诉原告",
        "plaintiff",
        "applicant",
    ];
    private static readonly HashSet<string> Answering =
    [
        "被告",
        "被告人",
        "被申请人",
        "被执行人",
        "被上诉人",
        "赔偿义务机关",
        "反诉被告",
        "defendant",
        "respondent",
    ];

    /// <summary>1 claims, 2 answers, 3 neither (third party).</summary>
    public static int Of(string role) =>
        Claiming.Contains(role) ? 1
        : Answering.Contains(role) ? 2
        : 3;

    /// <summary>Pairs of parties of different sides with the same mail address or the same phone: what is sent to one would reach the other.</summary>
    public static IEnumerable<(string One, string Other)> SharedAddresses(IReadOnlyList<SidedAddress> parties)
    {
        for (var i = 0; i < parties.Count; i++)
        for (var j = i + 1; j < parties.Count; j++)
            if (
                Of(parties[i].Role) != Of(parties[j].Role)
                && (Same(Mail(parties[i].Email), Mail(parties[j].Email)) || Same(Digits(parties[i].Phone), Digits(parties[j].Phone)))
            )
                yield return (parties[i].Name, parties[j].Name);
    }

    /// <summary>A mail address for comparison.</summary>
    public static string Mail(string? address) => (address ?? "").Trim().ToLowerInvariant();

    /// <summary>A phone for comparison: its digits without the country's prefix.</summary>
    public static string Digits(string? phone)
    {
        var digits = string.Concat((phone ?? "").Folded().Where(char.IsAsciiDigit));
        return digits.Length > 11 && digits.StartsWith("0086", StringComparison.Ordinal) ? digits[4..]
            : digits.Length > 11 && digits.StartsWith("86", StringComparison.Ordinal) ? digits[2..]
            : digits;
    }

    private static bool Same(string one, string other) => one.Length > 0 && one == other;
}
