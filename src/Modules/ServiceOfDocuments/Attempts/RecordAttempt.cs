using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Law;
using CourtOps.ServiceOfDocuments.Pages;
using CourtOps.ServiceOfDocuments.Proofs;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Attempts;

/// <summary>
/// What happened by phone, post, in the field or by announcement. The effect is Law's; one that lies ahead (an announcement) is drawn when its day has come.
/// The same try said twice is recorded once.
/// </summary>
[Permit("service.work")]
[Audited("service.attempt.record")]
internal sealed record RecordAttempt : ICommand<RecordAttempt.Result>
{
    public long? TaskId { get; init; }
    public long? NoticeId { get; init; }
    public long? OrderId { get; init; }
    public string Channel { get; init; } = "";
    public string Outcome { get; init; } = "";
    public DateOnly? On { get; init; }
    public string Address { get; init; } = "confirmed";
    public bool Warned { get; init; } = true;
    public string Signer { get; init; } = "self";
    public bool Opposing { get; init; }
    public string Witness { get; init; } = "";
    public string Place { get; init; } = "";
    public string Tracking { get; init; } = "";
    public string Words { get; init; } = "";
    public bool Foreign { get; init; }

    /// <summary>A document of the case: receipt, photo, certificate of absence.</summary>
    public long? EvidenceId { get; init; }

    /// <param name="Next">Where it goes on when it is not served: a channel, or "wait".</param>
    internal sealed record Result(bool Effective, DateOnly? EffectiveOn, string? Next, bool Already);

    internal sealed class Validator : AbstractValidator<RecordAttempt>
    {
        public Validator()
        {
            RuleFor(c => c.Channel).Must(AttemptRules.Channels.ContainsKey).WithMessage("请选择送达方式。");
            RuleFor(c => c.Outcome)
                .Must((c, o) => !AttemptRules.Outcomes.TryGetValue(c.Channel, out var known) || known.ContainsKey(o))
                .WithMessage("这种送达方式没有这个结果，请重新选择。");
            RuleFor(c => c.On).NotNull().WithMessage("请填日期。");
            RuleFor(c => c.Address).Must(a => a is "confirmed" or "statutory" or "unconfirmed").WithMessage("地址来源应为确认的、法定的或者未确认的。");
            RuleFor(c => c.Signer).Must(s => s is "self" or "family" or "agent" or "unit").WithMessage("签收人应为本人、同住成年家属、代收人或者单位收发。");
            RuleFor(c => c.Witness).MaximumLength(60).WithMessage("见证人最长 60 个字符。");
            RuleFor(c => c.Place).MaximumLength(200).WithMessage("地点最长 200 个字符。");
            RuleFor(c => c.Tracking).MaximumLength(40).WithMessage("邮件号码最长 40 个字符。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Notices notices, AttemptBook book, Announce.AnnounceBook announcements, Actor actor) : ICommandHandler<RecordAttempt, Result>
    {
        public async Task<Result> Handle(RecordAttempt request, CancellationToken cancellationToken)
        {
            var (notice, order) = await notices.OpenAsync(
                request.NoticeId ?? await notices.OfTaskAsync(request.TaskId ?? 0, cancellationToken),
                request.OrderId,
                cancellationToken
            );
            if (order.State == OrderState.Accepted && order.AssigneeId != actor.Id)
                throw new Forbidden("service.work", $"工单由{order.AssigneeName}办理。");
            var a = new AttemptFacts
            {
                Channel = request.Channel,
                Outcome = request.Outcome,
                On = request.On!.Value,
                Address = request.Address,
                Warned = request.Warned,
                Signer = request.Signer,
                Opposing = request.Opposing,
                Witness = request.Witness.Trim(),
                Place = request.Place.Trim(),
                Tracking = request.Tracking.Trim(),
                Words = request.Words.Trim(),
                Foreign = request.Foreign,
            };
            if (
                a.Channel == "announcement"
                && (await announcements.GatesAsync(notice, request.EvidenceId is not null, cancellationToken)).FirstOrDefault(g =>
                    !g.Open && g.Code is "phone" or "addresses"
                )
                    is { } shut
            )
                throw new RuleBroken($"公告的条件还没有满足：{shut.Label}（{shut.Evidence}）。", "Channel", "gate-" + shut.Code);
            return await book.RecordAsync(notice, order, a, request.EvidenceId, false, actor.Name, cancellationToken);
        }
    }
}

/// <summary>Writes one try down and draws what follows: for the clerk's form, the call workspace, the postal desk and the server in the field; in the open
/// transaction.</summary>
internal sealed class AttemptBook(Db db, Ids ids, Notices notices, IDocuments documents, OtherWays ways, Steward.StewardBook steward, AuditTrail audit)
{
    /// <param name="shown">Evidence that is no document of the case was taken with it: photo, recording, tracking.</param>
    /// <exception cref="RuleBroken">What the law or the record needs is missing; or a date that cannot be.</exception>
    public async Task<RecordAttempt.Result> RecordAsync(
        Notice notice,
        OrderCard order,
        AttemptFacts a,
        long? evidenceId,
        bool shown,
        string by,
        CancellationToken cancellationToken
    )
    {
        if (evidenceId is { } evidence && (await documents.GetAsync(evidence, cancellationToken)).CaseId != notice.CaseId)
            throw new RuleBroken("证明文件不是本案的文书。", "EvidenceId");
        var key =
            $"{a.Channel}:{a.Outcome}:{Times.Iso(a.On)}:{a.Tracking}{(a.Channel == "phone" && a.Words.Length > 0 ? ":" + Secrets.Digest(a.Words)[..8] : "")}";
        if (
            await db.FirstAsync<Known>(
                "SELECT effective_on, next_channel FROM service_attempt WHERE notice_id = @Id AND source_key = @key",
                new { notice.Id, key },
                cancellationToken
            ) is
            { } known
        )
            return new RecordAttempt.Result(known.EffectiveOn is not null, known.EffectiveOn, known.NextChannel, true);
        if (order.State != OrderState.Accepted)
            throw new Conflict($"工单现在是 {Workzone.Web.OrderUi.StateLabel(order.State)}，接受之后才能登记。", order.ChangedBy, order.ChangedAt);
        if (NoticeBook.Table.Find(NoticeStep.Otherwise, notice.State) is null)
            throw new RuleBroken($"{notice.Recipient}的送达现在是 {ServiceUi.Label(notice.State)}，不能登记其他方式。", code: "state");
        if (a.On > Times.Day(notices.Now()))
            throw new RuleBroken($"日期 {Times.Iso(a.On)} 在今天之后。", "On");
        if (a.On < Times.Day(notice.CreatedAt))
            throw new RuleBroken($"日期 {Times.Iso(a.On)} 早于请求送达的日期 {Times.Iso(Times.Day(notice.CreatedAt))}。", "On");
        var failed =
            await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM service_attempt WHERE notice_id = @Id AND effective_on IS NULL AND next_channel <> 'wait'",
                new { notice.Id },
                cancellationToken
            ) + (notice.State is NoticeState.Failed or NoticeState.Unread ? 1 : 0);
        if (AttemptRules.Missing(a, shown || evidenceId is not null, failed, notice.AnnounceAt is not null) is { } missing)
            throw missing;
        var judged = await ways.JudgeAsync(notice, a, cancellationToken);
        var id = ids.Next();
        await db.ExecuteAsync(
            """
            INSERT INTO service_attempt (id, notice_id, channel, outcome, on_day, facts, evidence_id, effective_on, next_channel, basis, source_key,
                recorded_by, recorded_at)
            VALUES (@id, @NoticeId, @Channel, @Outcome, @On, @facts, @evidenceId, @effective, @next, @basis, @key, @by, @now)
            """,
            new
            {
                id,
                NoticeId = notice.Id,
                a.Channel,
                a.Outcome,
                a.On,
                facts = JsonSerializer.Serialize(a, Json.Stored),
                evidenceId,
                effective = judged.EffectiveOn,
                next = judged.Next,
                basis = judged.Basis.Length > 400 ? judged.Basis[..400] : judged.Basis,
                key,
                by,
                now = notices.Now(),
            },
            cancellationToken
        );
        await notices.NoteAsync(
            notice,
            "attempt",
            notices.Now(),
            new
            {
                a.Channel,
                a.Outcome,
                on = a.On,
            },
            $"{AttemptRules.Channels[a.Channel]}：{AttemptRules.Outcomes[a.Channel][a.Outcome]}",
            cancellationToken
        );
        audit.Note(
            "notice",
            notice.Id,
            new
            {
                a.Channel,
                a.Outcome,
                a.On,
                judged.EffectiveOn,
            }
        );
        var words = $"{AttemptRules.Outcomes[a.Channel][a.Outcome]}（{Times.Iso(a.On)}）";
        if (judged.EffectiveOn is { } on && on <= Times.Day(notices.Now()))
            await ways.SettleAsync(notice, id, a, cancellationToken);
        else if (judged.EffectiveOn is { } later)
            await steward.WaitAsync(notice, a.Channel, Times.At(later.ToDateTime(TimeOnly.MinValue)), words, by, cancellationToken);
        else if (judged.Next == "wait")
            await steward.WaitAsync(notice, a.Channel, null, words, by, cancellationToken, a.Tracking.Length > 0 ? a.Tracking : null);
        else if (a is { Channel: "phone", Outcome: "e-consent" or "will-collect" })
            await steward.LaterAsync(notice, a.Channel, notices.Now(), words, by, cancellationToken); // the call workspace names the way that was agreed
        else if (
            judged.Next == "again"
            || (a.Channel == "phone" && a.Outcome == "no-answer" && await TriesAsync(notice, cancellationToken) < Calls.CallRules.Tries)
        )
            await steward.LaterAsync(
                notice,
                a.Channel,
                Calls.CallRules.NextTry(notices.Now(), await TriesAsync(notice, cancellationToken)),
                words,
                by,
                cancellationToken
            );
        else
            await steward.FailAsync(notice, a.Channel, words, by, cancellationToken, judged.Next);
        return new RecordAttempt.Result(judged.EffectiveOn is not null, judged.EffectiveOn, judged.Next, false);
    }

    private Task<int> TriesAsync(Notice notice, CancellationToken ct) =>
        db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM service_attempt WHERE notice_id = @Id AND channel = 'phone' AND outcome = 'no-answer'",
            new { notice.Id },
            ct
        );

    private sealed record Known
    {
        public DateOnly? EffectiveOn { get; init; }
        public string? NextChannel { get; init; }
    }
}

/// <summary>Law's word on a try by another way than electronic, and its effect.</summary>
internal sealed class OtherWays(
    Db db,
    Notices notices,
    NoticeBook book,
    Outbox outbox,
    Decisions decisions,
    WorkQueue work,
    ICalendarSource calendars,
    Steward.StewardBook steward
)
{
    public async Task<(DateOnly? EffectiveOn, string? Next, string Basis)> JudgeAsync(Notice notice, AttemptFacts a, CancellationToken ct)
    {
        (DateOnly? On, string? Next, string Basis) all = (null, AttemptRules.NextOf(a), "");
        foreach (var task in (await notices.TasksAsync(notice.Id, ct)).Where(t => t.EffectiveOn is null))
        {
            if (Judge(notice, task, a) is not { } judged)
                return all;
            if (!judged.Effect.Effective)
                return (null, judged.Effect.Next, judged.Basis);
            all = (all.On is { } on && on > judged.Effect.EffectiveOn ? on : judged.Effect.EffectiveOn, null, judged.Basis);
        }
        return all;
    }

    // 2000 Art 10: posted on, announced on, left on; every other way counts from its effect
    private async Task<DateOnly?> CountsOnAsync(Notice notice, AttemptFacts a, CancellationToken ct) =>
        a.Channel switch
        {
            "announcement" or "leave" => a.On,
            "postal" => await db.FirstAsync<DateOnly?>(
                "SELECT MAX(on_day) FROM service_attempt WHERE notice_id = @Id AND channel = 'postal' AND outcome = 'posted' AND on_day <= @On",
                new { notice.Id, a.On },
                ct
            ),
            _ => null,
        };

    /// <summary>Records the effect of every document, publishes it, and has the proof made.</summary>
    public async Task SettleAsync(Notice notice, long attemptId, AttemptFacts a, CancellationToken ct)
    {
        var now = notices.Now();
        var (last, basis) = (default(DateOnly), "");
        foreach (var task in (await notices.TasksAsync(notice.Id, ct)).Where(t => t.EffectiveOn is null))
        {
            var judged = Judge(notice, task, a) ?? throw new InvalidOperationException("an attempt without effect is settled");
            var effect = judged.Effect;
            await db.ExecuteAsync(
                "UPDATE service_task SET channel = @Channel, effective_on = @EffectiveOn, defence_ends = @DefenceEnds, appeal_ends = @AppealEnds "
                    + "WHERE id = @Id AND effective_on IS NULL",
                new
                {
                    task.Id,
                    a.Channel,
                    effect.EffectiveOn,
                    effect.DefenceEnds,
                    effect.AppealEnds,
                },
                ct
            );
            await decisions.RecordAsync(
                "service.effect",
                "1",
                new
                {
                    taskId = task.Id,
                    a.Channel,
                    a.Outcome,
                    a.On,
                    task.DocumentKind,
                    notice.ProcedureCode,
                },
                new
                {
                    effect.EffectiveOn,
                    effect.Presumed,
                    effect.DefenceEnds,
                    effect.AppealEnds,
                },
                effect.Basis,
                notice.CaseId,
                ct
            );
            await outbox.AddAsync(
                Catalogue.CaseKey(notice.CaseId),
                new DocumentServed
                {
                    TaskId = task.Id,
                    OrderId = notice.OrderId,
                    CaseId = notice.CaseId,
                    DocumentId = task.DocumentId,
                    PartyId = notice.PartyId,
                    RecipientName = notice.Recipient,
                    Method = a.Channel,
                    EffectiveOn = effect.EffectiveOn!.Value,
                    Basis = judged.Basis,
                    Presumed = effect.Presumed,
                    CountsOn = await CountsOnAsync(notice, a, ct),
                    AppealEnds = effect.AppealEnds,
                    At = now,
                },
                ct
            );
            (last, basis) = (effect.EffectiveOn.Value > last ? effect.EffectiveOn.Value : last, judged.Basis);
        }
        // a document that took effect earlier on the party's page keeps its day
        last = (await notices.TasksAsync(notice.Id, ct)).Max(t => t.EffectiveOn) ?? last;
        await book.MoveAsync(
            notice,
            NoticeStep.Otherwise,
            ct,
            "channel = @Channel, effective_on = @last, raw_effective_on = @last, basis = @basis, served_at = @now, reason = NULL, reason_said = NULL, "
                + "sender_name = COALESCE(sender_name, @by)",
            new
            {
                notice.Id,
                notice.Version,
                a.Channel,
                last,
                basis = basis.Length > 400 ? basis[..400] : basis,
                now,
                by = await db.FirstAsync<string>("SELECT recorded_by FROM service_attempt WHERE id = @attemptId", new { attemptId }, ct),
            }
        );
        await db.ExecuteAsync("UPDATE service_attempt SET settled_at = @now WHERE id = @attemptId", new { attemptId, now }, ct);
        await db.ExecuteAsync("UPDATE service_public_notice SET withdrawn_at = @now WHERE notice_id = @Id", new { notice.Id, now }, ct);
        await notices.ForgetDoubtAsync(notice, ct);
        await steward.StopAsync(notice, a.Channel, $"送达日 {Times.Iso(last)}", "", ct);
        await notices.NoteAsync(notice, "served", now, new { on = last, basis }, Times.Iso(last), ct);
        await work.AddAsync(MakeProof.Name, $"{notice.Id}", new MakeProof.Payload { NoticeId = notice.Id }, ct: ct);
    }

    /// <summary>The effect on one document; null where the try decides nothing.</summary>
    public (ServiceEffect Effect, string Basis)? Judge(Notice notice, ServiceTask task, AttemptFacts a)
    {
        if (AttemptRules.FactsOf(a, AttemptRules.Kind(task.DocumentKind), notice.ProcedureCode) is not { } facts)
            return null;
        var explanation = new Explanation();
        var effect = ServiceRules.Judge(facts, calendars.For(null), explain: explanation);
        var line = explanation.Render()[0];
        return (effect, $"{line.Text}（{line.Source}）");
    }
}

/// <summary>The judge approves that one recipient is served by announcement, with the reason (C-06 e).</summary>
[Permit("service.request")]
[Audited("service.announcement.approve")]
internal sealed record ApproveAnnouncement : ICommand
{
    public long NoticeId { get; init; }
    public long? OrderId { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ApproveAnnouncement>
    {
        public Validator() =>
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明同意公告送达的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(Notices notices, NoticeBook book, Actor actor, AuditTrail audit) : CommandHandler<ApproveAnnouncement>
    {
        protected override async Task RunAsync(ApproveAnnouncement command, CancellationToken ct)
        {
            var (notice, _) = await notices.OpenAsync(command.NoticeId, command.OrderId, ct);
            if (notice.ServedAt is not null)
                throw new RuleBroken($"{notice.Recipient}已经送达，不用公告。", "Reason");
            await book.MoveAsync(
                notice,
                NoticeStep.Act,
                ct,
                "announce_by = @name, announce_at = @now, announce_reason = @reason",
                new
                {
                    notice.Id,
                    notice.Version,
                    name = actor.Name,
                    now = notices.Now(),
                    reason = command.Reason.Trim(),
                }
            );
            await notices.NoteAsync(notice, "announcement-approved", notices.Now(), new { by = actor.Name }, actor.Name, ct);
            audit.Note("notice", notice.Id, new { announcement = true });
        }
    }
}
