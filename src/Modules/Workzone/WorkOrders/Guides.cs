using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Guide and checklist of a type as they stood in one version; Chinese, the keys of their translation.</summary>
internal sealed record Guide(int Version, string Text, IReadOnlyList<string> Checklist);

/// <summary>Keeps each version of guide and checklist with the first order that is opened under it, so that an order always shows its own.</summary>
internal sealed class Guides(Db db, OrderTypes types, TimeProvider clock)
{
    public async Task KeepAsync(OrderType type, CancellationToken ct)
    {
        var row = new
        {
            type.Code,
            version = type.GuideVersion,
            type.Guide,
            checklist = JsonSerializer.Serialize(type.Checklist, Json.Stored),
            now = clock.GetUtcNow(),
        };
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_guide WHERE order_type = @Code AND version = @version", row, ct) > 0)
            return;
        try
        {
            await db.ExecuteAsync(
                "INSERT INTO workzone_guide (order_type, version, guide, checklist, kept_at) VALUES (@Code, @version, @Guide, @checklist, @now)",
                row,
                ct
            );
        }
        catch (Exception e) when (db.Dialect.IsDuplicate(e))
        {
            // another host opened the first order of this version at the same moment
        }
    }

    /// <summary>The version the order was opened under; null when it says nothing or is not known any more.</summary>
    public async Task<Guide?> OfAsync(OrderCard order, Node opened, CancellationToken ct)
    {
        using var args = JsonDocument.Parse(opened.Args);
        // orders from before versions were kept were opened under the first
        var version = args.RootElement.TryGetProperty("guide", out var v) ? v.GetInt32() : 1;
        var guide =
            await db.FirstAsync<Row>(
                "SELECT guide, checklist FROM workzone_guide WHERE order_type = @OrderType AND version = @version",
                new { order.OrderType, version },
                ct
            )
                is { } kept
                ? new Guide(version, kept.Guide, JsonSerializer.Deserialize<List<string>>(kept.Checklist, Json.Stored) ?? [])
            : types.Find(order.OrderType) is { } type && type.GuideVersion == version ? new Guide(version, type.Guide, type.Checklist)
            : null;
        return guide is null or { Text.Length: 0, Checklist.Count: 0 } ? null : guide;
    }

    private sealed record Row
    {
        public string Guide { get; init; } = "";
        public string Checklist { get; init; } = "[]";
    }
}
