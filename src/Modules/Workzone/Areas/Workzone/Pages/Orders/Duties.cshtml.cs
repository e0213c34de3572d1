using CourtOps.Kernel.Security;
using CourtOps.Workzone.WorkOrders;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Orders;

/// <summary>三张清单: whose duty each kind of work is, how it is asked for, what it counts. Made from the catalogue of order types.</summary>
[Permit("workzone.orders.read")]
internal sealed class Duties(OrderTypes types) : PageModel
{
    public static IReadOnlyList<(Duty Duty, string Label)> Lists { get; } =
    [(Duty.Judge, "法官清单"), (Duty.Assistant, "法官助理清单"), (Duty.Support, "辅助事务清单")];

    public IReadOnlyList<OrderType> Of(Duty duty) =>
        [.. types.All.Where(t => t.Duty == duty).OrderBy(t => t.Centre, StringComparer.Ordinal).ThenBy(t => t.Code, StringComparer.Ordinal)];
}
