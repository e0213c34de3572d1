using MediatR;

namespace CourtOps.Contracts;

/// <summary>TrialSupport publishes this when a hearing is confirmed, and again with a higher version when it was moved.</summary>
[Event("trial.hearing-scheduled", 1)]
public sealed record HearingScheduled : INotification
{
    public long HearingId { get; init; }
    public long CaseId { get; init; }
    public DateTimeOffset Start { get; init; }
    public DateTimeOffset End { get; init; }
    public string Room { get; init; } = "";
    public bool Online { get; init; }

    /// <summary>The parties to be summoned.</summary>
    public IReadOnlyList<long> PartyIds { get; init; } = [];

    /// <summary>The summons as a document of the case; null where it is not drawn up yet.</summary>
    public long? SummonsId { get; init; }

    /// <summary>Documents that are summonses to this hearing at this time; another document of the case may be one where it was made since.</summary>
    public IReadOnlyList<long> SummonsIds { get; init; } = [];

    /// <summary>Documents that are summonses to another hearing of the case, or to an earlier time of this one: they count for nothing here.</summary>
    public IReadOnlyList<long> OtherSummonsIds { get; init; } = [];

    /// <summary>Since when it is set as it is; a summons that was sent out before is none to it.</summary>
    public DateTimeOffset? SummonsSince { get; init; }

    /// <summary>Last day on which a summons may be served .</summary>
    public DateOnly ServeBy { get; init; }
    public int Version { get; init; }
    public long AskedBy { get; init; }
}

/// <summary>TrialSupport publishes this when a confirmed hearing will not take place.</summary>
[Event("trial.hearing-cancelled", 1)]
public sealed record HearingCancelled : INotification
{
    public long HearingId { get; init; }
    public long CaseId { get; init; }
    public string Reason { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>TrialSupport publishes this when a hearing has ended.</summary>
[Event("trial.hearing-held", 1)]
public sealed record HearingHeld : INotification
{
    public long HearingId { get; init; }
    public long CaseId { get; init; }
    public DateOnly On { get; init; }

    /// <summary>ended, adjourned.</summary>
    public string Outcome { get; init; } = "";
}

/// <summary>TrialSupport publishes this when a document of the court was checked, signed off, numbered and issued.</summary>
[Event("trial.document-issued", 1)]
public sealed record DocumentIssued : INotification
{
    public long CaseId { get; init; }
    public long DocumentId { get; init; }

    /// <summary>A kind of the documents: judgment, ruling, mediation, notice, summons …</summary>
    public string Kind { get; init; } = "";
    public DateOnly On { get; init; }
    public long IssuedBy { get; init; }
}

/// <summary>TrialSupport publishes this when an expert was entrusted; the trial limit stands still from then on (D-JD).</summary>
[Event("trial.expert-entrusted", 1)]
public sealed record ExpertEntrusted : INotification
{
    public long OpinionId { get; init; }
    public long CaseId { get; init; }
    public DateOnly On { get; init; }

    /// <summary>The letter of entrustment, the evidence of the deduction.</summary>
    public long? DocumentId { get; init; }
}

/// <summary>TrialSupport publishes this when the opinion has come or the entrusting has ended; the trial limit runs on.</summary>
[Event("trial.expert-ended", 1)]
public sealed record ExpertEnded : INotification
{
    public long OpinionId { get; init; }
    public long CaseId { get; init; }
    public DateOnly On { get; init; }
    public long? DocumentId { get; init; }
}

/// <summary>TrialSupport asks every centre whether anything of a case is still open before it is closed; each answers by
/// <see cref="ClosingCheckAnswered"/>.</summary>
[Event("trial.closing-check-requested", 1)]
public sealed record ClosingCheckRequested : INotification
{
    public long AskId { get; init; }
    public long CaseId { get; init; }
    public DateTimeOffset Due { get; init; }
}

/// <summary>A centre publishes this in answer to <see cref="ClosingCheckRequested"/>, once.</summary>
[Event("trial.closing-check-answered", 1)]
public sealed record ClosingCheckAnswered : INotification
{
    public long AskId { get; init; }
    public long CaseId { get; init; }

    /// <summary>triage, service, cataloguing, trial, enforcement.</summary>
    public string Centre { get; init; } = "";

    /// <summary>What is missing, in Chinese, one thing each; empty: nothing.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}

/// <summary>TrialSupport publishes this when a party is to get a link to a page of its own; ServiceOfDocuments sends it by mail, or by a short message, and
/// answers by <see cref="LinkDelivered"/>.</summary>
[Event("trial.link-handed", 1)]
public sealed record LinkHanded : INotification
{
    /// <summary>What the link is of: the same link is sent once for each round.</summary>
    public long LinkId { get; init; }
    public int Round { get; init; }
    public long CaseId { get; init; }
    public long PartyId { get; init; }

    /// <summary>What the party is asked to do, in Chinese.</summary>
    public string Title { get; init; } = "";

    /// <summary>The path of the page with its secret, encrypted with the keys of the installation.</summary>
    public string PathEnc { get; init; } = "";

    /// <summary>When the link ends.</summary>
    public DateTimeOffset Until { get; init; }
}
