namespace CourtOps.Law;

/// <summary>How a paper is served (C-02).</summary>
public enum ServiceMethod
{
    Direct,
    Leave,
    Electronic,
    Postal,
    Entrusted,
    Transferred,
    Announcement,
    Phone,
    Collected,
}

/// <summary>What is served; it decides which period follows.</summary>
public enum ServedDocument
{
    Judgment,

    /// <summary>A ruling that can be appealed.</summary>
    Ruling,
    Complaint,
    Summons,
    Mediation,
    Other,
}

/// <summary>Why mail came back (C-05).</summary>
public enum ReturnReason
{
    Refused,
    WrongAddress,
    Moved,
    Absent,
}

/// <summary>How the court came by a postal address.</summary>
public enum PostalAddress
{
    /// <summary>Provided or confirmed by the person.</summary>
    Confirmed,

    /// <summary>The registered address that counts when a warned person gives none (法释〔2004〕13号 Art 5).</summary>
    Statutory,

    Unconfirmed,
}

/// <summary>How the court came by an electronic address.</summary>
public enum ElectronicAddress
{
    /// <summary>Provided or confirmed by the recipient.</summary>
    Provided,

    /// <summary>Found by the court and verified to be the person's.</summary>
    Obtained,
}

/// <summary>What a court may set about service.</summary>
public sealed record ServiceSettings
{
    /// <summary>Whether the last day of an announcement rolls (<c>public_notice_roll</c>).</summary>
    public bool RollAnnouncement { get; init; } = true;

    /// <summary>Whether service is deemed on the day after the announcement's last day instead of on it (<c>public_notice_served_on</c>).</summary>
    public bool AnnouncementServedNextDay { get; init; }

    /// <summary>Days to wait for a reading or reply at an address the court found (<c>service.no_reply_days</c>).</summary>
    public int NoReplyDays { get; init; } = 3;

    /// <summary>The rule book's defaults.</summary>
    public static ServiceSettings Default { get; } = new();
}

/// <summary>What happened with one attempt to serve one paper on one person.</summary>
public sealed record ServiceFacts
{
    public required ServiceMethod Method { get; init; }

    /// <summary>Day signed, left, handed over, or of the call. For direct, leave, entrusted, transferred, phone, collected.</summary>
    public DateOnly? On { get; init; }

    /// <summary>Last day of the period for collecting a judgment pronounced in court.</summary>
    public DateOnly? CollectBy { get; init; }

    /// <summary>Day of publication, or of the last posting.</summary>
    public DateOnly? Published { get; init; }

    /// <summary>Day signed for, by the recipient or a receiver who is not the opposing party.</summary>
    public DateOnly? Delivered { get; init; }

    /// <summary>Day the mail came back.</summary>
    public DateOnly? Returned { get; init; }

    public ReturnReason Reason { get; init; }

    public PostalAddress PostalAddress { get; init; }

    /// <summary>Whether the person was warned of the consequences.</summary>
    public bool Warned { get; init; } = true;

    public ElectronicAddress ElectronicAddress { get; init; }

    /// <summary>Time of arrival in the recipient's system, China time.</summary>
    public DateTime? Arrived { get; init; }

    public DateTime? Read { get; init; }

    /// <summary>Time the recipient replied or acted accordingly.</summary>
    public DateTime? Replied { get; init; }

    public DateTime? Bounced { get; init; }

    /// <summary>Null: both the defence and the appeal period are wanted.</summary>
    public ServedDocument? Document { get; init; }

    /// <summary>civil, admin, criminal, or a code of B-01.</summary>
    public string Procedure { get; init; } = "civil";

    /// <summary>The party has no domicile in the PRC.</summary>
    public bool Foreign { get; init; }

    public bool Custody { get; init; }
}

/// <summary>The effect of an attempt.</summary>
/// <param name="Effective">Whether the paper is served.</param>
/// <param name="EffectiveOn">Day of service; null when not served.</param>
/// <param name="RawEffectiveOn">The same before any roll.</param>
/// <param name="Presumed">Whether the service is presumed and may be rebutted.</param>
/// <param name="Basis">Key of the article it rests on.</param>
/// <param name="DefenceEnds">Last day to answer; null where not applicable.</param>
/// <param name="AppealEnds">Last day to appeal; null where not applicable.</param>
/// <param name="Next">Code of the method to go on with; null when served.</param>
/// <param name="Provisional">Whether a date falls in a year whose arrangement is not loaded.</param>
public sealed record ServiceEffect(
    bool Effective,
    DateOnly? EffectiveOn,
    DateOnly? RawEffectiveOn,
    bool Presumed,
    string Basis,
    DateOnly? DefenceEnds,
    DateOnly? AppealEnds,
    string? Next,
    bool Provisional
);
