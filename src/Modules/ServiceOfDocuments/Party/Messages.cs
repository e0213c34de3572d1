using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Tasks;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>One line of what party and court wrote to each other.</summary>
internal sealed record MessageRow
{
    public bool FromParty { get; init; }
    public string TextEnc { get; init; } = "";
    public string ByName { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>The party writes to the court from its page: asks, answers, or says that it wants paper.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.party.message")]
internal sealed record WriteToCourt : ICommand
{
    public string Token { get; init; } = "";
    public string Text { get; init; } = "";

    internal sealed class Validator : AbstractValidator<WriteToCourt>
    {
        public Validator() =>
            RuleFor(c => c.Text)
                .Must(t => !string.IsNullOrWhiteSpace(t))
                .WithMessage("请写明要问或要说的内容。")
                .MaximumLength(1000)
                .WithMessage("最长 1000 个字，太长的请分几次写。");
    }

    internal sealed class Handler(Db db, Ids ids, Outbox outbox, Secrets secrets, Actor actor, TimeProvider clock, AuditTrail audit)
        : CommandHandler<WriteToCourt>
    {
        private const int PerDay = 10;

        protected override async Task RunAsync(WriteToCourt command, CancellationToken ct)
        {
            var notice = await PublicNotices.FindAsync(db, command.Token, clock, ct) ?? throw new NotFound("文书");
            var now = clock.StoredNow();
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM service_public_message WHERE notice_id = @NoticeId AND from_party = 1 AND at > @since",
                    new { notice.NoticeId, since = now.AddDays(-1) },
                    ct
                ) >= PerDay
            )
                throw new RuleBroken("今天已写了十次，请等法院答复，或拨打 12368。", "Text");
            await db.ExecuteAsync(
                "INSERT INTO service_public_message (id, notice_id, from_party, text_enc, by_name, at) VALUES (@id, @NoticeId, 1, @text, '', @now)",
                new
                {
                    id = ids.Next(),
                    notice.NoticeId,
                    text = secrets.Protect(command.Text.Trim()),
                    now,
                },
                ct
            );
            await PublicNotices.ActAsync(db, ids, outbox, actor, notice, "asked", null, now, ct);
            audit.Note("notice", notice.NoticeId, new { act = "asked" });
        }
    }
}

/// <summary>The clerk answers on the party's page.</summary>
[Permit("service.work")]
[Audited("service.party.answer")]
internal sealed record AnswerParty : ICommand
{
    public long NoticeId { get; init; }
    public long? OrderId { get; init; }
    public string Text { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AnswerParty>
    {
        public Validator() =>
            RuleFor(c => c.Text).Must(t => !string.IsNullOrWhiteSpace(t)).WithMessage("请写答复。").MaximumLength(1000).WithMessage("答复最长 1000 个字。");
    }

    internal sealed class Handler(Db db, Ids ids, Notices notices, Secrets secrets, Actor actor, AuditTrail audit) : CommandHandler<AnswerParty>
    {
        protected override async Task RunAsync(AnswerParty command, CancellationToken ct)
        {
            var (notice, _) = await notices.OpenAsync(command.NoticeId, command.OrderId, ct);
            await db.ExecuteAsync(
                "INSERT INTO service_public_message (id, notice_id, from_party, text_enc, by_name, at) VALUES (@id, @notice, 0, @text, @by, @now)",
                new
                {
                    id = ids.Next(),
                    notice = notice.Id,
                    text = secrets.Protect(command.Text.Trim()),
                    by = actor.Name,
                    now = notices.Now(),
                },
                ct
            );
            await notices.NoteAsync(notice, "answered", notices.Now(), new { }, null, ct);
            audit.Note("notice", notice.Id, new { answered = true });
        }
    }
}
