using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>One recorded step of an order, as it is chained.</summary>
public sealed record Node
{
    public long OrderId { get; init; }
    public int N { get; init; }
    public string Step { get; init; } = "";
    public string FromState { get; init; } = "";
    public string ToState { get; init; } = "";

    /// <summary>asker, or the centre.</summary>
    public string Lane { get; init; } = "";
    public long ActorId { get; init; }
    public string ActorName { get; init; } = "";
    public DateTimeOffset At { get; init; }

    /// <summary>Canonical JSON: codes and arguments; text is rendered when read.</summary>
    public string Args { get; init; } = "{}";

    /// <summary>People's own words, as typed.</summary>
    public string Words { get; init; } = "";
    public string Hash { get; init; } = "";
}

/// <summary>The chain of an order: each node's hash covers the one before it and the digest of the words.</summary>
public static class Chain
{
    public const string Genesis = "";

    /// <summary>SHA-256 over a fixed, ordered, separator-safe form.</summary>
    public static string Hash(Node node, string previous)
    {
        var text = new StringBuilder(256);
        Append(text, previous);
        Append(text, node.OrderId.ToString(CultureInfo.InvariantCulture));
        Append(text, node.N.ToString(CultureInfo.InvariantCulture));
        Append(text, node.Step);
        Append(text, node.FromState);
        Append(text, node.ToState);
        Append(text, node.Lane);
        Append(text, node.ActorId.ToString(CultureInfo.InvariantCulture));
        Append(text, node.ActorName);
        Append(text, node.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        Append(text, node.Args);
        Append(text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(node.Words))));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The number of the first node that does not fit, or null. Finds changed, dropped, inserted; the head finds a cut tail.</summary>
    public static int? FirstBroken(IEnumerable<Node> nodes, string head, int count)
    {
        var previous = Genesis;
        var n = 0;
        foreach (var node in nodes)
        {
            n++;
            if (node.N != n || Hash(node, previous) != node.Hash)
                return n;
            previous = node.Hash;
        }
        return n != count || previous != head ? n + 1 : null;
    }

    // Length first, so that no text can pretend to be two fields.
    private static void Append(StringBuilder text, string field) => text.Append(field.Length).Append(':').Append(field).Append(',');
}
