using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Post;

/// <summary>Puts the letters that are due into a batch, each with the next address of its recipient (C-03) that no letter came back from.</summary>
[Permit("service.work")]
[Audited("service.post.batch")]
internal sealed record MakeBatch : ICommand<MakeBatch.Result>
{
    public IReadOnlyList<long> StepIds { get; init; } = [];

    /// <param name="Without">Recipients without an address: they stay where they are.</param>
    internal sealed record Result(long BatchId, int Letters, IReadOnlyList<string> Without);

    internal sealed class Validator : AbstractValidator<MakeBatch>
    {
        public Validator() => RuleFor(c => c.StepIds).Must(s => s.Count is > 0 and <= 2000).WithMessage("请选择要邮寄的送达，一批最多 2000 封。");
    }

    internal sealed class Handler(Db db, Ids ids, StepBook book, Notices notices, AddressBook addresses, ISettings settings, Actor actor, AuditTrail audit)
        : ICommandHandler<MakeBatch, Result>
    {
        public async Task<Result> Handle(MakeBatch request, CancellationToken cancellationToken)
        {
            var now = notices.Now();
            var id = ids.Next();
            var without = new List<string>();
            var taken = 0;
            long? court = null;
            foreach (var stepId in request.StepIds.Distinct())
            {
                var step = await Steps.FindAsync(db, stepId, cancellationToken);
                var (notice, _) = await Steps.OpenAsync(notices, step, cancellationToken);
                if (step.Channel != "postal" || step.State != StepState.Due || step.BatchId is not null)
                    throw new Conflict($"{notice.Recipient}的邮寄已在办理，请刷新后再选。");
                var tried = (
                    await db.QueryAsync<long?>(
                        "SELECT address_id FROM service_step WHERE notice_id = @Id AND channel = 'postal' AND state = 'failed'",
                        new { notice.Id },
                        cancellationToken
                    )
                ).ToHashSet();
                if ((await addresses.ChainAsync(notice.PartyId, cancellationToken)).FirstOrDefault(a => !tried.Contains(a.Id)) is not { } to)
                {
                    without.Add(notice.Recipient);
                    continue;
                }
                court ??= step.CourtId;
                await book.MoveAsync(
                    step,
                    "note",
                    cancellationToken,
                    "batch_id = @batch, address_id = @address, tracking = @code",
                    new
                    {
                        step.Id,
                        step.Version,
                        batch = id,
                        address = to.Id,
                        code = Barcode.Of(step.Id),
                    }
                );
                taken++;
            }
            if (taken == 0)
                throw new RuleBroken($"这些受送达人都没有可用的邮寄地址：{string.Join('、', without.Take(10))}。请先登记地址。", "StepIds");
            var cents = settings.Current<PostSettings>(actor.CourtId).Cents;
            await db.ExecuteAsync(
                "INSERT INTO service_batch (id, kind, number, court_id, day, state, items, cents_each, created_by, created_at, version) VALUES (@id, "
                    + "'post', @number, @court, @day, 'open', @taken, @cents, @by, @now, 1)",
                new
                {
                    id,
                    number = $"YJ{Times.Local(now):yyyyMMddHHmmss}{id % 1000:000}",
                    court = actor.CourtId > 0 ? actor.CourtId : court,
                    day = Times.Day(now),
                    taken,
                    cents,
                    by = actor.Name,
                    now,
                },
                cancellationToken
            );
            audit.Note("batch", id, new { letters = taken, without = without.Count });
            return new Result(id, taken, without);
        }
    }
}
