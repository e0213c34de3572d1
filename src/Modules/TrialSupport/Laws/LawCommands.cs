using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Checks;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Http;

namespace CourtOps.TrialSupport.Laws;

/// <summary>A version of a law as it is listed.</summary>
internal sealed record LawRow
{
    public const string Columns =
        "SELECT l.id, l.law, l.from_on, l.to_on, l.source_name, l.article_count, l.imported_name, l.imported_at, l.dropped_name, l.dropped_at, "
        + "l.drop_reason FROM trial_law l";

    public long Id { get; init; }
    public string Law { get; init; } = "";
    public DateOnly? FromOn { get; init; }
    public DateOnly? ToOn { get; init; }
    public string SourceName { get; init; } = "";
    public int ArticleCount { get; init; }
    public string ImportedName { get; init; } = "";
    public DateTimeOffset ImportedAt { get; init; }
    public string? DroppedName { get; init; }
    public DateTimeOffset? DroppedAt { get; init; }
    public string? DropReason { get; init; }
}

/// <summary>Reads what is imported before the command that keeps it: text, Markdown or DOCX.</summary>
internal static class LibraryFiles
{
    public const int MostBytes = 10 << 20;

    /// <exception cref="RuleBroken">No file, another kind, too large, no text in it: field File.</exception>
    public static async Task<(string Name, IReadOnlyList<string> Lines)> LinesAsync(IFormFile? file, CancellationToken ct)
    {
        if (file is null || file.Length == 0)
            throw new RuleBroken("请选择文件。", "File");
        if (file.Length > MostBytes)
            throw new RuleBroken($"文件 {file.Length >> 20} MB，超过上限 {MostBytes >> 20} MB。", "File");
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, ct);
        bytes.Position = 0;
        var name = Path.GetFileName(file.FileName);
        IReadOnlyList<string> lines = Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".docx" => Docx.Read(bytes).Paragraphs,
            ".txt" or ".md" => Text(bytes.ToArray()),
            _ => throw new RuleBroken("只收 .txt、.md 和 .docx 文件。", "File", "kind"),
        };
        return (name.Length <= 200 ? name : name[..200], lines);
    }

    /// <exception cref="RuleBroken">The bytes are no UTF-8.</exception>
    public static IReadOnlyList<string> Text(byte[] bytes)
    {
        try
        {
            return new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        }
        catch (System.Text.DecoderFallbackException)
        {
            throw new RuleBroken("文件不是 UTF-8 编码的文本，请另存为 UTF-8 后再导入。", "File", "encoding");
        }
    }
}

/// <summary>Takes a version of a law into the library.</summary>
[Permit("trial.library")]
[Audited("trial.law.import")]
internal sealed record ImportLaw : ICommand<LawRow>
{
    /// <summary>Blank: as the text says.</summary>
    public string Name { get; init; } = "";

    /// <summary>First day in force; null: as the text says.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day in force, where it is not the next version that ends it.</summary>
    public DateOnly? To { get; init; }

    /// <summary>As it was read from the file.</summary>
    internal LawVersion? Version { get; init; }

    internal sealed class Validator : AbstractValidator<ImportLaw>
    {
        public Validator()
        {
            RuleFor(c => c.Name).MaximumLength(60).WithMessage("法律名称最长 60 个字符。");
            RuleFor(c => c.From).Must(d => d is null or { Year: >= 1949 and <= 2100 }).WithMessage("施行日期应在 1949 年到 2100 年之间。");
            RuleFor(c => c.To).Must((c, d) => d is null || c.From is null || d >= c.From).WithMessage("失效日期早于施行日期。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, AuditTrail audit) : ICommandHandler<ImportLaw, LawRow>
    {
        public async Task<LawRow> Handle(ImportLaw request, CancellationToken cancellationToken)
        {
            var version = request.Version ?? throw new RuleBroken("请选择文件。", "File");
            var law = request.Name.Trim().Length > 0 ? LawLibrary.FullName(request.Name.Trim().Trim('《', '》')) : version.Law;
            var from = request.From ?? version.From ?? throw new RuleBroken("文件里没有写施行日期，请填写。", "From", "no-date");
            if (
                await db.FirstAsync<string>(
                    "SELECT l.source_name FROM trial_law l WHERE l.law = @law AND l.from_on = @from AND l.dropped_at IS NULL",
                    new { law, from },
                    cancellationToken
                ) is
                { } twin
            )
                throw new RuleBroken($"《{law}》{Times.Iso(from)} 施行的文本已在库里（{twin}）；有误的先停用，再导入。", "File", "twin");
            var (id, now) = (ids.Next(), clock.StoredNow());
            await db.ExecuteAsync(
                "INSERT INTO trial_law (id, law, from_on, to_on, source_name, articles, article_count, imported_name, imported_at, changed_at) VALUES "
                    + "(@id, @law, @from, @to, @source, @articles, @count, @name, @now, @now)",
                new
                {
                    id,
                    law,
                    from,
                    to = request.To ?? version.To,
                    source = version.File,
                    articles = JsonSerializer.Serialize(version.Articles.Select(a => new KeptArticle(a.Label, a.Number, a.Text)), Json.Stored),
                    count = version.Articles.Count,
                    name = actor.Name,
                    now,
                },
                cancellationToken
            );
            audit.Note(
                "law",
                id,
                new
                {
                    law,
                    from,
                    articles = version.Articles.Count,
                }
            );
            return (await db.FirstAsync<LawRow>(LawRow.Columns + " WHERE l.id = @id", new { id }, cancellationToken))!;
        }
    }
}

/// <summary>Takes a version out of the library; it stays to be looked at.</summary>
[Permit("trial.library")]
[Audited("trial.law.drop")]
internal sealed record DropLaw : ICommand<long>
{
    public long Id { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DropLaw>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明停用的原因。").MaximumLength(400).WithMessage("原因最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, AuditTrail audit) : ICommandHandler<DropLaw, long>
    {
        public async Task<long> Handle(DropLaw request, CancellationToken cancellationToken)
        {
            var row =
                await db.FirstAsync<LawRow>(LawRow.Columns + " WHERE l.id = @Id", new { request.Id }, cancellationToken)
                ?? throw new NotFound("法律文本", request.Id);
            if (
                await db.ExecuteAsync(
                    "UPDATE trial_law SET dropped_name = @name, dropped_at = @now, drop_reason = @reason, changed_at = @now WHERE id = @Id AND dropped_at "
                        + "IS NULL",
                    new
                    {
                        request.Id,
                        name = actor.Name,
                        now = clock.StoredNow(),
                        reason = request.Reason.Trim(),
                    },
                    cancellationToken
                ) == 0
            )
                throw new RuleBroken("这个文本已经停用。", "", "dropped");
            audit.Note("law", request.Id, new { row.Law, row.FromOn }, null, request.Reason.Trim());
            return request.Id;
        }
    }
}

/// <summary>The versions in the library, by law and day; the newest first of each.</summary>
[Permit("trial.read")]
internal sealed record ListLaws : IQuery<IReadOnlyList<LawRow>>
{
    internal sealed class Handler(Db db, AccessLog reads) : IQueryHandler<ListLaws, IReadOnlyList<LawRow>>
    {
        public async Task<IReadOnlyList<LawRow>> Handle(ListLaws request, CancellationToken cancellationToken)
        {
            var rows = await db.PageAsync<LawRow>(LawRow.Columns + " ORDER BY l.law, l.from_on DESC, l.id DESC", null, 1000, cancellationToken);
            reads.List("trial.law.list", rows.Count, new { });
            return rows;
        }
    }
}

/// <summary>One version with its articles and the other versions of the law.</summary>
[Permit("trial.read")]
internal sealed record ShowLaw : IQuery<ShowLaw.Result>
{
    public long Id { get; init; }

    internal sealed record Result(LawRow Row, IReadOnlyList<KeptArticle> Articles, IReadOnlyList<LawRow> Versions);

    internal sealed class Handler(Db db) : IQueryHandler<ShowLaw, Result>
    {
        public async Task<Result> Handle(ShowLaw request, CancellationToken cancellationToken)
        {
            var row =
                await db.FirstAsync<LawRow>(LawRow.Columns + " WHERE l.id = @Id", new { request.Id }, cancellationToken)
                ?? throw new NotFound("法律文本", request.Id);
            var articles = await db.FirstAsync<string>("SELECT articles FROM trial_law WHERE id = @Id", new { request.Id }, cancellationToken);
            return new Result(
                row,
                JsonSerializer.Deserialize<List<KeptArticle>>(articles!, Json.Stored)!,
                await db.QueryAsync<LawRow>(LawRow.Columns + " WHERE l.law = @Law ORDER BY l.from_on DESC, l.id DESC", new { row.Law }, cancellationToken)
            );
        }
    }
}

/// <summary>Reads a file and takes it in.</summary>
internal sealed class LawIntake(IMediator mediator, Actor actor)
{
    /// <exception cref="RuleBroken">No law in the file: field File.</exception>
    public async Task<LawRow> ImportAsync(IFormFile? file, string? name, DateOnly? from, DateOnly? to, CancellationToken ct)
    {
        actor.Demand("trial.library");
        var (source, lines) = await LibraryFiles.LinesAsync(file, ct);
        return await TakeAsync(lines, source, name, from, to, ct);
    }

    /// <summary>The same for a text that is given as it is.</summary>
    public async Task<LawRow> TakeAsync(IReadOnlyList<string> lines, string source, string? name, DateOnly? from, DateOnly? to, CancellationToken ct)
    {
        actor.Demand("trial.library");
        return await mediator.Send(
            new ImportLaw
            {
                Name = name ?? "",
                From = from,
                To = to,
                Version = LawLibrary.Read(lines, source),
            },
            ct
        );
    }
}
