using System.Net;
using System.Net.Sockets;

namespace CourtOps.Host.Web;

/// <summary>
/// Where this program may call out to. An address in a setting or a callback is resolved once, every address it has is looked at, and the connection goes to
/// the address that was looked at: no name can point inwards, and none can change its mind. Inner addresses that are meant (an SMS gateway on the
/// intranet) are named in CourtOps:Http:Allow, hosts or networks separated by commas. Redirects are not followed.
/// </summary>
internal static class GuardedHttp
{
    public static HttpMessageHandler Handler(IConfiguration configuration) =>
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = async (context, ct) =>
            {
                var host = context.DnsEndPoint.Host;
                var allowed = (configuration["CourtOps:Http:Allow"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, ct);
                foreach (var address in addresses)
                    if (!May(host, address, allowed))
                        throw new HttpRequestException($"{host} is an inner address ({address}); it is not in CourtOps:Http:Allow.");
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };

    internal static bool May(string host, IPAddress address, IReadOnlyCollection<string> allowed)
    {
        var a = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !IsInner(a)
            || allowed.Any(x =>
                string.Equals(x, host, StringComparison.OrdinalIgnoreCase)
                || (IPNetwork.TryParse(x, out var network) && network.Contains(a))
                || (IPAddress.TryParse(x, out var one) && one.Equals(a))
            );
    }

    /// <summary>Loopback, private, link-local, shared, multicast, unspecified: nothing a stranger's address should lead to.</summary>
    internal static bool IsInner(IPAddress address)
    {
        if (
            IPAddress.IsLoopback(address)
            || address.Equals(IPAddress.Any)
            || address.Equals(IPAddress.IPv6Any)
            || address.IsIPv6LinkLocal
            || address.IsIPv6SiteLocal
            || address.IsIPv6Multicast
            || address.IsIPv6UniqueLocal
        )
            return true;
        if (address.AddressFamily != AddressFamily.InterNetwork)
            return false;
        var b = address.GetAddressBytes();
        return b[0] is 0 or 10 or 127 or >= 224
            || (b[0] == 172 && b[1] is >= 16 and <= 31)
            || (b[0] == 192 && b[1] == 168)
            || (b[0] == 169 && b[1] == 254)
            || (b[0] == 100 && b[1] is >= 64 and <= 127)
            || (b[0] == 198 && b[1] is 18 or 19)
            || (b[0] == 192 && b[1] == 0);
    }
}
