using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.Enforcement.Linkage;

/// <summary>All that the page of an agency reads.</summary>
internal sealed record PublicRequest
{
    public long LinkageId { get; init; }
    public string CourtName { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public long CaseId { get; init; }
    public string AgencyName { get; init; } = "";
    public string Act { get; init; } = "";
    public string Words { get; init; } = "";
    public string Basis { get; init; } = "";
    public DateOnly DueOn { get; init; }
    public string Documents { get; init; } = "[]";
    public string Digest { get; init; } = "";
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? WithdrawnAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public string? Answer { get; init; }
    public string? AnswerReceipt { get; init; }

    /// <summary>Where the agency answers by two persons: the digest of the second one's link.</summary>
    public string? ReleaseDigest { get; init; }
    public DateTimeOffset? PreparedAt { get; init; }
    public string? PreparedBy { get; init; }
    public string? PreparedAnswer { get; init; }
    public string? PreparedReceipt { get; init; }
    public string? PreparedSha { get; init; }
    public int? PreparedSize { get; init; }

    /// <summary>Why the second person sent the answer back.</summary>
    public string? SentBack { get; init; }

    /// <summary>Whether it was opened by the link of the second person.</summary>
    public bool IsRelease { get; init; }

    public IReadOnlyList<SentPaper> Papers => JsonSerializer.Deserialize<List<SentPaper>>(Documents, Json.Stored)!;
}

/// <summary>The request behind a link, for whoever has it.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record FindRequest : IQuery<PublicRequest>
{
    public string Token { get; init; } = "";

    internal sealed class Handler(Db db, TimeProvider clock) : IQueryHandler<FindRequest, PublicRequest>
    {
        public async Task<PublicRequest> Handle(FindRequest request, CancellationToken cancellationToken) =>
            await ReadAsync(db, request.Token, clock.GetUtcNow(), cancellationToken);
    }

    /// <exception cref="NotFound">No such link, or it has ended.</exception>
    internal static async Task<PublicRequest> ReadAsync(Db db, string token, DateTimeOffset now, CancellationToken ct)
    {
        var found = await db.FirstAsync<PublicRequest>(
            """
            SELECT r.linkage_id, r.court_name, r.case_number, r.case_id, r.agency_name, r.act, r.words, r.basis, r.due_on, r.documents, r.digest, r.expires_at,
                r.withdrawn_at, r.answered_at, r.answer, r.answer_receipt,
                   r.release_digest, r.prepared_at, r.prepared_by, r.prepared_answer, r.prepared_receipt, r.prepared_sha, r.prepared_size, r.sent_back
            FROM enforcement_public_request r WHERE r.token_digest = @digest OR r.release_digest = @digest
            """,
            new { digest = Secrets.Digest(token) },
            ct
        );
        return found is { WithdrawnAt: null } && found.ExpiresAt > now
            ? found with
            {
                IsRelease = found.ReleaseDigest == Secrets.Digest(token),
            }
            : throw new NotFound("联动请求");
    }
}

/// <summary>The agency answers over its link; the inner side records it.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("enforcement.linkage.answer")]
internal sealed record AnswerByLink : ICommand
{
    public string Token { get; init; } = "";
    public string Answer { get; init; } = "";
    public string Receipt { get; init; } = "";
    public string By { get; init; } = "";

    /// <summary>The paper handed in, written before this transaction.</summary>
    public Blob? Paper { get; init; }

    internal sealed class Validator : AbstractValidator<AnswerByLink>
    {
        public Validator()
        {
            RuleFor(c => c.Answer).NotEmpty().WithMessage("请填写反馈内容。").MaximumLength(1000).WithMessage("反馈最长 1000 个字符。");
            RuleFor(c => c.Receipt).MaximumLength(120).WithMessage("回执号最长 120 个字符。");
            RuleFor(c => c.By).NotEmpty().WithMessage("请填写经办人。").MaximumLength(60).WithMessage("经办人最长 60 个字符。");
        }
    }

    internal sealed class Handler(Db db, PublicAnswers answers, PreparedAnswers prepared, TimeProvider clock, AuditTrail audit) : CommandHandler<AnswerByLink>
    {
        protected override async Task RunAsync(AnswerByLink c, CancellationToken ct)
        {
            var request = await FindRequest.ReadAsync(db, c.Token, clock.GetUtcNow(), ct);
            if (request.IsRelease)
                throw new RuleBroken("这是复核链接：请由经办人先提交反馈。", code: "release-link");
            if (request.ReleaseDigest is not null)
                await prepared.PrepareAsync(request, c.Answer.Trim(), c.Receipt.Trim(), c.By.Trim(), c.Paper, ct);
            else
                await answers.AnswerAsync(request, c.Answer.Trim(), c.Receipt.Trim(), c.By.Trim(), c.Paper, ct);
            audit.Note("linkage", request.LinkageId, new { by = "link", file = c.Paper is not null }, request.CaseId);
        }
    }
}
