using System.Globalization;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Triggers;
using CsvHelper;
using CsvHelper.Configuration;
using FluentValidation;

namespace CourtOps.Workzone.Register;

/// <summary>One cause of action of an edition.</summary>
internal sealed record CauseLine(string Kind, string Code, string Name, string Parent);

/// <summary>Reads a list of causes: 类型,代码,名称,上级代码 with a heading line. Pure.</summary>
internal static class CauseFile
{
    public const int MostRows = 5000;
    private const int MostInCell = 400;

    private static readonly Dictionary<string, string> Kinds = TriggerTable.Kinds.ToDictionary(k => k.Value, k => k.Key);

    /// <exception cref="RuleBroken">A line that is no cause: its number and the reason.</exception>
    public static IReadOnlyList<CauseLine> Read(string text)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            HasHeaderRecord = false,
            MaxFieldSize = MostInCell,
            TrimOptions = TrimOptions.Trim,
            Delimiter = Imports.ListText.Separator(new StringReader(text)),
            BadDataFound = null,
        };
        using var csv = new CsvParser(new StringReader(text), configuration);
        var lines = new List<CauseLine>();
        for (var n = 0; Imports.ListText.Next(csv, MostInCell, "Text"); n++)
        {
            var r = csv.Record!;
            if (n == 0 && r[0] is "类型" or "kind")
                continue;
            string At(int i) => i < r.Length ? Written.Visible(r[i]) : "";
            var kind = Kinds.GetValueOrDefault(At(0), At(0));
            if (!TriggerTable.Kinds.ContainsKey(kind))
                throw new RuleBroken($"第 {n + 1} 行：没有“{At(0)}”这种案件类型。", "Text", "cause");
            if (At(1).Length is 0 or > 20)
                throw new RuleBroken($"第 {n + 1} 行：代码应为 1 到 20 个字符。", "Text", "cause");
            if (At(2).Length is 0 or > 120)
                throw new RuleBroken($"第 {n + 1} 行：案由名称应为 1 到 120 个字符。", "Text", "cause");
            if (At(3).Length > 20)
                throw new RuleBroken($"第 {n + 1} 行：上级代码最长 20 个字符。", "Text", "cause");
            lines.Add(new CauseLine(kind, At(1), At(2), At(3)));
            if (lines.Count > MostRows)
                throw new RuleBroken($"案由表最多 {MostRows} 行。", "Text", "cause");
        }
        if (lines.GroupBy(l => (l.Kind, l.Code)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new RuleBroken($"代码 {twice.Key.Code} 出现了两次。", "Text", "cause");
        return lines.Count > 0 ? lines : throw new RuleBroken("文件里没有案由。", "Text", "cause");
    }
}

/// <summary>The civil causes of 法〔2025〕227号, in force from 2026-01-01: 12 parts, 59 chapters, 514 causes and those below them.</summary>
internal static class ShippedCauses
{
    public const string Edition = "2026 年版（法〔2025〕227号）";

    public static readonly DateOnly FromOn = new(2026, 1, 1);

    public static string Text()
    {
        using var stream = typeof(ShippedCauses).Assembly.GetManifestResourceStream("CourtOps.Workzone.Data.causes-civil-2026.csv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>Takes an edition of causes in,
/// in force from a day on; the edition before it of the same kinds ends the day before. The same edition again replaces its lines.</summary>
[Permit("workzone.causes.manage")]
[Audited("workzone.causes.import")]
internal sealed record ImportCauses : ICommand<ImportCauses.Result>
{
    public string Edition { get; init; } = "";
    public DateOnly? FromOn { get; init; }

    /// <summary>The list as CSV.</summary>
    [FileText]
    public string Text { get; init; } = "";

    /// <summary>The list that comes with the product (<see cref="ShippedCauses"/>) instead of the other fields.</summary>
    public bool Shipped { get; init; }

    internal sealed record Result(int Added, int Renamed, int Removed, int Same);

    internal sealed class Validator : AbstractValidator<ImportCauses>
    {
        public Validator()
        {
            When(c => !c.Shipped, Given);
        }

        private void Given()
        {
            RuleFor(c => c.Edition).NotEmpty().WithMessage("请写明案由表的版本，例如“2026 年版”。").MaximumLength(40).WithMessage("版本最长 40 个字符。");
            RuleFor(c => c.FromOn).NotNull().WithMessage("请填从哪天起施行。");
            RuleFor(c => c.Text).NotEmpty().WithMessage("请给出案由表。").MaximumLength(1_000_000).WithMessage("案由表不超过 1 MB。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, AuditTrail audit) : ICommandHandler<ImportCauses, Result>
    {
        public async Task<Result> Handle(ImportCauses request, CancellationToken cancellationToken)
        {
            if (request.Shipped)
                request = request with { Edition = ShippedCauses.Edition, FromOn = ShippedCauses.FromOn, Text = ShippedCauses.Text() };
            var lines = CauseFile.Read(request.Text);
            var edition = request.Edition.Trim();
            var kinds = lines.Select(l => l.Kind).Distinct().ToList();
            var there = (
                await db.QueryAsync<Row>(
                    """
                    SELECT id, kind, code, name
                    FROM workzone_cause
                    WHERE edition = @edition AND kind IN @kinds
                    """,
                    new { edition, kinds },
                    cancellationToken
                )
            ).ToDictionary(r => (r.Kind, r.Code));
            var (added, renamed) = (0, 0);
            foreach (var l in lines)
                if (there.Remove((l.Kind, l.Code), out var row))
                {
                    renamed += row.Name == l.Name ? 0 : 1;
                    await db.ExecuteAsync(
                        """
                        UPDATE workzone_cause
                        SET name = @Name, parent_code = @Parent, from_on = @FromOn
                        WHERE id = @Id
                        """,
                        new
                        {
                            l.Name,
                            l.Parent,
                            request.FromOn,
                            row.Id,
                        },
                        cancellationToken
                    );
                }
                else
                {
                    added++;
                    await db.ExecuteAsync(
                        """
                        INSERT INTO workzone_cause (id, edition, kind, code, name, parent_code, from_on, until_on)
                        VALUES (@id, @edition, @Kind, @Code, @Name, @Parent, @FromOn, NULL)
                        """,
                        new
                        {
                            id = ids.Next(),
                            edition,
                            l.Kind,
                            l.Code,
                            l.Name,
                            l.Parent,
                            request.FromOn,
                        },
                        cancellationToken
                    );
                }
            foreach (var gone in there.Values)
                await db.ExecuteAsync("DELETE FROM workzone_cause WHERE id = @Id", new { gone.Id }, cancellationToken);
            foreach (var kind in kinds)
                await SpanAsync(kind, cancellationToken);
            audit.Note(
                "causes",
                edition,
                new
                {
                    from = request.FromOn,
                    added,
                    renamed,
                    removed = there.Count,
                }
            );
            return new Result(added, renamed, there.Count, lines.Count - added - renamed);
        }

        // whichever arrived first: each edition lasts until the day before the next
        private async Task SpanAsync(string kind, CancellationToken ct)
        {
            var spans = await db.QueryAsync<Span>(
                """
                SELECT edition, MIN(from_on) AS from_on
                FROM workzone_cause
                WHERE kind = @kind
                GROUP BY edition
                """,
                new { kind },
                ct
            );
            foreach (var s in spans)
            {
                var next = spans.Where(o => o.FromOn > s.FromOn).Select(o => (DateOnly?)o.FromOn).Min();
                await db.ExecuteAsync(
                    """
                    UPDATE workzone_cause
                    SET until_on = @until
                    WHERE kind = @kind AND edition = @Edition
                    """,
                    new
                    {
                        kind,
                        s.Edition,
                        until = next?.AddDays(-1),
                    },
                    ct
                );
            }
        }

        private sealed record Row
        {
            public long Id { get; init; }
            public string Kind { get; init; } = "";
            public string Code { get; init; } = "";
            public string Name { get; init; } = "";
        }

        private sealed record Span
        {
            public string Edition { get; init; } = "";
            public DateOnly FromOn { get; init; }
        }
    }
}

/// <summary>The editions, and the causes in force on a day.</summary>
[Permit("workzone.causes.read")]
internal sealed record ListCauses : IQuery<ListCauses.Result>
{
    public const int Page = 200;

    public string? Kind { get; init; }
    public DateOnly? On { get; init; }

    /// <summary>A part of the name.</summary>
    public string? Text { get; init; }

    /// <summary>The last row of the page before.</summary>
    public long After { get; init; }

    /// <param name="Next">The last row of a page that is full.</param>
    internal sealed record Result(IReadOnlyList<Edition> Editions, IReadOnlyList<Row> Rows, long? Next);

    internal sealed record Edition
    {
        public string Name { get; init; } = "";
        public string Kind { get; init; } = "";
        public DateOnly FromOn { get; init; }
        public DateOnly? UntilOn { get; init; }
        public int Causes { get; init; }
    }

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Edition { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Code { get; init; } = "";
        public string Name { get; init; } = "";
        public string ParentCode { get; init; } = "";
    }

    internal sealed class Handler(Db db, TimeProvider clock) : IQueryHandler<ListCauses, Result>
    {
        public async Task<Result> Handle(ListCauses request, CancellationToken cancellationToken)
        {
            var on = request.On ?? Kernel.Web.Times.Day(clock.GetUtcNow());
            var args = new
            {
                on,
                kind = request.Kind ?? "",
                name = "%" + (request.Text?.Trim() ?? "") + "%",
                after = request.After,
            };
            // in the order of the list they came with
            var rows = await db.PageAsync<Row>(
                """
                SELECT id, edition, kind, code, name, parent_code FROM workzone_cause
                WHERE id > @after AND from_on <= @on AND (until_on IS NULL OR until_on >= @on) AND (@kind = '' OR kind = @kind) AND name LIKE @name
                ORDER BY id
                """,
                args,
                Page,
                cancellationToken
            );
            return new Result(
                await db.QueryAsync<Edition>(
                    """
                    SELECT edition AS name, kind, MIN(from_on) AS from_on, MAX(until_on) AS until_on, COUNT(*) AS causes
                    FROM workzone_cause
                    GROUP BY edition, kind
                    ORDER BY kind, MIN(from_on)
                    """,
                    ct: cancellationToken
                ),
                rows,
                rows.Count == Page ? rows[^1].Id : null
            );
        }
    }
}
