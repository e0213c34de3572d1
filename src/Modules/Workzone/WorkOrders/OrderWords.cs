using System.Text.Json;
using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Renders the codes and arguments of a node in the reader's language.</summary>
internal static class OrderWords
{
    /// <summary>The verb of a node: its step, or for a fact what happened.</summary>
    public static string Verb(Texts t, Node node)
    {
        if (node.Step is not OrderStep.Fact)
            return t["step." + node.Step];
        using var args = JsonDocument.Parse(node.Args);
        return t["event." + (args.RootElement.TryGetProperty("fact", out var f) ? f.GetString() : "fact")];
    }

    /// <summary>The fact a node tells, and of which child order; empty for a step.</summary>
    public static (string Fact, string Child) FactOf(Node node)
    {
        if (node.Step is not OrderStep.Fact)
            return ("", "");
        using var args = JsonDocument.Parse(node.Args);
        string Get(string name) => args.RootElement.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.String ? v.GetString()! : "";
        return (Get("fact"), Get("who"));
    }

    /// <summary>What the last return asked for; empty when the order is not with its asker.</summary>
    public static IReadOnlyList<string> Missing(OrderCard order, IReadOnlyList<Node> nodes)
    {
        if (
            order.State != OrderState.Returned
            || nodes.LastOrDefault(n => n.Step is OrderStep.Return or OrderStep.Refuse) is not { Step: OrderStep.Return } last
        )
            return [];
        using var args = JsonDocument.Parse(last.Args);
        return args.RootElement.TryGetProperty("missing", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(m => m.GetString() ?? "")]
            : [];
    }

    public static string Of(Texts t, Node node)
    {
        using var args = JsonDocument.Parse(node.Args);
        string Get(string name) =>
            args.RootElement.TryGetProperty(name, out var v)
                ? v.ValueKind == JsonValueKind.String
                    ? v.GetString()!
                    : v.ToString()
                : "";
        return node.Step switch
        {
            OrderStep.Assign when Get("rule").Length > 0 => t["自动派给 {0}", Get("to")],
            OrderStep.Assign => t["派给 {0}", Get("to")],
            OrderStep.Transfer => t["由 {0} 转给 {1}", Get("from"), Get("to")],
            OrderStep.HandOver when Get("part") == "asker" => t["发起人由 {0} 改为 {1}", Get("from"), Get("to")],
            OrderStep.HandOver => Get("to").Length > 0 ? t["由 {0} 交给 {1}", Get("from"), Get("to")] : t["{0} 不再办理", Get("from")],
            OrderStep.Pause => DateTimeOffset.TryParse(Get("wake"), System.Globalization.CultureInfo.InvariantCulture, out var wake)
                ? t["醒来时间 {0}", Times.Full(wake)]
                : "",
            OrderStep.Resume when Get("by") == "wake-time" => t["到了醒来时间"],
            OrderStep.Rate => t["满意度 {0} 分", Get("mark")],
            OrderStep.Reopen => t["第 {0} 轮", Get("round")],
            OrderStep.Fact => t["fact." + Get("fact"), Get("who"), Get("what") is { Length: > 0 } what ? t[what] : "", Get("on")],
            _ => "",
        };
    }
}
