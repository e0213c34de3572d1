using MediatR;

namespace CourtOps.Contracts;

/// <summary>Triage publishes this in the transaction that gives a filing its case number; exactly once for each case.</summary>
[Event("triage.case-registered", 1)]
public sealed record CaseRegistered : INotification
{
    public long CaseId { get; init; }
    public string Number { get; init; } = "";
    public long CourtId { get; init; }

    /// <summary>civil, criminal, admin, enforcement, compensation, other.</summary>
    public string Kind { get; init; } = "";
    public string Cause { get; init; } = "";

    /// <summary>Code of B-01.</summary>
    public string ProcedureCode { get; init; } = "";
    public DateOnly FiledOn { get; init; }
    public long FilingId { get; init; }

    /// <summary>The papers handed in, already documents of the case.</summary>
    public IReadOnlyList<long> DocumentIds { get; init; } = [];
    public long RegisteredBy { get; init; }

    /// <summary>The fee that was laid down, in cents; null where none is paid in advance.</summary>
    public long? FeeCents { get; init; }

    /// <summary>What is claimed, one claim each, in the words of the filing.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];
}

/// <summary>Triage publishes this when a case has its judge; from then on it is under control. Again when the judge changes.</summary>
[Event("triage.case-allotted", 1)]
public sealed record CaseAllotted : INotification
{
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public long JudgeId { get; init; }
    public DateOnly AllottedOn { get; init; }

    /// <summary>tied, specialised, balanced or by-hand.</summary>
    public string How { get; init; } = "";
}

/// <summary>Triage publishes this when a case goes over to another procedure; the clock has been computed anew.</summary>
[Event("triage.track-changed", 1)]
public sealed record TrackChanged : INotification
{
    public long CaseId { get; init; }
    public string FromProcedure { get; init; } = "";
    public string ToProcedure { get; init; } = "";
    public DateOnly On { get; init; }
    public string Reason { get; init; } = "";
}

/// <summary>Triage publishes this when mediation of a case has ended.</summary>
[Event("triage.mediation-ended", 1)]
public sealed record MediationEnded : INotification
{
    public long CaseId { get; init; }

    /// <summary>agreed, withdrawn, failed or refused.</summary>
    public string Outcome { get; init; } = "";
    public DateOnly On { get; init; }
}

/// <summary>Triage publishes this when papers for a case were taken in at a counter; Cataloguing gives them their place.</summary>
[Event("triage.material-received", 1)]
public sealed record MaterialReceived : INotification
{
    public long MaterialId { get; init; }
    public long CaseId { get; init; }
    public IReadOnlyList<long> DocumentIds { get; init; } = [];
    public string Sender { get; init; } = "";
    public int Pages { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>The public face of Triage publishes this when somebody hands in a filing online, or what was missing of it, or writes about it; the inner side
/// takes it in.</summary>
[Event("triage.filing-handed-in", 1)]
public sealed record FilingHandedIn : INotification
{
    public long PublicId { get; init; }
    public long CourtId { get; init; }

    /// <summary>submitted, corrected, written or withdrawn.</summary>
    public string Act { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>
/// Triage publishes this when whoever filed online is to be told that there is something new on the filing's page; ServiceOfDocuments sends it by a short
/// message, or by mail, and answers by <see cref="LinkDelivered"/> with no case.
/// </summary>
[Event("triage.filer-told", 1)]
public sealed record FilerTold : INotification
{
    /// <summary>What is told: sent once.</summary>
    public long LinkId { get; init; }
    public string Court { get; init; } = "";

    /// <summary>The number of the filing's receipt.</summary>
    public string Number { get; init; } = "";

    /// <summary>What happened, in Chinese; nothing of what was filed.</summary>
    public string What { get; init; } = "";

    /// <summary>Phone and mailbox that were confirmed, encrypted with the keys of the installation; empty where there is none.</summary>
    public string PhoneEnc { get; init; } = "";
    public string EmailEnc { get; init; } = "";

    /// <summary>The path of the page with its secret, encrypted alike.</summary>
    public string PathEnc { get; init; } = "";

    /// <summary>When the page ends.</summary>
    public DateTimeOffset Until { get; init; }
}

/// <summary>Triage publishes this when mediation takes time that the trial limit does not count: an extension, a cooling-off, the whole in administrative
/// cases. It ends with <see cref="MediationEnded"/>.</summary>
[Event("triage.mediation-time-taken", 1)]
public sealed record MediationTimeTaken : INotification
{
    public long CaseId { get; init; }
    public long MediationId { get; init; }

    /// <summary>extension, cooling or mediation.</summary>
    public string Kind { get; init; } = "";
    public DateOnly From { get; init; }
}

/// <summary>The public face of Triage publishes this when a mediator did something on the phone page; the inner side draws the consequence.</summary>
[Event("triage.mediator-acted", 1)]
public sealed record MediatorActed : INotification
{
    public long MediationId { get; init; }
    public long ActId { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>The public face of Triage publishes this when an evaluator gave an opinion on the own page; the inner side takes it in.</summary>
[Event("triage.opinion-handed-in", 1)]
public sealed record OpinionHandedIn : INotification
{
    public long MediationId { get; init; }
    public long EvaluationId { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>The public face of Triage publishes this when somebody asked the contact desk over the web, or gave a mark; the inner side takes it in.</summary>
[Event("triage.contact-handed-in", 1)]
public sealed record ContactHandedIn : INotification
{
    public long PublicId { get; init; }

    /// <summary>asked or marked.</summary>
    public string Act { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>Triage publishes this when papers that another court or its own desk took in have reached the court of the case; the papers become documents,
/// then follows <see cref="MaterialReceived"/>.</summary>
[Event("triage.material-handed-over", 1)]
public sealed record MaterialHandedOver : INotification
{
    public long ContactId { get; init; }
    public long CaseId { get; init; }
    public DateTimeOffset At { get; init; }
}
