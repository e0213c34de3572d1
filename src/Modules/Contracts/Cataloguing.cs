using MediatR;

namespace CourtOps.Contracts;

/// <summary>Cataloguing publishes this when a document has its place in the e-file of the case.</summary>
[Event("cataloguing.document-filed", 1)]
public sealed record DocumentFiled : INotification
{
    public long CaseId { get; init; }
    public long DocumentId { get; init; }

    /// <summary>main or secondary.</summary>
    public string Volume { get; init; } = "main";
    public string Heading { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>Cataloguing publishes this when the e-file of a closed case was handed over for keeping.</summary>
[Event("cataloguing.case-archived", 1)]
public sealed record CaseArchived : INotification
{
    public long CaseId { get; init; }
    public DateOnly On { get; init; }

    /// <summary>SHA-256 of the package's manifest.</summary>
    public string Manifest { get; init; } = "";
}

/// <summary>The public face of Cataloguing publishes this when an agent asked over the web to read a file; the inner side takes it in.</summary>
[Event("cataloguing.reading-asked", 1)]
public sealed record ReadingAsked : INotification
{
    public long PublicId { get; init; }
    public DateTimeOffset At { get; init; }
}
