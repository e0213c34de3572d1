using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Proofs;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>What speaks against a service, and whether a person must decide. Pure.</summary>
internal static class ContestRules
{
    public const string Bounce = "bounce";
    public const string NotMe = "not-me";
    public const string Said = "said";

    public static string Label(string? why) =>
        why switch
        {
            Bounce => "邮件退回，与已记录的到达矛盾",
            NotMe => "收件人称不是本人或发错了",
            Said => "受送达人提出异议",
            _ => "",
        };

    /// <summary>
    /// Whether a bounce contradicts what was recorded. It does not where the identified person itself read or confirmed no later than the day of effect: that
    /// rests on the person and not on the mail (CPL 90, CPL-I 135, 在线诉讼规则 31).
    /// </summary>
    /// <param name="readOn">Court day of the first reading or confirmation by the identified person.</param>
    public static bool ByBounce(bool electronically, DateOnly? effectiveOn, DateOnly? readOn) =>
        electronically && effectiveOn is { } on && (readOn is null || readOn > on);

    /// <summary>Whether the person's word "not me" is a question at all: what was served by hand, post or announcement does not rest on the link.</summary>
    public static bool ByWord(string state, string? channel) =>
        channel is null && state is NoticeState.Sending or NoticeState.Linked or NoticeState.Sent or NoticeState.Doubt or NoticeState.Served;
}

/// <summary>The order that has one contested service decided in time.</summary>
internal static class ContestOrder
{
    public const string Type = "service.contest";
}

/// <summary>Opens what a person must decide, and writes what was decided; plain methods in the transaction that is open.</summary>
internal sealed class Contests(
    Db db,
    Notices notices,
    NoticeBook book,
    IWorkOrders orders,
    Outbox outbox,
    WorkQueue work,
    Settlement settlement,
    Steward.StewardBook steward
)
{
    /// <summary>The notice stands still; a timed order asks a person. Nothing is proved and nothing closes meanwhile.</summary>
    /// <param name="why">A code of <see cref="ContestRules"/>.</param>
    /// <param name="set">Further columns of the notice.</param>
    public async Task OpenAsync(Notice notice, string why, DateTimeOffset at, string words, CancellationToken ct)
    {
        var serve = await orders.GetAsync(notice.OrderId, ct);
        var opened = await orders.OpenAsync(
            new NewOrder
            {
                Type = ContestOrder.Type,
                CaseId = notice.CaseId,
                Title = Cut($"核实送达：{notice.Recipient}", 200),
                Subject = Cut(notice.Recipient, 200),
                CauseSubject = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{notice.Id}:{why}:{at.UtcTicks}"),
                Words = words,
                AskedBy = serve.AskedBy,
                Form = new Dictionary<string, string>
                {
                    ["受送达人"] = notice.Recipient,
                    ["疑问"] = ContestRules.Label(why),
                    ["情况"] = words,
                    ["原工单"] = serve.Number,
                    ["已记录的送达日"] = notice.EffectiveOn is { } on ? Times.Iso(on) : "尚未生效",
                },
            },
            ct
        );
        await book.MoveAsync(
            notice,
            NoticeStep.Contest,
            ct,
            "contested_at = @at, contested_why = @why, contest_order_id = @order, decided_at = NULL, decided_by = NULL, decided_words = NULL",
            new
            {
                notice.Id,
                notice.Version,
                at,
                why,
                order = opened.Id,
            }
        );
        await db.ExecuteAsync("UPDATE service_public_notice SET held_at = @at WHERE notice_id = @Id AND held_at IS NULL", new { notice.Id, at }, ct);
        await notices.ForgetDoubtAsync(notice, ct);
        await notices.NoteAsync(
            notice,
            "contested",
            at,
            new
            {
                why,
                words,
                order = opened.Id,
            },
            ContestRules.Label(why),
            ct
        );
    }

    /// <summary>It stands: an effect keeps its day and its proof says what was doubted and decided; a sending without effect goes on and the papers are shown
    /// again.</summary>
    public async Task UpholdAsync(Notice notice, string words, string by, CancellationToken ct)
    {
        var now = notices.Now();
        var step =
            notice.ServedAt is not null ? NoticeStep.Uphold
            : notice.SentAt is not null ? NoticeStep.GoOn
            : NoticeStep.GoOnLinked;
        await book.MoveAsync(
            notice,
            step,
            ct,
            "decided_at = @now, decided_by = @by, decided_words = @words",
            new
            {
                notice.Id,
                notice.Version,
                now,
                by,
                words,
            }
        );
        await db.ExecuteAsync("UPDATE service_public_notice SET held_at = NULL, disputed_at = NULL WHERE notice_id = @Id", new { notice.Id }, ct);
        await notices.NoteAsync(notice, "contest-stands", now, new { words, by }, words, ct);
        if (notice.ServedAt is null)
            await settlement.SettleAsync(notice.Id, ct);
        else if (notice.ProofDocumentId is not null) // made before anybody knew: made anew with what is known now
            await work.AddAsync(MakeProof.Name, $"{notice.Id}:{now.UtcTicks}", new MakeProof.Payload { NoticeId = notice.Id, Anew = true }, ct: ct);
        else if (await work.FindAsync(MakeProof.Name, $"{notice.Id}", ct) is null)
            await work.AddAsync(MakeProof.Name, $"{notice.Id}", new MakeProof.Payload { NoticeId = notice.Id }, ct: ct);
    }

    /// <summary>It does not: an effect is taken back and published as void, the link ends; without an effect the next way follows.</summary>
    public async Task VoidAsync(Notice notice, string words, string by, CancellationToken ct)
    {
        var now = notices.Now();
        var set = "decided_at = @now, decided_by = @by, decided_words = @words, reason = @reason, reason_said = NULL";
        var args = new
        {
            notice.Id,
            notice.Version,
            now,
            by,
            words,
            reason = Cut(words, 400),
        };
        if (notice.ServedAt is null)
        {
            // a partial effect, of one document of several, is taken back with the rest: who read it is in question
            await book.MoveAsync(notice, NoticeStep.Wrong, ct, set, args);
            await steward.FailAsync(notice, ServeOrder.Channel, words, by, ct);
        }
        else
        {
            await book.MoveAsync(notice, NoticeStep.Void, ct, set + ", effective_on = NULL, raw_effective_on = NULL, served_at = NULL", args);
        }
        // of a service that had ended all of it is void, by whatever way; before that only what was read on the page in question
        foreach (
            var task in (await notices.TasksAsync(notice.Id, ct)).Where(t =>
                t.EffectiveOn is not null && (notice.ServedAt is not null || t.Channel == ServeOrder.Channel)
            )
        )
        {
            await db.ExecuteAsync("UPDATE service_task SET effective_on = NULL, defence_ends = NULL, appeal_ends = NULL WHERE id = @Id", new { task.Id }, ct);
            await outbox.AddAsync(
                Catalogue.CaseKey(notice.CaseId),
                new DocumentServiceVoided
                {
                    TaskId = task.Id,
                    OrderId = notice.OrderId,
                    CaseId = notice.CaseId,
                    DocumentId = task.DocumentId,
                    PartyId = notice.PartyId,
                    RecipientName = notice.Recipient,
                    WasOn = task.EffectiveOn!.Value,
                    Reason = Cut(words, 400),
                    At = now,
                },
                ct
            );
        }
        await db.ExecuteAsync(
            "UPDATE service_public_notice SET withdrawn_at = @now, served_on = NULL, served_basis = NULL, periods = NULL, proof_blob = NULL WHERE "
                + "notice_id = @Id",
            new { notice.Id, now },
            ct
        );
        await db.ExecuteAsync("UPDATE service_public_proof SET voided_at = @now WHERE notice_id = @Id AND voided_at IS NULL", new { notice.Id, now }, ct);
        await notices.NoteAsync(notice, "contest-void", now, new { words, by }, words, ct);
    }

    /// <summary>After a decision: its order is fed back; whoever asked for the service confirms it. The serving order is finished by its job.</summary>
    public async Task EndAsync(Notice notice, string words, CancellationToken ct)
    {
        if (notice.ContestOrderId is { } contest && await orders.GetAsync(contest, ct) is { State: OrderState.Accepted } order)
            await orders.StepAsync(order.Id, OrderStep.Feedback, new StepInput { Words = words }, ct);
    }

    internal static string Cut(string text, int max) => text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 2]) ? max - 2 : max - 1)] + "…";
}

/// <summary>The task page of such an order takes its decision; accepting is as everywhere.</summary>
internal sealed class ContestSteps : IDrivenOrder
{
    public string Type => ContestOrder.Type;

    public bool Offers(string step) => step is OrderStep.Accept or OrderStep.Close;
}

/// <summary>A person decides a contested service, with the grounds. Voided, the same documents may go out anew at once.</summary>
[Permit("service.work")]
[Audited("service.contest.decide")]
internal sealed record DecideContest : ICommand<DecideContest.Result>
{
    public long OrderId { get; init; }

    /// <summary>True: the service stands, or the sending goes on.</summary>
    public bool? Stands { get; init; }

    /// <summary>With a void one: another round is asked for at once, to the address as it is now.</summary>
    public bool Again { get; init; }
    public string Words { get; init; } = "";

    internal sealed record Result(long NoticeId, string State, long? NewOrderId);

    internal sealed class Validator : AbstractValidator<DecideContest>
    {
        public Validator()
        {
            RuleFor(c => c.Stands).NotNull().WithMessage("请选择：送达有效，还是送达无效。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明认定的依据。").MaximumLength(1000).WithMessage("依据最长 1000 个字符。");
        }
    }

    internal sealed class Handler(Notices notices, Contests contests, IWorkOrders orders, Actor actor, AuditTrail audit, ServiceRequests requests)
        : ICommandHandler<DecideContest, Result>
    {
        public async Task<Result> Handle(DecideContest request, CancellationToken cancellationToken)
        {
            var order = await orders.GetAsync(request.OrderId, cancellationToken);
            var notice = await notices.OfContestAsync(order.Id, cancellationToken) ?? throw new NotFound("送达疑问", request.OrderId);
            if (notice.State != NoticeState.Contested)
                throw new Conflict("这次送达的疑问已经认定。", notice.DecidedBy, notice.DecidedAt);
            if (order.State != OrderState.Accepted)
                throw new Conflict($"工单现在是 {Workzone.Web.OrderUi.StateLabel(order.State)}，接受之后才能认定。", order.ChangedBy, order.ChangedAt);
            if (order.AssigneeId != actor.Id)
                throw new Forbidden("service.work", $"工单由{order.AssigneeName}办理。");
            var words = request.Words.Trim();
            if (request.Stands == true)
                await contests.UpholdAsync(notice, words, actor.Name, cancellationToken);
            else
                await contests.VoidAsync(notice, words, actor.Name, cancellationToken);
            await contests.EndAsync(notice, words, cancellationToken);
            long? next = null;
            if (request is { Stands: false, Again: true })
            {
                var tasks = await notices.TasksAsync(notice.Id, cancellationToken);
                next = (
                    await requests.OpenAsync(
                        new RequestService
                        {
                            CaseId = notice.CaseId,
                            DocumentIds = [.. tasks.Select(t => t.DocumentId)],
                            PartyIds = [notice.PartyId],
                            Reason = Contests.Cut($"原送达认定无效：{words}", 400),
                            AskedBy = order.AskedBy,
                        },
                        cancellationToken
                    )
                ).OrderId;
            }
            audit.Note("notice", notice.Id, new { stands = request.Stands, next });
            return new Result(notice.Id, (await notices.GetAsync(notice.Id, cancellationToken)).State, next);
        }
    }
}

/// <summary>The recipient or somebody for it objects, by phone or at the counter: wrong person, wrong content, no fault of its own.</summary>
[Permit("service.work")]
[Audited("service.contest.open")]
internal sealed record Contest : ICommand<long>
{
    public long NoticeId { get; init; }
    public long? OrderId { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<Contest>
    {
        public Validator() => RuleFor(c => c.Words).NotEmpty().WithMessage("请写明异议的内容。").MaximumLength(1000).WithMessage("异议最长 1000 个字符。");
    }

    internal sealed class Handler(Notices notices, Contests contests, AuditTrail audit) : ICommandHandler<Contest, long>
    {
        public async Task<long> Handle(Contest request, CancellationToken cancellationToken)
        {
            var (notice, _) = await notices.OpenAsync(request.NoticeId, request.OrderId, cancellationToken);
            if (notice.State == NoticeState.Contested)
                return notice.ContestOrderId ?? 0;
            if (NoticeBook.Table.Find(NoticeStep.Contest, notice.State) is null)
                throw new RuleBroken($"{notice.Recipient}的送达现在是 {Pages.ServiceUi.Label(notice.State)}，没有可异议的送达。", code: "state");
            await contests.OpenAsync(notice, ContestRules.Said, notices.Now(), request.Words.Trim(), cancellationToken);
            audit.Note("notice", notice.Id, new { contested = true });
            return (await notices.GetAsync(notice.Id, cancellationToken)).ContestOrderId ?? 0;
        }
    }
}

/// <summary>The page of one question: what was recorded, what speaks against it.</summary>
[Permit("service.read")]
internal sealed record ShowContest : IQuery<ShowContest.Result>
{
    public long OrderId { get; init; }

    internal sealed record Result(
        OrderCard Order,
        Standing Standing,
        Notice Notice,
        IReadOnlyList<ServiceTask> Tasks,
        IReadOnlyList<ShowTasks.EventRow> Events
    );

    internal sealed class Handler(Db db, Notices notices, IWorkOrders orders) : IQueryHandler<ShowContest, Result>
    {
        public async Task<Result> Handle(ShowContest request, CancellationToken cancellationToken)
        {
            var order = await orders.GetAsync(request.OrderId, cancellationToken);
            var notice = await notices.OfContestAsync(order.Id, cancellationToken) ?? throw new NotFound("送达疑问", request.OrderId);
            var events = await db.QueryAsync<ShowTasks.EventRow>(
                "SELECT kind, at FROM service_event WHERE notice_id = @Id ORDER BY at, id",
                new { notice.Id },
                cancellationToken
            );
            return new Result(
                order,
                await orders.StandingAsync(order, cancellationToken),
                notice,
                await notices.TasksAsync(notice.Id, cancellationToken),
                events
            );
        }
    }
}
