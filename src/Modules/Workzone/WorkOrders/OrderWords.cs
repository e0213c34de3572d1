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

    public static string Of(Texts t, Node node)
    {
        using var args = JsonDocument.Parse(node.Args);
        string Get(string name) => args.RootElement.TryGetProperty(name, out var v) ? v.ValueKind == JsonValueKind.String ? v.GetString()! : v.ToString() : "";
        return node.Step switch
        {
            OrderStep.Assign => t["派给 {0}", Get("to")],
            OrderStep.Transfer => t["由 {0} 转给 {1}", Get("from"), Get("to")],
            OrderStep.HandOver when Get("part") == "asker" => t["发起人由 {0} 改为 {1}", Get("from"), Get("to")],
            OrderStep.HandOver => Get("to").Length > 0 ? t["由 {0} 交给 {1}", Get("from"), Get("to")] : t["{0} 不再办理", Get("from")],
            OrderStep.Pause => DateTimeOffset.TryParse(Get("wake"), System.Globalization.CultureInfo.InvariantCulture, out var wake) ? t["醒来时间 {0}", Times.Full(wake)] : "",
            OrderStep.Resume when Get("by") == "wake-time" => t["到了醒来时间"],
            OrderStep.Fact => t["fact." + Get("fact"), Get("who"), Get("what"), Get("on")],
            _ => "",
        };
    }
}
