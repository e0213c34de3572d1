using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.States;

namespace CourtOps.Enforcement.Network;

internal sealed record BatchRow
{
    public const string Columns =
        "b.id, b.court_id, b.channel, b.state, b.items, b.answered, b.reason, b.made_by, b.made_at, b.round, b.polls, b.next_poll, b.version";

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["made"] = "待发出",
        ["sent"] = "已发出",
        ["partial"] = "部分反馈",
        ["answered"] = "全部反馈",
        ["failed"] = "发送失败",
    };

    public static readonly StateTable Table = new(
        "enforcement_batch",
        "查询批次",
        new("send", ["made", "failed"], "sent"),
        new("fail", ["made"], "failed"),
        new("answer", ["made", "sent", "partial", "failed"], "partial"),
        new("complete", ["made", "sent", "partial", "failed"], "answered")
    );

    public long Id { get; init; }
    public long CourtId { get; init; }

    /// <summary>file or http.</summary>
    public string Channel { get; init; } = "";
    public string State { get; init; } = "";
    public int Items { get; init; }
    public int Answered { get; init; }
    public string? Reason { get; init; }
    public string MadeBy { get; init; } = "";
    public DateTimeOffset MadeAt { get; init; }

    /// <summary>1, and one more each time its open lines were sent again.</summary>
    public int Round { get; init; }
    public int Polls { get; init; }
    public DateTimeOffset? NextPoll { get; init; }
    public int Version { get; init; }
}

internal sealed record BatchItem
{
    public const string Columns =
        "i.reference, i.batch_id, i.case_id, i.party_id, i.party_name, i.id_tail, i.category, i.answered_at, i.found, i.failures, i.note";

    public string Reference { get; init; } = "";
    public long BatchId { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public long PartyId { get; init; }
    public string PartyName { get; init; } = "";
    public string IdTail { get; init; } = "";
    public string Category { get; init; } = "";
    public DateTimeOffset? AnsweredAt { get; init; }
    public int Found { get; init; }

    /// <summary>How often the registry said that it could not answer.</summary>
    public int Failures { get; init; }
    public string Note { get; init; } = "";
}

/// <summary>A batch as the file that goes out: JSON lines.</summary>
internal static class BatchFile
{
    public static string Write(IReadOnlyList<BatchItem> items)
    {
        var text = new StringBuilder();
        foreach (var i in items)
            text.Append(
                    JsonSerializer.Serialize(
                        new
                        {
                            @ref = i.Reference,
                            name = i.PartyName,
                            idTail = i.IdTail,
                            category = i.Category,
                        },
                        Json.Stored
                    )
                )
                .Append('\n');
        return text.ToString();
    }
}
