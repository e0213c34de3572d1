using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Linkage;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders;
using MediatR;

namespace CourtOps.Enforcement.Jobs;

/// <summary>What is due: measures, cases to be looked at, findings over their day. Costs what is due, each in a transaction of its own.</summary>
internal sealed class Sweep(Round round, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        await EachAsync("enforcement_measure", "id", "next_date", id => new SweepMeasure { Id = id }, ct);
        await EachAsync("enforcement_case", "case_id", "check_on", id => new LookAtCase { CaseId = id }, ct);
        await EachAsync("enforcement_asset", "id", "next_date", id => new SweepAsset { Id = id }, ct);
        await EachAsync("enforcement_linkage", "id", "next_date", id => new UrgeLinkage { Id = id }, ct);
        await EachAsync("enforcement_finding", "id", "next_date", id => new EscalateFinding { Id = id }, ct);
        await EachAsync("enforcement_date", "id", "next_date", id => new Dates.TellDate { Id = id }, ct);
        await mediator.Send(new ForgetMessages(), ct);
        round.End();
    }

    // the plus keeps SQLite on the index of the day: by the key it would walk through everything there is to find what is due
    private Task EachAsync(string table, string key, string day, Func<long, ICommand> act, CancellationToken ct) =>
        round.EachAsync(
            $"SELECT {key} FROM {table} WHERE {day} <= @today AND +{key} > @after ORDER BY +{key}",
            new Dictionary<string, object?> { ["today"] = Times.Day(clock.GetUtcNow()) },
            id => mediator.Send(act(id), ct),
            ct
        );
}

/// <summary>Tells every tier of a measure that is due: opens the order that renews it, escalates it near the end, and records the lapse the day
/// after.</summary>
[Permit(PermitAttribute.System)]
[Audited("enforcement.measure.sweep")]
internal sealed record SweepMeasure : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, MeasureWork work, Lookout lookout, IWorkOrders orders, AuditTrail audit) : CommandHandler<SweepMeasure>
    {
        protected override async Task RunAsync(SweepMeasure command, CancellationToken ct)
        {
            var m = await work.GetAsync(command.Id, ct);
            var today = work.Today;
            var told = new List<string>();
            while (m.NextDate <= today && m.NextTier != MeasureClock.Lapse)
            {
                told.Add(m.NextTier!);
                m = await work.ToldAsync(m, today, ct);
            }
            if (told.Count > 0)
            {
                m = await OrderAsync(m, told, ct);
                if (told.LastOrDefault(MeasureClock.Reminds) is { } near)
                    await work.RemindAsync(m, near, ct);
                await work.NoteAsync(m, "warned", today, string.Join(' ', told), ct);
                await lookout.LookAsync(m.CaseId, ct);
            }
            if (m.NextTier == MeasureClock.Lapse && m.NextDate <= today)
                m = await work.SaveAsync(m with { EndedOn = m.EndOn, EndedReason = "lapsed" }, MeasureStep.Lapse, "lapsed", today, "届满未续行", "lapsed", ct);
            audit.Note("measure", m.Id, new { told, m.State }, m.CaseId);
        }

        private async Task<MeasureRow> OrderAsync(MeasureRow m, List<string> told, CancellationToken ct)
        {
            if (m.OrderId is null || !OrderState.IsOpen((await orders.GetAsync(m.OrderId.Value, ct)).State))
            {
                var judge = await db.FirstAsync<long?>("SELECT judge_id FROM workzone_case_card WHERE id = @CaseId", new { m.CaseId }, ct);
                var round = 1 + await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_event WHERE measure_id = @Id AND kind = 'order'", new { m.Id }, ct);
                var order = await orders.OpenAsync(
                    new NewOrder
                    {
                        Type = EnforcementOrders.Renew,
                        CaseId = m.CaseId,
                        Title = Cut(m.State == MeasureState.Active ? $"续行：{m.PartyName} {m.AssetName}" : $"核实：{m.PartyName} {m.AssetName}"),
                        Subject = Cut(m.AssetName),
                        CauseSubject = $"{m.Id}",
                        Round = round,
                        AskedBy = judge ?? m.CreatedBy,
                        Form = new Dictionary<string, string>
                        {
                            ["财产"] = m.AssetName,
                            ["届满日"] = m.EndOn is { } end ? Times.Iso(end) : "轮候",
                            ["最迟续行"] = m.LastRenewal is { } last ? Times.Iso(last) : "",
                            ["协助机关"] = m.Authority,
                        },
                    },
                    ct
                );
                await work.NoteAsync(m, "order", work.Today, order.Number, ct);
                await db.ExecuteAsync("UPDATE enforcement_measure SET order_id = @order WHERE id = @Id", new { m.Id, order = order.Id }, ct);
                m = m with { OrderId = order.Id };
            }
            if (told.LastOrDefault(MeasureClock.Escalates) is { } tier)
                await orders.StepAsync(
                    m.OrderId!.Value,
                    OrderStep.Escalate,
                    new StepInput { Words = $"{tier}：届满日 {Times.Iso(m.EndOn!.Value)}，尚未续行" },
                    ct
                );
            return m;
        }

        private static string Cut(string text) => text.Length <= 120 ? text : text[..119] + "…";
    }
}

/// <summary>An asset under no measure whose day has come: its case is looked at, open or closed; it is looked at again in a week while a finding is open, in a
/// month where none is.</summary>
[Permit(PermitAttribute.System)]
internal sealed record SweepAsset : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, MeasureWork work, MeasureBook book, Lookout lookout) : CommandHandler<SweepAsset>
    {
        protected override async Task RunAsync(SweepAsset command, CancellationToken ct)
        {
            var asset = await work.AssetAsync(command.Id, ct);
            if (asset.NextDate is null || asset.NextDate > work.Today)
                return;
            if (asset.State == AssetState.Controlled)
            {
                await work.SettleAsync(asset.Id, false, ct);
                return;
            }
            await lookout.LookAsync(asset.CaseId, ct);
            var found = await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM enforcement_finding WHERE case_id = @CaseId AND asset_id = @Id AND state IN ('open', 'asked')",
                new { asset.CaseId, asset.Id },
                ct
            );
            await book.MoveAsync(
                asset,
                AssetStep.Mark,
                ct,
                "next_date = @next",
                new
                {
                    asset.Id,
                    asset.Version,
                    next = work.Today.AddDays(found > 0 ? 7 : 30),
                }
            );
        }
    }
}

/// <summary>The daily look at a case.</summary>
[Permit(PermitAttribute.System)]
internal sealed record LookAtCase : ICommand
{
    public long CaseId { get; init; }

    internal sealed class Handler(Lookout lookout) : CommandHandler<LookAtCase>
    {
        protected override Task RunAsync(LookAtCase command, CancellationToken ct) => lookout.LookAsync(command.CaseId, ct);
    }
}

/// <summary>An agency that is late is urged, and again every three working days.</summary>
[Permit(PermitAttribute.System)]
[Audited("enforcement.linkage.urge")]
internal sealed record UrgeLinkage : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(LinkageBook book, TimeProvider clock, AuditTrail audit) : CommandHandler<UrgeLinkage>
    {
        protected override async Task RunAsync(UrgeLinkage command, CancellationToken ct)
        {
            var l = await book.GetAsync(command.Id, ct);
            if (l.NextDate is null)
                return;
            await book.UrgeAsync(l, clock.StoredNow(), ct);
            audit.Note("linkage", l.Id, new { l.Urged }, l.CaseId);
        }
    }
}

/// <summary>A finding over its day goes to the centre as an order, three working days later to the leaders, and is repeated there each week.</summary>
[Permit(PermitAttribute.System)]
[Audited("enforcement.finding.escalate")]
internal sealed record EscalateFinding : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, Findings findings, FindingBook book, Lookout lookout, MeasureWork work, IWorkOrders orders, AuditTrail audit)
        : CommandHandler<EscalateFinding>
    {
        protected override async Task RunAsync(EscalateFinding command, CancellationToken ct)
        {
            var f = await findings.GetAsync(command.Id, null, ct);
            // mended meanwhile, perhaps by time alone
            await lookout.LookAsync(f.CaseId, ct);
            f = await findings.GetAsync(command.Id, null, ct);
            var today = work.Today;
            if (f.NextDate is null || f.NextDate > today)
                return;
            var orderId = f.OrderId;
            if (orderId is null || !OrderState.IsOpen((await orders.GetAsync(orderId.Value, ct)).State))
            {
                var owner = f.OwnerId ?? await db.FirstAsync<long?>("SELECT judge_id FROM workzone_case_card WHERE id = @CaseId", new { f.CaseId }, ct);
                orderId = (
                    await orders.OpenAsync(
                        new NewOrder
                        {
                            Type = EnforcementOrders.Leak,
                            CaseId = f.CaseId,
                            Title = $"查漏：{LeakChecks.Labels[f.Leak]}",
                            Subject = f.Words.Length > 120 ? f.Words[..120] : f.Words,
                            CauseSubject = $"{f.Id}",
                            Round = f.Level + 1,
                            AskedBy = owner,
                            Form = new Dictionary<string, string> { ["事项"] = f.Words, ["期限"] = Times.Iso(f.DueOn) },
                        },
                        ct
                    )
                ).Id;
            }
            var level = Math.Min(2, f.Level + 1);
            await orders.StepAsync(orderId.Value, OrderStep.Escalate, new StepInput { Words = $"应在 {Times.Iso(f.DueOn)} 前处理，已超期" }, ct);
            var next = level < 2 ? work.Calendar.AddWorkdays(today, 3) : today.AddDays(7);
            await book.MoveAsync(
                f,
                FindingStep.Mark,
                ct,
                "level = @level, order_id = @orderId, next_date = @next",
                new
                {
                    f.Id,
                    f.Version,
                    level,
                    orderId,
                    next,
                }
            );
            audit.Note("finding", f.Id, new { f.Leak, level }, f.CaseId);
        }
    }
}
