using CourtOps.Kernel.Data;
using CourtOps.Kernel.States;

namespace CourtOps.ServiceOfDocuments.Steward;

internal static class StepState
{
    /// <summary>Its turn has not come.</summary>
    public const string Planned = "planned";

    /// <summary>To be done now.</summary>
    public const string Due = "due";

    /// <summary>Done, the result is awaited.</summary>
    public const string Waiting = "waiting";
    public const string Done = "done";
    public const string Failed = "failed";
    public const string Skipped = "skipped";

    public static bool IsOpen(string state) => state is Planned or Due or Waiting;

    public static string Label(string state) =>
        state switch
        {
            Planned => "计划中",
            Due => "待办",
            Waiting => "等待结果",
            Done => "已送达",
            Failed => "未送达",
            _ => "不再需要",
        };
}

internal sealed record Step
{
    public long Id { get; init; }
    public long NoticeId { get; init; }
    public long OrderId { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public int Ordinal { get; init; }
    public string Channel { get; init; } = "";
    public string State { get; init; } = "";
    public string Why { get; init; } = "";
    public int WaitDays { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public DateTimeOffset? UntilAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? Result { get; init; }
    public string? ByName { get; init; }
    public long? AddressId { get; init; }
    public long? BatchId { get; init; }
    public string? Tracking { get; init; }
    public int Version { get; init; }
}

/// <summary>The one place where steps change.</summary>
internal sealed class StepBook(Db db)
{
    public const string Columns =
        "SELECT s.id, s.notice_id, s.order_id, s.case_id, s.court_id, s.ordinal, s.channel, s.state, s.why, s.wait_days, s.starts_at, s.until_at, "
        + "s.started_at, s.ended_at, s.result, s.by_name, s.address_id, s.batch_id, s.tracking, s.version FROM service_step s";

    public static readonly StateTable Table = new(
        "service_step",
        "送达步骤",
        new("begin", [StepState.Planned], StepState.Due),
        new("wait", [StepState.Due, StepState.Planned, StepState.Waiting], StepState.Waiting),
        new("done", [StepState.Planned, StepState.Due, StepState.Waiting, StepState.Failed], StepState.Done),
        new("fail", [StepState.Due, StepState.Waiting, StepState.Planned], StepState.Failed),
        new("skip", [StepState.Planned, StepState.Due, StepState.Waiting], StepState.Skipped),
        new("note", [StepState.Planned, StepState.Due, StepState.Waiting, StepState.Failed, StepState.Done, StepState.Skipped], null),
        new("again", [StepState.Failed, StepState.Skipped, StepState.Done], StepState.Due)
    );

    public async Task<Step> MoveAsync(Step step, string move, CancellationToken ct, string set = "", object? args = null) =>
        step with
        {
            State = await Table.MoveAsync(db, move, step.State, args ?? new { step.Id, step.Version }, set, ct),
            Version = step.Version + 1,
        };

    public Task<IReadOnlyList<Step>> OfNoticeAsync(long noticeId, CancellationToken ct) =>
        db.QueryAsync<Step>(Columns + " WHERE s.notice_id = @noticeId ORDER BY s.ordinal, s.id", new { noticeId }, ct);
}
