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

/// <summary>Workzone publishes this when a document was added to a case, in the transaction that stores it.</summary>
[Event("workzone.document-added", 1)]
public sealed record DocumentAdded : INotification
{
    public long CaseId { get; init; }
    public long DocumentId { get; init; }

    /// <summary>judgment, ruling, complaint, summons, mediation, evidence, notice, proof, other …</summary>
    public string Kind { get; init; } = "";
    public string Title { get; init; } = "";

    /// <summary>main or secondary.</summary>
    public string Volume { get; init; } = "main";
    public string Source { get; init; } = "";

    /// <summary>The document in whose place it comes; null where it is a new one.</summary>
    public long? ReplacesId { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>Workzone publishes this when something of the life of a case was recorded: by page, file, API or another module's word. Once for each
/// event.</summary>
[Event("workzone.case-event", 1)]
public sealed record CaseEventRecorded : INotification
{
    public long EventId { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }

    /// <summary>Code of the event: registered, allotted, panel-formed, hearing-held, closed, effective, appealed, transferred …</summary>
    public string Event { get; init; } = "";
    public DateOnly On { get; init; }

    /// <summary>Facts of the event by name; plain values.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
}

/// <summary>Workzone publishes this when a case is closed, and with <see cref="Reopened"/> when the closing was taken back.</summary>
[Event("workzone.case-closed", 1)]
public sealed record CaseClosed : INotification
{
    public long CaseId { get; init; }
    public DateOnly On { get; init; }

    /// <summary>judgment, ruling, mediation, withdrawn, transferred, performed, settled, terminated, other.</summary>
    public string How { get; init; } = "";
    public bool Reopened { get; init; }
}

/// <summary>Workzone publishes this when the end of a trial limit has moved.</summary>
[Event("workzone.clock-moved", 1)]
public sealed record ClockMoved : INotification
{
    public long CaseId { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? To { get; init; }

    /// <summary>The code of the fact behind it: D-JD, extension, conversion, calendar …</summary>
    public string Cause { get; init; } = "";
}

/// <summary>Workzone publishes this when the number of identity of a party was entered or corrected; the number itself is asked of the case.</summary>
[Event("workzone.party-number-corrected", 1)]
public sealed record PartyNumberCorrected : INotification
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>Workzone publishes this when somebody is recorded to act for a party no more.</summary>
[Event("workzone.agency-ended", 1)]
public sealed record AgencyEnded : INotification
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public DateTimeOffset At { get; init; }
}
