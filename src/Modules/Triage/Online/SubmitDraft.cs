using CourtOps.Contracts;
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

/// <summary>Hands it in: what a counter would refuse is refused here, field by field. What is complete needs no paper (在线诉讼规则 9).</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.submit")]
internal sealed record SubmitDraft : ICommand
{
    public string Token { get; init; } = "";

    /// <summary>That everything is true.</summary>
    public bool Vouched { get; init; }

    internal sealed class Handler(Db db, Ids ids, PublicFilings filings, Origins origins, TimeProvider clock, Outbox outbox, AuditTrail audit)
        : CommandHandler<SubmitDraft>
    {
        protected override async Task RunAsync(SubmitDraft command, CancellationToken ct)
        {
            var filing = await filings.OpenAsync(command.Token, ["draft"], ct);
            if (!command.Vouched)
                throw new RuleBroken("请确认所填内容和材料真实。", "Vouched");
            var taking = filings.AsFiling(filing);
            var checkedBy = await new TakeFiling.Validator().ValidateAsync(taking, ct);
            if (!checkedBy.IsValid)
                throw new ValidationException(checkedBy.Errors);
            if (PartyReading.Read(taking.Parties).Parties.All(p => CaseKinds.Claimants.Contains(p.Role)) && taking.Kind is not "other")
                throw new RuleBroken("请填写对方当事人的姓名或名称。", "Parties[1].Name");
            var now = clock.StoredNow();
            await origins.FindAsync(taking.Origin, taking.CaseType, Kernel.Web.Times.Day(now), ct);
            if (filings.ContentOf(filing).Words.Length == 0 && (await filings.PapersAsync(filing.Id, ct)).All(p => p.Kind != "complaint"))
                throw new RuleBroken("请写明事实与理由，或者上传起诉状（申请书）。", "Words");
            if (
                await db.ExecuteAsync(
                    "UPDATE triage_public_filing SET stage = 'submitted', submitted_at = @now, expires_at = @until, version = version + 1 WHERE id = "
                        + "@Id AND version = @Version",
                    new
                    {
                        filing.Id,
                        filing.Version,
                        now,
                        until = now.AddYears(2),
                    },
                    ct
                ) == 0
            )
                throw new Conflict("这份申请刚在别处改过，请刷新后再提交。");
            await db.ExecuteAsync(
                "INSERT INTO triage_public_message (id, public_id, event, words, at) VALUES (@id, @publicId, 'submitted', '', @now)",
                new
                {
                    id = ids.Next(),
                    publicId = filing.Id,
                    now,
                },
                ct
            );
            await outbox.AddAsync(
                $"filing:{filing.Id}",
                new FilingHandedIn
                {
                    PublicId = filing.Id,
                    CourtId = filing.CourtId,
                    Act = "submitted",
                    At = now,
                },
                ct
            );
            audit.Note("public-filing", filing.Id, new { court = filing.CourtId });
        }
    }
}

/// <summary>What was missing is handed in, or the filing is taken back.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.answer")]
internal sealed record AnswerFiling : ICommand
{
    public string Token { get; init; } = "";

    /// <summary>corrected or withdrawn.</summary>
    public string Act { get; init; } = "corrected";

    internal sealed class Handler(Db db, PublicFilings filings, TimeProvider clock, Outbox outbox, AuditTrail audit) : CommandHandler<AnswerFiling>
    {
        protected override async Task RunAsync(AnswerFiling command, CancellationToken ct)
        {
            var withdraws = command.Act == "withdrawn";
            var filing = await filings.OpenAsync(command.Token, withdraws ? ["draft", FilingState.Received, FilingState.Returned] : [FilingState.Returned], ct);
            var now = clock.StoredNow();
            audit.Note("public-filing", filing.Id, new { act = withdraws ? "withdrawn" : "corrected" });
            if (filing.State == "draft")
            {
                await db.ExecuteAsync(
                    "UPDATE triage_public_filing SET stage = 'withdrawn', expires_at = @now, version = version + 1 WHERE id = @Id",
                    new { filing.Id, now },
                    ct
                );
                return;
            }
            if (!withdraws && (await filings.PapersAsync(filing.Id, ct)).All(p => p.Taken))
                throw new RuleBroken("还没有上传补正的材料。", "File");
            await outbox.AddAsync(
                $"filing:{filing.Id}",
                new FilingHandedIn
                {
                    PublicId = filing.Id,
                    CourtId = filing.CourtId,
                    Act = withdraws ? "withdrawn" : "corrected",
                    At = now,
                },
                ct
            );
        }
    }
}
