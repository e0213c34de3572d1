using CourtOps.Kernel.Security;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>What a party identifies itself by, as it is kept on the public side: keyed digests of the last four signs of its number.</summary>
internal sealed class Tails(ICases cases, Secrets secrets)
{
    /// <summary>Of the longer form of a number of 15 digits (GB 11643); null for any other number or none.</summary>
    public async Task<string?> LongerAsync(long caseId, long partyId, CancellationToken ct) =>
        await NumberAsync(caseId, partyId, ct) is { } number && IdNumbers.Tails(number) is { Count: 2 } tails ? Keyed(tails[1]) : null;

    /// <summary>Both, of the number as it is recorded now; empty where none is.</summary>
    public async Task<(string Tail, string? Longer)> NowAsync(long caseId, long partyId, CancellationToken ct)
    {
        var tails = IdNumbers.Tails(await NumberAsync(caseId, partyId, ct));
        return (tails.Count == 0 ? "" : Keyed(tails[0]), tails.Count < 2 ? null : Keyed(tails[1]));
    }

    private async Task<string?> NumberAsync(long caseId, long partyId, CancellationToken ct) =>
        await cases.CanReadAsync(caseId, ct) ? (await cases.PartiesAsync(caseId, ct)).FirstOrDefault(p => p.Id == partyId)?.IdNumber : null;

    private string Keyed(string tail) => secrets.Keyed("party-tail", tail.ToUpperInvariant());
}
