namespace CourtOps.Cataloguing.Intake;

/// <summary>Where a batch stands.</summary>
internal static class BatchState
{
    /// <summary>Files are opened, pages read.</summary>
    public const string Reading = "reading";

    /// <summary>All pages are there: a person looks at what is unsure.</summary>
    public const string Review = "review";
    public const string Confirmed = "confirmed";
    public const string Cancelled = "cancelled";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Reading] = "识别中",
        [Review] = "待确认",
        [Confirmed] = "已入卷",
        [Cancelled] = "已撤销",
    };
}

internal static class FileState
{
    public const string Waiting = "waiting";
    public const string Accepted = "accepted";
    public const string Unpacked = "unpacked";
    public const string Refused = "refused";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Waiting] = "检查中",
        [Accepted] = "已收",
        [Unpacked] = "已解开",
        [Refused] = "未收",
    };
}

internal static class PageState
{
    /// <summary>Rendered; its file is not accepted yet.</summary>
    public const string Held = "held";
    public const string Waiting = "waiting";
    public const string Ready = "ready";

    /// <summary>The engine crashed, hung or is not there: a person reads it.</summary>
    public const string Person = "person";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Held] = "检查中",
        [Waiting] = "待识别",
        [Ready] = "已识别",
        [Person] = "待人工",
    };
}

/// <summary>How material came in.</summary>
internal static class Sources
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["upload"] = "上传",
        ["scanner"] = "扫描仪",
        ["phone"] = "手机拍照",
        ["api"] = "接口",
    };
}

internal sealed record Batch
{
    public long Id { get; init; }
    public string Number { get; init; } = "";
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public long OrderId { get; init; }
    public string Source { get; init; } = "";
    public string Sender { get; init; } = "";
    public int? Announced { get; init; }
    public string Note { get; init; } = "";
    public bool Urgent { get; init; }
    public string State { get; init; } = "";
    public DateTimeOffset ReceivedAt { get; init; }
    public string ReceivedByName { get; init; } = "";
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? ReadyAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
    public string ConfirmedByName { get; init; } = "";
    public int HandSeconds { get; init; }
    public long MachineMs { get; init; }
    public string ChangedByName { get; init; } = "";
    public int Version { get; init; }
}

internal sealed record BatchFile
{
    public long Id { get; init; }
    public long BatchId { get; init; }
    public long CaseId { get; init; }
    public long? ParentId { get; init; }
    public int Ordinal { get; init; }
    public string Name { get; init; } = "";
    public string Blob { get; init; } = "";
    public string? WorkBlob { get; init; }
    public long Size { get; init; }
    public string Kind { get; init; } = "";
    public string State { get; init; } = "";
    public string? Reason { get; init; }
    public string? Detail { get; init; }
    public int? Pages { get; init; }
    public int Version { get; init; }
}

internal sealed record Page
{
    public long Id { get; init; }
    public long BatchId { get; init; }
    public long CaseId { get; init; }
    public long FileId { get; init; }
    public int N { get; init; }
    public long Ordinal { get; init; }
    public long? PieceId { get; init; }
    public string State { get; init; } = "";
    public bool Removed { get; init; }
    public string Image { get; init; } = "";
    public string ImageKind { get; init; } = "";
    public string? ViewBlob { get; init; }
    public string? ThumbBlob { get; init; }
    public int Width { get; init; }
    public int Height { get; init; }
    public int Dpi { get; init; }
    public int Orientation { get; init; }

    /// <summary>Hundredths of a degree.</summary>
    public int Skew { get; init; }
    public int? Turn { get; init; }
    public int Reads { get; init; }
    public string Flags { get; init; } = "";
    public string PageText { get; init; } = "";
    public string TextLines { get; init; } = "[]";
    public string? Layer { get; init; }
    public string Language { get; init; } = "";
    public string Engine { get; init; } = "";

    /// <summary>Thousandths.</summary>
    public int Confidence { get; init; }
    public string Hash { get; init; } = "";
    public string? Problem { get; init; }
    public string Note { get; init; } = "";
    public int CpuMs { get; init; }

    /// <summary>Where its red stands, as <see cref="Reading.Redness"/> keeps it.</summary>
    public string? Red { get; init; }
    public int Version { get; init; }

    public IReadOnlyList<string> FlagList => Flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A document of a batch, as the machine found it or a person made it.</summary>
internal sealed record PieceRow
{
    public long Id { get; init; }
    public long BatchId { get; init; }
    public long CaseId { get; init; }
    public long Ordinal { get; init; }
    public string PaperType { get; init; } = "";
    public string GuessedType { get; init; } = "";
    public string Title { get; init; } = "";
    public string Author { get; init; } = "";
    public string Party { get; init; } = "";
    public DateOnly? PaperDate { get; init; }
    public string Volume { get; init; } = "main";
    public int Place { get; init; }

    /// <summary>Percent.</summary>
    public int Confidence { get; init; }
    public int Border { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>What is asked: codes of <see cref="Sorting.Questions"/> with blanks.</summary>
    public string Questions { get; init; } = "";

    /// <summary>sure, unsure or seen.</summary>
    public string Look { get; init; } = "";
    public long? DocumentId { get; init; }
    public int Version { get; init; }

    public IReadOnlyList<string> QuestionList => Questions.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
