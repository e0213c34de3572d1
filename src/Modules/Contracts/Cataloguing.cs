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
