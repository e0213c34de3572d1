using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Laws;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using FluentValidation;
using MediatR;

namespace CourtOps.TrialSupport.Papers;

/// <summary>What the check of a paper that was made elsewhere found.</summary>
internal sealed record PaperCheck
{
    public long DocumentId { get; init; }
    public long CaseId { get; init; }

    /// <summary>False: the file has no text that can be read; a person must read it.</summary>
    public bool Readable { get; init; }
    public int Errors { get; init; }
    public int Warnings { get; init; }
    public string Findings { get; init; } = "[]";
    public string CheckedName { get; init; } = "";
    public DateTimeOffset CheckedAt { get; init; }

    public IReadOnlyList<Finding> List => JsonSerializer.Deserialize<List<Finding>>(Findings, Json.Stored)!;

    public static Task<PaperCheck?> FindAsync(Db db, long documentId, CancellationToken ct) =>
        db.FirstAsync<PaperCheck>(
            "SELECT document_id, case_id, readable, errors, warnings, findings, checked_name, checked_at FROM trial_paper_check WHERE document_id = "
                + "@documentId",
            new { documentId },
            ct
        );
}

/// <summary>Reads the text of a paper and checks it against the record of its case, before the command that keeps what was found.</summary>
internal sealed class PaperReading(
    IMediator mediator,
    Actor actor,
    IDocuments documents,
    ICases cases,
    BlobStore blobs,
    DataFolder folder,
    CheckFacts facts,
    LawShelf laws,
    TimeProvider clock
)
{
    /// <exception cref="NotFound">No such document, or not for this actor.</exception>
    /// <exception cref="RuleBroken">The program that reads PDF files is not installed.</exception>
    public async Task<PaperCheck> CheckAsync(long documentId, CancellationToken ct)
    {
        actor.Demand("trial.draft");
        var paper = await documents.GetAsync(documentId, ct);
        var card = await cases.GetAsync(paper.CaseId, ct);
        var read = await LinesAsync(paper.Blob, ct);
        if (read.Lines is null && read.Problem == "poppler-utils")
            throw new RuleBroken("服务器没有安装读取 PDF 文字的程序（poppler-utils），请系统管理员安装后再检。", "", "no-program");
        var paragraphs = PaperText.Paragraphs(read.Lines ?? []);
        var today = Times.Day(clock.GetUtcNow());
        var ask = new CheckAsk(new Paper(PaperText.AsText(paragraphs)), await facts.OfAsync(card, paper.Kind, ct), today, await laws.OpenAsync(ct));
        return await mediator.Send(
            new KeepPaperCheck
            {
                DocumentId = paper.Id,
                Readable = paragraphs.Sum(p => p.Length) >= 20,
                Findings = paragraphs.Count == 0 ? [] : Checker.Run(ask),
            },
            ct
        );
    }

    private async Task<PdfLines> LinesAsync(string blob, CancellationToken ct)
    {
        var path = folder.Private();
        try
        {
            await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write))
            await using (var bytes = blobs.Open(blob))
                await bytes.CopyToAsync(file, ct);
            return await PdfText.ReadAsync(path, ct);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

/// <summary>Keeps what the check of a paper found, in place of what it found before.</summary>
[Permit("trial.draft")]
[Audited("trial.paper.check")]
internal sealed record KeepPaperCheck : ICommand<PaperCheck>
{
    public long DocumentId { get; init; }

    /// <summary>As the file says; nobody types them.</summary>
    internal bool Readable { get; init; }
    internal IReadOnlyList<Finding> Findings { get; init; } = [];

    internal sealed class Validator : AbstractValidator<KeepPaperCheck>
    {
        public Validator() => RuleFor(c => c.DocumentId).NotEmpty().WithMessage("请指明文书。");
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, IDocuments documents, IReleases releases, AuditTrail audit)
        : ICommandHandler<KeepPaperCheck, PaperCheck>
    {
        public async Task<PaperCheck> Handle(KeepPaperCheck request, CancellationToken cancellationToken)
        {
            var paper = await documents.GetAsync(request.DocumentId, cancellationToken);
            if ((await releases.HeldAsync([paper.Id], cancellationToken)).Count == 0)
                throw new RuleBroken($"《{paper.Title}》不需要放行，或者已经放行。", "", "not-held");
            var row = new
            {
                paper.Id,
                paper.CaseId,
                request.Readable,
                errors = request.Findings.Count(f => f.Severity == Finding.Error),
                warnings = request.Findings.Count(f => f.Severity == Finding.Warning),
                findings = JsonSerializer.Serialize(request.Findings.Take(500), Json.Stored),
                name = actor.Name,
                now = clock.StoredNow(),
            };
            if (
                await db.ExecuteAsync(
                    "UPDATE trial_paper_check SET readable = @Readable, errors = @errors, warnings = @warnings, findings = @findings, checked_name = "
                        + "@name, checked_at = @now WHERE document_id = @Id",
                    row,
                    cancellationToken
                ) == 0
            )
                await db.ExecuteAsync(
                    "INSERT INTO trial_paper_check (document_id, case_id, readable, errors, warnings, findings, checked_name, checked_at) VALUES (@Id, "
                        + "@CaseId, @Readable, @errors, @warnings, @findings, @name, @now)",
                    row,
                    cancellationToken
                );
            audit.Note(
                "document",
                paper.Id,
                new
                {
                    row.errors,
                    row.warnings,
                    request.Readable,
                },
                paper.CaseId
            );
            return (await PaperCheck.FindAsync(db, paper.Id, cancellationToken))!;
        }
    }
}

/// <summary>The judge of the case lets a checked paper out that was made elsewhere; from then on it may be served.</summary>
[Permit("trial.sign")]
[Audited("trial.paper.release")]
internal sealed record ReleasePaper : ICommand<long>
{
    public long DocumentId { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ReleasePaper>
    {
        public Validator()
        {
            RuleFor(c => c.DocumentId).NotEmpty().WithMessage("请指明文书。");
            RuleFor(c => c.Reason)
                .NotEmpty()
                .WithMessage("请写明文书在哪里制作、为什么放行；质检有错误的，写明逐处核对的情况。")
                .MaximumLength(400)
                .WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Actor actor,
        TimeProvider clock,
        IDocuments documents,
        ICases cases,
        IReleases releases,
        Outbox outbox,
        AuditTrail audit
    ) : ICommandHandler<ReleasePaper, long>
    {
        public async Task<long> Handle(ReleasePaper request, CancellationToken cancellationToken)
        {
            var paper = await documents.GetAsync(request.DocumentId, cancellationToken);
            if ((await cases.GetAsync(paper.CaseId, cancellationToken)).JudgeId != actor.Id)
                throw new Forbidden("trial.sign", "由承办法官放行。");
            var check = await PaperCheck.FindAsync(db, paper.Id, cancellationToken) ?? throw new RuleBroken("请先质检，再决定是否放行。", "", "unchecked");
            await releases.ReleaseAsync(paper.Id, request.Reason.Trim(), cancellationToken);
            // a judgment that was made elsewhere is given out by this
            if (paper.Kind is "judgment" or "ruling" or "mediation")
                await outbox.AddAsync(
                    Catalogue.CaseKey(paper.CaseId),
                    new DocumentIssued
                    {
                        CaseId = paper.CaseId,
                        DocumentId = paper.Id,
                        Kind = paper.Kind,
                        On = Times.Day(clock.GetUtcNow()),
                        IssuedBy = actor.Id,
                    },
                    cancellationToken
                );
            audit.Note("document", paper.Id, new { check.Errors, check.Readable }, paper.CaseId, request.Reason.Trim());
            return paper.Id;
        }
    }
}

/// <summary>A paper that is held or was let out, with what the check found.</summary>
[Permit("trial.read")]
internal sealed record ShowPaper : IQuery<ShowPaper.Result>
{
    public long DocumentId { get; init; }

    internal sealed record Result(DocumentCard Paper, CaseCard Case, bool Held, PaperCheck? Check, Release? Release);

    internal sealed class Handler(Db db, IDocuments documents, ICases cases, IReleases releases) : IQueryHandler<ShowPaper, Result>
    {
        public async Task<Result> Handle(ShowPaper request, CancellationToken cancellationToken)
        {
            var paper = await documents.GetAsync(request.DocumentId, cancellationToken);
            return new Result(
                paper,
                await cases.GetAsync(paper.CaseId, cancellationToken),
                (await releases.HeldAsync([paper.Id], cancellationToken)).Count > 0,
                await PaperCheck.FindAsync(db, paper.Id, cancellationToken),
                await releases.FindAsync(paper.Id, cancellationToken)
            );
        }
    }
}

/// <summary>The papers of a case that are held, the newest first.</summary>
[Permit("trial.read")]
internal sealed record ListHeld : IQuery<IReadOnlyList<ListHeld.Row>>
{
    public long CaseId { get; init; }

    internal sealed record Row(DocumentCard Paper, PaperCheck? Check);

    internal sealed class Handler(Db db, IReleases releases) : IQueryHandler<ListHeld, IReadOnlyList<Row>>
    {
        public async Task<IReadOnlyList<Row>> Handle(ListHeld request, CancellationToken cancellationToken)
        {
            var rows = new List<Row>();
            foreach (var paper in await releases.OfCaseAsync(request.CaseId, cancellationToken))
                rows.Add(new Row(paper, await PaperCheck.FindAsync(db, paper.Id, cancellationToken)));
            return rows;
        }
    }
}
