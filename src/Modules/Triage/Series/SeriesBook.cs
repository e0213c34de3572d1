using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;

namespace CourtOps.Triage.Series;

/// <summary>Many suits of one claimant or against one defendant, handed in at once.</summary>
internal sealed record SeriesRow
{
    public long Id { get; init; }
    public string Number { get; init; } = "";
    public long CourtId { get; init; }
    public string Title { get; init; } = "";
    public string Cause { get; init; } = "";
    public string Claimant { get; init; } = "";
    public int Total { get; init; }

    /// <summary>taken, registering, registered, parked or applied.</summary>
    public string State { get; init; } = "";
    public long? ModelCaseId { get; init; }
    public string ModelNumber { get; init; } = "";
    public long? OwnerId { get; init; }
    public string OwnerName { get; init; } = "";
    public DateOnly? WakeOn { get; init; }
    public DateTimeOffset? WokenAt { get; init; }
    public string? Elements { get; init; }
    public DateTimeOffset TakenAt { get; init; }
    public int Version { get; init; }
    public int Registered { get; init; }
    public int Refused { get; init; }

    public IReadOnlyList<ModelElement> ElementList => Elements is null ? [] : JsonSerializer.Deserialize<IReadOnlyList<ModelElement>>(Elements, Json.Stored)!;
}

internal sealed record SeriesCase
{
    public long FilingId { get; init; }
    public int RowNo { get; init; }
    public long? CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Name { get; init; } = "";
    public long? Amount { get; init; }

    /// <summary>taken, registered, refused, model, parked, applied or own.</summary>
    public string State { get; init; } = "";
    public string Problem { get; init; } = "";
    public string? Elements { get; init; }

    public IReadOnlyList<ElementAnswer> Answers => Elements is null ? [] : JsonSerializer.Deserialize<IReadOnlyList<ElementAnswer>>(Elements, Json.Stored)!;
}

/// <summary>What the model suit found on one element.</summary>
internal sealed record ModelElement(string Name, string Finding);

/// <summary>Whether a parked case is like the model in one element.</summary>
internal sealed record ElementAnswer(string Name, bool Same, string Finding);

/// <summary>Reads a list of defendants. Pure.</summary>
internal static class SeriesReading
{
    public const int Most = 500;

    internal sealed record Line(int Row, PartyIn Party, decimal? Amount, string Words, string? Fault);

    /// <summary>Columns: name, id number, phone, amount in yuan, words. Comma, tab or semicolon; a heading is passed over; every fault names its row.</summary>
    public static IReadOnlyList<Line> Read(string text, string role)
    {
        var lines = new List<Line>();
        var seen = new HashSet<string>();
        foreach (var (i, raw) in text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n').Index())
        {
            if (raw.Trim().Length == 0)
                continue;
            var mark =
                raw.Contains('\t', StringComparison.Ordinal) ? '\t'
                : raw.Contains('，', StringComparison.Ordinal) && !raw.Contains(',', StringComparison.Ordinal) ? '，'
                : raw.Contains(';', StringComparison.Ordinal) && !raw.Contains(',', StringComparison.Ordinal) ? ';'
                : ',';
            var cells = raw.Split(mark).Select(c => PartyReading.Fold(c.Trim().Trim('"'))).ToArray();
            string At(int n) => n < cells.Length ? cells[n] : "";
            if (At(0) is "姓名" or "被告" or "姓名或名称" or "name")
                continue;
            var party = new PartyIn
            {
                Name = At(0),
                Role = role,
                IdNumber = At(1),
                Phone = At(2),
            };
            decimal? amount = null;
            string? fault = null;
            if (At(3).Length > 0)
            {
                if (
                    decimal.TryParse(At(3).Replace("元", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var a)
                    && a is >= 0 and <= 9_999_999_999m
                    && decimal.Round(a, 2) == a
                )
                    amount = a;
                else
                    fault = "金额应为不小于 0、最多两位小数的数。";
            }
            fault ??= PartyReading.Read([party]).Faults is [var (_, message), ..] ? message : null;
            if (fault is null && !seen.Add(At(1).Length > 0 ? At(1) : PartyReading.FoldName(At(0)) + At(2)))
                fault = "与前面的一行重复。";
            if (At(4).Length > 500)
                fault = "诉讼请求最长 500 个字符。";
            lines.Add(new Line(i + 1, party, amount, At(4), fault));
        }
        return lines;
    }
}

internal static class SeriesState
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["taken"] = "已收件",
        ["registering"] = "登记中",
        ["registered"] = "已登记",
        ["parked"] = "示范诉讼进行中",
        ["applied"] = "已参照示范结果",
    };

    public static readonly IReadOnlyDictionary<string, string> Cases = new Dictionary<string, string>
    {
        ["taken"] = "待登记",
        ["registered"] = "已登记",
        ["refused"] = "未登记",
        ["model"] = "示范案件",
        ["parked"] = "平行案件，等待",
        ["applied"] = "参照示范结果",
        ["own"] = "另行审理",
    };
}

/// <summary>Series and their cases.</summary>
internal sealed class SeriesBook(Db db, Actor actor, ICaseIndex index, ICases cases)
{
    public const string Columns = """
        s.id, s.number, s.court_id, s.title, s.cause, s.claimant, s.total, s.state, s.model_case_id, s.model_number, s.owner_id, s.owner_name, s.wake_on,
            s.woken_at, s.elements, s.taken_at, s.version,
        (SELECT COUNT(*) FROM triage_series_case c WHERE c.series_id = s.id AND c.case_id IS NOT NULL) AS registered, (SELECT COUNT(*) FROM triage_series_case c
            WHERE c.series_id = s.id AND c.stage = 'refused') AS refused
        """;

    public static readonly StateTable Table = new(
        "triage_series",
        "系列案件",
        new("register", ["taken", "registered"], "registering"),
        new("ready", ["registering"], "registered"),
        new("park", ["registered"], "parked"),
        new("apply", ["parked"], "applied"),
        new("wake", ["parked"], null)
    );

    public async Task<SeriesRow> GetAsync(long id, CancellationToken ct) =>
        (
            actor.IsSystem
                ? await db.FirstAsync<SeriesRow>($"SELECT {Columns} FROM triage_series s WHERE s.id = @id", new { id }, ct)
                : await db.FirstAsync<SeriesRow>(
                    $"SELECT {Columns} FROM triage_series s WHERE s.id = @id AND s.court_id IN @courts",
                    new { id, courts = actor.Courts },
                    ct
                )
        ) ?? throw new NotFound("系列案件", id);

    /// <summary>Its cases by their row, without what is sealed or recused from.</summary>
    public Task<IReadOnlyList<SeriesCase>> CasesAsync(long id, int after, int take, CancellationToken ct)
    {
        var (me, courts, places) = cases.Arguments;
        var seen = actor.IsSystem ? "" : $" AND (c.case_id IS NULL OR {index.Registered("c.case_id")})";
        return db.PageAsync<SeriesCase>(
            "SELECT c.filing_id, c.row_no, c.case_id, c.case_number, c.name, c.amount, c.stage AS state, c.problem, c.elements FROM "
                + $"triage_series_case c WHERE c.series_id = @id AND c.row_no > @after{seen} ORDER BY c.row_no",
            new
            {
                id,
                after,
                me,
                courts,
                places,
            },
            take,
            ct
        );
    }
}
