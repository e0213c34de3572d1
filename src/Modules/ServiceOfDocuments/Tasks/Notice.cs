namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>The states of a notice to one recipient.</summary>
public static class NoticeState
{
    /// <summary>The order is not yet accepted.</summary>
    public const string Waiting = "waiting";

    /// <summary>The clerk may send.</summary>
    public const string Ready = "ready";

    /// <summary>Released on the party page; the mail is on its way to the server.</summary>
    public const string Sending = "sending";

    /// <summary>Released; there is no mail, the link is handed over by other means.</summary>
    public const string Linked = "linked";

    /// <summary>The mail server took it (250).</summary>
    public const string Sent = "sent";

    /// <summary>Perhaps sent: a person decides.</summary>
    public const string Doubt = "doubt";

    /// <summary>The server refused the address, or the mail came back.</summary>
    public const string Failed = "failed";

    /// <summary>An obtained address, and nobody read it in time.</summary>
    public const string Unread = "unread";
    public const string Served = "served";

    /// <summary>A bounce or the person's own word speaks against it: nothing goes on until a person has decided.</summary>
    public const string Contested = "contested";

    /// <summary>It was taken for served, and a person decided that it never was.</summary>
    public const string Voided = "voided";
    public const string Cancelled = "cancelled";

    /// <summary>Nothing more is done for it.</summary>
    public static bool IsFinal(string state) => state is Failed or Unread or Served or Voided or Cancelled;

    public static bool IsLive(string state) => state is Waiting or Ready or Sending or Linked or Sent or Doubt or Contested or Served;
}

internal static class ServeOrder
{
    public const string Type = "service.serve";
    public const string Channel = "electronic";
}

/// <summary>One recipient of one order, with every time that matters for the effect.</summary>
internal sealed record Notice
{
    public long Id { get; init; }
    public long OrderId { get; init; }
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public int Round { get; init; }
    public string CaseNumber { get; init; } = "";
    public string CourtName { get; init; } = "";
    public string Cause { get; init; } = "";
    public string ProcedureCode { get; init; } = "";
    public string Recipient { get; init; } = "";
    public string RecipientRole { get; init; } = "";
    public string Language { get; init; } = "zh";

    /// <summary>provided (by the person: arrival is effect), obtained (by the court) or none.</summary>
    public string AddressKind { get; init; } = "";
    public string? EmailEnc { get; init; }
    public string? EmailHint { get; init; }
    public string? PhoneEnc { get; init; }
    public string? IdTail { get; init; }
    public string TokenDigest { get; init; } = "";
    public string TokenEnc { get; init; } = "";
    public string State { get; init; } = "";
    public string? Reason { get; init; }

    /// <summary>The reason with its values apart; null where a person typed it.</summary>
    public string? ReasonSaid { get; init; }
    public DateTimeOffset? ReleasedAt { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? OpenedAt { get; init; }
    public DateTimeOffset? ReadAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
    public DateTimeOffset? BouncedAt { get; init; }
    public DateTimeOffset? DisputedAt { get; init; }
    public DateOnly? EffectiveOn { get; init; }
    public string? Basis { get; init; }
    public bool Presumed { get; init; }
    public DateTimeOffset? ServedAt { get; init; }
    public long? ProofDocumentId { get; init; }
    public DateTimeOffset? ProofAt { get; init; }
    public string? SenderName { get; init; }
    public int Attempts { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>How it was served in the end; null for electronically.</summary>
    public string? Channel { get; init; }

    /// <summary>The judge who approved an announcement.</summary>
    public string? AnnounceBy { get; init; }
    public DateTimeOffset? AnnounceAt { get; init; }
    public DateTimeOffset? ContestedAt { get; init; }

    /// <summary>bounce, not-me or said: what speaks against it.</summary>
    public string? ContestedWhy { get; init; }
    public long? ContestOrderId { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }
    public string? DecidedWords { get; init; }

    /// <summary>Why this is a further round.</summary>
    public string? AgainReason { get; init; }

    /// <summary>Detained, serving a sentence or in the army.</summary>
    public bool Custody { get; init; }
    public string? Institution { get; init; }
    public int Version { get; init; }

    /// <summary>The key of its mail in the queue of work.</summary>
    public string MailKey => $"{Id}:{Attempts}";

    /// <summary>Released on the party page and taken by the mail server; without mail, the link was opened by the identified person.</summary>
    public DateTimeOffset? ArrivedAt => ReleasedAt is null ? null : SentAt ?? OpenedAt;
}

/// <summary>One document for one recipient.</summary>
internal sealed record ServiceTask
{
    public long Id { get; init; }
    public long NoticeId { get; init; }
    public long OrderId { get; init; }
    public long CaseId { get; init; }
    public long DocumentId { get; init; }
    public string DocumentKind { get; init; } = "";
    public string DocumentTitle { get; init; } = "";
    public string DocumentBlob { get; init; } = "";
    public long DocumentSize { get; init; }
    public int? DocumentPages { get; init; }
    public long PartyId { get; init; }
    public string Recipient { get; init; } = "";
    public int Round { get; init; }

    /// <summary>By which way it took effect; electronic until then.</summary>
    public string Channel { get; init; } = ServeOrder.Channel;
    public DateTimeOffset? ReadAt { get; init; }
    public DateOnly? EffectiveOn { get; init; }
    public DateOnly? DefenceEnds { get; init; }
    public DateOnly? AppealEnds { get; init; }
}
