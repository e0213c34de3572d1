using MediatR;

namespace CourtOps.Contracts;

/// <summary>A centre publishes this when documents must be served; ServiceOfDocuments opens the order, once for each request id.</summary>
[Event("service.requested", 1)]
public sealed record ServiceRequested : INotification
{
    /// <summary>Made by the centre that asks; the same id is served once.</summary>
    public string RequestId { get; init; } = "";
    public long CaseId { get; init; }
    public IReadOnlyList<long> DocumentIds { get; init; } = [];
    public IReadOnlyList<long> PartyIds { get; init; } = [];
    public long AskedBy { get; init; }
    public string Note { get; init; } = "";
}

/// <summary>ServiceOfDocuments publishes this in the transaction that records the legal effect of one document on one recipient; exactly once for
/// each.</summary>
[Event("service.document-served", 1)]
public sealed record DocumentServed : INotification
{
    public long TaskId { get; init; }
    public long OrderId { get; init; }
    public long CaseId { get; init; }
    public long DocumentId { get; init; }
    public long PartyId { get; init; }
    public string RecipientName { get; init; } = "";

    /// <summary>electronic, postal, direct …</summary>
    public string Method { get; init; } = "";

    /// <summary>The legal date of service.</summary>
    public DateOnly EffectiveOn { get; init; }
    public string Basis { get; init; } = "";
    public bool Presumed { get; init; }

    /// <summary>
    /// The day that counts for the closing of a case where it is not the day of effect (2000 Art 10): posted, announced, left. Null: the day of effect.
    /// </summary>
    public DateOnly? CountsOn { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Last day of this recipient's appeal period; null where the document opens none.</summary>
    public DateOnly? AppealEnds { get; init; }
}

/// <summary>
/// ServiceOfDocuments publishes this when a person decided that an effect recorded before never was: the mail had come back, or somebody else read it. What was
/// counted from <see cref="DocumentServed"/> of the same task is to be taken back.
/// </summary>
[Event("service.document-voided", 1)]
public sealed record DocumentServiceVoided : INotification
{
    public long TaskId { get; init; }
    public long OrderId { get; init; }
    public long CaseId { get; init; }
    public long DocumentId { get; init; }
    public long PartyId { get; init; }
    public string RecipientName { get; init; } = "";

    /// <summary>The day that had been recorded.</summary>
    public DateOnly WasOn { get; init; }
    public string Reason { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>ServiceOfDocuments publishes this when the proof of service (送达回证) is stored as a document of the case.</summary>
[Event("service.proof-made", 1)]
public sealed record ProofMade : INotification
{
    public long CaseId { get; init; }
    public long OrderId { get; init; }
    public long NoticeId { get; init; }
    public long ProofDocumentId { get; init; }
    public long PartyId { get; init; }
    public string RecipientName { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>The public face of ServiceOfDocuments publishes this when a party did something on its page; the inner side draws the legal consequence.</summary>
[Event("service.party-acted", 1)]
public sealed record PartyActed : INotification
{
    public long NoticeId { get; init; }

    /// <summary>opened, read, confirmed, disputed, locked, new-link, replied, asked or address.</summary>
    public string Act { get; init; } = "";

    /// <summary>Which of the released documents, from 1; null for the notice as a whole.</summary>
    public int? DocumentN { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>ServiceOfDocuments publishes this in answer to <see cref="LinkHanded"/>: how the link was sent, or why it was not.</summary>
[Event("service.link-delivered", 1)]
public sealed record LinkDelivered : INotification
{
    public long LinkId { get; init; }
    public int Round { get; init; }
    public long CaseId { get; init; }

    /// <summary>mail, sms, or empty where it was not sent.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Why it was not sent, in Chinese.</summary>
    public string? Reason { get; init; }
    public DateTimeOffset At { get; init; }
}
