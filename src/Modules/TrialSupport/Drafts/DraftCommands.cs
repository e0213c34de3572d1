using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.TrialSupport.Checks;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Drafts;

/// <summary>Keeps a draft with what its check has found; a new revision takes every signature away.</summary>
[Permit("trial.draft")]
[Audited("trial.draft.save")]
internal sealed record SaveDraft : ICommand<Draft>
{
    /// <summary>What the centre issues.</summary>
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["judgment"] = "判决书",
        ["ruling"] = "裁定书",
        ["mediation"] = "调解书",
        ["notice"] = "通知书",
        ["summons"] = "传票",
        ["other"] = "其他",
    };

    public long CaseId { get; init; }
    public long? DraftId { get; init; }
    public int? Version { get; init; }
    public string Kind { get; init; } = "";
    public string Title { get; init; } = "";
    public Blob Blob { get; init; } = new("", 0);

    /// <summary>As they were read from the file; they are not a person's typing.</summary>
    internal IReadOnlyList<string> Paragraphs { get; init; } = [];
    internal IReadOnlyList<Finding> Findings { get; init; } = [];

    internal sealed class Validator : AbstractValidator<SaveDraft>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(Kinds.ContainsKey).WithMessage("请选择文书种类。");
            RuleFor(c => c.Title).NotEmpty().WithMessage("请填写文书名称。").MaximumLength(200).WithMessage("名称最长 200 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        DraftBook book,
        Hearings.Summonses summonses,
        BlobStore blobs,
        AuditTrail audit
    ) : ICommandHandler<SaveDraft, Draft>
    {
        public async Task<Draft> Handle(SaveDraft request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            await blobs.KeepAsync(request.Blob, cancellationToken);
            var errors = request.Findings.Count(f => f.Severity == Finding.Error);
            var warnings = request.Findings.Count(f => f.Severity == Finding.Warning);
            var (now, paragraphs) = (clock.GetUtcNow(), JsonSerializer.Serialize(request.Paragraphs, Json.Stored));
            long id;
            if (request.DraftId is { } again)
            {
                var was = await book.OpenAsync(again, request.Version, cancellationToken);
                if (was.CaseId != request.CaseId)
                    throw new NotFound("文书草稿", again);
                id = was.Id;
                await book.MoveAsync(
                    was,
                    DraftStep.Recheck,
                    cancellationToken,
                    "title = @Title, blob = @blob, size = @size, paragraphs = @paragraphs, errors = @errors, warnings = @warnings, checked_at = @now, "
                        + "revision = revision + 1, assistant_name = NULL, assistant_at = NULL, judge_id = NULL, judge_name = NULL, judge_at = NULL",
                    new
                    {
                        was.Id,
                        was.Version,
                        request.Title,
                        blob = request.Blob.Sha256,
                        size = (int)request.Blob.Size,
                        paragraphs,
                        errors,
                        warnings,
                        now,
                    }
                );
                // what the check found before stays with the revision it was found in
                await db.ExecuteAsync(
                    """
                    INSERT INTO trial_finding_past (draft_id, revision, n, check_code, severity, paragraph, words, reason, source, fix, settled, settled_by,
                        settled_at)
                    SELECT f.draft_id, @Revision, f.n, f.check_code, f.severity, f.paragraph, f.words, f.reason, f.source, f.fix, f.settled, f.settled_by,
                        f.settled_at
                    FROM trial_finding f WHERE f.draft_id = @id
                    """,
                    new { id, was.Revision },
                    cancellationToken
                );
                await db.ExecuteAsync("DELETE FROM trial_finding WHERE draft_id = @id", new { id }, cancellationToken);
            }
            else
            {
                id = ids.Next();
                await db.ExecuteAsync(
                    """
                    INSERT INTO trial_draft (id, case_id, court_id, case_number, kind, title, revision, blob, size, paragraphs, state, errors, warnings,
                        checked_at, created_by, created_name, created_at, version)
                    VALUES (@id, @CaseId, @CourtId, @Number, @Kind, @Title, 1, @blob, @size, @paragraphs, 'checked', @errors, @warnings, @now, @me, @name, @now,
                        1)
                    """,
                    new
                    {
                        id,
                        CaseId = card.Id,
                        card.CourtId,
                        card.Number,
                        request.Kind,
                        request.Title,
                        blob = request.Blob.Sha256,
                        size = (int)request.Blob.Size,
                        paragraphs,
                        errors,
                        warnings,
                        now,
                        me = actor.Id,
                        name = actor.Name,
                    },
                    cancellationToken
                );
            }
            var draft = await book.GetAsync(id, cancellationToken);
            await db.ExecuteAsync(
                """
                INSERT INTO trial_revision (draft_id, revision, title, blob, size, paragraphs, errors, warnings, by_name, judge_id, judge_name, at)
                VALUES (@id, @Revision, @Title, @blob, @size, @paragraphs, @errors, @warnings, @name, @JudgeId, @JudgeName, @now)
                """,
                new
                {
                    id,
                    draft.Revision,
                    request.Title,
                    blob = request.Blob.Sha256,
                    size = (int)request.Blob.Size,
                    paragraphs,
                    errors,
                    warnings,
                    name = actor.Name,
                    card.JudgeId,
                    card.JudgeName,
                    now,
                },
                cancellationToken
            );
            if (draft.Kind == "summons")
                await SummonAsync(draft, request.Paragraphs, cancellationToken);
            await db.ExecuteManyAsync(
                "INSERT INTO trial_finding (draft_id, n, check_code, severity, paragraph, words, reason, source, fix) VALUES (@id, @N, @Check, "
                    + "@Severity, @Paragraph, @Text, @Reason, @Source, @Fix)",
                [
                    .. request
                        .Findings.OrderBy(f => f.Severity == Finding.Error ? 0 : 1)
                        .Take(Math.Max(500, errors))
                        .Select(
                            (f, i) =>
                                (object)
                                    new
                                    {
                                        id,
                                        N = i + 1,
                                        f.Check,
                                        f.Severity,
                                        f.Paragraph,
                                        Text = Cut(f.Text),
                                        Reason = Cut(f.Reason),
                                        Source = Cut(f.Source, 200),
                                        Fix = Cut(f.Fix),
                                    }
                        ),
                ],
                cancellationToken
            );
            audit.Note(
                "draft",
                id,
                new
                {
                    request.Title,
                    errors,
                    warnings,
                },
                card.Id
            );
            return await book.GetAsync(id, cancellationToken);
        }

        // a summons is one to the hearing whose day it names, as that hearing is set now
        private async Task SummonAsync(Draft draft, IReadOnlyList<string> paragraphs, CancellationToken ct)
        {
            var h = await summonses.NamedAsync(draft.CaseId, paragraphs, ct);
            await db.ExecuteAsync(
                "UPDATE trial_draft SET hearing_id = @hearing, hearing_turn = @turn WHERE id = @Id",
                new
                {
                    draft.Id,
                    hearing = h?.Id,
                    turn = h?.Turn,
                },
                ct
            );
        }

        private static string Cut(string text, int max = 400) => text.Length <= max ? text : text[..(max - 1)] + "…";
    }
}

/// <summary>Says why a finding stays as it is.</summary>
[Permit("trial.draft")]
[Audited("trial.draft.settle")]
internal sealed record SettleFinding : ICommand<Draft>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public int N { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SettleFinding>
    {
        public Validator() => RuleFor(c => c.Words).NotEmpty().WithMessage("请写明不改的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, ICases cases, DraftBook book, AuditTrail audit)
        : ICommandHandler<SettleFinding, Draft>
    {
        public async Task<Draft> Handle(SettleFinding request, CancellationToken cancellationToken)
        {
            var draft = await book.OpenAsync(request.Id, request.Version, cancellationToken);
            var finding =
                (await book.FindingsAsync(draft.Id, cancellationToken)).FirstOrDefault(f => f.N == request.N) ?? throw new NotFound("质检结果", request.N);
            if (finding.CheckCode == "blank" && draft.Kind != "other")
                throw new RuleBroken("没有填写的空白不能写明理由保留：请填好以后再检。", "Words", "blank");
            // an error is the judge's to answer for; a hint anybody's who drafts
            if (finding.Severity == Finding.Error && (!actor.Can("trial.sign") || (await cases.GetAsync(draft.CaseId, cancellationToken)).JudgeId != actor.Id))
                throw new Forbidden("trial.sign", "错误不改的理由须由承办法官写。");
            var done = await book.MoveAsync(draft, DraftStep.Settle, cancellationToken);
            await db.ExecuteAsync(
                "UPDATE trial_finding SET settled = @Words, settled_by = @name, settled_at = @now WHERE draft_id = @Id AND n = @N",
                new
                {
                    request.Words,
                    name = actor.Name,
                    now = clock.GetUtcNow(),
                    draft.Id,
                    request.N,
                },
                cancellationToken
            );
            audit.Note("draft", draft.Id, new { finding.CheckCode, finding.Severity }, draft.CaseId, request.Words);
            return done;
        }
    }
}

/// <summary>Signs a draft off: the assistant, the judge of the case, then the other judges of the panel and, where needed, the head; with an error open nobody
/// can.</summary>
[Permit("trial.read")]
[Audited("trial.draft.sign")]
internal sealed record SignDraft : ICommand<Draft>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<SignDraft>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明文书草稿。");
    }

    internal sealed class Handler(Actor actor, TimeProvider clock, DraftBook book, SignOffs chain, ICases cases, AuditTrail audit)
        : ICommandHandler<SignDraft, Draft>
    {
        public async Task<Draft> Handle(SignDraft request, CancellationToken cancellationToken)
        {
            var draft = await book.OpenAsync(request.Id, request.Version, cancellationToken);
            if (draft.State == DraftState.Signed)
                return await CountersignAsync(draft, cancellationToken);
            actor.Demand("trial.draft");
            var open = (await book.FindingsAsync(draft.Id, cancellationToken)).Count(f => f.Severity == Finding.Error && f.Settled is null);
            if (open > 0)
                throw new RuleBroken($"还有 {open} 处错误没有处理，不能签。", "", "open-errors");
            var card = await cases.GetAsync(draft.CaseId, cancellationToken);
            var now = clock.GetUtcNow();
            audit.Note("draft", draft.Id, new { draft.Revision }, draft.CaseId);
            if (card.JudgeId == actor.Id && actor.Can("trial.sign"))
            {
                var signed = await book.MoveAsync(
                    draft,
                    DraftStep.Sign,
                    cancellationToken,
                    "judge_id = @me, judge_name = @name, judge_at = @now",
                    new
                    {
                        draft.Id,
                        draft.Version,
                        me = actor.Id,
                        name = actor.Name,
                        now,
                    }
                );
                await chain.AskAsync(signed, cancellationToken);
                return signed;
            }
            if (draft.AssistantAt is not null)
                throw new RuleBroken("助理已签，等承办法官签。", "", "signed");
            return await book.MoveAsync(
                draft,
                DraftStep.Assist,
                cancellationToken,
                "assistant_name = @name, assistant_at = @now",
                new
                {
                    draft.Id,
                    draft.Version,
                    name = actor.Name,
                    now,
                }
            );
        }

        // the judge has signed: the others of the panel, each once, and the head after them
        private async Task<Draft> CountersignAsync(Draft draft, CancellationToken ct)
        {
            var now = await chain.OfAsync(draft, ct);
            var part = SignOffs.PartOf(now, actor, draft) ?? throw new Forbidden("trial.sign", "承办法官已签；此后由合议庭其他成员和院庭长签。");
            if (now.Signed.Any(s => s.PersonId == actor.Id))
                throw new RuleBroken("您已经签过这一稿。", "", "signed");
            if (part == SignOffChain.Head && SignOffChain.Unsigned(now.Panel, draft.JudgeId, now.Signed) is { Count: > 0 } members)
                throw new RuleBroken($"合议庭成员还没有签：{string.Join('、', members)}。", "", "panel-unsigned");
            await chain.SignAsync(draft, actor, part, ct);
            audit.Note("draft", draft.Id, new { draft.Revision, part }, draft.CaseId);
            return await book.MoveAsync(draft, DraftStep.Countersign, ct);
        }
    }
}

/// <summary>Issues a signed draft: its PDF is made outside the transaction, then it is a document of the case.</summary>
[Permit("trial.sign")]
[Audited("trial.draft.issue")]
internal sealed record IssueDraft : ICommand<Draft>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>Keys of <see cref="SignOffChain.Checklist"/> that the judge confirms; all of them for a judgment.</summary>
    public IReadOnlyList<string> Confirmed { get; init; } = [];

    internal sealed class Validator : AbstractValidator<IssueDraft>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明文书草稿。");
    }

    internal sealed class Handler(DraftBook book, SignOffs chain, WorkQueue work, Actor actor, ICases cases, AuditTrail audit)
        : ICommandHandler<IssueDraft, Draft>
    {
        public async Task<Draft> Handle(IssueDraft request, CancellationToken cancellationToken)
        {
            var draft = await book.OpenAsync(request.Id, request.Version, cancellationToken);
            if ((await cases.GetAsync(draft.CaseId, cancellationToken)).JudgeId != actor.Id)
                throw new Forbidden("trial.sign", "文书由承办法官制发。");
            if (draft.State == DraftState.Checked)
                throw new RuleBroken("承办法官还没有签，不能制发。", "", "unsigned");
            // what was checked and signed before blanks were looked for
            if (draft.Kind != "other" && draft.Lines.Count(FormChecks.HasBlank) is > 0 and var blanks)
                throw new RuleBroken($"文书还有 {blanks} 段有没有填写的空白，不能制发；请填好以后重新质检。", "", "blank");
            if (draft.State == DraftState.Signed)
                await chain.DemandAsync(draft, request.Confirmed, cancellationToken);
            var issuing = await book.MoveAsync(
                draft,
                DraftStep.Issue,
                cancellationToken,
                "confirmed = @confirmed",
                new
                {
                    draft.Id,
                    draft.Version,
                    confirmed = string.Join(' ', SignOffChain.Checklist.Keys.Where(request.Confirmed.Contains)),
                }
            );
            await work.AddAsync(
                MakeDocument.Name,
                $"draft:{draft.Id}:{draft.Revision}",
                new MakeDocument.Payload { DraftId = draft.Id, By = actor.Id },
                ct: cancellationToken
            );
            audit.Note("draft", draft.Id, new { draft.Revision }, draft.CaseId);
            return issuing;
        }
    }
}

/// <summary>Gives a draft up.</summary>
[Permit("trial.draft")]
[Audited("trial.draft.withdraw")]
internal sealed record WithdrawDraft : ICommand<Draft>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<WithdrawDraft>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明撤回的原因。").MaximumLength(400).WithMessage("原因最长 400 个字符。");
    }

    internal sealed class Handler(DraftBook book, AuditTrail audit) : ICommandHandler<WithdrawDraft, Draft>
    {
        public async Task<Draft> Handle(WithdrawDraft request, CancellationToken cancellationToken)
        {
            var draft = await book.OpenAsync(request.Id, request.Version, cancellationToken);
            audit.Note("draft", draft.Id, new { draft.Title }, draft.CaseId, request.Reason);
            return await book.MoveAsync(
                draft,
                DraftStep.Withdraw,
                cancellationToken,
                "reason = @Reason",
                new
                {
                    draft.Id,
                    draft.Version,
                    request.Reason,
                }
            );
        }
    }
}
