using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Settings;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Steward;

/// <summary>智能送达管家: makes the plan of each recipient, moves it on, stops it at the first effect. Plain methods in the open transaction.</summary>
internal sealed class StewardBook(
    Db db,
    Ids ids,
    StepBook book,
    Notices notices,
    Decisions decisions,
    ICases cases,
    AddressBook addresses,
    ISettings settings,
    Alarms alarms
)
{
    /// <summary>The name under which the steward acts.</summary>
    public const string Name = "智能送达管家";

    public async Task<PlanFacts> FactsAsync(Notice notice, CancellationToken ct)
    {
        var party = (await cases.PartiesAsync(notice.CaseId, ct)).FirstOrDefault(p => p.Id == notice.PartyId);
        var chain = await addresses.ChainAsync(notice.PartyId, ct);
        var kinds = (await notices.TasksAsync(notice.Id, ct)).Where(t => t.EffectiveOn is null).Select(t => t.DocumentKind);
        return new PlanFacts
        {
            Address = party is null ? notice.AddressKind : Notices.KindOf(party),
            Phone = !string.IsNullOrEmpty(party?.Phone),
            Post =
                chain.Count == 0 ? "none"
                : chain[0].Origin == "confirmed" ? "confirmed"
                : "fallback",
            Procedure = PlanRules.ProcedureOf(notice.ProcedureCode),
            Document = PlanRules.DocumentOf(kinds),
            Custody = notice.Custody,
        };
    }

    /// <summary>Makes the plan, once; the first step is due.</summary>
    public async Task PlanAsync(Notice notice, CancellationToken ct)
    {
        if ((await book.OfNoticeAsync(notice.Id, ct)).Count > 0)
            return;
        var court = (await cases.GetAsync(notice.CaseId, ct)).CourtId;
        var facts = await FactsAsync(notice, ct);
        var fired = await decisions.DecideAsync<PlanOutcome>(PlanTable.Name, facts, court, notice.CaseId, ct: ct);
        var now = notices.Now();
        var rules = settings.Current<StewardRules>(court);
        var steps = PlanRules.Steps(facts, fired.Outcome);
        for (var i = 0; i < steps.Count; i++)
            await AddAsync(
                notice,
                court,
                i + 1,
                steps[i],
                i == 0 ? StepState.Due : StepState.Planned,
                i == 0 ? now.AddMinutes(steps[i].Channel == "electronic" ? rules.GraceMinutes : 0) : null,
                ct
            );
        await notices.NoteAsync(
            notice,
            "planned",
            now,
            new { row = fired.Rule, ways = steps.Select(s => s.Channel) },
            string.Join("→", steps.Select(s => PlanRules.Channels[s.Channel])),
            ct
        );
    }

    private Task AddAsync(Notice notice, long court, int ordinal, PlannedStep step, string state, DateTimeOffset? startsAt, CancellationToken ct) =>
        db.ExecuteAsync(
            """
            INSERT INTO service_step (id, notice_id, order_id, case_id, court_id, ordinal, channel, state, why, wait_days, starts_at, version)
            VALUES (@stepId, @Id, @OrderId, @CaseId, @court, @ordinal, @Channel, @state, @Why, @WaitDays, @startsAt, 1)
            """,
            new
            {
                stepId = ids.Next(),
                notice.Id,
                notice.OrderId,
                notice.CaseId,
                court,
                ordinal,
                step.Channel,
                state,
                step.Why,
                step.WaitDays,
                startsAt,
            },
            ct
        );

    /// <summary>Something was sent or handed over: its result is awaited until then.</summary>
    public async Task WaitAsync(Notice notice, string channel, DateTimeOffset? until, string? result, string by, CancellationToken ct, string? tracking = null)
    {
        if (await CurrentAsync(notice, channel, ct) is not { } step)
            return;
        var now = notices.Now();
        await book.MoveAsync(
            step,
            "wait",
            ct,
            "started_at = COALESCE(started_at, @now), until_at = @until, result = @result, by_name = @by, tracking = COALESCE(@tracking, tracking)",
            new
            {
                step.Id,
                step.Version,
                now,
                until = until ?? (step.WaitDays > 0 ? now.AddDays(step.WaitDays) : (DateTimeOffset?)null),
                result = Cut(result),
                by,
                tracking,
            }
        );
    }

    /// <summary>A way came to nothing: the next is due now. Without a next one the plan has ended.</summary>
    /// <param name="suggested">The way that the try itself suggests.</param>
    public async Task FailAsync(Notice notice, string channel, string? result, string by, CancellationToken ct, string? suggested = null)
    {
        var steps = await book.OfNoticeAsync(notice.Id, ct);
        if (steps.Count == 0)
            return;
        var now = notices.Now();
        if (steps.LastOrDefault(s => s.Channel == channel && StepState.IsOpen(s.State)) is { } failed)
            await book.MoveAsync(
                failed,
                "fail",
                ct,
                "started_at = COALESCE(started_at, @now), ended_at = @now, result = @result, by_name = @by",
                new
                {
                    failed.Id,
                    failed.Version,
                    now,
                    result = Cut(result),
                    by,
                }
            );
        var open = (await book.OfNoticeAsync(notice.Id, ct)).Where(s => StepState.IsOpen(s.State)).ToList();
        if (open.Any(s => s.State is StepState.Due or StepState.Waiting))
            return;
        var next = PlanRules.Next([.. open.Select(s => s.Channel)], suggested);
        if (next is null)
        {
            await notices.ExhaustAsync(notice.Id, ct);
            await alarms.RaiseAsync(
                "exhausted",
                $"exhausted:{notice.Id}:{steps.Count}",
                notice.CaseId,
                notice.Id,
                notice.Recipient,
                $"{notice.Recipient}的各种送达方式都没有成功。请查找新地址，改下一步，或者停止计划反馈给法官决定。",
                ct
            );
            return;
        }
        foreach (var before in open.TakeWhile(s => s.Channel != next))
            await book.MoveAsync(
                before,
                "skip",
                ct,
                "ended_at = @now, result = @why",
                new
                {
                    before.Id,
                    before.Version,
                    now,
                    why = $"转{PlanRules.Channels[next]}",
                }
            );
        await BeginAsync(open.First(s => s.Channel == next), now, ct);
    }

    /// <summary>To be tried again by the same way at a better time.</summary>
    public async Task LaterAsync(Notice notice, string channel, DateTimeOffset at, string result, string by, CancellationToken ct)
    {
        if (await CurrentAsync(notice, channel, ct) is { State: StepState.Due } step)
            await book.MoveAsync(
                step,
                "note",
                ct,
                "starts_at = @at, started_at = COALESCE(started_at, @now), result = @result, by_name = @by",
                new
                {
                    step.Id,
                    step.Version,
                    at,
                    now = notices.Now(),
                    result = Cut(result),
                    by,
                }
            );
    }

    private Task<Step> BeginAsync(Step step, DateTimeOffset now, CancellationToken ct) =>
        book.MoveAsync(
            step,
            "begin",
            ct,
            "starts_at = @now",
            new
            {
                step.Id,
                step.Version,
                now,
            }
        );

    /// <summary>Served, withdrawn or stopped by a person: nothing more is done.</summary>
    /// <param name="servedBy">The way that worked; null where none did.</param>
    public async Task StopAsync(Notice notice, string? servedBy, string result, string by, CancellationToken ct)
    {
        var steps = await book.OfNoticeAsync(notice.Id, ct);
        if (steps.Count == 0)
            return;
        var now = notices.Now();
        var done = servedBy is null
            ? null
            : steps.LastOrDefault(s => s.Channel == servedBy && s.State != StepState.Skipped)
                ?? steps.FirstOrDefault(s => s.Channel == servedBy && s.State != StepState.Skipped);
        foreach (var step in steps)
            if (step.Id == done?.Id && step.State != StepState.Done)
                await book.MoveAsync(
                    step,
                    "done",
                    ct,
                    "started_at = COALESCE(started_at, @now), ended_at = @now, result = @result, by_name = @by",
                    new
                    {
                        step.Id,
                        step.Version,
                        now,
                        result = Cut(result),
                        by,
                    }
                );
            else if (StepState.IsOpen(step.State))
                await book.MoveAsync(
                    step,
                    "skip",
                    ct,
                    "ended_at = @now, result = @result",
                    new
                    {
                        step.Id,
                        step.Version,
                        now,
                        result = Cut(servedBy is null ? result : $"已由{PlanRules.Channels.GetValueOrDefault(servedBy, servedBy)}送达"),
                    }
                );
    }

    /// <summary>A person steps in: this way comes now, whatever the plan said. The law's limits stay.</summary>
    /// <exception cref="RuleBroken">Code forbidden: the law does not allow the way here.</exception>
    public async Task TakeAsync(Notice notice, string channel, string why, string by, CancellationToken ct)
    {
        var facts = await FactsAsync(notice, ct);
        if (PlanRules.Forbidden(channel, facts) is { } forbidden)
            throw new RuleBroken(forbidden, "Channel", "forbidden");
        var steps = await book.OfNoticeAsync(notice.Id, ct);
        var now = notices.Now();
        foreach (var running in steps.Where(s => s.State is StepState.Due or StepState.Waiting && s.Channel != channel))
            await book.MoveAsync(
                running,
                "skip",
                ct,
                "ended_at = @now, result = @why, by_name = @by",
                new
                {
                    running.Id,
                    running.Version,
                    now,
                    why = Cut($"{by}改为{PlanRules.Channels[channel]}：{why}"),
                    by,
                }
            );
        if (steps.FirstOrDefault(s => s.Channel == channel && StepState.IsOpen(s.State)) is { } open)
        {
            if (open.State == StepState.Planned)
                await BeginAsync(open, now, ct);
        }
        else
        {
            await AddAsync(
                notice,
                (await cases.GetAsync(notice.CaseId, ct)).CourtId,
                steps.Count == 0 ? 1 : steps.Max(s => s.Ordinal) + 1,
                new PlannedStep(channel, channel == "postal" ? 10 : 7, "人工指定"),
                StepState.Due,
                now,
                ct
            );
        }
        await notices.NoteAsync(
            notice,
            "plan-changed",
            now,
            new
            {
                channel,
                why,
                by,
            },
            $"{PlanRules.Channels[channel]}：{why}",
            ct
        );
    }

    /// <summary>Whether the plan still has something to do.</summary>
    public async Task<bool> GoesOnAsync(long noticeId, CancellationToken ct) =>
        await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM service_step WHERE notice_id = @noticeId AND state IN ('planned', 'due', 'waiting')",
            new { noticeId },
            ct
        ) > 0;

    private async Task<Step?> CurrentAsync(Notice notice, string channel, CancellationToken ct) =>
        (await book.OfNoticeAsync(notice.Id, ct)).FirstOrDefault(s => s.Channel == channel && StepState.IsOpen(s.State));

    private static string? Cut(string? text) => text is null ? null : Contests.Cut(text, 400);
}

/// <summary>A person steps in: another way now, or the plan stops; always with the reason.</summary>
[Permit("service.work")]
[Audited("service.plan.change")]
internal sealed record ChangePlan : ICommand
{
    public long NoticeId { get; init; }
    public long? OrderId { get; init; }

    /// <summary>A channel, or "stop".</summary>
    public string Channel { get; init; } = "";
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ChangePlan>
    {
        public Validator()
        {
            RuleFor(c => c.Channel).Must(c => c == "stop" || PlanRules.Channels.ContainsKey(c)).WithMessage("请选择下一步的方式。");
            RuleFor(c => c.Reason).Must(r => r.Trim().Length is > 0 and <= 300).WithMessage("请写明为什么改，最长 300 个字符。");
        }
    }

    internal sealed class Handler(Notices notices, StewardBook steward, Finishing finishing, Actor actor, AuditTrail audit) : CommandHandler<ChangePlan>
    {
        protected override async Task RunAsync(ChangePlan command, CancellationToken ct)
        {
            var (notice, order) = await notices.OpenAsync(command.NoticeId, command.OrderId, ct);
            if (order.State != Workzone.WorkOrders.OrderState.Accepted)
                throw new Conflict($"工单现在是 {Workzone.Web.OrderUi.StateLabel(order.State)}，接受之后才能改计划。", order.ChangedBy, order.ChangedAt);
            if (notice.State is NoticeState.Served or NoticeState.Voided or NoticeState.Cancelled or NoticeState.Contested)
                throw new RuleBroken($"{notice.Recipient}的送达现在是 {Pages.ServiceUi.Label(notice.State)}，计划不能再改。", code: "state");
            audit.Note("notice", notice.Id, new { command.Channel, command.Reason });
            if (command.Channel != "stop")
            {
                await steward.TakeAsync(notice, command.Channel, command.Reason.Trim(), actor.Name, ct);
                return;
            }
            await steward.StopAsync(notice, null, $"{actor.Name}停止：{command.Reason.Trim()}", actor.Name, ct);
            await notices.NoteAsync(notice, "plan-changed", notices.Now(), new { stop = true, command.Reason }, command.Reason.Trim(), ct);
            await finishing.LookAsync(notice.OrderId, ct);
        }
    }
}
