using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using FluentValidation;

namespace CourtOps.Triage.Online;

/// <summary>A paper with the draft, or with what was missing.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.paper")]
internal sealed record AddDraftPaper : ICommand
{
    public string Token { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Title { get; init; } = "";
    public Blob Blob { get; init; } = new("", 0);
    public int? Pages { get; init; }

    internal sealed class Validator : AbstractValidator<AddDraftPaper>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(PaperKinds.Labels.ContainsKey).WithMessage("请选择材料种类。");
            RuleFor(c => c.Title).MaximumLength(200).WithMessage("材料名称最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, TimeProvider clock, PublicFilings filings, BlobStore blobs, AuditTrail audit) : CommandHandler<AddDraftPaper>
    {
        private const int Most = 60;

        protected override async Task RunAsync(AddDraftPaper command, CancellationToken ct)
        {
            var filing = await filings.OpenAsync(command.Token, ["draft", FilingState.Returned], ct);
            var there = await filings.PapersAsync(filing.Id, ct);
            if (there.Any(p => p.Blob == command.Blob.Sha256 && p.Kind == command.Kind))
                throw new RuleBroken("这份材料已经传过，内容完全相同。", "File", "same-content");
            if (there.Count >= Most)
                throw new RuleBroken($"最多 {Most} 份材料，请合并后上传。", "File");
            await blobs.KeepAsync(command.Blob, ct);
            await db.ExecuteAsync(
                "INSERT INTO triage_public_paper (id, public_id, kind, title, blob, size, pages, added_at, taken) VALUES (@id, @publicId, @Kind, "
                    + "@title, @Sha256, @Size, @Pages, @now, 0)",
                new
                {
                    id = ids.Next(),
                    publicId = filing.Id,
                    command.Kind,
                    title = PartyReading.Fold(command.Title) is { Length: > 0 } t ? t : PaperKinds.Labels[command.Kind],
                    command.Blob.Sha256,
                    command.Blob.Size,
                    command.Pages,
                    now = clock.GetUtcNow(),
                },
                ct
            );
            audit.Note("public-filing", filing.Id, new { command.Kind, command.Blob.Sha256 });
        }
    }
}

/// <summary>A paper that was wrong is taken out of the draft again.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.remove")]
internal sealed record RemoveDraftPaper : ICommand
{
    public string Token { get; init; } = "";
    public long PaperId { get; init; }

    internal sealed class Handler(Db db, PublicFilings filings, AuditTrail audit) : CommandHandler<RemoveDraftPaper>
    {
        protected override async Task RunAsync(RemoveDraftPaper command, CancellationToken ct)
        {
            var filing = await filings.OpenAsync(command.Token, ["draft", FilingState.Returned], ct);
            if (
                await db.ExecuteAsync(
                    "DELETE FROM triage_public_paper WHERE id = @PaperId AND public_id = @Id AND taken = 0",
                    new { command.PaperId, filing.Id },
                    ct
                ) == 0
            )
                throw new NotFound("材料", command.PaperId);
            audit.Note("public-filing", filing.Id);
        }
    }
}
