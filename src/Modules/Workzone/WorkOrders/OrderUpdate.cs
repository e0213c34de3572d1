using System.Collections.Concurrent;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>
/// The statement that writes a step: it names only the columns that the step changes. The engine moves a row in every index whose
/// columns are named, whether their values differ or not, and an order stands in twenty of them.
/// </summary>
internal static class OrderUpdate
{
    private static readonly (string Set, Func<OrderCard, OrderCard, bool> Differs)[] Parts =
    [
        ("state = @State", (was, now) => was.State != now.State),
        ("is_open = @open", (was, now) => OrderState.IsOpen(was.State) != OrderState.IsOpen(now.State)),
        ("escalated = @Escalated", (was, now) => was.Escalated != now.Escalated),
        ("centre = @Centre", (was, now) => was.Centre != now.Centre),
        ("asked_by = @AskedBy", (was, now) => was.AskedBy != now.AskedBy),
        ("asked_by_name = @AskedByName", (was, now) => was.AskedByName != now.AskedByName),
        ("assignee_id = @AssigneeId", (was, now) => was.AssigneeId != now.AssigneeId),
        ("assignee_name = @AssigneeName", (was, now) => was.AssigneeName != now.AssigneeName),
        ("due_at = @DueAt", (was, now) => was.DueAt != now.DueAt),
        ("wake_at = @WakeAt", (was, now) => was.WakeAt != now.WakeAt),
        ("pause_reason = @PauseReason", (was, now) => was.PauseReason != now.PauseReason),
        ("closed_at = @ClosedAt", (was, now) => was.ClosedAt != now.ClosedAt),
        ("mark = @Mark", (was, now) => was.Mark != now.Mark),
        ("version = @Version", (was, now) => was.Version != now.Version),
    ];

    private static readonly ConcurrentDictionary<int, string> Texts = new();

    /// <summary>Its parameters are the columns of the order after the step, @open, @words, and of the order before it @was (version) and @count
    /// (nodes).</summary>
    public static string Text(OrderCard was, OrderCard now)
    {
        var changed = 0;
        for (var i = 0; i < Parts.Length; i++)
            changed |= Parts[i].Differs(was, now) ? 1 << i : 0;
        return Texts.GetOrAdd(
            changed,
            static mask =>
                $"""
                    UPDATE workzone_order SET {string.Concat(
                        Parts.Where((_, i) => (mask & (1 << i)) != 0).Select(p => p.Set + ", ")
                    )}last_step = @LastStep, last_words = @words, changed_at = @ChangedAt, changed_by = @ChangedBy,
                           node_count = @NodeCount, head_hash = @HeadHash
                    WHERE id = @Id AND version = @was AND node_count = @count
                    """
        );
    }
}
