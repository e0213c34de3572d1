namespace CourtOps.Enforcement.Measures;

/// <summary>A measure as it is stored. Dates are legal days, amounts cents.</summary>
internal sealed record MeasureRow
{
    public const string Columns = """
        SELECT m.id, m.case_id, m.court_id, m.asset_id, m.party_id, m.identity_key, m.kind, m.act, m.basis, m.state, m.place, m.years, m.amount, m.frozen,
            m.authority, m.paper, m.ruled_on, m.start_on, m.end_on, m.computed_end,
               m.last_renewal, m.court_last, m.receipt, m.receipt_end, m.receipt_place, m.head_end, m.applied_on, m.told_on, m.notice_document_id, m.round,
                   m.order_id, m.next_date, m.next_tier, m.ended_on,
               m.ended_reason, m.created_by, m.version, a.name AS asset_name, a.category, a.party_name, a.value AS asset_value,
               CASE WHEN EXISTS (SELECT 1 FROM enforcement_agency g WHERE g.court_id = m.court_id AND g.name = m.authority AND g.out_of_town = 1) THEN 1
                   ELSE 0 END AS out_of_town
        FROM enforcement_measure m
        JOIN enforcement_asset a ON a.id = m.asset_id
        """;

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public long AssetId { get; init; }
    public long PartyId { get; init; }
    public string IdentityKey { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Act { get; init; } = "";
    public string Basis { get; init; } = "";
    public string State { get; init; } = "";

    /// <summary>1 is the first (首封); 2 and more wait.</summary>
    public int Place { get; init; }
    public int? Years { get; init; }
    public long? Amount { get; init; }

    /// <summary>Cents that were frozen in fact, as the authority answered; null where it did not say.</summary>
    public long? Frozen { get; init; }
    public string Authority { get; init; } = "";
    public string Paper { get; init; } = "";
    public DateOnly? RuledOn { get; init; }
    public DateOnly? StartOn { get; init; }
    public DateOnly? EndOn { get; init; }
    public DateOnly? ComputedEnd { get; init; }
    public DateOnly? LastRenewal { get; init; }
    public DateOnly? CourtLast { get; init; }
    public string? Receipt { get; init; }
    public DateOnly? ReceiptEnd { get; init; }
    public int? ReceiptPlace { get; init; }

    /// <summary>Known end of the measure that stands before a waiting one.</summary>
    public DateOnly? HeadEnd { get; init; }
    public DateOnly? AppliedOn { get; init; }
    public DateOnly? ToldOn { get; init; }
    public long? NoticeDocumentId { get; init; }

    /// <summary>1, and one more with each renewal.</summary>
    public int Round { get; init; }
    public long? OrderId { get; init; }
    public DateOnly? NextDate { get; init; }
    public string? NextTier { get; init; }
    public DateOnly? EndedOn { get; init; }
    public string? EndedReason { get; init; }
    public long CreatedBy { get; init; }
    public int Version { get; init; }
    public string AssetName { get; init; } = "";
    public string Category { get; init; } = "";
    public string PartyName { get; init; } = "";
    public long? AssetValue { get; init; }

    /// <summary>The authority is an agency marked as out of town.</summary>
    public bool OutOfTown { get; init; }
}

/// <summary>An asset of a debtor as it is stored.</summary>
internal sealed record AssetRow
{
    public const string Columns = """
        SELECT a.id, a.case_id, a.court_id, a.party_id, a.party_name, a.category, a.kind, a.name, a.identity_key, a.holder, a.value, a.source, a.found_on,
            a.part, a.pair_asset_id, a.state, a.next_date, a.ended_on, a.reason, a.version
        FROM enforcement_asset a
        """;

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public long PartyId { get; init; }
    public string PartyName { get; init; } = "";
    public string Category { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Name { get; init; } = "";
    public string IdentityKey { get; init; } = "";
    public string Holder { get; init; } = "";

    /// <summary>Cents; null where it is not known.</summary>
    public long? Value { get; init; }
    public string Source { get; init; } = "";
    public DateOnly FoundOn { get; init; }

    /// <summary>building or land where the two are registered apart; otherwise empty.</summary>
    public string Part { get; init; } = "";
    public long? PairAssetId { get; init; }
    public string State { get; init; } = "";
    public DateOnly? NextDate { get; init; }
    public DateOnly? EndedOn { get; init; }
    public string? Reason { get; init; }
    public int Version { get; init; }
}
