using MediatR;

namespace CourtOps.Contracts;

/// <summary>Workzone publishes this once for each chunk of an import, when its cases are stored and, where allotted, under control.</summary>
[Event("workzone.case-imported", 1)]
public sealed record CaseImported : INotification
{
    public long ImportId { get; init; }
    public IReadOnlyList<Item> Cases { get; init; } = [];

    public sealed record Item
    {
        public long CaseId { get; init; }
        public string Number { get; init; } = "";
        public long CourtId { get; init; }
        public DateOnly FiledOn { get; init; }

        /// <summary>Null while the case is not allotted.</summary>
        public long? JudgeId { get; init; }

        /// <summary>True when the case was there before and this import changed it.</summary>
        public bool Updated { get; init; }
    }
}

/// <summary>Workzone publishes this when a work order was cancelled; the centre stops what it has not yet done.</summary>
[Event("workzone.order-cancelled", 1)]
public sealed record WorkOrderCancelled : INotification
{
    public long OrderId { get; init; }
    public string Type { get; init; } = "";
    public long? CaseId { get; init; }
    public string Reason { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>Workzone publishes this when a work order went to another person or back to the queue of a centre.</summary>
[Event("workzone.order-transferred", 1)]
public sealed record WorkOrderTransferred : INotification
{
    public long OrderId { get; init; }
    public string Type { get; init; } = "";
    public long? CaseId { get; init; }
    public long? FromPersonId { get; init; }
    public long? ToPersonId { get; init; }
    public DateTimeOffset At { get; init; }
}
