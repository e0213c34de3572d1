using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Network;

/// <summary>Asks the inquiry system again for the lines of a batch that have no answer.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.network.resend")]
internal sealed record ResendBatch : ICommand<BatchRow>
{
    public long Id { get; init; }

    internal sealed class Validator : AbstractValidator<ResendBatch>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明查询批次。");
    }

    internal sealed class Handler(Db db, ICases cases, BatchFlow flow, InquirySystem system, AuditTrail audit) : ICommandHandler<ResendBatch, BatchRow>
    {
        public async Task<BatchRow> Handle(ResendBatch c, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM enforcement_batch_item i WHERE i.batch_id = @Id AND " + cases.Seen("i.case_id"),
                    new
                    {
                        c.Id,
                        me,
                        courts,
                        places,
                    },
                    cancellationToken
                ) == 0
            )
                throw new NotFound("查询批次", c.Id);
            var b = await flow.GetAsync(c.Id, cancellationToken);
            if (b.State == "answered")
                throw new RuleBroken("这个批次已经全部反馈。", code: "answered");
            if (!system.Is)
                throw new RuleBroken("没有配置网络查控系统的地址：请下载查询文件，从原来的途径再次提交。", code: "no-system");
            if (b.State == "made")
                throw new RuleBroken("这个批次正在发出，请稍候。", code: "sending");
            audit.Note("inquiry-batch", b.Id, new { resent = b.Items - b.Answered });
            return await flow.ResendAsync(b, TimeSpan.Zero, cancellationToken);
        }
    }
}
