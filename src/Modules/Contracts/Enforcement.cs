using MediatR;

namespace CourtOps.Contracts;

/// <summary>Enforcement publishes this when property is controlled, renewed or released; the end is the last day of effect.</summary>
[Event("enforcement.measure-changed", 1)]
public sealed record MeasureChanged : INotification
{
    public long MeasureId { get; init; }
    public long CaseId { get; init; }

    /// <summary>taken, renewed, released, lapsed or activated.</summary>
    public string Change { get; init; } = "";
    public DateOnly Start { get; init; }
    public DateOnly? End { get; init; }
    public DateTimeOffset At { get; init; }
}
