using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Drafts;

/// <summary>An issued document that was picked for another look.</summary>
internal sealed record SampleRow
{
    public const string Columns =
        "SELECT s.id, s.draft_id, s.case_id, s.case_number, s.title, s.document_id, s.judge_id, s.judge_name, s.picked_on, s.state, s.verdict, s.words, "
        + "s.by_name, s.at, s.version FROM trial_sample s";

    public static readonly IReadOnlyDictionary<string, string> Verdicts = new Dictionary<string, string> { ["good"] = "合格", ["faulty"] = "有差错" };

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string> { ["open"] = "待抽检", ["done"] = "已抽检" };

    public static readonly StateTable Table = new("trial_sample", "文书抽检", new Move("review", ["open"], "done"));

    public long Id { get; init; }
    public long DraftId { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Title { get; init; } = "";
    public long DocumentId { get; init; }
    public long? JudgeId { get; init; }
    public string? JudgeName { get; init; }
    public DateOnly PickedOn { get; init; }
    public string State { get; init; } = "";
    public string? Verdict { get; init; }
    public string? Words { get; init; }
    public string? ByName { get; init; }
    public DateTimeOffset? At { get; init; }
    public int Version { get; init; }
}

/// <summary>Samples of the cases the person may see: those to be looked at, the oldest first.</summary>
[Permit("trial.sample")]
internal sealed record ListSamples : IQuery<IReadOnlyList<SampleRow>>
{
    public string State { get; init; } = "open";

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListSamples, IReadOnlyList<SampleRow>>
    {
        public async Task<IReadOnlyList<SampleRow>> Handle(ListSamples request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var rows = await db.PageAsync<SampleRow>(
                $"{SampleRow.Columns} WHERE s.court_id IN @courts AND s.state = @State AND {cases.Seen("s.case_id")} ORDER BY s.picked_on, s.id",
                new
                {
                    me,
                    courts,
                    places,
                    request.State,
                },
                200,
                cancellationToken
            );
            reads.List("trial.sample.list", rows.Count, new { request.State });
            return rows;
        }
    }
}

/// <summary>Says whether a picked document is good; nobody looks at a document of one's own.</summary>
[Permit("trial.sample")]
[Audited("trial.sample.review")]
internal sealed record ReviewSample : ICommand<SampleRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Verdict { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ReviewSample>
    {
        public Validator()
        {
            RuleFor(c => c.Verdict).Must(SampleRow.Verdicts.ContainsKey).WithMessage("请选择合格或者有差错。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Verdict == "faulty")
                .WithMessage("有差错的，请写明差错。")
                .MaximumLength(1000)
                .WithMessage("说明最长 1000 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, ICases cases, DraftBook drafts, AuditTrail audit)
        : ICommandHandler<ReviewSample, SampleRow>
    {
        public async Task<SampleRow> Handle(ReviewSample request, CancellationToken cancellationToken)
        {
            var row = await db.FirstAsync<SampleRow>(SampleRow.Columns + " WHERE s.id = @Id", new { request.Id }, cancellationToken);
            if (row is null || !await cases.CanReadAsync(row.CaseId, cancellationToken))
                throw new NotFound("文书抽检", request.Id);
            if (request.Version is { } version && version != row.Version)
                throw new Conflict("文书抽检刚被他人办理，请刷新后再看。");
            var draft = await drafts.GetAsync(row.DraftId, cancellationToken);
            if (row.JudgeId == actor.Id || draft.AssistantName == actor.Name)
                throw new RuleBroken("不能抽检自己的文书。", "", "own");
            await SampleRow.Table.MoveAsync(
                db,
                "review",
                row.State,
                new
                {
                    row.Id,
                    row.Version,
                    request.Verdict,
                    words = request.Words.Trim(),
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                "verdict = @Verdict, words = @words, by_name = @name, at = @now",
                cancellationToken
            );
            audit.Note("sample", row.Id, new { request.Verdict }, row.CaseId, request.Words.Trim());
            return (await db.FirstAsync<SampleRow>(SampleRow.Columns + " WHERE s.id = @Id", new { request.Id }, cancellationToken))!;
        }
    }
}
