using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using FluentValidation;

namespace CourtOps.Triage.Online;

/// <summary>Keeps what has been typed, whatever is missing or wrong in it.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.save")]
internal sealed record SaveDraft : ICommand
{
    public string Token { get; init; } = "";
    public string Cause { get; init; } = "";
    public IReadOnlyList<PartyIn> Parties { get; init; } = [];
    public IReadOnlyList<ClaimIn> Claims { get; init; } = [];
    public string Words { get; init; } = "";
    public string Origin { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SaveDraft>
    {
        public Validator()
        {
            RuleFor(c => c.Cause).MaximumLength(120).WithMessage("案由最长 120 个字符。");
            RuleFor(c => c.Words).MaximumLength(8000).WithMessage("事实与理由最长 8000 个字符。");
            RuleFor(c => c.Origin).MaximumLength(80).WithMessage("原案案号或者生效法律文书最长 80 个字符。");
            RuleFor(c => c.Parties)
                .Must(p =>
                    p.Count <= 50
                    && p.All(x =>
                        x is not null
                        && (x.Name ?? "").Length <= 200
                        && (x.IdNumber ?? "").Length <= 60
                        && (x.Phone ?? "").Length <= 40
                        && (x.Email ?? "").Length <= 200
                    )
                )
                .WithMessage("当事人最多 50 名，每项不要超过框里允许的长度。");
            RuleFor(c => c.Claims)
                .Must(c => c.Count <= 50 && c.All(x => x is not null && (x.Words ?? "").Length <= 500))
                .WithMessage("诉讼请求最多 50 项，每项最长 500 个字符。");
        }
    }

    internal sealed class Handler(Db db, PublicFilings filings, AuditTrail audit) : CommandHandler<SaveDraft>
    {
        protected override async Task RunAsync(SaveDraft command, CancellationToken ct)
        {
            var filing = await filings.OpenAsync(command.Token, ["draft"], ct);
            var content = filings.ContentOf(filing) with
            {
                Cause = PartyReading.Fold(command.Cause),
                Parties = [.. command.Parties.Where(p => !p.IsBlank || !string.IsNullOrEmpty(p.Role)).Select(p => p with { Agents = null })],
                Claims = Proposal.Kept(command.Claims),
                Words = command.Words.Trim(),
                Origin = PartyReading.Fold(command.Origin),
            };
            // handed in or saved elsewhere at the same moment: what was checked is what is filed
            if (
                await db.ExecuteAsync(
                    "UPDATE triage_public_filing SET content_enc = @content, version = version + 1 WHERE id = @Id AND version = @Version",
                    new
                    {
                        filing.Id,
                        filing.Version,
                        content = filings.Sealed(content),
                    },
                    ct
                ) == 0
            )
                throw new Conflict("这份申请刚在别处改过，请刷新后再提交。");
            audit.Note("public-filing", filing.Id);
        }
    }
}
