namespace CourtOps.Workzone.Documents;

public sealed record NewDocument
{
    public required long CaseId { get; init; }

    /// <summary>judgment, ruling, complaint, summons, mediation, evidence, proof, other.</summary>
    public required string Kind { get; init; }
    public required string Title { get; init; }

    /// <summary>Written and flushed before this transaction.</summary>
    public required Kernel.Files.Blob Blob { get; init; }
    public int? Pages { get; init; }

    /// <summary>main, or secondary (副卷: never leaves the court).</summary>
    public string Volume { get; init; } = "main";
    public required string Source { get; init; }
    public long? ReplacesId { get; init; }
}

public sealed record DocumentCard
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public string Kind { get; init; } = "";
    public string Title { get; init; } = "";
    public string Blob { get; init; } = "";
    public long Size { get; init; }
    public int? Pages { get; init; }
    public string Volume { get; init; } = "";
    public int Revision { get; init; }
    public string Source { get; init; } = "";
    public string CreatedByName { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Documents, for the centres: called inside their own transaction.</summary>
public interface IDocuments
{
    Task<DocumentCard> AddAsync(NewDocument document, CancellationToken ct = default);

    /// <exception cref="Kernel.Messaging.NotFound">No such document, or its case is not for this actor.</exception>
    Task<DocumentCard> GetAsync(long documentId, CancellationToken ct = default);

    Task<IReadOnlyList<DocumentCard>> OfCaseAsync(long caseId, CancellationToken ct = default);
}

/// <summary>The kinds of document and their Chinese names.</summary>
public static class DocumentKinds
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["complaint"] = "起诉状",
        ["summons"] = "传票",
        ["judgment"] = "判决书",
        ["ruling"] = "裁定书",
        ["mediation"] = "调解书",
        ["evidence"] = "证据材料",
        ["notice"] = "通知书",
        ["proof"] = "送达回证",
        ["other"] = "其他",
    };
}
