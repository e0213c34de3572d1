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

/// <summary>The carrier has taken the batch: every letter is posted today and its report awaited.</summary>
[Permit("service.work")]
[Audited("service.post.hand-over")]
internal sealed record HandOver : ICommand
{
    public long BatchId { get; init; }
    public string To { get; init; } = "";

    internal sealed class Validator : AbstractValidator<HandOver>
    {
        public Validator() => RuleFor(c => c.To).NotEmpty().WithMessage("请填揽收人。").MaximumLength(60).WithMessage("揽收人最长 60 个字符。");
    }

    internal sealed class Handler(Db db, Notices notices, IWorkOrders orders, AttemptBook attempts, Alarms alarms, Actor actor, AuditTrail audit)
        : CommandHandler<HandOver>
    {
        protected override async Task RunAsync(HandOver command, CancellationToken ct)
        {
            var batch = await Batches.FindAsync(db, actor, command.BatchId, ct);
            if (batch.Kind != "post" || BatchTable.Table.Find("hand", batch.State) is null)
                throw new Conflict("这一批已经交邮。", batch.HandedTo, batch.HandedAt);
            await BatchTable.Table.MoveAsync(
                db,
                "hand",
                batch.State,
                new
                {
                    batch.Id,
                    batch.Version,
                    To = command.To.Trim(),
                    now = notices.Now(),
                },
                "handed_to = @To, handed_at = @now",
                ct
            );
            var (posted, held) = (0, 0);
            foreach (
                var letter in await db.QueryAsync<LetterRow>(
                    BatchSql.Letters + " WHERE s.batch_id = @Id AND s.state = 'due' ORDER BY s.id",
                    new { batch.Id },
                    ct
                )
            )
            {
                var notice = await notices.GetAsync(letter.NoticeId, ct);
                // served or withdrawn meanwhile: the letter is taken out of the sack
                if (NoticeBook.Table.Find(NoticeStep.Otherwise, notice.State) is null)
                    continue;
                var facts = new AttemptFacts
                {
                    Channel = "postal",
                    Outcome = "posted",
                    On = Times.Day(notices.Now()),
                    Address = Origins.PostalKind(letter.Origin ?? ""),
                    Warned = letter.Warned,
                    Tracking = letter.Tracking ?? Barcode.Of(letter.Id),
                };
                try
                {
                    await db.SavepointAsync(async () =>
                        await attempts.RecordAsync(notice, await orders.GetAsync(notice.OrderId, ct), facts, null, true, actor.Name, ct)
                    );
                    posted++;
                }
                catch (Exception e) when (e is RuleBroken or Conflict or NotFound)
                {
                    // the sack is gone with this letter in it: a person decides what its posting is worth, the others are posted
                    await alarms.RaiseAsync(
                        "post",
                        $"hand-over:{letter.Id}",
                        notice.CaseId,
                        notice.Id,
                        notice.Recipient,
                        $"邮件 {facts.Tracking} 已随批次交邮，但未能登记：{e.Message}",
                        ct
                    );
                    held++;
                }
            }
            audit.Note(
                "batch",
                batch.Id,
                new
                {
                    posted,
                    held,
                    to = command.To,
                }
            );
        }
    }
}
