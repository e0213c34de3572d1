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

/// <summary>The public face of Enforcement publishes this when an agency answered a request over its link; exactly once for each request.</summary>
[Event("enforcement.linkage-answered", 1)]
public sealed record LinkageAnswered : INotification
{
    public long LinkageId { get; init; }
    public long CaseId { get; init; }
    public string Answer { get; init; } = "";
    public string Receipt { get; init; } = "";

    /// <summary>Who answered for the agency, as they said.</summary>
    public string By { get; init; } = "";

    /// <summary>The paper handed in; null where there was none.</summary>
    public string? PaperSha256 { get; init; }
    public long PaperSize { get; init; }
    public DateTimeOffset At { get; init; }
}
