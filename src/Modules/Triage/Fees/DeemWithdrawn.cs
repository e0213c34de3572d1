using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Fees;

/// <summary>
/// The fee was not paid in time and nothing was asked for: the case is deemed withdrawn (民诉法解释 213), or, where it is the rest after conversion, withdrawn
/// with half given back (199). A person decides it, bill by bill.
/// </summary>
[Permit("triage.fees.decide")]
[Audited("triage.fee.deem")]
internal sealed record DeemWithdrawn : ICommand
{
    public long BillId { get; init; }
    public int Version { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DeemWithdrawn>
    {
        public Validator() =>
            RuleFor(c => c.Reason)
                .NotEmpty()
                .WithMessage("请写明核对的情况：通知何时送达、有无申请缓减免。")
                .MaximumLength(400)
                .WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(Db db, FeeLedger ledger, ICases cases, ICaseRegister register, TimeProvider clock, AuditTrail audit)
        : CommandHandler<DeemWithdrawn>
    {
        protected override async Task RunAsync(DeemWithdrawn command, CancellationToken ct)
        {
            var bill = await ledger.GetAsync(command.BillId, ct);
            var today = Times.Day(clock.GetUtcNow());
            if (bill.Version != command.Version)
                throw new Conflict("缴费单刚被他人办理，请刷新后再看。");
            if (bill.State == "relief")
                throw new RuleBroken("缓减免的申请还没有决定，决定前不能按撤诉处理。", code: "relief");
            if (bill.State != "open" || bill.Owed <= 0)
                throw new RuleBroken("这张缴费单没有欠费。", code: "paid");
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM triage_mediation WHERE case_id = @CaseId AND is_open = 1", new { bill.CaseId }, ct) > 0)
                throw new RuleBroken("本案正在调解，调解不成转审理前再通知交费。", code: "mediating");
            if (today <= bill.DueOn)
                throw new RuleBroken($"缴费期限到 {Times.Iso(bill.DueOn)} 才届满。", code: "early");
            var card =
                await db.FirstAsync<Card>("SELECT judge_id, judge_name, state FROM workzone_case_card WHERE id = @CaseId", new { bill.CaseId }, ct)
                ?? throw new NotFound("案件", bill.CaseId);
            if (card.JudgeId is not null && !await cases.CanReadAsync(bill.CaseId, ct))
                throw new RuleBroken($"本案已分给 {card.JudgeName}，按撤诉处理由承办法官裁定。请转告承办法官。", code: "judge");
            await FeeLedger.Table.MoveAsync(db, "deem", bill.State, new { bill.Id, bill.Version }, ct: ct);
            await ledger.PostAsync(
                $"deem:{bill.Id}",
                bill.CourtId,
                bill.Id,
                "deem",
                command.Reason.Trim(),
                today,
                ct,
                (Accounts.Income, bill.Owed),
                (Accounts.Receivable, -bill.Owed)
            );
            if (bill.Kind == "supplement")
            {
                var others = (await ledger.OfCaseAsync(bill.CaseId, ct)).Where(b => b.Id != bill.Id).ToList();
                await ledger.LessenAsync(others, others.Sum(b => Math.Max(0, b.Paid - b.Credit)) / 2, $"deem-half:{bill.Id}", "halve", ct);
            }
            if (card.State == "open")
                await register.CloseAsync(bill.CaseId, "withdrawn", today, ct: ct);
            audit.Note("bill", bill.Id, new { bill.Owed, bill.Kind }, bill.CaseId, command.Reason);
        }

        private sealed record Card
        {
            public long? JudgeId { get; init; }
            public string? JudgeName { get; init; }
            public string State { get; init; } = "";
        }
    }
}
