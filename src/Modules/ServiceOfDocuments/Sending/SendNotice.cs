using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Pages;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Web;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Sending;

/// <summary>A document on the party page, as released.</summary>
internal sealed record ReleasedDocument(int N, string Title, int? Pages, string Blob, long Size);

/// <summary>The clerk's act: releases the recipient's documents on the party page and queues the mail. A second time changes nothing.</summary>
[Permit("service.work")]
[Audited("service.notice.send")]
internal sealed record SendNotice : ICommand<SendNotice.Result>
{
    public long? TaskId { get; init; }
    public long? NoticeId { get; init; }

    /// <summary>The order on whose page it stands.</summary>
    public long? OrderId { get; init; }

    internal sealed record Result(long NoticeId, string State, bool Already);

    internal sealed class Handler(Notices notices, Sender sender, Actor actor) : ICommandHandler<SendNotice, Result>
    {
        public async Task<Result> Handle(SendNotice request, CancellationToken cancellationToken)
        {
            var (notice, order) = await notices.OpenAsync(
                request.NoticeId ?? await notices.OfTaskAsync(request.TaskId ?? 0, cancellationToken),
                request.OrderId,
                cancellationToken
            );
            return await sender.SendAsync(notice, order, actor.Id, actor.Name, cancellationToken);
        }
    }
}

/// <summary>Releases one recipient's documents and queues the mail: for the clerk, and for the steward; in the open transaction.</summary>
internal sealed class Sender(
    Db db,
    ICases cases,
    Notices notices,
    NoticeBook book,
    Secrets secrets,
    WorkQueue work,
    MailServer mail,
    AuditTrail audit,
    SharedAddresses shared,
    Steward.StewardBook steward,
    Electronic.SmsBook sms,
    Party.Tails tails
)
{
    private static readonly TimeSpan Open = TimeSpan.FromDays(90);

    /// <param name="by">Null: the steward by itself.</param>
    /// <exception cref="RuleBroken">The address must not or cannot be used; the message says where it is mended.</exception>
    /// <exception cref="Conflict">The order is not accepted, or the last sending is in doubt.</exception>
    public async Task<SendNotice.Result> SendAsync(Notice notice, OrderCard order, long? by, string name, CancellationToken cancellationToken)
    {
        if (notice.State is NoticeState.Sending or NoticeState.Linked or NoticeState.Sent or NoticeState.Served)
            return new SendNotice.Result(notice.Id, notice.State, true);
        if (notice.State == NoticeState.Doubt)
            throw new Conflict("上一次发送是否成功不明，请先在任务页决定：已发出，还是没有发出。");
        if (order.State != OrderState.Accepted)
            throw new Conflict($"工单现在是 {OrderUi.StateLabel(order.State)}，接受之后才能发出。", order.ChangedBy, order.ChangedAt);
        if (by is not null && order.AssigneeId != by)
            throw new Forbidden("service.work", $"工单由{order.AssigneeName}办理。");
        if (notice.State != NoticeState.Ready)
            throw new RuleBroken($"{notice.Recipient}的送达现在是 {ServiceUi.Label(notice.State)}，不能发出。", code: "state");
        notice = (await notices.CurrentAsync([notice], cancellationToken))[0];
        await shared.DemandAsync(notice, cancellationToken);
        var form = $"/parties/{notice.PartyId}/address?back=/service/orders/{notice.OrderId}";
        if (notice.AddressKind == "refused")
            throw new RuleBroken($"{notice.Recipient}不同意电子送达，不能向其电子地址送达。请用其他方式。", "Address", "refused", form);
        if (notice.IdTail is null && !mail.Reaches(notice))
            throw mail.SecondCode switch
            {
                "mail" => new RuleBroken($"{notice.Recipient}既无证件号码也无电子邮箱，无法核对身份。", "idNumber", wayOut: form),
                "sms" => new RuleBroken($"{notice.Recipient}既无证件号码也无电话，无法核对身份。", "idNumber", wayOut: form),
                _ => new RuleBroken($"{notice.Recipient}没有证件号码，无法在网页上核对身份。请先在送达地址页补上证件号码。", "idNumber", wayOut: form),
            };
        var now = notices.Now();
        var attempt = notice.Attempts + 1;
        var state = notice.EmailEnc is null ? NoticeState.Linked : NoticeState.Sending;
        // first the row that two clerks would both change: the second is told so, and nothing else of it is written
        notice = await book.MoveAsync(
            notice,
            state == NoticeState.Sending ? NoticeStep.Send : NoticeStep.Link,
            cancellationToken,
            "reason = NULL, reason_said = NULL, released_at = COALESCE(released_at, @now), attempts = @attempt, sender_id = @sender, sender_name = "
                + "@name, address_kind = @AddressKind, email_enc = @EmailEnc, email_hint = @EmailHint, phone_enc = @PhoneEnc, id_tail = @IdTail",
            new
            {
                notice.Id,
                notice.Version,
                notice.AddressKind,
                notice.EmailEnc,
                notice.EmailHint,
                notice.PhoneEnc,
                notice.IdTail,
                now,
                attempt,
                sender = by ?? 0,
                name,
            }
        );
        await ReleaseAsync(notice, now, cancellationToken);
        await notices.NoteAsync(notice, "released", now, new { attempt }, notice.EmailHint, cancellationToken);
        if (state == NoticeState.Sending)
            await work.AddAsync(
                SendMail.Name,
                $"{notice.Id}:{attempt}",
                new SendMail.Payload { NoticeId = notice.Id, Attempt = attempt },
                ct: cancellationToken
            );
        await sms.QueueAsync(notice, "notice", cancellationToken);
        await steward.WaitAsync(notice, ServeOrder.Channel, null, notice.EmailHint, name, cancellationToken);
        audit.Note("notice", notice.Id, new { attempt, channel = state == NoticeState.Linked ? "link" : "email" });
        return new SendNotice.Result(notice.Id, state, false);
    }

    // the projection holds what the party may see, and nothing else
    private async Task ReleaseAsync(Notice notice, DateTimeOffset now, CancellationToken ct)
    {
        var documents = (await notices.TasksAsync(notice.Id, ct))
            .Select((t, i) => new ReleasedDocument(i + 1, t.DocumentTitle, t.DocumentPages, t.DocumentBlob, t.DocumentSize))
            .ToList();
        var args = new
        {
            notice.TokenDigest,
            notice.Id,
            notice.CourtName,
            notice.CaseNumber,
            notice.Cause,
            notice.Recipient,
            notice.Language,
            tail = notice.IdTail is { } t ? secrets.Keyed("party-tail", t.ToUpperInvariant()) : "",
            tail2 = await tails.LongerAsync(notice.CaseId, notice.PartyId, ct),
            code = mail.Reaches(notice),
            documents = JsonSerializer.Serialize(documents, Json.Stored),
            history = JsonSerializer.Serialize(await cases.LimitHistoryAsync(notice.CaseId, ct), Json.Stored),
            now,
            expires = now + Open,
        };
        if (
            await db.ExecuteAsync(
                "UPDATE service_public_notice SET withdrawn_at = NULL, expires_at = @expires, tail_keyed = @tail, tail2_keyed = @tail2, "
                    + "limit_history = @history WHERE token_digest = @TokenDigest",
                args,
                ct
            ) == 0
        )
            await db.ExecuteAsync(
                """
                INSERT INTO service_public_notice (token_digest, notice_id, court_name, case_number, cause, recipient, language, tail_keyed, tail2_keyed,
                    needs_code, documents, limit_history, released_at, expires_at, tries, code_sent)
                VALUES (@TokenDigest, @Id, @CourtName, @CaseNumber, @Cause, @Recipient, @Language, @tail, @tail2, @code, @documents, @history, @now, @expires,
                    0, 0)
                """,
                args,
                ct
            );
    }
}

/// <summary>The mail came back after it was taken: recorded by the clerk. An effect that came first stays.</summary>
[Permit("service.work")]
[Audited("service.notice.bounce")]
internal sealed record RecordBounce : ICommand
{
    public long NoticeId { get; init; }

    /// <summary>The order on whose page it stands.</summary>
    public long? OrderId { get; init; }
    public DateTimeOffset? At { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Handler(Notices notices, Bounces bounces, AuditTrail audit) : CommandHandler<RecordBounce>
    {
        protected override async Task RunAsync(RecordBounce command, CancellationToken ct)
        {
            var (notice, _) = await notices.OpenAsync(command.NoticeId, command.OrderId, ct);
            if (notice.SentAt is null)
                throw new RuleBroken("邮件还没有发出，没有退信可登记。", "At");
            if (string.IsNullOrWhiteSpace(command.Reason))
                throw new RuleBroken("请写明退信内容。", "Reason");
            var at = command.At ?? notices.Now();
            if (at > notices.Now())
                throw new RuleBroken("退信时间在现在之后。", "At");
            audit.Note("notice", notice.Id, new { bounce = at, served = notice.ServedAt is not null });
            await bounces.TakeAsync(notice, at, command.Reason, ct);
        }
    }
}

/// <summary>What a bounce means, whoever brings it: the clerk, the mailbox, the relay's webhook. In the open transaction.</summary>
internal sealed class Bounces(Db db, Notices notices, NoticeBook book, Contests contests, Finishing finishing, Steward.StewardBook steward)
{
    public async Task TakeAsync(Notice notice, DateTimeOffset at, string reason, CancellationToken ct)
    {
        var cut = Contests.Cut(reason, 400);
        var readOn = new[] { notice.ReadAt, notice.ConfirmedAt }.Where(t => t is not null).Min() is { } read ? Kernel.Web.Times.Day(read) : (DateOnly?)null;
        var contested =
            notice.ServedAt is not null && notice.State == NoticeState.Served && ContestRules.ByBounce(notice.Channel is null, notice.EffectiveOn, readOn);
        if (notice.ServedAt is not null || notice.State is NoticeState.Contested or NoticeState.Cancelled or NoticeState.Voided)
        {
            notice = await book.MoveAsync(
                notice,
                NoticeStep.Bounce,
                ct,
                "bounced_at = COALESCE(bounced_at, @at), reason = @cut, reason_said = NULL",
                new
                {
                    notice.Id,
                    notice.Version,
                    at,
                    cut,
                }
            );
            await notices.NoteAsync(notice, contested ? "bounced" : "bounced-after", at, new { reason }, null, ct);
            if (contested)
                await contests.OpenAsync(notice, ContestRules.Bounce, at, $"退信：{cut}", ct);
            return;
        }
        await book.MoveAsync(
            notice,
            NoticeStep.Bounce,
            ct,
            "bounced_at = @at, reason = @cut, reason_said = NULL",
            new
            {
                notice.Id,
                notice.Version,
                at,
                cut,
            }
        );
        await db.ExecuteAsync("UPDATE service_public_notice SET withdrawn_at = @at WHERE notice_id = @Id", new { notice.Id, at }, ct);
        await notices.NoteAsync(notice, "bounced", at, new { reason }, null, ct);
        await steward.FailAsync(notice, ServeOrder.Channel, reason, Steward.StewardBook.Name, ct);
        await finishing.LookAsync(notice.OrderId, ct);
    }
}

/// <summary>A person decides a doubt: the mail went out at a time, by the server's log, or it did not.</summary>
[Permit("service.work")]
[Audited("service.notice.decide-doubt")]
internal sealed record DecideDoubt : ICommand
{
    public long NoticeId { get; init; }

    /// <summary>The order on whose page it stands.</summary>
    public long? OrderId { get; init; }
    public bool Went { get; init; }
    public DateTimeOffset? At { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Handler(Notices notices, NoticeBook book, Settlement settlement, AuditTrail audit) : CommandHandler<DecideDoubt>
    {
        protected override async Task RunAsync(DecideDoubt command, CancellationToken ct)
        {
            var (notice, _) = await notices.OpenAsync(command.NoticeId, command.OrderId, ct);
            if (notice.State != NoticeState.Doubt)
                throw new Conflict("这次发送已不存疑。");
            if (string.IsNullOrWhiteSpace(command.Words))
                throw new RuleBroken("请写明依据，例如邮件服务器日志中的一行。", "Words");
            var now = notices.Now();
            // a log has whole seconds
            if (command.Went && (command.At is null || command.At > now || command.At < Second(notice.ReleasedAt)))
                throw new RuleBroken("请填写邮件服务器收下的时间，在发布之后、现在之前。", "At");
            await book.MoveAsync(
                notice,
                command.Went ? NoticeStep.Went : NoticeStep.NotWent,
                ct,
                "sent_at = @at, reason = @Words, reason_said = NULL",
                new
                {
                    notice.Id,
                    notice.Version,
                    at = command.Went ? command.At : null,
                    command.Words,
                }
            );
            await notices.ForgetDoubtAsync(notice, ct);
            await notices.NoteAsync(notice, command.Went ? "doubt-went" : "doubt-not", now, new { command.Words, command.At }, command.Words, ct);
            audit.Note("notice", notice.Id, new { command.Went, command.At });
            if (command.Went)
                await settlement.SettleAsync(notice.Id, ct);
        }

        private static DateTimeOffset? Second(DateTimeOffset? at) => at?.AddTicks(-(at.Value.Ticks % TimeSpan.TicksPerSecond));
    }
}
