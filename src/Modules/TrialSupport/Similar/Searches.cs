using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafting;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using FluentValidation;
using MediatR;

namespace CourtOps.TrialSupport.Similar;

internal sealed record SearchRow
{
    public static readonly IReadOnlyDictionary<string, string> Places = new Dictionary<string, string>
    {
        ["library"] = "人民法院案例库",
        ["guiding"] = "指导性案例",
        ["upper"] = "上级法院案例",
        ["own"] = "本院案例",
        ["published"] = "裁判文书网",
    };

    public static readonly IReadOnlyDictionary<string, string> Follows = new Dictionary<string, string>
    {
        ["follow"] = "参照",
        ["refer"] = "参考",
        ["depart"] = "不参照",
        ["none"] = "没有类案",
    };

    public long Id { get; init; }
    public string SearchPlaces { get; init; } = "";
    public string Words { get; init; } = "";
    public string Results { get; init; } = "";
    public string Follow { get; init; } = "";
    public string Reason { get; init; } = "";
    public long DocumentId { get; init; }
    public string ByName { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>Files the report on a search for like cases (G-11, 类案检索指导意见): a document of the secondary volume.</summary>
[Permit("trial.draft")]
[Audited("trial.search.file")]
internal sealed record FileSearch : ICommand<long>
{
    public long CaseId { get; init; }
    public IReadOnlyList<string> Places { get; init; } = [];
    public string Words { get; init; } = "";
    public string Results { get; init; } = "";
    public string Follow { get; init; } = "";
    public string Reason { get; init; } = "";

    /// <summary>The report, written before the command runs.</summary>
    internal Blob Blob { get; init; } = new("", 0);

    internal sealed class Validator : AbstractValidator<FileSearch>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Places)
                .Must(p => p.Count > 0 && p.All(SearchRow.Places.ContainsKey))
                .WithMessage("请选择检索的范围。")
                .Must(p => p.Contains("library"))
                .WithMessage("审理案件应当检索人民法院案例库（法〔2024〕92号第十九条）。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请填写检索的关键词。").MaximumLength(400).WithMessage("关键词最长 400 个字符。");
            RuleFor(c => c.Results)
                .NotEmpty()
                .When(c => c.Follow != "none")
                .WithMessage("请列出检索到的类案和裁判要点。")
                .MaximumLength(4000)
                .WithMessage("检索结果最长 4000 个字符。");
            RuleFor(c => c.Follow).Must(SearchRow.Follows.ContainsKey).WithMessage("请选择是否参照。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明与本案的异同和是否参照的理由。").MaximumLength(1000).WithMessage("理由最长 1000 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, IDocuments documents, BlobStore blobs, AuditTrail audit)
        : ICommandHandler<FileSearch, long>
    {
        public async Task<long> Handle(FileSearch c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            if (!await cases.CanReadSecondaryAsync(card.Id, cancellationToken))
                throw new Forbidden("trial.draft", "检索报告入副卷，由承办法官或者其团队提交。");
            await blobs.KeepAsync(c.Blob, cancellationToken);
            var (id, now) = (ids.Next(), clock.StoredNow());
            var document = await documents.AddAsync(
                new NewDocument
                {
                    CaseId = card.Id,
                    Kind = "other",
                    Title = $"类案检索报告（{Times.Iso(Times.Day(now))}）",
                    Blob = c.Blob,
                    Volume = "secondary",
                    Source = "trial",
                },
                cancellationToken
            );
            await db.ExecuteAsync(
                "INSERT INTO trial_search (id, case_id, court_id, places, words, results, follow, reason, document_id, by_name, at) VALUES (@id, "
                    + "@CaseId, @CourtId, @places, @words, @results, @Follow, @reason, @document, @name, @now)",
                new
                {
                    id,
                    CaseId = card.Id,
                    card.CourtId,
                    places = string.Join(' ', c.Places.Distinct()),
                    words = c.Words.Trim(),
                    results = c.Results.Trim(),
                    c.Follow,
                    reason = c.Reason.Trim(),
                    document = document.Id,
                    name = actor.Name,
                    now,
                },
                cancellationToken
            );
            audit.Note("search", id, new { c.Follow, document = document.Id }, card.Id);
            return id;
        }
    }
}

/// <summary>Writes the report as DOCX, outside the transaction, and files it.</summary>
internal sealed class SearchReports(IMediator mediator, ICases cases, BlobStore blobs, TimeProvider clock)
{
    /// <exception cref="NotFound">The case is not for this actor.</exception>
    public async Task<long> FileAsync(FileSearch search, CancellationToken ct)
    {
        PlainText.Require(search);
        var card = await cases.GetAsync(search.CaseId, ct);
        using var stream = new MemoryStream(DocxWriter.Write(Report(card, await cases.PartiesAsync(card.Id, ct), search, Times.Day(clock.GetUtcNow()))));
        return await mediator.Send(search with { Blob = await blobs.WriteAsync(stream, 10 << 20, ct) }, ct);
    }

    private static IEnumerable<DocxPara> Report(CaseCard card, IReadOnlyList<PartyContact> parties, FileSearch s, DateOnly today) =>
        [
            new(card.CourtName, ParaStyle.Title),
            new("类案检索报告", ParaStyle.Title),
            new(card.Number, ParaStyle.Right),
            new($"一、检索案件：{card.Number}，{string.Join('、', parties.Select(p => p.Role + p.Name))}{card.Cause}。"),
            new($"二、检索主体和时间：{card.JudgeName ?? "＿＿＿＿"}，{Times.Iso(today)}。"),
            new(
                $"三、检索范围和方法：{string.Join('、', s.Places.Distinct().Select(p => SearchRow.Places.GetValueOrDefault(p, p)))}；关键词：{s.Words.Trim()}。"
            ),
            new($"四、检索结果：{(s.Follow == "none" ? "没有检索到类案。" : "")}"),
            .. s.Results.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => new DocxPara(l)),
            new($"五、与本案的异同，{SearchRow.Follows.GetValueOrDefault(s.Follow, "")}：{s.Reason.Trim()}"),
            new("（本报告入副卷。）"),
        ];
}

/// <summary>The searches filed on a case; nobody but who sees the secondary volume is told of them.</summary>
[Permit("trial.read")]
internal sealed record ListSearches : IQuery<ListSearches.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(CaseCard Case, IReadOnlyList<SearchRow> Rows, bool May);

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListSearches, Result>
    {
        public async Task<Result> Handle(ListSearches request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var may = await cases.CanReadSecondaryAsync(card.Id, cancellationToken);
            var rows = may ? await OfCaseAsync(db, card.Id, cancellationToken) : [];
            reads.List("trial.similar.show", rows.Count, new { card.Id }, card.Id);
            return new Result(card, rows, may);
        }
    }

    public static Task<IReadOnlyList<SearchRow>> OfCaseAsync(Db db, long caseId, CancellationToken ct) =>
        db.QueryAsync<SearchRow>(
            "SELECT s.id, s.places AS search_places, s.words, s.results, s.follow, s.reason, s.document_id, s.by_name, s.at FROM trial_search s WHERE "
                + "s.case_id = @caseId ORDER BY s.at DESC, s.id DESC",
            new { caseId },
            ct
        );
}
