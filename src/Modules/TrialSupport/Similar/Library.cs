using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Laws;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Http;

namespace CourtOps.TrialSupport.Similar;

/// <summary>A judgment of others that is public: anybody of the courts may read it.</summary>
internal sealed record LibraryCase
{
    public const string Columns =
        "SELECT l.id, l.title, l.case_number, l.court_name, l.cause, l.judged_on, l.origin, l.imported_name, l.imported_at, l.dropped_name, l.dropped_at, "
        + "l.drop_reason FROM trial_library_case l";

    public static readonly IReadOnlyDictionary<string, string> Origins = new Dictionary<string, string>
    {
        ["library"] = "人民法院案例库",
        ["guiding"] = "指导性案例",
        ["upper"] = "上级法院案例",
        ["published"] = "裁判文书网",
    };

    public long Id { get; init; }
    public string Title { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string CourtName { get; init; } = "";
    public string Cause { get; init; } = "";
    public DateOnly? JudgedOn { get; init; }
    public string Origin { get; init; } = "";
    public string ImportedName { get; init; } = "";
    public DateTimeOffset ImportedAt { get; init; }
    public string? DroppedName { get; init; }
    public DateTimeOffset? DroppedAt { get; init; }
    public string? DropReason { get; init; }
}

/// <summary>What a text says of itself. Pure.</summary>
internal sealed record LibraryText(string Title, string Number, string Court, string Cause, DateOnly? JudgedOn, IReadOnlyList<string> Paragraphs)
{
    /// <summary>Fewest characters of a judgment that is worth comparing.</summary>
    public const int Least = 100;

    private static readonly string[] Ends = ["某", "公司", "银行", "支行", "中心", "集团", "合作社", "等", "厂", "店", "局"];

    /// <summary>The cause without the names that stand before it: "被告某与某公司买卖合同纠纷" is "买卖合同纠纷".</summary>
    internal static string Bare(string found)
    {
        var cause = found;
        for (var at = found.Length; at > 0; )
        {
            var (end, word) = Ends.Select(e => (At: found.LastIndexOf(e, at - 1, StringComparison.Ordinal), Word: e)).MaxBy(x => x.At + x.Word.Length);
            if (end < 0)
                break;
            if (found.Length - end - word.Length >= 4)
                return found[(end + word.Length)..];
            at = end;
        }
        return cause;
    }

    /// <exception cref="RuleBroken">Too short to be a judgment: field File.</exception>
    public static LibraryText Of(IReadOnlyList<string> lines, string fileName)
    {
        var paragraphs = lines.Select(l => l.Trim().TrimStart('#').Trim()).Where(l => l.Length > 0).ToList();
        if (paragraphs.Sum(p => p.Length) < Least)
            throw new RuleBroken($"文字不足 {Least} 个，不像裁判文书。", "File", "too-short");
        var paper = new Paper(Papers.PaperText.AsText(paragraphs));
        var court = paragraphs.Take(5).Select(Paper.Bare).FirstOrDefault(p => p.EndsWith("法院", StringComparison.Ordinal) && p.Length <= 40) ?? "";
        var number = paper.All.Take(8).Select(p => CaseNumber.TryParse(p.Text, out var n) ? n.Canonical : "").FirstOrDefault(n => n.Length > 0) ?? "";
        var type = paper.Type.Text is { } t ? Paper.Bare(t) : "";
        var title = court.Length > 0 && type.Length > 0 ? court + type : Path.GetFileNameWithoutExtension(fileName);
        return new LibraryText(
            title.Length <= 200 ? title : title[..200],
            number,
            court,
            Bare(CaseText.Of(string.Join('\n', paragraphs)).Cause),
            paper.Day,
            paragraphs
        );
    }
}

/// <summary>Takes a public judgment into the library.</summary>
[Permit("trial.library")]
[Audited("trial.library.import")]
internal sealed record ImportCase : ICommand<LibraryCase>
{
    public string Origin { get; init; } = "";

    /// <summary>Blank: as the text says.</summary>
    public string Title { get; init; } = "";

    /// <summary>As it was read from the file.</summary>
    internal LibraryText? Text { get; init; }

    internal sealed class Validator : AbstractValidator<ImportCase>
    {
        public Validator()
        {
            RuleFor(c => c.Origin).Must(LibraryCase.Origins.ContainsKey).WithMessage("请选择案例的来源。");
            RuleFor(c => c.Title).MaximumLength(200).WithMessage("名称最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, AuditTrail audit) : ICommandHandler<ImportCase, LibraryCase>
    {
        public async Task<LibraryCase> Handle(ImportCase request, CancellationToken cancellationToken)
        {
            var text = request.Text ?? throw new RuleBroken("请选择文件。", "File");
            var paragraphs = JsonSerializer.Serialize(text.Paragraphs, Json.Stored);
            var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(paragraphs)));
            if (
                await db.FirstAsync<string>(
                    "SELECT title FROM trial_library_case WHERE digest = @digest AND dropped_at IS NULL",
                    new { digest },
                    cancellationToken
                ) is
                { } twin
            )
                throw new RuleBroken($"内容相同的案例已在库里：{twin}。", "File", "twin");
            var id = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO trial_library_case (id, digest, title, case_number, court_name, cause, judged_on, origin, paragraphs, imported_name, "
                    + "imported_at) VALUES (@id, @digest, @title, @Number, @court, @cause, @JudgedOn, @Origin, @paragraphs, @name, @now)",
                new
                {
                    id,
                    digest,
                    title = request.Title.Trim().Length > 0 ? request.Title.Trim() : text.Title,
                    text.Number,
                    court = text.Court.Length <= 80 ? text.Court : text.Court[..80],
                    cause = text.Cause,
                    text.JudgedOn,
                    request.Origin,
                    paragraphs,
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            audit.Note("library-case", id, new { text.Number, request.Origin });
            return (await db.FirstAsync<LibraryCase>(LibraryCase.Columns + " WHERE l.id = @id", new { id }, cancellationToken))!;
        }
    }
}

/// <summary>Takes a judgment out of the library: it is recommended no more.</summary>
[Permit("trial.library")]
[Audited("trial.library.drop")]
internal sealed record DropCase : ICommand<long>
{
    public long Id { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DropCase>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明停用的原因。").MaximumLength(400).WithMessage("原因最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, AuditTrail audit) : ICommandHandler<DropCase, long>
    {
        public async Task<long> Handle(DropCase request, CancellationToken cancellationToken)
        {
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM trial_library_case WHERE id = @Id", new { request.Id }, cancellationToken) == 0)
                throw new NotFound("案例", request.Id);
            if (
                await db.ExecuteAsync(
                    "UPDATE trial_library_case SET dropped_name = @name, dropped_at = @now, drop_reason = @reason WHERE id = @Id AND dropped_at IS NULL",
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
                throw new RuleBroken("这个案例已经停用。", "", "dropped");
            audit.Note("library-case", request.Id, new { dropped = true }, null, request.Reason.Trim());
            return request.Id;
        }
    }
}

/// <summary>The library, what was imported last first; by cause or number where words are given.</summary>
[Permit("trial.read")]
internal sealed record ListLibrary : IQuery<IReadOnlyList<LibraryCase>>
{
    public string Words { get; init; } = "";

    internal sealed class Handler(Db db, AccessLog reads) : IQueryHandler<ListLibrary, IReadOnlyList<LibraryCase>>
    {
        public async Task<IReadOnlyList<LibraryCase>> Handle(ListLibrary request, CancellationToken cancellationToken)
        {
            var words = request.Words.Trim() is { Length: <= 60 } w ? w : request.Words.Trim()[..60];
            var rows = await db.PageAsync<LibraryCase>(
                LibraryCase.Columns + " WHERE @words = '' OR l.cause = @words OR l.case_number = @words ORDER BY l.imported_at DESC, l.id DESC",
                new { words },
                200,
                cancellationToken
            );
            reads.List("trial.library.list", rows.Count, new { });
            return rows;
        }
    }
}

/// <summary>One judgment of the library.</summary>
[Permit("trial.read")]
internal sealed record ShowLibraryCase : IQuery<ShowLibraryCase.Result>
{
    public long Id { get; init; }

    internal sealed record Result(LibraryCase Row, IReadOnlyList<string> Paragraphs);

    internal sealed class Handler(Db db) : IQueryHandler<ShowLibraryCase, Result>
    {
        public async Task<Result> Handle(ShowLibraryCase request, CancellationToken cancellationToken)
        {
            var row =
                await db.FirstAsync<LibraryCase>(LibraryCase.Columns + " WHERE l.id = @Id", new { request.Id }, cancellationToken)
                ?? throw new NotFound("案例", request.Id);
            var text = await db.FirstAsync<string>("SELECT paragraphs FROM trial_library_case WHERE id = @Id", new { request.Id }, cancellationToken);
            return new Result(row, JsonSerializer.Deserialize<List<string>>(text!, Json.Stored)!);
        }
    }
}

/// <summary>Reads a file, or a text, and takes it in.</summary>
internal sealed class CaseIntake(IMediator mediator, Actor actor)
{
    public async Task<LibraryCase> ImportAsync(IFormFile? file, string? origin, string? title, CancellationToken ct)
    {
        actor.Demand("trial.library");
        var (name, lines) = await LibraryFiles.LinesAsync(file, ct);
        return await TakeAsync(lines, name, origin, title, ct);
    }

    public async Task<LibraryCase> TakeAsync(IReadOnlyList<string> lines, string name, string? origin, string? title, CancellationToken ct)
    {
        actor.Demand("trial.library");
        return await mediator.Send(
            new ImportCase
            {
                Origin = origin ?? "",
                Title = title ?? "",
                Text = LibraryText.Of(lines, name),
            },
            ct
        );
    }
}
