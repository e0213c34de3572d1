using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Measures;

/// <summary>What the role of a party in its case says of its side in enforcement. Pure.</summary>
internal static class PartySide
{
    /// <summary>Asks the court: claims, applies, appeals.</summary>
    public static bool Asks(string role) => Sides.Of(role) == 1 || role is "申请保全人" or "附带民事诉讼原告人";

    /// <summary>Owes by the role alone: 被执行人, 被保全人, and who answers in a suit of first instance.</summary>
    public static bool Owes(string role) => (Sides.Of(role) == 2 && !IsOpen(role)) || role is "被保全人" or "附带民事诉讼被告人";

    /// <summary>Roles that do not say who owes: an appellant is often the debtor, who counterclaims is both.</summary>
    public static bool IsOpen(string role) => role is "上诉人" or "被上诉人" or "再审申请人" or "再审被申请人" or "反诉原告" or "反诉被告";

    /// <summary>Claims by the role alone, and can be the creditor where nobody is chosen. The prosecution is none: what it obtains is owed to the
    /// state.</summary>
    public static bool Claims(string role) => Asks(role) && !IsOpen(role) && role != "公诉机关";
}
