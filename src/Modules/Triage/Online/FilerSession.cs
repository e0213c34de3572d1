using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.DataProtection;

namespace CourtOps.Triage.Online;

/// <summary>The door of those who file, ask or mediate by a personal link: proof for two hours, twenty drafts an hour from one address.</summary>
internal sealed class FilerSession(IDataProtectionProvider protection, TimeProvider clock)
    : LinkSession(protection, "CourtOps.Filer", "cof", TimeSpan.FromHours(2), clock)
{
    private const int BeginsPerHour = 20;

    /// <summary>Counts a draft begun from an address.</summary>
    public bool TooManyBegun(string address) => TooMany("begin:" + address, true, TimeSpan.FromHours(1), BeginsPerHour);
}
