using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.Notices;

/// <summary>What the bell tells of; a code each, worded when read.</summary>
internal static class NoticeKinds
{
    public const string Assigned = "assigned";
    public const string Returned = "returned";
    public const string Feedback = "feedback";
    public const string SentBack = "send-back";
    public const string Mention = "mention";
    public const string Escalated = "escalated";
    public const string Cancelled = "cancelled";
    public const string ChildEnded = "child-ended";
    public const string Batch = "batch";
    public const string BatchAssigned = "batch-assigned";
    public const string DueSoon = "due-soon";
    public const string DeputyGone = "deputy-gone";
    public const string DeputyNamed = "deputy-named";
    public const string Slip = "slip";
    public const string DatesMoved = "dates-moved";

    /// <summary>Something happened to a marked case that its reader watches.</summary>
    public const string Watched = "watched";

    /// <summary>An extension or a conversion is asked for, to be decided, or was decided.</summary>
    public const string Extension = "extension";

    /// <summary>A case of another court was transferred here.</summary>
    public const string Transferred = "transferred";

    public static readonly IReadOnlyList<string> All =
    [
        Assigned,
        Returned,
        Feedback,
        SentBack,
        Mention,
        Escalated,
        Cancelled,
        ChildEnded,
        Batch,
        BatchAssigned,
        DueSoon,
        DeputyGone,
        DeputyNamed,
        DatesMoved,
        Slip,
        Watched,
        Extension,
        Transferred,
    ];
}

/// <summary>Writes notices in the transaction of the change they tell of. The same key is told to a person once.</summary>
internal sealed class Notifier(Db db, Ids ids, TimeProvider clock, Changes changes)
{
    public async Task AddAsync(
        long personId,
        string kind,
        string key,
        object args,
        long? orderId = null,
        long? batchId = null,
        long? caseId = null,
        CancellationToken ct = default
    )
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_notice WHERE person_id = @personId AND notice_key = @key", new { personId, key }, ct) > 0)
            return;
        await db.ExecuteAsync(
            "INSERT INTO workzone_notice (id, person_id, kind, notice_key, order_id, batch_id, case_id, args, created_at, read_at, mailed_at) VALUES "
                + "(@id, @personId, @kind, @key, @orderId, @batchId, @caseId, @args, @now, NULL, NULL)",
            new
            {
                id = ids.Next(),
                personId,
                kind,
                key,
                orderId,
                batchId,
                caseId,
                args = JsonSerializer.Serialize(args, args.GetType(), Json.Stored),
                now = clock.GetUtcNow(),
            },
            ct
        );
        db.OnCommitted(() => changes.Say("notices"));
    }
}
