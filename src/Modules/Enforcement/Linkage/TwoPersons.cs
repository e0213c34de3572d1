using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.Enforcement.Linkage;

/// <summary>An agency that answers by two: one prepares, another releases. Pure.</summary>
internal static class TwoPersons
{
    /// <summary>Both names as they are kept, at most sixty characters.</summary>
    /// <exception cref="RuleBroken">Nobody released it, or the same person did: in the field named.</exception>
    public static string Both(string preparedBy, string releasedBy, string field)
    {
        var (one, other) = (preparedBy.Trim(), releasedBy.Trim());
        if (other.Length == 0)
            throw new RuleBroken("该单位的反馈须由另一人复核放行，请填写复核人。", field, "second-person");
        if (Key(one) == Key(other))
            throw new RuleBroken("复核人和经办人不能是同一个人。", field, "same-person");
        var both = $"{one}（复核：{other}）";
        return both.Length <= 60 ? both : both[..60];
    }

    /// <summary>A name without spaces and signs, letters folded.</summary>
    public static string Key(string name) => new([.. name.Folded().ToUpperInvariant().Where(char.IsLetterOrDigit)]);
}

/// <summary>Keeps what the first person prepared, until the second releases it or sends it back.</summary>
internal sealed class PreparedAnswers(Db db, BlobStore blobs, TimeProvider clock)
{
    /// <exception cref="RuleBroken">Code answered: it was released already.</exception>
    public async Task PrepareAsync(PublicRequest request, string answer, string receipt, string by, Blob? paper, CancellationToken ct)
    {
        if (request.AnsweredAt is not null)
            throw new RuleBroken("这件请求已经反馈过，另有内容请联系法院。", code: "answered");
        if (paper is not null)
            await blobs.KeepAsync(paper, ct);
        await db.ExecuteAsync(
            "UPDATE enforcement_public_request SET prepared_at = @now, prepared_by = @by, prepared_answer = @answer, prepared_receipt = @receipt, "
                + "prepared_sha = @sha, prepared_size = @size, sent_back = NULL WHERE linkage_id = @LinkageId AND answered_at IS NULL",
            new
            {
                request.LinkageId,
                now = clock.StoredNow(),
                by,
                answer,
                receipt,
                sha = paper?.Sha256,
                size = (int?)paper?.Size,
            },
            ct
        );
    }

    public Task SendBackAsync(PublicRequest request, string words, CancellationToken ct) =>
        db.ExecuteAsync(
            "UPDATE enforcement_public_request SET prepared_at = NULL, sent_back = @words WHERE linkage_id = @LinkageId AND answered_at IS NULL",
            new { request.LinkageId, words },
            ct
        );
}

/// <summary>The second person of an agency releases what the first prepared, or sends it back with the reason.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("enforcement.linkage.answer")]
internal sealed record ReleaseAnswer : ICommand
{
    public string Token { get; init; } = "";
    public string By { get; init; } = "";
    public bool Release { get; init; } = true;

    /// <summary>Why it is sent back.</summary>
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ReleaseAnswer>
    {
        public Validator()
        {
            RuleFor(c => c.By).NotEmpty().WithMessage("请填写复核人。").MaximumLength(60).WithMessage("复核人最长 60 个字符。");
            RuleFor(c => c.Words).NotEmpty().When(c => !c.Release).WithMessage("退回须写明原因。").MaximumLength(400).WithMessage("原因最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, PublicAnswers answers, PreparedAnswers prepared, TimeProvider clock, AuditTrail audit) : CommandHandler<ReleaseAnswer>
    {
        protected override async Task RunAsync(ReleaseAnswer command, CancellationToken ct)
        {
            var request = await FindRequest.ReadAsync(db, command.Token, clock.GetUtcNow(), ct);
            if (!request.IsRelease)
                throw new NotFound("联动请求");
            if (request.PreparedAt is null || request.PreparedBy is null)
                throw new RuleBroken("经办人还没有提交反馈。", code: "not-prepared");
            var both = TwoPersons.Both(request.PreparedBy, command.By, "By");
            audit.Note("linkage", request.LinkageId, new { by = "release", command.Release }, request.CaseId);
            if (command.Release)
                await answers.AnswerAsync(
                    request,
                    request.PreparedAnswer ?? "",
                    request.PreparedReceipt ?? "",
                    both,
                    request.PreparedSha is { } sha ? new Blob(sha, request.PreparedSize ?? 0) : null,
                    ct
                );
            else
                await prepared.SendBackAsync(request, command.Words.Trim(), ct);
        }
    }
}
