using System.Text.Json;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Work;

/// <summary>What came of an act outside the database.</summary>
public enum WorkEnd
{
    /// <summary>Done; the result is recorded.</summary>
    Done,

    /// <summary>Certainly not done; try again later.</summary>
    Retry,

    /// <summary>Certainly not done, as something it needs is not there; asked again until it is, which uses up no attempt.</summary>
    Wait,

    /// <summary>Certainly not done, and trying again is of no use.</summary>
    Failed,

    /// <summary>Perhaps done; a person must say.</summary>
    Doubt,
}

/// <param name="Result">What to record: plain data.</param>
/// <param name="Reason">For people, when it was not done.</param>
public sealed record WorkOutcome(WorkEnd End, object? Result = null, string? Reason = null, TimeSpan? After = null)
{
    /// <summary>The reason with its values apart; null where it has none.</summary>
    public Said? Said { get; init; }

    public static WorkOutcome Done(object? result = null) => new(WorkEnd.Done, result);

    public static WorkOutcome Retry(string reason, TimeSpan? after = null) => new(WorkEnd.Retry, null, reason, after);

    public static WorkOutcome Retry(Said reason, TimeSpan? after = null) => new(WorkEnd.Retry, null, reason.ToString(), after) { Said = reason };

    public static WorkOutcome Wait(string reason, TimeSpan after) => new(WorkEnd.Wait, null, reason, after);

    public static WorkOutcome Wait(Said reason, TimeSpan after) => new(WorkEnd.Wait, null, reason.ToString(), after) { Said = reason };

    public static WorkOutcome Failed(string reason, object? result = null) => new(WorkEnd.Failed, result, reason);

    public static WorkOutcome Failed(Said reason, object? result = null) => new(WorkEnd.Failed, result, reason.ToString()) { Said = reason };

    public static WorkOutcome Doubt(string reason) => new(WorkEnd.Doubt, null, reason);

    public static WorkOutcome Doubt(Said reason) => new(WorkEnd.Doubt, null, reason.ToString()) { Said = reason };
}

public sealed record WorkItem
{
    public long Id { get; init; }
    public string Queue { get; init; } = "";
    public string WorkKey { get; init; } = "";
    public int Attempts { get; init; }
    public string Payload { get; init; } = "";

    public T Read<T>() => JsonSerializer.Deserialize<T>(Payload, Json.Stored)!;
}

/// <summary>
/// An act outside the database. It is claimed in one transaction, done without one and recorded in another.
/// </summary>
public interface IWorkHandler
{
    string Queue { get; }

    /// <summary>True when doing it twice is harmless (an idempotency key, a pure computation). Otherwise an interrupted act is in doubt.</summary>
    bool Repeatable { get; }

    /// <summary>How often it is tried; waiting does not count.</summary>
    int MaxAttempts { get; }

    TimeSpan Lease { get; }

    /// <summary>How many of this queue are done at the same time in one host.</summary>
    int AtOnce => 2;

    /// <summary>True when nobody need decide what came of it: what failed or is in doubt is set down as done, with its reason.</summary>
    bool IsForgettable => false;

    /// <summary>Outside any transaction; the only place for mail, HTTP, processes and files.</summary>
    Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct);

    /// <summary>
    /// In the transaction that marks the row. Runs for every end but Retry and Wait. May run again where it threw: first at once (a deadlock, a conflict, a
    /// duplicate), then later and later; the act is not repeated for it.
    /// </summary>
    Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct);
}
