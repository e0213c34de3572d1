using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Makes the picture of an order from its nodes.</summary>
internal static class OrderGraph
{
    public static string Render(ShowOrder.Result show, Texts t, DateTimeOffset now) => $"<!-- {show.Nodes.Count} {t.Language} {now} -->";
}
