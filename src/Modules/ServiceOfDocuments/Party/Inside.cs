using System.Net;
using CourtOps.Kernel.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>
/// Whether a party page is opened from inside the court: in a browser where somebody of the staff is signed in, or from the court's own network
/// (CourtOps:Party:InsideNetworks, CIDR separated by commas). Such an opening is none.
/// </summary>
internal sealed class Inside
{
    private readonly IReadOnlyList<IPNetwork> networks;

    public Inside(IConfiguration configuration, ILogger<Inside> log)
    {
        var own = new List<IPNetwork>();
        foreach (var text in (configuration["CourtOps:Party:InsideNetworks"] ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries))
            if (IPNetwork.TryParse(text, out var network))
                own.Add(network);
            else
                log.LogWarning("CourtOps:Party:InsideNetworks: {Text} is no network", text);
        networks = own;
    }

    /// <summary>Whether this actor is somebody inside.</summary>
    public bool Is(Actor actor) =>
        actor.SignedIn
        || (IPAddress.TryParse(actor.Address, out var address) && networks.Any(n => n.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)));
}
