using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Triggers;

/// <summary>The orders that the trigger table opened for an event which did not happen are withdrawn; what was done already stays done.</summary>
internal sealed class EventOrders(Db db, IWorkOrders orders)
{
    /// <returns>The numbers of the orders withdrawn.</returns>
    public async Task<IReadOnlyList<string>> WithdrawAsync(long eventId, string words, CancellationToken ct)
    {
        var opened = await db.FirstAsync<string>("SELECT trigger_orders FROM workzone_case_event WHERE id = @eventId", new { eventId }, ct);
        var numbers = opened is null ? [] : JsonSerializer.Deserialize<List<string>>(opened, Json.Stored) ?? [];
        var withdrawn = new List<string>();
        foreach (var number in numbers)
        {
            if (await db.FirstAsync<long?>("SELECT id FROM workzone_order WHERE number = @number AND is_open = 1", new { number }, ct) is not { } id)
                continue;
            await orders.StepAsync(id, OrderStep.Cancel, new StepInput { Automatic = true, Words = words }, ct);
            withdrawn.Add(number);
        }
        return withdrawn;
    }
}
